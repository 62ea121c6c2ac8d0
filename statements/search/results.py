"""Search: what was typed and the filters beside it, answered page by page.

By date, or by relevance among the newest thousand answers. Relevance asks where in a statement the
words stand, and never how rare they are: that would tell of words that are not public.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import Http404

from statements.search import backend
from statements.search.backend import Answers, Clause, Hit, Question, Told
from statements.search.excerpts import extract
from statements.search.facets import MOST, Beside, counted, uncounted
from statements.search.query import Asked, asked, clauses, stands_in
from statements.search.spelling import offer
from statements.search.statement_list import (
    PAGE,
    ROW,
    Filters,
    place_of,
    question_of_filters,
)
from statements.search.stemming import base
from statements.search.vocabulary import Books, on_the_books

IN_HEADLINE, IN_NAMES, IN_SUMMARY, IN_WORDS = 8, 5, 3, 1


@dataclass(frozen=True)
class Found:
    """One page of answers. `count` stops at MOST, and then there are `more`."""

    asked: Asked
    rows: list
    count: int = 0
    more: bool = False
    newer: str = ""
    older: str = ""
    looked_to: dt.datetime | None = None  # how far back, where not through all there is
    further: str = ""  # the query string that looks on from there
    other_order: str = ""  # the query string of the same search in the other order
    offer: str = ""  # what may have been meant, where nothing answers
    offer_query: str = ""
    everywhere: str = ""  # the query string of the same search without its filters
    beside: Beside | None = None

    @property
    def said(self) -> str:
        """How many there are."""
        if self.more:
            return f"More than {self.count:,} statements"
        return "1 statement" if self.count == 1 else f"{self.count:,} statements"


def found(parameters: Mapping[str, str], wanted: Filters, *, at: dt.datetime) -> Found:
    """At most 20 answers with their extracts. Raises Http404 for a cursor that leads nowhere.

    Two queries for the books, from one to four for the answers, three for their rows, addresses
    and names; one for what stands beside them.
    """
    question_asked = asked(wanted.q)
    if question_asked.problem or wanted.impossible:
        return Found(question_asked, [], beside=counted(wanted, []))
    books = on_the_books()
    question = question_of(question_asked, wanted, books)
    answers = _answers(parameters, question, at)
    hits, last = answers.hits, answers.looked_to
    if not hits and not last:
        return _nothing(question_asked, wanted, books, at)
    told = backend.told(hits[:MOST]) if wanted.sort or len(hits) <= MOST else []
    if wanted.sort == "relevance":
        page = _by_relevance(parameters, question, hits[:MOST], told, wanted)
    else:
        page = _by_date(parameters, question, hits, wanted, at)
    shown, newer, older = page
    return Found(
        question_asked,
        _rows(shown, question_asked, at),
        count=min(len(hits), MOST),
        more=len(hits) > MOST,
        newer=newer,
        older=older,
        looked_to=last.first_release_at if last else None,
        further=wanted.query(sort="", older=backend.slugs([last], at=at)[0]) if last else "",
        other_order=wanted.query(sort="" if wanted.sort else "relevance"),
        beside=_beside(wanted, hits, told, at),
    )


def _answers(parameters: Mapping[str, str], question: Question, at: dt.datetime) -> Answers:
    """The newest; or those from the cursor on, where it lies beyond what was looked through."""
    answers = backend.newest(question, most=MOST + 1, at=at)
    place = place_of(parameters.get("older", ""), at) if answers.looked_to else None
    if place and answers.looked_to and place <= answers.looked_to.place:
        return backend.newest(replace(question, beyond=place), most=MOST + 1, at=at)
    return answers


def _beside(wanted: Filters, hits: list[Hit], told: list[Told], at: dt.datetime) -> Beside:
    if len(hits) > MOST:
        return uncounted(wanted, at=at)
    return counted(
        wanted, [(hit, " ".join(one.names)) for hit, one in zip(hits, told, strict=True)]
    )


def _nothing(read: Asked, wanted: Filters, books: Books, at: dt.datetime) -> Found:
    """No answer; perhaps an offer, which has been looked for and has one."""
    everywhere = Filters(q=wanted.q, sort=wanted.sort).query()
    other = offer(read, books, at=at)
    if other and backend.newest(question_of(other, wanted, books), most=1, at=at).hits:
        query = wanted.query(q=other.typed())
        return Found(read, [], offer=other.typed(), offer_query=query, beside=counted(wanted, []))
    return Found(read, [], everywhere=everywhere, beside=counted(wanted, []))


def question_of(read: Asked, wanted: Filters, books: Books) -> Question:
    """What was typed and the filters, as tokens."""
    question = question_of_filters(wanted)
    typed = clauses(read.wanted, books)
    return replace(
        question,
        wanted=(*typed, *question.wanted),
        unwanted=tuple(clauses(read.unwanted, books)),
    )


# --- By date --------------------------------------------------------------------------------------


def _by_date(
    parameters: Mapping[str, str],
    question: Question,
    hits: list[Hit],
    wanted: Filters,
    at: dt.datetime,
) -> tuple[list[Hit], str, str]:
    """The hits of this page, and the query strings of the newer and the older one.

    Beyond the newest thousand it is asked anew from the cursor on.
    """
    older, newer = parameters.get("older", ""), parameters.get("newer", "")
    place = place_of(older or newer, at)
    if place is None:
        shown, above, below = hits[:PAGE], False, len(hits) > PAGE
    elif older:
        rest = [hit for hit in hits if hit.place < place]
        if len(hits) > MOST and len(rest) <= PAGE:
            rest = backend.newest(replace(question, beyond=place), most=PAGE + 1, at=at).hits
        shown, above, below = rest[:PAGE], True, len(rest) > PAGE
    else:
        rest = [hit for hit in hits if hit.place > place]
        if len(rest) == len(hits):
            upwards = replace(question, beyond=place, upwards=True)
            rest = backend.newest(upwards, most=PAGE + 1, at=at).hits[::-1]
        shown, above, below = rest[-PAGE:], len(rest) > PAGE, True
    if not shown:
        return [], "", ""
    slugs = backend.slugs([shown[0], shown[-1]], at=at)
    if not slugs:  # both were withdrawn since they were found
        return shown, "", ""
    return (
        shown,
        wanted.query(newer=slugs[0]) if above else "",
        wanted.query(older=slugs[-1]) if below else "",
    )


# --- By relevance ---------------------------------------------------------------------------------


def _by_relevance(
    parameters: Mapping[str, str],
    question: Question,
    hits: list[Hit],
    told: list[Told],
    wanted: Filters,
) -> tuple[list[Hit], str, str]:
    """The same by page number; answers that are equally good stay in the order of the dates."""
    number = parameters.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= MOST // PAGE:
        raise Http404
    page = int(number)
    places = sorted(range(len(hits)), key=lambda n: -_worth(told[n], question.wanted))
    shown = [hits[place] for place in places[(page - 1) * PAGE : page * PAGE]]
    return (
        shown,
        wanted.query(page=str(page - 1)) if page > 1 else "",
        wanted.query(page=str(page + 1)) if len(hits) > page * PAGE else "",
    )


def _worth(told: Told, clauses: tuple[Clause, ...]) -> int:
    """How prominently a statement says what was asked; most of all when its headline says all."""
    places = ((told.headline, IN_HEADLINE), (told.names, IN_NAMES), (told.summary, IN_SUMMARY))
    worths = [
        next((worth for tokens, worth in places if _says(tokens, one)), IN_WORDS) for one in clauses
    ]
    whole = IN_HEADLINE if worths and min(worths) == IN_HEADLINE else 0
    return sum(worths) + whole


def _says(tokens: list[str], one: Clause) -> bool:
    return any(
        phrase[0] in tokens and (len(phrase) == 1 or stands_in(phrase, tokens)) for phrase in one
    )


# --- What is shown --------------------------------------------------------------------------------


def _rows(hits: list[Hit], read: Asked, at: dt.datetime) -> list:
    """Editions as the list shows them, each with its `extract`."""
    editions = backend.editions(hits, *ROW, "content", at=at)
    for edition in editions:
        pieces = [piece.phrases([base(edition.language)]) for piece in read.wanted]
        edition.extract = extract(edition.words, pieces)  # type: ignore[attr-defined]
    return editions
