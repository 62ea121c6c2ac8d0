"""The review page of one edition: what the public would read, what changed, what to decide.

Every decision returns to this page. If a decision is refused, the page says why above the form,
which keeps what was typed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from statements import clock
from statements.content.quotation_marks import quote_headline
from statements.content.reading import same_words_and_slug
from statements.models import Edition, StaleVersion, State
from statements.newsdesk import (
    comparisons,
    confirm_page,
    decision_page,
    files,
    presence,
    remarks,
    signoff,
    timeline,
)
from statements.newsdesk.decisions import (
    DECISIONS,
    Decision,
    Hold,
    ScreenState,
    find_blocking_problems,
    open_decisions,
)
from statements.newsdesk.decisions.confirmed import parse_seen_members
from statements.newsdesk.decisions.release_time import find_default_time
from statements.newsdesk.group_page import build_group_context
from statements.newsdesk.new_names_list import list_new_names
from statements.newsdesk.release_words import format_day_and_time
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.statement_links import get_hub_url
from statements.newsdesk.status import get_edition_status
from statements.newsdesk.time_format import describe_input, format_long
from statements.newsdesk.user_names import get_display_name
from statements.objections import find_objections
from statements.public import preview
from statements.publicness import released_after
from statements.roles import NEWSDESK, is_in_group
from statements.workflow import Refused, sensitive_periods

MAX_TYPED_TIME_CHARS = 40
SELECT_RELATED_FIELDS = (
    *("organisation", "submitted_by", "countersigned_by", "approved_by", "second_look_by"),
    *("erasure_asked_by", "erased_by", "statement__release_group"),
)


# --- Views ----------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return render_review(request, get_edition(request, pk), at=clock.now())


@sensitive_post_parameters("password")
def decide(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take one decision, or show its page again with the reasons why not."""
    if key not in DECISIONS:
        raise Http404(_("There is no such decision."))
    edition, by, at = get_edition(request, pk), get_user(request), clock.now()
    decision_class = DECISIONS[key]
    if request.method != "POST" or "_preview" in request.POST:
        return _show_decision(request, decision_class(edition=edition, by=by, at=at))
    decision = decision_class(request.POST, edition=edition, by=by, at=at)
    if status := _perform_decision(decision, _read_screen_state(request)):
        decision.edition = get_edition(request, pk)
        return _show_decision(request, decision, status=status)
    edition = decision.result or edition
    edition.refresh_from_db()
    messages.success(request, _describe_success(decision, edition))
    return redirect(_find_next_page(request, edition))


def _describe_success(decision: Decision, edition: Edition) -> str:
    """Say what happened, and that it happened to what goes public together as well."""
    said = decision.success_message(edition)
    others = [quote_headline(row.headline) for row in decision.editions if row.pk != edition.pk]
    if not others:
        return said
    return f"{said} " + _("The same holds for %(others)s.") % {"others": ", ".join(others)}


def _show_decision(request: HttpRequest, decision: Decision, *, status: int = 200) -> HttpResponse:
    """Show the page of a decision, or for one without the review with its form."""
    if decision.confirms:
        return confirm_page.render(request, decision, status=status)
    if decision.has_own_page:
        return decision_page.render(request, decision, status=status)
    if not decision.is_bound:  # after signing in again, or from a bookmark
        return redirect("admin:statements_edition_review", decision.edition.pk)
    return render_review(request, decision.edition, at=decision.at, refused=decision, status=status)


def _find_next_page(request: HttpRequest, edition: Edition) -> str:
    """Return where the person continues: in the review, or once it is decided on its page."""
    if request.POST.get("back") == "dashboard":
        return reverse("admin:index")
    if edition.state == State.IN_REVIEW:
        return reverse("admin:statements_edition_review", args=[edition.pk])
    return get_hub_url(edition.statement_id)


@require_safe
def describe_time(request: HttpRequest) -> HttpResponse:
    """Return a typed time in words, for the form in which it is typed."""
    typed = request.GET.get("at", "")[:MAX_TYPED_TIME_CHARS]
    return JsonResponse(describe_input(typed, clock.now()))


@require_safe
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page that the public would see, made by the public side."""
    edition = get_edition(request, pk)
    if edition.erased_at:
        raise Http404(_("These words were erased."))
    return preview.detail_response(
        request, edition, at=clock.now(), preview=True, file_url=files.file_url
    )


def get_edition(request: HttpRequest, pk: int) -> Edition:
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied(_("To read what is in review you need to be on the newsdesk."))
    return get_object_or_404(
        Edition.objects.select_related("statement", *SELECT_RELATED_FIELDS), pk=pk
    )


def _read_screen_state(request: HttpRequest) -> ScreenState:
    version = parse_number(request.POST.get("seen_version"))
    members = parse_seen_members(request.POST.get("seen_members", ""))
    return ScreenState(request.POST.get("seen_digest", ""), version or 0, members)


def _perform_decision(decision: Decision, seen: ScreenState) -> int | None:
    """Perform the decision, or add errors to the form and return an HTTP status."""
    if not decision.is_valid():
        return 409 if decision.has_moved else 422
    try:
        decision.result = decision.perform(seen)
    except Refused as refused:
        decision.add_problems(refused.problems)
        return 422
    except StaleVersion as stale:
        decision.add_error(None, str(stale))
        return 409
    except PermissionDenied as denied:
        decision.add_error(None, str(denied))
        return 403
    return None


# --- The page -------------------------------------------------------------------------------------


def render_review(
    request: HttpRequest,
    edition: Edition,
    *,
    at: dt.datetime,
    refused: Decision | None = None,
    signoff_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the review page; `refused` or `signoff_form` is the form just refused on it."""
    by = get_user(request)
    context = {
        **admin.site.each_context(request),
        **_build_edition_context(edition, at=at),
        **_build_decision_context(edition, by=by, at=at, refused=refused),
        "present": presence.list_others(edition.statement, by=by, at=at),
        "new_names": list_new_names(edition.statement, viewer=by),
        **signoff.build_context(edition, at=at, bound=signoff_form),
        **remarks.build_edition_context(edition, by=by),
        **build_group_context(edition.statement, by=by, at=at, can_write=is_in_group(by, NEWSDESK)),
        "remark_place": request.POST.get("block_id", ""),
        "open_tab": _find_open_tab(signoff_form),
        "title": edition.headline,
    }
    is_replaced = context["newer"] and edition.state == State.CANCELLED
    if status == 409 or (refused and is_replaced):
        context["newer_wording"] = comparisons.compare_with_newer(edition, context["newer"])
    return TemplateResponse(request, "admin/newsdesk/review.html", context, status=status)


