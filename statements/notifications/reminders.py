"""Mail what the clock brings: going public soon, published, and undecided near its request.

A command asks every few minutes. `SentReminder` has a row for each edition, message and time, so
a second run or a second machine sends nothing twice.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from statements.models import Absence, Action, ApprovalRule, Edition, Event, SentReminder
from statements.notifications import newsdesk
from statements.publicness import public_at, released_after, released_by, released_since
from statements.roles import NEWSDESK

ASK_AGAIN_BEFORE = dt.timedelta(hours=2)
ASK_ALL_BEFORE = dt.timedelta(hours=1)
REPORTED_FOR = dt.timedelta(days=1)
"""How long after its release an edition is still reported, for example if nothing ran at night."""


def send_reminders(*, at: dt.datetime) -> int:
    """Queue the mails that are due; return about how many editions and times."""
    return _remind_of_releases(at) + _report_published(at) + _remind_of_requests(at)


def _remind_of_releases(at: dt.datetime) -> int:
    editions = Edition.objects.approved().filter(
        released_after(at), released_by(at + newsdesk.SOON)
    )
    return sum(
        _send(edition, "going_out_soon", edition.release_at, newsdesk.find_concerned(edition))
        for edition in editions.defer("content")
    )


def _report_published(at: dt.datetime) -> int:
    editions = Edition.objects.approved().filter(public_at(at), released_since(at - REPORTED_FOR))
    return sum(
        _send(edition, "published", edition.release_at, newsdesk.find_concerned(edition))
        for edition in editions.exclude(rule=ApprovalRule.IMPORT).defer("content")
    )


def _send(
    edition: Edition, message: str, time: dt.datetime | None, user_ids: Iterable[int], key: str = ""
) -> bool:
    """Queue a mail for each person, unless this was done for this edition and time."""
    assert time is not None, "Only what has a time is reminded of."
    with transaction.atomic():
        __, is_new = SentReminder.objects.get_or_create(
            edition=edition, message=key or message, time=time
        )
        if is_new:
            members = newsdesk.find_members(NEWSDESK)
            newsdesk.enqueue_mails(message, edition.pk, members.intersection(user_ids))
    return is_new


# --- Undecided, and the requested release is near -------------------------------------------------


def _remind_of_requests(at: dt.datetime) -> int:
    """Ask again two hours before: the editor who was asked, or all; and all, one hour before.

    This reads all editions in review that have a request: a press office has few.
    """
    waiting = Edition.objects.in_review().exclude(requested_release_at=None).defer("content")
    return sum(_remind_of_request(edition, at) for edition in waiting)


def _remind_of_request(edition: Edition, at: dt.datetime) -> bool:
    requested = edition.requested_release_at
    if requested is None or not at < requested <= at + ASK_AGAIN_BEFORE:
        return False
    approvers = newsdesk.find_approvers(edition)
    asked = find_asked(edition, approvers, at=at)
    key, begins, user_ids = "undecided_for_all", requested - ASK_AGAIN_BEFORE, approvers
    if asked and at < requested - ASK_ALL_BEFORE:
        key, user_ids = "undecided", asked
    elif asked:
        begins = requested - ASK_ALL_BEFORE
    if edition.submitted_at >= begins:  # its submission has only just told them
        user_ids = user_ids - (asked or approvers)
    return _send(edition, "undecided", requested, user_ids, key=key)


def find_asked(edition: Edition, approvers: set[int], *, at: dt.datetime) -> set[int]:
    """Return the one approver that the submission asked by name; nobody while they are away."""
    submission = Event.objects.filter(edition=edition, action=Action.SUBMITTED).last()
    asked = {submission.asked_person_id} if submission else set()
    away = Absence.objects.on_day(timezone.localdate(at)).values_list("pk", flat=True)
    return {pk for pk in asked if pk in approvers} - set(away)
