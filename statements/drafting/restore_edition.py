"""Restore the content of an edition, or of an earlier version of the draft, to the draft."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Appointment, Organisation, Speaker
from statements.content import reading, rendering, schema
from statements.content.blocks import as_passages
from statements.content.diff import diff_content
from statements.content.reading import read_content
from statements.drafting.translation import find_taken_language
from statements.models import (
    Attachment,
    DraftVersion,
    Edition,
    JointPublisher,
    Passage,
    StaleVersion,
    Statement,
    StoredFile,
    lock_statement,
)


@dataclass
class RestoreResult:
    """The restored draft, and messages about what differs from what was restored."""

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

    A draft that is in no edition is kept under “Left out of the draft”. Raises StaleVersion if
    the statement was saved after `seen_version`.
    """
    assert edition.erased_at is None, "An erased edition has no content to restore."
    statement = _lock(edition.statement_id, seen_version)
    result = RestoreResult(statement)
    _keep_replaced_text(result, by=by, at=at)
    files = [row.file for row in edition.files.select_related("file")]
    _restore_content(result, edition.content_data, files)
    statement.record_save(by=by, seen_version=seen_version)
    _finish(result, edition.content_data, at=at)
    return result


@transaction.atomic
def restore_version(
    version: DraftVersion, *, by: User, at: dt.datetime, seen_version: int
) -> RestoreResult:
    """Give the draft the words of an earlier version again, as one save by this user.

    What it says now is a version as well, so nothing is lost. Requested release, embargo, themes,
    contact and what was left over belong to no version, and stay. Raises StaleVersion if the
    statement was saved after `seen_version`.
    """
    assert version.text, "An erased version has no content to restore."
    statement = _lock(version.statement_id, seen_version)
    result = RestoreResult(statement)
    content = read_content(version.text)
    digests = [file["digest"] for file in content.get("files", [])]
    stored = StoredFile.objects.filter(digest__in=digests, erased_at=None).order_by("pk")
    _restore_content(result, content, stored)
    statement.record_save(by=by, seen_version=seen_version, restored_from=version.version)
    _finish(result, content, at=at)
    return result


def _lock(pk: int, seen_version: int) -> Statement:
    statement = lock_statement(pk)
    if statement.version != seen_version:
        raise StaleVersion(
            _(
                "Somebody saved this statement after you opened this page. Nothing was replaced: "
                "look at what it says now, then decide."
            )
        )
    return statement


def _restore_content(
    result: RestoreResult, content: dict[str, Any], files: Iterable[StoredFile]
) -> None:
    _restore_head(result, content)
    pictures = _restore_files(result, content, {file.digest: file for file in files})
    _restore_blocks(result, content["blocks"], pictures)


def _finish(result: RestoreResult, content: dict[str, Any], *, at: dt.datetime) -> None:
    Statement.objects.filter(pk=result.statement.pk).update(changed_at=at)
    _report_differences(result, content)


def _keep_replaced_text(result: RestoreResult, *, by: User, at: dt.datetime) -> None:
    statement = result.statement
    if is_draft_in_edition(statement):
        return
    name, replaced_at = by.get_full_name() or by.get_username(), timezone.localtime(at)
    head = f"Replaced on {replaced_at:%-d %B %Y at %H:%M}, when {name} restored an earlier edition:"
    text = f"{head}\n\n{rendering.render_plain_text(statement.content())}"
    statement.leftover_text = "\n\n".join(filter(None, [text, statement.leftover_text]))
    result.messages.append(_("The replaced draft is kept under “Left out of the draft”."))


def _restore_head(result: RestoreResult, content: dict[str, Any]) -> None:
    statement = result.statement
    language = statement.language
    for column, value in schema.restore(schema.FIELDS, content).items():
        setattr(statement, column, value)
    if taken := find_taken_language(statement, statement.language, statement.translation_of):
        statement.language = language
        result.messages.append(taken)
    publishers = [_find_publisher(result, frozen) for frozen in content["organisations"]]
    statement.organisation = next(iter(publishers), None)
    statement.save()
    statement.joint_publishers.all().delete()
    JointPublisher.objects.bulk_create(
        JointPublisher(statement=statement, organisation=organisation, position=position)
        for position, organisation in enumerate(publishers[1:])
        if organisation and organisation != statement.organisation
    )


