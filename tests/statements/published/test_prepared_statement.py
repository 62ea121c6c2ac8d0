"""PostgreSQL plans a query of a page once for each connection, and pages outlive its forgetting."""

import psycopg2
import pytest
from django.db import connection
from django.db.models import QuerySet

from statements.models import Theme
from statements.published import prepared_statement
from statements.published.compiled_query import compiled_query

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite prepares by itself what it is asked."
    ),
]


@pytest.fixture(autouse=True)
def not_handed_round(monkeypatch):
    monkeypatch.setattr(prepared_statement, "_is_pooled", False)


@pytest.fixture
def called():
    Theme.objects.create(name="Ash", slug="ash")

    @compiled_query
    def called(*, slug: str) -> QuerySet:
        return Theme.objects.filter(slug=slug).values_list("name", flat=True)

    return called


def asked(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def held() -> int:
    where = "name LIKE 'page_%%' AND statement LIKE %s"
    rows = asked(f"SELECT 1 FROM pg_prepared_statements WHERE {where}", "%statements_theme%")
    return len(rows)


def test_a_query_is_prepared_once_and_executed_with_what_is_asked(called):
    before = held()
    assert [called(slug=one) for one in ("ash", "oak", "ash")] == [["Ash"], [], ["Ash"]]
    assert held() == before + 1


def test_a_connection_plans_once_and_as_for_memory(called):
    connection.close()
    called(slug="ash")
    assert asked("SHOW plan_cache_mode") == [("force_generic_plan",)]
    assert asked("SHOW random_page_cost") == [("1",)]


def test_it_is_prepared_anew_on_a_new_connection(called):
    assert called(slug="ash") == ["Ash"]
    connection.close()
    assert called(slug="ash") == ["Ash"]
    assert held() == 1


@pytest.mark.parametrize("known", [True, False])
def test_a_connection_that_the_server_ended_is_renewed_and_prepared_on(called, known):
    if known:
        assert called(slug="ash") == ["Ash"]
    connection.health_check_enabled, connection.health_check_done = True, False
    (number,) = asked("SELECT pg_backend_pid()")[0]
    connection.health_check_done = False
    with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    assert called(slug="ash") == ["Ash"]
    assert held() == 1


def test_a_query_that_the_connection_lost_is_asked_as_it_is_from_then_on(called):
    assert called(slug="ash") == ["Ash"]
    asked("DEALLOCATE ALL")
    assert called(slug="ash") == ["Ash"]
    connection.close()
    assert called(slug="ash") == ["Ash"]
    assert held() == 0


def test_a_query_that_another_process_prepared_on_this_connection_is_no_error(called):
    assert called(slug="ash") == ["Ash"]
    prepared_statement._prepared_names.clear()
    assert called(slug="ash") == ["Ash"]


def test_quotation_marks_and_signs_of_sql_are_only_text(called):
    for slug in ("'; DROP TABLE x; --", "$1", "%s", "\\", "“"):
        assert called(slug=slug) == []


def test_another_error_of_the_database_is_not_taken_for_a_lost_query(called):
    from django.db import DataError

    with pytest.raises((DataError, ValueError)):
        called(slug="\0")
    assert not prepared_statement._is_pooled
