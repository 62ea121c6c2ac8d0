"""A query is compiled once and returns the rows for the values of each call."""

import datetime as dt

import django
import pytest
from django.db.models import CharField, QuerySet, Value

from statements.models import Theme
from statements.published.compiled_query import compiled_query

pytestmark = pytest.mark.django_db
ONE, OTHER = dt.datetime(2044, 3, 1, tzinfo=dt.UTC), dt.datetime(2044, 3, 2, tzinfo=dt.UTC)


@pytest.fixture
def themes() -> list[Theme]:
    return [Theme.objects.create(name=name, slug=name.lower()) for name in ("Ash", "Oak", "Yew")]


def test_a_query_is_compiled_once_and_run_with_other_values(themes, django_assert_num_queries):
    built = []

    @compiled_query
    def find_themes(*, slug: str, among: tuple[int, ...]) -> QuerySet:
        built.append(slug)
        return Theme.objects.filter(slug=slug, pk__in=among)

    ash, oak, yew = themes
    with django_assert_num_queries(3):
        assert find_themes(slug="ash", among=(ash.pk, yew.pk)) == [ash]
        assert find_themes(slug="yew", among=(ash.pk, yew.pk)) == [yew]
        assert find_themes(slug="oak", among=(ash.pk, yew.pk)) == []
    assert find_themes(slug="oak", among=(oak.pk,)) == [oak]
    assert len(built) == 2  # once for each length of the tuple


def test_columns_may_be_values_of_the_call(themes):
    @compiled_query
    def list_themes(*, at: dt.datetime, number: int) -> QuerySet:
        columns = {"at": Value(at), "number": Value(number)}
        text = Value("100 % of it", output_field=CharField())
        rows = Theme.objects.annotate(text=text, **columns).order_by("name")
        return rows.values_list("name", "text", "number", "at")

    for at, number in ((ONE, 1), (OTHER, 2), (ONE, 3)):
        expected = [(name, "100 % of it", number, at) for name in ("Ash", "Oak", "Yew")]
        assert list_themes(at=at, number=number) == expected


def test_an_argument_that_is_no_value_makes_another_query(themes):
    @compiled_query
    def sorted_by(*, order, least: int) -> QuerySet:
        return order(Theme.objects.filter(pk__gte=least))

    def upwards(rows: QuerySet) -> QuerySet:
        return rows.order_by("name")

    def downwards(rows: QuerySet) -> QuerySet:
        return rows.order_by("-name")

    assert sorted_by(order=upwards, least=themes[1].pk) == themes[1:]
    assert sorted_by(order=downwards, least=themes[1].pk) == [themes[2], themes[1]]


def test_a_value_that_the_query_does_not_use_is_refused(themes):
    @compiled_query
    def list_all(*, slug: str) -> QuerySet:
        return Theme.objects.all()

    with pytest.raises(AssertionError, match="does not use all of its arguments"):
        list_all(slug="ash")


def test_the_version_of_django_is_the_one_that_was_checked():
    """Compiled queries rely on parts of Django that may change in any feature release.

    With a new version, read `QuerySet`, `BaseIterable` and `SQLCompiler.results_iter` again.
    """
    assert django.VERSION[:2] == (5, 2)
