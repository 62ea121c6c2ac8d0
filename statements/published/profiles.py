"""Load themes, speakers and organisations for their profile pages.

Only those with a public edition: any other looks like one that does not exist. They are shown as
they are now, because they are no part of the content of an edition. Each is loaded by one query
and cached until the record changes.
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
"""The column that sorts an index page, and that it prints."""
MAX_SPOKESPEOPLE = 60
"""The last ones who spoke for an organisation."""
MAX_CACHED_PROFILES = 500
_profile_cache: VersionedLRU[Any] = VersionedLRU(max_size=lambda: MAX_CACHED_PROFILES)


@dataclass(frozen=True)
class IndexEntry:
    """A line of an index page: a name, its sort key, and the date of its newest statement."""

    slug: str
    name: str
    sort_key: str
    newest: dt.datetime


@dataclass(frozen=True)
class Profile:
    """A theme or a speaker with the text that managers wrote about it."""

    public_name: PublicName
    about: str


@dataclass(frozen=True)
class OrganisationProfile(Profile):
    """An organisation as its profile page shows it."""

    short_name: str
    website: str


def candidate_rows(profile_type: str, pk: int, *, at: dt.datetime) -> QuerySet[Any]:
    """Return at least the public statements of a profile, newest first, and no scheduled ones.

    Use it to find out whether there are very many. Those of a theme include what was withdrawn,
    as its index does.
    """
    if profile_type == "theme":
        themed = ThemedStatement.objects.filter(listed_before(at), tag=pk)
        rows: QuerySet[Any] = themed.order_by("-first_release_at", "-content_object").values(
            "content_object"
        )
        return rows
    attributions = EditionAttribution.objects.filter(
        listed_before(at), public_at(at), **{profile_type: pk}
    )
    return attributions.order_by("-first_release_at", "-statement").values("statement")


def load_index(profile_type: str, *, start: str, limit: int, at: dt.datetime) -> list[IndexEntry]:
    """Return the names from these letters on, in the order of the alphabet.

    Takes one index step for each name, for any size of the archive.
    """
    rows = (
        PUBLIC_QUERYSETS[profile_type](at)
        .annotate(sort_key=Lower(SORT_COLUMNS[profile_type]))
        .filter(sort_key__gte=start.lower())
    )
    rows = rows.order_by("sort_key", "pk")
    columns = rows.values_list("slug", SORT_COLUMNS[profile_type], "sort_key", "newest")
    return [IndexEntry(*row) for row in columns[:limit]]


@dataclass(frozen=True)
class Role:
    """A role in which somebody spoke in public; `organisation` as it follows “President of”."""

    speaker: PublicName
    role: str
    organisation: str
    organisation_slug: str
    starts_on: dt.date | None
    ends_on: dt.date | None


def load_theme(slug: str, *, at: dt.datetime) -> Profile | None:
    """Load the theme at this address, or at a former one."""
    profile: Profile | None = _profile_cache.get_or_make(
        ("theme", slug), lambda: _query_theme(slug, at), at=at
    )
    return profile


def _query_theme(slug: str, at: dt.datetime) -> Profile | None:
    rows = _select_theme(slug=slug, at=at)
    return Profile(PublicName(*rows[0][:3]), rows[0][3]) if rows else None


@compiled_query
def _select_theme(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = PUBLIC_QUERYSETS["theme"](at).filter(slug_filter("theme", slug))
    return rows.values_list("pk", "slug", "name", "description")[:1]


def load_speaker(slug: str, *, at: dt.datetime) -> Profile | None:
    """Load the speaker at this address, with the former ones, which older editions link to."""
    profile: Profile | None = _profile_cache.get_or_make(
        ("speaker", slug), lambda: _query_speaker(slug, at), at=at
    )
    return profile


def _query_speaker(slug: str, at: dt.datetime) -> Profile | None:
    rows = _select_speaker(slug=slug, at=at)
    if not rows:
        return None
    pk, current_slug, name, biography, _ = rows[0]
    former_slugs = frozenset(row[-1] for row in rows if row[-1])
    return Profile(PublicName(pk, current_slug, name, former_slugs), biography)


@compiled_query
def _select_speaker(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = PUBLIC_QUERYSETS["speaker"](at).filter(slug_filter("speaker", slug))
    return rows.values_list("pk", "slug", "name", "biography", "former_slugs__slug")


def load_organisation(slug: str, *, at: dt.datetime) -> OrganisationProfile | None:
    """Load the organisation at this address, or at a former one."""
    profile: OrganisationProfile | None = _profile_cache.get_or_make(
        ("organisation", slug), lambda: _query_organisation(slug, at), at=at
    )
    return profile


def _query_organisation(slug: str, at: dt.datetime) -> OrganisationProfile | None:
    rows = _select_organisation(slug=slug, at=at)
    return OrganisationProfile(PublicName(*rows[0][:3]), *rows[0][3:]) if rows else None


@compiled_query
def _select_organisation(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = PUBLIC_QUERYSETS["organisation"](at).filter(slug_filter("organisation", slug))
    return rows.values_list("pk", "slug", "name", "boilerplate", "short_name", "website")[:1]


def load_roles(speaker: Profile, *, at: dt.datetime) -> list[Role]:
    """Load the roles in which a speaker spoke in public, the latest first."""
    return _build_roles(_select_roles_of_speaker(speaker=speaker.public_name.pk, at=at))


@compiled_query
def _select_roles_of_speaker(*, speaker: int, at: dt.datetime) -> QuerySet[Any]:
    appointments = _public_appointments(at).filter(speaker=speaker)
    return appointments.order_by(F("starts_on").desc(nulls_last=True), "-newest", "pk")


def load_spokespeople(organisation: OrganisationProfile, *, at: dt.datetime) -> list[Role]:
    """Load the roles in which people spoke for an organisation, the last to speak first."""
    return _build_roles(_select_spokespeople(organisation=organisation.public_name.pk, at=at))


@compiled_query
def _select_spokespeople(*, organisation: int, at: dt.datetime) -> QuerySet[Any]:
    return (
        _public_appointments(at)
        .filter(organisation=organisation)
        .order_by("-newest", "pk")[:MAX_SPOKESPEOPLE]
    )


def _public_appointments(at: dt.datetime) -> QuerySet[Any]:
    """Return appointments of public editions, at organisations that have one.

    An appointment made for a scheduled statement must not show before it is released.
    """
    in_role = public_voices(at).filter(appointment=OuterRef("pk"))
    at_organisation = public_voices(at).filter(organisation=OuterRef("organisation"))
    appointments = Appointment.objects.select_related("speaker", "organisation")
    return appointments.annotate(
        newest=Subquery(in_role.values("first_release_at")[:1]),
        organisation_newest=Subquery(at_organisation.values("first_release_at")[:1]),
    ).filter(newest__isnull=False, organisation_newest__isnull=False)


def _build_roles(appointments: list[Appointment]) -> list[Role]:
    return [
        Role(
            PublicName(appointment.speaker_id, appointment.speaker.slug, appointment.speaker.name),
            role=appointment.role,
            organisation=appointment.organisation.in_text,
            organisation_slug=appointment.organisation.slug,
            starts_on=appointment.starts_on,
            ends_on=appointment.ends_on,
        )
        for appointment in appointments
    ]


def load_contacts(organisation: OrganisationProfile) -> list[dict[str, str]]:
    """Load the press contacts of an organisation; all of them are public. One query."""
    rows = Contact.objects.filter(organisation=organisation.public_name.pk).order_by("name", "pk")
    return [contact_details(contact) for contact in rows]


def load_contents(editions: list[int], *, at: dt.datetime) -> dict[int, dict[str, Any]]:
    """Load the content of those editions that are public, by edition id. One query."""
    if not editions:
        return {}
    return {
        edition.pk: edition.content_data
        for edition in _select_edition_contents(editions=tuple(editions), at=at)
    }


@compiled_query
def _select_edition_contents(*, editions: tuple[int, ...], at: dt.datetime) -> QuerySet[Any]:
    return public_editions(at=at).filter(pk__in=editions).only("content")
