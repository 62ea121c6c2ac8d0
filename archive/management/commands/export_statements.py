"""Export everything into a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.exporter import ExportError, write_export
from statements import clock
from statements.management.progress import Progress
from statements.models import Statement


class Command(BaseCommand):
    help = (
        "Write everything into a folder: statements with all editions and events as JSON Lines, "
        "the attached files, and a table for a spreadsheet. import_statements restores it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="empty, or a new one")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        progress = Progress(Statement.objects.count(), "statements")
        count = 0
        try:
            for count in write_export(folder, at=clock.now()):
                progress(count)
        except (ExportError, OSError) as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(f"{count:,} statements are in {folder}, with all that belongs to them.")
