"""One statement as the rows that the verbs of `workflow` would have left behind."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from organisations.models import Appointment, Organisation
from statements.bulk.pool import Pool
from statements.bulk.words import Words
from statements.clock import FOREVER
from statements.models import (
    Action,
    Address,
    Amendment,
    Contribution,
    Edition,
    EditionVoice,
    Event,
    Kind,
    Passage,
    Rule,
    State,
    Statement,
    ThemedStatement,
    Withdrawal,
    canonical,
    digest_of,
)

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
CORRECTED = 0.02
WITHDRAWN = 0.01
NOTE = "An earlier edition gave a wrong figure. The right one stands here now."
NOTICE = "This statement was withdrawn because its figures were wrong."


@dataclass
class Rows:
    """Unsaved rows of one statement, held together by object and not by number."""

    statement: Statement
    passage: Passage
    contribution: Contribution
    address: Address
    themed: list[ThemedStatement]
    editions: list[Edition]
    voices: list[EditionVoice] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class RowMaker:
    """Makes the rows of one statement after the other, each released at its own time."""

    def __init__(self, pool: Pool, rng: random.Random) -> None:
        self.pool = pool
        self.rng = rng
        self.words = Words(rng)
        self.contributors = f",{pool.author.pk},"
        # A person's voice and a body's name are frozen once, and not for each statement.
        self._frozen: dict[Any, dict] = {a.pk: _passage_of(a).content() for a in pool.appointments}
        self._publishers: dict[Any, dict] = {
            a.organisation_id: _publisher(a.organisation) for a in pool.appointments
        }

    def make(self, serial: int, *, release_at: dt.datetime, at: dt.datetime) -> Rows:
        """Statement number `serial`, public since release_at; nothing of it is later than `at`."""
        appointment = self.rng.choice(self.pool.appointments)
        releases = [release_at]
        if self.rng.random() < CORRECTED and release_at + 2 * DAY < at:
            releases.append(release_at + 2 * DAY)
        ended = None
        if self.rng.random() < WITHDRAWN and releases[-1] + 3 * DAY < at:
            ended = releases[-1] + 3 * DAY
        rows = self._written(serial, appointment, releases)
        self._add_editions(rows, appointment, releases, ended)
        rows.events = list(self._events(rows))
        return rows

    def _written(self, serial: int, appointment: Appointment, releases: list) -> Rows:
        """The working copy as the last of its saves left it."""
        headline = self.words.headline()
        statement = Statement(
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            headline=headline,
            kind=self.rng.choice(Kind.values),
            summary=self.words.summary(),
            organisation=appointment.organisation,
            dated_on=releases[0].date(),
            slug=f"{slugify(headline)[:80].strip('-')}-{serial}",
            version=1 + 3 * len(releases),
            first_release_at=releases[0],
        )
        return Rows(
            statement,
            Passage(statement=statement, speaker=appointment.speaker, appointment=appointment),
            Contribution(
                statement=statement,
                user=self.pool.author,
                version=3 * len(releases) - 1,
            ),
            Address(slug=statement.slug, statement=statement, public_from=releases[0]),
            [
                ThemedStatement(tag=theme, content_object=statement, first_release_at=releases[0])
                for theme in self.rng.sample(self.pool.themes, self.rng.randint(1, 3))
            ],
            [],
        )

    def _add_editions(self, rows: Rows, appointment: Appointment, releases: list, ended) -> None:
        ends = [*releases[1:], ended or FOREVER]
        for number, (release_at, live_until) in enumerate(zip(releases, ends, strict=True), 1):
            blocks = self.words.blocks()
            rows.passage.body = "".join(blocks)
            edition = self._edition(rows.statement, rows.passage, blocks)
            edition.sequence = number
            edition.amendment = Amendment.CORRECTION if number > 1 else ""
            edition.public_note = NOTE if number > 1 else ""
            edition.release_at, edition.live_until = release_at, live_until
            edition.first_release_at = releases[0]
            edition.submitted_at, edition.approved_at = release_at - 20 * HOUR, release_at - HOUR
            rows.editions.append(edition)
            rows.voices += _voices(edition, appointment)
        if ended:
            rows.withdrawals.append(self._withdrawal(rows.editions[-1], ended))

    def _edition(self, statement: Statement, passage: Passage, blocks: list[str]) -> Edition:
        frozen = self._frozen[passage.appointment_id] | {"blocks": blocks}
        text = canonical(self._content(statement, frozen))
        voice = frozen["speaker"]
        return Edition(
            statement=statement,
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            content=text,
            digest=digest_of(text),
            headline=statement.headline,
            summary=statement.summary,
            byline=f"{voice['name']}, {voice['role']}",
            kind=statement.kind,
            organisation=statement.organisation,
            language=statement.language,
            dated_on=statement.dated_on,
            slug=statement.slug,
            state=State.APPROVED,
            submitted_by=self.pool.author,
            contributors=self.contributors,
            approved_by=self.pool.editor,
            rule=Rule.ORDINARY,
        )

    def _content(self, statement: Statement, passage: dict) -> dict:
        """What Statement.content() will say, without asking the database; a test compares them."""
        return {
            "schema": 1,
            "headline": statement.headline,
            "kind": statement.kind,
            "summary": statement.summary,
            "language": statement.language,
            "dated_on": statement.dated_on.isoformat(),  # type: ignore[union-attr]
            "organisation": self._publishers[statement.organisation_id],
            "responds_to": None,
            "passages": [passage],
            "notes_to_editors": [],
        }

    def _withdrawal(self, edition: Edition, ended: dt.datetime) -> Withdrawal:
        return Withdrawal(
            edition=edition,
            statement=edition.statement,
            kind=self.rng.choice(Withdrawal.Kind.values),
            from_at=ended,
            notice=NOTICE,
            by=self.pool.editor,
        )

    # --- The record, line by line as record.write_event writes it ---

    def _events(self, rows: Rows) -> Iterator[Event]:
        last = None
        for event in self._unchained(rows):
            event.number = last.number + 1 if last else 1
            event.previous_hash = last.hash if last else ""
            event.hash = event.computed_hash()
            last = event
            yield event

    def _unchained(self, rows: Rows) -> Iterator[Event]:
        for edition in rows.editions:
            detail = {"amendment": edition.amendment, "contributors": self.contributors}
            yield self._event(
                Action.SUBMITTED, edition, edition.submitted_at, edition.public_note, detail
            )
            detail = {"release_at": edition.release_at.isoformat()}  # type: ignore[union-attr]
            yield self._event(Action.APPROVED, edition, edition.approved_at, "", detail)
        for withdrawal in rows.withdrawals:
            detail = {"kind": withdrawal.kind, "target": ""}
            yield self._event(
                Action.WITHDRAWN, withdrawal.edition, withdrawal.from_at, NOTICE, detail
            )

    def _event(self, action: Action, edition: Edition, at, note: str, detail: dict) -> Event:
        by = self.pool.author if action == Action.SUBMITTED else self.pool.editor
        return Event(
            statement=edition.statement,
            edition=edition,
            digest=edition.digest,
            action=action,
            by=by,
            by_name=by.get_username(),
            at=at,
            note=note,
            detail=canonical(detail),
        )


def _passage_of(appointment: Appointment) -> Passage:
    return Passage(statement=Statement(), speaker=appointment.speaker, appointment=appointment)


def _publisher(organisation: Organisation) -> dict:
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        "slug": organisation.slug,
        "boilerplate": organisation.boilerplate,
        "reuse_terms": organisation.reuse_terms,
    }


def _voices(edition: Edition, appointment: Appointment) -> list[EditionVoice]:
    times = {
        "edition": edition,
        "statement": edition.statement,
        "first_release_at": edition.first_release_at,
        "release_at": edition.release_at,
        "live_until": edition.live_until,
    }
    return [
        EditionVoice(speaker=appointment.speaker, appointment=appointment, **times),
        EditionVoice(organisation=appointment.organisation, **times),
    ]