def _find_publisher(result: RestoreResult, frozen: dict[str, Any]) -> Organisation | None:
    organisation = Organisation.objects.filter(slug=frozen["slug"]).first()
    if organisation is None:
        result.messages.append(
            _("%(name)s is no longer among the organisations: choose the publisher.")
            % {"name": frozen["name"]}
        )
    return organisation


def _restore_blocks(
    result: RestoreResult, blocks: list[dict[str, Any]], pictures: dict[str, Attachment]
) -> None:
    result.statement.passages.all().delete()
    last_speaker_id = None
    for position, block in enumerate(blocks):
        if block["type"] == schema.PICTURE:
            _restore_picture(result, block, position, pictures.get(block["digest"]))
            continue
        [frozen] = as_passages([block])
        passage, line = _build_passage(result, frozen)
        passage.position = position
        passage.block_id = frozen["id"] or passage.block_id
        new_voice = passage.speaker_id != last_speaker_id
        if line != passage.content(new_voice=new_voice).get("attribution", ""):
            passage.attribution = line
        passage.save()
        last_speaker_id = passage.speaker_id or last_speaker_id


def _build_passage(result: RestoreResult, frozen: dict[str, Any]) -> tuple[Passage, str]:
    """Return the passage without its attribution, and the attribution that it had."""
    columns = schema.restore(schema.PASSAGE_FIELDS, frozen)
    line = columns.pop("attribution")
    passage = Passage(statement=result.statement, **columns)
    if frozen["speaker"]:
        _restore_speaker(result, passage, frozen["speaker"])
    return passage, line


def build_restored_passage(statement: Statement, frozen: dict[str, Any]) -> Passage:
    """Return a passage that reads as this frozen one, for the form: nothing is saved."""
    passage, line = _build_passage(RestoreResult(statement), frozen)
    if frozen["speaker"] and frozen["speaker"]["role"]:
        passage.appointment = passage.resolve_appointment()  # the form shows the role it names
    if line and line != passage.content(new_voice=True).get("attribution", ""):
        passage.attribution = line
    return passage


def _restore_picture(
    result: RestoreResult, block: dict[str, Any], position: int, picture: Attachment | None
) -> None:
    """Give the picture its place again, unless its file is gone or it stands elsewhere."""
    places = result.statement.passages
    if picture is not None and not places.filter(picture=picture).exists():
        places.create(position=position, block_id=block["id"], picture=picture)


def _restore_speaker(result: RestoreResult, passage: Passage, frozen: dict[str, Any]) -> None:
    """Set the speaker by slug, and the appointment if there is still one for the role."""
    passage.speaker = Speaker.objects.filter(slug=frozen["slug"]).first()
    if passage.speaker is None:
        result.messages.append(
            _(
                "%(name)s is no longer among the speakers: the words are narration until you "
                "choose who says them."
            )
            % {"name": frozen["name"]}
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
            _("%(name)s is no longer recorded as %(role)s: check the role.")
            % {"name": frozen["name"], "role": frozen["role"]}
        )
    elif passage.resolve_appointment() != appointment:
        passage.appointment = appointment


def _restore_files(
    result: RestoreResult, content: dict[str, Any], stored: dict[str, StoredFile]
) -> dict[str, Attachment]:
    """Attach the files again; return them by their digests."""
    entries = content.get("files", [])
    digests = {entry["digest"] for entry in entries}
    for attachment in result.statement.attachments.select_related("file"):
        if attachment.file.digest not in digests:
            result.messages.append(
                _("The file “%(attachment)s” was taken out: attach it again if needed.")
                % {"attachment": attachment}
            )
    result.statement.attachments.all().delete()
    restored: dict[str, Attachment] = {}
    for position, entry in enumerate(entries):
        columns = schema.restore(schema.FILE_FIELDS, entry)
        if entry["digest"] not in stored:
            result.messages.append(
                _("The file “%(name)s” is gone for good.") % {"name": entry["name"]}
            )
            continue
        attachment = Attachment.objects.create(
            statement=result.statement,
            position=position,
            file=stored[entry["digest"]],
            **columns,
        )
        restored.setdefault(entry["digest"], attachment)
    return restored


def _report_differences(result: RestoreResult, content: dict[str, Any]) -> None:
    """Add a message if names or terms have changed since: the draft has the present ones."""
    current = Statement.objects.get(pk=result.statement.pk).content()
    if labels := dict.fromkeys(change.label for change in diff_content(content, current)):
        result.messages.append(
            _("Not everything is as it was then: %(lower)s changed since.")
            % {"lower": ", ".join(labels).lower()}
        )
