"""For operators: is this process alive, and is it fit to publish?"""

import datetime as dt
import logging

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from statements import clock
from statements.integrity import triggers

log = logging.getLogger(__name__)

MAX_CLOCK_DIFFERENCE = dt.timedelta(seconds=0.5)
"""Less than the second in which a release has to be out, so that a whole one is always noticed."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when this process may publish, else 503 with a sentence for each reason."""
    try:
        problems = [
            sentence
            for ask in (_migration_problems, _trigger_problems, _clock_problems)
            for sentence in ask()
        ]
    except OperationalError:
        log.exception("The database did not answer.")
        problems = ["The database does not answer: start it, or look at DATABASE_URL."]
    body = "\n".join(problems or ["ready"]) + "\n"
    return HttpResponse(body, content_type="text/plain", status=503 if problems else 200)


def _migration_problems() -> list[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The database is behind the code: run manage.py migrate."]
    return []


def _trigger_problems() -> list[str]:
    if missing := triggers.find_missing_triggers(connection):
        return [f"Rules are missing in the database ({', '.join(missing)}): run manage.py migrate."]
    return []


def _clock_problems() -> list[str]:
    """Apart beyond doubt: the database's answer was given between the two times of this process."""
    before = dt.datetime.now(dt.UTC)
    there = clock.read_database_clock()
    ahead, behind = before - there, there - dt.datetime.now(dt.UTC)
    apart, which = max((ahead, "ahead of"), (behind, "behind"))
    if apart <= MAX_CLOCK_DIFFERENCE:
        return []
    return [
        f"The clock of this process is {apart.total_seconds():.1f} s {which} the database’s: let "
        "both machines keep time by NTP. Until then nothing comes out early, but it may come late."
    ]
