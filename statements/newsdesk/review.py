"""The review page of one edition: what the public would read, what changed, and what to decide.

Every decision comes back here. What is refused is told on the same page, above the form that
still holds what was typed.
"""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from statements import clock, readiness
from statements.content.diff import ContentChange, diff_content
from statements.content.schema import canonical, digest_of
from statements.models import Edition, StaleVersion, State
from statements.newsdesk import (
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
from statements.newsdesk.time_format import describe_input, format_long, format_time_until
from statements.public import preview
from statements.publicness import released_after, released_by
from statements.roles import NEWSDESK, is_in_group
from statements.workflow import Refused, sensitive_periods

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
    """Carry out one decision, or say why not: on its own page if it has one, else on the review."""
    if key not in DECISIONS:
        raise Http404("There is no such decision.")
    edition = get_edition(request, pk)
    at = clock.now()
    if DECISIONS[key].has_own_page and (request.method != "POST" or "_preview" in request.POST):
        asked = DECISIONS[key](edition=edition, by=request.user, at=at)
        return decision_page.render(
            request, asked, edition_status=get_edition_status(edition, at=at)
        )
    if request.method != "POST":  # back from signing in, or by a bookmark
        return redirect("admin:statements_edition_review", pk)
    decision = DECISIONS[key](request.POST, edition=edition, by=request.user, at=at)
    status = _carry_out(decision, _read_screen_state(request))
    if status != 302 and decision.has_own_page:
        decision.edition = get_edition(request, pk)
        return decision_page.render(
            request,
            decision,
            edition_status=get_edition_status(decision.edition, at=at),
            status=status,
        )
    if status != 302:
        return render_review(
            request, get_edition(request, pk), at=at, refused=decision, status=status
        )
    onward = decision.result or edition
    onward.refresh_from_db()
    messages.success(request, decision.success_message(onward))
    if request.POST.get("back") == "front":  # a button of the front page: they go on there
        return redirect("admin:index")
    return redirect("admin:statements_edition_review", onward.pk)


@require_safe
def describe_time(request: HttpRequest) -> HttpResponse:
    """A typed time in words, for the form that it is typed in."""
    return JsonResponse(describe_input(request.GET.get("at", "")[:40], clock.now()))


@require_safe
def preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that the public would see, made by the public side from this edition's words."""
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
    version = request.POST.get("seen_version", "")
    known = version.isascii() and version.isdecimal() and len(version) < 10
    return ScreenState(request.POST.get("seen_digest", ""), int(version) if known else 0)


def _carry_out(decision: Decision, seen: ScreenState) -> int:
    """302 if the verb ran; else the status of the answer, with the reasons in the form."""
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
    return 302


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
    """The review page; `refused` or `asked` is the form that was just turned down on it."""
    context = {
        **admin.site.each_context(request),
        **_build_edition_context(edition, at=at),
        **_build_decision_context(edition, by=request.user, at=at, refused=refused),
        "present": presence.describe_others(edition.statement, by=request.user, at=at),
        **signoff.build_context(edition, at=at, bound=signoff_form),
        "title": edition.headline,
    }
    replaced = context["newer"] and edition.state == State.CANCELLED
    if status == 409 or (refused and replaced):
        context["moved"] = compare_with_newer(edition, context["newer"])
    return TemplateResponse(request, "admin/newsdesk/review.html", context, status=status)


def _build_edition_context(edition: Edition, *, at: dt.datetime) -> dict:
    statement = edition.statement
    before = find_last_public(edition, at=at)
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.relevant_periods(at, edition)
        if is_open(edition, at=at)
        else [],
        "edition": edition,
        "statement": statement,
        "standing": get_edition_status(edition, at=at),
        "wanted": describe_requested_release(edition, at=at),
        "before": before,
        "compared": build_comparisons(before, edition),
        "advice": [] if edition.erased_at else _find_advice(edition, at=at),
        "writers": _list_writers(edition),
        "lines": timeline.list_entries(statement),
        "editions": statement.editions.defer("content").order_by("-sequence"),
        "newer": statement.editions.filter(sequence__gt=edition.sequence)
        .exclude(state=State.CANCELLED)
        .order_by("-sequence")
        .first(),
        "unsent": has_unsubmitted_content(edition),
    }


def is_open(edition: Edition, *, at: dt.datetime) -> bool:
    """Whether these words can still go out."""
    if edition.state == State.APPROVED:
        return not edition.is_released(at)
    return edition.state == State.IN_REVIEW


def describe_requested_release(edition: Edition, *, at: dt.datetime) -> str:
    """When its writer wants it out, in words, while that is still for somebody to decide."""
    if edition.requested_release_at is None or not is_open(edition, at=at):
        return ""
    by = edition.submitted_by
    who = by.get_full_name() or by.get_username()
    if edition.requested_release_at <= at:
        return (
            f"{who} wanted it out on {format_long(edition.requested_release_at)}: that has passed."
        )
    long = format_time_until(edition.requested_release_at, at)
    return f"{who} wants it out on {format_long(edition.requested_release_at)}, {long}."


def _build_decision_context(
    edition: Edition, *, by, at: dt.datetime, refused: Decision | None
) -> dict:
    decisions = open_decisions(edition, by=by, at=at, bound=refused)
    return {
        "decisions": decisions,
        "why_not": find_blocking_problems(edition, by=by, at=at),
        "refused": refused,
        "lost": refused.get_typed_texts() if refused and refused not in decisions else [],
        "earlier": [
            EarlierEdition(other, format_long(other.release_at), _build_hold(other, by=by, at=at))
            for other in find_scheduled_before(edition, at=at)
        ],
        "on_newsdesk": is_in_group(by, NEWSDESK),
    }


