import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.audit import verification
from statements.audit.mailed_seals import (
    MAX_FILE_BYTES,
    UnreadableSeal,
    find_problems_by_mailed_seal,
    read_mailed_seal,
)
from statements.management.progress import Progress
from statements.models import Edition, Event


class Command(BaseCommand):
    help = "Check that content, approvals, chains, signatures and seals are as they were written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every-signature",
            action="store_true",
            help="Check the signature of each event; without it, of the newest of each chain.",
        )
        parser.add_argument(
            "--seal",
            type=Path,
            metavar="FILE",
            help="Check the record against a mailed seal: FILE is the saved mail, or its seal.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by_seal = self._check_seal(options["seal"]) if options["seal"] else ()
        total = Edition.objects.count() + Event.objects.count()
        progress, done = Progress(total, "editions and events"), itertools.count(1)
        found = 0
        problems = verification.verify(
            progress=lambda: progress(next(done)), every_signature=options["every_signature"]
        )
        for problem in itertools.chain(by_seal, problems):
            found += 1
            self.stdout.write(problem)
        if found:
            raise CommandError(
                f"The record does not hold: {found} found. Change nothing; compare with a backup "
                "and with the seals that were mailed."
            )
        self.stdout.write(f"The record holds: {total:,} editions and events.")
        if baselines := verification.describe_baselines():
            self.stdout.write(baselines)

    def _check_seal(self, path: Path) -> Iterable[str]:
        try:
            with path.open("rb") as file:
                mailed = read_mailed_seal(file.read(MAX_FILE_BYTES))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnreadableSeal as error:
            raise CommandError(f"{path} cannot be used. {error}") from error
        self.stdout.write(f"Comparing with the seal of {mailed.values['sealed']}.")
        return find_problems_by_mailed_seal(mailed)
