"""Sources -> plans -> statements, batch by batch. Safe to stop and to run again."""

import datetime as dt
import gc
import hashlib
import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Model

from archive.attachments import AttachmentImporter
from archive.cleaning import CleanedBody
from archive.duplicates import DuplicateIndex
from archive.formats import detect_format
from archive.import_source import ImportSource
from archive.issuers import find_organisation_names
from archive.local_files import LocalFiles
from archive.models import ImportedStatement, ImportRun
from archive.name_matching import NameMatcher
from archive.planner import ImportPlan, Planner
from archive.readers.row import RejectedRow, Row, SkippedRow, SourceItem, UnreadableSource
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
    ReportLine,
)
from archive.worker_processes import WorkerPool, clean_rows, index_texts
from archive.writer import Writer, beside, find_local_change
from statements.search.precomputed import IndexData

BATCH_ROWS = 200
MAX_ISSUER_TEXTS = 50_000
MAX_IDENTIFIER_CHARS = 500
INTERNAL_ERROR = "It could not be understood, by a fault of ours. The log of the server says more."


@dataclass
class Candidate:
    """A row that is to be planned, with what is known of it."""

    row: Row
    source: str
    identifier: str
    digest: str
    file_digest: str
    previous: ImportedStatement | None


@dataclass
class ImportBatch:
    """Some rows on their way, and the lines of the report that are certain already."""

    candidates: list[Candidate] = field(default_factory=list)
    plans: list[ImportPlan] = field(default_factory=list)
    updates: list[tuple[ImportPlan, ImportedStatement]] = field(default_factory=list)
    new_objects: list[Model] = field(default_factory=list)  # people, bodies and themes
    lines: list[ReportLine] = field(default_factory=list)
    rows_done: int = 0

    @property
    def rows(self) -> list[Row]:
        return [one.row for one in self.candidates]

    @property
    def texts(self) -> list[str]:
        """The words to be indexed, of what will be public."""
        return [
            one.canonical_json for plan in self.plans if (one := plan.incoming) and one.released_at
        ]

    def add_line(self, plan: ImportPlan, outcome: str, why: str = "") -> None:
        line = _make_line(plan.row)
        line.outcome, line.why = outcome, why
        line.doubts, line.dropped, line.taken = plan.doubts, plan.dropped, plan.attachment_names
        if outcome != REFUSED:
            line.words_in, line.words_out = plan.words_in, plan.words_out
        self.lines.append(line)


