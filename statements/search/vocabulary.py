"""The names and languages that a search can be asked by: what is on the books, public or not.

Nothing of it may be shown unless a public edition answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.query import QuerySet

from organisations.models import FormerSlug, Organisation, Speaker
from statements.models import FormerThemeSlug, SearchWord, Theme
from statements.published.compiled_query import prepared


@dataclass(frozen=True)
class Filed:
    """A theme, speaker or body by the token of its row; `slug` and `name` are those of now."""

    what: str
    pk: int
    slug: str
    name: str

    @property
    def token(self) -> str:
        return f"{self.what}:{self.pk}"


@dataclass(frozen=True)
class Books:
    """The names on the books, and the languages of what is indexed."""

    languages: list[str]
    filed: list[Filed]


def on_the_books() -> Books:
    """Two queries: the names, with those that were merged into them, and the languages."""
    return Books(_languages(), _filed())


def called(tokens: Iterable[str]) -> dict[str, Filed]:
    """Token → what it is called now, as far as it is on the books. One query."""
    numbers: dict[str, list[int]] = {"theme": [], "speaker": [], "organisation": []}
    for token in tokens:
        what, _, number = token.partition(":")
        if what in numbers:
            numbers[what].append(int(number))
    return {one.token: one for one in _filed(numbers)}


def _filed(numbers: dict[str, list[int]] | None = None) -> list[Filed]:
    """Everything on the books, or the rows of these numbers alone."""
    if numbers is None:
        return [Filed(*row) for row in _rows()]
    nobody = (0,)
    asked = {what: tuple(found) or nobody for what, found in numbers.items()}
    return [Filed(*row) for row in _rows(**asked)]


@prepared
def _rows(**numbers: tuple[int, ...]) -> QuerySet:
    arms = []
    for what, model, former in (
        ("theme", Theme, FormerThemeSlug),
        ("speaker", Speaker, FormerSlug),
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


def _languages() -> list[str]:
    """From one to the next along a_stem_is_kept_once: one step for each language."""
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


def known_stems(stems: Iterable[str], languages: list[str]) -> list[tuple[str, str]]:
    """(language, stem) of those that are in the index, along a_stem_is_kept_once. One query.

    Nothing is said of what is public.
    """
    rows = SearchWord.objects.filter(language__in=languages, stem__in=list(stems))
    return list(rows.values_list("language", "stem"))
