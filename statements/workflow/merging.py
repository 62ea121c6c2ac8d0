"""Two entries that are one: two speakers, or two themes. What was frozen changes by not one byte.

There is no way back: nothing says afterwards which row came from which of the two.
"""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet

from organisations.models import Appointment, FormerSpeakerSlug, Speaker
from statements.audit.events import write_event
from statements.models import (
    Action,
    EditionAttribution,
    FormerThemeSlug,
    Passage,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.roles import MANAGERS, require_group


@transaction.atomic
def merge_speakers(
    source: Speaker,
    target: Speaker,
    *,
    by: User,
    at: dt.datetime,
    biography_of: Speaker | None = None,
) -> None:
    """Make one speaker of two. Everything of the one who goes becomes the other's.

    In order: lock both, move passages (whoever has one of those drafts open is asked to look
    again), terms of office, the lists of editions, and the addresses, which lead on for ever; take
    the entry away; write the event. `biography_of` is whose biography is kept.
    """
    require_group(by, MANAGERS, "merge two speakers")
    assert source.pk != target.pk, "Nobody is merged with themselves."
    source, target = _lock_rows(Speaker, source, target)
    if biography_of is not None and biography_of.pk == source.pk:
        target.biography = source.biography
        target.save(update_fields=["biography"])
    _move_passages(source, target)
    _move_appointments(source, target)
    twice = EditionAttribution.objects.filter(speaker=target).values("edition")
    EditionAttribution.objects.filter(speaker=source, edition__in=twice).delete()
    EditionAttribution.objects.filter(speaker=source).update(speaker=target)
    FormerSpeakerSlug.objects.filter(speaker=source).update(speaker=target)
    FormerSpeakerSlug.objects.create(slug=source.slug, speaker=target, merged=source.pk)
    _write_merge_event("speaker", source, target, by=by, at=at)
    source.delete()


@transaction.atomic
def merge_themes(source: Theme, target: Theme, *, by: User, at: dt.datetime) -> None:
    """Make one theme of two: what was filed under the one that goes is filed under the other."""
    require_group(by, MANAGERS, "merge two themes")
    assert source.pk != target.pk, "No theme is merged with itself."
    source, target = _lock_rows(Theme, source, target)
    twice = ThemedStatement.objects.filter(tag=target).values("content_object")
    ThemedStatement.objects.filter(tag=source, content_object__in=twice).delete()
    ThemedStatement.objects.filter(tag=source).update(tag=target)
    FormerThemeSlug.objects.filter(theme=source).update(theme=target)
    FormerThemeSlug.objects.create(slug=source.slug, theme=target, merged=source.pk)
    _write_merge_event("theme", source, target, by=by, at=at)
    source.delete()


def _lock_rows(model, source, target) -> tuple:
    """Both rows, locked in one order, so that two merges never wait for each other."""
    rows: QuerySet = model.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[source.pk, target.pk])}
    return found[source.pk], found[target.pk]


def _move_passages(source: Speaker, target: Speaker) -> None:
    spoken = Passage.objects.filter(speaker=source)
    Statement.objects.filter(pk__in=spoken.values("statement")).update(version=F("version") + 1)
    spoken.update(speaker=target)


def _move_appointments(source: Speaker, target: Speaker) -> None:
    """Terms that both have become one."""
    held = {_appointment_key(term): term for term in target.appointments.all()}
    for term in source.appointments.all():
        if same := held.get(_appointment_key(term)):
            Passage.objects.filter(appointment=term).update(appointment=same)
            EditionAttribution.objects.filter(appointment=term).update(appointment=same)
            term.delete()
        else:
            Appointment.objects.filter(pk=term.pk).update(speaker=target)


def _appointment_key(term: Appointment) -> tuple:
    return term.organisation_id, term.role, term.starts_on, term.ends_on


def _write_merge_event(what: str, source, target, *, by: User, at: dt.datetime) -> None:
    write_event(
        None,
        Action.MERGED,
        by=by,
        at=at,
        note=f"The {what} {source.name} was merged into {target.name}.",
        detail={"what": what, "from": source.slug, "to": target.slug},
    )
