"""An edition's frozen words -> the working copy again, so that writing goes on from them."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from organisations.models import Appointment, Organisation, Speaker
from statements.content import rendering, schema
from statements.content.diff import diff_content
from statements.content.schema import canonical, digest_of
from statements.models import Attachment, Edition, Passage, StaleVersion, Statement


@dataclass
class RestoreResult:
    """The working copy as it is now, and what a person should know about it."""

    statement: Statement
    messages: list[str] = field(default_factory=list)


def is_draft_in_edition(statement: Statement) -> bool:
    """Whether an edition holds what the working copy says, so that replacing it loses nothing."""
    digest = digest_of(canonical(statement.content()))
    return statement.editions.filter(digest=digest, erased_at=None).exists()


@transaction.atomic
def restore_to_draft(edition: Edition, *, by, at: dt.datetime, seen_version: int) -> RestoreResult:
    """Put the working copy back to these words: one save by this person, who answers for them now.

    Words that no edition holds are kept under “Left over”. Raises Stale if somebody saved after
    seen_version was on screen.
    """
    assert edition.erased_at is None, "Words that were erased are not there to be taken up."
    statement = Statement.objects.select_for_update(no_key=True).get(pk=edition.statement_id)
    if statement.version != seen_version:
        raise StaleVersion(
            "Somebody saved this statement after you opened this page. Nothing was replaced: look "
            "at what it says now, then decide."
        )
    taken = RestoreResult(statement)
    _keep_replaced_text(taken, by=by, at=at)
    words = edition.content_data
    _restore_head(taken, words)
    _restore_passages(taken, words["passages"])
    _restore_files(taken, edition)
    statement.record_save(by=by, seen_version=seen_version)
    Statement.objects.filter(pk=statement.pk).update(changed_at=at)
    _report_differences(taken, words)
    return taken


def _keep_replaced_text(result: RestoreResult, *, by, at: dt.datetime) -> None:
    statement = result.statement
    if is_draft_in_edition(statement):
        return
    name, when = by.get_full_name() or by.get_username(), timezone.localtime(at)
    head = f"Put aside on {when:%-d %B %Y at %H:%M}, when {name} took up other words:"
    aside = f"{head}\n\n{rendering.render_plain_text(statement.content())}"
    statement.leftover_text = "\n\n".join(filter(None, [aside, statement.leftover_text]))
    result.messages.append("The words that stood there before are kept under “Left over”.")


def _restore_head(result: RestoreResult, words: dict) -> None:
    statement = result.statement
    for column, value in schema.restore(schema.FIELDS, words).items():
        setattr(statement, column, value)
    if publisher := words["organisation"]:
        body = Organisation.objects.filter(slug=publisher["slug"]).first()
        if body is None:
            result.messages.append(
                f"{publisher['name']} is no longer on the books: choose the publisher."
            )
        statement.organisation = body
    statement.save()


def _restore_passages(result: RestoreResult, passages: list[dict]) -> None:
    result.statement.passages.all().delete()
    speaking = None
    for position, words in enumerate(passages):
        columns = schema.restore(schema.PASSAGE_FIELDS, words)
        line = columns.pop("attribution")
        passage = Passage(statement=result.statement, position=position, **columns)
        if words["speaker"]:
            _restore_speaker(result, passage, words["speaker"])
        new_voice = passage.speaker_id != speaking
        if line != passage.content(new_voice=new_voice)["attribution"]:
            passage.attribution = line
        passage.save()
        speaking = passage.speaker_id or speaking


def _restore_speaker(result: RestoreResult, passage: Passage, voice: dict) -> None:
    """The speaker by slug; the role by its name and body, where it is on the books still."""
    passage.speaker = Speaker.objects.filter(slug=voice["slug"]).first()
    if passage.speaker is None:
        result.messages.append(
            f"{voice['name']} is no longer among the speakers: the words stand as narration until "
            "you choose who says them."
        )
        return
    if not voice["role"]:
        return
    body = voice["organisation"] or {}
    held = Appointment.objects.filter(
        speaker=passage.speaker, role=voice["role"], organisation__slug=body.get("slug", "")
    ).first()
    if held is None:
        result.messages.append(
            f"{voice['name']} is no longer on the books as {voice['role']}: check the role."
        )
    elif passage.resolve_appointment() != held:
        passage.appointment = held


def _restore_files(result: RestoreResult, edition: Edition) -> None:
    """The same bytes again, with what was said of them. What no edition holds is named."""
    stored = {row.file.digest: row.file for row in edition.files.select_related("file")}
    kept = {one["digest"] for one in edition.content_data.get("files", [])}
    for attachment in result.statement.attachments.select_related("file"):
        if attachment.file.digest not in kept:
            result.messages.append(
                f"The file “{attachment}” was taken out: attach it again if needed."
            )
    result.statement.attachments.all().delete()
    for position, one in enumerate(edition.content_data.get("files", [])):
        Attachment.objects.create(
            statement=result.statement,
            position=position,
            file=stored[one["digest"]],
            **schema.restore(schema.FILE_FIELDS, one),
        )


def _report_differences(result: RestoreResult, words: dict) -> None:
    """Names and terms may have changed since: they are taken as they are on the books now."""
    now = Statement.objects.get(pk=result.statement.pk).content()
    if labels := dict.fromkeys(change.label for change in diff_content(words, now)):
        result.messages.append(
            f"Not everything is as it was then: {', '.join(labels).lower()} changed meanwhile."
        )
