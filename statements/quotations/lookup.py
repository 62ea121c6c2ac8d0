"""Whether words stand in an edition that may be read, and whether it still stands.

The index of fingerprints says where to look; the words themselves decide.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models.query import QuerySet

from statements.models import Edition
from statements.publicness import listed_before
from statements.published.editions import (
    PUBLIC,
    Notice,
    past_editions,
    public_editions,
    withdrawn,
    withdrawn_editions,
)
from statements.published.statement_context import Release, releases_of
from statements.quotations.fingerprint_index import holding, sharing
from statements.quotations.input import Asked
from statements.quotations.matching import Found, find
from statements.quotations.nearest import Near, nearest

MOST_SHOWN = 5
MOST_COMPARED = 8  # editions whose words are laid beside those that were asked for
READ_AT_ONCE = 12


@dataclass(frozen=True)
class Standing:
    """An edition that may be read now; not the current one: an earlier one, or under a notice."""

    edition: Edition
    is_current: bool


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
        .filter(listed_before(at))
        .order_by("first_release_at", "statement_id")
        .values_list("first_release_at", flat=True)
        .first()
    )


def answer(meanings: Sequence[Asked], *, at: dt.datetime) -> Answer:
    """The first meaning whose words one voice said somewhere; else, one whose words stand there;
    else, what comes nearest.

    Queries: one to the index and four at the door for each meaning, as many again where words were
    left out, and one for all releases of what is shown.
    """
    is_sure, across = True, None
    for asked in meanings:
        for prints in asked.prints():
            ids, are_all = holding(prints, at=at)
            said = _said(asked, ids, at)
            if any(one.found.is_one_quotation for one in said):
                return _told(asked, said, at)
            if said and across is None:
                across = asked, said
            is_sure = is_sure and are_all
    if across:
        return _told(*across, at)
    # The last meaning has the fewest words about it that belong to somebody else.
    asked = meanings[-1]
    if not is_sure:  # what is near would be told as a no
        return Answer(asked, is_sure=False)
    return Answer(asked, near=_near(asked, at))


def _told(asked: Asked, said: list[Said], at: dt.datetime) -> Answer:
    shown = _with_their_story(said[:MOST_SHOWN], at)
    return Answer(asked, shown, more=len(said) > MOST_SHOWN)


def _said(asked: Asked, ids: Sequence[int], at: dt.datetime) -> list[Said]:
    """One edition of each statement, newest first; one more than are shown, at most."""
    found: list[Said] = []
    seen: set[int] = set()
    for standing in _a_few_at_a_time(ids, at):
        statement = standing.edition.statement_id
        if statement not in seen and (where := find(standing.edition.words, asked.keys)):
            seen.add(statement)
            found.append(Said(standing, where))
        if len(found) > MOST_SHOWN:
            break
    return found


def _a_few_at_a_time(ids: Sequence[int], at: dt.datetime) -> Iterator[Standing]:
    """Those that may be read now, in this order: most often the first ones are enough."""
    for start in range(0, len(ids), READ_AT_ONCE):
        some = ids[start : start + READ_AT_ONCE]
        readable = {one.edition.pk: one for one in _readable(some, at)}
        yield from (readable[pk] for pk in some if pk in readable)


def _readable(ids: Sequence[int], at: dt.datetime) -> list[Standing]:
    found = [Standing(e, True) for e in _among(public_editions(at=at), ids)]
    rest = set(ids) - {one.edition.pk for one in found}
    if rest:
        found += [Standing(e, False) for e in _among(past_editions(at=at), rest)]
        found += [Standing(e, False) for e in _among(withdrawn_editions(at=at), rest)]
    return found


def _among(editions: QuerySet[Edition], ids: Iterable[int]) -> QuerySet[Edition]:
    return editions.filter(pk__in=list(ids)).only(*PUBLIC)


def _with_their_story(said: Sequence[Said], at: dt.datetime) -> list[Said]:
    """With every release of their statements so far, and the notices that these stand under."""
    releases = releases_of([one.standing.edition for one in said], at=at)
    return [
        replace(
            one,
            releases=releases[one.standing.edition.pk],
            notice=None if one.standing.is_current else _notice(one.standing.edition, at),
        )
        for one in said
    ]


def _notice(edition: Edition, at: dt.datetime) -> Notice | None:
    under = withdrawn(edition.slug, at=at)
    return under.notice if under else None


def _near(asked: Asked, at: dt.datetime) -> tuple[Said, Near] | None:
    """The passage that is most like these words, among the editions that share the most of them."""
    counted = sharing(next(reversed([*asked.prints()])), at=at)
    likely = sorted(counted, key=lambda pk: (counted[pk], pk), reverse=True)
    compared: list[tuple[Standing, Near]] = []
    for standing in islice(_a_few_at_a_time(likely, at), MOST_COMPARED):
        if near := nearest(standing.edition.words, asked.text):
            compared.append((standing, near))  # noqa: PERF401 - it reads no more than it compares
    if not compared:
        return None
    standing, near = max(compared, key=lambda one: (one[1].share, one[0].is_current))
    (said,) = _with_their_story([Said(standing, Found([]))], at)
    return said, near
