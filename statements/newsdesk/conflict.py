"""Two people at one statement: who was quicker, what is saved now, and how to go on."""

import hashlib
from dataclasses import dataclass

from django.utils import timezone

from statements.content.schema import canonical, digest_of
from statements.models import Action, Event, Statement
from statements.newsdesk import timeline


@dataclass(frozen=True)
class Conflict:
    """What somebody is told whose form is out of date; `token` lets them save over it."""

    sentence: str
    token: str


def content_digest(statement: Statement) -> str:
    """Stands for the words as they are saved; "" before they are saved at all."""
    if not statement.pk:
        return ""
    saved = getattr(statement, "words_before", None) or canonical(statement.content())
    return digest_of(saved)


def last_event_number(statement: Statement) -> int:
    if not statement.pk:
        return 0
    return statement.events.order_by("-number").values_list("number", flat=True).first() or 0


def metadata_digest(statement: Statement, *, with_metadata: bool, **instead) -> str:
    """Stands for everything on the form that is no part of the words, and so has no version.

    `instead` are values to take in place of those that are saved.
    """
    values: list = [
        instead.get(name, getattr(statement, name))
        for name in ("slug", "leftover_text", "amendment", "public_note", "requested_release_at")
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
    """What happened to the statement after this event, the oldest first."""
    events = statement.events.filter(number__gt=number).select_related("edition", "by")
    return list(events.defer("edition__content").order_by("number"))


def was_submitted(events: list[Event]) -> bool:
    """Submitting sets the address, and takes the kind of change and the note with it."""
    return any(event.action == Action.SUBMITTED for event in events)


def describe_events(events: list[Event]) -> list[str]:
    return [
        f"While you were writing, {_format_time(event.at)}: {timeline.describe_event(event)}"
        for event in events
    ]


def build_conflict(statement: Statement, *, seen_version: int, by, token: str) -> Conflict:
    """The statement is as it is saved now, not as the form would make it."""
    return Conflict(
        sentence=(
            f"{_describe_last_save(statement, seen_version, by)}, after you opened this form. Nothing "
            "was saved just now: what you typed is still here."
        ),
        token=token,
    )


def _describe_last_save(statement: Statement, seen_version: int, by) -> str:
    writers = statement.contributions.filter(version__gt=seen_version).select_related("user")
    names = [_format_name(one.user, by) for one in writers.order_by("version")]
    if names:
        return f"{' and '.join(names)} saved this statement {_format_time(statement.changed_at)}"
    event = statement.events.order_by("-number").first()
    if event and statement.version > seen_version:
        return (
            f"{event.by_name} {event.get_action_display()} this statement {_format_time(event.at)}"
        )
    return "Somebody changed what stands beside the words, such as the themes or the address"


def _format_name(user, by) -> str:
    if user == by:
        return "You yourself, in another window,"
    return user.get_full_name() or user.get_username()


def _format_time(at) -> str:
    return f"on {timezone.localtime(at):%-d %B %Y at %H:%M}"
