"""Themes, speakers and bodies as far as something public names them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSpeakerSlug, Organisation, Speaker
from statements.caching.versioned_lru import VersionedLRU
from statements.models import EditionAttribution, FormerThemeSlug, Theme
from statements.publicness import listed_before, public_at
from statements.published.compiled_query import compiled_query
from statements.published.editions import PublicName, public_editions

MAX_RECENT_THEMES = 24
"""Beside a list that is too long to count."""
_recent_themes_cache: VersionedLRU[list[PublicName]] = VersionedLRU(max_size=lambda: 1)


def resolve_names(*, at: dt.datetime, **slugs: str) -> dict[str, PublicName]:
    """The theme, speaker and organisation of these slugs, those with a public edition only.

    One query. Nobody can tell one without a public edition from one that does not exist. An
    address that a theme or a speaker had finds it as well.
    """
    if not slugs:
        return {}
    found: dict[str, PublicName] = {}
    for what, pk, slug, name, merged in _select_names(at=at, **slugs):
        others = found[what].merged_ids if what in found else frozenset()
        found[what] = PublicName(
            pk, slug, name, merged_ids=others | ({merged} if merged else set())
        )
    return found


@compiled_query
def _select_names(*, at: dt.datetime, **slugs: str) -> QuerySet:
    arms: list[QuerySet] = [
        PUBLIC_QUERYSETS[what](at)
        .filter(slug_filter(what, slug))
        .values_list(
            Value(what, TextField()),
            *("pk", "slug", "name"),
            Value(None, BigIntegerField()) if what == "organisation" else "former_slugs__merged",
        )
        for what, slug in slugs.items()
    ]
    return arms[0].union(*arms[1:], all=True)


def slug_filter(what: str, slug: str) -> Q:
    """Whose address this is, or was."""
    former: dict[str, QuerySet] = {
        "theme": FormerThemeSlug.objects.filter(slug=slug).values("theme"),
        "speaker": FormerSpeakerSlug.objects.filter(slug=slug).values("speaker"),
        "organisation": FormerOrganisationSlug.objects.filter(slug=slug).values("organisation"),
    }
    return Q(slug=slug) | Q(pk__in=former[what])


def load_recent_themes(*, at: dt.datetime) -> list[PublicName]:
    """The themes in use last, by name. One query between two changes of the record."""
    return _recent_themes_cache.get_or_make("themes", lambda: _load_themes_by_name(at), at=at)


def _load_themes_by_name(at: dt.datetime) -> list[PublicName]:
    rows = [PublicName(*row) for *row, newest in _select_newest_themes(at=at) if newest]
    return sorted(rows, key=lambda theme: theme.name.casefold())


@compiled_query
def _select_newest_themes(*, at: dt.datetime) -> QuerySet:
    # Those without come last: to leave them out here, a database would look for each date twice.
    newest = _themes_with_newest(at).order_by(F("newest").desc(nulls_last=True))
    return newest.values_list("pk", "slug", "name", "newest")[:MAX_RECENT_THEMES]


# `newest` is a subquery with a limit, not EXISTS: a planner turns EXISTS into a join over
# everything that was ever published, and a limit into one step along an index for each name.


def public_themes(at: dt.datetime) -> QuerySet[Theme]:
    """Themes that a public statement is filed under, with the date of the `newest`."""
    return _themes_with_newest(at).filter(newest__isnull=False)


def _themes_with_newest(at: dt.datetime) -> QuerySet[Theme]:
    newest = (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=OuterRef("pk"))
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
        .values("statement__themed__first_release_at")[:1]
    )
    return Theme.objects.annotate(newest=Subquery(newest)).order_by()


def public_voices(at: dt.datetime) -> QuerySet[EditionAttribution]:
    """Under whom public editions are listed, the newest first."""
    return EditionAttribution.objects.filter(public_at(at), listed_before(at)).order_by(
        "-first_release_at", "-statement_id"
    )


def public_speakers(at: dt.datetime) -> QuerySet[Speaker]:
    """Those whom a public edition quotes, with the date of the `newest`."""
    newest = public_voices(at).filter(speaker=OuterRef("pk")).values("first_release_at")[:1]
    return Speaker.objects.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by()


def public_organisations(at: dt.datetime) -> QuerySet[Organisation]:
    """Those that published, or that somebody spoke for, in a public edition."""
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
