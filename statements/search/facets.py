"""What stands beside a list: the filters that would leave something, with how many.

Numbers only while the answers are few enough to be counted; beyond that, the themes in use last.
"""

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from statements.caching.versioned_lru import Kept
from statements.published.editions import KINDS
from statements.published.names import themes
from statements.search import backend
from statements.search.backend import Hit
from statements.search.statement_list import Filters, question_of_filters, walk
from statements.search.vocabulary import called

MOST = 1000
"""Answers are counted, ranked and sorted up to so many; what there is beyond is “more”."""
LONGEST = {"theme": 16, "speaker": 8, "organisation": 8}

Answers = Sequence[tuple[Hit, str]]
"""Each with the tokens of its names and of where it is filed."""
_everything: Kept[tuple[Answers | None]] = Kept(most=lambda: 1)
"""All there are on the record, or that they are too many; in a tuple, as None is nothing kept."""
_of_everything: Kept["Beside"] = Kept(most=lambda: 1)
FILED = re.compile(r"\S+:\S+")
"""A token of where a statement is filed; each stands once in its row."""


@dataclass(frozen=True)
class Choice:
    """A filter that can be put in the place of the one that is there; `number` when counted."""

    value: str
    name: str
    query: str
    chosen: bool
    number: int | None = None


@dataclass(frozen=True)
class Beside:
    kinds: list[Choice]
    years: list[Choice] = field(default_factory=list)
    themes: list[Choice] = field(default_factory=list)
    speakers: list[Choice] = field(default_factory=list)
    organisations: list[Choice] = field(default_factory=list)


def answers(wanted: Filters, *, at: dt.datetime) -> Answers | None:
    """All that the filters leave; None where it is too much to count.

    One query; for the whole record, one between two changes of it.
    """
    if wanted.impossible:
        return []
    if not wanted.is_given:
        return _everything.once("", lambda: (_answers(wanted, at),), at=at)[0]
    return _answers(wanted, at)


def _answers(wanted: Filters, at: dt.datetime) -> Answers | None:
    question = question_of_filters(wanted)
    return backend.all_answers(question, most=MOST, at=at, walk=walk(wanted, at=at))


def beside(wanted: Filters, known: Answers | None, *, at: dt.datetime) -> Beside:
    """What stands beside all there is, is made once between two changes of it."""
    if known is None:
        return uncounted(wanted, at=at)
    if wanted.is_given:
        return counted(wanted, known)
    return _of_everything.once("", lambda: counted(wanted, known), at=at)


def counted(wanted: Filters, known: Answers) -> Beside:
    """With numbers, from all the answers there are. One query, for what the tokens are called."""
    tokens = Counter(token for _, names in known for token in _filed(names))
    zone = timezone.get_current_timezone()
    years = Counter(str(hit.first_release_at.astimezone(zone).year) for hit, _ in known)
    named = _named(tokens)
    return Beside(
        kinds=[_kind(wanted, kind, tokens[f"kind:{kind}"]) for kind in KINDS],
        years=[
            Choice(year, year, wanted.query(year=year), year == wanted.year, years[year])
            for year in sorted(years, reverse=True)
        ],
        themes=_choices(wanted, "theme", named),
        speakers=_choices(wanted, "speaker", named),
        organisations=_choices(wanted, "organisation", named),
    )


@functools.lru_cache(maxsize=4 * MOST)
def _filed(names: str) -> tuple[str, ...]:
    """The tokens of where a row is filed. Rows are counted again and again, and seldom change."""
    return tuple(FILED.findall(names))


def uncounted(wanted: Filters, *, at: dt.datetime) -> Beside:
    """Without numbers: too many answers to count. One query, for the themes in use last."""
    recent = themes(at=at)
    return Beside(
        kinds=[_kind(wanted, kind, None) for kind in KINDS],
        themes=[_choice(wanted, "theme", theme.slug, theme.name, None) for theme in recent],
    )


def _named(tokens: Counter[str]) -> dict[str, Counter[tuple[str, str]]]:
    """theme, speaker, organisation → (slug, name) as of now → how many."""
    found: dict[str, Counter[tuple[str, str]]] = {what: Counter() for what in LONGEST}
    for token, filed in called(tokens).items():
        found[filed.what][filed.slug, filed.name] += tokens[token]
    return found


def _choices(wanted: Filters, what: str, named: dict[str, Counter]) -> list[Choice]:
    """Those that stand most often, by name."""
    often = sorted(named[what].items(), key=lambda one: (-one[1], one[0]))[: LONGEST[what]]
    often.sort(key=lambda one: one[0][1].casefold())
    return [_choice(wanted, what, slug, name, number) for (slug, name), number in often]


def _choice(wanted: Filters, what: str, slug: str, name: str, number: int | None) -> Choice:
    given = wanted.people.get(what)
    chosen = given is not None and given.slug == slug
    return Choice(slug, name, wanted.query(**{what: slug}), chosen, number)


def _kind(wanted: Filters, kind: str, number: int | None) -> Choice:
    return Choice(kind, KINDS[kind], wanted.query(kind=kind), kind == wanted.kind, number)
