"""The hot pages walk the index that was made for them, however small the table is today.

A planner reads a small table whole, and rightly. So PostgreSQL is told that reading or sorting all
is out of the question (it does so still where nothing else is possible, and then the index does
not serve), and what the tables hold; SQLite, without statistics, goes by the form of the question
alone. That it is fast with a million rows, `python -m bench` measures.
"""

import re

import pytest
from django.db import connection

from bench.fill import fill_database
from statements.models import Theme
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement

WALKS = {
    "/": "edition_first_release_idx",
    "/?older=a-comment": "edition_first_release_idx",
    "/?newer=a-comment": "edition_first_release_idx",
    "/?year=2044": "edition_first_release_idx",
    "/?kind=comment": "edition_kind_first_release_idx",
    "/?theme=water": "themedstatement_tag_first_idx",
    "/?speaker=dave-hill": "editionattribution_speaker_idx",
    "/?organisation=association-of-directors": "editionattribution_org_idx",
    "/themes/water/": "themedstatement_tag_first_idx",
    "/speakers/dave-hill/": "editionattribution_speaker_idx",
    "/organisations/association-of-directors/": "editionattribution_org_idx",
    "/archive/2044/": "edition_first_release_idx",
    "/archive/2044/03/": "edition_first_release_idx",
    "/feeds/statements.atom": "edition_first_release_idx",
    "/themes/water/feed.atom": "themedstatement_tag_first_idx",
    "/speakers/dave-hill/feed.atom": "editionattribution_speaker_idx",
    "/organisations/association-of-directors/feed.atom": "editionattribution_org_idx",
    "/sitemap-2044-03.xml": "edition_first_release_idx",
    "/news-sitemap.xml": "edition_first_release_idx",
    "/corrections/": "edition_amendment_release_idx",
    "/?q=welcome": "searchrow_first_release_idx",
    "/admin/": "edition_state_release_at_idx",
    "/admin/statements/statement/": "statement_changed_headline_idx",
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
        fill_database(300)
    for headline in ("A comment", "Another"):
        statement = make_statement(ann, headline)
        statement.themes.add(Theme.objects.get_or_create(name="Water", slug="water")[0])
        approve_edition(submit_statement(statement, by=ann), by=ed)
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
        if grows:
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
