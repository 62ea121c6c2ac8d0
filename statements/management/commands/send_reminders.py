from typing import Any

from django.core.management.base import BaseCommand

from statements import clock
from statements.notifications.reminders import send_reminders


class Command(BaseCommand):
    help = (
        "Queue the mails that are due by the clock: what goes public within the hour, what was "
        "published, and what is undecided shortly before its requested release. Each is sent once. "
        "Run it every five minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Reminders: {send_reminders(at=clock.now())}.")
