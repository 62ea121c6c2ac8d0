"""Sources -> plans -> statements, batch by batch. Safe to stop and to run again."""

import datetime as dt
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, transaction

from archive.books import Books
from archive.formats import recognise
from archive.issuers import bodies_of
from archive.lot import Lot
from archive.models import ImportedStatement, ImportRun, OldAddress
from archive.nearby import Nearby
from archive.planning import Plan, Planner
from archive.reading.row import Item, NothingToRead, Refused, Row, Skipped
from archive.reading.source import DAMAGED, Source, digest_of
from archive.report import DRAFT, KEPT, MADE, NEW_EDITION, REFUSED, SKIPPED, UNCHANGED, Line, Report
from archive.taking import Taking
from statements import workflow
from statements.models import Attachment, Edition, Passage, Rule, Statement
from statements.models import digest_of as digest_of_text
from statements.workflow import Incoming

BATCH = 200
MOST_NAMES = 50_000
LONGEST_IDENTIFIER = 500


class Seen:
    """Identifiers and words of this run, on disk and not in memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, place TEXT) WITHOUT ROWID")

    def before(self, key: str, place: str) -> str:
        """Where this stood before in the run; "" if it did not, and it is remembered."""
        short = hashlib.blake2b(key.encode(), digest_size=12).digest()
        row = self._rows.execute("SELECT place FROM seen WHERE key = ?", [short]).fetchone()
        if row is None:
            self._rows.execute("INSERT INTO seen VALUES (?, ?)", [short, place])
            return ""
        return str(row[0])

    def close(self) -> None:
        self._rows.close()


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
        self.seen = Seen()
        self.understood = 0
        self._lines: list[Line] = []
        self._wordless: list[str] = []
        self._order: dict[str, int] = {}
        self._stems: set[tuple[str, str]] = set()

    def __call__(self) -> Iterator[int]:
        """Yields how many rows were gone through."""
        self._learn_bodies()
        done = 0
        batch: list[tuple[Row, str, str]] = []
        for file in self.lot.files:
            self._order[file.name] = len(self._order)
            for item, source, file_digest in self._items(file):
                done += 1
                if isinstance(item, Row):
                    batch.append((item, source, file_digest))
                else:
                    self._pass_over(item)
                if len(batch) >= BATCH or len(self._lines) >= BATCH:
                    self._take(batch)
                    batch = []
                    yield done
        self._take(batch)
        self.seen.close()
        self.told += [
            f"{name}: no statements in it, or of a format we do not know, and no row names it."
            for name in self._wordless
            if name not in self.planner.taking.named
        ]
        yield done

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

    def _pass_over(self, item: Skipped | Refused) -> None:
        outcome = SKIPPED if isinstance(item, Skipped) else REFUSED
        self._lines.append(
            Line(item.file, item.number, outcome, item.why, item.headline, "", item.identifier)
        )

    # --- A batch ---

    def _take(self, batch: list[tuple[Row, str, str]]) -> None:
        known = self._known(batch)
        plans: list[tuple[Plan, str]] = []
        for row, source, file_digest in batch:
            line, digest = _line(row), row.digest()
            source, identifier = _identity(row, source, digest)
            before = known.get((source, identifier))
            if again := self._twice(source, identifier, row, digest):
                line.outcome, line.why = again
                self._lines.append(line)
                continue
            if before is not None and before.row_digest == digest:
                line.outcome = UNCHANGED
                self._lines.append(line)
                continue
            if before is not None and (why := _edited_here(before)):
                line.outcome, line.why = KEPT, why
                self._lines.append(line)
                continue
            plan = self._plan(row, source, identifier, digest, file_digest)
            if plan.refusal:
                self._say(plan, REFUSED, plan.refusal)
            elif before is not None:
                self._again(plan, before)
            else:
                plans.append((plan, source))
        self._make(plans)
        for line in sorted(self._lines, key=lambda one: (self._order[one.file], one.row)):
            self.report.add(line)
        self._lines.clear()

    def _known(self, batch) -> dict[tuple[str, str], ImportedStatement]:
        wanted = {_identity(row, source, "")[1] for row, source, _ in batch}
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

    def _plan(self, row: Row, source: str, identifier: str, digest: str, file_digest: str) -> Plan:
        detail = {
            "source": source,
            "identifier": identifier,
            "file": row.file,
            "file_digest": file_digest,
            "row": row.number,
        }
        note = f"{row.where} of {source}" if source else row.where
        return self.planner.plan(
            row, identifier=identifier, digest=digest, source=note, detail=detail
        )

    def _say(self, plan: Plan, outcome: str, why: str = "") -> None:
        line = _line(plan.row)
        line.outcome, line.why = outcome, why
        line.doubts, line.dropped, line.taken = plan.doubts, plan.dropped, plan.taken
        if outcome != REFUSED:
            line.words_in, line.words_out = plan.words_in, plan.words_out
        self._lines.append(line)

    # --- Writing ---

    def _make(self, plans: list[tuple[Plan, str]]) -> None:
        if self.run is not None and plans:
            self.books.save()
            plans = self._written(plans)
        for plan, _ in plans:
            self._say(plan, DRAFT if plan.is_draft else MADE)

    def _written(self, plans: list[tuple[Plan, str]]) -> list[tuple[Plan, str]]:
        """Those that went in: all at once, else one by one, so that one bad row stops no other."""
        try:
            self._write(plans)
            return plans
        except (DatabaseError, workflow.Refused, ValueError) as error:
            self._stems.clear()  # what was undone is not known after all
            if len(plans) == 1:
                self._say(plans[0][0], REFUSED, f"The database refused it: {_first_line(error)}")
                return []
        return [one for plan in plans for one in self._written([_anew(plan)])]

    @transaction.atomic
    def _write(self, plans: list[tuple[Plan, str]]) -> None:
        assert self.run is not None, "A dry run writes nothing."
        incoming = [plan.incoming for plan, _ in plans if plan.incoming]
        editions = workflow.import_statements(
            incoming,
            by=self.by,
            at=self.at,
            agreed_by=self.run.approved_by,
            known_stems=self._stems,
        )
        ImportedStatement.objects.bulk_create(
            ImportedStatement(
                source=source,
                identifier=plan.identifier,
                row_digest=plan.digest,
                statement=one.statement,
                version=one.statement.version,
                digest=edition.digest if edition else "",
                run=self.run,
                file=plan.row.file[:300],
                row=plan.row.number,
            )
            for (plan, source), one, edition in zip(plans, incoming, editions, strict=True)
        )
        OldAddress.objects.bulk_create(
            [
                OldAddress(path=path, statement=one.statement)
                for (plan, _), one in zip(plans, incoming, strict=True)
                for path in plan.paths
            ],
            ignore_conflicts=True,  # the first statement that had the address keeps it
        )

    def _again(self, plan: Plan, before: ImportedStatement) -> None:
        """A row that changed at its source: another edition, unless its words are the same."""
        assert plan.incoming, "What is refused was told before."
        if self.run is None:
            self._say(plan, NEW_EDITION)
            return
        self.books.save()
        try:
            self._say(plan, *self._written_again(plan, plan.incoming, before))
        except (DatabaseError, workflow.Refused, ValueError) as error:
            self._say(plan, REFUSED, f"The database refused it: {_first_line(error)}")

    @transaction.atomic
    def _written_again(
        self, plan: Plan, incoming: Incoming, before: ImportedStatement
    ) -> tuple[str, str]:
        statement = Statement.objects.select_for_update(no_key=True).get(pk=before.statement_id)
        if statement.version != before.version:
            return KEPT, "It was edited here since."
        before.row_digest = plan.digest
        if digest_of_text(incoming.text) == before.digest:
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
        last = statement.editions.order_by("-release_at").first()
        when = plan.row.updated or incoming.released_at or self.at
        if last is not None and last.release_at and when <= last.release_at:
            when = self.at
        return workflow.import_edition(
            statement,
            by=self.by,
            at=self.at,
            released_at=min(when, self.at),
            source=incoming.source,
            detail=incoming.detail,
            agreed_by=self.run.approved_by if self.run else None,
        )


def _replace_words(statement: Statement, incoming: Incoming) -> None:
    new = incoming.statement
    names = "headline kind summary organisation language dated_on notes_to_editors unplaced".split()
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


def _edited_here(before: ImportedStatement) -> str:
    statement = before.statement
    if statement.version != before.version:
        return "It was edited here since."
    if statement.editions.exclude(rule=Rule.IMPORT).exists():
        return "It was edited here since."
    if statement.withdrawals.exists():
        return "It was withdrawn here."
    return ""


def _anew(one: tuple[Plan, str]) -> tuple[Plan, str]:
    """The same plan without the numbers that a batch gave its rows before it was undone."""
    plan, source = one
    assert plan.incoming, "Only what is to be made is made."
    old = plan.incoming
    for row in (old.statement, *old.passages, *old.attachments):
        row.pk = None
        row._state.adding = True
    for passage in old.passages:
        passage.statement = old.statement
    old.statement.slug = ""
    return plan, source


def _identity(row: Row, source: str, digest: str) -> tuple[str, str]:
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


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:300]


def counts_of(report: Report) -> dict:
    return json.loads(json.dumps(dict(report.counts)))
