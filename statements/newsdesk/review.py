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
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from statements import clock, readiness
from statements.content.reading import same_words_and_slug
from statements.models import Edition, StaleVersion, State
from statements.newsdesk import (
    comparisons,
    decision_page,
    files,
    house_style_panel,
    presence,
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
from statements.newsdesk.embargo import describe_embargo
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.status import get_edition_status
from statements.newsdesk.time_format import describe_input, format_long, format_time_until
from statements.newsdesk.user_names import get_display_name
from statements.public import preview
from statements.publicness import released_after
from statements.roles import NEWSDESK, is_in_group
from statements.workflow import Refused, sensitive_periods

MAX_TYPED_TIME_CHARS = 40
SELECT_RELATED_FIELDS = (
    *("organisation", "submitted_by", "countersigned_by", "approved_by", "second_look_by"),
    *("erasure_asked_by", "erased_by"),
)


# --- Views ----------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return render_review(request, get_edition(request, pk), at=clock.now())


@sensitive_post_parameters("password")
def decide(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take one decision, or show its form again with the reasons why not."""
    if key not in DECISIONS:
        raise Http404("There is no such decision.")
    edition, by, at = get_edition(request, pk), get_user(request), clock.now()
    decision_class = DECISIONS[key]
    if decision_class.has_own_page and (request.method != "POST" or "_preview" in request.POST):
        return decision_page.render(request, decision_class(edition=edition, by=by, at=at))
    if request.method != "POST":  # after signing in again, or from a bookmark
        return redirect("admin:statements_edition_review", pk)
    decision = decision_class(request.POST, edition=edition, by=by, at=at)
    if status := _perform_decision(decision, _read_screen_state(request)):
        decision.edition = get_edition(request, pk)
        if decision.has_own_page:
            return decision_page.render(request, decision, status=status)
        return render_review(request, decision.edition, at=at, refused=decision, status=status)
    edition = decision.result or edition
    edition.refresh_from_db()
    messages.success(request, decision.success_message(edition))
    if request.POST.get("back") == "dashboard":
        return redirect("admin:index")
    return redirect("admin:statements_edition_review", edition.pk)


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
        raise Http404("These words were erased.")
    return preview.detail_response(
        request, edition, at=clock.now(), preview=True, file_url=files.file_url
    )


def get_edition(request: HttpRequest, pk: int) -> Edition:
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied("To read what is in review you need to be on the newsdesk.")
    return get_object_or_404(
        Edition.objects.select_related("statement", *SELECT_RELATED_FIELDS), pk=pk
    )


def _read_screen_state(request: HttpRequest) -> ScreenState:
    version = parse_number(request.POST.get("seen_version"))
    return ScreenState(request.POST.get("seen_digest", ""), version or 0)


def _perform_decision(decision: Decision, seen: ScreenState) -> int | None:
    """Perform the decision, or add errors to the form and return an HTTP status."""
    if not decision.is_valid():
        return 422
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
        "present": presence.describe_others(edition.statement, by=by, at=at),
        **signoff.build_context(edition, at=at, bound=signoff_form),
        "title": edition.headline,
    }
    is_replaced = context["newer"] and edition.state == State.CANCELLED
    if status == 409 or (refused and is_replaced):
        context["newer_wording"] = comparisons.compare_with_newer(edition, context["newer"])
    return TemplateResponse(request, "admin/newsdesk/review.html", context, status=status)


def _build_edition_context(edition: Edition, *, at: dt.datetime) -> dict[str, Any]:
    statement = edition.statement
    last_public = comparisons.find_last_public(edition, at=at)
    newer = statement.editions.filter(sequence__gt=edition.sequence).exclude(state=State.CANCELLED)
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.relevant_periods(at, edition)
        if _is_open(edition, at=at)
        else [],
        "edition": edition,
        "statement": statement,
        "status": get_edition_status(edition, at=at),
        "requested_release": describe_requested_release(edition, at=at),
        "embargo": describe_embargo(edition, at=at) if _is_open(edition, at=at) else None,
        "last_public": last_public,
        "comparisons": comparisons.build_comparisons(last_public, edition),
        "advice": [] if edition.erased_at else _find_advice(edition, at=at),
        "writers": _list_writers(edition),
        "entries": timeline.list_entries(statement),
        "newer": newer.order_by("-sequence").first(),
        "has_unsubmitted_content": _has_unsubmitted_content(edition),
    }


def _is_open(edition: Edition, *, at: dt.datetime) -> bool:
    if edition.state == State.APPROVED:
        return not edition.is_released(at)
    return edition.state == State.IN_REVIEW


def describe_requested_release(edition: Edition, *, at: dt.datetime) -> str:
    """Say when the writer would like it out, while somebody still has to decide."""
    requested = edition.requested_release_at
    if requested is None or not _is_open(edition, at=at):
        return ""
    name = get_display_name(edition.submitted_by)
    if requested <= at:
        return f"{name} wanted it out on {format_long(requested)}: that has passed."
    return f"{name} wants it out on {format_long(requested)}, {format_time_until(requested, at)}."


def _build_decision_context(
    edition: Edition, *, by: User, at: dt.datetime, refused: Decision | None
) -> dict[str, Any]:
    decisions = open_decisions(edition, by=by, at=at, bound=refused)
    return {
        "decisions": decisions,
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


def _find_advice(edition: Edition, *, at: dt.datetime) -> list[readiness.Problem]:
    if edition.is_released(at):
        return []
    warnings = readiness.release_warnings(edition, edition.release_at or at)
    return [*warnings, *house_style_panel.find_advice(edition)]


def _list_writers(edition: Edition) -> list[str]:
    users = User.objects.filter(pk__in=edition.contributor_ids)
    return sorted(users.values_list("username", flat=True))
