"""Turn frozen content into the tokens that search finds it by. Pure functions over plain data.

A token is a stem with its language, `librari.en`, so that a stem of one language never matches a
word of another. Or it is a facet: `theme:7`, `speaker:3`, `kind:speech`, `month:204403`. Both
databases store the same tokens in the same order, and so give the same results.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from statements.content import schema
from statements.content.languages import base_language
from statements.search.stemming import list_compounds, stem_text, stem_word

MAX_STEM_CHARS = 60
"""Characters of a stem that are stored: both databases limit the size of a token."""
MAX_POSITION = 16383  # the highest position that a tsvector can store
MAX_TSVECTOR_BYTES = 900_000  # a tsvector has at most 1 MB; a long speech has a thousandth of it
TEXT_BREAK = "|"
"""Separates two texts, so that no phrase begins in one and ends in the other."""

Content = Mapping[str, Any]


@dataclass(frozen=True)
class EditionFacets:
    """What an edition is filed under, by row number."""

    kind: str
    first_release_at: dt.datetime
    themes: Iterable[int] = ()
    speakers: Iterable[int] = ()
    organisations: Iterable[int] = ()

    def to_tokens(self) -> list[str]:
        """Return the tokens of the filters that readers can choose."""
        return format_facets(
            self.kind,
            themes=self.themes,
            speakers=self.speakers,
            organisations=self.organisations,
        )


def format_facets(
    kind: str, *, themes: Iterable[int], speakers: Iterable[int], organisations: Iterable[int]
) -> list[str]:
    """Return the tokens of a kind and of row numbers: kind:speech, theme:7."""
    named = (("theme", themes), ("speaker", speakers), ("organisation", organisations))
    return [f"kind:{kind}", *(f"{facet}:{pk}" for facet, ids in named for pk in sorted(ids))]


@dataclass(frozen=True)
class SearchTerms:
    """The tokens of an edition, text by text, separated by spaces."""

    headline: str
    names: str
    summary: str
    body: str
    vector: str
    facets: str = ""
    month: str = ""

    def to_text(self) -> str:
        """Return all tokens in their order, with breaks between the texts."""
        return f"{_join_with_breaks(self.texts)} {TEXT_BREAK} {self.facets} {self.month}"

    def to_tsvector(self) -> str:
        """Return all tokens in PostgreSQL's notation. Facets have no positions: none is needed."""
        return " ".join(
            [self.vector, *map(quote_token, self.facets.split()), quote_token(self.month)]
        )

    def list_stems(self) -> set[str]:
        """Return every stem once, with its language: `librari.en`."""
        return set(" ".join(self.texts).split()) - {TEXT_BREAK}

    def with_facets(self, facets: EditionFacets) -> "SearchTerms":
        """Return the same terms, filed under these facets."""
        tokens = " ".join(facets.to_tokens())
        return replace(self, facets=tokens, month=format_month_token(facets.first_release_at))

    @property
    def texts(self) -> tuple[str, ...]:
        """The tokens of headline, names, summary and body."""
        return self.headline, self.names, self.summary, self.body


def join_terms(documents: Iterable[SearchTerms], facets: Iterable[str]) -> tuple[str, str]:
    """Return the tokens of several texts and of facets, as a text and in PostgreSQL's notation."""
    words = _join_with_breaks(_join_with_breaks(terms.texts) for terms in documents)
    facets = list(facets)
    vector = " ".join([format_tsvector(words), *map(quote_token, facets)])
    return f"{words} {TEXT_BREAK} {' '.join(facets)}", vector


def terms_of_content(content: Content) -> SearchTerms:
    """Return the terms of this content, not yet filed under any facet."""
    language = content["language"]
    texts = (
        _tokenise_texts(_list_texts(content, "headline"), language),
        _tokenise_texts(list_names(content), language),
        _tokenise_texts(_list_texts(content, "summary"), language),
        _tokenise_texts(list_body_texts(content), language),
    )
    return SearchTerms(*texts, vector=format_tsvector(_join_with_breaks(texts)))


def _tokenise_texts(texts: Iterable[str], language: str) -> str:
    return _join_with_breaks(" ".join(make_index_tokens(text, language)) for text in texts)


def _join_with_breaks(texts: Iterable[str]) -> str:
    return f" {TEXT_BREAK} ".join(texts)


def format_tsvector(tokens: str) -> str:
    """Return the tokens in PostgreSQL's notation, each with its positions."""
    lexemes: dict[str, str] = {}
    size = 0
    for position, token in enumerate(_escape_quotes(tokens).split(), start=1):
        if token in lexemes:
            if position <= MAX_POSITION:
                lexemes[token] += f",{position}"
        elif token != TEXT_BREAK:
            size += len(token.encode()) + 10
            if size > MAX_TSVECTOR_BYTES:
                break
            lexemes[token] = f"'{token}':{position}" if position <= MAX_POSITION else f"'{token}'"
    return " ".join(lexemes.values())


def quote_token(token: str) -> str:
    return f"'{_escape_quotes(token)}'"


def _escape_quotes(tokens: str) -> str:
    return tokens.replace("\\", "\\\\").replace("'", "''")


def make_word_tokens(text: str, language: str) -> list[str]:
    suffix = f".{base_language(language)}"
    return [stem[:MAX_STEM_CHARS] + suffix for stem in stem_text(text, language)]


def make_index_tokens(text: str, language: str) -> list[str]:
    """Return the tokens of the words, then those of compounds written as one word, with breaks."""
    tokens = make_word_tokens(text, language)
    for compound in list_compounds(text):
        tokens += [TEXT_BREAK, make_token(compound, language)]
    return tokens


def make_token(word: str, language: str) -> str:
    return f"{stem_word(word, language)[:MAX_STEM_CHARS]}.{base_language(language)}"


def format_month_token(at: dt.datetime) -> str:
    return f"month:{at.astimezone(dt.UTC):%Y%m}"


# --- The texts of the content ---------------------------------------------------------------------


def list_body_texts(content: Content) -> list[str]:
    """Return everything but headline, summary and names as plain texts, attributions first."""
    attributions = [passage["attribution"] for passage in schema.list_passages(content)]
    return [*filter(None, attributions), *spoken_texts(content)]


def spoken_texts(content: Content) -> list[str]:
    """Return the texts of the body without attribution lines; the passages come first."""
    return _list_texts(content, "body")


def list_names(content: Content) -> list[str]:
    """Return who publishes, who speaks and in which role, each name once."""
    passages = schema.list_passages(content)
    speakers = [passage["speaker"] for passage in passages if passage["speaker"]]
    organisations = [*content["organisations"], *(speaker["organisation"] for speaker in speakers)]
    names = [text for speaker in speakers for text in (speaker["name"], speaker["role"])]
    for organisation in filter(None, organisations):
        names += [organisation["name"], organisation.get("short_name")]
    return list(dict.fromkeys(filter(None, names)))


def _list_texts(content: Content, part: schema.Search) -> list[str]:
    fields = [field for field in schema.FIELDS if field.search == part]
    fields.sort(key=lambda field: field.type is not schema.BLOCKS)
    return [text for field in fields for text in field.texts_in(content)]
