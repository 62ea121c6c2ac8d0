"""Mail to the newsdesk, sent by the worker: a link, never a headline or words.

Each recipient is a task of their own: a mail that fails takes no other with it, and nobody reads
another's address. Nothing waits for it, and nothing public depends on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django_tasks import task

from statements.models import Action, Edition
from statements.roles import EDITORS, NEWSDESK

MESSAGES: dict[str, tuple[str, str]] = {
    Action.SUBMITTED: (
        "something waits for your review",
        "A statement was submitted for review.",
    ),
    Action.COUNTERSIGNATURE_REQUESTED: (
        "you are asked to countersign",
        "You are asked to read a statement and to countersign it.",
    ),
    Action.SENT_BACK: (
        "something was sent back to you",
        "An editor has sent a statement of yours back, with a note.",
    ),
    Action.APPROVED: (
        "something of yours was approved",
        "A statement that you had a hand in was approved. When it goes out stands on its page.",
    ),
    Action.PUT_ON_HOLD: (
        "something was held",
        "A statement was held: it does not go out until somebody names a new time.",
    ),
    Action.PUBLISHED_URGENTLY: (
        "an urgent release is owed a second look",
        "Somebody released a statement without a second person. Read it and take the second look.",
    ),
    "answered": ("an answer has come", "Somebody outside who was asked to agree has answered."),
    "remarked": ("a new remark", "Somebody remarked on a statement that you have a hand in."),
}
"""What happened → subject and sentence. Mail leaves the house: no name, no time, no words."""

_muted: ContextVar[bool] = ContextVar("nobody is told", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """What is done within is on the record, and mailed to nobody: a story that is only replayed."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def is_muted() -> bool:
    return _muted.get()


def notify(action: Action, edition: Edition, *, by: User, person=None) -> None:
    """Once this transaction is committed, let the worker mail those whom this concerns.

    A queue that cannot be written to is logged, and undoes nothing that was decided.
    """
    if is_muted():
        return
    transaction.on_commit(
        lambda: _enqueue_mails(action, edition.pk, by_id=by.pk, person_id=person and person.pk),
        robust=True,
    )


def _enqueue_mails(action: Action, edition_id: int, *, by_id: int, person_id: int | None) -> None:
    edition = Edition.objects.defer("content").get(pk=edition_id)
    people = {person_id} if person_id else recipients(action, edition, by_id=by_id)
    for pk in sorted(people):
        mail_user.enqueue(action.value, edition_id, pk)


def recipients(action: Action, edition: Edition, *, by_id: int) -> set[int]:
    """Whose business this is. Nobody hears of their own act, but for an urgent release.

    Of that everybody hears, whoever did it included: it may have been done in their name.
    """
    if action == Action.PUBLISHED_URGENTLY:
        return _find_members(NEWSDESK)
    if action == Action.SUBMITTED:
        others = _find_members(EDITORS) - edition.contributor_ids - {by_id}
        # Where no other editor is left, somebody has to countersign.
        return others or _find_members(NEWSDESK) - {by_id}
    people = edition.contributor_ids | {edition.submitted_by_id}
    if action == Action.PUT_ON_HOLD and edition.approved_by_id:
        people |= {edition.approved_by_id}
    return (people & _find_members(NEWSDESK)) - {by_id}


def _find_members(groups: tuple[str, ...]) -> set[int]:
    """Who is in one of these groups now, may sign in and can be written to."""
    users = get_user_model().objects.filter(is_active=True, groups__name__in=groups)
    return set(users.exclude(email="").values_list("pk", flat=True))


@task()
def mail_user(action: str, edition_id: int, user_id: int) -> None:
    """Tell one person, if they are still on the newsdesk when the worker comes to it."""
    if user_id not in _find_members(NEWSDESK):
        return
    subject, sentence = MESSAGES[action]
    link = settings.SITE_URL + reverse("admin:statements_edition_review", args=[edition_id])
    send_mail(
        f"{settings.SITE_NAME}: {subject}",
        f"{sentence}\n\n{link}\n",
        settings.DEFAULT_FROM_EMAIL,
        [get_user_model().objects.get(pk=user_id).email],
    )
