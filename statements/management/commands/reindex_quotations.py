from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import QuerySet

from statements.management.progress import Progress
from statements.models import Edition, Fingerprints
from statements.quotations.fingerprint_index import store_fingerprints

BATCH_SIZE = 500


class Command(BaseCommand):
    help = (
        "Index approved editions for the quotation check. Approval does so by itself: run this "
        "after an upgrade that asks for it (with --rebuild), or if editions are missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild", action="store_true", help="index all editions, also those that are indexed"
        )

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        editions = _indexable_editions() if rebuild else Fingerprints.objects.unindexed_editions()
        progress = Progress(editions.count(), "editions")
        last, done = 0, 0
        while batch := _index_batch(editions, after=last):
            last, done = batch[-1], done + len(batch)
            progress(done)
        self.stdout.write(f"{done:,} editions indexed.")


def _indexable_editions() -> QuerySet[Edition]:
    return Edition.objects.approved().filter(suppressed_at=None, erased_at=None)


@transaction.atomic
def _index_batch(editions: QuerySet[Edition], *, after: int) -> list[int]:
    """Index the next editions, locked so that nobody erases them meanwhile; return their ids."""
    batch = list(
        editions.filter(pk__gt=after)
        .order_by("pk")
        .only("content")
        .select_for_update(of=("self",))[:BATCH_SIZE]
    )
    store_fingerprints(batch)
    return [edition.pk for edition in batch]
