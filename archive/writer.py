"""Plans -> statements, a batch in one transaction; and one bad row stops no other."""

import datetime as dt
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, connections, transaction

from archive.models import ImportedStatement, ImportRun, LegacyRedirect
from archive.planner import ImportPlan
from archive.report import DRAFT, LEFT_ALONE, MADE, NEW_EDITION, REFUSED, UNCHANGED
from bench.sample_data import tables
from statements import workflow
from statements.content import schema
from statements.content.schema import digest_of
from statements.models import (
    ApprovalRule,
    Attachment,
    Edition,
    Passage,
    Statement,
    lock_statement,
)
from statements.publicness import released_since
from statements.search import index
from statements.workflow import ImportCache, ImportedDraft

WriteOutcome = tuple[ImportPlan, str, str]
"""A plan, its outcome, and why."""
MAX_STEMS = 300_000
"""Remembered at once: a record of a million statements has more names in it than memory is for."""
WRITE_ERRORS = (DatabaseError, workflow.Refused, ValueError)


@dataclass
class Writer:
    """Brings plans in, in the name of one person, as a part of one run."""

    run: ImportRun
    by: object
    at: dt.datetime
    cache: ImportCache = field(default_factory=ImportCache)

    def create(self, plans: list[ImportPlan]) -> Iterator[WriteOutcome]:
        """All at once; where that fails one by one, so that the bad one is found and named."""
        if not plans:
            return
        if len(self.cache.known_stems) > MAX_STEMS:
            self.cache = ImportCache()
        try:
            self._write_batch(plans)
        except WRITE_ERRORS as error:
            self.cache = ImportCache()  # what was undone is not known after all
            if len(plans) == 1:
                yield plans[0], REFUSED, _format_refusal(error)
                return
            for plan in plans:
                yield from self.create([_reset_pks(plan)])
        else:
            yield from ((plan, DRAFT if plan.is_draft else MADE, "") for plan in plans)

    @transaction.atomic
    def _write_batch(self, plans: list[ImportPlan]) -> None:
        incoming = [plan.incoming for plan in plans if plan.incoming]
        editions = workflow.import_statements(
            incoming, by=self.by, at=self.at, approved_by=self.run.approved_by, cache=self.cache
        )
        tables.insert_numbered(
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
        LegacyRedirect.objects.bulk_create(
            [
                LegacyRedirect(path=path, statement=one.statement)
                for plan, one in zip(plans, incoming, strict=True)
                for path in plan.redirect_paths
            ]
            + [
                LegacyRedirect(path=path, statement=one.statement, file=file)
                for plan, one in zip(plans, incoming, strict=True)
                for path, file in plan.file_redirect_paths.items()
            ],
            ignore_conflicts=True,  # the first statement that had the address keeps it
        )

    def update(self, plan: ImportPlan, before: ImportedStatement) -> WriteOutcome:
        """A row that changed at its source: another edition, unless its words are the same."""
        assert plan.incoming, "What is refused was told before."
        try:
            return plan, *self._update_statement(plan, plan.incoming, before)
        except WRITE_ERRORS as error:
            return plan, REFUSED, _format_refusal(error)

    @transaction.atomic
    def _update_statement(
        self, plan: ImportPlan, incoming: ImportedDraft, before: ImportedStatement
    ) -> tuple[str, str]:
        statement = lock_statement(before.statement_id)
        if statement.version != before.version:
            return LEFT_ALONE, "It was edited here since."
        before.row_digest = plan.digest
        if digest_of(incoming.canonical_json) == before.digest:
            before.save(update_fields=["row_digest"])
            return UNCHANGED, "What changed at its source is none of the words."
        _replace_content(statement, incoming)
        if incoming.released_at is None and not before.digest:
            statement.record_save(by=self.by, seen_version=statement.version)
            outcome = DRAFT
        else:
            edition = self._create_edition(statement, plan, incoming)
            before.digest, outcome = edition.digest, NEW_EDITION
            statement.refresh_from_db(fields=["version"])
        before.version = statement.version
        before.save(update_fields=["row_digest", "digest", "version"])
        return outcome, ""

    def _create_edition(
        self, statement: Statement, plan: ImportPlan, incoming: ImportedDraft
    ) -> Edition:
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
            approved_by=self.run.approved_by,
        )


@contextmanager
def beside() -> Iterator[ThreadPoolExecutor]:
    """A thread to write in, on a connection of its own: much of that is waiting for the server.

    SQLite has nobody to wait for, and whoever is inside a transaction writes nothing outside of it:
    there the work is done at once, in the order in which it is asked for as well.
    """
    with index.bulk_indexing():
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


def find_local_change(before: ImportedStatement) -> str:
    """Why what stands here is not to be overwritten; "" where it may be."""
    statement = before.statement
    if statement.version != before.version:
        return "It was edited here since."
    if statement.editions.exclude(rule=ApprovalRule.IMPORT).exists():
        return "It was edited here since."
    if statement.withdrawals.exists():
        return "It was withdrawn here."
    return ""


def _replace_content(statement: Statement, incoming: ImportedDraft) -> None:
    new = incoming.statement
    names = [*schema.columns_of(schema.FIELDS), "leftover_text"]
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


def _reset_pks(plan: ImportPlan) -> ImportPlan:
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


def _format_refusal(error: Exception) -> str:
    return f"The database refused it: {str(error).strip().split(chr(10))[0][:300]}"
