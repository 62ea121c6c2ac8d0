"""Build one statement as the rows that the transitions of `workflow` leave."""

import datetime as dt
import random
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.text import slugify

from bench.sample_data.entities import EntityPool
from bench.sample_data.prose import ProseGenerator
from organisations.models import Appointment
from statements.audit.compared import EDITION, STATED_TABLES
from statements.audit.events import EventDraft, build_event
from statements.audit.state import State, StatedRows, find_changes, make_key, read_object
from statements.clock import FOREVER
from statements.content.schema import complete_content
from statements.models import (
    NOTE_KEY,
    Action,
    Amendment,
    ApprovalRule,
    Contribution,
    Edition,
    EditionAttribution,
    Event,
    EventText,
    Passage,
    Statement,
    StatementKind,
    StatementSlug,
    ThemedStatement,
    Withdrawal,
)
from statements.models import (
    State as EditionState,
)
from statements.workflow.freezing import build_edition

M = TypeVar("M", bound=Model)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
CORRECTED_SHARE = 0.02
WITHDRAWN_SHARE = 0.01
CORRECTION_NOTE = "An earlier edition gave a wrong figure. The right one stands here now."
WITHDRAWAL_NOTICE = "This statement was withdrawn because its figures were wrong."
MAX_ROWS_BY_MODEL: dict[type[Model], int] = {
    Statement: 1,
    Edition: 2,
    Passage: 1,
    Contribution: 1,
    StatementSlug: 1,
    ThemedStatement: 3,
    EditionAttribution: 4,
    Withdrawal: 1,
    Event: 5,
    EventText: 12,
}
"""How many rows of each model a statement has at most; each refers to models before it."""


class StatementRows(dict[type[Model], list[Any]]):
    """Unsaved rows of one statement by model, each with its future primary key."""

    def __init__(self, first: Mapping[type[Model], int]) -> None:
        super().__init__((model, []) for model in MAX_ROWS_BY_MODEL)
        self.first_pks = first

    def add_row(self, model: type[M], **values: Any) -> M:
        """Add a row with the next primary key."""
        row = model(pk=self.next_number(model), **values)
        self[model].append(row)
        return row

    def next_number(self, model: type[Model]) -> int:
        return self.first_pks[model] + len(self[model])


