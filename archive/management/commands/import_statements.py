"""Import statements from other systems, or restore an export."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from archive.approval import record_dry_run, start_run
from archive.formats import detect_format
from archive.import_source import load_source
from archive.importer import Importer
from archive.mapping import Mapping, parse_mapping
from archive.mapping_guess import guess_mapping
from archive.proposals import propose_mapping
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
        "Import statements from a WordPress export, a table, JSON, feeds, Markdown, Word and "
        "more, or restore an export of this product. Exit status: 0 every row was understood, "
        "1 some rows were refused, 2 nothing could be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE")
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would be made, and write nothing"
        )
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="how to understand the source"
        )
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE.csv",
            help="write the outcome of each row, for a spreadsheet",
        )
        parser.add_argument(
            "--approved",
            default="",
            metavar="DIGEST",
            help="the digest of the dry run that was approved",
        )
        parser.add_argument("--by", metavar="USERNAME", help="the manager who imports")
        parser.add_argument(
            "--publisher", metavar="NAME", help="the publisher of rows that name none"
        )
        parser.add_argument("--source", metavar="NAME", help="a lasting name for the source")

        parser.add_argument(
            "--fetch",
            action="append",
            default=[],
            metavar="HOST",
            help="also fetch pictures and files from this host; repeat for several hosts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(**options)
        except UnreadableSource as error:
            raise CommandError(str(error), returncode=EXIT_NONE) from error

    def _import(self, *, sources: list[Path], dry_run: bool, approved: str, **options: Any) -> None:
        mapping = _load_mapping(options["mapping"])
        mapping.publisher = options["publisher"] or mapping.publisher
        mapping.source = options["source"] or mapping.source
        mapping.fetch += options["fetch"]
        if is_export(sources[0]):
            self._restore(sources, dry_run=dry_run)
            return
        source = load_source(sources, mapping)
        at = clock.now()
        by, run = None, None
        if not dry_run:
            by = _find_manager(options["by"])
            run = start_run(source, by=by, at=at, approved_digest=approved)
        started = time.monotonic()
        with Report(options["report"]) as report:
            importer = Importer(source, report, at, by=by, run=run)
            progress = Progress(0, "rows")
            for rows_done in importer.process_rows():
                progress(rows_done)
        if options["mapping"] is None:
            self._print_mapping(importer)
        self._print_summary(importer, time.monotonic() - started, dry_run=dry_run)
        if options["report"] is not None:
            matches_path = options["report"].with_suffix(".matches.csv")
            write_matches(matches_path, importer.name_matcher.matches.values())
            self.stdout.write(f"Row by row: {options['report']}; names and matches: {matches_path}")
            if dry_run:
                self._write_proposal(options["report"].with_suffix(".mapping.toml"), importer)
        if not importer.readable_rows:
            raise CommandError("Nothing could be read as a statement.", returncode=EXIT_NONE)
        if report.counts[REFUSED]:
            raise CommandError(
                f"{report.counts[REFUSED]:,} rows were refused; the rest is understood.",
                returncode=EXIT_SOME,
            )

    def _restore(self, sources: list[Path], *, dry_run: bool) -> None:
        """Restore an export of this product; a dry run restores it and rolls back."""
        if len(sources) > 1:
            raise UnreadableSource("An export is restored alone: name one folder.")
        messages: list[str] = []
        progress, count = Progress(0, "statements"), 0
        with transaction.atomic():
            for count in restore_export(sources[0], at=clock.now(), messages=messages):
                progress(count)
            if problems := list(islice(verification.verify(), 5)):
                raise UnreadableSource(
                    f"The record of the export does not hold. {' '.join(problems)}"
                )
            if dry_run:
                transaction.set_rollback(True)
        for message in messages:
            self.stdout.write(message)
        outcome = "could be put back; nothing was written" if dry_run else "are back as they were"
        self.stdout.write(f"{count:,} statements {outcome}, and their record holds.")

    def _print_mapping(self, importer: Importer) -> None:
        source = importer.import_source
        for file in source.files:
            with suppress(UnreadableSource, *READ_ERRORS):  # reported when the file is read
                form = detect_format(file)
                if form and form.guess_fields:
                    guess = replace(source.mapping, fields=form.guess_fields(file))
                    self.stdout.write(
                        f"{file.name} was read as {form.name} with this mapping; to change it, "
                        "save it as a file and give that as --mapping:\n\n"
                        + guess.to_toml(importer.list_notes())
                    )
                    return

    def _write_proposal(self, path: Path, importer: Importer) -> None:
        source = importer.import_source
        mapping = source.mapping if source.mapping.fields else guess_mapping(source)
        proposal = propose_mapping(
            mapping, importer.name_matcher.matches.values(), importer.list_notes()
        )
        path.write_text(proposal, encoding="utf-8")
        self.stdout.write(f"The mapping with every new name, and each doubtful one: {path}")

    def _print_summary(self, importer: Importer, seconds: float, *, dry_run: bool) -> None:
        report = importer.report
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.rows:,} rows in {seconds:.1f} s ({report.rows / max(seconds, 0.001):,.0f}/s)."
        )
        for outcome, count in report.counts.most_common():
            self.stdout.write(f"  {count:>9,}  {would if outcome == 'made' else ''}{outcome}")
        if report.has_statuses:
            self.stdout.write("Status in the source → what becomes of it:")
            for (status, outcome), count in report.statuses.most_common(20):
                self.stdout.write(f"  {count:>9,}  {status} → {outcome}")
        elif report.rows:
            self.stdout.write("No row has a status, so each is taken as public since its date.")
        for why, count in report.reasons.most_common(12):
            self.stdout.write(f"  {count:>9,}  {why}")
        for line in report.refusals:
            self.stdout.write(f"  {line.file}, row {line.row}: {line.why}")
        matches = importer.name_matcher.matches.values()
        doubtful = sum(match.how == "doubtful" for match in matches)
        new = sum(match.how == "new" for match in matches)
        self.stdout.write(
            f"Names: {len(matches):,}, of them new {new:,}, doubtful {doubtful:,}. Words kept: "
            f"{report.words_out:,} of {report.words_in:,} ({report.words_kept_ratio:.2%})."
        )
        for message in importer.list_messages():
            self.stdout.write(message)
        if dry_run:
            dry_run_record = record_dry_run(
                importer.import_source, importer.outcomes, at=importer.at
            )
            self.stdout.write(
                "No statement was written. To have this agreed to: manage.py approve_import "
                f"{dry_run_record.digest}"
            )


def _load_mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        return parse_mapping(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"The mapping {path} cannot be read: {error}.") from error


def _find_manager(name: str | None) -> User:
    users = User.objects.filter(is_active=True)
    if name is None:
        managers = list(users.filter(groups__name=MANAGER)[:2])
        if len(managers) != 1:
            problem = "no manager yet" if not managers else "more than one manager"
            raise UnreadableSource(f"There is {problem}: say who imports, with --by USERNAME.")
        return managers[0]
    user = users.filter(username=name).first()
    if user is None:
        raise UnreadableSource(f"Nobody with an active account is called “{name}”.")
    if not is_in_group(user, MANAGERS):
        raise UnreadableSource(f"{name} is no manager, and only managers import.")
    return user
