"""Mail about sign-off and remarks, by the worker: a link, and no headline or content."""

import datetime as dt
import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from statements.models import PreviewLink, PreviewToken, Remark, SignOff, State
from statements.notifications import newsdesk
from statements.notifications.messages import render_email, send_email
from statements.roles import EDITORS

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
    people = ("made_by", "statement__organisation")
    preview = PreviewLink.objects.select_related(*people).get(pk=preview_id)
    if preview.revoked_at or not preview.email:
        return
    asker, organisation = preview.made_by, preview.statement.organisation
    subject, body = render_email(
        "preview_invitation",
        asker=asker.get_full_name() or asker.get_username(),
        organisation=organisation.name if organisation else "",
        is_draft=preview.draft_version_id is not None,
        reply_by=_format_time(preview.reply_by) if preview.reply_by else "",
        link=preview_url(PreviewToken.objects.create_token(preview)),
    )
    try:
        send_email(subject, body, preview.email, reply_to=asker.email)
    except (OSError, SMTPException) as error:
        # Not the error's text: it may hold the address.
        logger.warning("Mail of preview link %d failed: %s", preview_id, type(error).__name__)
        raise


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%A %-d %B %Y, %H:%M %Z}"


# --- Replies --------------------------------------------------------------------------------------


def notify_reply(reply: SignOff) -> None:
    """Mail those who work on the statement that somebody answered; of an objection, all editors."""
    if newsdesk.is_muted():
        return
    message, user_ids = _choose_message(reply), _find_recipients(reply)

    def enqueue() -> None:
        for user_id in sorted(user_ids):
            mail_about_reply.enqueue(message, reply.pk, user_id)

    transaction.on_commit(enqueue, robust=True)


def _choose_message(reply: SignOff) -> str:
    if reply.agrees:
        return "reply_agreed"
    is_approved = reply.edition is not None and reply.edition.state == State.APPROVED
    return "reply_objected_after_approval" if is_approved else "reply_objected"


def _find_recipients(reply: SignOff) -> set[int]:
    """Return who asked and who wrote; an objection to an edition goes to every editor too."""
    edition = reply.edition
    if edition is None:
        user_ids = set(reply.statement.contributions.values_list("user_id", flat=True))
    else:
        user_ids = {edition.submitted_by_id}
        if not reply.agrees:
            user_ids |= edition.contributor_ids | newsdesk.find_members(EDITORS)
    if reply.preview:
        user_ids.add(reply.preview.made_by_id)
    return user_ids - {reply.recorded_by_id or 0}


@task()
def mail_about_reply(message: str, reply_id: int, user_id: int) -> None:
    """Mail one person, if they are still on the newsdesk when the worker runs this.

    It names the publisher and what was done, and never a headline, a name or a word.
    """
    if not newsdesk.can_be_mailed(message, user_id):
        return
    fields = ("statement__organisation", "edition", "draft_version")
    reply = SignOff.objects.select_related(*fields).get(pk=reply_id)
    page = "hub" if message == "reply_objected_after_approval" else "signoff"
    path = reverse(f"admin:statements_statement_{page}", args=[reply.statement_id])
    subject, body = render_email(
        message,
        organisation=newsdesk.get_sender_name(reply.statement.organisation),
        subject=reply.subject,
        link=settings.SITE_URL + path,
    )
    try:
        send_email(subject, body, User.objects.get(pk=user_id).email)
    except (OSError, SMTPException) as error:
        # Not the error's text: it may hold the address.
        logger.warning(
            "Mail about reply %d to user %d failed: %s", reply_id, user_id, type(error).__name__
        )
        raise


# --- Remarks --------------------------------------------------------------------------------------


def notify_remark(remark: Remark) -> None:
    """Mail the writers and everybody in the thread that there is a new remark."""
    edition = remark.edition
    if edition is None:
        return  # on a draft: it is shown beside the words
    remarks = Remark.objects.filter(statement=edition.statement_id)
    user_ids = edition.contributor_ids | {edition.submitted_by_id}
    user_ids |= set(remarks.values_list("by_id", flat=True))
    _enqueue_on_commit("remark_added", edition.pk, user_ids - {remark.by_id})


def _enqueue_on_commit(message: str, edition_id: int, user_ids: Iterable[int]) -> None:
    if not newsdesk.is_muted():
        transaction.on_commit(
            lambda: newsdesk.enqueue_mails(message, edition_id, user_ids), robust=True
        )
