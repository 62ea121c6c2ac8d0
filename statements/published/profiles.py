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
from statements.caching.versioned_lru import VersionedLRU
from statements.models import EditionAttribution, ThemedStatement
from statements.publicness import listed_before, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import PublicName, contact_details, public_editions
from statements.published.names import PUBLIC_QUERYSETS, public_voices, slug_filter

SORT_COLUMNS = {"theme": "name", "speaker": "sorted_under", "organisation": "name"}
"""The column by which the alphabet has them, and as which their lists print them."""
MAX_SPOKESPEOPLE = 60
"""Who spoke for a body last: as many as its page names."""
MAX_CACHED_PROFILES = 500
_profile_cache: VersionedLRU[Any] = VersionedLRU(max_size=lambda: MAX_CACHED_PROFILES)


@dataclass(frozen=True)
class IndexEntry:
    """A line of an index: a name, where the alphabet has it, and the date of its newest."""

    slug: str
    name: str
    sort_key: str
    newest: dt.datetime


@dataclass(frozen=True)
class Profile:
    """Whose page it is, and the text that managers wrote about it."""

    public_name: PublicName
    about: str


@dataclass(frozen=True)
class OrganisationProfile(Profile):
    short_name: str
    website: str


def candidate_rows(what: str, number: int, *, at: dt.datetime) -> QuerySet:
    """What its list walks, newest first: no fewer than are public, and nothing that is to come.

    For whoever asks only whether there are very many. Of a theme it is the index alone, in which
    what was withdrawn stands still.
    """
    if what == "theme":
        filed = ThemedStatement.objects.filter(listed_before(at), tag=number)
        return filed.order_by("-first_release_at", "-content_object").values("content_object")
    heard = EditionAttribution.objects.filter(listed_before(at), public_at(at), **{what: number})
    return heard.order_by("-first_release_at", "-statement").values("statement")


def load_index(what: str, *, start: str, limit: int, at: dt.datetime) -> list[IndexEntry]:
    """At most so many names in the order of the alphabet, from these letters on.

    Steps once along an index for each name there is, whatever the size of the archive.
    """
    rows = (
        PUBLIC_QUERYSETS[what](at)
        .annotate(place=Lower(SORT_COLUMNS[what]))
        .filter(place__gte=start.lower())
    )
    listed = rows.order_by("place", "pk").values_list("slug", SORT_COLUMNS[what], "place", "newest")
    return [IndexEntry(*row) for row in listed[:limit]]


@dataclass(frozen=True)
class Role:
    """A role in which somebody spoke in public. `body` is as it stands after “President of”."""

    speaker: PublicName
    role: str
    organisation: str
    organisation_slug: str
    starts_on: dt.date | None
    ends_on: dt.date | None


def load_theme(slug: str, *, at: dt.datetime) -> Profile | None:
    return _profile_cache.get_or_make(("theme", slug), lambda: _query_theme(slug, at), at=at)


def _query_theme(slug: str, at: dt.datetime) -> Profile | None:
    rows = _select_theme(slug=slug, at=at)
    return Profile(PublicName(*rows[0][:3]), rows[0][3]) if rows else None


@compiled_query
def _select_theme(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_QUERYSETS["theme"](at).filter(slug_filter("theme", slug))
    return rows.values_list("pk", "slug", "name", "description")[:1]


def load_speaker(slug: str, *, at: dt.datetime) -> Profile | None:
    """With every address that they had: words of that day were frozen with the one they had."""
    return _profile_cache.get_or_make(("speaker", slug), lambda: _query_speaker(slug, at), at=at)


def _query_speaker(slug: str, at: dt.datetime) -> Profile | None:
    rows = _select_speaker(slug=slug, at=at)
    if not rows:
        return None
    pk, today, name, biography, _ = rows[0]
    former = {row[-1] for row in rows} - {None}
    return Profile(PublicName(pk, today, name, frozenset(former)), biography)


@compiled_query
def _select_speaker(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_QUERYSETS["speaker"](at).filter(slug_filter("speaker", slug))
    return rows.values_list("pk", "slug", "name", "biography", "former_slugs__slug")


def load_organisation(slug: str, *, at: dt.datetime) -> OrganisationProfile | None:
    return _profile_cache.get_or_make(
        ("organisation", slug), lambda: _query_organisation(slug, at), at=at
    )


def _query_organisation(slug: str, at: dt.datetime) -> OrganisationProfile | None:
    rows = _select_organisation(slug=slug, at=at)
    return OrganisationProfile(PublicName(*rows[0][:3]), *rows[0][3:]) if rows else None


@compiled_query
def _select_organisation(*, slug: str, at: dt.datetime) -> QuerySet:
    rows = PUBLIC_QUERYSETS["organisation"](at).filter(slug_filter("organisation", slug))
    return rows.values_list("pk", "slug", "name", "boilerplate", "short_name", "website")[:1]


def load_roles(speaker: Profile, *, at: dt.datetime) -> list[Role]:
    """What they were when they spoke, the latest first."""
    return _build_roles(_select_roles_of_speaker(speaker=speaker.public_name.pk, at=at))


@compiled_query
def _select_roles_of_speaker(*, speaker: int, at: dt.datetime) -> QuerySet:
    held = _public_appointments(at).filter(speaker=speaker)
    return held.order_by(F("starts_on").desc(nulls_last=True), "-newest", "pk")


def load_spokespeople(body: OrganisationProfile, *, at: dt.datetime) -> list[Role]:
    """In which roles people spoke for this body, whoever spoke last first."""
    return _build_roles(_select_spokespeople(organisation=body.public_name.pk, at=at))


@compiled_query
def _select_spokespeople(*, organisation: int, at: dt.datetime) -> QuerySet:
    return (
        _public_appointments(at)
        .filter(organisation=organisation)
        .order_by("-newest", "pk")[:MAX_SPOKESPEOPLE]
    )


def _public_appointments(at: dt.datetime) -> QuerySet[Any]:
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


def _build_roles(held: list[Any]) -> list[Role]:
    return [
        Role(
            PublicName(one.speaker_id, one.speaker.slug, one.speaker.name),
            *(one.role, one.organisation.in_text, one.organisation.slug),
            *(one.starts_on, one.ends_on),
        )
        for one in held
    ]


def load_contacts(body: OrganisationProfile) -> list[dict[str, str]]:
    """Whom journalists ring. To enter a contact is to print it: none waits for a statement."""
    rows = Contact.objects.filter(organisation=body.public_name.pk).order_by("name", "pk")
    return [contact_details(contact) for contact in rows]


def load_contents(numbers: list[int], *, at: dt.datetime) -> dict[int, dict[str, Any]]:
    """By their numbers, the frozen words of editions, as far as they are public. One query."""
    if not numbers:
        return {}
    return {
        edition.pk: edition.content_data
        for edition in _select_contents(numbers=tuple(numbers), at=at)
    }


@compiled_query
def _select_contents(*, numbers: tuple[int, ...], at: dt.datetime) -> QuerySet:
    return public_editions(at=at).filter(pk__in=numbers).only("content")
