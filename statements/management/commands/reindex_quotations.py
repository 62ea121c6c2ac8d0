from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from statements.management.progress import Progress
from statements.models import Edition, Fingerprints
from statements.quotations.fingerprint_index import store_fingerprints

BATCH_SIZE = 500


class Command(BaseCommand):
    help = (
        "Let the check of a quotation find every approved edition. Approval does so by itself: "
        "this is for what was approved before there was a check, and after an upgrade that asks "
        "for it (--anew)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="those that can be found as well")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        wanted = _indexable_editions() if anew else Fingerprints.objects.unindexed_editions()
        progress = Progress(wanted.count(), "editions")
        last, done = 0, 0
        while batch := _index_batch(wanted, after=last):
            last, done = batch[-1], done + len(batch)
            progress(done)
        self.stdout.write(f"{done:,} editions indexed.")


def _indexable_editions():
    return Edition.objects.approved().filter(suppressed_at=None, erased_at=None)


@transaction.atomic
def _index_batch(wanted, *, after: int) -> list[int]:
    """The next editions by number, locked so that nobody erases what is being read."""
    batch = list(
        wanted.filter(pk__gt=after)
        .order_by("pk")
        .only("content")
        .select_for_update(of=("self",))[:BATCH_SIZE]
    )
    store_fingerprints(batch)
    return [edition.pk for edition in batch]
