"""Decide who may import: a manager, once a second manager has approved the dry run."""

import datetime as dt

from django.contrib.auth.models import User

from archive.import_source import ImportSource
from archive.models import ImportApproval, ImportRun
from archive.readers.row import UnreadableSource
from statements.models import Edition
from statements.roles import MANAGERS, require_group

SECOND_MANAGER_NEEDED = (
    "There are statements here already, so a second manager has to agree to this import."
)


def approve_import(digest: str, *, by: User, at: dt.datetime) -> None:
    """Approve exactly the import source with this digest. Approving twice changes nothing.

    The approval lets other managers import that source, never `by`: see `start_run`.
    """
    require_group(by, MANAGERS, "agree to an import")
    ImportApproval.objects.get_or_create(digest=digest, by=by, defaults={"at": at})


def find_approval(digest: str, *, by: User) -> ImportApproval | None:
    """Return the approval of anybody but `by`, who is to import."""
    return ImportApproval.objects.filter(digest=digest).exclude(by=by).first()


def is_empty_site() -> bool:
    return not Edition.objects.exists()


def can_start(digest: str, *, by: User) -> bool:
    """Return whether this person may start or resume the import of this source."""
    return (
        ImportRun.objects.filter(digest=digest).exists()
        or is_empty_site()
        or find_approval(digest, by=by) is not None
    )


def start_run(
    source: ImportSource, *, by: User, at: dt.datetime, approved_digest: str = ""
) -> ImportRun:
    """Start or resume the run of this source. Raises UnreadableSource with a sentence."""
    digest = source.digest()
    if approved_digest and approved_digest != digest:
        raise UnreadableSource(
            "What was approved is not what is here now: a file or the mapping has changed since. "
            f"Make a dry run again and have {digest} approved."
        )
    if run := ImportRun.objects.filter(digest=digest).first():
        return run
    approval, empty = find_approval(digest, by=by), is_empty_site()
    if approval is None and not empty:
        raise UnreadableSource(
            f"{SECOND_MANAGER_NEEDED} Show them the report of a dry run; they run: "
            f"manage.py approve_import {digest}"
        )
    return ImportRun.objects.create(
        digest=digest,
        sources=source.format_names(),
        by=by,
        approved_by=approval.by if approval else None,
        into_empty_site=empty,
        started_at=at,
    )
