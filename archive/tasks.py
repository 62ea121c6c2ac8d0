"""The worker’s part of an import that was asked for on the newsdesk; the command’s own code."""

import shutil
import time
import uuid

from django.db.models import Q
from django_tasks import task

from archive.approval import start_run
from archive.import_source import ImportSource, load_source
from archive.importer import Importer, count_outcomes
from archive.mapping import Mapping, parse_mapping
from archive.mapping_guess import guess_mapping
from archive.models import WORKER_TIMEOUT, ImportRun, Upload
from archive.readers.row import UnreadableSource
from archive.report import REFUSED, Report, write_matches
from statements import clock

UploadState = Upload.UploadState
HEARTBEAT_SECONDS = 1.0
MAX_MESSAGES = 20
INTERNAL_ERROR = (
    "It stopped by a fault of ours, and what is in stays in. The log of the server says more."
)


class UploadLost(Exception):
    """Somebody forgot the upload, or another worker took it up."""


@task()
def process_upload(upload_pk: int) -> None:
    """The dry run or the import of an upload, whichever it waits for. Safe to run twice."""
    token = uuid.uuid4().hex
    if not _claim_upload(upload_pk, token):
        return
    upload = Upload.objects.select_related("by").get(pk=upload_pk)
    try:
        done = (
            _import_upload(upload)
            if upload.stands == UploadState.IMPORTING
            else _make_dry_run(upload)
        )
    except UploadLost:
        return
    except UnreadableSource as error:
        back = {"stands": UploadState.CHECKED, "problem": str(error)}
        _finish_upload(upload, **back)
    except Exception:
        _finish_upload(upload, problem=INTERNAL_ERROR)
        raise
    else:
        _finish_upload(upload, **done)


def _claim_upload(pk: int, token: str) -> bool:
    """Whether this worker has it now: nobody else says that they are at it."""
    at = clock.now()
    free = Q(worker="") | Q(beat_at=None) | Q(beat_at__lt=at - WORKER_TIMEOUT)
    waiting = Upload.objects.filter(
        free, pk=pk, stands__in=[UploadState.CHECKING, UploadState.IMPORTING]
    )
    return bool(waiting.update(worker=token, beat_at=at, problem=""))


def _finish_upload(upload: Upload, **fields) -> None:
    Upload.objects.filter(pk=upload.pk, worker=upload.worker).update(worker="", **fields)


def _make_dry_run(upload: Upload) -> dict:
    lot = load_source(
        [upload.source_path], parse_mapping(upload.mapping) if upload.mapping else Mapping()
    )
    if not upload.mapping:
        lot.mapping = guess_mapping(lot)
        Upload.objects.filter(pk=upload.pk, mapping="").update(mapping=lot.mapping.to_toml())
    importer = _run_importer(upload, lot, run=None)
    if not importer.readable_rows:
        told = " ".join([line.why for line in importer.report.refusals] + importer.messages[:3])
        raise UnreadableSource(f"Nothing could be read as a statement. {told}".strip())
    return {
        "stands": UploadState.CHECKED,
        "digest": lot.digest(),
        "of_rows": importer.report.rows,
        "summary": build_summary(importer),
    }


def _import_upload(upload: Upload) -> dict:
    """The source is forgotten once all of it is in; the reports stay."""
    lot = load_source([upload.source_path], parse_mapping(upload.mapping))
    run = start_run(lot, by=upload.by, at=clock.now(), approved_digest=upload.digest)
    importer = _run_importer(upload, lot, run=run)
    run.finished_at, run.counts = clock.now(), count_outcomes(importer.report)
    run.save(update_fields=["finished_at", "counts"])
    shutil.rmtree(upload.source_path.parent, ignore_errors=True)
    return {"stands": UploadState.IMPORTED, "run": run, "summary": build_summary(importer)}


def _run_importer(upload: Upload, lot: ImportSource, *, run: ImportRun | None) -> Importer:
    """Says every second how far it is; raises TakenAway once the upload is another’s or gone."""
    with Report(upload.folder_path / "report.csv") as report:
        importer = Importer(lot, report, clock.now(), by=upload.by, run=run)
        told = 0.0
        for done in importer():
            if time.monotonic() - told >= HEARTBEAT_SECONDS:
                told = time.monotonic()
                _record_heartbeat(upload, done)
        _record_heartbeat(upload, report.rows)
    write_matches(upload.folder_path / "matches.csv", importer.name_matcher.matches.values())
    return importer


def _record_heartbeat(upload: Upload, done: int) -> None:
    mine = Upload.objects.filter(pk=upload.pk, worker=upload.worker)
    if not mine.update(rows=done, beat_at=clock.now()):
        raise UploadLost


def build_summary(importer: Importer) -> dict:
    """What the page says of a run before anybody opens its report."""
    report, matches = importer.report, importer.name_matcher.matches.values()
    found = [one.messages for one in importer.import_source.file_sets]
    return {
        "counts": dict(report.counts.most_common()),
        "refused": report.counts[REFUSED],
        "whys": report.reasons.most_common(12),
        "doubted": report.doubtful_rows,
        "taken": report.attachment_count,
        "words_in": report.words_in,
        "words_out": report.words_out,
        "names": len(matches),
        "new": sum(one.how == "new" for one in matches),
        "doubtful": sum(one.how == "doubtful" for one in matches),
        "told": [*(told for some in found for told in some), *importer.messages][:MAX_MESSAGES],
    }
