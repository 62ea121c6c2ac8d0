from typing import Any

from django.core.management.base import BaseCommand

from statements import clock
from statements.management.progress import Progress
from statements.search import index


class Command(BaseCommand):
    help = (
        "Rebuild the search index from the editions. The site stays in use: each statement is "
        "found as before until it is indexed again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = None
        for done, total in index.rebuild_index(at=clock.now()):
            progress = progress or Progress(total, "statements")
            progress(done)
        self.stdout.write("Every statement is indexed.")
