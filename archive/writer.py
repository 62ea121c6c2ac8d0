"""Plans -> statements, a batch in one transaction; and one bad row stops no other."""

import datetime as dt
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, connections, transaction

from archive.models import ImportedStatement, ImportRun, OldAddress
from archive.planner import Plan
from archive.report import DRAFT, KEPT, MADE, NEW_EDITION, REFUSED, UNCHANGED
from bench.sample_data import tables
from statements import workflow
from statements.content import schema
from statements.content.schema import digest_of
from statements.models import Attachment, Edition, Passage, Rule, Statement
from statements.publicness import released_since
from statements.search import index
from statements.workflow import Incoming, Known

Told = tuple[Plan, str, str]
"""A plan, its outcome, and why."""
MOST_STEMS = 300_000
"""Remembered at once: a record of a million statements has more names in it than memory is for."""
NOT_WRITTEN = (DatabaseError, workflow.Refused, ValueError)


@dataclass
class Writer:
    """Brings plans in, in the name of one person, as a part of one run."""

    run: ImportRun
    by: object
    at: dt.datetime
    known: Known = field(default_factory=Known)

    def new(self, plans: list[Plan]) -> Iterator[Told]:
        """All at once; where that fails one by one, so that the bad one is found and named."""
        if not plans:
            return
        if len(self.known.stems) > MOST_STEMS:
            self.known = Known()
        try:
            self._write(plans)
        except NOT_WRITTEN as error:
            self.known = Known()  # what was undone is not known after all
            if len(plans) == 1:
                yield plans[0], REFUSED, _refusal(error)
                return
            for plan in plans:
                yield from self.new([_anew(plan)])
        else:
            yield from ((plan, DRAFT if plan.is_draft else MADE, "") for plan in plans)

    @transaction.atomic
    def _write(self, plans: list[Plan]) -> None:
        incoming = [plan.incoming for plan in plans if plan.incoming]
        editions = workflow.import_statements(
            incoming, by=self.by, at=self.at, agreed_by=self.run.approved_by, known=self.known
        )
        tables.add(
            [
                ImportedStatement(
                    source=plan.source,
                    identifier=plan.identifier,
                    row_digest=plan.digest,
                    statement=one.statement,
                    version=one.statement.version,
                    digest=edition.digest if edition else "",
                    run=self.run,
                    file=plan.row.file[:300],
                    row=plan.row.number,
                )
                for plan, one, edition in zip(plans, incoming, editions, strict=True)
            ]
        )
        OldAddress.objects.bulk_create(
            [
                OldAddress(path=path, statement=one.statement)
                for plan, one in zip(plans, incoming, strict=True)
                for path in plan.paths
            ]
            + [
                OldAddress(path=path, statement=one.statement, file=file)
                for plan, one in zip(plans, incoming, strict=True)
                for path, file in plan.paths_of_files.items()
            ],
            ignore_conflicts=True,  # the first statement that had the address keeps it
        )

    def again(self, plan: Plan, before: ImportedStatement) -> Told:
        """A row that changed at its source: another edition, unless its words are the same."""
        assert plan.incoming, "What is refused was told before."
        try:
            return plan, *self._written_again(plan, plan.incoming, before)
        except NOT_WRITTEN as error:
            return plan, REFUSED, _refusal(error)

    @transaction.atomic
    def _written_again(
        self, plan: Plan, incoming: Incoming, before: ImportedStatement
    ) -> tuple[str, str]:
        statement = Statement.objects.select_for_update(no_key=True).get(pk=before.statement_id)
        if statement.version != before.version:
            return KEPT, "It was edited here since."
        before.row_digest = plan.digest
        if digest_of(incoming.text) == before.digest:
            before.save(update_fields=["row_digest"])
            return UNCHANGED, "What changed at its source is none of the words."
        _replace_words(statement, incoming)
        if incoming.released_at is None and not before.digest:
            statement.next_version(by=self.by, seen_version=statement.version)
            outcome = DRAFT
        else:
            edition = self._edition(statement, plan, incoming)
            before.digest, outcome = edition.digest, NEW_EDITION
            statement.refresh_from_db(fields=["version"])
        before.version = statement.version
        before.save(update_fields=["row_digest", "digest", "version"])
        return outcome, ""

    def _edition(self, statement: Statement, plan: Plan, incoming: Incoming) -> Edition:
        """Out since the source changed it, as far as the source says; else since now."""
        when = plan.row.updated or incoming.released_at or self.at
        if statement.editions.filter(released_since(when)).exists():
            when = self.at
        return workflow.import_edition(
            statement,
            by=self.by,
            at=self.at,
            released_at=min(when, self.at),
            source=incoming.source,
            detail=incoming.detail,
            agreed_by=self.run.approved_by,
        )


@contextmanager
def beside() -> Iterator[ThreadPoolExecutor]:
    """A thread to write in, on a connection of its own: much of that is waiting for the server.

    SQLite has nobody to wait for, and whoever is inside a transaction writes nothing outside of it:
    there the work is done at once, in the order in which it is asked for as well.
    """
    with index.gathering():
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            yield AtOnce()
            return
        usual = sys.getswitchinterval()
        with ThreadPoolExecutor(1) as thread:
            try:
                # Else whoever plans keeps the interpreter for 5 ms after each answer of the server.
                sys.setswitchinterval(usual / 10)
                yield thread
            finally:
                thread.submit(connections.close_all).result()
                sys.setswitchinterval(usual)


class AtOnce(ThreadPoolExecutor):
    """Begins no thread."""

    def submit(self, work, /, *given, **named):
        done: Future = Future()
        done.set_result(work(*given, **named))
        return done


def edited_here(before: ImportedStatement) -> str:
    """Why what stands here is not to be overwritten; "" where it may be."""
    statement = before.statement
    if statement.version != before.version:
        return "It was edited here since."
    if statement.editions.exclude(rule=Rule.IMPORT).exists():
        return "It was edited here since."
    if statement.withdrawals.exists():
        return "It was withdrawn here."
    return ""


def _replace_words(statement: Statement, incoming: Incoming) -> None:
    new = incoming.statement
    names = [*schema.columns_of(schema.FIELDS), "unplaced"]
    for name in names:
        setattr(statement, name, getattr(new, name))
    statement.save(update_fields=names)
    statement.passages.all().delete()
    for position, passage in enumerate(incoming.passages):
        passage.statement, passage.position = statement, position
    Passage.objects.bulk_create(incoming.passages)
    statement.attachments.all().delete()
    for attachment in incoming.attachments:
        attachment.statement = statement
    Attachment.objects.bulk_create(incoming.attachments)


def _anew(plan: Plan) -> Plan:
    """The same plan without the numbers that a batch gave its rows before it was undone."""
    assert plan.incoming, "Only what is to be made is made."
    old = plan.incoming
    for row in (old.statement, *old.passages, *old.attachments):
        row.pk = None
        row._state.adding = True
    for passage in old.passages:
        passage.statement = old.statement
    old.statement.slug = ""
    return plan


def _refusal(error: Exception) -> str:
    return f"The database refused it: {str(error).strip().split(chr(10))[0][:300]}"
