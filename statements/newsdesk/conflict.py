"""Two people at one statement: who was quicker, what is saved now, and how to go on."""

import hashlib
from dataclasses import dataclass

from django.utils import timezone

from statements import wording
from statements.models import Statement


@dataclass(frozen=True)
class Conflict:
    """What somebody is told whose form is out of date; `token` lets them save over it."""

    sentence: str
    saved: str
    token: str


def beside_digest(statement: Statement, *, with_shelf: bool) -> str:
    """Stands for everything on the form that is no part of the words, and so has no version."""
    values: list = [
        statement.slug,
        statement.unplaced,
        statement.amendment,
        statement.public_note,
        statement.wanted_at,
    ]
    if with_shelf and statement.pk:
        values += [
            statement.contact_id,
            statement.translation_of_id,
            sorted(statement.themed.values_list("tag_id", flat=True)),
            list(statement.relations.values_list("to_id", "position", "blocked")),
        ]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def conflict_with_saved(statement: Statement, *, seen_version: int, by, token: str) -> Conflict:
    """The statement is as it is saved now, not as the form would make it."""
    return Conflict(
        sentence=(
            f"{_who_and_when(statement, seen_version, by)}, after you opened this form. Nothing "
            "was saved just now: what you typed is still here. Below stands what is saved."
        ),
        saved=wording.plain_text(statement.content()),
        token=token,
    )


def _who_and_when(statement: Statement, seen_version: int, by) -> str:
    writers = statement.contributions.filter(version__gt=seen_version).select_related("user")
    names = [_name(one.user, by) for one in writers.order_by("version")]
    if names:
        return f"{' and '.join(names)} saved this statement {_when(statement.changed_at)}"
    event = statement.events.order_by("-number").first()
    if event and statement.version > seen_version:
        return f"{event.by_name} {event.get_action_display()} this statement {_when(event.at)}"
    return "Somebody changed what stands beside the words, such as the themes or the address"


def _name(user, by) -> str:
    if user == by:
        return "You yourself, in another window,"
    return user.get_full_name() or user.get_username()


def _when(at) -> str:
    return f"on {timezone.localtime(at):%-d %B %Y at %H:%M}"
