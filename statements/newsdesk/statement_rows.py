"""What a row of the statement list shows: the same few queries for every page of it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements import clock
from statements.content.languages import get_text_direction
from statements.content.quotation_marks import quote_headline
from statements.content.reading import read_content
from statements.content.schema import Content
from statements.models import (
    ApprovalRule,
    Contribution,
    DraftVersion,
    Edition,
    JointPublisher,
    Passage,
    State,
    Statement,
)
from statements.newsdesk.statement_links import get_statement_url, set_newest_edition
from statements.newsdesk.status import describe_status
from statements.newsdesk.user_names import get_display_name
from statements.objections import find_objections_of
from statements.publicness import released_after
from statements.release_dates import ReleaseDate
from statements.search.newsdesk import find_sentence, mark_words
from statements.search.query import ParsedQuery

MAX_TOGETHER_CHARS = 40


@dataclass(frozen=True)
class RowFlag:
    """What to mind about a statement: “Embargo”, with an icon and the class of its colour."""

    label: str
    icon: str
    tone: str


def annotate_statements(statements: list[Any]) -> None:
    """Set editions, status, publishers, first release and last author of each. Three queries."""
    editions, writers = _load_editions(statements), _load_writers(statements)
    joint = load_joint_publishers([statement.pk for statement in statements])
    at = clock.now()
    for statement in statements:
        own_editions = editions.get(statement.pk, [])
        statement.own_editions = own_editions
        statement.status = describe_status(own_editions, at)
        released = (edition.first_released for edition in own_editions if edition.release_at)
        statement.first_released = next(released, None)
        first = [statement.organisation.name] if statement.organisation else []
        statement.publishers = [*first, *joint.get(statement.pk, [])]
        statement.publisher_names = "; ".join(statement.publishers)
        statement.last_writer = writers.get(statement.pk, "")
        set_newest_edition(statement, own_editions)


def _load_editions(statements: list[Statement]) -> dict[int, list[Edition]]:
    editions: dict[int, list[Edition]] = {}
    rows = Edition.objects.filter(statement__in=[statement.pk for statement in statements])
    for edition in rows.defer("content").order_by("statement", "sequence"):
        editions.setdefault(edition.statement_id, []).append(edition)
    return editions


def _load_writers(statements: list[Statement]) -> dict[int, str]:
    rows = Contribution.objects.filter(statement__in=[statement.pk for statement in statements])
    return {
        contribution.statement_id: get_display_name(contribution.user)
        for contribution in rows.select_related("user").order_by("version")
    }


def describe_rows(statements: list[Any], user: User, parsed: ParsedQuery | None) -> None:
    """Set what else the page shows: where the title leads, tag, flags, times, words found.

    Five or six queries, two more for a search.
    """
    at, speakers = clock.now(), _load_speakers(statements)
    pks = [statement.pk for statement in statements]
    objections = find_objections_of(pks)
    together = load_together(pks, at)
    contents = _load_contents(statements) if parsed else {}
    for statement in statements:
        editions = statement.own_editions
        statement.url = get_statement_url(statement, user)
        statement.direction = get_text_direction(statement.language)
        statement.tag, statement.tone = get_tag(editions, at)
        statement.flags = [
            *list_objection_flags(len(objections.get(statement.pk, []))),
            *list_flags(statement, editions, at),
            *([make_together_flag(together[statement.pk])] if statement.pk in together else []),
        ]
        statement.byline = ", ".join(speakers.get(statement.pk, []))
        statement.release = describe_release(statement, editions, at)
        statement.last_change = describe_change(statement.changed_at, at)
        statement.title = _mark_title(statement, parsed)
        statement.found = find_sentence(contents.get(statement.pk, []), parsed) if parsed else None


def _mark_title(statement: Statement, parsed: ParsedQuery | None) -> str | SafeString:
    if parsed is None or not statement.headline:
        return str(statement)
    return mark_words(statement.headline, statement.language, parsed)


def load_together(pks: Iterable[int], at: dt.datetime) -> dict[int, str]:
    """Return “With “Pont”” for each statement that goes public with others. One query."""
    waiting = Q(release_group__release_at=None) | released_after(at, "release_group__")
    rows = Statement.objects.filter(waiting, release_group__members__in=list(pks))
    groups: dict[int, dict[int, str]] = {}
    # Cut short: two long headlines would fill a day of the calendar.
    members = rows.order_by("pk").values_list("release_group", "pk", "headline").distinct()
    for group, pk, headline in members:
        groups.setdefault(group, {})[pk] = Truncator(headline).chars(MAX_TOGETHER_CHARS)
    return {
        pk: _("With %(others)s")
        % {"others": ", ".join(quote_headline(h) for other, h in group.items() if other != pk)}
        for group in groups.values()
        for pk in group
        if len(group) > 1
    }


def make_together_flag(words: str) -> RowFlag:
    """Return the flag that says with what a statement goes public."""
    return RowFlag(words, "link", "")


def load_joint_publishers(pks: list[int]) -> dict[int, list[str]]:
    """Return the names of the publishers beside the first, by statement. One query."""
    rows = JointPublisher.objects.filter(statement__in=pks).order_by("position", "pk")
    names: dict[int, list[str]] = {}
    for pk, name in rows.values_list("statement", "organisation__name"):
        names.setdefault(pk, []).append(name)
    return names


def _load_speakers(statements: list[Statement]) -> dict[int, list[str]]:
    rows = Passage.objects.filter(
        statement__in=[statement.pk for statement in statements], speaker__isnull=False
    )
    names: dict[int, list[str]] = {}
    for pk, name in rows.in_order().values_list("statement", "speaker__name"):
        known = names.setdefault(pk, [])
        if name not in known:
            known.append(name)
    return names


def _load_contents(statements: list[Statement]) -> dict[int, list[Content]]:
    """Return the draft of each statement as it was saved last, then its editions, newest first."""
    pks = [statement.pk for statement in statements]
    contents: dict[int, list[Content]] = {}
    current = {statement.pk: statement.version for statement in statements}
    versions = DraftVersion.objects.filter(
        statement__in=pks, version__in=set(current.values()), text_erased_at=None
    )
    for pk, version, text in versions.values_list("statement", "version", "text"):
        if version == current[pk]:
            contents.setdefault(pk, []).append(read_content(text))
    editions = Edition.objects.filter(statement__in=pks, suppressed_at=None, erased_at=None)
    for pk, text in editions.order_by("-sequence").values_list("statement", "content"):
        contents.setdefault(pk, []).append(read_content(text))
    return contents


# --- In words -------------------------------------------------------------------------------------


def get_tag(editions: list[Edition], at: dt.datetime) -> tuple[str, str]:
    """Return the status in one or two words, and the class of its tag.

    What the public reads decides; then what was submitted last, unless it was cancelled.
    """
    if any(edition.is_public(at) for edition in editions):
        return _("Published"), "published"
    current = [edition for edition in editions if edition.state != State.CANCELLED]
    if not current:
        return (_("Cancelled"), "cancelled") if editions else (_("Draft"), "draft")
    return _get_edition_tag(current[-1], at)


def _get_edition_tag(newest: Edition, at: dt.datetime) -> tuple[str, str]:
    if newest.state == State.IN_REVIEW:
        return _("In review"), "review"
    if newest.state == State.SENT_BACK:
        return _("Sent back"), "sent"
    if newest.is_on_hold:
        return _("On hold"), "hold"
    if newest.is_scheduled(at):
        return _("Scheduled"), "scheduled"
    return _("Withdrawn"), "withdrawn"


def list_objection_flags(count: int) -> list[RowFlag]:
    """Return the flag that says how many people object, if anybody does."""
    if not count:
        return []
    label = ngettext("%(count)s objection", "%(count)s objections", count) % {"count": count}
    return [RowFlag(label, "warn", "objection")]


def list_flags(statement: Any, editions: list[Edition], at: dt.datetime) -> list[RowFlag]:
    """Return what else to mind, the gravest first."""
    public = any(edition.is_public(at) for edition in editions)
    newest = editions[-1] if editions else None
    flags = []
    if not public and (newest or statement).has_embargo and not statement.first_released:
        flags.append(RowFlag(_("Embargo"), "lock", "embargo"))
    if public and newest and (label := _describe_change_under_way(newest, at)):
        flags.append(RowFlag(label, "edit", "care"))
    if any(e.rule == ApprovalRule.URGENT and e.second_look_by_id is None for e in editions):
        flags.append(RowFlag(_("Second look needed"), "eye", "care"))
    return flags


def _describe_change_under_way(newest: Edition, at: dt.datetime) -> str:
    if newest.state == State.IN_REVIEW:
        return _("Correction in review")
    if newest.state == State.SENT_BACK:
        return _("Correction sent back")
    if newest.is_on_hold:
        return _("Correction on hold")
    return _("Correction scheduled") if newest.is_scheduled(at) else ""


def describe_release(statement: Any, editions: list[Edition], at: dt.datetime) -> str:
    """Return when the statement is or was released, or when that is requested."""
    if statement.first_released:
        return _format_release(statement.first_released)
    current = [edition for edition in editions if edition.state != State.CANCELLED]
    if current and current[-1].is_on_hold:
        return _("No release time set")
    is_open = not current or current[-1].state == State.IN_REVIEW
    requested = (current[-1] if current else statement).requested_release_at
    if requested and is_open:
        return _("Requested %(time)s") % {"time": _format_release(requested)}
    return _("Not scheduled")


def _format_release(at: ReleaseDate) -> str:
    if not isinstance(at, dt.datetime):
        return date_format(at, "j F Y")
    return date_format(timezone.localtime(at), "j F Y, H:i")


def describe_change(changed_at: dt.datetime, at: dt.datetime) -> str:
    """Return today 19:05, yesterday, Saturday or July 2025."""
    local = timezone.localtime(changed_at)
    days = (timezone.localdate(at) - local.date()).days
    if days == 0:
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    if days == 1:
        return _("yesterday")
    if 1 < days < 7:
        return date_format(local, "l")
    return date_format(local, "j F Y")
