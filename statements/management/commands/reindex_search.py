from typing import Any

from django.core.management.base import BaseCommand

from statements import clock
from statements.management.progress import Progress
from statements.search import index


class Command(BaseCommand):
    help = (
        "Make anew what search looks in, from the editions. The site may be in use meanwhile: what "
        "waits is found as before until its turn comes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = None
        for done, total in index.rebuild_index(at=clock.now()):
            progress = progress or Progress(total, "statements")
            progress(done)
        self.stdout.write("Every statement can be found.")
