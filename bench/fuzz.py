"""Send random requests to every public route and count the responses.

    python -m bench.fuzz 100000

Requests are sent in process, to a few statements in a temporary database (in memory, or on the
PostgreSQL server of DATABASE_URL), with the page cache on as in production. They come from
tests/whole_site/random_requests.py and differ each time. Prints the statuses of each route, and
each request that caused a server error: there should be none.
"""

import os
import sys
import time
from collections import Counter, defaultdict

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
MAX_ERRORS_SHOWN = 20


def main(number: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("collectstatic", interactive=False, verbosity=0)  # pages link to style sheets
    connection.creation.create_test_db(verbosity=0, serialize=False)
    started = time.monotonic()
    try:
        _create_statements()
        statuses_by_route, errors = send_requests(number)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    for route, statuses in sorted(statuses_by_route.items()):
        counts = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        print(f"/{route:45} {counts}")
    seconds = time.monotonic() - started
    print(f"\n{number:,} requests in {seconds:,.0f} s; server errors: {len(errors)}")
    for request, reason in errors[:MAX_ERRORS_SHOWN]:
        print(f"{reason}\n    {request}")
    return 1 if errors else 0


def send_requests(number: int) -> tuple[dict[str, Counter[int]], list[tuple[object, str]]]:
    from django.test import Client
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.whole_site.random_requests import FuzzRequest, fuzz_requests

    statuses: dict[str, Counter[int]] = defaultdict(Counter)
    errors: list[tuple[object, str]] = []
    client = Client()

    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=fuzz_requests())
    def send_request(request: FuzzRequest) -> None:
        try:
            status = request.send(client).status_code
            reason = f"status {status}"
        except Exception as error:  # noqa: BLE001 - any exception is a result to report
            status, reason = 500, f"{type(error).__name__}: {error}"
        statuses[request.route][status] += 1
        if status >= 500:
            errors.append((request, reason))
        _log_progress(sum(map(Counter.total, statuses.values())), number, len(errors))

    send_request()
    return statuses, errors


def _create_statements() -> None:
    """Create a corrected statement, one withdrawn with a notice and one removed."""
    import logging

    from statements import clock, workflow
    from statements.models import Theme
    from tests.cast import (
        approve_edition,
        make_statement,
        make_user,
        refetch_edition,
        rewrite_passage,
        submit_statement,
    )

    logging.disable(logging.CRITICAL)
    ann, ed = make_user("ann", "Author"), make_user("ed", "Editor")
    editions = []
    for headline in ("A comment", "Withdrawn", "Gone"):
        statement, at = make_statement(ann, headline), clock.now()
        statement.themes.add(Theme.objects.get_or_create(name="Water", slug="water")[0])
        editions.append(
            approve_edition(submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at)
        )
    at = clock.now()
    corrected = rewrite_passage(editions[0].statement, "We welcome better words.", by=ann)
    change = {"amendment": "correction", "public_note": "The first words were wrong."}
    approve_edition(
        submit_statement(corrected, by=ann, at=at, **change), by=ed, at=at, release_at=at
    )
    for edition, kind in zip(editions[1:], ("notice", "gone"), strict=True):
        workflow.withdraw(
            refetch_edition(edition), by=ed, at=clock.now(), kind=kind, notice="A slip."
        )


def _log_progress(done: int, number: int, errors: int) -> None:
    if done % 1000 == 0 or done == number:
        sys.stderr.write(f"\r{done:,} of {number:,} sent, {errors} server errors ")
        sys.stderr.flush()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("Say how many requests: python -m bench.fuzz 100000")
    sys.exit(main(int(sys.argv[1])))
