"""What a statement is found by: its frozen words as tokens. Pure functions over plain data.

A token is a stem with its language, `librari.en`, so that one language's endings never meet
another's words; or a place in the record: `theme:7`, `speaker:3`, `kind:speech`, `month:204403`.
Both databases are given these tokens, in this order, and so give the same answers.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from statements.content import schema
from statements.search.stemming import base_language, stem_text

MAX_STEM_CHARS = 60
"""Characters of a stem that count; what is longer is no word, and an index has its limits."""
MAX_POSITION = 16383  # PostgreSQL counts no further
MAX_TSVECTOR_BYTES = 900_000  # it takes a megabyte, and a thousandth of that is a long speech
TEXT_BREAK = "|"
"""Stands between two texts, so that no phrase begins in one and ends in the other."""


@dataclass(frozen=True)
class EditionFacets:
    """Where an edition stands in the record, by row number."""

    kind: str
    first_release_at: dt.datetime
    themes: Iterable[int] = ()
    speakers: Iterable[int] = ()
    organisations: Iterable[int] = ()

    def to_tokens(self) -> list[str]:
        """Those that readers can ask for; the month is only a way to find the newest."""
        found = [f"kind:{self.kind}"]
        for what, rows in (
            ("theme", self.themes),
            ("speaker", self.speakers),
            ("organisation", self.organisations),
        ):
            found += [f"{what}:{pk}" for pk in sorted(rows)]
        return found


@dataclass(frozen=True)
class SearchTerms:
    """The tokens of an edition, text by text, with spaces between them."""

    headline: str
    names: str
    summary: str
    body: str
    vector: str
    facets: str = ""
    month: str = ""

    def to_text(self) -> str:
        """Every token where it stands, with breaks between the texts."""
        return f"{_join_with_breaks(self._texts)} {TEXT_BREAK} {self.facets} {self.month}"

    def to_tsvector(self) -> str:
        """The same in PostgreSQL's own notation. In what places stand nobody asks for an order."""
        return " ".join(
            [self.vector, *map(quote_token, self.facets.split()), quote_token(self.month)]
        )

    def list_stems(self) -> set[str]:
        """Every stem once, with its language, `librari.en`."""
        return set(" ".join(self._texts).split()) - {TEXT_BREAK}

    def with_facets(self, facets: EditionFacets) -> "SearchTerms":
        """The same words where they stand in the record."""
        places = " ".join(facets.to_tokens())
        return replace(self, facets=places, month=format_month_token(facets.first_release_at))

    @property
    def _texts(self) -> tuple[str, ...]:
        return self.headline, self.names, self.summary, self.body


def terms_of_content(content: Mapping[str, Any]) -> SearchTerms:
    """What the words themselves say, wherever they are to stand."""
    language = base_language(content["language"])
    texts = (
        _join_with_breaks(_tokenise_text(text, language) for text in _texts(content, "headline")),
        _join_with_breaks(_list_names(content, language)),
        _join_with_breaks(_tokenise_text(text, language) for text in _texts(content, "summary")),
        _join_with_breaks(_tokenise_text(text, language) for text in list_body_texts(content)),
    )
    return SearchTerms(*texts, vector=format_tsvector(_join_with_breaks(texts)))


def _tokenise_text(text: str, language: str) -> str:
    return " ".join(make_word_tokens(text, language))


def _join_with_breaks(texts: Iterable[str]) -> str:
    """All in one, with a break between each and the next."""
    return f" {TEXT_BREAK} ".join(texts)


def format_tsvector(tokens: str) -> str:
    """Tokens in PostgreSQL's own notation, each with the places where it stands."""
    found: dict[str, str] = {}
    size = 0
    for position, token in enumerate(_escape_quotes(tokens).split(), start=1):
        if token in found:
            if position <= MAX_POSITION:
                found[token] += f",{position}"
        elif token != TEXT_BREAK:
            size += len(token.encode()) + 10
            if size > MAX_TSVECTOR_BYTES:
                break
            found[token] = f"'{token}':{position}" if position <= MAX_POSITION else f"'{token}'"
    return " ".join(found.values())


def quote_token(token: str) -> str:
    return f"'{_escape_quotes(token)}'"


def _escape_quotes(tokens: str) -> str:
    return tokens.replace("\\", "\\\\").replace("'", "''")


def make_word_tokens(text: str, language: str) -> list[str]:
    end = f".{base_language(language)}"
    return [stem[:MAX_STEM_CHARS] + end for stem in stem_text(text, language)]


def format_month_token(at: dt.datetime) -> str:
    return f"month:{at.astimezone(dt.UTC):%Y%m}"


def list_body_texts(content: Mapping[str, Any]) -> list[str]:
    """Everything else that stands on the page, as plain texts."""
    return [
        *(p["attribution"] for p in content["passages"] if p["attribution"]),
        *spoken_texts(content),
    ]


def spoken_texts(content: Mapping[str, Any]) -> list[str]:
    """What is said, without the lines that announce a speaker; the passages first."""
    return _texts(content, "body")


def _texts(content: Mapping[str, Any], part: schema.Search) -> list[str]:
    """The texts of the fields that this part of the index is made of."""
    fields = [field for field in schema.FIELDS if field.search == part]
    fields.sort(key=lambda field: field.type is not schema.PASSAGES)
    return [text for field in fields for text in field.texts_in(content)]


def _list_names(content: Mapping[str, Any], language: str) -> list[str]:
    """Who publishes and who speaks, as whom, each name apart from the next."""
    voices = [passage["speaker"] for passage in content["passages"] if passage["speaker"]]
    bodies = [content["organisation"], *(voice["organisation"] for voice in voices)]
    texts = [text for voice in voices for text in (voice["name"], voice["role"])]
    texts += [text for body in bodies if body for text in (body["name"], body.get("short_name"))]
    return [_tokenise_text(text, language) for text in dict.fromkeys(filter(None, texts))]
