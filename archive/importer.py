"""Import sources batch by batch. An import can be stopped and run again."""

import datetime as dt
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from archive.attachments import AttachmentImporter
from archive.cleaning import CleanedBody
from archive.duplicates import DuplicateIndex
from archive.first_pass import collect_facts
from archive.formats import detect_format
from archive.import_batch import (
    ImportBatch,
    ReadItem,
    RowCandidate,
    identify_row,
    make_line,
    make_skipped_line,
)
from archive.import_source import ImportSource
from archive.local_files import LocalFiles
from archive.matching.name_matcher import NameMatcher
from archive.models import ImportedStatement, ImportRun, hash_identifier
from archive.outcomes import OutcomeLog
from archive.planner import ImportPlan, Planner
from archive.readers.row import RejectedRow, Row, UnreadableSource
from archive.readers.source import READ_ERRORS, SourceFile, compute_digest
from archive.report import (
    DRAFT,
    LEFT_ALONE,
    MADE,
    NEW_EDITION,
    REFUSED,
    SKIPPED,
    UNCHANGED,
    Report,
)
from archive.worker_processes import WorkerPool, clean_rows, index_texts
from archive.writer import Writer, find_local_change
from statements import clock
from statements.audit.accounts import acting_user
from statements.integrity.keys import keyed_hash
from statements.search import index
from statements.search.precomputed import IndexData

BATCH_ROWS = 200
MAX_MESSAGES = 20
NO_LONGER_PUBLIC = (
    "It is public here, and its source no longer marks it as public. Decide whether to withdraw it."
)
DOUBTFUL_CHANGE = "It is public here, and what its source says now is in doubt. Compare the two."
INTERNAL_ERROR = "It could not be understood, by a fault of ours. The log of the server says more."
logger = logging.getLogger(__name__)


