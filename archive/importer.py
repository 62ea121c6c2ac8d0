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

from archive.attachments import Taking
from archive.cleaning import Cleaned
from archive.duplicates import Seen
from archive.formats import recognise
from archive.import_source import Lot
from archive.issuers import bodies_of
from archive.local_files import Nearby
from archive.models import ImportedStatement, ImportRun
from archive.name_matching import Books
from archive.planner import Plan, Planner
from archive.readers.row import Item, NothingToRead, Refused, Row, Skipped
from archive.readers.source import DAMAGED, Source, digest_of
from archive.report import DRAFT, KEPT, MADE, NEW_EDITION, REFUSED, SKIPPED, UNCHANGED, Line, Report
from archive.worker_processes import Apart, cleaned, indexed
from archive.writer import Writer, beside, edited_here
from statements.search.precomputed import FoundBy

BATCH = 200
MOST_NAMES = 50_000
LONGEST_IDENTIFIER = 500
OURS = "It could not be understood, by a fault of ours. The log of the server says more."


@dataclass
class Sifted:
    """A row that is to be planned, with what is known of it."""

    row: Row
    source: str
    identifier: str
    digest: str
    file_digest: str
    before: ImportedStatement | None


@dataclass
class Batch:
    """Some rows on their way, and the lines of the report that are certain already."""

    sifted: list[Sifted] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    again: list[tuple[Plan, ImportedStatement]] = field(default_factory=list)
    new: list[Model] = field(default_factory=list)  # people, bodies and themes
    lines: list[Line] = field(default_factory=list)
    done: int = 0

    @property
    def rows(self) -> list[Row]:
        return [one.row for one in self.sifted]

    @property
    def texts(self) -> list[str]:
        """The words to be indexed, of what will be public."""
        return [one.text for plan in self.plans if (one := plan.incoming) and one.released_at]

    def say(self, plan: Plan, outcome: str, why: str = "") -> None:
        line = _line(plan.row)
        line.outcome, line.why = outcome, why
        line.doubts, line.dropped, line.taken = plan.doubts, plan.dropped, plan.taken
        if outcome != REFUSED:
            line.words_in, line.words_out = plan.words_in, plan.words_out
        self.lines.append(line)


