"""Say what is wrong with a request for sign-off, a reply or a remark."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.content.characters import normalise_text
from statements.models.preview_link import MAX_PHONE_CHARS
from statements.readiness import Problem
from statements.signoff.subjects import Subject
from statements.workflow import Refused

MAX_LINK_DAYS = 90
MAX_NAME_CHARS = 200
MAX_TEXT_CHARS = 10_000
MIN_PHONE_DIGITS = 3


def raise_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def normalise_line(text: str) -> str:
    return " ".join(normalise_text(text).split())


def trim_text(text: str) -> str:
    return normalise_text(text).strip()


def _too_long(most: int) -> str:
    return _("That is longer than %(most)s characters.") % {"most": f"{most:,}"}


def check_name(name: str, on_behalf_of: str) -> list[Problem]:
    problems = []
    if not name:
        problems.append(Problem("name", _("Enter the name of the person to ask.")))
    for field, value in (("name", name), ("on_behalf_of", on_behalf_of)):
        if len(value) > MAX_NAME_CHARS:
            problems.append(Problem(field, _too_long(MAX_NAME_CHARS)))
    return problems


def check_email(email: str) -> list[Problem]:
    if not email:
        return []
    try:
        validate_email(email)
    except ValidationError:
        return [Problem("email", _("“%(typed)s” is not an email address.") % {"typed": email[:80]})]
    return []


def check_phone(phone: str) -> list[Problem]:
    if not phone:
        return []
    if len(phone) > MAX_PHONE_CHARS:
        return [Problem("phone", _too_long(MAX_PHONE_CHARS))]
    if sum(character.isdecimal() for character in phone) < MIN_PHONE_DIGITS:
        return [Problem("phone", _("“%(typed)s” is not a telephone number.") % {"typed": phone})]
    return []


def check_days(days: int) -> list[Problem]:
    if 1 <= days <= MAX_LINK_DAYS:
        return []
    return [Problem("days", _("A link works for 1 to %(most)d days.") % {"most": MAX_LINK_DAYS})]


def check_reply_by(
    reply_by: dt.datetime | None, at: dt.datetime, expires_at: dt.datetime
) -> list[Problem]:
    if reply_by is None:
        return []
    if reply_by <= at:
        return [Problem("reply_by", _("That time has passed."), _("Choose a later one."))]
    if reply_by > expires_at:
        return [
            Problem("reply_by", _("The link ends before that."), _("Let the link work for longer."))
        ]
    return []


def check_newest(subject: Subject) -> list[Problem]:
    """Check that a draft is the one that was saved last: nobody reads an older one instead."""
    version = subject.draft_version
    newest = subject.statement.version
    if version is None or version.version == newest:
        return []
    return [
        Problem(
            "",
            _("Someone has saved this draft since: it is version %(number)d now.")
            % {"number": newest},
            _("Look again, then ask."),
        )
    ]


def check_duplicate_link(
    subject: Subject, name: str, on_behalf_of: str, at: dt.datetime
) -> list[Problem]:
    active = subject.links.filter(revoked_at=None, expires_at__gt=at)
    if not active.filter(name__iexact=name, on_behalf_of__iexact=on_behalf_of).exists():
        return []
    return [
        Problem(
            "name",
            _("%(name)s already has a link to these words that works.") % {"name": name},
            _("Send it again: that makes a new link and ends the old one."),
        )
    ]


def check_reason(text: str, *, agrees: bool) -> list[Problem]:
    """Check the text of a reply: a person who does not agree must give a reason."""
    if not agrees and not text:
        return [Problem("text", _("Say what needs to change."))]
    return check_length(text)


def check_length(text: str) -> list[Problem]:
    if len(text) <= MAX_TEXT_CHARS:
        return []
    return [Problem("text", _too_long(MAX_TEXT_CHARS), _("Shorten it."))]


def check_reply_time(subject: Subject, given_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if given_at > at:
        return [Problem("given_at", _("That time is in the future."), _("Say when they answered."))]
    written_at = subject.written_at
    if given_at >= written_at.replace(second=0, microsecond=0):
        return []
    sentence = (
        _("These words were saved on %(when)s, later than that.")
        if subject.draft_version
        else _("These words were submitted on %(when)s, later than that.")
    )
    when = f"{timezone.localtime(written_at):%-d %B %Y at %H:%M}"
    return [Problem("given_at", sentence % {"when": when}, _("Nobody can have answered before."))]
