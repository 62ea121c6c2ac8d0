"""Say where erased words stay out of reach of this program, and until when."""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.utils import timezone


def find_lapse_date(erased_at: dt.datetime) -> dt.date:
    """Return the day by which every backup from before an erasure has lapsed."""
    return timezone.localdate(erased_at) + dt.timedelta(days=settings.BACKUP_DAYS)


def describe_remaining_copies(erased_at: dt.datetime) -> list[str]:
    """Return a sentence for each kind of copy that an erasure at this time does not reach."""
    lapses = f"{find_lapse_date(erased_at):%-d %B %Y}"
    return [
        _describe_rewriting(),
        "Backups, archives of the write-ahead log and files of replicas from before the erasure "
        f"have the words until {lapses}: they are kept for {settings.BACKUP_DAYS} days. Have them "
        "deleted earlier if the order says so.",
        "Exports, e-mails and copies that other people have made stay where they are.",
    ]


def _describe_rewriting() -> str:
    if connection.vendor == "sqlite":
        return (
            "The worker rewrites the database file within minutes, and empties its write-ahead "
            "log: until then they still have the words."
        )
    return (
        "The worker rewrites the tables within minutes: until then the database’s files still "
        "have the words. Its own write-ahead log has them until it is overwritten."
    )
