import itertools
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.audit import verification
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

    def handle(self, *args: Any, **options: Any) -> None:
        total = Edition.objects.count() + Event.objects.count()
        progress, done = Progress(total, "editions and events"), itertools.count(1)
        found = 0
        problems = verification.verify(
            progress=lambda: progress(next(done)), every_signature=options["every_signature"]
        )
        for problem in problems:
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
