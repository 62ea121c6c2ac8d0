"""What stands out in a list of terms of office: overlaps and gaps, as sentences. Advice, no wall.

Plain functions over plain data. Both days of a term belong to it, and a handover day that the one
who goes shares with the one who comes is as it should be.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """One person in one role at one body. No first day: since ever; no last day: it goes on."""

    who: str
    role: str
    body: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None

    @property
    def first(self) -> dt.date:
        return self.starts_on or dt.date.min

    @property
    def last(self) -> dt.date:
        return self.ends_on or dt.date.max


def findings(terms: Iterable[Term]) -> list[str]:
    """What to look at, for each role at each body on its own, in the order of the dates."""
    roles: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        roles[" ".join(term.role.casefold().split()), term.body].append(term)
    return [sentence for _, held in sorted(roles.items()) for sentence in _of_one_role(held)]


def _of_one_role(terms: list[Term]) -> list[str]:
    """Each term is compared with the one before it that lasts longest."""
    dated = [term for term in terms if term.starts_on or term.ends_on]
    undated = [term for term in terms if not (term.starts_on or term.ends_on)]
    found = [_undated(term) for term in undated] if len(terms) > 1 else []
    dated.sort(key=lambda term: (term.first, term.last))
    before = None
    for term in dated:
        if before is not None:
            found += _between(before, term)
        if before is None or term.last > before.last:
            before = term
    return found


def _between(one: Term, other: Term) -> list[str]:
    if _overlap(one, other):
        return [_overlapping(one, other)]
    if other.first > one.last and other.first - one.last > DAY:
        return [_gap(one, other)]
    return []


def _overlap(one: Term, other: Term) -> bool:
    """More than a handover day in common; the same person twice on one day is no handover."""
    last = min(one.last, other.last)
    if other.first > last:
        return False
    handover = other.first == one.last < other.last and one.who != other.who
    return not handover


def _overlapping(one: Term, other: Term) -> str:
    since = said(other.first) if other.starts_on else "the beginning"
    ends = min(one.last, other.last)
    when = f"on {said(ends)}" if ends == other.first else f"from {since}"
    if ends not in (other.first, dt.date.max):
        when += f" to {said(ends)}"
    if one.who == other.who:
        return f"{one.who} is entered twice as {_place(one)} {when}."
    return f"{one.who} and {other.who} are both {_place(one)} {when}."


def _gap(one: Term, other: Term) -> str:
    days = _days(one.last + DAY, other.first - DAY)
    if one.who == other.who:
        return (
            f"{one.who} was {_place(one)} to {said(one.last)} and again from "
            f"{said(other.first)}: not {days}."
        )
    return (
        f"{_place(one)}: {one.who} to {said(one.last)}, {other.who} from {said(other.first)}: "
        f"nobody {days}."
    )


def _undated(term: Term) -> str:
    return (
        f"{term.who} has no dates as {_place(term)}, where another term stands as well: "
        "give the first or the last day."
    )


def _place(term: Term) -> str:
    return f"{term.role}, {term.body}"


def _days(first: dt.date, last: dt.date) -> str:
    if first == last:
        return f"on {said(first)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"on {first.day}–{said(last)}"
    return f"from {said(first)} to {said(last)}"


def in_months(starts_on: dt.date | None, ends_on: dt.date | None, *, today: dt.date) -> str:
    """When a role was held, as readers are told it: “April 2016 to March 2017”, “since May 2025”.

    A last day that is still to come is not told: who leaves, and when, is for them to announce.
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


def said(day: dt.date) -> str:
    return f"{day.day} {day:%B} {day.year}"
