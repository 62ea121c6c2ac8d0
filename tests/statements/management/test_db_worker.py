"""Test that the worker waits while the database is away, and then goes on."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django_tasks import task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max

from statements import clock
from statements.management.commands import db_worker as patient_worker
from tests.statements.management.test_requeue_stuck_tasks import status

LOCKED = OperationalError("database is locked")
runs: list[str] = []


@task()
def write_down(name: str) -> None:
    runs.append(name)


@pytest.fixture
def waits(monkeypatch) -> list[int]:
    """The seconds that the worker waited for the database."""
    waits: list[int] = []
    monkeypatch.setattr(patient_worker, "time", SimpleNamespace(sleep=waits.append, monotonic=int))
    monkeypatch.setattr(patient_worker.connections, "close_all", int)  # they hold the test
    return waits


@pytest.fixture
def worker(settings, waits) -> patient_worker.PatientWorker:
    runs.clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return patient_worker.PatientWorker(
        queue_names=["*"],
        interval=0,
        batch=True,  # it ends when the queue is empty
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="w",
        excluded_queue_names=[],
    )


def fail_times(count: int, error: Exception, words: str = ""):
    """Let the database fail so many times at statements with these words."""
    left = [error] * count

    def fail(execute, sql, params, many, context):
        if words in sql and left:
            raise left.pop()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(fail)


@pytest.mark.django_db(transaction=True)
def test_it_waits_longer_each_time_and_then_runs_the_task(worker, waits):
    write_down.enqueue("a mail")
    with fail_times(7, OperationalError("connection refused")):
        worker.run()

    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert runs == ["a mail"]


@pytest.mark.django_db(transaction=True)
def test_a_task_whose_end_could_not_be_written_down_runs_again(worker, waits):
    """Nobody knows how it ended: a mail twice is better than none."""
    write_down.enqueue("a mail")
    with fail_times(6, LOCKED, words='"finished_at" ='):  # django-tasks tries three times each
        worker.run()

    assert runs == ["a mail", "a mail"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_what_another_worker_took_over_is_left_to_it(worker):
    taken = DBTaskResult.objects.create(
        status="FAILED",
        args_kwargs={"args": [], "kwargs": {}},
        task_path="statements.notifications.newsdesk.mail_user",
        backend_name="default",
        run_after=get_date_max(),
    )
    worker.interrupted_task = taken
    worker.requeue_interrupted_task()

    assert status(taken) == "FAILED"


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_ends_it(worker, waits):
    with fail_times(1, ProgrammingError("syntax error")), pytest.raises(ProgrammingError):
        worker.run()

    assert waits == []


def test_the_command_runs_the_worker_that_waits(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    workers = []
    monkeypatch.setattr(db_worker, "Worker", db_worker.Worker)  # as it was, after this test
    monkeypatch.setattr(patient_worker.PatientWorker, "configure_signals", lambda worker: None)
    monkeypatch.setattr(patient_worker.PatientWorker, "run", lambda w: workers.append(w))
    call_command("db_worker", "--queue-name", "*")

    assert [type(worker) for worker in workers] == [patient_worker.PatientWorker]


@pytest.mark.django_db(transaction=True)
def test_finished_tasks_are_deleted_after_thirty_days(worker):
    ages = {"old": 31, "young": 29, "old and failed": 31, "old and waiting": 31}
    for name, days in ages.items():
        result = write_down.enqueue(name)
        becomes = {"old and failed": "FAILED", "old and waiting": "READY"}.get(name, "SUCCESSFUL")
        ended = clock.now() - dt.timedelta(days=days)
        finished_at = None if becomes == "READY" else ended
        DBTaskResult.objects.filter(pk=result.id).update(
            status=becomes, enqueued_at=ended, finished_at=finished_at
        )
    worker.run()

    assert runs == ["old and waiting"]
    names = {task.args_kwargs["args"][0] for task in DBTaskResult.objects.all()}
    assert names == {"young", "old and waiting"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_runs_for_long_deletes_them_each_day(worker, monkeypatch):
    worker.do_daily_work()
    result = write_down.enqueue("a mail")
    DBTaskResult.objects.filter(pk=result.id).update(
        status="SUCCESSFUL", finished_at=clock.now() - dt.timedelta(days=40)
    )
    worker.do_daily_work()
    assert DBTaskResult.objects.count() == 1
    later = clock.now() + dt.timedelta(hours=25)
    monkeypatch.setattr(patient_worker.clock, "now", lambda: later)
    worker.do_daily_work()
    assert DBTaskResult.objects.count() == 0