@dataclass
class Importer:
    """Goes through a lot once. Without a run it writes nothing: that is the dry run."""

    lot: Lot
    report: Report
    at: dt.datetime
    by: object = None
    run: ImportRun | None = None
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books = Books(self.lot.mapping)
        by, hosts = self.by if self.run else None, self.lot.mapping.fetch
        taking = Taking(Nearby(self.lot.files), by=by, at=self.at, hosts=hosts)
        self.planner = Planner(
            self.lot.mapping, self.books, taking, at=self.at, site=settings.SITE_NAME
        )
        self.writer = Writer(self.run, self.by, self.at) if self.run else None
        self.seen = Seen()
        self.understood = 0
        self._wordless: list[str] = []
        self._order: dict[str, int] = {}

    def __call__(self) -> Iterator[int]:
        """Yields how many rows were gone through."""
        self._learn_bodies()
        done = 0
        with Apart() as apart, collecting_seldom():
            for batch in self._finished(apart):
                for line in sorted(batch.lines, key=lambda one: (self._order[one.file], one.row)):
                    self.report.add(line)
                done = batch.done
                yield done
        self.seen.close()
        self.told += [
            f"{name}: no statements in it, or of a format we do not know, and no row names it."
            for name in self._wordless
            if name not in self.planner.taking.named
        ]
        yield done

    def _finished(self, apart: Apart) -> Iterator[Batch]:
        """Where there are many, they are written while those after them are planned."""
        with ExitStack() as until_the_end:
            pen: ThreadPoolExecutor | None = None
            under_way: deque[Future[Batch]] = deque()
            for batch, read in self._planned(apart):
                if pen is None and self.writer and apart.has_many:
                    pen = until_the_end.enter_context(beside())
                if pen is None:
                    yield self._finish(batch, read)
                    continue
                under_way.append(pen.submit(self._finish, batch, read))
                if len(under_way) > 1:
                    yield under_way.popleft().result()
            for last in under_way:
                yield last.result()

    def _planned(self, apart: Apart) -> Iterator[tuple[Batch, list[FoundBy]]]:
        """While one batch is written the next is indexed, and those after it are cleaned."""
        sifted = map(self._sift, self._batches())
        cleans = apart.ahead(sifted, cleaned, lambda batch: batch.rows)
        planned = (self._plan(batch, words) for batch, words in cleans)
        if self.writer is None:
            yield from ((batch, []) for batch in planned)
        else:
            yield from apart.ahead(planned, indexed, lambda batch: batch.texts)

    # --- Reading ---

    def _learn_bodies(self) -> None:
        """Where people and bodies stand in one text, the whole source tells which is which."""
        texts: Counter[str] = Counter()
        for file in self.lot.files:
            with suppress(NothingToRead, *DAMAGED):
                form = recognise(file)
                if form is None or form.propose is None:
                    continue
                if "issuers" not in (self.lot.mapping.fields or form.propose(file)):
                    continue
                for item in form.read(file, self.lot.mapping):
                    if isinstance(item, Row) and len(texts) < MOST_NAMES:
                        texts.update(" ".join(text.split()) for text in item.issuers)
        self.books.bodies_of_source = bodies_of(texts)

    def _items(self, file: Source) -> Iterator[tuple[Item, str, str]]:
        try:
            form = recognise(file)
        except DAMAGED as error:
            yield Refused(file.name, 0, f"It cannot be read: {error}."), "", ""
            return
        if form is None:
            self._wordless.append(file.name)
            return
        mapping = self.lot.mapping
        file_digest = digest_of(file)
        try:
            for item in form.read(file, mapping):
                self.understood += isinstance(item, Row)
                yield item, mapping.source, file_digest
        except NothingToRead as error:
            yield Refused(file.name, 0, str(error)), "", file_digest
        except DAMAGED as error:
            yield Refused(file.name, 0, f"It cannot be read: {error}."), "", file_digest

    def _batches(self) -> Iterator[tuple[int, list[tuple[Item, str, str]]]]:
        """(rows so far, some of them)."""
        done, batch = 0, []
        for file in self.lot.files:
            self._order[file.name] = len(self._order)
            for item in self._items(file):
                done += 1
                batch.append(item)
                if len(batch) >= BATCH:
                    yield done, batch
                    batch = []
        yield done, batch

    # --- What is to be planned at all ---

    def _sift(self, given: tuple[int, list[tuple[Item, str, str]]]) -> Batch:
        done, items = given
        batch = Batch(done=done)
        rows = []
        for item, source, file_digest in items:
            if isinstance(item, Row):
                rows.append((item, source, file_digest))
            else:
                batch.lines.append(_passed_over(item))
        known = self._known(rows)
        for row, source, file_digest in rows:
            digest = row.digest()
            source, identifier = identity_of(row, source)
            before = known.get((source, identifier))
            if fate := self._fate(row, source, identifier, digest, before):
                line = _line(row)
                line.outcome, line.why = fate
                batch.lines.append(line)
            else:
                one = Sifted(row, source, identifier, digest, file_digest, before)
                batch.sifted.append(one)
        return batch

    def _fate(
        self, row: Row, source: str, identifier: str, digest: str, before: ImportedStatement | None
    ) -> tuple[str, str] | None:
        """What has become of a row that nothing is to be made of."""
        if again := self._twice(source, identifier, row, digest):
            return again
        if before is not None and before.row_digest == digest:
            return UNCHANGED, ""
        if before is not None and (why := edited_here(before)):
            return KEPT, why
        return None

    def _known(self, batch) -> dict[tuple[str, str], ImportedStatement]:
        wanted = {identity_of(row, source)[1] for row, source, _ in batch}
        rows = ImportedStatement.objects.filter(identifier__in=wanted).select_related("statement")
        return {(one.source, one.identifier): one for one in rows}

    def _twice(self, source: str, identifier: str, row: Row, digest: str) -> tuple[str, str] | None:
        place = row.where
        if before := self.seen.before(f"{source}\0{identifier}", f"{place}\0{digest}"):
            where, _, same = before.partition("\0")
            if same == digest:
                return SKIPPED, f"The same item stood in {where}."
            return REFUSED, f"Its identifier is that of another item, in {where}."
        words = f"words\0{row.headline}\0{row.published}\0{row.body}"
        if row.body and (before := self.seen.before(words, place)):
            return SKIPPED, f"The same headline, date and words stood in {before}."
        return None

    # --- Planning and writing ---

    def _plan(self, batch: Batch, words: Iterable[Cleaned | None]) -> Batch:
        for one, made in zip(batch.sifted, words, strict=True):
            plan = self._plan_of(one, made)
            if plan.refusal:
                batch.say(plan, REFUSED, plan.refusal)
            elif one.before is not None:
                batch.again.append((plan, one.before))
            else:
                batch.plans.append(plan)
        batch.sifted.clear()
        batch.new = self.books.take_new()
        return batch

    def _plan_of(self, one: Sifted, made: Cleaned | None) -> Plan:
        row, source = one.row, one.source
        detail = {
            "source": source,
            "identifier": one.identifier,
            "file": row.file,
            "file_digest": one.file_digest,
            "row": row.number,
        }
        plan = Plan(row, source, one.identifier, one.digest, detail)
        if made is None:
            plan.refusal = OURS
        else:
            self.planner.plan(plan, made)
        return plan

    def _finish(self, batch: Batch, read: list[FoundBy]) -> Batch:
        public = [one for plan in batch.plans if (one := plan.incoming) and one.released_at]
        for one, found in zip(public, read, strict=False):
            one.found_by = found
        if self.writer is None:
            for plan in batch.plans:
                batch.say(plan, DRAFT if plan.is_draft else MADE)
            for plan, _ in batch.again:
                batch.say(plan, NEW_EDITION)
        else:
            self.books.save(batch.new)
            for told in self.writer.new(batch.plans):
                batch.say(*told)
            for plan, before in batch.again:
                batch.say(*self.writer.again(plan, before))
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


def _passed_over(item: Skipped | Refused) -> Line:
    outcome = SKIPPED if isinstance(item, Skipped) else REFUSED
    return Line(item.file, item.number, outcome, item.why, item.headline, "", item.identifier)


def identity_of(row: Row, source: str) -> tuple[str, str]:
    """The source’s name and the item’s in it; an address of the web names its source itself."""
    identifier = row.identifier or f"{row.headline}|{row.published}"
    if len(identifier) > LONGEST_IDENTIFIER:
        tail = hashlib.sha256(identifier.encode()).hexdigest()
        identifier = identifier[: LONGEST_IDENTIFIER - 65] + "-" + tail
    if not source:
        host = urlsplit(identifier).hostname if "://" in identifier[:12] else ""
        source = row.site or host or row.file.rpartition("/")[2]
    return source[:200], identifier


def _line(row: Row) -> Line:
    date = row.published.isoformat() if row.published else ""
    return Line(row.file, row.number, "", "", row.headline[:300], date, row.identifier[:300])


def counts_of(report: Report) -> dict:
    return json.loads(json.dumps(dict(report.counts)))
