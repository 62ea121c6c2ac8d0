"""Kill a process at each statement of a transition, and look what is left.

python -m tests.statements.workflow.kill_transitions NAME   prints how many were killed

On the database of DATABASE_URL, which must be empty but for its tables and groups.
"""

import itertools
import os
import signal
import sys
import tempfile
import traceback
from typing import NoReturn

import django
from django.conf import settings


def main(name: str) -> int:
    django.setup()
    from axes.models import AccessAttempt
    from django.db import connection

    from tests.database_dump import dump_product
    from tests.statements.workflow.transition_cases import CASES, make_people

    act = CASES[name](make_people())
    before = dump_product()
    for number in itertools.count(1):
        connection.close()  # each process opens its own
        if (child := os.fork()) == 0:
            run_and_die_at(number, act)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert dump_product() == before, f"statement {number} left something"
        AccessAttempt.objects.all().delete()  # of the password, each of which counts
    assert os.WEXITSTATUS(status) == 0, "The last one was not killed, and failed."
    assert_done(before)
    return number - 1


def run_and_die_at(number: int, act) -> NoReturn:
    """Run the act, and kill this process before the statement of this number."""
    from django.db import connection

    from tests.statements.workflow.transition_cases import LATER

    count = itertools.count(1)

    def die(execute, sql, params, many, context):
        if connection.in_atomic_block and next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            act(LATER)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent must not go on
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def assert_done(before: dict[str, list[str]]) -> None:
    from statements.audit import verification
    from tests.database_dump import dump_product

    assert dump_product() != before
    assert list(verification.verify()) == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings.STORAGES["default"] = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
        # Tasks run at once in tests, and after the commit: their statements are not the transition's.
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
        sys.stdout.write(f"{main(sys.argv[1])}\n")
