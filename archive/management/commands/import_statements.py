"""Bring in years of statements from elsewhere; dry first."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from itertools import islice
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from archive.approval import start_run
from archive.formats import detect_format
from archive.import_source import ImportSource, load_source
from archive.importer import Importer, count_outcomes
from archive.mapping import Mapping, parse_mapping
from archive.readers.row import UnreadableSource
from archive.readers.source import READ_ERRORS
from archive.report import REFUSED, Report, write_matches
from archive.restore import is_export, restore_export
from statements import clock
from statements.audit import verification
from statements.management.progress import Progress
from statements.roles import MANAGER, MANAGERS, is_in_group

EXIT_ALL, EXIT_SOME, EXIT_NONE = 0, 1, 2


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
        except UnreadableSource as error:
            raise CommandError(str(error), returncode=EXIT_NONE) from error

    def _import(self, *, sources: list[Path], dry_run: bool, approved: str, **options) -> None:
        mapping = _load_mapping(options["mapping"])
        mapping.publisher = options["publisher"] or mapping.publisher
        mapping.source = options["source"] or mapping.source
        mapping.fetch += options["fetch"]
        if is_export(sources[0]):
            self._restore(sources, dry_run=dry_run)
            return
        lot = load_source(sources, mapping)
        at = clock.now()
        by = None if dry_run else _find_manager(options["by"])
        run = None if dry_run else start_run(lot, by=by, at=at, approved_digest=approved)
        if options["mapping"] is None:
            self._print_mapping(lot)
        started = time.monotonic()
        with Report(options["report"]) as report:
            importer = Importer(lot, report, at, by=by, run=run)
            progress = Progress(0, "rows")
            for done in importer():
                progress(done)
        if run is not None:
            run.finished_at, run.counts = clock.now(), count_outcomes(report)
            run.save(update_fields=["finished_at", "counts"])
        self._print_summary(importer, time.monotonic() - started, lot, dry_run=dry_run)
        if options["report"] is not None:
            people = options["report"].with_suffix(".matches.csv")
            write_matches(people, importer.name_matcher.matches.values())
            self.stdout.write(f"Row by row: {options['report']}; names and matches: {people}")
        if not importer.readable_rows:
            raise CommandError("Nothing could be read as a statement.", returncode=EXIT_NONE)
        if report.counts[REFUSED]:
            raise CommandError(
                f"{report.counts[REFUSED]:,} rows were refused; the rest is understood.",
                returncode=EXIT_SOME,
            )

    def _restore(self, sources: list[Path], *, dry_run: bool) -> None:
        """An export of this product, as it was; a dry run puts it back and undoes that."""
        if len(sources) > 1:
            raise UnreadableSource("An export is restored alone: name one folder.")
        told: list[str] = []
        progress, done = Progress(0, "statements"), 0
        with transaction.atomic():
            for done in restore_export(sources[0], at=clock.now(), messages=told):
                progress(done)
            if problems := list(islice(verification.verify(), 5)):
                raise UnreadableSource(
                    f"The record of the export does not hold. {' '.join(problems)}"
                )
            if dry_run:
                transaction.set_rollback(True)
        for sentence in told:
            self.stdout.write(sentence)
        would = "could be put back; nothing was written" if dry_run else "are back as they were"
        self.stdout.write(f"{done:,} statements {would}, and their record holds.")

    def _print_mapping(self, lot: ImportSource) -> None:
        for file in lot.files:
            with suppress(UnreadableSource, *READ_ERRORS):  # said of that file, in its turn
                form = detect_format(file)
                if form and form.guess_fields:
                    proposal = Mapping(**vars(lot.mapping) | {"fields": form.guess_fields(file)})
                    self.stdout.write(
                        f"{file.name} was read as {form.name} with this mapping; to change it, "
                        "save it as a file and give that as --mapping:\n\n" + proposal.to_toml()
                    )
                    return

    def _print_summary(
        self, importer: Importer, seconds: float, lot: ImportSource, *, dry_run: bool
    ) -> None:
        report = importer.report
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.rows:,} rows in {seconds:.1f} s ({report.rows / max(seconds, 0.001):,.0f}/s)."
        )
        for outcome, number in report.counts.most_common():
            self.stdout.write(f"  {number:>9,}  {would if outcome == 'made' else ''}{outcome}")
        for why, number in report.reasons.most_common(12):
            self.stdout.write(f"  {number:>9,}  {why}")
        for line in report.refusals:
            self.stdout.write(f"  {line.file}, row {line.row}: {line.why}")
        matches = importer.name_matcher.matches.values()
        doubtful = sum(match.how == "doubtful" for match in matches)
        new = sum(match.how == "new" for match in matches)
        self.stdout.write(
            f"Names: {len(matches):,}, of them new {new:,}, doubtful {doubtful:,}. Words kept: "
            f"{report.words_out:,} of {report.words_in:,} ({report.words_kept_ratio:.2%})."
        )
        for told in [
            *(told for found in lot.file_sets for told in found.messages),
            *importer.messages,
        ][:20]:
            self.stdout.write(told)
        if dry_run:
            self.stdout.write(
                f"Nothing was written. To have this agreed to: manage.py approve_import "
                f"{lot.digest()}"
            )


def _load_mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        return parse_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"The mapping {path} cannot be read: {error}.") from error


def _find_manager(name: str | None):
    """The manager in whose name this happens. Raises NothingToRead with a sentence."""
    people = get_user_model().objects.filter(is_active=True)
    if name is None:
        managers = list(people.filter(groups__name=MANAGER)[:2])
        if len(managers) != 1:
            number = "no manager yet" if not managers else "more than one manager"
            raise UnreadableSource(f"There is {number}: say who imports, with --by USERNAME.")
        return managers[0]
    person = people.filter(username=name).first()
    if person is None:
        raise UnreadableSource(f"Nobody with an active account is called “{name}”.")
    if not is_in_group(person, MANAGERS):
        raise UnreadableSource(f"{name} is no manager, and only managers import.")
    return person
