from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bench.sample_data.make import make_statements
from statements import clock
from statements.management.progress import Progress


class Command(BaseCommand):
    help = (
        "Make N plausible statements of the past fifteen years, to measure with. They can never "
        "be deleted: use a database of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", metavar="N", type=int)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same words")

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(
                "This is a public installation: SITE_URL is https, and what is made here could "
                "never be deleted. Point DATABASE_URL and SITE_URL at one of its own."
            )
        if count < 1:
            raise CommandError(f"{count} is no number of statements to make: give 1 or more.")
        progress = Progress(count, "statements")
        for made in make_statements(count, seed=seed, at=clock.now()):
            progress(made)
        self.stdout.write(f"{count:,} statements made.")
