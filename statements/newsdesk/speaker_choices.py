"""Offer speakers for a quotation, with the role that each holds on the day of the words.

The names that somebody searches for are posted: an address would keep them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from organisations.models import Appointment, Organisation, Speaker
from organisations.name_keys import fold
from organisations.tenures import format_day
from statements.models import Passage, ProposedName, is_confirmed, is_usable_in
from statements.newsdesk.request_values import clean_search, parse_number

MAX_SPEAKERS = 20
MAX_CANDIDATES = 200
MAX_RECENT_PASSAGES = 100
MAX_ORGANISATIONS = 300


def offer_speakers(request: HttpRequest, *, today: dt.date) -> HttpResponseBase:
    """Return groups of rows: of this statement and its publisher, or what the search finds."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    statement_id = parse_number(request.POST.get("statement"))
    day = _parse_day(request.POST.get("day", "")) or today
    query = clean_search(request.POST.get("q", ""))
    if query:
        groups = [(_("Speakers"), find_speakers(query, statement_id))]
    else:
        organisation = parse_number(request.POST.get("organisation"))
        groups = list(_suggest(statement_id, organisation, day))
    return JsonResponse(
        {
            "groups": [
                {"label": label, "rows": rows}
                for label, speakers in groups
                if (rows := build_rows(speakers, day, statement_id))
            ],
            "organisations": [] if query else _list_organisations(statement_id),
        }
    )


def find_speakers(query: str, statement_id: int | None) -> list[Speaker]:
    """Return speakers that have every word of the query in their name, by the index of the keys."""
    words = fold(query).split()
    if not words:
        return []
    usable = Speaker.objects.filter(is_usable_in(statement_id)).order_by()
    phrases = {" ".join(words), " ".join([*words[-1:], *words[:-1]])}
    found: dict[int, Speaker] = {}
    # The whole phrase first: a common name has more bearers than are read for a single word.
    for phrase in (*phrases, *sorted(set(words), key=len, reverse=True)[:2]):
        if len(found) < MAX_SPEAKERS:
            rows = usable.with_key(phrase)[:MAX_CANDIDATES]
            found |= {row.pk: row for row in rows if all(word in row.given_key for word in words)}
    return sorted(found.values(), key=lambda row: row.given_key)[:MAX_SPEAKERS]


def _suggest(
    statement_id: int | None, organisation: int | None, day: dt.date
) -> Iterable[tuple[str, list[Speaker]]]:
    """Yield groups without a search: speakers here, of the publisher, and the latest ones."""
    here = _load_speakers(_list_own_ids(statement_id))
    yield _("In this statement"), here
    offered = {speaker.pk for speaker in here}
    if organisation is not None:
        held = Appointment.objects.in_force_on(day).filter(
            is_usable_in(statement_id), organisation=organisation
        )
        publishers = [pk for pk in _take_ids(held.order_by("-pk"), "speaker") if pk not in offered]
        name = Organisation.objects.filter(pk=organisation).values_list("name", flat=True).first()
        yield name or "", _load_speakers(publishers)
        offered |= set(publishers)
    confirmed = Speaker.objects.filter(is_confirmed())
    recent = [
        pk
        for pk in _take_ids(Passage.objects.exclude(speaker=None).order_by("-pk"), "speaker")
        if pk not in offered
    ]
    yield _("Quoted lately"), _load_speakers(recent, confirmed)


def _list_own_ids(statement_id: int | None) -> list[int]:
    if statement_id is None:
        return []
    passages = Passage.objects.filter(statement=statement_id, speaker__isnull=False)
    proposals = ProposedName.objects.filter(statement=statement_id, speaker__isnull=False)
    ids = _take_ids(passages.order_by("position"), "speaker") + _take_ids(proposals, "speaker")
    return list(dict.fromkeys(ids))


def _take_ids(rows: Any, column: str) -> list[int]:
    ids = rows.values_list(column, flat=True)[:MAX_RECENT_PASSAGES]
    return list(dict.fromkeys(ids))[:MAX_SPEAKERS]


def _load_speakers(ids: Sequence[int], rows: Any = None) -> list[Speaker]:
    """Return the speakers in this order. One query."""
    by_id = (Speaker.objects.all() if rows is None else rows).in_bulk(ids) if ids else {}
    return [by_id[pk] for pk in ids if pk in by_id]


def build_rows(
    speakers: Sequence[Speaker], day: dt.date, statement_id: int | None
) -> list[dict[str, Any]]:
    """Return a row for each role held that day, and one for each speaker without a role."""
    roles: dict[int, list[Appointment]] = {speaker.pk: [] for speaker in speakers}
    usable = Appointment.objects.filter(is_usable_in(statement_id), speaker__in=list(roles))
    for role in usable.select_related("organisation").order_by(
        F("starts_on").desc(nulls_last=True), "-pk"
    ):
        roles[role.speaker_id].append(role)
    proposed = set(
        ProposedName.objects.filter(speaker__in=list(roles)).values_list("speaker", flat=True)
    )
    rows = []
    for speaker in speakers:
        in_force = [role for role in roles[speaker.pk] if role.is_in_force_on(day)]
        voices: list[Appointment | None] = [*in_force] or [None]
        for held in voices:
            # One role is left for the day to choose: another day then finds the role of that day.
            chosen = held if len(in_force) > 1 else None
            named = None if chosen is None else {"id": chosen.pk, "text": str(chosen)}
            row = {
                "speaker": {"id": speaker.pk, "text": speaker.name},
                "appointment": named,
                "role": _describe(held, roles[speaker.pk], day),
                "proposed": speaker.pk in proposed,
            }
            rows.append(row)
    return rows


def _describe(role: Appointment | None, roles: list[Appointment], day: dt.date) -> str:
    if role is not None:
        return f"{role.role}, {role.organisation}"
    if not roles:
        return _("No role entered")
    values = {"role": roles[0].role, "organisation": roles[0].organisation, "day": format_day(day)}
    return _("No role on %(day)s. %(role)s, %(organisation)s at another time") % values


def _list_organisations(statement_id: int | None) -> list[str]:
    rows = Organisation.objects.filter(is_usable_in(statement_id)).order_by("name")
    return list(rows.values_list("name", flat=True)[:MAX_ORGANISATIONS])


def _parse_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
