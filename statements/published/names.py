"""Themes, speakers and bodies as far as something public names them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.query import QuerySet

from organisations.models import FormerOrganisationSlug, FormerSlug, Organisation, Speaker
from statements.caching.versioned_lru import Kept
from statements.models import EditionVoice, FormerThemeSlug, Theme
from statements.publicness import listed_before, public_at
from statements.published.compiled_query import prepared
from statements.published.editions import Named, public_editions

MOST_THEMES = 24
"""Beside a list that is too long to count."""
_recent: Kept[list[Named]] = Kept(most=lambda: 1)


def named(*, at: dt.datetime, **slugs: str) -> dict[str, Named]:
    """The theme, speaker and organisation of these slugs, those with a public edition only.

    One query. Nobody can tell one without a public edition from one that does not exist. An
    address that a theme or a speaker had finds it as well.
    """
    if not slugs:
        return {}
    found: dict[str, Named] = {}
    for what, pk, slug, name, merged in _named(at=at, **slugs):
        others = found[what].merged if what in found else frozenset()
        found[what] = Named(pk, slug, name, merged=others | ({merged} if merged else set()))
    return found


@prepared
def _named(*, at: dt.datetime, **slugs: str) -> QuerySet:
    arms: list[QuerySet] = [
        PUBLIC_NAMES[what](at)
        .filter(called(what, slug))
        .values_list(
            Value(what, TextField()),
            *("pk", "slug", "name"),
            Value(None, BigIntegerField()) if what == "organisation" else "former_slugs__merged",
        )
        for what, slug in slugs.items()
    ]
    return arms[0].union(*arms[1:], all=True)


def called(what: str, slug: str) -> Q:
    """Whose address this is, or was."""
    former: dict[str, QuerySet] = {
        "theme": FormerThemeSlug.objects.filter(slug=slug).values("theme"),
        "speaker": FormerSlug.objects.filter(slug=slug).values("speaker"),
        "organisation": FormerOrganisationSlug.objects.filter(slug=slug).values("organisation"),
    }
    return Q(slug=slug) | Q(pk__in=former[what])


def themes(*, at: dt.datetime) -> list[Named]:
    """The themes in use last, by name. One query between two changes of the record."""
    return _recent.once("themes", lambda: _by_name(at), at=at)


def _by_name(at: dt.datetime) -> list[Named]:
    rows = [Named(*row) for *row, newest in _newest_themes(at=at) if newest]
    return sorted(rows, key=lambda theme: theme.name.casefold())


@prepared
def _newest_themes(*, at: dt.datetime) -> QuerySet:
    # Those without come last: to leave them out here, a database would look for each date twice.
    newest = _dated_themes(at).order_by(F("newest").desc(nulls_last=True))
    return newest.values_list("pk", "slug", "name", "newest")[:MOST_THEMES]


# `newest` is a subquery with a limit, not EXISTS: a planner turns EXISTS into a join over
# everything that was ever published, and a limit into one step along an index for each name.


def public_themes(at: dt.datetime) -> QuerySet[Theme]:
    """Themes that a public statement is filed under, with the date of the `newest`."""
    return _dated_themes(at).filter(newest__isnull=False)


def _dated_themes(at: dt.datetime) -> QuerySet[Theme]:
    newest = (
        public_editions(at=at)
        .filter(listed_before(at, "statement__themed__"), statement__themed__tag=OuterRef("pk"))
        .order_by("-statement__themed__first_release_at", "-statement__themed__content_object_id")
        .values("statement__themed__first_release_at")[:1]
    )
    return Theme.objects.annotate(newest=Subquery(newest)).order_by()


def public_voices(at: dt.datetime) -> QuerySet[EditionVoice]:
    """Under whom public editions are listed, the newest first."""
    return EditionVoice.objects.filter(public_at(at), listed_before(at)).order_by(
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


PUBLIC_NAMES: dict[str, Callable[[dt.datetime], QuerySet[Any]]] = {
    "theme": public_themes,
    "speaker": public_speakers,
    "organisation": public_organisations,
}
