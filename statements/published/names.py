"""Themes, speakers and organisations that have a public edition."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSpeakerSlug, Organisation, Speaker
from statements.caching.versioned_lru import VersionedLRU
from statements.models import EditionAttribution, FormerThemeSlug, Theme
from statements.publicness import listed_before, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import PublicName, public_editions

MAX_RECENT_THEMES = 24
"""Offered with a list that is too long to count."""
_recent_themes_cache: VersionedLRU[list[PublicName]] = VersionedLRU(max_size=lambda: 1)


def resolve_names(*, at: dt.datetime, **slugs: str) -> dict[str, PublicName]:
    """Return the theme, speaker and organisation of these slugs, if they have a public edition.

    One query each. A name without a public edition looks like one that does not exist. Former
    slugs lead to it as well.
    """
    names: dict[str, PublicName] = {}
    for profile_type, slug in slugs.items():
        if rows := NAME_QUERIES[profile_type](slug=slug, at=at):
            pk, current_slug, name, *_ = rows[0]
            merged = frozenset(merged for row in rows for merged in row[3:] if merged)
            names[profile_type] = PublicName(pk, current_slug, name, merged_ids=merged)
    return names


def slug_filter(profile_type: str, slug: str) -> Q:
    """Match the row that has this slug, or had it."""
    former: dict[str, QuerySet[Any]] = {
        "theme": FormerThemeSlug.objects.filter(slug=slug).values("theme"),
        "speaker": FormerSpeakerSlug.objects.filter(slug=slug).values("speaker"),
        "organisation": FormerOrganisationSlug.objects.filter(slug=slug).values("organisation"),
    }
    return Q(slug=slug) | Q(pk__in=former[profile_type])


def load_recent_themes(*, at: dt.datetime) -> list[PublicName]:
    """Return the themes used last, by name. One query between two changes of the record."""
    return _recent_themes_cache.get_or_make("themes", lambda: _load_themes_by_name(at), at=at)


def _load_themes_by_name(at: dt.datetime) -> list[PublicName]:
    rows = [PublicName(*row) for *row, newest in _select_newest_themes(at=at) if newest]
    return sorted(rows, key=lambda theme: theme.name.casefold())


@compiled_query
def _select_newest_themes(*, at: dt.datetime) -> QuerySet[Any]:
    # No filter on `newest`: a database would look up each date twice.
    newest = _themes_with_newest(at).order_by(F("newest").desc(nulls_last=True))
    return newest.values_list("pk", "slug", "name", "newest")[:MAX_RECENT_THEMES]


# `newest` is a subquery with a limit, not EXISTS: PostgreSQL turns EXISTS into a join over
# everything that was ever published, and a limit into one step along an index for each name.


def public_themes(at: dt.datetime) -> QuerySet[Theme]:
    """Return the themes of public statements, with the date of the `newest`."""
    return _themes_with_newest(at).filter(newest__isnull=False)


def _themes_with_newest(at: dt.datetime) -> QuerySet[Any]:
    newest = (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=OuterRef("pk"))
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
        .values("statement__themed__first_release_at")[:1]
    )
    rows: QuerySet[Any] = Theme.objects.annotate(newest=Subquery(newest)).order_by()
    return rows


def public_voices(at: dt.datetime) -> QuerySet[EditionAttribution]:
    """Return the attributions of public editions, the newest first."""
    return EditionAttribution.objects.filter(public_at(at), listed_before(at)).order_by(
        "-first_release_at", "-statement_id"
    )


def public_speakers(at: dt.datetime) -> QuerySet[Speaker]:
    """Return the speakers quoted in public editions, with the date of the `newest`."""
    newest = public_voices(at).filter(speaker=OuterRef("pk")).values("first_release_at")[:1]
    return Speaker.objects.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by()


def public_organisations(at: dt.datetime) -> QuerySet[Organisation]:
    """Return the organisations that published a public edition or were spoken for in one."""
    newest = public_voices(at).filter(organisation=OuterRef("pk")).values("first_release_at")[:1]
    return (
        Organisation.objects.annotate(newest=Subquery(newest))
        .filter(newest__isnull=False)
        .order_by()
    )


PUBLIC_QUERYSETS: dict[str, Callable[[dt.datetime], QuerySet[Any]]] = {
    "theme": public_themes,
    "speaker": public_speakers,
    "organisation": public_organisations,
}


@compiled_query
def _select_theme_name(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = public_themes(at).filter(slug_filter("theme", slug))
    return rows.values_list("pk", "slug", "name", "former_slugs__merged")


@compiled_query
def _select_speaker_name(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = public_speakers(at).filter(slug_filter("speaker", slug))
    return rows.values_list("pk", "slug", "name", "former_slugs__merged")


@compiled_query
def _select_organisation_name(*, slug: str, at: dt.datetime) -> QuerySet[Any]:
    rows = public_organisations(at).filter(slug_filter("organisation", slug))
    return rows.values_list("pk", "slug", "name")


NAME_QUERIES = {
    "theme": _select_theme_name,
    "speaker": _select_speaker_name,
    "organisation": _select_organisation_name,
}
