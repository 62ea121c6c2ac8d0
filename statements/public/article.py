"""An edition as a page sets it: plain data for the templates. No queries."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import rendering
from statements.content.byline import describe_speaker
from statements.content.languages import LANGUAGES, get_text_direction
from statements.files.document_types import format_size, get_type_label
from statements.published.editions import PublicName

LANGUAGE_NAMES = dict(LANGUAGES)


@dataclass(frozen=True)
class ArticleSection:
    """A quotation, or narration, with what stands above it. `number` counts the quotations;
    `source` is who speaks, in which role and for whom."""

    heading: str
    attribution: str
    speaker: str
    source: str
    number: int | None
    html: SafeString
    voice: "ArticleVoice | None" = None


@dataclass(frozen=True)
class ArticleVoice:
    """Who speaks, named as on the day; `slug` only where readers can follow it."""

    name: str
    role: str
    organisation: str
    slug: str


@dataclass(frozen=True)
class ArticlePicture:
    """A picture with an address for each of its widths; `full` is the one to download."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    terms: str
    download_url: str
    label: str


@dataclass(frozen=True)
class ArticleDocument:
    url: str
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
    voices: list[ArticleVoice]
    sections: list[ArticleSection]
    notes: SafeString
    pictures: list[ArticlePicture]
    documents: list[ArticleDocument]


def build_article(
    content: Mapping[str, Any], speakers: list[PublicName], address: Callable[[str, str], str]
) -> Article:
    """The frozen words, set. Speakers are those whom the edition is listed under; `address` says
    where the bytes of a digest and name are to be had."""
    files = content.get("files", [])
    ways = _current_slugs(speakers)
    return Article(
        language=content["language"],
        direction=get_text_direction(content["language"]),
        headline=content["headline"],
        summary=content["summary"],
        dated_on=content["dated_on"],
        publisher=content["organisation"],
        responds_to=content["responds_to"],
        voices=_collect_voices(content, ways),
        sections=_build_sections(content, ways),
        notes=rendering.render_notes(content),
        pictures=[_build_picture(one, address) for one in files if is_picture(one)],
        documents=[_build_document(one, address) for one in files if not is_picture(one)],
    )


def is_picture(file: Mapping[str, Any]) -> bool:
    return file["type"].startswith("image/")


def format_file_label(file: Mapping[str, Any]) -> str:
    """What a reader is told before a download: JPEG, 2.3 MB."""
    return f"{get_type_label(file['type'])}, {format_size(file['size'])}"


def _build_picture(file: Mapping[str, Any], address: Callable[[str, str], str]) -> ArticlePicture:
    """A picture of the width of a column, and those that a browser may choose instead."""
    sizes = file["narrower"] or [file]
    shown = sizes[min(1, len(sizes) - 1)]
    return ArticlePicture(
        url=address(shown["digest"], file["name"]),
        srcset=", ".join(
            f"{address(one['digest'], file['name'])} {one['width']}w" for one in sizes
        ),
        width=shown["width"],
        height=shown["height"],
        alt=file["alt"],
        caption=file["title"],
        credit=file["credit"],
        terms=file["terms"],
        download_url=address(file["digest"], file["name"]),
        label=format_file_label(file),
    )


def _build_document(file: Mapping[str, Any], address: Callable[[str, str], str]) -> ArticleDocument:
    return ArticleDocument(
        url=address(file["digest"], file["name"]),
        title=file["title"] or file["name"],
        credit=file["credit"],
        terms=file["terms"],
        label=format_file_label(file),
    )


def _current_slugs(speakers: list[PublicName]) -> dict[str, str]:
    """Every address that these people had → the one where they are found now."""
    former = {old: one.slug for one in speakers for old in one.former_slugs}
    return former | {one.slug: one.slug for one in speakers}


def _collect_voices(content: Mapping[str, Any], ways: Mapping[str, str]) -> list[ArticleVoice]:
    """Everybody who speaks, once for each role, in the order in which they do."""
    found = {}
    for passage in content["passages"]:
        if one := passage["speaker"]:
            voice = _build_voice(one, ways)
            found[voice.name, voice.role, voice.organisation] = voice
    return list(found.values())


def _build_voice(speaker: Mapping[str, Any], ways: Mapping[str, str]) -> ArticleVoice:
    body = (speaker["organisation"] or {}).get("name", "")
    return ArticleVoice(speaker["name"], speaker["role"], body, ways.get(speaker["slug"], ""))


def _build_sections(content: Mapping[str, Any], ways: Mapping[str, str]) -> list[ArticleSection]:
    """Passages, those joined that are one quotation still."""
    found: list[ArticleSection] = []
    for passage in rendering.render_passages(content):
        if passage.is_quoted and passage.number is None and found:
            last = found.pop()
            html = mark_safe(f"{last.html}\n{passage.html}")  # noqa: S308 - both came from wording
            found.append(replace(last, html=html))
        else:
            found.append(
                ArticleSection(
                    heading=passage.heading,
                    attribution=passage.attribution,
                    speaker=passage.speaker["name"] if passage.speaker else "",
                    source=describe_speaker(passage.speaker) if passage.speaker else "",
                    number=passage.number,
                    html=passage.html,
                    voice=_build_voice(passage.speaker, ways) if passage.speaker else None,
                )
            )
    return found


def tel_href(phone: str) -> str:
    """A printed telephone number as a tel: address needs it: 020 7946 0000 -> 02079460000."""
    return re.sub(r"[^+0-9]", "", phone.replace("(0)", "") if "+" in phone else phone)


def contact_with_tel(contact: Mapping[str, str]) -> dict[str, str]:
    """A press contact with, beside each number as printed, the one to dial."""
    numbers = {f"{name}_dialled": tel_href(contact[name]) for name in contact if "phone" in name}
    return dict(contact) | numbers
