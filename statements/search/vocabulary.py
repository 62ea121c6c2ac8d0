"""The names and languages that a search can be asked by: what is on the books, public or not.

Nothing of it may be shown unless a public edition answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.query import QuerySet

from organisations.models import FormerSpeakerSlug, Organisation, Speaker
from statements.models import FormerThemeSlug, SearchWord, Theme
from statements.published.compiled_query import compiled_query


@dataclass(frozen=True)
class FacetValue:
    """A theme, speaker or body by the token of its row; `slug` and `name` are those of now."""

    facet: str
    pk: int
    slug: str
    name: str

    @property
    def token(self) -> str:
        return f"{self.facet}:{self.pk}"


@dataclass(frozen=True)
class Vocabulary:
    """The names on the books, and the languages of what is indexed."""

    languages: list[str]
    facet_values: list[FacetValue]


def load_vocabulary() -> Vocabulary:
    """Two queries: the names, with those that were merged into them, and the languages."""
    return Vocabulary(_load_languages(), _load_facet_values())


def find_facet_values(tokens: Iterable[str]) -> dict[str, FacetValue]:
    """Token → what it is called now, as far as it is on the books. One query."""
    numbers: dict[str, list[int]] = {"theme": [], "speaker": [], "organisation": []}
    for token in tokens:
        what, _, number = token.partition(":")
        if what in numbers:
            numbers[what].append(int(number))
    return {one.token: one for one in _load_facet_values(numbers)}


def _load_facet_values(numbers: dict[str, list[int]] | None = None) -> list[FacetValue]:
    """Everything on the books, or the rows of these numbers alone."""
    if numbers is None:
        return [FacetValue(*row) for row in _select_names()]
    nobody = (0,)
    asked = {what: tuple(found) or nobody for what, found in numbers.items()}
    return [FacetValue(*row) for row in _select_names(**asked)]


@compiled_query
def _select_names(**numbers: tuple[int, ...]) -> QuerySet:
    arms = []
    for what, model, former in (
        ("theme", Theme, FormerThemeSlug),
        ("speaker", Speaker, FormerSpeakerSlug),
        ("organisation", Organisation, None),
    ):
        rows = model.objects.order_by()
        rows = rows.filter(pk__in=numbers[what]) if numbers else rows
        arms.append(rows.values_list(Value(what, TextField()), "pk", "slug", "name"))
        if former:
            rows = former.objects.filter(merged__isnull=False).order_by()
            rows = rows.filter(merged__in=numbers[what]) if numbers else rows
            columns = ("merged", f"{what}__slug", f"{what}__name")
            arms.append(rows.values_list(Value(what, TextField()), *columns))
    return arms[0].union(*arms[1:], all=True)


def _load_languages() -> list[str]:
    """From one to the next along searchword_language_stem_uniq: one step for each language."""
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
    """(language, stem) of those that are in the index, along searchword_language_stem_uniq. One query.

    Nothing is said of what is public.
    """
    rows = SearchWord.objects.filter(language__in=languages, stem__in=list(stems))
    return list(rows.values_list("language", "stem"))
