"""Restore the content of an edition to the draft."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from organisations.models import Appointment, Organisation, Speaker
from statements.content import reading, rendering, schema
from statements.content.diff import diff_content
from statements.models import (
    Attachment,
    Edition,
    Passage,
    StaleVersion,
    Statement,
    lock_statement,
)


@dataclass
class RestoreResult:
    """The restored draft, and messages about what differs from the edition."""

    statement: Statement
    messages: list[str] = field(default_factory=list)


def is_draft_in_edition(statement: Statement) -> bool:
    """Say whether an edition has the content of the draft, so that nothing is lost."""
    draft = statement.content()
    editions = statement.editions.filter(erased_at=None)
    return any(reading.same_words(draft, edition.content_data) for edition in editions)


@transaction.atomic
def restore_to_draft(
    edition: Edition, *, by: User, at: dt.datetime, seen_version: int
) -> RestoreResult:
    """Restore the edition's content to the draft, as one save by this user.

    A draft that is in no edition is kept under “Left over”. Raises StaleVersion if the statement
    was saved after `seen_version`.
    """
    assert edition.erased_at is None, "An erased edition has no content to restore."
    statement = lock_statement(edition.statement_id)
    if statement.version != seen_version:
        raise StaleVersion(
            "Somebody saved this statement after you opened this page. Nothing was replaced: look "
            "at what it says now, then decide."
        )
    result = RestoreResult(statement)
    _keep_replaced_text(result, by=by, at=at)
    content = edition.content_data
    _restore_head(result, content)
    _restore_passages(result, schema.list_passages(content))
    _restore_files(result, edition)
    statement.record_save(by=by, seen_version=seen_version)
    Statement.objects.filter(pk=statement.pk).update(changed_at=at)
    _report_differences(result, content)
    return result


def _keep_replaced_text(result: RestoreResult, *, by: User, at: dt.datetime) -> None:
    statement = result.statement
    if is_draft_in_edition(statement):
        return
    name, replaced_at = by.get_full_name() or by.get_username(), timezone.localtime(at)
    head = f"Replaced on {replaced_at:%-d %B %Y at %H:%M}, when {name} restored an earlier edition:"
    text = f"{head}\n\n{rendering.render_plain_text(statement.content())}"
    statement.leftover_text = "\n\n".join(filter(None, [text, statement.leftover_text]))
    result.messages.append("The replaced draft is kept under “Left over”.")


def _restore_head(result: RestoreResult, content: dict[str, Any]) -> None:
    statement = result.statement
    for column, value in schema.restore(schema.FIELDS, content).items():
        setattr(statement, column, value)
    if publisher := schema.find_publisher(content):
        organisation = Organisation.objects.filter(slug=publisher["slug"]).first()
        if organisation is None:
            result.messages.append(
                f"{publisher['name']} is no longer among the organisations: choose the publisher."
            )
        statement.organisation = organisation
    statement.save()


def _restore_passages(result: RestoreResult, passages: list[dict[str, Any]]) -> None:
    result.statement.passages.all().delete()
    last_speaker_id = None
    for position, frozen in enumerate(passages):
        columns = schema.restore(schema.PASSAGE_FIELDS, frozen)
        line = columns.pop("attribution")
        passage = Passage(statement=result.statement, position=position, **columns)
        passage.block_id = frozen["id"] or passage.block_id
        if frozen["speaker"]:
            _restore_speaker(result, passage, frozen["speaker"])
        new_voice = passage.speaker_id != last_speaker_id
        if line != passage.content(new_voice=new_voice).get("attribution", ""):
            passage.attribution = line
        passage.save()
        last_speaker_id = passage.speaker_id or last_speaker_id


def _restore_speaker(result: RestoreResult, passage: Passage, frozen: dict[str, Any]) -> None:
    """Set the speaker by slug, and the appointment if there is still one for the role."""
    passage.speaker = Speaker.objects.filter(slug=frozen["slug"]).first()
    if passage.speaker is None:
        result.messages.append(
            f"{frozen['name']} is no longer among the speakers: the words are narration until "
            "you choose who says them."
        )
        return
    if not frozen["role"]:
        return
    organisation = frozen["organisation"] or {}
    appointment = Appointment.objects.filter(
        speaker=passage.speaker,
        role=frozen["role"],
        organisation__slug=organisation.get("slug", ""),
    ).first()
    if appointment is None:
        result.messages.append(
            f"{frozen['name']} is no longer recorded as {frozen['role']}: check the role."
        )
    elif passage.resolve_appointment() != appointment:
        passage.appointment = appointment


def _restore_files(result: RestoreResult, edition: Edition) -> None:
    stored = {row.file.digest: row.file for row in edition.files.select_related("file")}
    digests = {entry["digest"] for entry in edition.content_data.get("files", [])}
    for attachment in result.statement.attachments.select_related("file"):
        if attachment.file.digest not in digests:
            result.messages.append(
                f"The file “{attachment}” was taken out: attach it again if needed."
            )
    result.statement.attachments.all().delete()
    for position, entry in enumerate(edition.content_data.get("files", [])):
        Attachment.objects.create(
            statement=result.statement,
            position=position,
            file=stored[entry["digest"]],
            **schema.restore(schema.FILE_FIELDS, entry),
        )


def _report_differences(result: RestoreResult, content: dict[str, Any]) -> None:
    """Add a message if names or terms have changed since: the draft has the present ones."""
    current = Statement.objects.get(pk=result.statement.pk).content()
    if labels := dict.fromkeys(change.label for change in diff_content(content, current)):
        result.messages.append(
            f"Not everything is as it was then: {', '.join(labels).lower()} changed since."
        )
