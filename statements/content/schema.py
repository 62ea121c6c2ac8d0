"""Define the content of a statement: one table of fields, and the functions that read it.

The content of an edition is plain data. Its exact text, `canonical(content)`, is hashed, approved
and published, so it never changes after it is frozen. It holds everything that the public reads as
part of the edition: words, names, files, and also the kind of amendment, the correction note and
the slug.

To add a field, add a line to `FIELDS`. It is then frozen, compared, searched, checked for house
style, found by the quotation check, imported, exported, restored and erased as that line says. What
is left to do: its column in `Statement` with a migration, its place in the newsdesk's form, and its
place on the public page.

    draft --freeze--> content --restore--> draft
                         |
                         +--> differences, search, house style, export

New content has schema 2. Schema 1, which had no amendment, note, slug, salt and block ids, stays
readable for ever: `content.reading` returns both in the shape of schema 2.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal

from statements.content.blocks import (
    NARRATION,
    PICTURE,
    QUOTATION,
    TABLE,
    as_passages,
    freeze_block,
    freeze_picture,
)
from statements.content.field_types import (
    BLOCKS,
    CODE,
    DATE,
    FACT,
    FILES,
    FLAG,
    LINK,
    NOTE,
    ORGANISATION,
    ORGANISATIONS,
    PARAGRAPHS,
    PULL_QUOTATION,
    SPEAKER,
    TEXT,
    Content,
    FieldType,
)
from statements.content.kinds import AMENDMENTS, KINDS
from statements.content.languages import LANGUAGES

__all__ = [
    "BLOCKS",
    "DATE",
    "FILES",
    "LINK",
    "NARRATION",
    "PARAGRAPHS",
    "PICTURE",
    "QUOTATION",
    "TABLE",
    "TEXT",
    "Content",
    "freeze_block",
    "freeze_picture",
]

Search = Literal["", "headline", "names", "summary", "body"]

SCHEMA = 2
SALT_BYTES = 16
ERASED = '{"erased":true,"schema":1}'
"""The text that replaces the content of an edition when it is erased."""
ERASED_HEADLINE = "[Erased]"


def canonical(content: Mapping[str, Any]) -> str:
    """Return the text that is hashed: JSON with sorted keys, compact, not escaped to ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, as 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- The table ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """One field of the content: its key, and all that the rest of the code does with it."""

    key: str
    type: FieldType
    label: str = ""
    """Its name in a list of differences; a field without one is not compared by itself."""
    columns: tuple[str, ...] = ()
    """The columns of the draft that it comes from and is restored to."""
    choices: Mapping[str, str] = dataclass_field(default_factory=dict)
    is_optional: bool = False
    """Its key is absent while it is empty, so that content frozen before the field was added keeps
    its digest. Every new field needs this."""
    is_about_edition: bool = False
    """It says how this edition was published, and is no part of its words: see `same_words`."""
    search: Search = ""
    """Which part of the search index its texts go to."""
    is_style_checked: bool = False
    """House style reads its text."""
    is_quotable: bool = False
    """The quotation check finds words in it."""
    erased: str | None = None
    """What an erasure leaves in its columns; None: it holds no words, and stays."""
    csv_column: str = ""
    """Its column in the table of an export."""
    import_names: str = ""
    """What other systems call it, the likeliest first. An import fills a text from these."""
    max_import_chars: int | None = None
    """An import drops a longer text."""

    def value_in(self, content: Content) -> Any:
        """Return the frozen value, also where an optional key is absent."""
        return content.get(self.key, self.type.empty)

    def describe(self, content: Content) -> str:
        """Return the value in one line, as people read it."""
        line = self.type.describe(self.value_in(content))
        return self.choices.get(line, line)

    def texts_in(self, content: Content) -> list[str]:
        """Return the texts of the value that are not empty."""
        return [text for text in self.type.texts(self.value_in(content)) if text]


FIELDS = (  # in the order of the page
    Field("slug", CODE, "Address", columns=("slug",), is_about_edition=True),
    Field(
        "amendment",
        CODE,
        "Kind of change",
        columns=("amendment",),
        choices=AMENDMENTS,
        is_about_edition=True,
    ),
    Field("note", NOTE, "Correction note", columns=("public_note",), is_about_edition=True),
    Field(
        "kind",
        CODE,
        "Kind",
        columns=("kind",),
        choices=KINDS,
        csv_column="kind",
        import_names="kind type document_type release_type category",
    ),
    Field(
        "headline",
        TEXT,
        "Headline",
        columns=("headline",),
        search="headline",
        is_style_checked=True,
        is_quotable=True,
        erased=ERASED_HEADLINE,
        csv_column="headline",
        import_names=(
            "headline title title.rendered heading name node_name subject titel titre titulo teitl "
            "überschrift ueberschrift"
        ),
    ),
    Field(
        "summary",
        TEXT,
        "Summary",
        columns=("summary",),
        search="summary",
        is_style_checked=True,
        is_quotable=True,
        erased="",
        import_names=(
            "summary subtitle custom_excerpt excerpt excerpt.rendered teaser standfirst abstract "
            "lead dek introtext intro description zusammenfassung resumen"
        ),
        max_import_chars=1000,
    ),
    Field(
        "language",
        CODE,
        "Language",
        columns=("language",),
        choices=dict(LANGUAGES),
        csv_column="language",
        import_names="language lang locale language_code langcode lang_code",
    ),
    Field("dated_on", DATE, "Dated", columns=("dated_on",), csv_column="dated"),
    Field(
        "organisations",
        ORGANISATIONS,
        "Published by",
        columns=("organisation",),
        search="names",
        csv_column="publisher",
    ),
    Field(
        "responds_to",
        LINK,
        "Responds to",
        columns=("responds_to_title", "responds_to_url"),
        search="body",
        erased="",
    ),
    Field("blocks", BLOCKS, search="body"),
    Field("pull_quotation", PULL_QUOTATION, "Pull quotation", is_optional=True),
    Field(
        "notes_to_editors",
        PARAGRAPHS,
        "Notes to editors",
        columns=("notes_to_editors",),
        search="body",
        is_style_checked=True,
        is_quotable=True,
        erased="",
    ),
    Field("files", FILES, is_optional=True, search="body"),
)

