"""Say where erased words stay out of reach of this program, and until when."""

import datetime as dt

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _


def find_lapse_date(erased_at: dt.datetime) -> dt.date:
    """Return the day by which every backup from before an erasure has lapsed."""
    return timezone.localdate(erased_at) + dt.timedelta(days=settings.BACKUP_DAYS)


def describe_remaining_copies(erased_at: dt.datetime) -> list[str]:
    """Return a sentence for each kind of copy that an erasure at this time does not reach."""
    lapses = f"{find_lapse_date(erased_at):%-d %B %Y}"
    return [
        _describe_rewriting(),
        _(
            "Backups, archives of the write-ahead log and files of replicas from before the "
            "erasure have the words until %(lapses)s: they are kept for %(days)s days. Have "
            "them deleted earlier if the order says so."
        )
        % {"lapses": lapses, "days": settings.BACKUP_DAYS},
        _("Exports, e-mails and copies that other people have made stay where they are."),
    ]


def _describe_rewriting() -> str:
    if connection.vendor == "sqlite":
        return _(
            "The worker rewrites the database file within minutes, and empties its write-ahead "
            "log: until then they still have the words."
        )
    return _(
        "The worker rewrites the tables within minutes: until then the database’s files still have "
        "the words. Its own write-ahead log has them until it is overwritten."
    )
