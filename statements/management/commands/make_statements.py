from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bench.sample_data.make import make_statements
from statements import clock
from statements.management.progress import Progress


class Command(BaseCommand):
    help = (
        "Create N plausible statements of the past fifteen years, for benchmarks. They can never "
        "be deleted: use a separate database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", metavar="N", type=int)
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed creates the same statements"
        )

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(
                "This is a public installation: SITE_URL is https, and these statements could "
                "never be deleted. Set DATABASE_URL and SITE_URL for a separate one."
            )
        if count < 1:
            raise CommandError(f"The number of statements must be 1 or more, not {count}.")
        progress = Progress(count, "statements")
        for done in make_statements(count, seed=seed, at=clock.now()):
            progress(done)
        self.stdout.write(f"{count:,} statements created.")
