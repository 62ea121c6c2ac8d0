"""Test that a transition which fails at any statement leaves all as it was, on both databases."""

import itertools
import os
import subprocess
import sys

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import DatabaseError, connection

from statements import workflow
from statements.audit import verification
from tests.database_dump import dump_product
from tests.statements.workflow.transition_cases import CASES, LATER, Act, make_people
from tests.whole_site.server import database_url

MORE_CASES = {
    *("merge_speakers", "merge_themes", "publish_approved_urgently", "withdraw_again"),
    "hold_group",
}
MIN_STATEMENTS = 5  # the shortest have more
NOT_TRANSITIONS = {"can_edit_metadata", "time_problems", "import_statements"}


class LostConnection(DatabaseError):
    """As if the database went away in the middle."""


class FailAt:
    """Let the database fail at the statement of this number."""

    def __init__(self, number: int) -> None:
        self.number, self.count = number, itertools.count(1)
        self.has_failed = False

    def __call__(self, execute, sql, params, many, context):
        # The throttle of passwords counts a try by itself, before the transition.
        if "axes_" not in sql and next(self.count) == self.number:
            self.has_failed = True
            raise LostConnection(sql)
        return execute(sql, params, many, context)


def fail_at_each_statement(act: Act) -> int:
    """Run the act until it succeeds, failing one statement later each time; return how often."""
    before = dump_product()
    for number in itertools.count(1):
        failure = FailAt(number)
        try:
            with connection.execute_wrapper(failure):
                act(LATER)
        except LostConnection:
            assert dump_product() == before, f"statement {number}"
            AccessAttempt.objects.all().delete()  # of the password, each of which counts
        else:
            assert not failure.has_failed, f"statement {number} failed, and nobody noticed"
            assert dump_product() != before
            return number - 1
    raise AssertionError("It never succeeded.")


def test_every_transition_has_a_case():
    functions = {name for name in workflow.__all__ if name[0].islower()}
    assert set(CASES) == functions - NOT_TRANSITIONS | MORE_CASES


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_transition_that_fails_at_any_statement_changes_nothing(
    name, mailoutbox, django_capture_on_commit_callbacks
):
    act = CASES[name](make_people())
    with django_capture_on_commit_callbacks(execute=True):
        assert fail_at_each_statement(act) >= MIN_STATEMENTS
        assert mailoutbox == []  # mails are sent, and files deleted, after the commit
    assert list(verification.verify()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["approve", "withdraw", "erase"])
def test_a_process_that_is_killed_at_any_statement_changes_nothing(name):
    """By SIGKILL, in processes of their own, on a database that commits."""
    connection.close()
    killer = [sys.executable, "-m", "tests.statements.workflow.kill_transitions", name]
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    result = subprocess.run(
        killer, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) >= MIN_STATEMENTS
