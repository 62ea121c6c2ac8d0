"""A query is made once, and answers each question with what that one asked for."""

import datetime as dt

import pytest
from django.db.models import CharField, QuerySet, Value

from statements.models import Theme
from statements.published.compiled_query import compiled_query

pytestmark = pytest.mark.django_db
ONE, OTHER = dt.datetime(2044, 3, 1, tzinfo=dt.UTC), dt.datetime(2044, 3, 2, tzinfo=dt.UTC)


@pytest.fixture
def themes() -> list[Theme]:
    return [Theme.objects.create(name=name, slug=name.lower()) for name in ("Ash", "Oak", "Yew")]


def test_a_query_is_made_once_and_asked_for_other_values(themes, django_assert_num_queries):
    made = []

    @compiled_query
    def called(*, slug: str, among: tuple[int, ...]) -> QuerySet:
        made.append(slug)
        return Theme.objects.filter(slug=slug, pk__in=among)

    ash, oak, yew = themes
    with django_assert_num_queries(3):
        assert called(slug="ash", among=(ash.pk, yew.pk)) == [ash]
        assert called(slug="yew", among=(ash.pk, yew.pk)) == [yew]
        assert called(slug="oak", among=(ash.pk, yew.pk)) == []
    assert called(slug="oak", among=(oak.pk,)) == [oak]
    assert len(made) == 2  # once for each length of the tuple


def test_rows_of_values_come_with_what_was_asked(themes):
    @compiled_query
    def stamped(*, at: dt.datetime, number: int) -> QuerySet:
        columns = {"at": Value(at), "number": Value(number)}
        said = Value("100 % of it", output_field=CharField())
        rows = Theme.objects.annotate(said=said, **columns).order_by("name")
        return rows.values_list("name", "said", "number", "at")

    for at, number in ((ONE, 1), (OTHER, 2), (ONE, 3)):
        expected = [(name, "100 % of it", number, at) for name in ("Ash", "Oak", "Yew")]
        assert stamped(at=at, number=number) == expected


def test_what_is_no_value_makes_another_query(themes):
    @compiled_query
    def sorted_by(*, order, least: int) -> QuerySet:
        return order(Theme.objects.filter(pk__gte=least))

    def upwards(rows: QuerySet) -> QuerySet:
        return rows.order_by("name")

    def downwards(rows: QuerySet) -> QuerySet:
        return rows.order_by("-name")

    assert sorted_by(order=upwards, least=themes[1].pk) == themes[1:]
    assert sorted_by(order=downwards, least=themes[1].pk) == [themes[2], themes[1]]


def test_a_value_that_the_query_does_not_ask_for_is_refused(themes):
    @compiled_query
    def all_of_them(*, slug: str) -> QuerySet:
        return Theme.objects.all()

    with pytest.raises(AssertionError, match="does not use all of its arguments"):
        all_of_them(slug="ash")
