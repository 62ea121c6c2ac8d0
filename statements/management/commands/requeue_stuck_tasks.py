import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from statements import clock

STUCK_AFTER = dt.timedelta(minutes=10)
"""A task that takes longer has lost its worker. An import may take longer, but a second run of it
notices that the first one works, and skips rows that are imported."""
RETRY_WAITS = [
    dt.timedelta(minutes=minutes) for minutes in (0, 0, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)
]
"""How long a task rests after its first, second … failure. The first come from the ten minutes
between two runs; the last let a mail outlive a weekend without a mail server."""
RETRY_WINDOW = dt.timedelta(days=2)
MAX_TRIES = len(RETRY_WAITS) + 1


class Command(BaseCommand):
    help = (
        "Put tasks back in the queue: those whose worker was killed more than ten minutes ago, and "
        "those that failed, such as a refused mail: after ten minutes, twice, then after 30 "
        "minutes, 2, 6, 12 and 24 hours. Run it every ten minutes, and before a worker starts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        requeued, given_up = requeue_tasks(at=clock.now())
        self.stdout.write(f"Back in the queue: {requeued}. Given up: {given_up}.")


def requeue_tasks(*, at: dt.datetime) -> tuple[int, int]:
    """Requeue tasks; return how many, and how many were given up after MAX_TRIES.

    A mail whose worker was killed after sending it may be sent twice: better than not at all.
    """
    stuck = Q(status="RUNNING", started_at__lt=at - STUCK_AFTER)
    failed = Q(status="FAILED", finished_at__gte=at - RETRY_WINDOW)
    requeued = given_up = 0
    for task in DBTaskResult.objects.filter(stuck | failed).order_by("enqueued_at"):
        tried_enough = len(task.worker_ids) >= MAX_TRIES
        given_up += tried_enough
        if task.status == "FAILED" and (tried_enough or _is_resting(task, at)):
            continue
        becomes = {"status": "FAILED", "finished_at": at} if tried_enough else {"status": "READY"}
        # Only if unchanged: its worker or another run of this command may have ended it.
        unchanged = DBTaskResult.objects.filter(
            pk=task.pk, status=task.status, started_at=task.started_at
        )
        requeued += unchanged.update(**becomes) and not tried_enough
    return requeued, given_up


def _is_resting(task: DBTaskResult[Any, Any], at: dt.datetime) -> bool:
    tries = max(len(task.worker_ids), 1)
    return task.finished_at is not None and task.finished_at > at - RETRY_WAITS[tries - 1]
