from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from statements import clock
from statements.audit import events


class Command(BaseCommand):
    help = (
        "Seal the heads of all chains in one event, and mail its hash to ANCHOR_EMAIL. For once a "
        "day; another seal on the same day does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            event = events.write_seal(at=clock.now())
        day = f"{timezone.localtime(event.at):%-d %B %Y, %H:%M %Z}"
        self.stdout.write(f"Anchored on {day} as event {event.number} of the house: {event.hash}")
        if not settings.ANCHOR_EMAIL:
            self.stdout.write("ANCHOR_EMAIL names nobody, so this seal is kept here alone.")
            return
        try:
            send_mail(
                f"{settings.SITE_NAME}: the record on {day}",
                f"Event {event.number} of the house: {event.hash}\n\n"
                "Keep this mail: with it, a record that was changed later cannot pass for whole.\n",
                settings.DEFAULT_FROM_EMAIL,
                [settings.ANCHOR_EMAIL],
            )
        except (OSError, SMTPException) as error:
            raise CommandError(
                f"The seal stands in the record, but could not be mailed to "
                f"{settings.ANCHOR_EMAIL}: {error}. Mend EMAIL_URL and run this again."
            ) from error
