from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from statements import clock
from statements.integrity import key_rotation
from statements.integrity.keys import KeyProblem


class Command(BaseCommand):
    help = (
        "Replace the key that signs the record. The old key signs the new one, and what the old "
        "one signed stays valid. Running processes use the new key at once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.SIGNING_KEY_FILE)
        try:
            entry = key_rotation.rotate_key(path, at=clock.now())
        except KeyProblem as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Key {entry.key_id} in {path} signs from now on; key {entry.signed_by} is retired. "
            "Copy that folder to every other machine of this site, and back it up."
        )
