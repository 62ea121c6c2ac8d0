"""The checklist beside the words: what is to do before they are submitted, what is done, advice.

It reads a `TypedDraft`, so that it can follow what is typed; nothing is saved for it.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from statements import readiness
from statements.content.diff import ContentChange, diff_content
from statements.content.schema import FIELDS, Content, list_passages
from statements.house_style import checks
from statements.links import tasks
from statements.models import Amendment, Edition, PreviewLink, SignOff, Statement
from statements.newsdesk import house_style_panel
from statements.newsdesk.public_words import list_changed_passages
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.statement_form import with_anchors
from statements.newsdesk.time_format import format_long
from statements.newsdesk.typed_draft import TypedDraft, read_typed_draft
from statements.newsdesk.user_names import make_initials
from statements.publicness import released_by
from statements.readiness import Problem

if TYPE_CHECKING:
    from statements.newsdesk.statement_admin import StatementAdmin

TODO, CARE, DONE = "todo", "care", "done"
KIND_LABEL = next(field.label for field in FIELDS if field.key == "amendment")
AMENDMENT_FIELDS = ("amendment", "public_note")


@dataclass(frozen=True)
class ChecklistItem:
    """One line of the checklist: to do, to think about, or done."""

    state: str
    title: str
    text: str = ""
    anchor: str = ""

    @property
    def icon(self) -> str:
        return {TODO: "todo", CARE: "warn", DONE: "check"}[self.state]


@dataclass(frozen=True)
class QuotedPerson:
    """Somebody whose words are in the draft, and what they said about them."""

    name: str
    initials: str
    status: str


@sensitive_post_parameters()
@require_POST
def check_typed(
    request: HttpRequest, model_admin: "StatementAdmin", statement: Statement | None
) -> HttpResponse:
    """Return the checklist of what is in the form now, and save nothing."""
    at = get_time(request)
    draft = read_typed_draft(request, model_admin, statement)
    if "_check_links" in request.POST:
        tasks.enqueue_link_checks(checks.list_urls(draft.content), at=at)
    context = build_checklist(draft, at=at)
    return render(request, "admin/statements/statement/_checked.html", context)


def build_checklist(draft: TypedDraft, *, at: dt.datetime) -> dict[str, Any]:
    """Return the context of the checklist."""
    before = find_last_public(draft.statement, at)
    problems = [_lead_to_form(problem, draft) for problem in _list_problems(draft, before)]
    todo = [
        ChecklistItem(TODO, problem.message, problem.hint, anchor)
        for problem, anchor in with_anchors(problems)
    ]
    fields = {problem.field for problem in problems}
    warnings = readiness.file_warnings(draft.content)
    warnings += readiness.role_warnings(draft.statement, draft.passages)
    advice = [_lead_to_form(found, draft) for found in warnings]
    care = [
        ChecklistItem(CARE, found.message, "", anchor) for found, anchor in with_anchors(advice)
    ]
    items = [*todo, *care, *_describe_rest(draft, fields, before, at)]
    items.sort(key=lambda item: (TODO, CARE, DONE).index(item.state))
    return {
        "items": items,
        "todo_count": len(todo),
        "publisher_names": [publisher["name"] for publisher in draft.content["organisations"]],
        "quoted": _list_quoted(draft),
        "last_public": before,
        "changed_passages": list_changed_passages(draft, before),
        "changes": None if before is None else _list_changes(before, draft.content, with_note=True),
        **house_style_panel.build_panel(draft, at),
    }


# --- What is to do --------------------------------------------------------------------------------


def find_last_public(statement: Statement, at: dt.datetime) -> Edition | None:
    if not statement.pk:
        return None
    released = statement.editions.approved().filter(released_by(at))
    return released.order_by("-release_at", "-sequence").first()


def _list_problems(draft: TypedDraft, before: Edition | None) -> list[Problem]:
    """Return what keeps these words from being submitted."""
    problems = readiness.content_problems(draft.content)
    problems += readiness.find_unattributed(draft.passages)
    if before is None:
        return problems
    amendment = draft.content["amendment"]
    if not amendment:
        problems.append(readiness.missing_kind_problem())
    elif amendment != Amendment.TYPO and not draft.content["note"]:
        problems.append(readiness.missing_note_problem(Amendment(amendment)))
    if not _list_changes(before, draft.content):
        said = _("Nothing has changed since edition %(number)d.") % {"number": before.sequence}
        problems.append(Problem("passages", said, _("Change the words.")))
    return problems


def _list_changes(
    before: Edition, content: Content, *, with_note: bool = False
) -> list[ContentChange]:
    """Return what differs from the words on the site; the kind of change is no change."""
    if before.erased_at:
        return []
    changes = diff_content(before.content_data, content, with_edition_fields=with_note)
    return [change for change in changes if change.label != KIND_LABEL]


def _lead_to_form(problem: Problem, draft: TypedDraft) -> Problem:
    """Name the field of the form: a block of the content may come from another row of it."""
    words = [prefix for prefix, _passage in draft.text_rows]
    for rows, prefixes in (("passages", draft.prefixes), ("attachments", draft.file_prefixes)):
        kind, _sep, rest = problem.field.partition("-")
        index, _sep, name = rest.partition("-")
        if kind == rows and index.isdigit() and int(index) < len(prefixes):
            return replace(problem, field=f"{prefixes[int(index)]}-{name}")
    if problem.field == "passages":
        return replace(problem, field=f"{words[0] if words else 'passages-0'}-body")
    return problem


# --- What is done, or worth a thought -------------------------------------------------------------


def _describe_rest(
    draft: TypedDraft, fields: set[str], before: Edition | None, at: dt.datetime
) -> list[ChecklistItem]:
    items = []
    if not any(field in ("headline", "organisation") or "passages" in field for field in fields):
        items.append(ChecklistItem(DONE, _("Headline, publisher and words")))
    has_pictures = any(file.file.is_picture for file in draft.attachments)
    if has_pictures and not any("attachments" in field for field in fields):
        items.append(ChecklistItem(DONE, _("Descriptions of pictures")))
    if before is not None:
        items += _describe_amendment(draft, fields, before)
    items += _describe_translation(draft)
    return [*items, _describe_contact(draft), _describe_release(draft, at)]


def _describe_translation(draft: TypedDraft) -> list[ChecklistItem]:
    """Name what a translation still has in the words of its original."""
    original = draft.statement.translation_of
    if original is None:
        return []
    bodies = set(original.passages.exclude(body="").values_list("body", flat=True))
    rows = [prefix for prefix, passage in draft.text_rows if passage.body in bodies]
    is_same = draft.content["headline"] == original.headline
    if not rows and not is_same:
        return [ChecklistItem(DONE, _("Translated words"))]
    parts = [_("the headline")] if is_same else []
    if rows:
        count = ngettext("%(count)d passage", "%(count)d passages", len(rows))
        parts.append(count % {"count": len(rows)})
    text = _("Still as in the original: %(parts)s.") % {"parts": _(" and ").join(parts)}
    anchor = "id_headline" if is_same else f"id_{rows[0]}-body"
    return [ChecklistItem(CARE, _("Translate the words"), text, anchor)]


def _describe_amendment(
    draft: TypedDraft, fields: set[str], before: Edition
) -> list[ChecklistItem]:
    items = []
    if not fields.intersection(AMENDMENT_FIELDS):
        label = str(Amendment(draft.content["amendment"]).label)
        items.append(ChecklistItem(DONE, _("Kind of change and note"), label))
    items += [_ask_again(name) for name in _list_changed_voices(before, draft.content)]
    if changes := _list_changes(before, draft.content):
        values = {"count": len(changes), "number": before.sequence}
        text = _("Changes since edition %(number)d: %(count)d.") % values
        items.append(ChecklistItem(DONE, _("Something has changed"), text))
    return items


def _ask_again(name: str) -> ChecklistItem:
    title = _("Ask %(name)s for sign-off again") % {"name": name}
    return ChecklistItem(CARE, title, _("You changed their words since they were published."))


def _list_changed_voices(before: Edition, content: Content) -> list[str]:
    """Return the speakers whose words are not those on the site."""
    if before.erased_at:
        return []
    public, typed = _group_by_voice(before.content_data), _group_by_voice(content)
    return [name for name, words in typed.items() if words != public.get(name)]


def _group_by_voice(content: Content) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for passage in list_passages(content):
        if passage["speaker"]:
            words.setdefault(passage["speaker"]["name"], []).extend(passage["paragraphs"])
    return words


def _describe_contact(draft: TypedDraft) -> ChecklistItem:
    contact = draft.statement.contact
    if contact is None:
        text = _("Journalists have no one to ring. Choose a press contact.")
        return ChecklistItem(CARE, _("Press contact"), text, "id_contact")
    text = ", ".join(filter(None, [contact.name, contact.phone]))
    return ChecklistItem(DONE, _("Press contact"), f"{text}.")


def _describe_release(draft: TypedDraft, at: dt.datetime) -> ChecklistItem:
    title, anchor = _("Requested release"), "id_requested_release_at"
    requested, embargo = draft.statement.requested_release_at, draft.statement.embargo_until
    if embargo and (requested is None or requested < embargo):
        text = _("The embargo ends on %(time)s. Ask for that time, or a later one.")
        return ChecklistItem(CARE, title, text % {"time": format_long(embargo)}, anchor)
    if requested is None:
        return ChecklistItem(DONE, title, _("As soon as an editor approves it."))
    if requested <= at:
        return ChecklistItem(CARE, title, _("That time has passed. Choose another."), anchor)
    text = format_long(requested) + "."
    if requested == embargo:
        text += " " + _("Same as the embargo.")
    return ChecklistItem(DONE, title, text)


# --- The people quoted ----------------------------------------------------------------------------


def _list_quoted(draft: TypedDraft) -> list[QuotedPerson]:
    names = dict.fromkeys(speaker.name for speaker in draft.speakers)
    if not names:
        return []
    # A statement that was never saved has the id 0 here, and nobody was asked about it.
    statement = draft.statement.pk or 0
    answers = SignOff.objects.filter(statement=statement).order_by("pk")
    replies = {reply.name.casefold(): reply for reply in answers}
    links = PreviewLink.objects.filter(statement=statement)
    asked = {name.casefold() for name in links.values_list("name", flat=True)}
    people = []
    for name in names:
        status = _describe_reply(replies.get(name.casefold()), name.casefold() in asked)
        people.append(QuotedPerson(name, make_initials(name), status))
    return people


def _describe_reply(reply: SignOff | None, was_asked: bool) -> str:
    if reply is None:
        return _("Quoted. Asked, no answer yet") if was_asked else _("Quoted. Not asked yet")
    when = {"day": f"{timezone.localtime(reply.given_at):%-d %B, %H:%M}"}
    return (_("Agreed on %(day)s") if reply.agrees else _("Objected on %(day)s")) % when
