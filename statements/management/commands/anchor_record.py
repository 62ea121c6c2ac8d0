import datetime as dt
import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from statements import clock
from statements.audit import seals, timestamps
from statements.audit.mailed_seals import format_mailed_seal
from statements.audit.seals import WrittenSeal
from statements.notifications.messages import render_email, send_email

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Seal the record: write one event with the hash of all chains, and a public list of the "
        "editions released since the last seal. Mail the seal to ANCHOR_EMAIL, and get a timestamp "
        "from TIMESTAMP_URL. Run it once a day; a second seal on the same day does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        written = self._write_seals(clock.now())
        for problem in timestamps.add_missing_timestamps():
            self.stderr.write(problem)
        self._mail(written)

    def _write_seals(self, at: dt.datetime) -> WrittenSeal:
        """Write one seal, or several where one list would be too long; return the last."""
        while True:
            with transaction.atomic():
                written = seals.write_seal(at=at)
            self._report(written)
            listed = written.seal.entries.count()
            if listed == 0 or listed + len(written.left_out) < seals.MAX_SEALED_EDITIONS:
                return written

    def _report(self, written: WrittenSeal) -> None:
        event = written.event
        self.stdout.write(
            f"Sealed on {_format_day(event.at)}, event {event.number} of the site: {event.hash}"
        )
        for edition in written.left_out:
            self.stderr.write(
                f"Edition {edition.sequence} of statement {edition.statement_id} is public, and no "
                "signed event approves it, so the seal does not list it. Run: "
                "manage.py verify_record"
            )

    def _mail(self, written: WrittenSeal) -> None:
        if not settings.ANCHOR_EMAIL:
            self.stdout.write("ANCHOR_EMAIL is empty, so the seal was not mailed.")
            return
        subject, body = render_email(
            "daily_seal",
            day=_format_day(written.event.at),
            document=format_mailed_seal(written),
            seal_url=settings.SITE_URL
            + reverse("statements:seal", kwargs={"number": written.seal.number}),
            verification_url=settings.SITE_URL + reverse("statements:verification"),
        )
        try:
            send_email(subject, body, settings.ANCHOR_EMAIL)
        except (OSError, SMTPException) as error:
            logger.warning("Mail of seal %d failed: %s", written.seal.number, type(error).__name__)
            raise CommandError(
                f"The seal was written, but could not be mailed to {settings.ANCHOR_EMAIL}: "
                f"{error}. Check EMAIL_URL and run this again."
            ) from error


def _format_day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M %Z}"