@dataclass
class Importer:
    """Go through a source once. Without a run nothing is written: that is the dry run.

    `outcomes` are those of this dry run, or those of the run's dry run: then no row is written that
    would come in otherwise. Its clock decides what is public, so time that passes changes nothing.
    """

    import_source: ImportSource
    report: Report
    at: dt.datetime
    by: User | None = None
    run: ImportRun | None = None
    messages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mapping = mapping = self.import_source.mapping
        self.name_matcher = NameMatcher(mapping)
        attachment_importer = AttachmentImporter(
            LocalFiles(self.import_source.files),
            by=self.by if self.run else None,
            at=self.at,
            hosts=mapping.fetch,
        )
        planned_at = self.run.planned_at if self.run else self.at
        self.planner = Planner(
            mapping, self.name_matcher, attachment_importer, at=planned_at, site=settings.SITE_NAME
        )
        dry_run = self.run.dry_run if self.run else None
        self.is_bound = dry_run is not None
        self.outcomes = OutcomeLog(dry_run.outcomes if dry_run else b"")
        self.writer = Writer(self.run, self.by, self.at) if self.run and self.by else None
        self.duplicates = DuplicateIndex()
        self.readable_rows = 0
        self.has_learned_order = False
        self._ignored_files: list[str] = []
        self._file_order: dict[str, int] = {}

    def process_rows(self) -> Iterator[int]:
        """Import or try every row; yield how many are done after each batch."""
        if self.run:
            logger.info("Import %d started", self.run.pk)
        self._learn_from_all_rows()
        rows_done = 0
        for batch in self._process_batches():
            for line in sorted(
                batch.lines, key=lambda line: (self._file_order[line.file], line.row)
            ):
                self.report.add(line)
            rows_done = batch.rows_done
            yield rows_done
        self.duplicates.close()
        self.messages += self.import_source.beside_files.list_messages()
        self.messages += [
            f"{name}: no statements in it, or of a format we do not know, and no row names it."
            for name in self._ignored_files
            if name not in self.planner.attachment_importer.named_files
        ]
        if self.run:
            self._record_end(self.run)
        yield rows_done

    def _record_end(self, run: ImportRun) -> None:
        run.finished_at, run.counts = clock.now(), dict(self.report.counts)
        run.save(update_fields=["finished_at", "counts"])
        logger.info("Import %d ended: %s", run.pk, json.dumps(run.counts, sort_keys=True))

    def list_notes(self) -> dict[str, list[str]]:
        """Return what is to be said of settings in a proposed mapping."""
        order = self.planner.dates.order.describe() if self.has_learned_order else ""
        return {
            "time_zone": ["Times without a zone are in this one."],
            "month_first": [order] if order else [],
        }

    def list_messages(self) -> list[str]:
        """Return the first messages about the source as a whole."""
        of_files = [message for files in self.import_source.file_sets for message in files.messages]
        return [*of_files, *self.messages][:MAX_MESSAGES]

    def _process_batches(self) -> Iterator[ImportBatch]:
        is_bulk = False
        with WorkerPool() as pool, ExitStack() as until_finished:
            for batch, index_data in self._plan_batches(pool):
                if self.writer and pool.has_processes and not is_bulk:
                    is_bulk = True
                    until_finished.enter_context(index.bulk_indexing())
                self._finish_batch(batch, index_data)
                yield batch

    def _plan_batches(self, pool: WorkerPool) -> Iterator[tuple[ImportBatch, list[IndexData]]]:
        """Plan batch by batch, while other processes clean and index the batches around it."""
        batches = map(self._deduplicate, self._read_batches())
        cleaned = pool.prefetch(batches, clean_rows, lambda batch: batch.rows)
        planned = (self._plan_batch(batch, bodies) for batch, bodies in cleaned)
        if self.writer is None:
            yield from ((batch, []) for batch in planned)
        else:
            yield from pool.prefetch(planned, index_texts, lambda batch: batch.texts)

    # --- Reading ---

    def _learn_from_all_rows(self) -> None:
        """Learn names, and the order of dates in numbers, unless the mapping says it."""
        facts = collect_facts(self.import_source)
        self.name_matcher.learn_names(facts.names)
        self.planner.dates = facts.dates
        if self.mapping.month_first is None:
            self.has_learned_order = True
            self.mapping = replace(self.mapping, month_first=facts.dates.order.decision)
            if message := facts.dates.order.describe():
                self.messages.append(message)

    def _read_items(self, file: SourceFile) -> Iterator[ReadItem]:
        try:
            form = detect_format(file)
        except READ_ERRORS as error:
            yield RejectedRow(file.name, 0, f"It cannot be read: {error}."), "", ""
            return
        if form is None:
            self._ignored_files.append(file.name)
            return
        mapping = self.mapping
        file_digest = keyed_hash("import file", compute_digest(file))
        try:
            for item in form.read(file, mapping):
                self.readable_rows += isinstance(item, Row)
                yield item, mapping.source, file_digest
        except UnreadableSource as error:
            yield RejectedRow(file.name, 0, str(error)), "", file_digest
        except READ_ERRORS as error:
            yield RejectedRow(file.name, 0, f"It cannot be read: {error}."), "", file_digest

    def _read_batches(self) -> Iterator[tuple[int, list[ReadItem]]]:
        """Yield (rows read so far, the next items)."""
        rows_read, batch = 0, []
        for file in self.import_source.statement_files:
            self._file_order[file.name] = len(self._file_order)
            for item in self._read_items(file):
                rows_read += 1
                batch.append(item)
                if len(batch) >= BATCH_ROWS:
                    yield rows_read, batch
                    batch = []
        yield rows_read, batch

    # --- Choosing the rows to plan ---

    def _deduplicate(self, numbered_batch: tuple[int, list[ReadItem]]) -> ImportBatch:
        rows_read, items = numbered_batch
        batch = ImportBatch(rows_done=rows_read)
        rows = []
        for position, (item, source, file_digest) in enumerate(items, rows_read - len(items)):
            if isinstance(item, Row):
                rows.append((item, source, file_digest, position))
            else:
                batch.lines.append(make_skipped_line(item))
        imported = self._find_imported([(row, source) for row, source, *_ in rows])
        for row, mapped_source, file_digest, position in rows:
            source, identifier = identify_row(row, mapped_source)
            candidate = RowCandidate(
                row,
                source,
                identifier,
                keyed_hash("import row", row.digest()),
                file_digest,
                position,
                imported.get((source, identifier)),
            )
            if skip_reason := self._skip_reason(candidate):
                line = make_line(row)
                line.outcome, line.why = skip_reason
                batch.lines.append(line)
            else:
                batch.candidates.append(candidate)
        return batch

    def _skip_reason(self, candidate: RowCandidate) -> tuple[str, str] | None:
        if duplicate_reason := self._duplicate_reason(candidate):
            return duplicate_reason
        previous = candidate.previous
        if previous is not None and previous.row_digest == candidate.digest:
            return UNCHANGED, ""
        if previous is not None and (why := find_local_change(previous)):
            return LEFT_ALONE, why
        return None

    def _find_imported(
        self, rows: list[tuple[Row, str]]
    ) -> dict[tuple[str, str], ImportedStatement]:
        """Find the items that were imported before, also those whose words were erased."""
        items = {identify_row(row, source) for row, source in rows}
        erased_items = {("", hash_identifier(*item)): item for item in items}
        identifiers = [identifier for _, identifier in (*items, *erased_items)]
        imported = ImportedStatement.objects.filter(identifier__in=identifiers)
        keys = {
            known: (known.source, known.identifier)
            for known in imported.select_related("statement")
        }
        return {erased_items.get(key, key): known for known, key in keys.items()}

    def _duplicate_reason(self, candidate: RowCandidate) -> tuple[str, str] | None:
        row, digest = candidate.row, candidate.digest
        if before := self.duplicates.find_or_record(
            f"{candidate.source}\0{candidate.identifier}", f"{row.location}\0{digest}"
        ):
            location, _, first_digest = before.partition("\0")
            if first_digest == digest:
                return SKIPPED, f"The same item stood in {location}."
            return REFUSED, f"Its identifier is that of another item, in {location}."
        words = f"words\0{row.headline}\0{row.published}\0{row.body}"
        if row.body and (location := self.duplicates.find_or_record(words, row.location)):
            return SKIPPED, f"The same headline, date and words stood in {location}."
        return None

    # --- Planning and writing ---

    def _plan_batch(
        self, batch: ImportBatch, cleaned_bodies: Iterable[CleanedBody | None]
    ) -> ImportBatch:
        for candidate, cleaned in zip(batch.candidates, cleaned_bodies, strict=True):
            plan = self._plan_row(candidate, cleaned)
            if plan.refusal:
                batch.add_line(plan, REFUSED, plan.refusal)
            elif plan.is_draft and candidate.previous and candidate.previous.words_hash:
                why = DOUBTFUL_CHANGE if plan.status.is_public else NO_LONGER_PUBLIC
                batch.add_line(plan, LEFT_ALONE, why)
            elif candidate.previous is not None:
                batch.updates.append((plan, candidate.previous))
            else:
                batch.plans.append(plan)
        batch.candidates.clear()
        batch.new_objects = self.name_matcher.pop_new()
        return batch

    def _plan_row(self, candidate: RowCandidate, cleaned: CleanedBody | None) -> ImportPlan:
        row = candidate.row
        # An event lasts for ever, so it holds no words: an identifier may be a headline.
        detail: dict[str, Any] = {
            "identifier": hash_identifier(candidate.source, candidate.identifier),
            "file_digest": candidate.file_digest,
            "row": row.number,
        }
        plan = ImportPlan(
            row,
            candidate.source,
            candidate.identifier,
            candidate.digest,
            detail,
            position=candidate.position,
            is_update=candidate.previous is not None,
        )
        if cleaned is None:
            plan.refusal = INTERNAL_ERROR
        else:
            self.planner.fill_plan(plan, cleaned)
        return plan

    def _finish_batch(self, batch: ImportBatch, index_data: list[IndexData]) -> None:
        for draft, data in zip(batch.public_drafts, index_data, strict=False):  # a dry run has none
            draft.index_data = data
        if self.writer is None:
            for plan in batch.plans:
                self.outcomes.record(plan)
                batch.add_line(plan, DRAFT if plan.is_draft else MADE)
            for plan, _ in batch.updates:
                self.outcomes.record(plan)
                batch.add_line(plan, NEW_EDITION)
        else:
            if self.is_bound:
                batch.refuse_other_outcomes(self.outcomes)
            with acting_user(self.writer.by):
                self.name_matcher.save(batch.new_objects)
            for outcome in self.writer.create(batch.plans):
                batch.add_line(*outcome)
            for plan, previous in batch.updates:
                batch.add_line(*self.writer.update(plan, previous))
