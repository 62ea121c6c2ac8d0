"""Who else has a statement open. A form says so every few seconds; silence means it closed."""

import datetime as dt

from django.utils import timezone

from statements.models import Presence, Statement

MAX_SILENCE = dt.timedelta(seconds=90)
"""A tab in the background is let to speak once a minute."""


def touch(statement: Statement, *, by, at: dt.datetime, typed: bool) -> None:
    """This person has it open, and perhaps typed. One small write."""
    said: dict = {"seen_at": at} | ({"typed_at": at} if typed else {})
    here = Presence.objects.filter(user=by, statement=statement, seen_at__gte=at - MAX_SILENCE)
    if here.update(**said):
        return
    Presence.objects.filter(seen_at__lt=at - MAX_SILENCE).delete()
    Presence.objects.update_or_create(
        user=by, statement=statement, defaults={"opened_at": at, "typed_at": None} | said
    )


def leave(statement: Statement, *, by) -> None:
    Presence.objects.filter(user=by, statement=statement).delete()


def describe_others(statement: Statement, *, by, at: dt.datetime) -> list[str]:
    """A sentence about each other person who has it open now."""
    present = statement.present.filter(seen_at__gte=at - MAX_SILENCE).exclude(user=by)
    return [
        _describe_presence(one)
        for one in present.select_related("user").order_by("opened_at", "pk")
    ]


def _describe_presence(one: Presence) -> str:
    name = one.user.get_full_name() or one.user.get_username()
    typed = f" and typed last at {_format_time(one.typed_at)}" if one.typed_at else ""
    return f"{name} has had this open since {_format_time(one.opened_at)}{typed}."


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
