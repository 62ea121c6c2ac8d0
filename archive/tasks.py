"""Run the dry run or the import of an upload in the background worker."""

import logging
import shutil
import time
import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from archive.approval import record_dry_run, start_run
from archive.import_source import ImportSource, load_source
from archive.importer import Importer
from archive.mapping import Mapping, parse_mapping
from archive.mapping_guess import guess_mapping
from archive.models import WORKER_TIMEOUT, ImportRun, Upload
from archive.readers.row import UnreadableSource
from archive.report import REFUSED, Report, write_matches
from statements import clock

UploadState = Upload.UploadState
HEARTBEAT_SECONDS = 1.0
INTERNAL_ERROR = _(
    "It stopped by a fault of ours, and what is in stays in. The log of the server says more."
)
logger = logging.getLogger(__name__)


class UploadLost(Exception):
    """The upload was deleted, or another worker has taken it over."""


@task()
def process_upload(upload_pk: int) -> None:
    """Run the dry run or the import that an upload waits for. Safe to run twice."""
    token = uuid.uuid4().hex
    if not _claim_upload(upload_pk, token):
        return
    upload = Upload.objects.select_related("by").get(pk=upload_pk)
    try:
        changes = (
            _import_upload(upload)
            if upload.stands == UploadState.IMPORTING
            else _make_dry_run(upload)
        )
    except UploadLost:
        logger.info("Upload %d was deleted or taken over by another worker", upload_pk)
        return
    except UnreadableSource as error:
        _finish_upload(upload, stands=UploadState.CHECKED, problem=str(error))
    except Exception:
        _finish_upload(upload, problem=INTERNAL_ERROR)
        raise
    else:
        _finish_upload(upload, **changes)


def _claim_upload(pk: int, token: str) -> bool:
    at = clock.now()
    free = Q(worker="") | Q(beat_at=None) | Q(beat_at__lt=at - WORKER_TIMEOUT)
    waiting = Upload.objects.filter(
        free, pk=pk, stands__in=[UploadState.CHECKING, UploadState.IMPORTING]
    )
    return bool(waiting.update(worker=token, beat_at=at, problem=""))


def _remove_nul(value: Any) -> Any:
    """Return the value without the character that PostgreSQL stores in no text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list | tuple):
        return [_remove_nul(item) for item in value]
    if isinstance(value, dict):
        return {key: _remove_nul(item) for key, item in value.items()}
    return value


def _finish_upload(upload: Upload, **changes: Any) -> None:
    changes = {
        name: _remove_nul(value) if name in ("summary", "problem") else value
        for name, value in changes.items()
    }
    Upload.objects.filter(pk=upload.pk, worker=upload.worker).update(worker="", **changes)


def _make_dry_run(upload: Upload) -> dict[str, Any]:
    source = load_source(
        [upload.source_path], parse_mapping(upload.mapping) if upload.mapping else Mapping()
    )
    is_proposal = not upload.mapping
    if is_proposal:
        source.mapping = guess_mapping(source)
        Upload.objects.filter(pk=upload.pk, mapping="").update(mapping=source.mapping.to_toml())
    importer = _run_importer(upload, source, run=None)
    if is_proposal:
        text = source.mapping.to_toml(importer.list_notes())
        Upload.objects.filter(pk=upload.pk, worker=upload.worker).update(mapping=text)
    if not importer.readable_rows:
        reasons = [line.why for line in importer.report.refusals] + importer.messages[:3]
        raise UnreadableSource(f"Nothing could be read as a statement. {' '.join(reasons)}".strip())
    return {
        "stands": UploadState.CHECKED,
        "digest": record_dry_run(source, importer.outcomes, at=importer.at).digest,
        "of_rows": importer.report.rows,
        "summary": build_summary(importer),
    }


def _import_upload(upload: Upload) -> dict[str, Any]:
    """Import the upload, then delete its source; the reports stay."""
    source = load_source([upload.source_path], parse_mapping(upload.mapping))
    run = start_run(source, by=upload.by, at=clock.now(), approved_digest=upload.digest)
    importer = _run_importer(upload, source, run=run)
    shutil.rmtree(upload.source_path.parent, ignore_errors=True)
    return {"stands": UploadState.IMPORTED, "run": run, "summary": build_summary(importer)}


def _run_importer(upload: Upload, source: ImportSource, *, run: ImportRun | None) -> Importer:
    """Process every row with a heartbeat each second; raise UploadLost once the upload is lost."""
    with Report(upload.folder_path / "report.csv") as report:
        importer = Importer(source, report, clock.now(), by=upload.by, run=run)
        last_beat = 0.0
        for rows_done in importer.process_rows():
            if time.monotonic() - last_beat >= HEARTBEAT_SECONDS:
                last_beat = time.monotonic()
                _record_heartbeat(upload, rows_done)
        _record_heartbeat(upload, report.rows)
    write_matches(upload.folder_path / "matches.csv", importer.name_matcher.matches.values())
    return importer


def _record_heartbeat(upload: Upload, rows_done: int) -> None:
    own_upload = Upload.objects.filter(pk=upload.pk, worker=upload.worker)
    if not own_upload.update(rows=rows_done, beat_at=clock.now()):
        raise UploadLost


def build_summary(importer: Importer) -> dict[str, Any]:
    """Summarise a run for the page of its upload."""
    report, matches = importer.report, importer.name_matcher.matches.values()
    return {
        "counts": dict(report.counts.most_common()),
        "refused": report.counts[REFUSED],
        "statuses": _list_statuses(report),
        "whys": report.reasons.most_common(12),
        "doubted": report.doubtful_rows,
        "taken": report.attachment_count,
        "words_in": report.words_in,
        "words_out": report.words_out,
        "names": len(matches),
        "new": sum(match.how == "new" for match in matches),
        "doubtful": sum(match.how == "doubtful" for match in matches),
        "messages": importer.list_messages(),
    }


def _list_statuses(report: Report) -> list[dict[str, Any]]:
    """Return the rows of each status and outcome; nothing where the source has no status."""
    if not report.has_statuses:
        return []
    return [
        {"status": status, "outcome": outcome, "rows": rows}
        for (status, outcome), rows in report.statuses.most_common()
    ]
