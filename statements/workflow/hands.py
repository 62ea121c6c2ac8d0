"""Find what is submitted and was saved by nobody, and who had a hand in it.

Names, roles and boilerplate are records of their own, which submission freezes into the content.
They may have changed since the draft was saved. Two people answer for such a difference: the
submitter, who reads and confirms it, and the one who changed the record.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from organisations.models import Appointment
from statements.content.diff import ContentChange, diff_content
from statements.content.reading import read_content
from statements.content.schema import Content, canonical
from statements.models import Action, Contribution, DraftVersion, Event, Statement

APPOINTMENT = "organisations.appointment"


@dataclass(frozen=True)
class UnsavedChanges:
    """What differs between the last saved version of a draft and its content now."""

    differences: list[ContentChange]
    changed_by: list[User]
    token: str
    """Stands for exactly these differences; confirming sends it back."""


class UnconfirmedChanges(Exception):
    """The submitter has to confirm differences that nobody saved."""

    def __init__(self, changes: UnsavedChanges) -> None:
        self.changes = changes
        super().__init__(_("Something changed since this draft was saved. Read it, then submit."))


def find_unsaved_changes(statement: Statement, content: Content) -> UnsavedChanges | None:
    """Return what differs between complete content and the last saved version; None: nothing."""
    last = statement.draft_versions.order_by("-version").first()
    draft = {key: value for key, value in content.items() if key not in ("salt", "based_on")}
    text = canonical(draft)
    if last and last.text == text:
        return None
    return UnsavedChanges(
        differences=diff_content(
            read_content(last.text) if last and last.text else None,
            draft,
            with_edition_fields=True,
        ),
        changed_by=_find_record_authors(statement, last),
        token=salted_hmac("unsaved changes", text).hexdigest(),
    )


def record_hands(statement: Statement, changes: UnsavedChanges, *, slug: str, by: User) -> None:
    """Make the submitter and those who changed the records contributors."""
    Statement.objects.filter(pk=statement.pk).update(slug=slug)
    statement.record_save(by=by, seen_version=statement.version)
    for user in changes.changed_by:
        Contribution.objects.update_or_create(
            statement=statement, user=user, defaults={"version": statement.version}
        )


def clear_amendment(statement: Statement, *, slug: str) -> None:
    """Clear what was about the edition just submitted; nobody has a hand in this."""
    Statement.objects.filter(pk=statement.pk).update(
        version=F("version") + 1, slug=slug, amendment="", public_note=""
    )
    statement.store_version(by=None)


def _find_record_authors(statement: Statement, last: DraftVersion | None) -> list[User]:
    """Return who changed a record that the draft names, since it was saved."""
    if last is None:
        return []
    records = set(_list_records(statement))
    events = Event.objects.filter(
        action__in=[Action.RECORD_CHANGED, Action.MERGED], at__gte=last.at, by__isnull=False
    ).select_related("by")
    users = {event.by_id: event.by for event in events if _names_record(event, records)}
    return [user for _, user in sorted(users.items()) if user]


def _list_records(statement: Statement) -> Iterator[tuple[str, int]]:
    """Yield model and id of each record that the content copies something from."""
    speakers = {passage.speaker_id for passage in statement.passages.all() if passage.speaker_id}
    organisations = {organisation.pk for organisation in statement.list_publishers()}
    for appointment in Appointment.objects.filter(speaker__in=speakers):
        yield APPOINTMENT, appointment.pk
        organisations.add(appointment.organisation_id)
    yield from (("organisations.speaker", pk) for pk in speakers)
    yield from (("organisations.organisation", pk) for pk in organisations)


def _names_record(event: Event, records: set[tuple[str, int]]) -> bool:
    detail = json.loads(event.detail or "{}")
    if event.action == Action.MERGED:
        return bool(detail.get("what") == "speaker")
    if detail.get("record") == APPOINTMENT and detail.get("change") == "deleted":
        return True  # whose it was cannot be asked any more
    return (detail.get("record"), detail.get("id")) in records
