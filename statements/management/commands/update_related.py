from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from statements import clock
from statements.management.progress import Progress
from statements.related.tasks import rebuild_suggestions


class Command(BaseCommand):
    help = (
        "Find related articles in the words themselves: for what was approved while no worker ran "
        "or was moved in, and for everything once the record has grown by a tenth. For every "
        "night. It may be stopped at any time, and goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="find them all anew, though nothing asks for it"
        )

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        progress: Progress | None = None
        doing, done = "", 0
        for what, done_of_it, total in rebuild_suggestions(at=clock.now(), from_scratch=anew):
            if what != doing:
                doing, progress = what, Progress(total, what)
                done += 0 if what == "editions read" else total
            assert progress is not None, "It is made when something begins."
            progress(done_of_it)
        self.stdout.write(f"Related articles found for {done:,} editions.")
