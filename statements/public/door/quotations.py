"""Whether words stand in an edition that may be read, and whether it still stands.

The index of fingerprints says where to look; the words themselves decide.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from statements.asked_words import Asked
from statements.models import Edition
from statements.nearest import Near, nearest
from statements.public.door.fingerprints import MOST_HOLDING, holding, sharing
from statements.public.editions import (
    PUBLIC,
    Notice,
    Release,
    open_edition,
    past_editions,
    public_editions,
    surroundings,
    withdrawn,
    withdrawn_editions,
)
from statements.quotable import Found, find

MOST_SHOWN = 5
MOST_COMPARED = 8  # editions whose words are laid beside those that were asked for
MOST_LIKELY = 60


@dataclass(frozen=True)
class Standing:
    """An edition that may be read now: the current one, one under a notice, or an earlier one."""

    edition: Edition
    is_current: bool
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Said:
    """Where the words stand, and what has happened since; `notice` where the statement stands under
    one now, the words in an earlier edition of it perhaps."""

    standing: Standing
    found: Found
    releases: Sequence[Release] = ()
    notice: Notice | None = None


@dataclass(frozen=True)
class Answer:
    """`asked` is the way in which the words were meant; `said` is empty where they stand nowhere.

    `is_sure` False: they are made of words that stand in more editions than can be read at once.
    """

    asked: Asked
    said: Sequence[Said] = ()
    more: bool = False
    near: tuple[Said, Near] | None = None
    is_sure: bool = True


def since(*, at: dt.datetime) -> dt.datetime | None:
    """When the oldest statement that is public now came out; None before the first. One query, one
    step along the index of newest releases from its other end."""
    return (
        public_editions(at=at)
        .filter(first_release_at__lte=at)
        .order_by("first_release_at", "statement_id")
        .values_list("first_release_at", flat=True)
        .first()
    )


def answer(meanings: Sequence[Asked], *, at: dt.datetime) -> Answer:
    """The first meaning whose words one voice said somewhere; else, one whose words stand there;
    else, what comes nearest.

    Queries: four for each meaning, as many where words were left out, three for each statement
    shown.
    """
    is_sure, across = True, None
    for asked in meanings:
        for prints in asked.prints():
            ids = holding(prints, at=at)
            said = _said(asked, ids, at)
            if any(one.found.is_one_voice for one in said):
                return _told(asked, said, at)
            if said and across is None:
                across = asked, said
            is_sure = is_sure and len(ids) < MOST_HOLDING
    if across:
        return _told(*across, at)
    # The last meaning has the fewest words about it that belong to somebody else.
    asked = meanings[-1]
    return Answer(asked, near=_near(asked, at), is_sure=is_sure)


def _told(asked: Asked, said: list[Said], at: dt.datetime) -> Answer:
    shown = [_with_its_story(one, at) for one in said[:MOST_SHOWN]]
    return Answer(asked, shown, more=len(said) > MOST_SHOWN)


def _said(asked: Asked, ids: Sequence[int], at: dt.datetime) -> list[Said]:
    """One edition of each statement, newest first; one more than are shown, at most."""
    found: list[Said] = []
    for _, of_statement in groupby(_readable(ids, at), key=lambda one: one.edition.statement_id):
        holders = (
            Said(standing, where)
            for standing in of_statement
            if (where := find(standing.edition.words, asked.keys))
        )
        if first := next(holders, None):
            found.append(first)
        if len(found) > MOST_SHOWN:
            break
    return found


def _readable(ids: Iterable[int], at: dt.datetime) -> list[Standing]:
    """Those that may be read now: statements newest first, of each the one that stands first."""
    ids = list(ids)
    if not ids:
        return []
    found = [Standing(e, True) for e in _some(public_editions(at=at), ids)]
    rest = set(ids) - {one.edition.pk for one in found}
    if rest:
        found += [Standing(e, False, True) for e in _some(withdrawn_editions(at=at), rest)]
        found += [Standing(e, False) for e in _some(past_editions(at=at), rest)]

    def newest_first(one: Standing) -> tuple:
        edition = one.edition
        assert edition.first_release_at, "What may be read was released."
        order = (edition.first_release_at, edition.statement_id)
        return (*order, one.is_current or one.is_withdrawn, edition.release_at, edition.pk)

    return sorted(found, key=newest_first, reverse=True)


def _some(editions, ids: Iterable[int]) -> Iterator[Edition]:
    return editions.filter(pk__in=list(ids)).only(*PUBLIC)


def _with_its_story(said: Said, at: dt.datetime) -> Said:
    """With every release of its statement so far, and the notice that it stands under."""
    standing = said.standing
    opened = open_edition(standing.edition)
    around = surroundings(opened, at=at)
    under = None if standing.is_current else withdrawn(standing.edition.slug, at=at)
    return replace(said, releases=around.releases, notice=under.notice if under else None)


def _near(asked: Asked, at: dt.datetime) -> tuple[Said, Near] | None:
    """The passage that is most like these words, among the editions that share the most of them."""
    wanted = {number for prints in asked.prints() for number in prints}
    counted = Counter(sharing(wanted, at=at))
    likely = sorted(counted, key=lambda pk: (counted[pk], pk), reverse=True)
    compared: list[tuple[Standing, Near]] = []
    left = MOST_COMPARED
    for start in range(0, len(likely), MOST_LIKELY):
        some = likely[start : start + MOST_LIKELY]
        places = {pk: place for place, pk in enumerate(some)}
        readable = sorted(_readable(some, at), key=lambda one: places[one.edition.pk])
        compared += [
            (standing, near)
            for standing in readable[:left]
            if (near := nearest(standing.edition.words, asked.text))
        ]
        left -= len(readable)
        if left <= 0:
            break
    if not compared:
        return None
    standing, near = max(compared, key=lambda one: (one[1].share, one[0].is_current))
    return _with_its_story(Said(standing, Found([])), at), near
