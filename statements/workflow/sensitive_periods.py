"""Find the sensitive periods that a release falls into."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Organisation
from statements.models import Edition, SensitivePeriod
from statements.readiness import Problem

WARNING_PERIOD = dt.timedelta(days=14)


def list_publishers(edition: Edition) -> set[int]:
    """Return the ids of all who publish the edition."""
    slugs = [publisher["slug"] for publisher in edition.content_data.get("organisations", [])[1:]]
    if not slugs:
        return {edition.organisation_id}
    joint = Organisation.objects.filter(Q(slug__in=slugs) | Q(former_slugs__slug__in=slugs))
    return {edition.organisation_id, *joint.values_list("pk", flat=True)}


def periods_at(edition: Edition, release_at: dt.datetime | None) -> list[SensitivePeriod]:
    """Return the periods that apply to a publisher at that time; none without a time."""
    if release_at is None:
        return []
    periods = SensitivePeriod.objects.in_force_on(timezone.localdate(release_at))
    return list(periods.for_publishers(list_publishers(edition)))


def relevant_periods(at: dt.datetime, edition: Edition | None = None) -> list[SensitivePeriod]:
    """Return the periods to warn of: those in force, and those that begin within a fortnight.

    Given an edition, those that apply to its publishers, and those at its release time.
    """
    day = timezone.localdate(at)
    near = SensitivePeriod.objects.prefetch_related("organisations").filter(
        starts_on__lte=day + WARNING_PERIOD, ends_on__gte=day
    )
    if edition is None:
        return list(near.order_by("starts_on"))
    periods = list(near.for_publishers(list_publishers(edition)).order_by("starts_on"))
    if edition.is_scheduled(at):
        periods += [
            period for period in periods_at(edition, edition.release_at) if period not in periods
        ]
    return periods


def reason_problems(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Return a problem for each sensitive period at that time, which a reason must answer."""
    return [
        Problem(
            "release_reason",
            _("That time falls into a sensitive period: %(name)s, until %(ends_on)s.")
            % {"name": period.name, "ends_on": f"{period.ends_on:%-d %B %Y}"},
            _("Say why it must go out then, or choose a time after it."),
        )
        for period in periods_at(edition, release_at)
    ]


def event_detail(edition: Edition, release_at: dt.datetime | None) -> dict[str, list[str]]:
    """Return the names of the periods for the detail of a release event."""
    names = [period.name for period in periods_at(edition, release_at)]
    return {"sensitive": names} if names else {}
