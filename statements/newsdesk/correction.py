"""Start a correction: the kind of change, the public note, and the text to start from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content.characters import normalise_text
from statements.content.diff import diff_content
from statements.drafting.restore_edition import restore_to_draft
from statements.models import Amendment, Edition, StaleVersion, Statement, lock_statement
from statements.newsdesk.decisions.base import make_text_field
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import (
    add_restored_messages,
    is_readable,
    read_seen_version,
    require_writer,
)
from statements.newsdesk.user_names import get_display_name
from statements.public import preview
from statements.publicness import released_by

EXAMPLE_NOTE = "Your note appears here: what was wrong, and what is right."


@dataclass(frozen=True)
class AmendmentChoice:
    """One kind of change: when to use it, and what readers see of it."""

    kind: Amendment
    when: str
    readers: str

    @property
    def label(self) -> str:
        return f"{self.kind.label}: {self.when} {self.readers}"


AMENDMENT_CHOICES = [
    AmendmentChoice(
        Amendment.TYPO,
        "a slip of spelling or of the keyboard; no meaning changes.",
        "Readers see no note; the list of editions shows the change.",
    ),
    AmendmentChoice(
        Amendment.CLARIFICATION,
        "nothing was wrong, but it could be misunderstood.",
        "Readers see a dated note above the words.",
    ),
    AmendmentChoice(
        Amendment.CORRECTION,
        "something was wrong.",
        "Readers see a dated note above the words, and “Correction” in lists.",
    ),
    AmendmentChoice(
        Amendment.RETRACTION,
        "the statement is no longer valid.",
        "Readers see “Retracted” in the title and a heavy note above the words that you leave. "
        "To take the words away, withdraw instead.",
    ),
]


class CorrectionForm(forms.Form):
    """The kind and the note, and which text to start from if the draft differs."""

    amendment = forms.ChoiceField(
        label="What kind of change is it?",
        choices=[(choice.kind.value, choice.label) for choice in AMENDMENT_CHOICES],
        required=False,
        widget=forms.RadioSelect,
    )
    public_note = make_text_field(
        "What should readers know?",
        "The public reads this: what was wrong and what is right. A typing error needs no note.",
    )
    start_from = forms.ChoiceField(
        label="Which text do you start from?",
        choices=[
            ("public", "From the public text. The other changes are kept under “Left over”."),
            ("draft", "From the draft, with the changes below."),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, is_draft_changed: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        if not is_draft_changed:
            del self.fields["start_from"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("amendment")
        note = cleaned["public_note"] = normalise_text(cleaned.get("public_note", "")).strip()
        if not kind and "amendment" not in self.errors:
            self.add_error("amendment", "Say what kind of change this is.")
        if kind and kind != Amendment.TYPO and not note:
            self.add_error(
                "public_note",
                f"A {Amendment(kind).label.lower()} needs a public note: say what was wrong and "
                "what is right.",
            )
        if "start_from" in self.fields and not cleaned.get("start_from"):
            self.add_error(
                "start_from", "The draft differs from the public text: choose one to start from."
            )
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def start_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, preview the note (`_preview`), or continue to the statement form."""
    require_writer(request)
    statement, at = get_object_or_404(Statement, pk=pk), clock.now()
    live = find_live_edition(statement, at=at)
    if live is None:
        messages.info(request, "This statement is not public, so there is nothing to correct yet.")
        return redirect("admin:statements_statement_change", pk)
    is_draft_changed = bool(diff_content(live.content_data, statement.content()))
    if request.method != "POST" or "_preview" in request.POST:
        typed = {name: request.POST.get(name) for name in CorrectionForm.base_fields}
        saved = {"amendment": statement.amendment, "public_note": statement.public_note}
        initial = typed if request.method == "POST" else saved
        form = CorrectionForm(is_draft_changed=is_draft_changed, initial=initial)
        return _render_form(request, statement, live, form, at)
    form = CorrectionForm(request.POST, is_draft_changed=is_draft_changed)
    if not form.is_valid():
        return _render_form(request, statement, live, form, at, status=422)
    try:
        _save_amendment(request, statement, live, form.cleaned_data, at)
    except StaleVersion as stale:
        form.add_error(None, str(stale))
        statement.refresh_from_db()
        return _render_form(request, statement, live, form, at, status=409)
    return redirect("admin:statements_statement_change", pk)


def find_live_edition(statement: Statement, *, at: dt.datetime) -> Edition | None:
    """Return what the public reads, or read before it was withdrawn, unless it is gone."""
    released = statement.editions.approved().filter(released_by(at)).order_by("-release_at")
    edition = released.first()
    return edition if edition and is_readable(edition) else None


@transaction.atomic
def _save_amendment(
    request: HttpRequest,
    statement: Statement,
    live: Edition,
    fields: dict[str, Any],
    at: dt.datetime,
) -> None:
    """Save kind and note with the draft; restore the public text to it if chosen."""
    seen, by = read_seen_version(request), get_user(request)
    locked = lock_statement(statement.pk)
    if locked.version != seen:
        raise StaleVersion(
            "Somebody saved this statement after you opened this page. Check what it says now, "
            "then continue."
        )
    Statement.objects.filter(pk=statement.pk).update(
        amendment=fields["amendment"], public_note=fields["public_note"]
    )
    if fields.get("start_from") == "public":
        result = restore_to_draft(live, by=by, at=at, seen_version=seen)
        add_restored_messages(request, live, result)
    else:
        locked.record_save(by=by, seen_version=seen)
    kind = Amendment(fields["amendment"]).label.lower()
    messages.success(
        request, f"Now change the text and submit it for review. It will be published as a {kind}."
    )


def _render_form(
    request: HttpRequest,
    statement: Statement,
    live: Edition,
    form: CorrectionForm,
    at: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    kind, note = (form["amendment"].value() or ""), (form["public_note"].value() or "").strip()
    last = statement.contributions.select_related("user").order_by("version").last()
    context = {
        **admin.site.each_context(request),
        "title": f"Start a correction of {live.headline}",
        "statement": statement,
        "edition": live,
        "form": form,
        "changes": diff_content(live.content_data, statement.content()),
        "last_writer": get_display_name(last.user) if last else "",
        "in_review": statement.editions.in_review().first(),
        "waiting": statement.editions.not_yet_public(at).order_by("sequence"),
        "kind": kind,
        "page": preview.render_with_amendment(live, kind, note or EXAMPLE_NOTE, at=at),
    }
    return TemplateResponse(request, "admin/newsdesk/correction.html", context, status=status)
