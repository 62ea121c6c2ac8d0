import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from statements import clock
from statements.audit import events
from statements.notifications.messages import render_email

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Write a seal: one event with the hash of all chains. Mail its hash to ANCHOR_EMAIL. Run "
        "it once a day; a second seal on the same day does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            event = events.write_seal(at=clock.now())
        day = f"{timezone.localtime(event.at):%-d %B %Y, %H:%M %Z}"
        self.stdout.write(f"Sealed on {day}, event {event.number} of the site: {event.hash}")
        if not settings.ANCHOR_EMAIL:
            self.stdout.write("ANCHOR_EMAIL is empty, so the seal was not mailed.")
            return
        subject, body = render_email("daily_seal", event=event, day=day)
        try:
            send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [settings.ANCHOR_EMAIL])
        except (OSError, SMTPException) as error:
            logger.warning("Mail of seal %d failed: %s", event.pk, type(error).__name__)
            raise CommandError(
                f"The seal was written, but could not be mailed to {settings.ANCHOR_EMAIL}: "
                f"{error}. Check EMAIL_URL and run this again."
            ) from error
