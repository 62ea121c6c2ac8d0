"""The public lists walk the index that was made for them, however small the tables are.

A planner rightly reads a small table whole. So PostgreSQL is told that reading or sorting all rows
costs too much (it still does where nothing else is possible, which shows that the index does not
serve). SQLite, without statistics, decides by the form of the query alone. How fast it is with a
million rows is measured by `python -m bench`.
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
SORTED_AFTERWARDS = {"/?q=welcome", "/admin/"}
"""Search results, and the few editions that are not public yet, are sorted after they are read."""
READS_WHOLE_TABLE = re.compile(
    r"(?:SCAN|Seq Scan on) (statements_(?:edition|editionattribution|statement|themedstatement|searchrow"
    r"|withdrawal|event))\b(?! USING)"
)
SORTS = re.compile(
    r"USE TEMP B-TREE FOR ORDER BY|Sort Key: .*(?:release_at|changed_at).*\n(?!.*Presorted Key)"
)
"""A sort of all rows. To sort the rows of one instant, read from an index, costs nothing."""
PLANS_TURNED_OFF = (
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
    """Return the plan of each query of the page that reads a statements table."""
    queries: list[tuple] = []

    def listen(execute, sql, parameters, *more):
        if re.match(r"\s*(SELECT|WITH)", sql) and "statements_" in sql:
            queries.append((sql, parameters))
        return execute(sql, parameters, *more)

    with connection.execute_wrapper(listen):
        assert client.get(address).status_code == 200
    return [_explain(*query) for query in queries]


def _explain(sql: str, parameters) -> str:
    with connection.cursor() as cursor:
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.django_db
def test_hot_pages_walk_the_index_made_for_them(record, client):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for setting in PLANS_TURNED_OFF:
                cursor.execute(f"SET LOCAL {setting} = off")
    wrong = {}
    for address, index in WALKS.items():
        page_plans = plans(client, address)
        walking = [plan for plan in page_plans if re.search(rf"\b{index}\b", plan)]
        read_whole = READS_WHOLE_TABLE.findall("\n".join(page_plans))
        in_order = address in SORTED_AFTERWARDS or not all(map(SORTS.search, walking))
        if not walking or read_whole or not in_order:
            wrong[address] = (index, read_whole, walking)

    assert wrong == {}
