"""What a statement is found by: its frozen words as tokens. Pure functions over plain data.

A token is a stem with its language, `librari.en`, so that one language's endings never meet
another's words; or a place in the record: `theme:7`, `speaker:3`, `kind:speech`, `month:204403`.
Both databases are given these tokens, in this order, and so give the same answers.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from statements.markup import bare_text
from statements.tokens import base, stems

LONGEST = 60
"""Characters of a stem that count; what is longer is no word, and an index has its limits."""
BREAK = "|"
"""Stands between two texts, so that no phrase begins in one and ends in the other."""


@dataclass(frozen=True)
class Place:
    """Where an edition stands in the record, by row number."""

    kind: str
    first_release_at: dt.datetime
    themes: Iterable[int] = ()
    speakers: Iterable[int] = ()
    organisations: Iterable[int] = ()

    def tokens(self) -> list[str]:
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
class Terms:
    """The tokens of an edition, text by text."""

    headline: list[str]
    names: list[str]
    summary: list[str]
    body: list[list[str]]
    places: list[str]
    month: str
    language: str

    def in_order(self) -> list[str]:
        """Every token where it stands, with breaks between the texts."""
        found: list[str] = []
        for text in (self.headline, self.names, self.summary, *self.body):
            found += [*text, BREAK]
        return [*found, *self.places, self.month]

    def stems(self) -> set[str]:
        """Every stem once, with its language, `librari.en`."""
        return set().union(self.headline, self.names, self.summary, *self.body) - {BREAK}

    def at(self, place: Place) -> "Terms":
        """The same words where they stand in the record."""
        return replace(self, places=place.tokens(), month=month(place.first_release_at))


def words_alone(content: Mapping[str, Any]) -> Terms:
    """What the words themselves say, wherever they are to stand."""
    language = base(content["language"])
    return Terms(
        headline=word_tokens(content["headline"], language),
        names=_names(content, language),
        summary=word_tokens(content["summary"], language),
        body=[word_tokens(text, language) for text in body_texts(content)],
        places=[],
        month="",
        language=language,
    )


def word_tokens(text: str, language: str) -> list[str]:
    end = f".{base(language)}"
    return [stem[:LONGEST] + end for stem in stems(text, language)]


def month(at: dt.datetime) -> str:
    return f"month:{at.astimezone(dt.UTC):%Y%m}"


def body_texts(content: Mapping[str, Any]) -> list[str]:
    """Everything else that stands on the page, as plain texts."""
    return [*(p["attribution"] for p in content["passages"] if p["attribution"]), *said(content)]


def said(content: Mapping[str, Any]) -> list[str]:
    """What is said, without the lines that announce a speaker, in the order of the page."""
    texts = []
    for passage in content["passages"]:
        texts += [passage["heading"], *map(_one_line, passage["blocks"])]
    texts += [(content["responds_to"] or {}).get("title", "")]
    texts += map(_one_line, content["notes_to_editors"])
    texts += [file["title"] for file in content.get("files", [])]
    return [text for text in texts if text]


def _one_line(block: str) -> str:
    return " ".join(bare_text(block).split())


def _names(content: Mapping[str, Any], language: str) -> list[str]:
    """Who publishes and who speaks, as whom, each name apart from the next."""
    voices = [passage["speaker"] for passage in content["passages"] if passage["speaker"]]
    bodies = [content["organisation"], *(voice["organisation"] for voice in voices)]
    texts = [text for voice in voices for text in (voice["name"], voice["role"])]
    texts += [text for body in bodies if body for text in (body["name"], body.get("short_name"))]
    found: list[str] = []
    for text in dict.fromkeys(filter(None, texts)):
        found += [*word_tokens(text, language), BREAK]
    return found[:-1]