class RowMaker:
    """Make the rows of statements, each released at its own time.

    `last_pks` has the highest primary key in each table so far.
    """

    def __init__(
        self, pool: EntityPool, rng: random.Random, *, last_pks: Mapping[type[Model], int]
    ) -> None:
        self.pool = pool
        self.rng = rng
        self.last_pks = last_pks
        self.prose = ProseGenerator(rng)
        self.contributors = f",{pool.author.pk},"
        self.usernames = {user.pk: user.get_username() for user in (pool.author, pool.editor)}

    def make_rows(self, number: int, *, release_at: dt.datetime, at: dt.datetime) -> StatementRows:
        """Make statement `number`, public since release_at; no time is later than `at`."""
        rows = StatementRows(
            {
                model: self.last_pks[model] + 1 + number * max_rows
                for model, max_rows in MAX_ROWS_BY_MODEL.items()
            }
        )
        appointment = self.rng.choice(self.pool.appointments)
        releases = [release_at]
        if self.rng.random() < CORRECTED_SHARE and release_at + 2 * DAY < at:
            releases.append(release_at + 2 * DAY)
        ended = None
        if self.rng.random() < WITHDRAWN_SHARE and releases[-1] + 3 * DAY < at:
            ended = releases[-1] + 3 * DAY
        self._add_draft(rows, appointment, releases)
        self._add_editions(rows, appointment, releases, ended)
        self._add_events(rows)
        return rows

    def _add_draft(self, rows: StatementRows, appointment: Appointment, releases: list) -> None:
        headline = self.prose.make_headline()
        statement = rows.add_row(
            Statement,
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            headline=headline,
            kind=self.rng.choice(StatementKind.values),
            summary=self.prose.make_summary(),
            organisation=appointment.organisation,
            dated_on=releases[0].date(),
            slug=f"{slugify(headline)[:80].strip('-')}-{rows.first_pks[Statement]}",
            version=1 + 3 * len(releases),
            first_release_at=releases[0],
        )
        rows.add_row(
            Passage,
            statement=statement,
            speaker=appointment.speaker,
            appointment=appointment,
        )
        rows.add_row(
            Contribution,
            statement=statement,
            user=self.pool.author,
            version=3 * len(releases) - 1,
        )
        rows.add_row(
            StatementSlug, slug=statement.slug, statement=statement, public_from=releases[0]
        )
        for theme in self.rng.sample(self.pool.themes, self.rng.randint(1, 3)):
            rows.add_row(
                ThemedStatement, tag=theme, content_object=statement, first_release_at=releases[0]
            )

    def _add_editions(
        self, rows: StatementRows, appointment: Appointment, releases: list, ended
    ) -> None:
        (passage,) = rows[Passage]
        ends = [*releases[1:], ended or FOREVER]
        for sequence, (release_at, live_until) in enumerate(zip(releases, ends, strict=True), 1):
            passage.body = "".join(self.prose.make_blocks())
            rows[Statement][0].amendment = Amendment.CORRECTION if sequence > 1 else ""
            rows[Statement][0].public_note = CORRECTION_NOTE if sequence > 1 else ""
            edition = self._add_edition(
                rows,
                sequence=sequence,
                release_at=release_at,
                live_until=live_until,
                first_release_at=releases[0],
                submitted_at=release_at - 20 * HOUR,
                approved_at=release_at - HOUR,
            )
            _add_attributions(rows, edition, appointment)
        rows[Statement][0].amendment = rows[Statement][0].public_note = ""
        if ended:
            rows.add_row(
                Withdrawal,
                edition=edition,
                statement=edition.statement,
                kind=self.rng.choice(Withdrawal.Kind.values),
                from_at=ended,
                notice=WITHDRAWAL_NOTICE,
                by=self.pool.editor,
            )

    def _add_edition(self, rows: StatementRows, **when: Any) -> Edition:
        (statement,) = rows[Statement]
        before = rows[Edition][-1] if rows[Edition] else None
        content = complete_content(
            statement.content(passages=rows[Passage], attachments=()),
            slug=statement.slug,
            based_on=str(before.uuid) if before else "",
        )
        edition = build_edition(
            statement,
            content,
            pk=rows.next_number(Edition),
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            state=EditionState.APPROVED,
            submitted_by=self.pool.author,
            contributors=self.contributors,
            approved_by=self.pool.editor,
            rule=ApprovalRule.ORDINARY,
            **when,
        )
        rows[Edition].append(edition)
        return edition

    # --- Events, as audit.events.write_event writes them ---

    def _add_events(self, rows: StatementRows) -> None:
        """Write the events of each edition, and in each the values that it changed."""
        final, now = self._read_state(rows), State()
        for edition in rows[Edition]:
            key = make_key(EDITION, [edition.uuid])
            before = dict(now)
            now |= {name: row for name, row in final.items() if str(edition.uuid) in name}
            now |= {name: row for name, row in final.items() if name.startswith("address:")}
            now[key] = final[key] | UNDECIDED
            detail = {"amendment": edition.amendment}
            note, at = edition.public_note, edition.submitted_at
            changes = find_changes(before, now)
            self._add_event(rows, Action.SUBMITTED, edition, at, note, detail, changes)
            before = dict(now)
            now |= {name: final[name] for name in now if name.startswith("edition:")}
            now[key] = final[key] | {"live_until": UNDECIDED["live_until"]}
            detail = {"release_at": edition.release_at.isoformat()}
            changes = find_changes(before, now)
            self._add_event(
                rows, Action.APPROVED, edition, edition.approved_at, "", detail, changes
            )
        for withdrawal in rows[Withdrawal]:
            detail, at = {"kind": withdrawal.kind}, withdrawal.from_at
            changes, edition = find_changes(now, final), withdrawal.edition
            note = withdrawal.notice
            self._add_event(rows, Action.WITHDRAWN, edition, at, note, detail, changes)

    def _read_state(self, rows: StatementRows) -> State:
        return dict(
            read_object(table, row, self.usernames)
            for table in STATED_TABLES.values()
            for row in rows.get(table.model, [])
        )

    def _add_event(
        self,
        rows: StatementRows,
        action: Action,
        edition: Edition,
        at: dt.datetime,
        note: str,
        detail: dict,
        changes: StatedRows,
    ) -> None:
        draft = EventDraft(edition, detail, {NOTE_KEY: note}, changes)
        event, texts = build_event(
            edition.statement,
            action,
            draft,
            last=rows[Event][-1] if rows[Event] else None,
            by=self.pool.author if action == Action.SUBMITTED else self.pool.editor,
            at=at,
        )
        event.pk = rows.next_number(Event)
        rows[Event].append(event)
        for text in texts:
            text.pk, text.event_id = rows.next_number(EventText), event.pk
            rows[EventText].append(text)


UNDECIDED = {
    "state": EditionState.IN_REVIEW.value,
    "approved_by_id": None,
    "approved_at": None,
    "rule": "",
    "release_at": None,
    "live_until": FOREVER.isoformat(),
    "first_release_at": None,
}
"""What the columns of an edition state until somebody approves it."""


def _add_attributions(rows: StatementRows, edition: Edition, appointment: Appointment) -> None:
    times = {
        "edition": edition,
        "statement": edition.statement,
        "first_release_at": edition.first_release_at,
        "release_at": edition.release_at,
        "live_until": edition.live_until,
    }
    rows.add_row(EditionAttribution, speaker=appointment.speaker, appointment=appointment, **times)
    rows.add_row(EditionAttribution, organisation=appointment.organisation, **times)
