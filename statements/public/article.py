"""An edition as a page sets it: plain data for the templates. No queries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements import wording
from statements.languages import LANGUAGES, direction
from statements.public.editions import Named

LANGUAGE_NAMES = dict(LANGUAGES)


@dataclass(frozen=True)
class Section:
    """A quotation, or narration, with what stands above it. `number` counts the quotations."""

    heading: str
    attribution: str
    speaker: str
    number: int | None
    html: SafeString


@dataclass(frozen=True)
class Voice:
    """Who speaks, named as on the day; `slug` only where readers can follow it."""

    name: str
    role: str
    organisation: str
    slug: str


@dataclass(frozen=True)
class Article:
    language: str
    direction: str
    headline: str
    summary: str
    dated_on: str
    publisher: Mapping[str, str]
    responds_to: Mapping[str, str] | None
    voices: list[Voice]
    sections: list[Section]
    notes: SafeString


def article(content: Mapping[str, Any], speakers: list[Named]) -> Article:
    """The frozen words, set. Speakers are those whom the edition is listed under."""
    return Article(
        language=content["language"],
        direction=direction(content["language"]),
        headline=content["headline"],
        summary=content["summary"],
        dated_on=content["dated_on"],
        publisher=content["organisation"],
        responds_to=content["responds_to"],
        voices=_voices(content, _ways(speakers)),
        sections=_sections(content),
        notes=wording.render_notes(content),
    )


def _ways(speakers: list[Named]) -> dict[str, str]:
    """Every address that these people had → the one where they are found now."""
    former = {old: one.slug for one in speakers for old in one.former}
    return former | {one.slug: one.slug for one in speakers}


def _voices(content: Mapping[str, Any], ways: Mapping[str, str]) -> list[Voice]:
    """Everybody who speaks, once for each role, in the order in which they do."""
    found = {}
    for passage in content["passages"]:
        if one := passage["speaker"]:
            body = (one["organisation"] or {}).get("name", "")
            slug = ways.get(one["slug"], "")
            voice = Voice(one["name"], one["role"], body, slug)
            found[voice.name, voice.role, voice.organisation] = voice
    return list(found.values())


def _sections(content: Mapping[str, Any]) -> list[Section]:
    """Passages, those joined that are one quotation still."""
    found: list[Section] = []
    for passage in wording.render_passages(content):
        if passage.quoted and passage.number is None and found:
            last = found.pop()
            html = mark_safe(f"{last.html}\n{passage.html}")  # noqa: S308 - both came from wording
            found.append(Section(last.heading, last.attribution, last.speaker, last.number, html))
        else:
            name = passage.speaker["name"] if passage.speaker else ""
            found.append(
                Section(passage.heading, passage.attribution, name, passage.number, passage.html)
            )
    return found


def dialled(phone: str) -> str:
    """A printed telephone number as a tel: address needs it: 020 7946 0000 -> 02079460000."""
    return re.sub(r"[^+0-9]", "", phone.replace("(0)", "") if "+" in phone else phone)
