"""The hot pages walk the index that was made for them, however small the table is today.

A planner reads a small table whole, and rightly. So PostgreSQL is told that reading or sorting all
is out of the question (it does so still where nothing else is possible, and then the index does
not serve), and what the tables hold; SQLite, without statistics, goes by the form of the question
alone. That it is fast with a million rows, `python -m bench` measures.
"""

import re

import pytest
from django.core.management import call_command
from django.db import connection

from statements.models import Theme
from tests.cast import HOUR, NOON, approved, make_statement, submitted

WALKS = {
    "/": "newest_released",
    "/?older=a-comment": "newest_released",
    "/?newer=a-comment": "newest_released",
    "/?year=2044": "newest_released",
    "/?kind=comment": "newest_of_kind",
    "/?theme=water": "newest_of_theme",
    "/?speaker=dave-hill": "newest_of_speaker",
    "/?organisation=association-of-directors": "newest_of_body",
    "/themes/water/": "newest_of_theme",
    "/speakers/dave-hill/": "newest_of_speaker",
    "/organisations/association-of-directors/": "newest_of_body",
    "/archive/2044/": "newest_released",
    "/archive/2044/03/": "newest_released",
    "/feeds/statements.atom": "newest_released",
    "/themes/water/feed.atom": "newest_of_theme",
    "/speakers/dave-hill/feed.atom": "newest_of_speaker",
    "/organisations/association-of-directors/feed.atom": "newest_of_body",
    "/sitemap-2044-03.xml": "newest_released",
    "/news-sitemap.xml": "newest_released",
    "/corrections/": "newest_amendments",
    "/?q=welcome": "newest_in_search",
    "/admin/": "newsdesk_queue",
    "/admin/statements/statement/": "last_worked_on",
}
IN_NO_ORDER = {"/?q=welcome", "/admin/"}
"""The answers of a search, and the few editions that wait, are sorted when they are found."""
GROWS = re.compile(
    r"(?:SCAN|Seq Scan on) (statements_(?:edition|editionvoice|statement|themedstatement|searchrow"
    r"|withdrawal|event))\b(?! USING)"
)
SORTS = re.compile(
    r"USE TEMP B-TREE FOR ORDER BY|Sort Key: .*(?:release_at|changed_at).*\n(?!.*Presorted Key)"
)
"""All rows, that is; those of one instant among themselves, out of an index, are soon sorted."""
ALL_OUT_OF_THE_QUESTION = (
    "enable_seqscan",
    "enable_sort",
    "enable_hashjoin",
    "enable_mergejoin",
)


@pytest.fixture
def record(ann, ed, client, frozen) -> None:
    if connection.vendor == "postgresql":
        call_command("make_statements", 300)
    for headline in ("A comment", "Another"):
        statement = make_statement(ann, headline)
        statement.themes.add(Theme.objects.get_or_create(name="Water", slug="water")[0])
        approved(submitted(statement, by=ann), by=ed)
    client.force_login(ed)
    frozen(NOON + HOUR)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def plans(client, address: str) -> list[str]:
    """Of each question that the page asks of what grows with the record."""
    asked: list[tuple] = []

    def listen(execute, sql, parameters, *more):
        grows = re.match(r"\s*(SELECT|WITH)", sql) and "statements_" in sql
        if grows or sql.startswith("EXECUTE page_"):
            asked.append((sql, parameters))
        return execute(sql, parameters, *more)

    with connection.execute_wrapper(listen):
        assert client.get(address).status_code == 200
    return [_plan(*one) for one in asked]


def _plan(sql: str, parameters) -> str:
    with connection.cursor() as cursor:
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.django_db
def test_hot_pages_walk_the_index_made_for_them(record, client):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ALL_OUT_OF_THE_QUESTION:
                cursor.execute(f"SET LOCAL {way} = off")
    wrong = {}
    for address, index in WALKS.items():
        told = plans(client, address)
        walking = [plan for plan in told if re.search(rf"\b{index}\b", plan)]
        read_whole = GROWS.findall("\n".join(told))
        in_order = address in IN_NO_ORDER or not all(map(SORTS.search, walking))
        if not walking or read_whole or not in_order:
            wrong[address] = (index, read_whole, walking)

    assert wrong == {}
