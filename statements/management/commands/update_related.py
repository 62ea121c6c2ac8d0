from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statements import clock
from statements.management.progress import Progress
from statements.related.tasks import rebuild_suggestions


class Command(BaseCommand):
    help = (
        "Find related articles by their content: for editions imported, or approved while no "
        "worker ran, and for all editions once their number has grown by a tenth. Run it every "
        "night. It can be stopped at any time, and continues where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="find them again for all editions"
        )

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        progress: Progress | None = None
        current_step, editions = "", 0
        for step, done, total in rebuild_suggestions(at=clock.now(), from_scratch=rebuild):
            if step != current_step:
                current_step, progress = step, Progress(total, step)
                editions += 0 if step == "editions read" else total
            assert progress is not None, "It is set with the first step."
            progress(done)
        self.stdout.write(f"Related articles found for {editions:,} editions.")
