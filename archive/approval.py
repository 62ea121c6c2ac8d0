"""Decide who may import: a manager, once a second manager has approved the dry run.

What is approved is the outcome: the source, the clock of the dry run and what it made of each row.
"""

import datetime as dt

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from archive.import_source import ImportSource
from archive.models import ImportApproval, ImportDryRun, ImportRun
from archive.outcomes import OutcomeLog
from archive.readers.row import UnreadableSource
from statements.integrity.keys import keyed_hash
from statements.models import Edition
from statements.roles import MANAGERS, require_group

SECOND_MANAGER_NEEDED = _lazy(
    "There are statements here already, so a second manager has to agree to this import."
)
OTHER_DRY_RUN = _lazy(
    "What was approved is not what is here now: a file or the mapping has changed since. Make a "
    "dry run again and have its digest approved."
)


def record_dry_run(source: ImportSource, outcomes: OutcomeLog, *, at: dt.datetime) -> ImportDryRun:
    """Keep what a dry run found, for a second manager to approve by its digest."""
    dry_run = ImportDryRun(source_digest=source.digest(), at=at, outcomes=bytes(outcomes))
    dry_run.digest = compute_digest(dry_run)
    known = ImportDryRun.objects.filter(digest=dry_run.digest).first()
    if known is None:
        dry_run.save()
    return known or dry_run


def compute_digest(dry_run: ImportDryRun) -> str:
    """Return the keyed hash of source, clock and outcomes."""
    parts = (
        dry_run.source_digest,
        dry_run.at.astimezone(dt.UTC).isoformat(),
        OutcomeLog(dry_run.outcomes).digest(),
    )
    return keyed_hash("import dry run", "\n".join(parts))


def approve_import(digest: str, *, by: User, at: dt.datetime) -> None:
    """Approve exactly the dry run with this digest. Approving twice changes nothing.

    The approval lets other managers import that source, never `by`: see `start_run`. Raises
    UnreadableSource with a sentence.
    """
    require_group(by, MANAGERS, _("agree to an import"))
    if not ImportDryRun.objects.filter(digest=digest).exists():
        raise UnreadableSource(
            _("No dry run here has this digest. Copy it again, or make the dry run again.")
        )
    ImportApproval.objects.get_or_create(digest=digest, by=by, defaults={"at": at})


def find_approval(digest: str, *, by: User) -> ImportApproval | None:
    """Return the approval of anybody but `by`, who is to import."""
    return ImportApproval.objects.filter(digest=digest).exclude(by=by).first()


def is_empty_site() -> bool:
    return not Edition.objects.exists()


def can_start(digest: str, *, by: User) -> bool:
    """Return whether this person may start or resume the import of this dry run."""
    return (
        ImportRun.objects.filter(digest=digest).exists()
        or is_empty_site()
        or find_approval(digest, by=by) is not None
    )


def start_run(
    source: ImportSource, *, by: User, at: dt.datetime, approved_digest: str = ""
) -> ImportRun:
    """Start or resume the run of this source. Raises UnreadableSource with a sentence.

    Without `approved_digest`, it is the newest dry run of this source that somebody else approved.
    """
    source_digest = source.digest()
    dry_run = _find_dry_run(source_digest, approved_digest, by=by)
    digest = dry_run.digest if dry_run else source_digest
    if run := ImportRun.objects.filter(digest=digest).first():
        return run
    approval, empty = find_approval(digest, by=by), is_empty_site()
    if approval is None and not empty:
        raise UnreadableSource(
            _(
                "%(reason)s Make a dry run and show them its report; they run the command that it "
                "ends with."
            )
            % {"reason": SECOND_MANAGER_NEEDED}
        )
    return ImportRun.objects.create(
        digest=digest,
        dry_run=dry_run,
        sources=source.format_names(),
        by=by,
        approved_by=approval.by if approval else None,
        into_empty_site=empty,
        started_at=at,
    )


def _find_dry_run(source_digest: str, approved_digest: str, *, by: User) -> ImportDryRun | None:
    dry_runs = ImportDryRun.objects.filter(source_digest=source_digest)
    if not approved_digest:
        approved = ImportApproval.objects.exclude(by=by).values("digest")
        dry_run = dry_runs.filter(digest__in=approved).order_by("-at").first()
    else:
        dry_run = dry_runs.filter(digest=approved_digest).first()
        if dry_run is None:
            raise UnreadableSource(OTHER_DRY_RUN)
    if dry_run is not None and compute_digest(dry_run) != dry_run.digest:
        raise UnreadableSource(
            _(
                "What the dry run found was changed in the database since. Make a dry run again, "
                "and find out who changed it."
            )
        )
    return dry_run
