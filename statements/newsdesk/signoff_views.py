"""The buttons for sign-off and remarks, and the page for the sign-off of a draft.

Each button calls one action, and returns to the page that it is on: the review of an edition, or
the sign-off page of a draft.
"""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements import clock
from statements.content.reading import read_content, same_words
from statements.models import (
    DraftVersion,
    Edition,
    PreviewLink,
    StaleVersion,
    State,
    Statement,
)
from statements.newsdesk import signoff
from statements.newsdesk.request_values import get_user
from statements.newsdesk.review import get_edition, render_review
from statements.newsdesk.signoff_forms import (
    AskAllForm,
    PhoneReplyForm,
    RemarkForm,
    SignoffRequestForm,
)
from statements.newsdesk.staff_request import is_on_newsdesk
from statements.newsdesk.statement_links import get_hub_url
from statements.newsdesk.time_format import format_long
from statements.notifications.signoff import preview_url
from statements.objections import find_objections
from statements.signoff import actions, remarks
from statements.workflow import Refused

Words = Edition | DraftVersion
# Called with the valid fields, the words they are about and the time of the request.
FormAction = Callable[[dict[str, Any], Any, dt.datetime], HttpResponse]


def list_pages() -> list[tuple[str, Any, str]]:
    """Return route, view and name of each page: the same buttons for editions and for drafts."""
    edition, draft = "statements/edition/<int:pk>/", "statements/statement/<int:pk>/sign-off/"
    buttons: list[tuple[str, Any, str]] = [
        ("request-signoff/", request_signoff, "request_signoff"),
        ("request-signoffs/", request_signoffs, "request_signoffs"),
        ("phone-reply/", record_phone, "phone_reply"),
        ("preview-links/<int:link_pk>/resend/", resend_link, "resend_link"),
        ("preview-links/<int:link_pk>/revoke/", revoke_link, "revoke_link"),
    ]
    return [
        (draft, show_draft_signoff, "statements_statement_signoff"),
        *((edition + route, view, f"statements_edition_{name}") for route, view, name in buttons),
        *(
            (draft + route, functools.partial(view, of_draft=True), f"statements_statement_{name}")
            for route, view, name in buttons
        ),
    ]


# --- The sign-off page of a draft -----------------------------------------------------------------


