"""Detect that somebody else saved a statement while its form was open, and say who and when."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Action, Event, Statement
from statements.newsdesk import timeline
from statements.newsdesk.user_names import get_display_name


@dataclass(frozen=True)
class Conflict:
    """The message for somebody whose form is out of date; `token` lets them save over it."""

    sentence: str
    token: str


def last_event_number(statement: Statement) -> int:
    if not statement.pk:
        return 0
    return statement.events.order_by("-number").values_list("number", flat=True).first() or 0


def metadata_digest(statement: Statement, *, with_metadata: bool, **overrides: Any) -> str:
    """Return a digest of everything on the form that is not content, and so has no version.

    `overrides` are values to use in place of the saved ones.
    """
    values: list[Any] = [
        overrides.get(name, getattr(statement, name))
        for name in (
            "slug",
            "leftover_text",
            "amendment",
            "public_note",
            "requested_release_at",
            "embargo_line",
            "embargo_until",
        )
    ]
    if with_metadata and statement.pk:
        values += [
            statement.contact_id,
            statement.translation_of_id,
            sorted(statement.themed.values_list("tag_id", flat=True)),
            list(statement.relations.values_list("to_id", "position", "blocked")),
        ]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def list_events_since(statement: Statement, number: int) -> list[Event]:
    """Return the events of the statement after this one, the oldest first."""
    events = statement.events.filter(number__gt=number).select_related("edition", "by")
    return list(events.defer("edition__content").order_by("number"))


def was_submitted(events: list[Event]) -> bool:
    """Return whether one of the events is a submission.

    Submitting sets the slug, and clears the kind of change and the public note.
    """
    return any(event.action == Action.SUBMITTED for event in events)


def describe_events(events: list[Event]) -> list[str]:
    return [
        _("While you were writing, %(time)s: %(event)s")
        % {"time": _format_time(event.at), "event": timeline.describe_event(event)}
        for event in events
    ]


def build_conflict(
    statement: Statement, *, seen_version: int, by: User | None, token: str
) -> Conflict:
    """Describe who saved the statement after the form was opened.

    `statement` may carry what the form would save: only its saved history counts here.
    """
    return Conflict(
        sentence=_(
            "%(change)s, after you opened this form. Nothing was saved just now: what you typed "
            "is still here."
        )
        % {"change": _describe_last_save(statement, seen_version, by)},
        token=token,
    )


def _describe_last_save(statement: Statement, seen_version: int, by: User | None) -> str:
    contributions = statement.contributions.filter(version__gt=seen_version).select_related("user")
    names = [_format_name(row.user, by) for row in contributions.order_by("version")]
    if names:
        return _("%(names)s saved this statement %(time)s") % {
            "names": _(" and ").join(names),
            "time": _format_time(statement.changed_at),
        }
    event = statement.events.order_by("-number").first()
    if event and statement.version > seen_version:
        return _("%(name)s %(action)s this statement %(time)s") % {
            "name": event.by_name,
            "action": event.get_action_display(),
            "time": _format_time(event.at),
        }
    return _("Somebody changed the metadata, such as the themes or the address")


def _format_name(user: User, by: User | None) -> str:
    return _("You yourself, in another window,") if user == by else get_display_name(user)


def _format_time(at: dt.datetime) -> str:
    return _("on %(time)s") % {"time": f"{timezone.localtime(at):%-d %B %Y at %H:%M}"}
