"""List the columns that events state and verification compares: one table.

A row is known by a key that holds no words, such as `edition:<uuid>` or `withdrawal:7`, and that
stays the same in another database. Users are stated by user name, times in UTC, dates as ISO.
Texts stand in `EventText`, and in the event as salted hashes.

A column that is in none of the lists of its table fails a test: decide what it is.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from statements.models import (
    Edition,
    EditionAttribution,
    EditionFile,
    SignOff,
    SitePage,
    Statement,
    StatementSlug,
    StoredFile,
    ThemedStatement,
    Withdrawal,
)

Usernames = Mapping[int, str]
Convert = Callable[[Any, Usernames], Any]


@dataclass(frozen=True)
class ColumnType:
    """How a value of the database is stated in an event."""

    convert: Convert | None = None
    is_text: bool = False
    is_user: bool = False


def _format_time(value: dt.datetime | None, usernames: Usernames) -> str | None:
    return value.astimezone(dt.UTC).isoformat() if value else None


def _format_day(value: dt.date | None, usernames: Usernames) -> str | None:
    return value.isoformat() if value else None


def _format_uuid(value: Any, usernames: Usernames) -> str | None:
    return None if value is None else str(value)


def _name_user(value: int | None, usernames: Usernames) -> str | None:
    return None if value is None else usernames.get(value, f"user {value}")


def _name_users(value: str, usernames: Usernames) -> list[str]:
    return [usernames.get(int(pk), f"user {pk}") for pk in value.split(",") if pk]


VALUE = ColumnType()  # a number, a code, a flag, the id of a row that is no user
TIME = ColumnType(_format_time)
DAY = ColumnType(_format_day)
UUID = ColumnType(_format_uuid)
USER = ColumnType(_name_user, is_user=True)
USERS = ColumnType(_name_users, is_user=True)
TEXT = ColumnType(is_text=True)


@dataclass(frozen=True)
class ComparedTable:
    """The columns of one table, each in the list that says how it is verified.

    `key` makes the row's key, and `parent` leads to the statement. `stated` is stated by events.
    `frozen` is compared with the edition's content, and `copied` with the column of the row that it
    is copied from, at the end of this path. `not_compared` gives the reason.
    """

    name: str
    model: type[models.Model]
    parent: str
    key: tuple[str, ...]
    stated: dict[str, ColumnType] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()
    copied: dict[str, str] = field(default_factory=dict)
    not_compared: dict[str, str] = field(default_factory=dict)


ROW_NUMBER = "No other row is known by it: the key of the row is what counts."
DRAFT = "A draft: the public reads editions."
METADATA = "Metadata, outside the approved content: each change of it is an event once public."
FORM_STATE = "Part of the form: it is never published."

EDITION = ComparedTable(
    "edition",
    Edition,
    parent="statement_id",
    key=("uuid",),
    stated={
        "sequence": VALUE,
        "digest": VALUE,
        "kind": VALUE,
        "organisation_id": VALUE,
        "language": VALUE,
        "dated_on": DAY,
        "amendment": VALUE,
        "byline": TEXT,
        "slug": TEXT,
        "public_note": TEXT,
        "state": VALUE,
        "submitted_by_id": USER,
        "submitted_at": TIME,
        "requested_release_at": TIME,
        "embargo_line": TEXT,
        "embargo_until": TIME,
        "contributors": USERS,
        "countersigned_by_id": USER,
        "countersigned_at": TIME,
        "approved_by_id": USER,
        "approved_at": TIME,
        "rule": VALUE,
        "second_look_by_id": USER,
        "second_look_at": TIME,
        "release_group_id": VALUE,
        "release_at": TIME,
        "live_until": TIME,
        "first_release_at": TIME,
        "first_released_on": DAY,
        "suppressed_at": TIME,
        "erasure_asked_by_id": USER,
        "erased_by_id": USER,
        "erased_at": TIME,
    },
    frozen=("content", "headline", "summary"),
    not_compared={"id": ROW_NUMBER},
)
ATTRIBUTION = ComparedTable(
    "attribution",
    EditionAttribution,
    parent="edition__statement_id",
    key=("edition__uuid", "speaker_id", "organisation_id"),
    stated={"appointment_id": VALUE},
    copied={
        "statement_id": "edition__statement_id",
        "first_release_at": "edition__first_release_at",
        "release_at": "edition__release_at",
        "live_until": "edition__live_until",
    },
    not_compared={"id": ROW_NUMBER},
)
ADDRESS = ComparedTable(
    "address",
    StatementSlug,
    parent="statement_id",
    key=("id",),
    stated={"slug": TEXT, "public_from": TIME, "erased_at": TIME},
)
WITHDRAWAL = ComparedTable(
    "withdrawal",
    Withdrawal,
    parent="edition__statement_id",
    key=("id",),
    stated={
        "edition__uuid": UUID,
        "kind": VALUE,
        "from_at": TIME,
        "notice": TEXT,
        "target": TEXT,
        "by_id": USER,
        "text_erased_at": TIME,
    },
    copied={"statement_id": "edition__statement_id"},
)
FILE = ComparedTable(
    "file",
    EditionFile,
    parent="edition__statement_id",
    key=("edition__uuid", "file_id"),
    frozen=("name",),
    not_compared={"id": ROW_NUMBER},
)
SIGN_OFF = ComparedTable(
    "signoff",
    SignOff,
    parent="statement_id",
    key=("id",),
    stated={
        "edition__uuid": UUID,
        "draft_version_id": VALUE,
        "digest": VALUE,
        "salt": TEXT,
        "preview_id": VALUE,
        "name": TEXT,
        "on_behalf_of": TEXT,
        "agrees": VALUE,
        "text": TEXT,
        "given_at": TIME,
        "recorded_by_id": USER,
        "recorded_at": TIME,
        "text_erased_at": TIME,
    },
)
STATED_TABLES = {
    table.name: table for table in (EDITION, ATTRIBUTION, ADDRESS, WITHDRAWAL, FILE, SIGN_OFF)
}
"""The tables whose rows the events of a statement state, by the first part of the row's key."""

