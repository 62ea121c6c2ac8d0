"""Places of this app that hold words of statements: what an import read, and old addresses."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from archive.models import ImportedStatement, LegacyRedirect, Upload, hash_identifier, hash_path
from archive.report import COLUMNS
from statements.erasure.place import Erasure, Place, Wordless
from statements.models import ApprovalRule

REPORT_NAME = "report.csv"
KEPT_CELLS = {"row", "outcome", "date", "words_in", "words_out"}
"""What a line of a report keeps."""


def _was_import_erased(erasure: Erasure) -> bool:
    """Return whether no imported edition is left, whose words an old address may repeat."""
    imported = erasure.statement.editions.filter(rule=ApprovalRule.IMPORT, erased_at=None)
    return not imported.exclude(pk__in=[edition.pk for edition in erasure.editions]).exists()


def _erase_old_addresses(erasure: Erasure) -> None:
    if not _was_import_erased(erasure):
        return
    for redirect in LegacyRedirect.objects.filter(statement=erasure.statement, erased_at=None):
        redirect.path, redirect.erased_at = hash_path(redirect.path), erasure.at
        redirect.save(update_fields=["path", "erased_at"])


def _erase_imported_item(erasure: Erasure) -> None:
    item = ImportedStatement.objects.filter(statement=erasure.statement).first()
    if item is None or not item.source or not _was_import_erased(erasure):
        return
    _erase_uploads(erasure, item)
    if item.run.statements.count() == 1:  # its file may have the headline as its name
        item.run.sources = ""
        item.run.save(update_fields=["sources"])
    item.identifier = hash_identifier(item.source, item.identifier)
    item.source = item.file = item.row_digest = item.words_hash = ""
    item.save(update_fields=["identifier", "source", "file", "row_digest", "words_hash"])


# --- Uploads --------------------------------------------------------------------------------------


def _erase_uploads(erasure: Erasure, item: ImportedStatement) -> None:
    """Empty the lines about the statement in reports; forget an upload that still has the words."""
    headlines = {edition.headline for edition in erasure.editions}
    for upload in Upload.objects.exclude(stands=Upload.UploadState.FORGOTTEN):
        report = upload.folder_path / REPORT_NAME
        if not any(_is_about(line, item, headlines) for line in _read_lines(report)):
            continue
        if upload.source_path.exists():
            _forget(upload)
        else:
            _empty_lines(upload, item, headlines)


def _is_about(line: dict[str, str], item: ImportedStatement, headlines: set[str]) -> bool:
    return line["headline"] in headlines or line["identifier"] == item.identifier[:300]


def _read_lines(report: Path) -> Iterator[dict[str, str]]:
    if report.is_file():
        with report.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _forget(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(
        stands=Upload.UploadState.FORGOTTEN,
        name=f"upload-{upload.pk}",
        worker="",
        problem="",
        summary={},
    )
    transaction.on_commit(lambda: shutil.rmtree(upload.folder_path, ignore_errors=True))


def _empty_lines(upload: Upload, item: ImportedStatement, headlines: set[str]) -> None:
    Upload.objects.filter(pk=upload.pk).update(
        name=f"upload-{upload.pk}", summary={**upload.summary, "messages": [], "statuses": []}
    )
    transaction.on_commit(lambda: _rewrite_report(upload.folder_path, item, headlines))


def _rewrite_report(folder: Path, item: ImportedStatement, headlines: set[str]) -> None:
    report, new = folder / REPORT_NAME, folder / f"{REPORT_NAME}.new"
    with new.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for line in _read_lines(report):
            is_erased = _is_about(line, item, headlines)
            table.writerow(
                {name: line[name] for name in COLUMNS if not is_erased or name in KEPT_CELLS}
            )
    new.replace(report)


PLACES = [
    Place(
        "Addresses of the old site are kept as keyed hashes, and answer 410.",
        {"archive.LegacyRedirect": "path"},
        _erase_old_addresses,
    ),
    Place(
        "The imported item is kept as a keyed hash, so that it is never imported again. Reports of "
        "imports lose its line, and an import file that has it is deleted.",
        {
            "archive.ImportedStatement": "source identifier file row_digest words_hash",
            "archive.ImportRun": "sources",
            "archive.Upload": "name summary problem",
            "IMPORTS_DIR": "files",
        },
        _erase_imported_item,
    ),
]
WORDLESS = [
    Wordless(
        {
            "archive.ImportApproval": "digest",
            "archive.ImportDryRun": "digest source_digest outcomes",
            "archive.ImportRun": "digest counts",
            "archive.Upload": "folder mapping stands digest worker",
        },
        "It is a hash with a secret, a random name, numbers, or the names of columns.",
    ),
]