PASSAGE_FIELDS = (
    Field(
        "heading",
        TEXT,
        "Sub-heading",
        columns=("heading",),
        is_style_checked=True,
        is_quotable=True,
    ),
    Field("speaker", SPEAKER, "Speaker", columns=("speaker", "appointment")),
    Field("attribution", TEXT, "Attribution", columns=("attribution",), is_quotable=True),
    Field(
        "paragraphs",
        PARAGRAPHS,
        "Words",
        columns=("body",),
        is_style_checked=True,
        is_quotable=True,
    ),
)
"""The fields of a block that is a quotation or narration; it has an id and a type as well.

A table is frozen from the same columns, see `blocks.freeze_block`, and reads as a passage.
"""

PUBLISHER_FIELDS = (
    Field("name", TEXT, columns=("name",)),
    Field("short_name", TEXT, columns=("short_name",)),
    Field("slug", CODE, columns=("slug",)),
    Field("boilerplate", TEXT, "About the publisher", columns=("boilerplate",)),
    Field("reuse_terms", TEXT, "Reuse", columns=("reuse_terms",)),
)

SPEAKER_FIELDS = (
    Field("name", TEXT, columns=("name",)),
    Field("slug", CODE, columns=("slug",)),
    Field("role", TEXT, columns=("role",)),
    Field("organisation", ORGANISATION),
)

EMPLOYER_FIELDS = (  # the organisation that a speaker speaks for
    Field("name", TEXT, columns=("name",)),
    Field("slug", CODE, columns=("slug",)),
)

FILE_FIELDS = (
    Field("name", CODE, columns=("name",)),
    Field("title", TEXT, "Title", columns=("title",)),
    Field("alt", TEXT, "Description", columns=("alt",)),
    Field("credit", TEXT, "Credit", columns=("credit",)),
    Field("terms", TEXT, "Terms", columns=("terms",)),
    Field(
        "is_accessible_version",
        FLAG,
        "Accessible version of the document before it",
        columns=("is_accessible_version",),
        is_optional=True,
    ),
    Field("digest", FACT),
    Field("size", FACT),
    Field("type", FACT),
    Field("width", FACT, is_optional=True),  # of pictures alone
    Field("height", FACT, is_optional=True),
    Field("narrower", FACT),
)


def list_passages(content: Content) -> list[dict[str, Any]]:
    """Return the blocks with words in their order: quotations, narration and tables.

    A table reads as a passage by nobody with one paragraph, which is the table.
    """
    return as_passages(content.get("blocks", ()))


def walk_fields(content: Content) -> Iterator[tuple[Field, Content, int | None]]:
    """Yield every field in the order of the page, with the mapping that holds its value.

    The fields of a passage come in place of `blocks`, with the position of the passage.
    """
    for field in FIELDS:
        if field.type is BLOCKS:
            for position, passage in enumerate(list_passages(content)):
                for passage_field in PASSAGE_FIELDS:
                    yield passage_field, passage, position
        else:
            yield field, content, None


def columns_of(fields: Iterable[Field]) -> tuple[str, ...]:
    """Return the columns of the draft that these fields come from."""
    return tuple(column for field in fields for column in field.columns)


PLAIN_FIELDS = tuple(field for field in FIELDS if field.type.freeze)
"""The fields that come from the columns of the statement itself."""
IMPORTED_TEXTS = tuple(field for field in FIELDS if field.type is TEXT and field.import_names)


# --- Draft -> content -> draft --------------------------------------------------------------------


def build_content(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of these values: columns by their name, references by their key."""
    return {"schema": SCHEMA} | freeze(FIELDS, values)


def complete_content(content: Content, *, slug: str, based_on: str) -> dict[str, Any]:
    """Return the content of a draft as an edition has it: with slug, predecessor and salt.

    `based_on` is the UUID of the edition that is public now. The salt is random, so that the digest
    of words that were erased confirms no guess.
    """
    return {
        **content,
        "slug": slug,
        "based_on": based_on,
        "salt": secrets.token_hex(SALT_BYTES),
    }


def read_columns(fields: Iterable[Field], row: object) -> dict[str, Any]:
    """Return the values of the row that `freeze` needs; references are for the caller to add."""
    return {
        column: getattr(row, column)
        for field in fields
        if field.type.freeze
        for column in field.columns
    }


def freeze(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the frozen value of each field, by its key."""
    frozen = {}
    for field in fields:
        if field.type.freeze:
            value = field.type.freeze(*[values[column] for column in field.columns])
        else:
            value = values.get(field.key, field.type.empty)
        if value or not field.is_optional:
            frozen[field.key] = value
    return frozen


def restore(fields: Iterable[Field], frozen: Content) -> dict[str, Any]:
    """Return the values of the draft's columns that freeze to this, references left out.

    What is about one edition is left out too: the draft becomes another edition.
    """
    values: dict[str, Any] = {}
    for field in fields:
        if field.type.restore and not field.is_about_edition:
            values |= zip(field.columns, field.type.restore(field.value_in(frozen)), strict=True)
    return values


def erased_columns() -> dict[str, str]:
    """Return what an erasure leaves in the columns of a draft."""
    return {
        column: field.erased
        for field in FIELDS
        if field.erased is not None
        for column in field.columns
    }