@dataclass(frozen=True)
class EditionStatus:
    """Where an edition stands now, as one word for the eye and one sentence for the reader."""

    label: str
    tone: str
    sentence: str


def get_edition_status(edition: Edition, *, at: dt.datetime) -> EditionStatus:
    if edition.erased_at:
        return EditionStatus(
            "Erased", "past", f"Its words were erased on {format_long(edition.erased_at)}."
        )
    if edition.state != State.APPROVED:
        return _get_unapproved_status(edition)
    if edition.release_at is None:
        return EditionStatus(
            "Held", "held", "It is approved, and waits for somebody to name a time."
        )
    if edition.is_scheduled(at):
        return EditionStatus(
            "Scheduled",
            "scheduled",
            f"It goes out on {format_long(edition.release_at)}, {format_time_until(edition.release_at, at)}.",
        )
    out = f"It came out on {format_long(edition.release_at)}"
    if edition.is_public(at):
        return EditionStatus("Public", "public", f"{out}.")
    if edition.suppressed_at:
        return EditionStatus("Removed", "past", f"{out}. The public no longer reads this wording.")
    if withdrawals := list(edition.withdrawals.all()):
        withdrawal = withdrawals[-1]
        what = "gone" if withdrawal.kind == withdrawal.Kind.GONE else "under a notice"
        return EditionStatus(
            "Withdrawn",
            "stopped",
            f"{out}, and was withdrawn on {format_long(withdrawal.from_at)}: {what}.",
        )
    return EditionStatus(
        "EarlierEdition", "past", f"{out}, until {format_long(edition.live_until)}."
    )


def _get_unapproved_status(edition: Edition) -> EditionStatus:
    return {
        State.IN_REVIEW: EditionStatus("In review", "review", "It waits for an editor’s decision."),
        State.SENT_BACK: EditionStatus(
            "Sent back", "stopped", "Its writers were asked to change it."
        ),
        State.CANCELLED: EditionStatus("Cancelled", "past", "It never becomes public."),
    }[State(edition.state)]


def find_last_public(edition: Edition, *, at: dt.datetime) -> Edition | None:
    """The edition before this one that was public, the words of which are still there."""
    earlier = edition.statement.editions.approved().filter(
        released_by(at), sequence__lt=edition.sequence, erased_at=None
    )
    return earlier.order_by("-release_at").first()


def diff_editions(before: Edition | None, edition: Edition) -> list[ContentChange]:
    if before is None or edition.erased_at:
        return []
    return diff_content(before.content_data, edition.content_data)


@dataclass(frozen=True)
class ChangeGroup:
    """An earlier edition, what changed since, and that in one line."""

    title: str
    changes: list[ContentChange]

    @property
    def summary(self) -> str:
        """Such as “3 changes: headline, attribution, words”."""
        labels = ", ".join(dict.fromkeys(change.label.lower() for change in self.changes))
        return f"{len(self.changes)} change{'s'[: len(self.changes) != 1]}: {labels}"


def build_comparisons(before: Edition | None, edition: Edition) -> list[ChangeGroup]:
    """Since the public read it; and since it was last submitted, where that is another edition."""
    found = []
    if before:
        title = f"What changed since edition {before.sequence} was public"
        found.append(ChangeGroup(title, diff_editions(before, edition)))
    last = (
        edition.statement.editions.filter(sequence__lt=edition.sequence, erased_at=None)
        .order_by("-sequence")
        .first()
    )
    if last and last != before and not edition.erased_at:
        became = {State.SENT_BACK: "was sent back", State.CANCELLED: "was replaced"}
        what = became.get(State(last.state), "was approved")
        title = f"What changed since edition {last.sequence}, which {what}"
        found.append(ChangeGroup(title, diff_editions(last, edition)))
    return found


def compare_with_newer(edition: Edition, newer: Edition | None) -> ChangeGroup | None:
    """What the edition on the screen lacks of the newer one, else of the working copy."""
    if edition.erased_at:
        return None
    where = f"edition {newer.sequence}" if newer else "the working copy"
    now = newer.content_data if newer else edition.statement.content()
    return ChangeGroup(f"What {where} says instead", diff_content(edition.content_data, now))


def has_unsubmitted_content(edition: Edition) -> bool:
    """Whether the working copy says something that no edition after this one says either."""
    if edition.erased_at:
        return False
    digest = digest_of(canonical(edition.statement.content()))
    since = edition.statement.editions.filter(sequence__gte=edition.sequence)
    return not since.filter(digest=digest).exists()


def find_scheduled_before(edition: Edition, *, at: dt.datetime):
    """Earlier words that go out by themselves while this edition is still being decided."""
    if edition.state != State.IN_REVIEW:
        return []
    return edition.statement.editions.approved().filter(
        released_after(at), sequence__lt=edition.sequence
    )


@dataclass(frozen=True)
class EarlierEdition:
    """An earlier edition that goes out unless somebody holds it."""

    edition: Edition
    release_time: str
    hold: Hold | None


def _build_hold(edition: Edition, *, by, at: dt.datetime) -> Hold | None:
    if Hold.problems_for(edition, by=by, at=at):
        return None
    hold = Hold(edition=edition, by=by, at=at)
    hold.auto_id = f"hold-{edition.pk}-%s"
    return hold


def _find_advice(edition: Edition, *, at: dt.datetime) -> list[readiness.Problem]:
    """What the approver should know, for the release time it has, else for today."""
    if edition.is_released(at):
        return []
    in_office = readiness.release_warnings(edition, edition.release_at or at)
    return [*in_office, *house_style_panel.find_advice(edition)]


def _list_writers(edition: Edition) -> list[str]:
    users = get_user_model().objects.filter(pk__in=edition.contributor_ids)
    return sorted(users.values_list("username", flat=True))
