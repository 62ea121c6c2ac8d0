"""Ask every public route anything, and count what it answers.

    python -m bench.fuzz 100000

Asks in process, of a small record in a database made for it (in memory, or on the PostgreSQL server
of DATABASE_URL) and dropped afterwards, with pages kept as in production. The
questions are those of tests/whole_site/random_requests.py, drawn anew each time. Ends with the
statuses of
each route, and with each question that was answered by an error of ours: there should be none.
"""

import os
import sys
import time
from collections import Counter, defaultdict

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
MAX_ERRORS_SHOWN = 20  # errors that are written out; the others are counted


def main(number: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name their style sheets
    connection.creation.create_test_db(verbosity=0, serialize=False)
    began = time.monotonic()
    try:
        _create_statements()
        told, errors = ask_questions(number)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    for route, statuses in sorted(told.items()):
        counts = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        print(f"/{route:45} {counts}")
    seconds = time.monotonic() - began
    print(f"\n{number:,} questions in {seconds:,.0f} s; errors of ours: {len(errors)}")
    for question, why in errors[:MAX_ERRORS_SHOWN]:
        print(f"{why}\n    {question}")
    return 1 if errors else 0


def ask_questions(number: int) -> tuple[dict[str, Counter[int]], list[tuple[object, str]]]:
    from django.test import Client
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.whole_site.random_requests import FuzzRequest, fuzz_requests

    told: dict[str, Counter[int]] = defaultdict(Counter)
    errors: list[tuple[object, str]] = []
    client = Client()

    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(question=fuzz_requests())
    def asked(question: FuzzRequest) -> None:
        try:
            status = question.send(client).status_code
            why = f"answered by {status}"
        except Exception as error:
            status, why = 500, f"{type(error).__name__}: {error}"
        told[question.route][status] += 1
        if status >= 500:
            errors.append((question, why))
        _log_progress(sum(map(Counter.total, told.values())), number, len(errors))

    asked()
    return told, errors


def _create_statements() -> None:
    """A statement with a correction, one withdrawn and one gone, as the cast would have them."""
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
        sys.stderr.write(f"\r{done:,} of {number:,} asked, {errors} errors of ours ")
        sys.stderr.flush()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("Say how many questions: python -m bench.fuzz 100000")
    sys.exit(main(int(sys.argv[1])))