@require_safe
def show_draft_signoff(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who was asked about the draft, and what they answered."""
    version = _get_draft(request, pk)
    if edition := _find_same_words(version):
        return _redirect_back(edition, "signoff")
    return _render_draft_page(request, version, at=clock.now())


def _find_same_words(version: DraftVersion) -> Edition | None:
    """Return the newest edition if nothing was written since: people sign off that."""
    edition = version.statement.editions.exclude(state=State.CANCELLED).last()
    if edition is None or edition.erased_at or edition.state == State.SENT_BACK:
        return None
    is_same = same_words(edition.content_data, read_content(version.text))
    return edition if is_same else None


def _get_draft(request: HttpRequest, pk: int) -> DraftVersion:
    """Return the version that was saved last."""
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied(_("To read a draft you need to be on the newsdesk."))
    statement = get_object_or_404(Statement.objects.not_discarded(), pk=pk)
    version = statement.draft_versions.last()
    if version is None or version.text_erased_at:
        raise Http404(_("There is no saved draft."))
    version.statement = statement
    return version


def _render_draft_page(
    request: HttpRequest,
    version: DraftVersion,
    *,
    at: dt.datetime,
    bound: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **signoff.build_context(version, at=at, bound=bound),
        "title": _("Sign-off"),
        "objections": find_objections(version.statement),
        "statement": version.statement,
        "version": version,
        "on_newsdesk": is_on_newsdesk(request),
    }
    return TemplateResponse(request, "admin/newsdesk/draft_signoff.html", context, status=status)


# --- Buttons --------------------------------------------------------------------------------------


def request_signoff(request: HttpRequest, pk: int, *, of_draft: bool = False) -> HttpResponse:
    """Make a preview link and show it once."""

    def create_link(fields: dict[str, Any], words: Words, at: dt.datetime) -> HttpResponse:
        link, token = actions.request_signoff(words, by=get_user(request), at=at, **fields)
        return _render_link(request, link, token)

    return _run_with_form(request, pk, SignoffRequestForm, create_link, of_draft=of_draft)


def request_signoffs(request: HttpRequest, pk: int, *, of_draft: bool = False) -> HttpResponse:
    """Mail a link to each person with an address: to all of them or, if one is refused, to none."""

    def ask_all(fields: dict[str, Any], words: Words, at: dt.datetime) -> HttpResponse:
        with transaction.atomic():
            links = [
                actions.request_signoff(
                    words, by=get_user(request), at=at, reply_by=fields["reply_by"], **person
                )[0]
                for person in fields["asked"]
            ]
        said = _("You asked %(names)s for sign-off. Each gets an email with a link.")
        names = ", ".join(link.display_name for link in links)
        messages.success(request, said % {"names": names})
        return _redirect_back(words, "signoff")

    return _run_with_form(request, pk, AskAllForm, ask_all, of_draft=of_draft)


def record_phone(request: HttpRequest, pk: int, *, of_draft: bool = False) -> HttpResponse:
    def record_reply(fields: dict[str, Any], words: Words, at: dt.datetime) -> HttpResponse:
        reply = actions.record_phone_reply(
            words,
            by=get_user(request),
            at=at,
            seen_digest=request.POST.get("seen_digest", ""),
            **fields | {"agrees": fields["agrees"] == "yes"},
        )
        said = _("You recorded a phone call with %(name)s.")
        messages.success(request, said % {"name": reply.display_name})
        return _redirect_back(words, "signoff")

    return _run_with_form(request, pk, PhoneReplyForm, record_reply, of_draft=of_draft)


def add_remark(request: HttpRequest, pk: int) -> HttpResponse:
    def save_remark(fields: dict[str, Any], edition: Edition, at: dt.datetime) -> HttpResponse:
        remarks.add_remark(
            edition,
            by=get_user(request),
            at=at,
            text=fields["text"],
            block_id=request.POST.get("block_id", ""),
        )
        return _redirect_back(edition, "remarks")

    return _run_with_form(request, pk, RemarkForm, save_remark)


def resend_link(
    request: HttpRequest, pk: int, link_pk: int, *, of_draft: bool = False
) -> HttpResponse:
    """Ask the same person about these words."""

    def create_link(fields: dict[str, Any], words: Words, at: dt.datetime) -> HttpResponse:
        link = get_object_or_404(PreviewLink, pk=link_pk)
        new, token = actions.resend_link(link, to=words, by=get_user(request), at=at)
        return _render_link(request, new, token)

    return _run_with_form(request, pk, forms.Form, create_link, of_draft=of_draft)


def revoke_link(
    request: HttpRequest, pk: int, link_pk: int, *, of_draft: bool = False
) -> HttpResponse:
    def revoke(fields: dict[str, Any], words: Words, at: dt.datetime) -> HttpResponse:
        link = get_object_or_404(PreviewLink, pk=link_pk, statement=words.statement_id)
        actions.revoke_link(link, by=get_user(request), at=at)
        said = _("The link of %(name)s no longer works.")
        messages.success(request, said % {"name": link.display_name})
        return _redirect_back(words, "signoff")

    return _run_with_form(request, pk, forms.Form, revoke, of_draft=of_draft)


def _run_with_form(
    request: HttpRequest,
    pk: int,
    form_class: type[forms.Form],
    action: FormAction,
    *,
    of_draft: bool = False,
) -> HttpResponse:
    """Run the action, or show the page with the errors and what was typed."""
    words = _get_words(request, pk, of_draft=of_draft)
    if request.method != "POST":  # after signing in again, or from a bookmark
        return redirect(_get_page_url(words))
    at = clock.now()
    form = form_class(request.POST)
    status = 422
    if form.is_valid():
        try:
            return action(form.cleaned_data, words, at)
        except Refused as refused:
            for problem in refused.problems:
                field = problem.field if problem.field in form.fields else None
                form.add_error(field, str(problem))
        except StaleVersion as stale:
            form.add_error(None, str(stale))
            status = 409
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
            status = 403
    words = _get_words(request, pk, of_draft=of_draft)
    if isinstance(words, DraftVersion):
        return _render_draft_page(request, words, at=at, bound=form, status=status)
    return render_review(request, words, at=at, signoff_form=form, status=status)


def _get_words(request: HttpRequest, pk: int, *, of_draft: bool) -> Words:
    return _get_draft(request, pk) if of_draft else get_edition(request, pk)


def _get_page_url(words: Words) -> str:
    if isinstance(words, DraftVersion):
        return reverse("admin:statements_statement_signoff", args=[words.statement_id])
    return reverse("admin:statements_edition_review", args=[words.pk])


def _redirect_back(words: Words, anchor: str) -> HttpResponse:
    return HttpResponseRedirect(f"{_get_page_url(words)}#{anchor}")


def _render_link(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """Show the link on the only page that ever shows it: only its hash is stored."""
    words = link.edition or link.draft_version
    assert words, "A constraint holds that a link is for one of the two."
    context = {
        **admin.site.each_context(request),
        "title": _("A link for %(name)s") % {"name": link.display_name},
        "preview_link": link,
        "statement": link.statement,
        "hub_url": get_hub_url(link.statement_id),
        "back_url": f"{_get_page_url(words)}#signoff",
        "url": preview_url(token),
        "expires": format_long(link.expires_at),
    }
    return TemplateResponse(request, "admin/newsdesk/preview_link.html", context)
