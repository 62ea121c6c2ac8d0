"""Start a correction: what kind of change, what the public is told, and from which words."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content import html
from statements.content.diff import diff_content
from statements.drafting.restore_edition import restore_to_draft
from statements.models import Amendment, Edition, StaleVersion, Statement
from statements.newsdesk.decisions.base import make_text_field
from statements.newsdesk.restore_edition import (
    is_readable,
    message_restored,
    read_seen_version,
    require_writer,
)
from statements.public import preview
from statements.publicness import released_by

EXAMPLE_NOTE = "Your note stands here: what was wrong, and what is right."


@dataclass(frozen=True)
class AmendmentChoice:
    """One kind of change: when it is the right one, and what readers will see of it."""

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
        "what was said no longer stands.",
        "Readers see “Retracted” in the title and a heavy note above the words that you leave. "
        "To take the words away, withdraw instead.",
    ),
]


class CorrectionForm(forms.Form):
    """The kind and the note; which words to begin from, where the working copy has moved on."""

    amendment = forms.ChoiceField(
        label="What kind of change is it?",
        choices=[(choice.kind.value, choice.label) for choice in AMENDMENT_CHOICES],
        required=False,
        widget=forms.RadioSelect,
    )
    public_note = make_text_field(
        "What should readers know?",
        "The public reads this: what was wrong and what is right. A typing error needs none.",
    )
    begin_from = forms.ChoiceField(
        label="Which words do you begin from?",
        choices=[
            ("public", "From what is public. The other changes are kept aside."),
            ("working", "From the working copy, with the changes below."),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, moved_on: bool, **kwargs) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        if not moved_on:
            del self.fields["begin_from"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        kind = cleaned.get("amendment")
        note = cleaned["public_note"] = html.normalise_text(cleaned.get("public_note", "")).strip()
        if not kind and "amendment" not in self.errors:
            self.add_error("amendment", "Say what kind of change this is.")
        if kind and kind != Amendment.TYPO and not note:
            self.add_error(
                "public_note",
                f"A {Amendment(kind).label.lower()} carries a public note: say what was wrong and "
                "what is right.",
            )
        if "begin_from" in self.fields and not cleaned.get("begin_from"):
            self.add_error(
                "begin_from", "The working copy has moved on: say which words to begin from."
            )
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def start_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks; POST with `_preview` shows the note; POST goes on to the writing form."""
    require_writer(request)
    statement, at = get_object_or_404(Statement, pk=pk), clock.now()
    live = find_live_edition(statement, at=at)
    if live is None:
        messages.info(request, "This statement is not public, so there is nothing to correct yet.")
        return redirect("admin:statements_statement_change", pk)
    moved_on = bool(diff_content(live.content_data, statement.content()))
    if request.method != "POST" or "_preview" in request.POST:
        given = {name: request.POST.get(name) for name in CorrectionForm.base_fields}
        saved = {"amendment": statement.amendment, "public_note": statement.public_note}
        initial = given if request.method == "POST" else saved
        form = CorrectionForm(moved_on=moved_on, initial=initial)
        return _render_form(request, statement, live, form, at)
    form = CorrectionForm(request.POST, moved_on=moved_on)
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
    """What the public reads, or read last before it was withdrawn; None if its words are gone."""
    released = statement.editions.approved().filter(released_by(at)).order_by("-release_at")
    edition = released.first()
    return edition if edition and is_readable(edition) else None


@transaction.atomic
def _save_amendment(
    request: HttpRequest, statement: Statement, live: Edition, said: dict, at: dt.datetime
) -> None:
    """Keep the kind and the note with the working copy, put back to what is public if so asked."""
    seen = read_seen_version(request)
    if said.get("begin_from") == "public":
        message_restored(
            request, live, restore_to_draft(live, by=request.user, at=at, seen_version=seen)
        )
    else:
        locked = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)
        if locked.version != seen:
            raise StaleVersion(
                "Somebody saved this statement after you opened this page. Look at what it says "
                "now, then go on."
            )
    Statement.objects.filter(pk=statement.pk).update(
        amendment=said["amendment"], public_note=said["public_note"]
    )
    kind = Amendment(said["amendment"]).label.lower()
    messages.success(
        request, f"Now change the words, and submit them for review. They come out as a {kind}."
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
        "last_writer": (last.user.get_full_name() or last.user.get_username()) if last else "",
        "in_review": statement.editions.in_review().first(),
        "waiting": statement.editions.not_yet_public(at).order_by("sequence"),
        "kind": kind,
        "page": preview.render_with_amendment(live, kind, note or EXAMPLE_NOTE, at=at),
    }
    return TemplateResponse(request, "admin/newsdesk/correcting.html", context, status=status)
