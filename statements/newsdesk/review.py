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
from statements.content.diff import Change, changes
from statements.content.schema import canonical, digest_of
from statements.models import Edition, Stale, State
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
    Seen,
    open_decisions,
    why_not,
)
from statements.newsdesk.time_format import how_long, in_words, said
from statements.public import preview
from statements.publicness import released_after, released_by
from statements.roles import NEWSDESK, holds
from statements.workflow import Refused, sensitive_periods

PEOPLE = (
    *("organisation", "submitted_by", "countersigned_by", "approved_by", "second_look_by"),
    *("erasure_asked_by", "erased_by"),
)


# --- Views ----------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, edition_for(request, pk), at=clock.now())


@sensitive_post_parameters("password")
def decide(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Carry out one decision, or say why not: on its own page if it has one, else on the review."""
    if key not in DECISIONS:
        raise Http404("There is no such decision.")
    edition = edition_for(request, pk)
    at = clock.now()
    if DECISIONS[key].own_page and (request.method != "POST" or "_preview" in request.POST):
        asked = DECISIONS[key](edition=edition, by=request.user, at=at)
        return decision_page.shown(request, asked, standing=standing(edition, at=at))
    if request.method != "POST":  # back from signing in, or by a bookmark
        return redirect("admin:statements_edition_review", pk)
    decision = DECISIONS[key](request.POST, edition=edition, by=request.user, at=at)
    status = _carried_out(decision, _seen(request))
    if status != 302 and decision.own_page:
        decision.edition = edition_for(request, pk)
        return decision_page.shown(
            request, decision, standing=standing(decision.edition, at=at), status=status
        )
    if status != 302:
        return shown(request, edition_for(request, pk), at=at, refused=decision, status=status)
    onward = decision.onward or edition
    onward.refresh_from_db()
    messages.success(request, decision.done(onward))
    if request.POST.get("back") == "front":  # a button of the front page: they go on there
        return redirect("admin:index")
    return redirect("admin:statements_edition_review", onward.pk)


@require_safe
def said_time(request: HttpRequest) -> HttpResponse:
    """A typed time in words, for the form that it is typed in."""
    return JsonResponse(in_words(request.GET.get("at", "")[:40], clock.now()))


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that the public would see, made by the public side from this edition's words."""
    edition = edition_for(request, pk)
    if edition.erased_at:
        raise Http404("These words were erased.")
    return preview.detail_response(
        request, edition, at=clock.now(), preview=True, file_address=files.desk_address
    )


def edition_for(request: HttpRequest, pk: int) -> Edition:
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied("To read what is in review you need to be on the newsdesk.")
    return get_object_or_404(Edition.objects.select_related("statement", *PEOPLE), pk=pk)


def _seen(request: HttpRequest) -> Seen:
    version = request.POST.get("seen_version", "")
    known = version.isascii() and version.isdecimal() and len(version) < 10
    return Seen(request.POST.get("seen_digest", ""), int(version) if known else 0)


def _carried_out(decision: Decision, seen: Seen) -> int:
    """302 if the verb ran; else the status of the answer, with the reasons in the form."""
    if not decision.is_valid():
        return 422
    try:
        decision.onward = decision.act(seen)
    except Refused as refused:
        decision.refuse(refused.problems)
        return 422
    except Stale as stale:
        decision.add_error(None, str(stale))
        return 409
    except PermissionDenied as denied:
        decision.add_error(None, str(denied))
        return 403
    return 302


# --- The page -------------------------------------------------------------------------------------


def shown(
    request: HttpRequest,
    edition: Edition,
    *,
    at: dt.datetime,
    refused: Decision | None = None,
    asked: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The review page; `refused` or `asked` is the form that was just turned down on it."""
    context = {
        **admin.site.each_context(request),
        **_about(edition, at=at),
        **_decisions(edition, by=request.user, at=at, refused=refused),
        "present": presence.others(edition.statement, by=request.user, at=at),
        **signoff.section(edition, at=at, bound=asked),
        "title": edition.headline,
    }
    replaced = context["newer"] and edition.state == State.CANCELLED
    if status == 409 or (refused and replaced):
        context["moved"] = moved_to(edition, context["newer"])
    return TemplateResponse(request, "admin/newsdesk/review.html", context, status=status)


def _about(edition: Edition, *, at: dt.datetime) -> dict:
    statement = edition.statement
    before = last_public(edition, at=at)
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sensitive": sensitive_periods.periods_near(at, edition) if is_open(edition, at=at) else [],
        "edition": edition,
        "statement": statement,
        "standing": standing(edition, at=at),
        "wanted": wanted(edition, at=at),
        "before": before,
        "compared": compared(before, edition),
        "advice": [] if edition.erased_at else _advice(edition, at=at),
        "writers": _writers(edition),
        "lines": timeline.lines(statement),
        "editions": statement.editions.defer("content").order_by("-sequence"),
        "newer": statement.editions.filter(sequence__gt=edition.sequence)
        .exclude(state=State.CANCELLED)
        .order_by("-sequence")
        .first(),
        "unsent": has_unsent_words(edition),
    }


def is_open(edition: Edition, *, at: dt.datetime) -> bool:
    """Whether these words can still go out."""
    if edition.state == State.APPROVED:
        return not edition.is_released(at)
    return edition.state == State.IN_REVIEW


def wanted(edition: Edition, *, at: dt.datetime) -> str:
    """When its writer wants it out, in words, while that is still for somebody to decide."""
    if edition.wanted_at is None or not is_open(edition, at=at):
        return ""
    by = edition.submitted_by
    who = by.get_full_name() or by.get_username()
    if edition.wanted_at <= at:
        return f"{who} wanted it out on {said(edition.wanted_at)}: that has passed."
    long = how_long(edition.wanted_at, at)
    return f"{who} wants it out on {said(edition.wanted_at)}, {long}."


def _decisions(edition: Edition, *, by, at: dt.datetime, refused: Decision | None) -> dict:
    decisions = open_decisions(edition, by=by, at=at, bound=refused)
    return {
        "decisions": decisions,
        "why_not": why_not(edition, by=by, at=at),
        "refused": refused,
        "lost": refused.typed() if refused and refused not in decisions else [],
        "earlier": [
            Earlier(other, said(other.release_at), _hold(other, by=by, at=at))
            for other in scheduled_before(edition, at=at)
        ],
        "on_newsdesk": holds(by, NEWSDESK),
    }


@dataclass(frozen=True)
class Standing:
    """Where an edition stands now, as one word for the eye and one sentence for the reader."""

    word: str
    tone: str
    sentence: str


def standing(edition: Edition, *, at: dt.datetime) -> Standing:
    if edition.erased_at:
        return Standing("Erased", "past", f"Its words were erased on {said(edition.erased_at)}.")
    if edition.state != State.APPROVED:
        return _not_approved(edition)
    if edition.release_at is None:
        return Standing("Held", "held", "It is approved, and waits for somebody to name a time.")
    if edition.is_scheduled(at):
        return Standing(
            "Scheduled",
            "scheduled",
            f"It goes out on {said(edition.release_at)}, {how_long(edition.release_at, at)}.",
        )
    out = f"It came out on {said(edition.release_at)}"
    if edition.is_public(at):
        return Standing("Public", "public", f"{out}.")
    if edition.suppressed_at:
        return Standing("Removed", "past", f"{out}. The public no longer reads this wording.")
    if withdrawals := list(edition.withdrawals.all()):
        withdrawal = withdrawals[-1]
        what = "gone" if withdrawal.kind == withdrawal.Kind.GONE else "under a notice"
        return Standing(
            "Withdrawn",
            "stopped",
            f"{out}, and was withdrawn on {said(withdrawal.from_at)}: {what}.",
        )
    return Standing("Earlier", "past", f"{out}, until {said(edition.live_until)}.")


def _not_approved(edition: Edition) -> Standing:
    return {
        State.IN_REVIEW: Standing("In review", "review", "It waits for an editor’s decision."),
        State.SENT_BACK: Standing("Sent back", "stopped", "Its writers were asked to change it."),
        State.CANCELLED: Standing("Cancelled", "past", "It never becomes public."),
    }[State(edition.state)]


def last_public(edition: Edition, *, at: dt.datetime) -> Edition | None:
    """The edition before this one that was public, the words of which are still there."""
    earlier = edition.statement.editions.approved().filter(
        released_by(at), sequence__lt=edition.sequence, erased_at=None
    )
    return earlier.order_by("-release_at").first()


def what_changed(before: Edition | None, edition: Edition) -> list[Change]:
    if before is None or edition.erased_at:
        return []
    return changes(before.words, edition.words)


@dataclass(frozen=True)
class Compared:
    """An earlier edition, what changed since, and that in one line."""

    title: str
    changes: list[Change]

    @property
    def summary(self) -> str:
        """Such as “3 changes: headline, attribution, words”."""
        labels = ", ".join(dict.fromkeys(change.label.lower() for change in self.changes))
        return f"{len(self.changes)} change{'s'[: len(self.changes) != 1]}: {labels}"


def compared(before: Edition | None, edition: Edition) -> list[Compared]:
    """Since the public read it; and since it was last submitted, where that is another edition."""
    found = []
    if before:
        title = f"What changed since edition {before.sequence} was public"
        found.append(Compared(title, what_changed(before, edition)))
    last = (
        edition.statement.editions.filter(sequence__lt=edition.sequence, erased_at=None)
        .order_by("-sequence")
        .first()
    )
    if last and last != before and not edition.erased_at:
        became = {State.SENT_BACK: "was sent back", State.CANCELLED: "was replaced"}
        what = became.get(State(last.state), "was approved")
        title = f"What changed since edition {last.sequence}, which {what}"
        found.append(Compared(title, what_changed(last, edition)))
    return found


def moved_to(edition: Edition, newer: Edition | None) -> Compared | None:
    """What the edition on the screen lacks of the newer one, else of the working copy."""
    if edition.erased_at:
        return None
    where = f"edition {newer.sequence}" if newer else "the working copy"
    now = newer.words if newer else edition.statement.content()
    return Compared(f"What {where} says instead", changes(edition.words, now))


def has_unsent_words(edition: Edition) -> bool:
    """Whether the working copy says something that no edition after this one says either."""
    if edition.erased_at:
        return False
    digest = digest_of(canonical(edition.statement.content()))
    since = edition.statement.editions.filter(sequence__gte=edition.sequence)
    return not since.filter(digest=digest).exists()


def scheduled_before(edition: Edition, *, at: dt.datetime):
    """Earlier words that go out by themselves while this edition is still being decided."""
    if edition.state != State.IN_REVIEW:
        return []
    return edition.statement.editions.approved().filter(
        released_after(at), sequence__lt=edition.sequence
    )


@dataclass(frozen=True)
class Earlier:
    """An earlier edition that goes out unless somebody holds it."""

    edition: Edition
    time_in_words: str
    hold: Hold | None


def _hold(edition: Edition, *, by, at: dt.datetime) -> Hold | None:
    if Hold.obstacles(edition, by=by, at=at):
        return None
    hold = Hold(edition=edition, by=by, at=at)
    hold.auto_id = f"hold-{edition.pk}-%s"
    return hold


def _advice(edition: Edition, *, at: dt.datetime) -> list[readiness.Problem]:
    """What the approver should know, for the release time it has, else for today."""
    if edition.is_released(at):
        return []
    in_office = readiness.before_release(edition, edition.release_at or at)
    return [*in_office, *house_style_panel.advice(edition)]


def _writers(edition: Edition) -> list[str]:
    users = get_user_model().objects.filter(pk__in=edition.contributor_ids)
    return sorted(users.values_list("username", flat=True))
