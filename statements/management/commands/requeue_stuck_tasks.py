import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from statements import clock

STUCK_AFTER = dt.timedelta(minutes=10)
"""No task of ours takes that long: its worker was killed, and nobody else takes it up. But for an
import, which knows by itself whether somebody is at it, and passes over what is in."""
RETRY_WINDOW = dt.timedelta(days=1)
MAX_TRIES = 5


class Command(BaseCommand):
    help = (
        "Give back to the queue what a killed worker left behind ten minutes ago, and what failed "
        "in the last day, such as a mail that was refused; each five times at most. For every ten "
        "minutes, and before a worker starts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        again, given_up = requeue_tasks(at=clock.now())
        self.stdout.write(f"Given back to the queue: {again}. Tried often enough: {given_up}.")


def requeue_tasks(*, at: dt.datetime) -> tuple[int, int]:
    """How many tasks wait again, and how many stay undone after MOST_TRIES.

    A mail whose worker died after sending it may go out twice: better than not at all.
    """
    stranded = Q(status="RUNNING", started_at__lt=at - STUCK_AFTER)
    failed = Q(status="FAILED", finished_at__gte=at - RETRY_WINDOW)
    again = given_up = 0
    for task in DBTaskResult.objects.filter(stranded | failed).order_by("enqueued_at"):
        tried_enough = len(task.worker_ids) >= MAX_TRIES
        given_up += tried_enough
        if tried_enough and task.status == "FAILED":
            continue
        becomes = {"status": "FAILED", "finished_at": at} if tried_enough else {"status": "READY"}
        # Only as it was read: its worker may end it meanwhile, or another of these commands.
        same = DBTaskResult.objects.filter(
            pk=task.pk, status=task.status, started_at=task.started_at
        )
        again += same.update(**becomes) and not tried_enough
    return again, given_up
