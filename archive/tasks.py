"""The worker’s part of an import that was asked for on the newsdesk; the command’s own code."""

import shutil
import time
import uuid

from django.db.models import Q
from django_tasks import task

from archive.approval import begin
from archive.import_source import Lot, lot_of
from archive.importer import Importer, counts_of
from archive.mapping import Mapping, read_mapping
from archive.mapping_guess import proposed
from archive.models import SILENT, ImportRun, Upload
from archive.readers.row import NothingToRead
from archive.report import REFUSED, Report, write_matches
from statements import clock

Stands = Upload.Stands
SECONDS = 1.0
MOST_TOLD = 20
OURS = "It stopped by a fault of ours, and what is in stays in. The log of the server says more."


class TakenAway(Exception):
    """Somebody forgot the upload, or another worker took it up."""


@task()
def work(upload_pk: int) -> None:
    """The dry run or the import of an upload, whichever it waits for. Safe to run twice."""
    token = uuid.uuid4().hex
    if not _claimed(upload_pk, token):
        return
    upload = Upload.objects.select_related("by").get(pk=upload_pk)
    try:
        done = _import(upload) if upload.stands == Stands.IMPORTING else _dry_run(upload)
    except TakenAway:
        return
    except NothingToRead as error:
        back = {"stands": Stands.CHECKED, "problem": str(error)}
        _end(upload, **back)
    except Exception:
        _end(upload, problem=OURS)
        raise
    else:
        _end(upload, **done)


def _claimed(pk: int, token: str) -> bool:
    """Whether this worker has it now: nobody else says that they are at it."""
    at = clock.now()
    free = Q(worker="") | Q(beat_at=None) | Q(beat_at__lt=at - SILENT)
    waiting = Upload.objects.filter(free, pk=pk, stands__in=[Stands.CHECKING, Stands.IMPORTING])
    return bool(waiting.update(worker=token, beat_at=at, problem=""))


def _end(upload: Upload, **fields) -> None:
    Upload.objects.filter(pk=upload.pk, worker=upload.worker).update(worker="", **fields)


def _dry_run(upload: Upload) -> dict:
    lot = lot_of([upload.source], read_mapping(upload.mapping) if upload.mapping else Mapping())
    if not upload.mapping:
        lot.mapping = proposed(lot)
        Upload.objects.filter(pk=upload.pk, mapping="").update(mapping=lot.mapping.toml())
    importer = _gone_through(upload, lot, run=None)
    if not importer.understood:
        told = " ".join([line.why for line in importer.report.refusals] + importer.told[:3])
        raise NothingToRead(f"Nothing could be read as a statement. {told}".strip())
    return {
        "stands": Stands.CHECKED,
        "digest": lot.digest(),
        "of_rows": importer.report.rows,
        "summary": summary_of(importer),
    }


def _import(upload: Upload) -> dict:
    """The source is forgotten once all of it is in; the reports stay."""
    lot = lot_of([upload.source], read_mapping(upload.mapping))
    run = begin(lot, by=upload.by, at=clock.now(), approved=upload.digest)
    importer = _gone_through(upload, lot, run=run)
    run.finished_at, run.counts = clock.now(), counts_of(importer.report)
    run.save(update_fields=["finished_at", "counts"])
    shutil.rmtree(upload.source.parent, ignore_errors=True)
    return {"stands": Stands.IMPORTED, "run": run, "summary": summary_of(importer)}


def _gone_through(upload: Upload, lot: Lot, *, run: ImportRun | None) -> Importer:
    """Says every second how far it is; raises TakenAway once the upload is another’s or gone."""
    with Report(upload.place / "report.csv") as report:
        importer = Importer(lot, report, clock.now(), by=upload.by, run=run)
        told = 0.0
        for done in importer():
            if time.monotonic() - told >= SECONDS:
                told = time.monotonic()
                _beat(upload, done)
        _beat(upload, report.rows)
    write_matches(upload.place / "matches.csv", importer.books.matches.values())
    return importer


def _beat(upload: Upload, done: int) -> None:
    mine = Upload.objects.filter(pk=upload.pk, worker=upload.worker)
    if not mine.update(rows=done, beat_at=clock.now()):
        raise TakenAway


def summary_of(importer: Importer) -> dict:
    """What the page says of a run before anybody opens its report."""
    report, matches = importer.report, importer.books.matches.values()
    found = [one.told for one in importer.lot.found]
    return {
        "counts": dict(report.counts.most_common()),
        "refused": report.counts[REFUSED],
        "whys": report.whys.most_common(12),
        "doubted": report.doubted,
        "taken": report.taken,
        "words_in": report.words_in,
        "words_out": report.words_out,
        "names": len(matches),
        "new": sum(one.how == "new" for one in matches),
        "doubtful": sum(one.how == "doubtful" for one in matches),
        "told": [*(told for some in found for told in some), *importer.told][:MOST_TOLD],
    }
