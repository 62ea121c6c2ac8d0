"""The page that confirms a decision: what it is about in words, and one more press.

Words, time and answers are as they are now. What moved since the review was read, or since this
page was shown, stands at the top when it comes back.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from statements import readiness
from statements.content.quotation_marks import quote_headline
from statements.models import Edition, SensitivePeriod, State
from statements.newsdesk import comparisons, house_style_panel, signoff
from statements.newsdesk.decisions import Decision, ReleaseTimeDecision
from statements.newsdesk.decisions.base import name_all
from statements.newsdesk.decisions.confirmed import (
    ConfirmedDecision,
    find_last_reply,
    format_seen_release,
)
from statements.newsdesk.decisions.release_time import TIME_FIELDS
from statements.newsdesk.embargo import EmbargoCheck, check_embargo
from statements.newsdesk.release_words import (
    ReleaseWords,
    describe_release_time,
    format_day_and_time,
)
from statements.newsdesk.user_names import get_display_name
from statements.objections import find_objections
from statements.roles import EDITORS, MANAGERS
from statements.workflow import sensitive_periods
from statements.workflow.proposed_names import find_names_in_use


@dataclass(frozen=True)
class ReleaseFacts:
    """What the chosen time means: in words, against the embargo, and in sensitive periods."""

    words: ReleaseWords | None
    embargo: EmbargoCheck
    periods: list[SensitivePeriod]
    findings: list[readiness.Problem]

    @property
    def needs_reason(self) -> bool:
        return self.embargo.is_broken or bool(self.periods)


def render(request: HttpRequest, decision: Decision, *, status: int = 200) -> HttpResponse:
    """Render the page; a bound decision is one that was just refused."""
    assert isinstance(decision, ConfirmedDecision), "Only such a decision is confirmed."
    edition, at = decision.edition, decision.at
    problems = decision.problems_for(edition, by=decision.by, at=at)
    refused = decision if decision.is_bound else None
    if status == 200 and any(problem.field == "role" for problem in problems):
        status = 403
    chooser, decision = _choose_time(request, decision)
    context = {
        **admin.site.each_context(request),
        "title": decision.title,
        "edition": edition,
        "statement": edition.statement,
        "decision": decision,
        "refused": refused,
        "problems": problems,
        "typed_texts": refused.get_typed_texts() if refused and problems else [],
        "words": describe_words(edition, _read_time(request, at)),
        "chooser": chooser,
        **({} if problems else _build_context(decision, chooser)),
    }
    newer = edition.statement.editions.filter(sequence__gt=edition.sequence).last()
    if status == 409 or (refused and newer and edition.state == State.CANCELLED):
        context["newer"] = newer
        context["newer_wording"] = comparisons.compare_with_newer(edition, newer)
    return TemplateResponse(request, "admin/newsdesk/confirm.html", context, status=status)


def _choose_time(
    request: HttpRequest, decision: ConfirmedDecision
) -> tuple[ReleaseTimeDecision | None, ConfirmedDecision]:
    """Return the form that chooses a time, and the decision about the time that was chosen."""
    if not isinstance(decision, ReleaseTimeDecision):
        return None, decision
    if decision.is_bound or not any(name in request.GET for name in TIME_FIELDS):
        return decision, decision
    chooser = type(decision)(request.GET, edition=decision.edition, by=decision.by, at=decision.at)
    chooser.is_valid()
    decision.default_time = chooser.chosen_time
    return chooser, decision


def _build_context(
    decision: ConfirmedDecision, chooser: ReleaseTimeDecision | None
) -> dict[str, Any]:
    edition, at, release_at = decision.edition, decision.at, decision.chosen_time
    editions = decision.editions
    last_public = comparisons.find_last_public(edition, at=at)
    groups = comparisons.build_comparisons(last_public, edition)
    replies = signoff.build_context(edition, at=at)
    return {
        "release_at": release_at,
        "facts": describe_group_facts(editions, release_at, at=at),
        "others_together": [row for row in editions if row.pk != edition.pk],
        "all_together": name_all(len(editions)),
        "is_choosing": chooser is not None
        and (release_at is None or "release_at" in chooser.errors),
        "objections": [o for row in editions for o in find_objections(row.statement)],
        "new_names": list(
            dict.fromkeys(str(p.name) for row in editions for p in find_names_in_use(row))
        ),
        "agreed_count": replies["agreed_count"],
        "missing_signoffs": replies["missing_signoffs"],
        "changes": groups[-1] if groups else None,
        "ticked": decision.objections_read if decision.is_bound else [],
        "seen_release": format_seen_release(edition),
        "seen_reply": find_last_reply(editions),
        "can_hold": _find_hold(edition, decision),
        "others": _list_other_approvers(edition, decision.by)
        if decision.key == "publish-urgently"
        else [],
        "mailed": _count_mailed() if decision.key == "publish-urgently" else {},
        "now_in_words": format_day_and_time(at),
    }


def describe_facts(
    edition: Edition, release_at: dt.datetime | None, *, at: dt.datetime
) -> ReleaseFacts:
    return ReleaseFacts(
        words=describe_release_time(release_at, at) if release_at and release_at > at else None,
        embargo=check_embargo(edition, release_at, at=at),
        periods=sensitive_periods.periods_at(edition, release_at),
        findings=house_style_panel.find_advice(edition, release_at, at=at),
    )


def describe_group_facts(
    editions: list[Edition], release_at: dt.datetime | None, *, at: dt.datetime
) -> ReleaseFacts:
    """Return what the time means for all that go public together: the worst of each."""
    facts = [describe_facts(edition, release_at, at=at) for edition in editions]
    if len(facts) == 1:
        return facts[0]
    broken = [row.embargo for row in facts if row.embargo.is_broken]
    return ReleaseFacts(
        words=facts[0].words,
        embargo=next(iter(broken), facts[0].embargo),
        periods=list(dict.fromkeys(period for row in facts for period in row.periods)),
        findings=[
            replace(finding, message=f"{quote_headline(edition.headline)}: {finding.message}")
            for edition, row in zip(editions, facts, strict=True)
            for finding in row.findings
        ],
    )


def _find_hold(edition: Edition, decision: ConfirmedDecision) -> str:
    """Return the decision that puts this edition on hold instead, if there is one."""
    if decision.key in ("approve-and-schedule", "approve-now"):
        return "approve-and-hold"
    return "hold" if edition.is_scheduled(decision.at) else ""


def _list_other_approvers(edition: Edition, by: User) -> list[str]:
    """Return who else could approve these words now."""
    editors = User.objects.filter(is_active=True, groups__name__in=EDITORS).distinct()
    others = editors.exclude(pk__in={by.pk, *edition.contributor_ids})
    return [get_display_name(user) for user in others.order_by("first_name", "username")[:8]]


def _count_mailed() -> dict[str, int]:
    """Return how many people of each kind get mail about an urgent release."""
    members = User.objects.filter(is_active=True).exclude(email="")
    managers = members.filter(groups__name__in=MANAGERS).distinct().count()
    editors = members.filter(groups__name__in=EDITORS).distinct().count()
    return {"editors": editors - managers, "managers": managers}


def _read_time(request: HttpRequest, at: dt.datetime) -> str:
    """Return when the review was read that led here, as a time of the day."""
    try:
        read_at = dt.datetime.fromisoformat(request.GET.get("read_at", ""))
    except ValueError:
        return ""
    is_recent = timezone.is_aware(read_at) and at - dt.timedelta(days=1) < read_at <= at
    return f"{timezone.localtime(read_at):%H:%M}" if is_recent else ""


def describe_words(edition: Edition, read_time: str) -> str:
    """Say which words are decided on."""
    if read_time:
        said = _("Edition %(number)s, exactly as you read it at %(time)s.")
        return said % {"number": edition.sequence, "time": read_time}
    return _("Edition %(number)s, exactly as it is in the review.") % {"number": edition.sequence}
