"""Who may bring a lot in: a manager, and a second one who agreed to its dry run."""

import datetime as dt

from archive.import_source import ImportSource
from archive.models import ImportApproval, ImportRun
from archive.readers.row import UnreadableSource
from statements.models import Edition
from statements.roles import MANAGERS, require_group

SECOND_MANAGER_NEEDED = (
    "There are statements here already, so a second manager has to agree to this import."
)


def approve_import(digest: str, *, by, at: dt.datetime) -> None:
    """A manager agrees to exactly the lot of this digest; to agree twice changes nothing.

    It counts for whoever else brings that lot in, never for `by`: see `begin`.
    """
    require_group(by, MANAGERS, "agree to an import")
    ImportApproval.objects.get_or_create(digest=digest, by=by, defaults={"at": at})


def find_approval(digest: str, *, by) -> ImportApproval | None:
    """That of somebody else than `by`, who is to bring it in."""
    return ImportApproval.objects.filter(digest=digest).exclude(by=by).first()


def is_empty_site() -> bool:
    return not Edition.objects.exists()


def can_start(digest: str, *, by) -> bool:
    """Whether this person may bring this lot in now, or go on with it."""
    return (
        ImportRun.objects.filter(digest=digest).exists()
        or is_empty_site()
        or find_approval(digest, by=by) is not None
    )


def start_run(lot: ImportSource, *, by, at: dt.datetime, approved_digest: str = "") -> ImportRun:
    """The run of this lot, begun or taken up again. Raises NothingToRead with a sentence."""
    digest = lot.digest()
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
            f"{SECOND_MANAGER_NEEDED} Show them the report of a dry run; they run: manage.py approve_import "
            f"{digest}"
        )
    return ImportRun.objects.create(
        digest=digest,
        sources=lot.format_names(),
        by=by,
        approved_by=approval.by if approval else None,
        into_empty_site=empty,
        started_at=at,
    )
