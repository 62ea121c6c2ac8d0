"""Match names in a document with existing organisations and appointments."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from organisations.models import Appointment, Organisation, Speaker
from statements.content.characters import normalise_text

ANY = Q()
"""The condition that every row answers."""


def name_key(name: str) -> str:
    """Return a key that ignores case, spaces, the kind of apostrophe and a leading “the”."""
    words = normalise_text(name).casefold().replace("’", "'").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def find_organisation(name: str, in_text: str, usable: Q = ANY) -> Organisation | None:
    """Return the organisation that has one of these names, if the condition lets it be used."""
    keys = {name_key(name), name_key(in_text)} - {""}
    for organisation in Organisation.objects.filter(usable):
        names = (organisation.name, organisation.name_in_text, organisation.short_name)
        if keys & {name_key(name) for name in names if name}:
            return organisation
    return None


def filter_by_role(appointments: Iterable[Appointment], role: str) -> list[Appointment]:
    return [
        appointment for appointment in appointments if name_key(appointment.role) == name_key(role)
    ]


def search_role(
    speaker: Speaker,
    role: str,
    organisation: Organisation | None,
    *,
    day: dt.date,
    usable: Q = ANY,
) -> tuple[Appointment | None, bool]:
    """Return the speaker's appointment in this role, and whether it is in force on the day.

    Without an organisation, at any. One that is in force comes first.
    """
    rows = speaker.appointments.filter(usable).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    matches = filter_by_role(rows, role)
    in_force = [row for row in matches if row.is_in_force_on(day)]
    return next(iter(in_force or matches), None), bool(in_force)
