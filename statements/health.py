"""Tell operators whether this process is alive, and whether it is ready to publish."""

import datetime as dt
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import static_files
from statements import clock, outages
from statements.integrity import catalogue

logger = logging.getLogger(__name__)

MAX_CLOCK_DIFFERENCE = dt.timedelta(seconds=0.5)
"""Less than the second within which a release must be public."""

MAX_BUSY_SECONDS = 3.0
MIN_FREE_BYTES = 100_000_000
OUTAGE_CURES = {
    outages.AWAY: "start it, or look at DATABASE_URL.",
    outages.BUSY: "if that lasts, find the program that holds it.",
    outages.READ_ONLY: "let the site's own user write to it.",
    outages.FULL_DISK: "delete what is not needed, or add space.",
    outages.DAMAGED: "look at the disk and the system log; restore a backup if necessary.",
}

_first_files: dict[Path, int] = {}
"""The number of the database's file when this process first looked."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process runs."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if this process may publish, else 503 with a sentence for each reason."""
    problems = _run_checks(DATABASE_CHECKS) + _run_checks(MACHINE_CHECKS)
    body = "\n".join(problems or ["ready"]) + "\n"
    return HttpResponse(body, content_type="text/plain", status=503 if problems else 200)


def _run_checks(checks: list[Callable[[], list[str]]]) -> list[str]:
    """Return every problem; a database that fails during a check is the last of them."""
    problems = []
    try:
        for find_problems in checks:
            problems += find_problems()
    except Error as error:
        logger.warning("Not ready: %s", error)
        problems.append(_describe(outages.describe_outage(error) or outages.AWAY))
    return problems


def _describe(outage: str) -> str:
    return f"{outage.removesuffix('.')}: {OUTAGE_CURES[outage]}"


# --- The database ---------------------------------------------------------------------------------


def _migration_problems() -> list[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The database is behind the code: run manage.py migrate."]
    return []


def _file_problems() -> list[str]:
    """Look for the file of SQLite: an open connection goes on with one that was deleted."""
    if connection.vendor != "sqlite":
        return []
    path = Path(connection.settings_dict["NAME"])
    if not path.exists():
        return [f"The database file {path} is gone: stop the site, then restore a backup."]
    if _first_files.setdefault(path, path.stat().st_ino) != path.stat().st_ino:
        return [f"The database file {path} was replaced while the site ran: restart the site."]
    return []


def _writing_problems() -> list[str]:
    """Write something that changes nothing: a release needs no write, and every decision does."""
    with (
        outages.wait_briefly(MAX_BUSY_SECONDS),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_read_only")
            return [] if cursor.fetchone() == ("off",) else [_describe(outages.READ_ONLY)]
        cursor.execute("PRAGMA user_version")
        (number,) = cursor.fetchone()
        cursor.execute(f"PRAGMA user_version = {number:d}")
    return []


def _writing_or_rule_problems() -> list[str]:
    """Compare the rules only where something can be written: comparing makes temporary tables."""
    return _writing_problems() or catalogue.describe_problems(connection)


def _clock_problems() -> list[str]:
    # The database answers between the two times of this process: this is the least difference.
    before = dt.datetime.now(dt.UTC)
    database_time = clock.read_database_clock()
    ahead, behind = before - database_time, database_time - dt.datetime.now(dt.UTC)
    difference, direction = max((ahead, "ahead of"), (behind, "behind"))
    if difference <= MAX_CLOCK_DIFFERENCE:
        return []
    return [
        f"The clock of this process is {difference.total_seconds():.1f} s {direction} the "
        "database’s: let both machines keep time by NTP. Until then nothing comes out early, but "
        "it may come late."
    ]


# --- The machine ----------------------------------------------------------------------------------


def _disk_problems() -> list[str]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free >= MIN_FREE_BYTES:
        return []
    return [
        f"The disk under {settings.VAR_DIR} has {free // 1_000_000} MB left: delete what is not "
        "needed, or add space."
    ]


def _folder_problems() -> list[str]:
    folders = [settings.VAR_DIR]
    if isinstance(default_storage, FileSystemStorage):
        folders.append(Path(default_storage.location))
    return [
        f"This process cannot write to {folder}: let the site's own user write there."
        for folder in folders
        if folder.exists() and not os.access(folder, os.W_OK)
    ]


def _static_file_problems() -> list[str]:
    if missing := static_files.find_missing_files():
        return [
            f"Style sheets and scripts are missing ({', '.join(missing)}): run manage.py "
            "collectstatic, then restart the site."
        ]
    return []


DATABASE_CHECKS = [
    _file_problems,
    _migration_problems,
    _writing_or_rule_problems,
    _clock_problems,
]
MACHINE_CHECKS = [_disk_problems, _folder_problems, _static_file_problems]
