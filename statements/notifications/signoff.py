"""Mail about sign-off and remarks, by the worker: a link, and no headline or content."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from statements.models import PreviewLink, PreviewToken, Remark, SignOff
from statements.notifications import newsdesk
from statements.notifications.messages import render_email

logger = logging.getLogger(__name__)


def preview_url(token: str) -> str:
    """Return the full address of a preview link."""
    return settings.SITE_URL + reverse("preview", args=[token])


def enqueue_invitation(preview: PreviewLink) -> None:
    """Mail a link to the reader, once this transaction is committed."""
    if preview.email and not newsdesk.is_muted():
        transaction.on_commit(lambda: send_invitation.enqueue(preview.pk), robust=True)


@task()
def send_invitation(preview_id: int) -> None:
    """Mail the reader a link, with a token made here: none waits in the queue.

    It names who asks, because careful people open no link from a stranger.
    """
    preview = PreviewLink.objects.select_related("made_by").get(pk=preview_id)
    if preview.revoked_at or not preview.email:
        return
    asker = preview.made_by
    subject, body = render_email(
        "preview_invitation",
        asker=asker.get_full_name() or asker.get_username(),
        link=preview_url(PreviewToken.objects.create_token(preview)),
    )
    reply_to = [asker.email] if asker.email else None
    message = EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [preview.email], reply_to=reply_to
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        # Not the error's text: it may hold the address.
        logger.warning("Mail of preview link %d failed: %s", preview_id, type(error).__name__)
        raise


def notify_reply(reply: SignOff) -> None:
    """Mail the person who asked and the submitter that a reply has come."""
    user_ids = {reply.edition.submitted_by_id}
    if reply.preview:
        user_ids.add(reply.preview.made_by_id)
    _enqueue_on_commit("reply_received", reply.edition_id, user_ids)


def notify_remark(remark: Remark) -> None:
    """Mail the writers and everybody in the thread that there is a new remark."""
    edition = remark.edition
    remarks = Remark.objects.filter(edition__statement=edition.statement_id)
    user_ids = edition.contributor_ids | {edition.submitted_by_id}
    user_ids |= set(remarks.values_list("by_id", flat=True))
    _enqueue_on_commit("remark_added", edition.pk, user_ids - {remark.by_id})


def _enqueue_on_commit(message: str, edition_id: int, user_ids: Iterable[int]) -> None:
    if not newsdesk.is_muted():
        transaction.on_commit(
            lambda: newsdesk.enqueue_mails(message, edition_id, user_ids), robust=True
        )
