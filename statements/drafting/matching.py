"""Match names in a document with existing speakers, organisations and appointments."""

import datetime as dt
from collections.abc import Iterable

from organisations.models import Appointment, Organisation, Speaker
from statements.content.characters import normalise_text
from statements.parsing.draft import DraftPassage


def name_key(name: str) -> str:
    """Return a key that ignores case, spaces, the kind of apostrophe and a leading “the”."""
    words = normalise_text(name).casefold().replace("’", "'").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def find_speakers(name: str) -> list[Speaker]:
    return [
        speaker for speaker in Speaker.objects.all() if name_key(speaker.name) == name_key(name)
    ]


def find_organisation(name: str, in_text: str) -> Organisation | None:
    keys = {name_key(name), name_key(in_text)} - {""}
    for organisation in Organisation.objects.all():
        names = (organisation.name, organisation.name_in_text, organisation.short_name)
        if keys & {name_key(name) for name in names if name}:
            return organisation
    return None


def filter_by_role(appointments: Iterable[Appointment], role: str) -> list[Appointment]:
    return [
        appointment for appointment in appointments if name_key(appointment.role) == name_key(role)
    ]


def match_speaker(
    piece: DraftPassage, *, day: dt.date
) -> tuple[Speaker | None, Appointment | None]:
    """Return the speaker that the document names, and their appointment on that day."""
    if not piece.is_quoted or not piece.speaker_name:
        return None, None
    speakers = find_speakers(piece.speaker_name)
    if len(speakers) > 1:  # nobody is chosen among several in the same role, or in none
        speakers = [
            candidate
            for candidate in speakers
            if filter_by_role(candidate.appointments.all(), piece.role)
        ]
    if len(speakers) != 1:
        return None, None
    speaker = speakers[0]
    appointments = filter_by_role(speaker.appointments.select_related("organisation"), piece.role)
    organisation = find_organisation(piece.organisation_name, piece.organisation_in_text)
    appointments = [
        candidate
        for candidate in appointments
        if organisation is None or candidate.organisation == organisation
    ]
    in_force = [
        candidate
        for candidate in appointments
        if candidate in speaker.appointments_in_force_on(day)
    ]
    return speaker, next(iter(in_force or appointments), None)
