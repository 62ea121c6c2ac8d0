from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements import clock
from statements.integrity import key_rotation
from statements.integrity.keys import KeyProblem
from statements.integrity.public_keys import read_exported_keys


class Command(BaseCommand):
    help = (
        "Trust what the keys of another installation signed so far, after its export was restored "
        "here. Compare their names first with what that site published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="public_keys.jsonl in the folder of the export."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            entries = read_exported_keys(options["file"])
            path = Path(settings.SIGNING_KEY_FILE)
            added = key_rotation.trust_keys(path, entries, at=clock.now())
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be used: {error}.") from error
        except KeyProblem as error:
            raise CommandError(str(error)) from error
        for entry in added:
            self.stdout.write(f"Key {entry.key_id} is trusted for what it signed so far.")
        if not added:
            self.stdout.write("Every key in it is trusted already.")
