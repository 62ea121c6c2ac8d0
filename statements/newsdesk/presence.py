"""Who else has a statement open: its form reports every few seconds while it is open."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Presence, Statement
from statements.newsdesk.user_names import get_display_name, get_initials

MAX_SILENCE = dt.timedelta(seconds=90)
"""Browsers let a tab in the background run only once a minute."""
MAX_PAUSE = dt.timedelta(minutes=2)
"""After this long without a key, somebody is reading."""


@dataclass(frozen=True)
class OtherPerson:
    """Somebody else who has a statement open, and what they do there."""

    name: str
    initials: str
    is_writing: bool
    facts: str

    def __str__(self) -> str:
        sentence = _("%(name)s is writing") if self.is_writing else _("%(name)s is reading")
        return sentence % {"name": self.name}

    def to_json(self) -> dict[str, str]:
        return {"sentence": str(self), "initials": self.initials, "facts": self.facts}


def touch(statement: Statement, *, by: User, at: dt.datetime, typed: bool) -> None:
    """Note that this person has the form open, and whether they typed, in one UPDATE."""
    values = {"seen_at": at, "typed_at": at} if typed else {"seen_at": at}
    current = Presence.objects.filter(user=by, statement=statement, seen_at__gte=at - MAX_SILENCE)
    if current.update(**values):
        return
    Presence.objects.filter(seen_at__lt=at - MAX_SILENCE).delete()
    Presence.objects.update_or_create(
        user=by, statement=statement, defaults={"opened_at": at, "typed_at": None} | values
    )


def leave(statement: Statement, *, by: User) -> None:
    Presence.objects.filter(user=by, statement=statement).delete()


def list_others(statement: Statement, *, by: User, at: dt.datetime) -> list[OtherPerson]:
    """Return each other person who has the statement open, the first to open it first."""
    present = statement.present.filter(seen_at__gte=at - MAX_SILENCE).exclude(user=by)
    return [
        _describe_presence(presence, at)
        for presence in present.select_related("user").order_by("opened_at", "pk")
    ]


def _describe_presence(presence: Presence, at: dt.datetime) -> OtherPerson:
    facts = _("Here since %(time)s.") % {"time": _format_time(presence.opened_at)}
    if presence.typed_at:
        facts += " " + _("Last typed at %(time)s.") % {"time": _format_time(presence.typed_at)}
    else:
        facts += " " + _("Has changed nothing.")
    return OtherPerson(
        name=get_display_name(presence.user),
        initials=get_initials(presence.user),
        is_writing=presence.typed_at is not None and at - presence.typed_at < MAX_PAUSE,
        facts=facts,
    )


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
