"""Overlaps and gaps in a list of terms of office, as sentences. They are advice.

Plain functions over plain data. A term includes its first and last day. Two people may share a
handover day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Tenure:
    """One person in one role at one organisation. An empty date means no known limit."""

    speaker: str
    role: str
    organisation: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    @property
    def first_day(self) -> dt.date:
        return self.starts_on or dt.date.min

    @property
    def last_day(self) -> dt.date:
        return self.ends_on or dt.date.max


def tenure_warnings(tenures: Iterable[Tenure]) -> list[str]:
    """Return what to check, role by role for each organisation, in date order."""
    roles: dict[tuple[str, str], list[Tenure]] = defaultdict(list)
    for term in tenures:
        roles[" ".join(term.role.casefold().split()), term.organisation].append(term)
    return [warning for _, terms in sorted(roles.items()) for warning in _check_one_role(terms)]


def _check_one_role(terms: list[Tenure]) -> list[str]:
    """Compare each term with the longest-lasting one before it."""
    dated = [term for term in terms if term.starts_on or term.ends_on]
    undated = [term for term in terms if not (term.starts_on or term.ends_on)]
    warnings = [_format_undated(term) for term in undated] if len(terms) > 1 else []
    dated.sort(key=lambda term: (term.first_day, term.last_day))
    longest = None
    for term in dated:
        if longest is not None:
            warnings += _compare_tenures(longest, term)
        if longest is None or term.last_day > longest.last_day:
            longest = term
    return warnings


def _compare_tenures(earlier: Tenure, later: Tenure) -> list[str]:
    if _overlaps(earlier, later):
        return [_format_overlap(earlier, later)]
    if later.first_day > earlier.last_day and later.first_day - earlier.last_day > DAY:
        return [_format_gap(earlier, later)]
    return []


def _overlaps(earlier: Tenure, later: Tenure) -> bool:
    """Say whether the terms overlap by more than a handover between two people."""
    last = min(earlier.last_day, later.last_day)
    if later.first_day > last:
        return False
    handover = (
        later.first_day == earlier.last_day < later.last_day and earlier.speaker != later.speaker
    )
    return not handover


def _format_overlap(earlier: Tenure, later: Tenure) -> str:
    since = format_day(later.first_day) if later.starts_on else _("the beginning")
    last_day = min(earlier.last_day, later.last_day)
    if last_day == later.first_day:
        period = _("on %(day)s") % {"day": format_day(last_day)}
    elif last_day == dt.date.max:
        period = _("from %(start)s") % {"start": since}
    else:
        period = _("from %(start)s to %(end)s") % {"start": since, "end": format_day(last_day)}
    if earlier.speaker == later.speaker:
        return _("%(speaker)s is entered twice as %(role)s %(period)s.") % {
            "speaker": earlier.speaker,
            "role": _format_role(earlier),
            "period": period,
        }
    return _("%(speaker)s and %(other)s are both %(role)s %(period)s.") % {
        "speaker": earlier.speaker,
        "other": later.speaker,
        "role": _format_role(earlier),
        "period": period,
    }


def _format_gap(earlier: Tenure, later: Tenure) -> str:
    days = _format_days(earlier.last_day + DAY, later.first_day - DAY)
    if earlier.speaker == later.speaker:
        return _("%(speaker)s was %(role)s to %(time)s and again from %(end)s: not %(days)s.") % {
            "speaker": earlier.speaker,
            "role": _format_role(earlier),
            "time": format_day(earlier.last_day),
            "end": format_day(later.first_day),
            "days": days,
        }
    return _("%(role)s: %(speaker)s to %(time)s, %(other)s from %(end)s: nobody %(days)s.") % {
        "role": _format_role(earlier),
        "speaker": earlier.speaker,
        "time": format_day(earlier.last_day),
        "other": later.speaker,
        "end": format_day(later.first_day),
        "days": days,
    }


def _format_undated(term: Tenure) -> str:
    return _(
        "%(speaker)s has no dates as %(role)s, and there is another term: give the first or the "
        "last day."
    ) % {"speaker": term.speaker, "role": _format_role(term)}


def _format_role(term: Tenure) -> str:
    return f"{term.role}, {term.organisation}"


def _format_days(first: dt.date, last: dt.date) -> str:
    if first == last:
        return _("on %(time)s") % {"time": format_day(first)}
    if (first.year, first.month) == (last.year, last.month):
        return _("on %(day)s–%(time)s") % {"day": first.day, "time": format_day(last)}
    return _("from %(time)s to %(end)s") % {"time": format_day(first), "end": format_day(last)}


def format_tenure(starts_on: dt.date | None, ends_on: dt.date | None, *, today: dt.date) -> str:
    """Return the months of a tenure for readers: “April 2016 to March 2017”, “since May 2025”.

    A last day in the future is left out: it is for the organisation to announce.
    """
    first = f"{starts_on:%B %Y}" if starts_on else ""
    last = f"{ends_on:%B %Y}" if ends_on and ends_on < today else ""
    if first and last:
        return first if first == last else f"{first} to {last}"
    if last:
        return f"until {last}"
    if starts_on and starts_on > today:
        return f"from {first}"
    return f"since {first}" if first else ""


def format_day(day: dt.date) -> str:
    return f"{day.day} {day:%B} {day.year}"
