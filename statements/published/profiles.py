"""Themes, speakers and bodies as readers meet them on pages of their own: one query each, and none
for the later pages of one, until the record changes.

Those with a public edition only: any other cannot be told from one that does not exist. Shown as
they are now, for they lie outside the words.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Lower
from django.db.models.query import QuerySet

from organisations.models import Appointment, Contact
from statements.caching.versioned_lru import Kept
from statements.models import EditionVoice, ThemedStatement
from statements.publicness import listed_before, public_at
from statements.published.compiled_query import prepared
from statements.published.editions import Named, public_editions, reached
from statements.published.names import PUBLIC_NAMES, called, public_voices

PLACES = {"theme": "name", "speaker": "sorted_under", "organisation": "name"}
"""The column by which the alphabet has them, and as which their lists print them."""
PEOPLE = 60
"""Who spoke for a body last: as many as its page names."""
SUBJECTS = 500
_kept: Kept[Any] = Kept(most=lambda: SUBJECTS)


@dataclass(frozen=True)
class Entry:
    """A line of an index: a name, where the alphabet has it, and the date of its newest."""

    slug: str
    name: str
    place: str
    newest: dt.datetime


@dataclass(frozen=True)
class Subject:
    """Whose page it is, and the text that managers wrote about it."""

    named: Named
    about: str


@dataclass(frozen=True)
class Body(Subject):
    short_name: str
    website: str


def listed_at_least(what: str, number: int, *, at: dt.datetime) -> QuerySet:
    """What its list walks, newest first: no fewer than are public, and nothing that is to come.

    For whoever asks only whether there are very many. Of a theme it is the index alone, in which
    what was withdrawn stands still.
    """
    if what == "theme":
        filed = ThemedStatement.objects.filter(listed_before(at), tag=number)
        return filed.order_by("-first_release_at", "-content_object").values("content_object")
    heard = EditionVoice.objects.filter(listed_before(at), public_at(at), **{what: number})
    return heard.order_by("-first_release_at", "-statement").values("statement")


def index(what: str, *, start: str, most: int, at: dt.datetime) -> list[Entry]:
    """At most so many names in the order of the alphabet, from these letters on.

    Steps once along an index for each name there is, whatever the size of the archive.
    """
    rows = (
        PUBLIC_NAMES[what](at).annotate(place=Lower(PLACES[what])).filter(place__gte=start.lower())
    )
    listed = rows.order_by("place", "pk").values_list("slug", PLACES[what], "place", "newest")
    return [Entry(*row) for row in listed[:most]]


@dataclass(frozen=True)
class Role:
    """A role in which somebody spoke in public. `body` is as it stands after “President of”."""

    speaker: Named
    role: str
    body: str
    body_slug: str
    starts_on: dt.date | None
    ends_on: dt.date | None


def theme(slug: str, *, at: dt.datetime) -> Subject | None:
    return _kept.once(("theme", slug), lambda: _theme(slug, at), at=at)


def _theme(slug: str, at: dt.datetime) -> Subject | None:
    rows = _themes(slug=slug, at=at)
    return Subject(Named(*rows[0][:3]), rows[0][3]) if rows else None


@prepared
def _themes(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_NAMES["theme"](at).filter(called("theme", slug))
    return rows.values_list("pk", "slug", "name", "description")[:1]


def speaker(slug: str, *, at: dt.datetime) -> Subject | None:
    """With every address that they had: words of that day were frozen with the one they had."""
    return _kept.once(("speaker", slug), lambda: _speaker(slug, at), at=at)


def _speaker(slug: str, at: dt.datetime) -> Subject | None:
    rows = _speakers(slug=slug, at=at)
    if not rows:
        return None
    pk, today, name, biography, _ = rows[0]
    former = {row[-1] for row in rows} - {None}
    return Subject(Named(pk, today, name, frozenset(former)), biography)


@prepared
def _speakers(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_NAMES["speaker"](at).filter(called("speaker", slug))
    return rows.values_list("pk", "slug", "name", "biography", "former_slugs__slug")


def organisation(slug: str, *, at: dt.datetime) -> Body | None:
    return _kept.once(("organisation", slug), lambda: _organisation(slug, at), at=at)


def _organisation(slug: str, at: dt.datetime) -> Body | None:
    rows = _organisations(slug=slug, at=at)
    return Body(Named(*rows[0][:3]), *rows[0][3:]) if rows else None


@prepared
def _organisations(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_NAMES["organisation"](at).filter(called("organisation", slug))
    return rows.values_list("pk", "slug", "name", "boilerplate", "short_name", "website")[:1]


def roles_of(speaker: Subject, *, at: dt.datetime) -> list[Role]:
    """What they were when they spoke, the latest first."""
    return _roles(_held_by(speaker=speaker.named.pk, at=at))


@prepared
def _held_by(*, speaker: int, at: dt.datetime) -> QuerySet:
    held = _told_roles(at).filter(speaker=speaker)
    return held.order_by(F("starts_on").desc(nulls_last=True), "-newest", "pk")


def spoke_for(body: Body, *, at: dt.datetime) -> list[Role]:
    """In which roles people spoke for this body, whoever spoke last first."""
    return _roles(_held_at(organisation=body.named.pk, at=at))


@prepared
def _held_at(*, organisation: int, at: dt.datetime) -> QuerySet:
    return _told_roles(at).filter(organisation=organisation).order_by("-newest", "pk")[:PEOPLE]


def _told_roles(at: dt.datetime) -> QuerySet[Any]:
    """Appointments that a public edition has, at bodies that have one.

    One made for words that wait is told by nobody before them, whoever is well known and wherever.
    """
    in_role = public_voices(at).filter(appointment=OuterRef("pk"))
    at_body = public_voices(at).filter(organisation=OuterRef("organisation"))
    held = Appointment.objects.select_related("speaker", "organisation")
    return held.annotate(
        newest=Subquery(in_role.values("first_release_at")[:1]),
        body_newest=Subquery(at_body.values("first_release_at")[:1]),
    ).filter(newest__isnull=False, body_newest__isnull=False)


def _roles(held: list[Any]) -> list[Role]:
    return [
        Role(
            Named(one.speaker_id, one.speaker.slug, one.speaker.name),
            *(one.role, one.organisation.in_text, one.organisation.slug),
            *(one.starts_on, one.ends_on),
        )
        for one in held
    ]


def contacts(body: Body) -> list[dict[str, str]]:
    """Whom journalists ring. To enter a contact is to print it: none waits for a statement."""
    rows = Contact.objects.filter(organisation=body.named.pk).order_by("name", "pk")
    return [reached(contact) for contact in rows]


def words(numbers: list[int], *, at: dt.datetime) -> dict[int, dict[str, Any]]:
    """By their numbers, the frozen words of editions, as far as they are public. One query."""
    if not numbers:
        return {}
    return {edition.pk: edition.words for edition in _words(numbers=tuple(numbers), at=at)}


@prepared
def _words(*, numbers: tuple[int, ...], at: dt.datetime) -> QuerySet:
    return public_editions(at=at).filter(pk__in=numbers).only("content")
