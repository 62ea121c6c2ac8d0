"""Mail the newsdesk, by the worker: a link, and no headline or content.

Each recipient has a separate task: a failed mail stops no other, and nobody sees another's
address. Nothing waits for these mails, and nothing public depends on them.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from statements.models import Action, Edition
from statements.notifications.messages import render_email, send_email
from statements.roles import EDITORS, NEWSDESK

logger = logging.getLogger(__name__)

ACTION_MESSAGES = {
    Action.SUBMITTED: "submitted",
    Action.COUNTERSIGNATURE_REQUESTED: "countersignature_requested",
    Action.SENT_BACK: "sent_back",
    Action.APPROVED: "approved",
    Action.PUT_ON_HOLD: "put_on_hold",
    Action.PUBLISHED_URGENTLY: "published_urgently",
}
"""Action → the template in templates/emails/. None holds a name, a time or content."""

_muted: ContextVar[bool] = ContextVar("muted", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """Send no mail from within this block: for a story that is only replayed."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def is_muted() -> bool:
    """Return whether mail is muted in this context."""
    return _muted.get()


def notify(action: Action, edition: Edition, *, by: User, person: User | None = None) -> None:
    """Mail the people concerned by an action, once this transaction is committed.

    If the queue cannot be written to, that is logged, and the decision stays.
    """
    if is_muted():
        return
    transaction.on_commit(
        lambda: _enqueue_mails(
            action, edition.pk, by_id=by.pk, person_id=person.pk if person else None
        ),
        robust=True,
    )


def _enqueue_mails(action: Action, edition_id: int, *, by_id: int, person_id: int | None) -> None:
    edition = Edition.objects.defer("content").get(pk=edition_id)
    user_ids = {person_id} if person_id else recipients(action, edition, by_id=by_id)
    enqueue_mails(ACTION_MESSAGES[action], edition_id, user_ids)


def enqueue_mails(message: str, edition_id: int, user_ids: Iterable[int]) -> None:
    """Add one task for each recipient to the queue."""
    for user_id in sorted(user_ids):
        mail_user.enqueue(message, edition_id, user_id)


def recipients(action: Action, edition: Edition, *, by_id: int) -> set[int]:
    """Return the ids of the people concerned by an action, without the person who did it.

    An urgent publication goes to everybody, that person included: somebody else may have used
    their account.
    """
    if action == Action.PUBLISHED_URGENTLY:
        return find_members(NEWSDESK)
    if action == Action.SUBMITTED:
        approvers = find_members(EDITORS) - edition.contributor_ids - {by_id}
        # Without another editor, somebody has to countersign.
        return approvers or find_members(NEWSDESK) - {by_id}
    user_ids = edition.contributor_ids | {edition.submitted_by_id}
    if action == Action.PUT_ON_HOLD and edition.approved_by_id:
        user_ids |= {edition.approved_by_id}
    return (user_ids & find_members(NEWSDESK)) - {by_id}


def find_members(groups: tuple[str, ...]) -> set[int]:
    users = User.objects.filter(is_active=True, groups__name__in=groups)
    return set(users.exclude(email="").values_list("pk", flat=True))


@task()
def mail_user(message: str, edition_id: int, user_id: int) -> None:
    """Mail one person, if they are still on the newsdesk when the worker runs this."""
    if user_id not in find_members(NEWSDESK):
        return
    link = settings.SITE_URL + reverse("admin:statements_edition_review", args=[edition_id])
    subject, body = render_email(message, link=link)
    address = User.objects.get(pk=user_id).email
    try:
        send_email(subject, body, address)
    except (OSError, SMTPException) as error:
        # Not the error's text: it may hold the address.
        logger.warning(
            "Mail %s on edition %d to user %d failed: %s",
            message,
            edition_id,
            user_id,
            type(error).__name__,
        )
        raise
