"""Two entries that are one: two speakers, or two themes. What was frozen changes by not one byte.

There is no way back: nothing says afterwards which row came from which of the two.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet

from organisations.models import Appointment, FormerSlug, Speaker
from statements.audit.events import write_event
from statements.models import (
    Action,
    EditionVoice,
    FormerThemeSlug,
    Passage,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.roles import MANAGERS, demand


@transaction.atomic
def merge_speakers(
    goes: Speaker, stays: Speaker, *, by, at: dt.datetime, biography_of: Speaker | None = None
) -> None:
    """Make one speaker of two. Everything of the one who goes becomes the other's.

    In order: lock both, move passages (whoever has one of those drafts open is asked to look
    again), terms of office, the lists of editions, and the addresses, which lead on for ever; take
    the entry away; write the event. `biography_of` is whose biography is kept.
    """
    demand(by, MANAGERS, "merge two speakers")
    assert goes.pk != stays.pk, "Nobody is merged with themselves."
    goes, stays = _locked(Speaker, goes, stays)
    if biography_of is not None and biography_of.pk == goes.pk:
        stays.biography = goes.biography
        stays.save(update_fields=["biography"])
    _move_passages(goes, stays)
    _move_terms(goes, stays)
    twice = EditionVoice.objects.filter(speaker=stays).values("edition")
    EditionVoice.objects.filter(speaker=goes, edition__in=twice).delete()
    EditionVoice.objects.filter(speaker=goes).update(speaker=stays)
    FormerSlug.objects.filter(speaker=goes).update(speaker=stays)
    FormerSlug.objects.create(slug=goes.slug, speaker=stays, merged=goes.pk)
    _write("speaker", goes, stays, by=by, at=at)
    goes.delete()


@transaction.atomic
def merge_themes(goes: Theme, stays: Theme, *, by, at: dt.datetime) -> None:
    """Make one theme of two: what was filed under the one that goes is filed under the other."""
    demand(by, MANAGERS, "merge two themes")
    assert goes.pk != stays.pk, "No theme is merged with itself."
    goes, stays = _locked(Theme, goes, stays)
    twice = ThemedStatement.objects.filter(tag=stays).values("content_object")
    ThemedStatement.objects.filter(tag=goes, content_object__in=twice).delete()
    ThemedStatement.objects.filter(tag=goes).update(tag=stays)
    FormerThemeSlug.objects.filter(theme=goes).update(theme=stays)
    FormerThemeSlug.objects.create(slug=goes.slug, theme=stays, merged=goes.pk)
    _write("theme", goes, stays, by=by, at=at)
    goes.delete()


def _locked(model, goes, stays) -> tuple:
    """Both rows, locked in one order, so that two merges never wait for each other."""
    rows: QuerySet = model.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[goes.pk, stays.pk])}
    return found[goes.pk], found[stays.pk]


def _move_passages(goes: Speaker, stays: Speaker) -> None:
    spoken = Passage.objects.filter(speaker=goes)
    Statement.objects.filter(pk__in=spoken.values("statement")).update(version=F("version") + 1)
    spoken.update(speaker=stays)


def _move_terms(goes: Speaker, stays: Speaker) -> None:
    """Terms that both have become one."""
    held = {_said(term): term for term in stays.appointments.all()}
    for term in goes.appointments.all():
        if same := held.get(_said(term)):
            Passage.objects.filter(appointment=term).update(appointment=same)
            EditionVoice.objects.filter(appointment=term).update(appointment=same)
            term.delete()
        else:
            Appointment.objects.filter(pk=term.pk).update(speaker=stays)


def _said(term: Appointment) -> tuple:
    return term.organisation_id, term.role, term.starts_on, term.ends_on


def _write(what: str, goes, stays, *, by, at: dt.datetime) -> None:
    write_event(
        None,
        Action.MERGED,
        by=by,
        at=at,
        note=f"The {what} {goes.name} was merged into {stays.name}.",
        detail={"what": what, "from": goes.slug, "to": stays.slug},
    )
