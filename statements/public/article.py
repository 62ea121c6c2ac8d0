"""An edition as a page sets it: plain data for the templates. No queries."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import rendering
from statements.content.byline import describe_speaker
from statements.content.languages import LANGUAGES, direction
from statements.files.document_types import said_size, said_type
from statements.published.editions import Named

LANGUAGE_NAMES = dict(LANGUAGES)


@dataclass(frozen=True)
class Section:
    """A quotation, or narration, with what stands above it. `number` counts the quotations;
    `source` is who speaks, in which role and for whom."""

    heading: str
    attribution: str
    speaker: str
    source: str
    number: int | None
    html: SafeString
    voice: "Voice | None" = None


@dataclass(frozen=True)
class Voice:
    """Who speaks, named as on the day; `slug` only where readers can follow it."""

    name: str
    role: str
    organisation: str
    slug: str


@dataclass(frozen=True)
class Picture:
    """A picture with an address for each of its widths; `full` is the one to download."""

    address: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    terms: str
    full: str
    label: str


@dataclass(frozen=True)
class Document:
    address: str
    title: str
    credit: str
    terms: str
    label: str


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
    pictures: list[Picture]
    documents: list[Document]


def article(
    content: Mapping[str, Any], speakers: list[Named], address: Callable[[str, str], str]
) -> Article:
    """The frozen words, set. Speakers are those whom the edition is listed under; `address` says
    where the bytes of a digest and name are to be had."""
    files = content.get("files", [])
    ways = _ways(speakers)
    return Article(
        language=content["language"],
        direction=direction(content["language"]),
        headline=content["headline"],
        summary=content["summary"],
        dated_on=content["dated_on"],
        publisher=content["organisation"],
        responds_to=content["responds_to"],
        voices=_voices(content, ways),
        sections=_sections(content, ways),
        notes=rendering.render_notes(content),
        pictures=[_picture(one, address) for one in files if is_picture(one)],
        documents=[_document(one, address) for one in files if not is_picture(one)],
    )


def is_picture(file: Mapping[str, Any]) -> bool:
    return file["type"].startswith("image/")


def label(file: Mapping[str, Any]) -> str:
    """What a reader is told before a download: JPEG, 2.3 MB."""
    return f"{said_type(file['type'])}, {said_size(file['size'])}"


def _picture(file: Mapping[str, Any], address: Callable[[str, str], str]) -> Picture:
    """A picture of the width of a column, and those that a browser may choose instead."""
    sizes = file["narrower"] or [file]
    shown = sizes[min(1, len(sizes) - 1)]
    return Picture(
        address=address(shown["digest"], file["name"]),
        srcset=", ".join(
            f"{address(one['digest'], file['name'])} {one['width']}w" for one in sizes
        ),
        width=shown["width"],
        height=shown["height"],
        alt=file["alt"],
        caption=file["title"],
        credit=file["credit"],
        terms=file["terms"],
        full=address(file["digest"], file["name"]),
        label=label(file),
    )


def _document(file: Mapping[str, Any], address: Callable[[str, str], str]) -> Document:
    return Document(
        address=address(file["digest"], file["name"]),
        title=file["title"] or file["name"],
        credit=file["credit"],
        terms=file["terms"],
        label=label(file),
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
            voice = _voice(one, ways)
            found[voice.name, voice.role, voice.organisation] = voice
    return list(found.values())


def _voice(speaker: Mapping[str, Any], ways: Mapping[str, str]) -> Voice:
    body = (speaker["organisation"] or {}).get("name", "")
    return Voice(speaker["name"], speaker["role"], body, ways.get(speaker["slug"], ""))


def _sections(content: Mapping[str, Any], ways: Mapping[str, str]) -> list[Section]:
    """Passages, those joined that are one quotation still."""
    found: list[Section] = []
    for passage in rendering.render_passages(content):
        if passage.quoted and passage.number is None and found:
            last = found.pop()
            html = mark_safe(f"{last.html}\n{passage.html}")  # noqa: S308 - both came from wording
            found.append(replace(last, html=html))
        else:
            found.append(
                Section(
                    heading=passage.heading,
                    attribution=passage.attribution,
                    speaker=passage.speaker["name"] if passage.speaker else "",
                    source=describe_speaker(passage.speaker) if passage.speaker else "",
                    number=passage.number,
                    html=passage.html,
                    voice=_voice(passage.speaker, ways) if passage.speaker else None,
                )
            )
    return found


def dialled(phone: str) -> str:
    """A printed telephone number as a tel: address needs it: 020 7946 0000 -> 02079460000."""
    return re.sub(r"[^+0-9]", "", phone.replace("(0)", "") if "+" in phone else phone)


def reachable(contact: Mapping[str, str]) -> dict[str, str]:
    """A press contact with, beside each number as printed, the one to dial."""
    numbers = {f"{name}_dialled": dialled(contact[name]) for name in contact if "phone" in name}
    return dict(contact) | numbers