@dataclass
class Importer:
    """Goes through a lot once. Without a run it writes nothing: that is the dry run."""

    import_source: ImportSource
    report: Report
    at: dt.datetime
    by: object = None
    run: ImportRun | None = None
    messages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name_matcher = NameMatcher(self.import_source.mapping)
        by, hosts = self.by if self.run else None, self.import_source.mapping.fetch
        taking = AttachmentImporter(
            LocalFiles(self.import_source.files), by=by, at=self.at, hosts=hosts
        )
        self.planner = Planner(
            self.import_source.mapping,
            self.name_matcher,
            taking,
            at=self.at,
            site=settings.SITE_NAME,
        )
        self.writer = Writer(self.run, self.by, self.at) if self.run else None
        self.duplicates = DuplicateIndex()
        self.readable_rows = 0
        self._ignored_files: list[str] = []
        self._file_order: dict[str, int] = {}

    def __call__(self) -> Iterator[int]:
        """Yields how many rows were gone through."""
        self._learn_organisations()
        done = 0
        with WorkerPool() as apart, collecting_seldom():
            for batch in self._finish_batches(apart):
                for line in sorted(
                    batch.lines, key=lambda one: (self._file_order[one.file], one.row)
                ):
                    self.report.add(line)
                done = batch.rows_done
                yield done
        self.duplicates.close()
        self.messages += [
            f"{name}: no statements in it, or of a format we do not know, and no row names it."
            for name in self._ignored_files
            if name not in self.planner.attachment_importer.named_files
        ]
        yield done

    def _finish_batches(self, apart: WorkerPool) -> Iterator[ImportBatch]:
        """Where there are many, they are written while those after them are planned."""
        with ExitStack() as until_the_end:
            pen: ThreadPoolExecutor | None = None
            under_way: deque[Future[ImportBatch]] = deque()
            for batch, read in self._plan_batches(apart):
                if pen is None and self.writer and apart.has_enough_batches:
                    pen = until_the_end.enter_context(beside())
                if pen is None:
                    yield self._finish_batch(batch, read)
                    continue
                under_way.append(pen.submit(self._finish_batch, batch, read))
                if len(under_way) > 1:
                    yield under_way.popleft().result()
            for last in under_way:
                yield last.result()

    def _plan_batches(self, apart: WorkerPool) -> Iterator[tuple[ImportBatch, list[IndexData]]]:
        """While one batch is written the next is indexed, and those after it are cleaned."""
        sifted = map(self._deduplicate, self._read_batches())
        cleans = apart.prefetch(sifted, clean_rows, lambda batch: batch.rows)
        planned = (self._plan_batch(batch, words) for batch, words in cleans)
        if self.writer is None:
            yield from ((batch, []) for batch in planned)
        else:
            yield from apart.prefetch(planned, index_texts, lambda batch: batch.texts)

    # --- Reading ---

    def _learn_organisations(self) -> None:
        """Where people and bodies stand in one text, the whole source tells which is which."""
        texts: Counter[str] = Counter()
        for file in self.import_source.files:
            with suppress(UnreadableSource, *READ_ERRORS):
                form = detect_format(file)
                if form is None or form.guess_fields is None:
                    continue
                if "issuers" not in (self.import_source.mapping.fields or form.guess_fields(file)):
                    continue
                for item in form.read(file, self.import_source.mapping):
                    if isinstance(item, Row) and len(texts) < MAX_ISSUER_TEXTS:
                        texts.update(" ".join(text.split()) for text in item.issuers)
        self.name_matcher.source_organisations = find_organisation_names(texts)

    def _read_items(self, file: SourceFile) -> Iterator[tuple[SourceItem, str, str]]:
        try:
            form = detect_format(file)
        except READ_ERRORS as error:
            yield RejectedRow(file.name, 0, f"It cannot be read: {error}."), "", ""
            return
        if form is None:
            self._ignored_files.append(file.name)
            return
        mapping = self.import_source.mapping
        file_digest = compute_digest(file)
        try:
            for item in form.read(file, mapping):
                self.readable_rows += isinstance(item, Row)
                yield item, mapping.source, file_digest
        except UnreadableSource as error:
            yield RejectedRow(file.name, 0, str(error)), "", file_digest
        except READ_ERRORS as error:
            yield RejectedRow(file.name, 0, f"It cannot be read: {error}."), "", file_digest

    def _read_batches(self) -> Iterator[tuple[int, list[tuple[SourceItem, str, str]]]]:
        """(rows so far, some of them)."""
        done, batch = 0, []
        for file in self.import_source.files:
            self._file_order[file.name] = len(self._file_order)
            for item in self._read_items(file):
                done += 1
                batch.append(item)
                if len(batch) >= BATCH_ROWS:
                    yield done, batch
                    batch = []
        yield done, batch

    # --- What is to be planned at all ---

    def _deduplicate(self, given: tuple[int, list[tuple[SourceItem, str, str]]]) -> ImportBatch:
        done, items = given
        batch = ImportBatch(rows_done=done)
        rows = []
        for item, source, file_digest in items:
            if isinstance(item, Row):
                rows.append((item, source, file_digest))
            else:
                batch.lines.append(_make_skipped_line(item))
        known = self._find_imported(rows)
        for row, source, file_digest in rows:
            digest = row.digest()
            source, identifier = identify_row(row, source)
            before = known.get((source, identifier))
            if fate := self._skip_reason(row, source, identifier, digest, before):
                line = _make_line(row)
                line.outcome, line.why = fate
                batch.lines.append(line)
            else:
                one = Candidate(row, source, identifier, digest, file_digest, before)
                batch.candidates.append(one)
        return batch

    def _skip_reason(
        self, row: Row, source: str, identifier: str, digest: str, before: ImportedStatement | None
    ) -> tuple[str, str] | None:
        """What has become of a row that nothing is to be made of."""
        if again := self._duplicate_reason(source, identifier, row, digest):
            return again
        if before is not None and before.row_digest == digest:
            return UNCHANGED, ""
        if before is not None and (why := find_local_change(before)):
            return LEFT_ALONE, why
        return None

    def _find_imported(self, batch) -> dict[tuple[str, str], ImportedStatement]:
        wanted = {identify_row(row, source)[1] for row, source, _ in batch}
        rows = ImportedStatement.objects.filter(identifier__in=wanted).select_related("statement")
        return {(one.source, one.identifier): one for one in rows}

    def _duplicate_reason(
        self, source: str, identifier: str, row: Row, digest: str
    ) -> tuple[str, str] | None:
        place = row.location
        if before := self.duplicates.find_or_record(
            f"{source}\0{identifier}", f"{place}\0{digest}"
        ):
            where, _, same = before.partition("\0")
            if same == digest:
                return SKIPPED, f"The same item stood in {where}."
            return REFUSED, f"Its identifier is that of another item, in {where}."
        words = f"words\0{row.headline}\0{row.published}\0{row.body}"
        if row.body and (before := self.duplicates.find_or_record(words, place)):
            return SKIPPED, f"The same headline, date and words stood in {before}."
        return None

    # --- Planning and writing ---

    def _plan_batch(self, batch: ImportBatch, words: Iterable[CleanedBody | None]) -> ImportBatch:
        for one, made in zip(batch.candidates, words, strict=True):
            plan = self._plan_row(one, made)
            if plan.refusal:
                batch.add_line(plan, REFUSED, plan.refusal)
            elif one.previous is not None:
                batch.updates.append((plan, one.previous))
            else:
                batch.plans.append(plan)
        batch.candidates.clear()
        batch.new_objects = self.name_matcher.pop_new()
        return batch

    def _plan_row(self, one: Candidate, made: CleanedBody | None) -> ImportPlan:
        row, source = one.row, one.source
        detail = {
            "source": source,
            "identifier": one.identifier,
            "file": row.file,
            "file_digest": one.file_digest,
            "row": row.number,
        }
        plan = ImportPlan(row, source, one.identifier, one.digest, detail)
        if made is None:
            plan.refusal = INTERNAL_ERROR
        else:
            self.planner.fill_plan(plan, made)
        return plan

    def _finish_batch(self, batch: ImportBatch, read: list[IndexData]) -> ImportBatch:
        public = [one for plan in batch.plans if (one := plan.incoming) and one.released_at]
        for one, found in zip(public, read, strict=False):
            one.index_data = found
        if self.writer is None:
            for plan in batch.plans:
                batch.add_line(plan, DRAFT if plan.is_draft else MADE)
            for plan, _ in batch.updates:
                batch.add_line(plan, NEW_EDITION)
        else:
            self.name_matcher.save(batch.new_objects)
            for told in self.writer.create(batch.plans):
                batch.add_line(*told)
            for plan, before in batch.updates:
                batch.add_line(*self.writer.update(plan, before))
        return batch


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """What is under way is a hundred thousand objects, and next to none of them is garbage."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(10_000, 5, 5)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _make_skipped_line(item: SkippedRow | RejectedRow) -> ReportLine:
    outcome = SKIPPED if isinstance(item, SkippedRow) else REFUSED
    return ReportLine(item.file, item.number, outcome, item.why, item.headline, "", item.identifier)


def identify_row(row: Row, source: str) -> tuple[str, str]:
    """The source’s name and the item’s in it; an address of the web names its source itself."""
    identifier = row.identifier or f"{row.headline}|{row.published}"
    if len(identifier) > MAX_IDENTIFIER_CHARS:
        tail = hashlib.sha256(identifier.encode()).hexdigest()
        identifier = identifier[: MAX_IDENTIFIER_CHARS - 65] + "-" + tail
    if not source:
        host = urlsplit(identifier).hostname if "://" in identifier[:12] else ""
        source = row.site or host or row.file.rpartition("/")[2]
    return source[:200], identifier


def _make_line(row: Row) -> ReportLine:
    date = row.published.isoformat() if row.published else ""
    return ReportLine(row.file, row.number, "", "", row.headline[:300], date, row.identifier[:300])


def count_outcomes(report: Report) -> dict:
    return json.loads(json.dumps(dict(report.counts)))
