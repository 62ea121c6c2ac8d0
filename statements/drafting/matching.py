"""Names in a document -> the people and bodies on the books. Nothing is made here."""

import datetime as dt
from collections.abc import Iterable

from organisations.models import Appointment, Organisation, Speaker
from statements.content import html
from statements.parsing.draft import DraftPassage


def name_key(name: str) -> str:
    """Equal for names that differ in case, spaces, apostrophes and a leading article alone."""
    words = html.normalise_text(name).casefold().replace("’", "'").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def find_speakers(name: str) -> list[Speaker]:
    return [one for one in Speaker.objects.all() if name_key(one.name) == name_key(name)]


def find_organisation(name: str, in_text: str) -> Organisation | None:
    wanted = {name_key(name), name_key(in_text)} - {""}
    for body in Organisation.objects.all():
        names = (body.name, body.name_in_text, body.short_name)
        if wanted & {name_key(name) for name in names if name}:
            return body
    return None


def filter_by_role(appointments: Iterable[Appointment], role: str) -> list[Appointment]:
    return [one for one in appointments if name_key(one.role) == name_key(role)]


def match_speaker(
    piece: DraftPassage, *, day: dt.date
) -> tuple[Speaker | None, Appointment | None]:
    """The speaker whom the document names, and the role if it is held on that day."""
    if not piece.is_quoted or not piece.speaker_name:
        return None, None
    named = find_speakers(piece.speaker_name)
    in_office = [one for one in named if filter_by_role(one.appointments.all(), piece.role)]
    if not named:
        return None, None
    speaker = (in_office or named)[0]
    held = filter_by_role(speaker.appointments.select_related("organisation"), piece.role)
    body = find_organisation(piece.organisation_name, piece.organisation_in_text)
    held = [one for one in held if body is None or one.organisation == body]
    today = [one for one in held if one in speaker.appointments_in_force_on(day)]
    return speaker, next(iter(today or held), None)