def _find_open_tab(bound: forms.Form | None) -> str:
    """Return the tab that holds the form just refused; "" is the page."""
    if bound is None:
        return ""
    return "remarks" if getattr(bound, "key", "") == "remark" else "signoff"


def _build_edition_context(edition: Edition, *, at: dt.datetime) -> dict[str, Any]:
    statement = edition.statement
    last_public = comparisons.find_last_public(edition, at=at)
    newer = statement.editions.filter(sequence__gt=edition.sequence).exclude(state=State.CANCELLED)
    groups = comparisons.build_comparisons(last_public, edition)
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.relevant_periods(at, edition)
        if _is_open(edition, at=at)
        else [],
        "edition": edition,
        "statement": statement,
        "status": get_edition_status(edition, at=at),
        "is_public": edition.is_public(at),
        "last_public": last_public,
        "comparisons": groups,
        "change_count": len(groups[-1].changes) if groups else 0,
        "writers": _list_writers(edition),
        "newer": newer.order_by("-sequence").first(),
        "has_unsubmitted_content": _has_unsubmitted_content(edition),
        "objections": find_objections(statement),
        **_build_release_context(edition, at=at),
        "confirmed_changes": timeline.describe_confirmed_at_submission(edition),
    }


def _build_release_context(edition: Edition, *, at: dt.datetime) -> dict[str, Any]:
    """Return what is said about the time while somebody still decides on it."""
    if not _is_open(edition, at=at) or edition.erased_at:
        return {}
    release_at = find_default_time(edition, at)
    return {
        "release_at": release_at,
        "requested_release": describe_requested_release(edition, at=at),
        "facts": confirm_page.describe_facts(edition, release_at, at=at),
    }


def _is_open(edition: Edition, *, at: dt.datetime) -> bool:
    if edition.state == State.APPROVED:
        return not edition.is_released(at)
    return edition.state == State.IN_REVIEW


def describe_requested_release(edition: Edition, *, at: dt.datetime) -> str:
    """Say who requested which release."""
    requested = edition.requested_release_at
    if requested is None or not _is_open(edition, at=at):
        return ""
    said = _("%(name)s requested %(time)s.")
    if requested <= at:
        said = _("%(name)s requested %(time)s. That has passed.")
    return said % {
        "name": get_display_name(edition.submitted_by),
        "time": format_day_and_time(requested),
    }


def _build_decision_context(
    edition: Edition, *, by: User, at: dt.datetime, refused: Decision | None
) -> dict[str, Any]:
    decisions = open_decisions(edition, by=by, at=at, bound=refused)
    usual = [decision for decision in decisions if decision.is_usual]
    return {
        "decisions": decisions,
        "usual_decisions": usual,
        "other_decisions": [decision for decision in decisions if not decision.is_usual],
        "bar_decisions": [decision for decision in usual if decision.has_own_page][:2],
        "blocking_problems": find_blocking_problems(edition, by=by, at=at),
        "refused": refused,
        "typed_texts": refused.get_typed_texts() if refused and refused not in decisions else [],
        "earlier_editions": _list_scheduled_before(edition, by=by, at=at),
        "on_newsdesk": is_in_group(by, NEWSDESK),
    }


def _has_unsubmitted_content(edition: Edition) -> bool:
    """Return whether the draft differs from this edition and from every later one."""
    if edition.erased_at:
        return False
    draft = edition.statement.content()
    since = edition.statement.editions.filter(sequence__gte=edition.sequence, erased_at=None)
    return not any(same_words_and_slug(draft, other.content_data) for other in since)


@dataclass(frozen=True)
class ScheduledEarlierEdition:
    """An earlier edition that is published on time unless somebody puts it on hold."""

    edition: Edition
    release_time: str
    hold: Hold | None


def _list_scheduled_before(
    edition: Edition, *, by: User, at: dt.datetime
) -> list[ScheduledEarlierEdition]:
    if edition.state != State.IN_REVIEW:
        return []
    scheduled = edition.statement.editions.approved().filter(
        released_after(at), sequence__lt=edition.sequence
    )
    return [
        ScheduledEarlierEdition(
            earlier, format_long(earlier.release_at), _build_hold(earlier, by=by, at=at)
        )
        for earlier in scheduled
        if earlier.release_at
    ]


def _build_hold(edition: Edition, *, by: User, at: dt.datetime) -> Hold | None:
    if Hold.problems_for(edition, by=by, at=at):
        return None
    hold = Hold(edition=edition, by=by, at=at)
    hold.auto_id = f"hold-{edition.pk}-%s"
    return hold


def _list_writers(edition: Edition) -> list[str]:
    users = User.objects.filter(pk__in=edition.contributor_ids)
    return sorted(map(get_display_name, users))
