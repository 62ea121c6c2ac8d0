from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from statements.integrity import key_rotation
from statements.integrity.keys import KeyProblem


class Command(BaseCommand):
    help = (
        "Create the key that signs the record, in SIGNING_KEY_FILE, and what belongs beside it. "
        "Run it once for a new installation, then back up that folder."
    )
    requires_system_checks = []  # one of them asks for the key

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-missing", action="store_true", help="Do nothing if there is a key already."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.SIGNING_KEY_FILE)
        if options["if_missing"] and path.exists():
            return
        try:
            entry = key_rotation.create_keys(path, at=timezone.now())  # no database yet
        except KeyProblem as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Created key {entry.key_id} in {path}. Back up that folder, apart from the database."
        )
