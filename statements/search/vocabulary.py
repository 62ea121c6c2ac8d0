"""Load the names and languages that a search can match, whether or not they are public.

Never show any of them unless a public edition matches.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.query import QuerySet

from organisations.models import FormerSpeakerSlug, Organisation, Speaker
from statements.models import FormerThemeSlug, SearchWord, Theme
from statements.published.compiled_query import compiled_query


@dataclass(frozen=True)
class FacetValue:
    """A theme, speaker or organisation; `slug` and `name` are today's, `pk` may be a merged row."""

    facet: str
    pk: int
    slug: str
    name: str

    @property
    def token(self) -> str:
        return f"{self.facet}:{self.pk}"


@dataclass(frozen=True)
class Vocabulary:
    """All themes, speakers and organisations, and the languages in the index."""

    languages: list[str]
    facet_values: list[FacetValue]


def load_vocabulary() -> Vocabulary:
    """Return the whole vocabulary, in two queries. Rows that were merged are included."""
    return Vocabulary(_load_languages(), _load_facet_values())


def find_facet_values(tokens: Iterable[str]) -> dict[str, FacetValue]:
    """Return the facet value of each token that has one, in one query."""
    ids: dict[str, list[int]] = {"theme": [], "speaker": [], "organisation": []}
    for token in tokens:
        facet, _, number = token.partition(":")
        if facet in ids:
            ids[facet].append(int(number))
    return {value.token: value for value in _load_facet_values(ids)}


def _load_facet_values(ids: dict[str, list[int]] | None = None) -> list[FacetValue]:
    if ids is None:
        return [FacetValue(*row) for row in _select_names()]
    no_row = (0,)
    numbers = {facet: tuple(some) or no_row for facet, some in ids.items()}
    return [FacetValue(*row) for row in _select_names(**numbers)]


@compiled_query
def _select_names(**numbers: tuple[int, ...]) -> QuerySet[Any, Any]:
    arms: list[QuerySet[Any, Any]] = []
    for facet, model, former in (
        ("theme", Theme, FormerThemeSlug),
        ("speaker", Speaker, FormerSpeakerSlug),
        ("organisation", Organisation, None),
    ):
        rows: QuerySet[Any] = model.objects.order_by()
        rows = rows.filter(pk__in=numbers[facet]) if numbers else rows
        arms.append(rows.values_list(Value(facet, TextField()), "pk", "slug", "name"))
        if former:
            merged: QuerySet[Any] = former.objects.filter(merged__isnull=False).order_by()
            merged = merged.filter(merged__in=numbers[facet]) if numbers else merged
            columns = ("merged", f"{facet}__slug", f"{facet}__name")
            arms.append(merged.values_list(Value(facet, TextField()), *columns))
    return arms[0].union(*arms[1:], all=True)


def _load_languages() -> list[str]:
    # DISTINCT would read every row. This steps along searchword_language_stem_uniq from one
    # language to the next.
    with connection.cursor() as cursor:
        cursor.execute("""
        WITH RECURSIVE used (language) AS (
            SELECT MIN(language) FROM statements_searchword
            UNION ALL
            SELECT (SELECT MIN(w.language) FROM statements_searchword w
                    WHERE w.language > used.language)
            FROM used WHERE used.language IS NOT NULL
        ) SELECT language FROM used WHERE language IS NOT NULL""")
        return [language for (language,) in cursor.fetchall()]


def find_known_stems(stems: Iterable[str], languages: list[str]) -> list[tuple[str, str]]:
    """Return (language, stem) of the stems in the index, public or not, in one query."""
    rows = SearchWord.objects.filter(language__in=languages, stem__in=list(stems))
    return list(rows.values_list("language", "stem"))
