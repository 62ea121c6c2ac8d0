"""The other editions of a statement, its translations and its speakers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.query import QuerySet

from statements.clock import FOREVER
from statements.models import Amendment, Edition, Statement
from statements.publicness import has_ended, is_released, released_by
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    PUBLIC_FIELDS,
    PublicName,
    StatementPage,
    gone_withdrawals,
    past_editions,
)
from statements.release_dates import ReleaseDate, get_release_date

EDITION_COLUMNS = (
    *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
    *("first_release_at", "first_released_on"),
    *("suppressed_at", "erased_at", "slug", "headline", "language", "sequence"),
)
VOICE_COLUMNS = (
    *("voices", "voices__speaker", "voices__speaker__slug", "voices__speaker__name"),
    "voices__speaker__former_slugs__slug",
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Release:
    """One edition in the history of a statement; `number` counts those that were released."""

    number: int
    edition_id: int
    released_at: dt.datetime
    released: ReleaseDate
    live_until: dt.datetime
    amendment: str
    label: str
    note: str
    is_removed: bool


@dataclass(frozen=True)
class Translation:
    """The same article in another language; `is_original` where this one was made from it."""

    slug: str
    headline: str
    language: str
    is_original: bool = False


@dataclass(frozen=True)
class StatementContext:
    """The releases of a statement so far, its public translations, and who speaks in it."""

    releases: list[Release]
    translations: list[Translation]
    speakers: list[PublicName]

    def find_release(self, edition: Edition) -> Release | None:
        """Return the release of this edition, if it was released."""
        return next((r for r in self.releases if r.edition_id == edition.pk), None)


def load_context(page: StatementPage, *, at: dt.datetime) -> StatementContext:
    """Load the releases of a statement, its public translations and its speakers. One query."""
    edition = page.edition
    original = page.original_id or edition.statement_id
    rows = sorted(
        _select_family(statement=edition.statement_id, original=original, at=at),
        key=lambda row: (row["release_at"] or FOREVER, row["sequence"]),
    )
    # Here and not in the query, where an OR would make PostgreSQL read every edition.
    released = {row["pk"]: row for row in rows if is_released(row, at)}.values()
    own_rows = [row for row in released if row["statement_id"] == edition.statement_id]
    return StatementContext(
        releases=_number_releases(own_rows, edition),
        translations=[
            Translation(
                row["slug"],
                row["headline"],
                row["language"],
                is_original=row["statement_id"] == page.original_id,
            )
            for row in released
            if row["statement_id"] != edition.statement_id and not has_ended(row, at)
        ],
        speakers=_collect_speakers(edition, rows),
    )


@compiled_query
def _select_family(*, statement: int, original: int, at: dt.datetime) -> QuerySet[Any]:
    """Select a row for each voice of each edition, and for each former address of its speaker."""
    roots = (statement, original)
    family = Statement.objects.filter(Q(pk__in=roots) | Q(translation_of__in=roots))
    rows: QuerySet[Any] = (
        Edition.objects.filter(statement__in=family.values("pk"))
        .order_by()
        .values(*EDITION_COLUMNS, *VOICE_COLUMNS, gone=_gone_subquery(at))
    )
    return rows


def _gone_subquery(at: dt.datetime) -> Subquery:
    # Not Exists, for which PostgreSQL may read all withdrawals.
    return Subquery(gone_withdrawals(at=at).order_by("pk").values("pk")[:1])


def build_preview_release(
    edition_id: int, amendment: str, note: str, *, at: dt.datetime
) -> Release:
    """Return a release that has not happened, so that the newsdesk sees its note."""
    is_known = amendment in Amendment.values
    return Release(
        number=0,
        edition_id=edition_id,
        released_at=at,
        released=at,
        live_until=at,
        amendment=amendment if is_known else "",
        label=Amendment(amendment).public_label if is_known else "",
        note=note if is_known else "",
        is_removed=False,
    )


def with_preview_release(
    preview: Release, page: StatementPage, context: StatementContext
) -> StatementContext:
    """Add a release that has not happened to the context.

    Also gives the edition the first release of its statement, which the page shows.
    """
    if page.edition.first_release_at is None and context.releases:
        page.edition.first_release_at = context.releases[0].released_at  # with its day, if any
    numbered = replace(preview, number=len(context.releases) + 1)
    return replace(context, releases=[*context.releases, numbered])


def _collect_speakers(edition: Edition, rows: Sequence[Row]) -> list[PublicName]:
    speakers: dict[int, PublicName] = {}
    for row in sorted(rows, key=lambda row: row["voices"] or 0):
        pk, former_slug = row["voices__speaker"], row["voices__speaker__former_slugs__slug"]
        if row["pk"] == edition.pk and pk:
            former_slugs = speakers[pk].former_slugs if pk in speakers else frozenset()
            speakers[pk] = PublicName(
                pk,
                row["voices__speaker__slug"],
                row["voices__speaker__name"],
                former_slugs | {former_slug} if former_slug else former_slugs,
            )
    return list(speakers.values())


def _number_releases(rows: Sequence[Row], open_edition: Edition) -> list[Release]:
    return [
        _build_release(number, row, is_open=row["pk"] == open_edition.pk)
        for number, row in enumerate(rows, start=1)
    ]


def _build_release(number: int, row: Row, *, is_open: bool) -> Release:
    """Keep the place and the dates of what was removed, but no note: it may quote the words."""
    is_removed = bool(row["suppressed_at"] or row["erased_at"] or (row["gone"] and not is_open))
    amendment = "" if is_removed else row["amendment"]
    return Release(
        number=number,
        edition_id=row["pk"],
        released_at=row["release_at"],
        released=get_release_date(
            row["release_at"], row["first_release_at"], row["first_released_on"]
        ),
        live_until=row["live_until"],
        amendment=amendment,
        label=Amendment(amendment).public_label if amendment else "",
        note="" if is_removed else row["public_note"],
        is_removed=is_removed,
    )


def load_releases(editions: Sequence[Edition], *, at: dt.datetime) -> dict[int, list[Release]]:
    """Load the releases so far of the statement of each edition, by edition id. One query."""
    rows = (
        Edition.objects.filter(statement__in={edition.statement_id for edition in editions})
        .filter(released_by(at))
        .annotate(gone=_gone_subquery(at))
        .order_by("release_at", "sequence")
        .values(
            *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
            *("first_release_at", "first_released_on"),
            *("suppressed_at", "erased_at", "gone"),
        )
    )
    rows_of_statement: dict[int, list[Row]] = {}
    for row in rows:
        rows_of_statement.setdefault(row["statement_id"], []).append(row)
    return {
        edition.pk: _number_releases(rows_of_statement[edition.statement_id], edition)
        for edition in editions
    }


def load_readable_editions(page: StatementPage, *, at: dt.datetime) -> dict[int, Edition]:
    """Load the open edition and the earlier ones that may be read now, by edition id."""
    earlier = _select_past_editions(statement=page.edition.statement_id, at=at)
    return {edition.pk: edition for edition in earlier} | {page.edition.pk: page.edition}


@compiled_query
def _select_past_editions(*, statement: int, at: dt.datetime) -> QuerySet[Edition]:
    return past_editions(at=at).filter(statement=statement).only(*PUBLIC_FIELDS)
