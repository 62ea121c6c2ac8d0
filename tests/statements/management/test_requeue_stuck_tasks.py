"""What a worker left behind waits again, and nothing that is done or under way."""

import datetime as dt

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult, get_date_max

from statements.management.commands import requeue_stuck_tasks
from statements.management.commands.requeue_stuck_tasks import requeue_tasks
from tests.cast import DAY, MINUTE, NOON

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def make_task(status: str, *, started=None, finished=None, tries: int = 1) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status,
        started_at=started,
        finished_at=finished,
        worker_ids=[f"worker-{number}" for number in range(tries)],
        args_kwargs={"args": [], "kwargs": {}},
        task_path="statements.notifications.newsdesk.mail_user",
        backend_name="default",
        run_after=get_date_max(),
    )


def status(task: DBTaskResult) -> str:
    return DBTaskResult.objects.get(pk=task.pk).status


def test_a_task_of_a_worker_that_died_waits_again_after_ten_minutes():
    left = make_task("RUNNING", started=NOON - 10 * MINUTE - SECOND)
    under_way = make_task("RUNNING", started=NOON - 10 * MINUTE)
    assert requeue_tasks(at=NOON) == (1, 0)
    assert (status(left), status(under_way)) == ("READY", "RUNNING")
    assert left in DBTaskResult.objects.ready()
    assert requeue_tasks(at=NOON) == (0, 0)


def test_a_mail_that_failed_is_tried_again_for_two_days():
    lately = make_task("FAILED", started=NOON - 2 * DAY, finished=NOON - 2 * DAY)
    long_ago = make_task("FAILED", started=NOON - 2 * DAY, finished=NOON - 2 * DAY - SECOND)
    assert requeue_tasks(at=NOON) == (1, 0)
    assert (status(lately), status(long_ago)) == ("READY", "FAILED")


@pytest.mark.parametrize(("tries", "minutes"), [(1, 0), (2, 0), (3, 30), (4, 120), (7, 1440)])
def test_a_mail_that_fails_again_rests_longer_each_time(tries, minutes):
    """A mail server that is away for a weekend still gets its mails."""
    rested = make_task("FAILED", finished=NOON - minutes * MINUTE, tries=tries)
    resting = make_task("FAILED", finished=NOON - minutes * MINUTE + SECOND, tries=tries)
    assert requeue_tasks(at=NOON) == (1, 0)
    assert (status(rested), status(resting)) == ("READY", "FAILED")


def test_what_was_tried_eight_times_is_given_up():
    killer = make_task("RUNNING", started=NOON - DAY, tries=8)
    refused = make_task("FAILED", started=NOON - DAY, finished=NOON - DAY, tries=8)
    assert requeue_tasks(at=NOON) == (0, 2)
    assert (status(killer), status(refused)) == ("FAILED", "FAILED")


def test_what_is_done_or_waiting_stays_so():
    tasks = [
        make_task("SUCCESSFUL", started=NOON - DAY, finished=NOON - MINUTE),
        make_task("READY", tries=0),
    ]
    assert requeue_tasks(at=NOON) == (0, 0)
    assert [status(task) for task in tasks] == ["SUCCESSFUL", "READY"]


def test_a_worker_that_ends_its_task_meanwhile_has_the_last_word(monkeypatch):
    slow = make_task("RUNNING", started=NOON - DAY)
    monkeypatch.setattr(requeue_stuck_tasks, "MAX_TRIES", _EndsMeanwhile(slow))
    assert requeue_tasks(at=NOON) == (0, 0)
    assert status(slow) == "SUCCESSFUL"


class _EndsMeanwhile(int):
    """A limit which, when a task is compared with it, finds the task ended."""

    def __new__(cls, task: DBTaskResult):
        limit = super().__new__(cls, 5)
        limit.task = task
        return limit

    def __le__(self, tries: int) -> bool:
        DBTaskResult.objects.filter(pk=self.task.pk).update(status="SUCCESSFUL")
        return super().__le__(tries)


def test_the_command_says_how_many(capsys, frozen):
    frozen(NOON)
    make_task("RUNNING", started=NOON - DAY)
    call_command("requeue_stuck_tasks")
    assert capsys.readouterr().out == "Back in the queue: 1. Given up: 0.\n"
