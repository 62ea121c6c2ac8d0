"""The worker of django-tasks-db, which waits for a database that does not answer."""

import datetime as dt
import logging
import time
from typing import Any

from django.db import Error, connections
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from statements import clock, workflow
from statements.outages import describe_outage

MAX_WAIT_SECONDS = 30
KEPT_FOR = dt.timedelta(days=30)
"""How long a finished task stays. Longer than requeue_stuck_tasks tries a failed one again."""
PRUNED_EVERY = dt.timedelta(days=1)

logger = logging.getLogger(__name__)


class PatientWorker(db_worker.Worker):
    """Run tasks; wait while the database is away, and run an interrupted task again."""

    interrupted_task: DBTaskResult[Any, Any] | None = None
    wait_seconds = 1
    pruned_at: dt.datetime | None = None

    def run(self) -> None:
        """Run until asked to stop, through any outage of the database."""
        while True:
            started_at = time.monotonic()
            try:
                self.requeue_interrupted_task()
                self.do_daily_work()
                super().run()
            except Error as error:
                if not (outage := describe_outage(error)):
                    raise
                if time.monotonic() - started_at > 2 * MAX_WAIT_SECONDS:
                    self.wait_seconds = 1  # this is another outage
                self.wait(outage)
            else:
                return

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run one task, and remember it if its outcome could not be written down."""
        self.interrupted_task = db_task_result
        super().run_task(db_task_result)
        self.interrupted_task = None
        self.do_daily_work()

    def requeue_interrupted_task(self) -> None:
        """Put that task back in the queue. A mail may be sent twice: better than not at all."""
        if task := self.interrupted_task:
            unchanged = DBTaskResult.objects.filter(pk=task.pk, status="RUNNING")
            unchanged.filter(started_at=task.started_at).update(status="READY")
            self.interrupted_task = None

    def do_daily_work(self) -> None:
        """Once a day, delete tasks that ended, and drafts in the bin, of thirty days ago."""
        now = clock.now()
        if self.pruned_at is None or now - self.pruned_at >= PRUNED_EVERY:
            old = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT_FOR)
            count, _ = old.delete()
            workflow.erase_old_drafts(at=now)
            self.pruned_at = now
            if count:
                logger.info("%d finished tasks were older than 30 days and were deleted.", count)

    def wait(self, outage: str) -> None:
        logger.warning("%s The worker asks again in %d s.", outage, self.wait_seconds)
        connections.close_all()
        time.sleep(self.wait_seconds)
        self.wait_seconds = min(2 * self.wait_seconds, MAX_WAIT_SECONDS)


class Command(db_worker.Command):
    help = (
        "Run queued tasks, such as mails, until stopped. Wait while the database is away, and "
        "delete finished tasks, and the drafts in the bin, after 30 days."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        db_worker.Worker = PatientWorker  # type: ignore[misc]  # `handle` makes it by this name
        super().handle(*args, **options)
