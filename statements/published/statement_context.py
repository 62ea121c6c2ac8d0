"""What stands around an edition: its statement's other releases, translations and speakers."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, IntegerField, Q, Subquery, Value
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

# What is asked of an edition and of its voices, one row for each, to know what stands around it.
EDITION_COLUMNS = (
    *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
    *("suppressed_at", "erased_at", "slug", "headline", "kind", "language"),
    *("sequence", "first_release_at", "statement__translation_of"),
)
VOICE_COLUMNS = (
    *("voices", "voices__speaker", "voices__speaker__slug", "voices__speaker__name"),
    "voices__speaker__former_slugs__slug",
)
NULL_VALUE = Value(None, IntegerField())
ZERO_VALUE, EMPTY_TEXT_VALUE = Value(0, IntegerField()), Value("", CharField())


@dataclass(frozen=True)
class Release:
    """One place in the list of a statement's editions. `number` counts those that came out."""

    number: int
    edition_id: int
    released_at: dt.datetime
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
    """The editions of a statement so far, its public translations, and who speaks in the one
    open; `along` is what was asked for besides, a row for each edition.
    """

    releases: list[Release]
    translations: list[Translation]
    speakers: list[PublicName]
    extra_rows: list[dict]

    def find_release(self, edition: Edition) -> Release | None:
        return next((r for r in self.releases if r.edition_id == edition.pk), None)


ExtraQueries = Callable[..., Sequence[QuerySet]]


def load_context(
    opened: StatementPage,
    *,
    at: dt.datetime,
    extra_queries: ExtraQueries | None = None,
    speaker: int | None = None,
) -> StatementContext:
    """One query over the statement's own released editions and the public ones of its
    translations, and over whatever other public editions are fetched `along`: it is told the
    `statement`, the `edition`, the `speaker` to look for, since when the statement stands there
    (`date`), and `at`, and names each by `aside`.
    """
    edition = opened.edition
    statement, original = edition.statement_id, opened.original_id or edition.statement_id
    if extra_queries:
        asked = _select_family_with_extras(
            statement=statement,
            original=original,
            at=at,
            along=extra_queries,
            edition=edition.pk,
            speaker=speaker,
            date=min(edition.first_release_at or at, at) if speaker else None,
        )
    else:
        asked = _select_family(statement=statement, original=original, at=at)
    found = sorted(asked, key=lambda row: (row["release_at"] or FOREVER, row["sequence"]))
    rows = [row for row in found if not row["along"]]
    # Here and not in the query, where an OR would lead a planner through every edition there is.
    released_by_now = {row["pk"]: row for row in rows if is_released(row, at)}.values()
    released = [row for row in released_by_now if row["statement_id"] == edition.statement_id]
    others = [
        row
        for row in released_by_now
        if row["statement_id"] != edition.statement_id and not has_ended(row, at)
    ]
    return StatementContext(
        releases=[
            _build_release(number, row, row["pk"] == edition.pk)
            for number, row in enumerate(released, start=1)
        ],
        translations=[
            Translation(
                row["slug"],
                row["headline"],
                row["language"],
                is_original=row["statement_id"] == opened.original_id,
            )
            for row in others
        ],
        speakers=_collect_speakers(edition, rows),
        extra_rows=[row for row in found if row["along"]],
    )


def _query_family(statement: int, original: int, at: dt.datetime) -> QuerySet:
    roots = (statement, original)
    family = Statement.objects.filter(Q(pk__in=roots) | Q(translation_of__in=roots))
    return _with_context_columns(Edition.objects.filter(statement__in=family.values("pk")), at)


@compiled_query
def _select_family(*, statement: int, original: int, at: dt.datetime) -> QuerySet:
    return _query_family(statement, original, at)


@compiled_query
def _select_family_with_extras(
    *,
    statement: int,
    original: int,
    at: dt.datetime,
    along: ExtraQueries,
    edition: int,
    speaker: int | None,
    date: dt.datetime | None,
) -> QuerySet:
    beside = along(statement=statement, edition=edition, speaker=speaker, date=date, at=at)
    return _query_family(statement, original, at).union(*beside, all=True)


def _with_context_columns(editions: QuerySet[Edition], at: dt.datetime) -> QuerySet:
    """One row for each address that a speaker had, and one for each body, of each edition."""
    told = {"along": EMPTY_TEXT_VALUE, "detail": ZERO_VALUE, "places": EMPTY_TEXT_VALUE}
    return (
        editions.annotate(gone=_gone_subquery(at), **told)
        .order_by()
        .values("gone", *told, *EDITION_COLUMNS, *VOICE_COLUMNS)
    )


