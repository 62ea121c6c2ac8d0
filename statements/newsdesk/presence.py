"""Who else has a statement open: its form reports every few seconds while it is open."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone

from statements.models import Presence, Statement
from statements.newsdesk.user_names import get_display_name

MAX_SILENCE = dt.timedelta(seconds=90)
"""Browsers let a tab in the background run only once a minute."""


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


def describe_others(statement: Statement, *, by: User, at: dt.datetime) -> list[str]:
    """Return a sentence for each other person who has the statement open."""
    present = statement.present.filter(seen_at__gte=at - MAX_SILENCE).exclude(user=by)
    return [
        _describe_presence(presence)
        for presence in present.select_related("user").order_by("opened_at", "pk")
    ]


def _describe_presence(presence: Presence) -> str:
    name = get_display_name(presence.user)
    typed = f" and typed last at {_format_time(presence.typed_at)}" if presence.typed_at else ""
    return f"{name} has had this open since {_format_time(presence.opened_at)}{typed}."


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
