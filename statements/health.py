"""Tell operators whether this process is alive, and whether it is ready to publish."""

import datetime as dt
import logging

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from statements import clock
from statements.integrity import catalogue

logger = logging.getLogger(__name__)

MAX_CLOCK_DIFFERENCE = dt.timedelta(seconds=0.5)
"""Less than the second within which a release must be public."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process runs."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if this process may publish, else 503 with a sentence for each reason."""
    try:
        problems = [
            problem
            for find_problems in (_migration_problems, _rule_problems, _clock_problems)
            for problem in find_problems()
        ]
    except OperationalError:
        logger.exception("The database did not answer.")
        problems = ["The database does not answer: start it, or look at DATABASE_URL."]
    body = "\n".join(problems or ["ready"]) + "\n"
    return HttpResponse(body, content_type="text/plain", status=503 if problems else 200)


def _migration_problems() -> list[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The database is behind the code: run manage.py migrate."]
    return []


def _rule_problems() -> list[str]:
    return catalogue.describe_problems(connection)


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
