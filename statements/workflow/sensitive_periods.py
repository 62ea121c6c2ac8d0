"""Sensitive periods: which of them a release falls into, and the reason that it then needs."""

import datetime as dt

from django.utils import timezone

from statements.content import html
from statements.models import Edition, SensitivePeriod
from statements.readiness import Problem

WARNING_PERIOD = dt.timedelta(days=14)


def periods_at(edition: Edition, release_at: dt.datetime | None) -> list[SensitivePeriod]:
    """The periods that bind the publisher of these words at that time; none for a hold."""
    if release_at is None:
        return []
    periods = SensitivePeriod.objects.in_force_on(timezone.localdate(release_at))
    return list(periods.for_organisation(edition.organisation_id))


def relevant_periods(at: dt.datetime, edition: Edition | None = None) -> list[SensitivePeriod]:
    """What the newsdesk should know of now: periods that are on, or begin within a fortnight.

    Given an edition, those that bind its publisher, and those into which its release falls.
    """
    day = timezone.localdate(at)
    near = SensitivePeriod.objects.prefetch_related("organisations").filter(
        starts_on__lte=day + WARNING_PERIOD, ends_on__gte=day
    )
    if edition is None:
        return list(near.order_by("starts_on"))
    found = list(near.for_organisation(edition.organisation_id).order_by("starts_on"))
    if edition.is_scheduled(at):
        found += [one for one in periods_at(edition, edition.release_at) if one not in found]
    return found


def reason_problems(edition: Edition, release_at: dt.datetime | None, reason: str) -> list[Problem]:
    """A release in a sensitive period needs a reason in words; everything else needs none."""
    if html.normalise_text(reason).strip():
        return []
    return [
        Problem(
            "sensitive_reason",
            f"That time falls into a sensitive period: {period.name}, until "
            f"{period.ends_on:%-d %B %Y}.",
            "Say why it must go out then, or choose a time after it.",
        )
        for period in periods_at(edition, release_at)
    ]


def event_detail(edition: Edition, release_at: dt.datetime | None) -> dict:
    """The names of the periods, for the detail of a release's event; empty outside of them."""
    names = [period.name for period in periods_at(edition, release_at)]
    return {"sensitive": names} if names else {}