STORED_FILE = ComparedTable(
    "storedfile",
    StoredFile,
    parent="carried__edition__statement_id",
    key=("id",),
    frozen=("digest", "size", "content_type", "width", "height"),
    not_compared={
        "path": "It differs between installations: the bytes are compared with the digest.",
        "is_tagged": "It is advice on the form, and decides nothing.",
        "of_id": "Content lists a picture's narrower copies; it decides nothing else.",
        "by_id": "Who uploaded it is not named anywhere public.",
        "at": "When it was uploaded is shown nowhere.",
        "erased_at": "Several statements may share the file: its bytes are looked for instead.",
    },
)
STATEMENT = ComparedTable(
    "statement",
    Statement,
    parent="id",
    key=("id",),
    copied={"first_release_at": "editions"},  # the earliest of them
    not_compared={
        "uuid": "Every event's hash contains it.",
        **dict.fromkeys(
            (
                *("headline", "kind", "summary", "organisation_id", "language", "dated_on"),
                *("responds_to_title", "responds_to_url", "notes_to_editors", "slug", "version"),
                *("created_at", "changed_at", "discarded_at", "discarded_by_id", "erased_at"),
            ),
            DRAFT,
        ),
        **dict.fromkeys(
            (
                *("leftover_text", "amendment", "public_note", "requested_release_at"),
                *("embargo_line", "embargo_until"),
            ),
            FORM_STATE,
        ),
        **dict.fromkeys(("contact_id", "translation_of_id"), METADATA),
        "release_group_id": "What was approved together says so itself.",
    },
)
THEMED_STATEMENT = ComparedTable(
    "themedstatement",
    ThemedStatement,
    parent="content_object_id",
    key=("id",),
    copied={"first_release_at": "content_object__first_release_at"},
    not_compared={"tag_id": METADATA},
)

ACCOUNT = ComparedTable(
    "account",
    User,
    parent="",
    key=("username",),
    stated={"is_active": VALUE, "is_staff": VALUE, "is_superuser": VALUE},
    not_compared={
        "id": ROW_NUMBER,
        "password": "Signing in may hash it again; the event says when somebody changed it.",
        "email": "An address decides nothing that the public sees; the event has the new one.",
        "last_login": "It changes at each sign-in.",
        "first_name": "Shown beside the user name, which is compared.",
        "last_name": "Shown beside the user name, which is compared.",
        "date_joined": "It decides nothing.",
    },
)
"""Groups are stated as further columns, `group:<name>`, so that each stands by itself."""
PAGE = ComparedTable(
    "page",
    SitePage,
    parent="",
    key=("name",),
    stated={"body": TEXT, "changed_at": TIME, "changed_by_id": USER},
    not_compared={"id": ROW_NUMBER},
)
SITE_TABLES = {table.name: table for table in (ACCOUNT, PAGE)}
"""The tables whose rows the events of the site chain state."""

COMPARED_TABLES = (*STATED_TABLES.values(), STORED_FILE, STATEMENT, THEMED_STATEMENT, ACCOUNT, PAGE)


TEXT_COLUMNS = {
    table.name: tuple(name for name, kind in table.stated.items() if kind.is_text)
    for table in (*STATED_TABLES.values(), *SITE_TABLES.values())
}


def get_column_type(row_key: str, column: str) -> ColumnType:
    """Return the type of a column; what a later version no longer lists is a plain value."""
    name = row_key.partition(":")[0]
    table = STATED_TABLES.get(name) or SITE_TABLES.get(name)
    return table.stated.get(column, VALUE) if table else VALUE