def as_extra_rows(
    editions: QuerySet[Edition],
    why: str,
    *,
    detail: Any = ZERO_VALUE,
    places: Any = EMPTY_TEXT_VALUE,
) -> QuerySet:
    """Other public editions that stand in the surroundings, in the same columns without voices.

    `along` says why, `detail` and `places` what else whoever asked for them must know.
    """
    nothing = {f"no_{number}": NULL_VALUE for number in range(len(VOICE_COLUMNS))}
    told = {"along": Value(why, CharField()), "detail": detail, "places": places}
    return (
        editions.annotate(gone=NULL_VALUE, **told, **nothing)
        .order_by()  # SQLite takes none on one arm of a union
        .values("gone", *told, *EDITION_COLUMNS, *nothing)
    )


def _gone_subquery(at: dt.datetime) -> Subquery:
    """A withdrawal that took it away. Not Exists, for which PostgreSQL may read all there are."""
    return Subquery(gone_withdrawals(at=at).order_by("pk").values("pk")[:1])


def build_preview_release(
    edition_id: int, amendment: str, note: str, *, at: dt.datetime
) -> Release:
    """A release that has not happened, for the newsdesk: how its note would stand."""
    known = amendment in Amendment.values
    return Release(
        number=0,
        edition_id=edition_id,
        released_at=at,
        live_until=at,
        amendment=amendment if known else "",
        label=Amendment(amendment).label if known else "",
        note=note if known else "",
        is_removed=False,
    )


def with_preview_release(
    coming: Release, opened: StatementPage, around: StatementContext
) -> StatementContext:
    """The surroundings as they would be then; the edition carries the dates of its statement."""
    releases = [*around.releases, replace(coming, number=len(around.releases) + 1)]
    if opened.edition.first_release_at is None and around.releases:
        opened.edition.first_release_at = around.releases[0].released_at
    return replace(around, releases=releases)


def _collect_speakers(edition: Edition, rows: list[dict]) -> list[PublicName]:
    """Whom the edition is listed under, once each, with every address that they had."""
    found: dict[int, PublicName] = {}
    for row in sorted(rows, key=lambda row: row["voices"] or 0):
        pk, former = row["voices__speaker"], row["voices__speaker__former_slugs__slug"]
        if row["pk"] == edition.pk and pk:
            known = found[pk].former_slugs if pk in found else frozenset()
            found[pk] = PublicName(
                pk,
                row["voices__speaker__slug"],
                row["voices__speaker__name"],
                known | {former} if former else known,
            )
    return list(found.values())


def _build_release(number: int, row: dict, is_open: bool) -> Release:
    """What was removed keeps its place and dates; its note may repeat what the words said."""
    removed = bool(row["suppressed_at"] or row["erased_at"] or (row["gone"] and not is_open))
    return Release(
        number=number,
        edition_id=row["pk"],
        released_at=row["release_at"],
        live_until=row["live_until"],
        amendment="" if removed else row["amendment"],
        label=Amendment(row["amendment"]).label if row["amendment"] and not removed else "",
        note="" if removed else row["public_note"],
        is_removed=removed,
    )


def load_releases(shown: Sequence[Edition], *, at: dt.datetime) -> dict[int, list[Release]]:
    """Of each of these readable editions, by row number, the releases of its statement so far.

    One query.
    """
    rows = (
        Edition.objects.filter(statement__in={edition.statement_id for edition in shown})
        .filter(released_by(at))
        .annotate(gone=_gone_subquery(at))
        .order_by("release_at", "sequence")
        .values(
            *("pk", "statement_id", "release_at", "live_until", "amendment", "public_note"),
            *("suppressed_at", "erased_at", "gone"),
        )
    )
    of_statement: dict[int, list[dict]] = {}
    for row in rows:
        of_statement.setdefault(row["statement_id"], []).append(row)
    return {
        edition.pk: [
            _build_release(number, row, row["pk"] == edition.pk)
            for number, row in enumerate(of_statement[edition.statement_id], start=1)
        ]
        for edition in shown
    }


def load_readable_editions(opened: StatementPage, *, at: dt.datetime) -> dict[int, Edition]:
    """Every edition of the statement that may be read now, by row number: earlier ones and this."""
    earlier = _select_past_editions(statement=opened.edition.statement_id, at=at)
    return {edition.pk: edition for edition in earlier} | {opened.edition.pk: opened.edition}


@compiled_query
def _select_past_editions(*, statement: int, at: dt.datetime) -> QuerySet:
    return past_editions(at=at).filter(statement=statement).only(*PUBLIC_FIELDS)
