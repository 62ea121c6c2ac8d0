from typing import Any

from django.core.management.base import BaseCommand

from statements import clock, workflow


class Command(BaseCommand):
    help = (
        "Erase the drafts that have been in the bin for 30 days: words, versions, remarks and "
        "files. Run it every night; a busy worker does the same."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = workflow.erase_old_drafts(at=clock.now())
        drafts = "draft" if count == 1 else "drafts"
        self.stdout.write(f"{count} {drafts} erased.")
