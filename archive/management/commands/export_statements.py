from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from archive.exporter import ExportError, write_export
from statements import clock
from statements.management.progress import Progress
from statements.models import Statement


class Command(BaseCommand):
    help = (
        "Write everything into a folder: statements with all editions and events as JSON Lines, "
        "files beside them, and a table for a spreadsheet. import_statements restores it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="empty, or yet to be made")

    def handle(self, *args, folder: Path, **options) -> None:
        progress = Progress(Statement.objects.count(), "statements")
        done = 0
        try:
            for done in write_export(folder, at=clock.now()):
                progress(done)
        except (ExportError, OSError) as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(f"{done:,} statements are in {folder}, with all that belongs to them.")
