"""Say what is wrong with a request for sign-off, a reply or a remark, and lock its edition."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from statements.audit.state import lock_and_read
from statements.content.characters import normalise_text
from statements.models import Edition, State
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group
from statements.workflow import Refused

MAX_LINK_DAYS = 90
MAX_NAME_CHARS = 200
MAX_TEXT_CHARS = 10_000


def raise_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def lock_edition_for(edition: Edition, *, by: User, action: str) -> Edition:
    """Lock an edition for somebody on the newsdesk; raise PermissionDenied for anybody else."""
    require_group(by, NEWSDESK, action)
    return lock_edition(edition)


def lock_edition(edition: Edition) -> Edition:
    """Return the edition as it is now, with its statement locked as `workflow` locks it."""
    statement = lock_and_read(edition.statement_id)
    edition = Edition.objects.get(pk=edition.pk)
    edition.statement = statement
    return edition


def normalise_line(text: str) -> str:
    return " ".join(normalise_text(text).split())


def trim_text(text: str) -> str:
    return normalise_text(text).strip()


def find_newer_edition(edition: Edition) -> Edition | None:
    """Return the newest edition after this one that was not cancelled."""
    later = edition.statement.editions.filter(sequence__gt=edition.sequence)
    return later.exclude(state=State.CANCELLED).order_by("-sequence").first()


def closed_reasons(edition: Edition, at: dt.datetime) -> list[Problem]:
    """Say why nobody can sign off this edition any more; empty while it is open."""
    if edition.erased_at:
        return [Problem("", "These words were erased.")]
    if newer := find_newer_edition(edition):
        return [Problem("", f"There is a newer edition of these words: edition {newer.sequence}.")]
    if edition.is_released(at):
        return [Problem("", "These words have been published.")]
    if edition.state == State.SENT_BACK:
        return [Problem("", "These words went back to their writers, to be changed.")]
    if edition.state == State.CANCELLED:
        return [Problem("", "These words were dropped.")]
    return []


def check_name(name: str, on_behalf_of: str) -> list[Problem]:
    problems = []
    if not name:
        problems.append(Problem("name", "Nobody is named.", "Write who is to agree."))
    for field, value in (("name", name), ("on_behalf_of", on_behalf_of)):
        if len(value) > MAX_NAME_CHARS:
            problems.append(Problem(field, f"That is longer than {MAX_NAME_CHARS} characters."))
    return problems


def check_email(email: str) -> list[Problem]:
    if not email:
        return []
    try:
        validate_email(email)
    except ValidationError:
        return [Problem("email", f"“{email[:80]}” is no e-mail address.", "Correct or empty it.")]
    return []


def check_days(days: int) -> list[Problem]:
    if 1 <= days <= MAX_LINK_DAYS:
        return []
    return [Problem("days", f"A link works for 1 to {MAX_LINK_DAYS} days.")]


def check_duplicate_link(
    edition: Edition, name: str, on_behalf_of: str, at: dt.datetime
) -> list[Problem]:
    active = edition.previews.filter(revoked_at=None, expires_at__gt=at)
    if not active.filter(name__iexact=name, on_behalf_of__iexact=on_behalf_of).exists():
        return []
    return [
        Problem(
            "name",
            f"{name} has a link to this edition that works.",
            "Send it again: that makes a new link and ends the old one.",
        )
    ]


def check_reason(text: str, *, agrees: bool) -> list[Problem]:
    """Check the text of a reply: a person who does not agree must give a reason."""
    if not agrees and not text:
        return [Problem("text", "There is no reason yet.", "Say what should change.")]
    return check_length(text)


def check_length(text: str) -> list[Problem]:
    if len(text) <= MAX_TEXT_CHARS:
        return []
    return [Problem("text", f"That is longer than {MAX_TEXT_CHARS:,} characters.", "Shorten it.")]


def check_reply_time(edition: Edition, given_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if given_at > at:
        return [Problem("given_at", "That time is still to come.", "Say when they answered.")]
    if given_at < edition.submitted_at.replace(second=0, microsecond=0):
        submitted_at = f"{timezone.localtime(edition.submitted_at):%-d %B %Y at %H:%M}"
        return [
            Problem(
                "given_at",
                f"These words were submitted on {submitted_at}, later than that.",
                "Nobody can have agreed to them before.",
            )
        ]
    return []
