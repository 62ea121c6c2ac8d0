"""Start a correction: from which words, where the draft has others than the site."""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from statements import clock
from statements.content.diff import diff_content
from statements.drafting.restore_edition import restore_to_draft
from statements.models import Edition, StaleVersion, Statement
from statements.newsdesk.request_values import get_user
from statements.newsdesk.restore_edition import (
    add_restored_messages,
    is_readable,
    read_seen_version,
    require_writer,
)
from statements.newsdesk.user_names import get_display_name
from statements.publicness import released_by

NOTHING_TO_CORRECT = _("This is not on the site, so there is nothing to correct yet.")


class StartForm(forms.Form):
    """From which words a correction starts, where the draft has others than the site."""

    start_from = forms.ChoiceField(
        label=_("Which words do you start from?"),
        choices=[
            ("public", _("The words on the site. The other changes are kept beside the draft.")),
            ("draft", _("The draft, with the changes below.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which words you start from.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the form, where kind and note stand above the words.

    Where the draft has other words than the site, ask first from which of them to start.
    """
    require_writer(request)
    statement, at = get_object_or_404(Statement, pk=pk), clock.now()
    live = find_live_edition(statement, at=at)
    if live is None:
        messages.info(request, str(NOTHING_TO_CORRECT))
        return redirect("admin:statements_statement_change", pk)
    if not diff_content(live.content_data, statement.content()):
        return redirect("admin:statements_statement_change", pk)
    if request.method != "POST":
        return _render_form(request, statement, live, StartForm(label_suffix=""), at)
    form = StartForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _render_form(request, statement, live, form, at, status=422)
    try:
        if form.cleaned_data["start_from"] == "public":
            seen, by = read_seen_version(request), get_user(request)
            result = restore_to_draft(live, by=by, at=at, seen_version=seen)
            add_restored_messages(request, live, result)
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


def _render_form(
    request: HttpRequest,
    statement: Statement,
    live: Edition,
    form: StartForm,
    at: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    last = statement.contributions.select_related("user").order_by("version").last()
    context = {
        **admin.site.each_context(request),
        "title": _("Start a correction"),
        "statement": statement,
        "edition": live,
        "form": form,
        "changes": diff_content(live.content_data, statement.content()),
        "last_writer": get_display_name(last.user) if last else "",
        "in_review": statement.editions.in_review().first(),
        "waiting": statement.editions.not_yet_public(at).order_by("sequence"),
    }
    return TemplateResponse(request, "admin/newsdesk/correction.html", context, status=status)
