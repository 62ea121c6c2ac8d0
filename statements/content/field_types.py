"""The types of field that content is made of: how their values are frozen, restored and read."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from statements.content.blocks import as_passages
from statements.content.byline import describe_speaker
from statements.content.characters import normalise_text
from statements.content.html import clean_blocks, text_of_block

Content = Mapping[str, Any]


@dataclass(frozen=True)
class FieldType:
    """How values of one type are frozen, restored and read.

    `freeze` turns the values of the draft's columns into the frozen value, and `restore` turns it
    back into a tuple of them. A type without these two is a reference: the models provide the
    frozen value, because it is copied from other rows (a speaker, a file).
    """

    empty: Any
    freeze: Callable[..., Any] | None = None
    restore: Callable[[Any], tuple[Any, ...]] | None = None
    describe: Callable[[Any], str] = str
    """The value as one line, for differences and exported tables."""
    texts: Callable[[Any], list[str]] = lambda value: [value]
    """The value as plain texts, for search."""


def _unchanged(value: str) -> str:
    return value


def _freeze_note(value: str) -> str:
    return normalise_text(value).strip()


def _one_column(value: str) -> tuple[str]:
    return (value,)


def _freeze_date(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _restore_date(value: str) -> tuple[dt.date | None]:
    return (dt.date.fromisoformat(value) if value else None,)


def _restore_paragraphs(paragraphs: Sequence[str]) -> tuple[str]:
    return ("\n".join(paragraphs),)


def _paragraph_texts(paragraphs: Sequence[str]) -> list[str]:
    return [" ".join(text_of_block(paragraph).split()) for paragraph in paragraphs]


def _freeze_link(title: str, url: str) -> dict[str, str] | None:
    return {"title": normalise_text(title or url), "url": url} if title or url else None


def _restore_link(link: Mapping[str, str] | None) -> tuple[str, str]:
    # A link without a title was frozen with its address as the title.
    title, url = (link["title"], link["url"]) if link else ("", "")
    return ("" if title == url else title, url)


def _describe_link(link: Mapping[str, str] | None) -> str:
    return " ".join(filter(None, [link["title"], link["url"]])) if link else ""


def _link_texts(link: Mapping[str, str] | None) -> list[str]:
    return [link["title"]] if link else []


def _describe_organisation(organisation: Content | None) -> str:
    return organisation["name"] if organisation else ""


def _describe_organisations(organisations: Sequence[Content]) -> str:
    return ", ".join(map(_describe_organisation, organisations))


def _describe_speaker(speaker: Content | None) -> str:
    return describe_speaker(speaker) if speaker else ""


def _block_texts(blocks: Sequence[Content]) -> list[str]:
    return [
        text
        for passage in as_passages(blocks)
        for text in (passage["heading"], *_paragraph_texts(passage["paragraphs"]))
    ]


def _describe_pull_quotation(quotation: Content | None) -> str:
    return quotation["text"] if quotation else ""


def _pull_quotation_texts(quotation: Content | None) -> list[str]:
    return []  # the words are found in their block


def _file_texts(files: Sequence[Content]) -> list[str]:
    return [file["title"] for file in files]


TEXT = FieldType("", freeze=normalise_text, restore=_one_column)
NOTE = FieldType("", freeze=_freeze_note, restore=_one_column)
CODE = FieldType("", freeze=_unchanged, restore=_one_column)  # a slug, a code: never normalised
DATE = FieldType("", freeze=_freeze_date, restore=_restore_date)
LINK = FieldType(None, _freeze_link, _restore_link, _describe_link, _link_texts)
PARAGRAPHS = FieldType((), freeze=clean_blocks, restore=_restore_paragraphs, texts=_paragraph_texts)
ORGANISATION = FieldType(None, describe=_describe_organisation)
ORGANISATIONS = FieldType((), describe=_describe_organisations)
SPEAKER = FieldType(None, describe=_describe_speaker)
BLOCKS = FieldType((), texts=_block_texts)
PULL_QUOTATION = FieldType(None, describe=_describe_pull_quotation, texts=_pull_quotation_texts)
FILES = FieldType((), texts=_file_texts)
FLAG = FieldType(
    False,
    freeze=bool,
    restore=lambda value: (value,),
    describe=lambda value: "yes" if value else "",
)
FACT = FieldType(None)  # of a file's bytes: a number, a digest
