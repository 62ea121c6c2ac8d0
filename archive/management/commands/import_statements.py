"""Bring in years of statements from elsewhere; dry first."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from archive.approval import begin
from archive.formats import recognise
from archive.import_source import Lot, lot_of
from archive.importer import Importer, counts_of
from archive.mapping import Mapping, read_mapping
from archive.readers.row import NothingToRead
from archive.readers.source import DAMAGED
from archive.report import REFUSED, Report, write_matches
from archive.restore import is_export, restore
from statements import clock
from statements.audit import events
from statements.management.progress import Progress
from statements.roles import MANAGER, MANAGERS, holds

ALL, SOME, NONE = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Bring in statements from a WordPress export, a table, JSON, feeds, Markdown, Word and "
        "more. Exit status: 0 all was understood, 1 some rows were refused, 2 nothing could be "
        "read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be made, and write nothing"
        )
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="how to understand it")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="what became of each row, for Excel"
        )
        parser.add_argument("--approved", default="", metavar="DIGEST", help="of the dry run")
        parser.add_argument("--by", metavar="USERNAME", help="the manager who imports")
        parser.add_argument("--publisher", metavar="NAME", help="who publishes what names nobody")
        parser.add_argument("--source", metavar="NAME", help="what the source is called for good")

        parser.add_argument(
            "--fetch",
            action="append",
            default=[],
            metavar="HOST",
            help="bring pictures and files from this host as well; several times for several",
        )

    def handle(self, *args, **options) -> None:
        try:
            self._import(**options)
        except NothingToRead as error:
            raise CommandError(str(error), returncode=NONE) from error

    def _import(self, *, sources: list[Path], dry_run: bool, approved: str, **options) -> None:
        mapping = _mapping(options["mapping"])
        mapping.publisher = options["publisher"] or mapping.publisher
        mapping.source = options["source"] or mapping.source
        mapping.fetch += options["fetch"]
        if is_export(sources[0]):
            self._restore(sources, dry_run=dry_run)
            return
        lot = lot_of(sources, mapping)
        at = clock.now()
        by = None if dry_run else _person(options["by"])
        run = None if dry_run else begin(lot, by=by, at=at, approved=approved)
        if options["mapping"] is None:
            self._propose(lot)
        started = time.monotonic()
        with Report(options["report"]) as report:
            importer = Importer(lot, report, at, by=by, run=run)
            progress = Progress(0, "rows")
            for done in importer():
                progress(done)
        if run is not None:
            run.finished_at, run.counts = clock.now(), counts_of(report)
            run.save(update_fields=["finished_at", "counts"])
        self._summary(importer, time.monotonic() - started, lot, dry_run=dry_run)
        if options["report"] is not None:
            people = options["report"].with_suffix(".matches.csv")
            write_matches(people, importer.books.matches.values())
            self.stdout.write(f"Row by row: {options['report']}; names and matches: {people}")
        if not importer.understood:
            raise CommandError("Nothing could be read as a statement.", returncode=NONE)
        if report.counts[REFUSED]:
            raise CommandError(
                f"{report.counts[REFUSED]:,} rows were refused; the rest is understood.",
                returncode=SOME,
            )

    def _restore(self, sources: list[Path], *, dry_run: bool) -> None:
        """An export of this product, as it was; a dry run puts it back and undoes that."""
        if len(sources) > 1:
            raise NothingToRead("An export is restored alone: name one folder.")
        told: list[str] = []
        progress, done = Progress(0, "statements"), 0
        with transaction.atomic():
            for done in restore(sources[0], at=clock.now(), told=told):
                progress(done)
            if problems := list(islice(events.problems(), 5)):
                raise NothingToRead(f"The record of the export does not hold. {' '.join(problems)}")
            if dry_run:
                transaction.set_rollback(True)
        for sentence in told:
            self.stdout.write(sentence)
        would = "could be put back; nothing was written" if dry_run else "are back as they were"
        self.stdout.write(f"{done:,} statements {would}, and their record holds.")

    def _propose(self, lot: Lot) -> None:
        for file in lot.files:
            with suppress(NothingToRead, *DAMAGED):  # said of that file, in its turn
                form = recognise(file)
                if form and form.propose:
                    proposal = Mapping(**vars(lot.mapping) | {"fields": form.propose(file)})
                    self.stdout.write(
                        f"{file.name} was read as {form.name} with this mapping; to change it, "
                        "save it as a file and give that as --mapping:\n\n" + proposal.toml()
                    )
                    return

    def _summary(self, importer: Importer, seconds: float, lot: Lot, *, dry_run: bool) -> None:
        report = importer.report
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.rows:,} rows in {seconds:.1f} s ({report.rows / max(seconds, 0.001):,.0f}/s)."
        )
        for outcome, number in report.counts.most_common():
            self.stdout.write(f"  {number:>9,}  {would if outcome == 'made' else ''}{outcome}")
        for why, number in report.whys.most_common(12):
            self.stdout.write(f"  {number:>9,}  {why}")
        for line in report.refusals:
            self.stdout.write(f"  {line.file}, row {line.row}: {line.why}")
        matches = importer.books.matches.values()
        doubtful = sum(match.how == "doubtful" for match in matches)
        new = sum(match.how == "new" for match in matches)
        self.stdout.write(
            f"Names: {len(matches):,}, of them new {new:,}, doubtful {doubtful:,}. Words kept: "
            f"{report.words_out:,} of {report.words_in:,} ({report.share:.2%})."
        )
        for told in [*(told for found in lot.found for told in found.told), *importer.told][:20]:
            self.stdout.write(told)
        if dry_run:
            self.stdout.write(
                f"Nothing was written. To have this agreed to: manage.py approve_import "
                f"{lot.digest()}"
            )


def _mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        return read_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NothingToRead(f"The mapping {path} cannot be read: {error}.") from error


def _person(name: str | None):
    """The manager in whose name this happens. Raises NothingToRead with a sentence."""
    people = get_user_model().objects.filter(is_active=True)
    if name is None:
        managers = list(people.filter(groups__name=MANAGER)[:2])
        if len(managers) != 1:
            number = "no manager yet" if not managers else "more than one manager"
            raise NothingToRead(f"There is {number}: say who imports, with --by USERNAME.")
        return managers[0]
    person = people.filter(username=name).first()
    if person is None:
        raise NothingToRead(f"Nobody with an active account is called “{name}”.")
    if not holds(person, MANAGERS):
        raise NothingToRead(f"{name} is no manager, and only managers import.")
    return person
