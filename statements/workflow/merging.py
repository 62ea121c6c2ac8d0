"""Merge two speakers, or two themes, that are the same. Frozen content does not change.

This cannot be undone: afterwards nothing says which row came from which of the two.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from organisations.models import Appointment, FormerSpeakerSlug, Speaker
from statements.audit.events import write_event
from statements.models import (
    Action,
    EditionAttribution,
    FormerThemeSlug,
    Passage,
    ProposedName,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.readiness import Problem
from statements.roles import MANAGERS, require_group
from statements.workflow.transitions import raise_if

Row = TypeVar("Row", Speaker, Theme)


@transaction.atomic
def merge_speakers(
    source: Speaker,
    target: Speaker,
    *,
    by: User,
    at: dt.datetime,
    biography_of: Speaker | None = None,
) -> None:
    """Merge one speaker into another, who takes over everything of the first.

    In order: lock both; move passages (each draft counts a version, so that an open form must look
    again), appointments, attributions and slugs, which redirect for ever; write the event; delete
    the speaker. `biography_of` is the speaker whose biography stays.
    """
    require_group(by, MANAGERS, _("merge two speakers"))
    assert source.pk != target.pk, "A speaker cannot be merged with itself."
    source, target = _lock_rows(Speaker, source, target)
    _move_proposals("speaker", source, target)
    _move_passages(source, target)
    if biography_of is not None and biography_of.pk == source.pk:
        target.biography = source.biography
        target.save(update_fields=["biography"])
    appointment_ids = _move_appointments(source, target)
    shared = EditionAttribution.objects.filter(speaker=target).values("edition")
    EditionAttribution.objects.filter(speaker=source, edition__in=shared).delete()
    EditionAttribution.objects.filter(speaker=source).update(speaker=target)
    FormerSpeakerSlug.objects.filter(speaker=source).update(speaker=target)
    FormerSpeakerSlug.objects.create(slug=source.slug, speaker=target, merged=source.pk)
    _write_merge_event("speaker", source, target, by=by, at=at, appointment_ids=appointment_ids)
    source.delete()


@transaction.atomic
def merge_themes(source: Theme, target: Theme, *, by: User, at: dt.datetime) -> None:
    """Merge one theme into another, which takes over its statements and slugs."""
    require_group(by, MANAGERS, _("merge two themes"))
    assert source.pk != target.pk, "A theme cannot be merged with itself."
    source, target = _lock_rows(Theme, source, target)
    _move_proposals("theme", source, target)
    shared = ThemedStatement.objects.filter(tag=target).values("content_object")
    ThemedStatement.objects.filter(tag=source, content_object__in=shared).delete()
    ThemedStatement.objects.filter(tag=source).update(tag=target)
    FormerThemeSlug.objects.filter(theme=source).update(theme=target)
    FormerThemeSlug.objects.create(slug=source.slug, theme=target, merged=source.pk)
    _write_merge_event("theme", source, target, by=by, at=at)
    source.delete()


def _lock_rows(model: type[Row], source: Row, target: Row) -> tuple[Row, Row]:
    """Lock both rows in the order of their numbers, so that two merges cannot deadlock."""
    locked = model.objects.select_for_update().order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=[source.pk, target.pk])}
    raise_if(_missing_row_problem(row) for row in (source, target) if row.pk not in rows)
    return rows[source.pk], rows[target.pk]


def _missing_row_problem(row: Speaker | Theme) -> Problem:
    return Problem(
        "into",
        _("%(row)s is gone: somebody merged or deleted it in the meantime. Nothing was merged.")
        % {"row": row},
        _("Look at the list as it is now, and choose again."),
    )


def _move_proposals(kind: str, source: models.Model, target: models.Model) -> None:
    """Keep the target proposed only if both are, and then in all the drafts that propose either.

    What is confirmed stays so: statements may be public that name it.
    """
    proposals = ProposedName.objects.filter(**{kind: source})
    target_proposals = ProposedName.objects.filter(**{kind: target})
    if not proposals.exists():
        target_proposals.delete()
    elif target_proposals.exists():
        for proposal in proposals.exclude(statement__in=target_proposals.values("statement")):
            columns: dict[str, Any] = {kind: target}
            ProposedName.objects.create(
                statement=proposal.statement, by=proposal.by, at=proposal.at, **columns
            )


def _move_passages(source: Speaker, target: Speaker) -> None:
    passages = Passage.objects.filter(speaker=source)
    drafts = Statement.objects.filter(pk__in=passages.values("statement"))
    drafts.update(version=F("version") + 1)
    passages.update(speaker=target)


def _move_appointments(source: Speaker, target: Speaker) -> list[tuple[int, int]]:
    """Move appointments; one that both speakers have becomes a single one.

    Return the ids of those that became one: the one that goes, then the one that stays.
    """
    merged: list[tuple[int, int]] = []
    existing = {
        _appointment_key(appointment): appointment for appointment in target.appointments.all()
    }
    for appointment in source.appointments.all():
        if target_appointment := existing.get(_appointment_key(appointment)):
            _move_proposals("appointment", appointment, target_appointment)
            Passage.objects.filter(appointment=appointment).update(appointment=target_appointment)
            EditionAttribution.objects.filter(appointment=appointment).update(
                appointment=target_appointment
            )
            merged.append((appointment.pk, target_appointment.pk))
            appointment.delete()
        else:
            appointment.speaker = target
            appointment.save(update_fields=["speaker"])
    return merged


def _appointment_key(appointment: Appointment) -> tuple[object, ...]:
    return (
        appointment.organisation_id,
        appointment.role,
        appointment.starts_on,
        appointment.ends_on,
    )


def _write_merge_event(
    kind: str,
    source: Speaker | Theme,
    target: Speaker | Theme,
    *,
    by: User,
    at: dt.datetime,
    appointment_ids: Sequence[tuple[int, int]] = (),
) -> None:
    """Write the event. Verification follows its ids: older events name what has since merged."""
    ids = {"from_id": source.pk, "to_id": target.pk, "appointment_ids": list(appointment_ids)}
    write_event(
        None,
        Action.MERGED,
        by=by,
        at=at,
        note=f"The {kind} {source.name} was merged into {target.name}.",
        detail={"what": kind, "from": source.slug, "to": target.slug} | ids,
    )
