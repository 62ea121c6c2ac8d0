"""Say when an edition came out: at an instant, or on a day where an import knows no time.

Every page, feed and export that names a release gets it from here, so that none invents a time.
Lists still sort by `release_at`, which is the first instant of such a day.
"""

import datetime as dt

from django.utils import timezone

ReleaseDate = dt.datetime | dt.date


def get_release_date(
    release_at: dt.datetime,
    first_release_at: dt.datetime | None,
    first_released_on: dt.date | None,
) -> ReleaseDate:
    """Return when an edition came out. Only the first release of a statement can be a day."""
    if first_released_on is not None and release_at == first_release_at:
        return first_released_on
    return release_at


def get_day_start(day: dt.date) -> dt.datetime:
    """Return the first instant of a day in the site's time zone, for sorting."""
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone()).astimezone(dt.UTC)


def format_release_date(released: ReleaseDate) -> str:
    """Return “3 May 2012, 14:05 BST” in the site's time zone, or “3 May 2012”."""
    if isinstance(released, dt.datetime):
        return f"{timezone.localtime(released):%-d %B %Y, %H:%M %Z}"
    return f"{released:%-d %B %Y}"
