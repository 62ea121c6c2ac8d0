"""Mail the newsdesk, by the worker: organisation and action, a link, and no words.

Only what says that an edition is public names its headline. Each recipient has a separate task: a
failed mail stops no other, and nobody sees another's address. Nothing waits for these mails, and
nothing public depends on them.
"""

import datetime as dt
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

from organisations.models import Organisation
from statements import clock
from statements.models import Action, Edition, SentReminder, State
from statements.notifications.mail_kinds import is_wanted
from statements.notifications.messages import render_email, send_email
from statements.roles import EDITORS, NEWSDESK

logger = logging.getLogger(__name__)

ACTION_MESSAGES = {
    Action.SUBMITTED: "submitted",
    Action.COUNTERSIGNATURE_REQUESTED: "countersignature_requested",
    Action.SENT_BACK: "sent_back",
    Action.APPROVED: "approved",
    Action.PUBLISHED_NOW: "published",
    Action.PUT_ON_HOLD: "put_on_hold",
    Action.WITHDRAWN: "withdrawn",
    Action.PUBLISHED_URGENTLY: "published_urgently",
}
"""Action → the template in templates/emails/."""
REVIEW_MESSAGES = {
    *("submitted", "countersignature_needed", "approval_requested", "countersignature_requested"),
    *("undecided", "published_urgently", "remark_added"),
}
"""The messages whose link leads to the review; the others lead to the statement's own page."""

SOON = dt.timedelta(hours=1)

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


def notify_published(action: Action, edition: Edition, *, by: User, at: dt.datetime) -> None:
    """Mail the people concerned that somebody has just published it: no reminder says it again."""
    SentReminder.objects.get_or_create(edition=edition, message="published", time=at)
    notify(action, edition, by=by)


def _enqueue_mails(action: Action, edition_id: int, *, by_id: int, person_id: int | None) -> None:
    edition = Edition.objects.defer("content").get(pk=edition_id)
    if person_id and action == Action.COUNTERSIGNATURE_REQUESTED:
        enqueue_mails("countersignature_requested", edition_id, {person_id})
    elif person_id and can_be_mailed("approval_requested", person_id):
        enqueue_mails("approval_requested", edition_id, {person_id})
    elif action == Action.SUBMITTED and not find_approvers(edition) - {by_id}:
        enqueue_mails("countersignature_needed", edition_id, find_members(NEWSDESK) - {by_id})
    else:
        user_ids = recipients(action, edition, by_id=by_id)
        enqueue_mails(ACTION_MESSAGES[action], edition_id, user_ids)


def can_be_mailed(message: str, user_id: int) -> bool:
    """Return whether this person is on the newsdesk, has an address and wants this message."""
    if user_id not in find_members(NEWSDESK):
        return False
    return is_wanted(message, User.objects.get(pk=user_id))


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
        return find_approvers(edition) - {by_id}
    if action in (Action.SENT_BACK, Action.APPROVED):
        user_ids = edition.contributor_ids | {edition.submitted_by_id}
    else:
        user_ids = find_concerned(edition)
    if action == Action.WITHDRAWN:
        user_ids |= find_members(EDITORS)
    return (user_ids & find_members(NEWSDESK)) - {by_id}


def find_approvers(edition: Edition) -> set[int]:
    """Return who can approve it and had no hand in it."""
    return find_members(EDITORS) - edition.contributor_ids


def find_concerned(edition: Edition) -> set[int]:
    """Return who wrote, submitted or approved it."""
    approver = {edition.approved_by_id} if edition.approved_by_id else set()
    return edition.contributor_ids | {edition.submitted_by_id} | approver


def find_members(groups: tuple[str, ...]) -> set[int]:
    users = User.objects.filter(is_active=True, groups__name__in=groups)
    return set(users.exclude(email="").values_list("pk", flat=True))


@task()
def mail_user(message: str, edition_id: int, user_id: int) -> None:
    """Mail one person, if they are still on the newsdesk when the worker runs this."""
    if not can_be_mailed(message, user_id):
        return
    edition = Edition.objects.select_related("organisation").defer("content").get(pk=edition_id)
    if not is_current(message, edition, at=clock.now()):
        return
    subject, body = render_email(message, **_describe(message, edition))
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


def is_current(message: str, edition: Edition, *, at: dt.datetime) -> bool:
    """Return whether a message still holds: much may have happened while it waited."""
    if message == "undecided":
        return edition.state == State.IN_REVIEW
    if message == "going_out_soon":
        return edition.is_scheduled(at) and edition.is_released(at + SOON)
    return message != "published" or edition.is_public(at)


def _describe(message: str, edition: Edition) -> dict[str, str | int]:
    """Return what a message may say; the headline is for the one that says it is public."""
    review = reverse("admin:statements_edition_review", args=[edition.pk])
    hub = reverse("admin:statements_statement_hub", args=[edition.statement_id])
    values: dict[str, str | int] = {
        "organisation": get_sender_name(edition.organisation),
        "number": edition.sequence,
        "link": settings.SITE_URL + (review if message in REVIEW_MESSAGES else hub),
    }
    if message == "published":
        values["headline"] = edition.headline
        values["page"] = settings.SITE_URL + reverse("statements:detail", args=[edition.slug])
    return values


def get_sender_name(organisation: Organisation | None) -> str:
    """Return the name with which subjects begin."""
    if organisation is None:
        return settings.SITE_NAME
    return organisation.short_name or organisation.name
