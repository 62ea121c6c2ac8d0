"""A decision between two queries of one page makes no error.

A page runs several queries while the newsdesk goes on working. So a statement is withdrawn or
corrected before each query of each page in turn.
"""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from statements import workflow
from statements.models import Edition, Theme
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

AT = NOON + HOUR
PAGES = [
    "/",
    "/?q=welcome",
    "/?q=welcome&sort=relevance",
    "/?theme=water&speaker=dave-hill",
    "/statements/a-comment/",
    "/statements/a-comment/editions/",
    "/statements/a-comment/editions/1/",
    "/themes/water/",
    "/speakers/dave-hill/",
    "/archive/",
    "/corrections/",
    "/feeds/statements.atom",
    "/themes/water/feed.json",
    "/sitemap-2044-03.xml",
    "/news-sitemap.xml",
]


@pytest.fixture
def edition(ann, ed) -> Edition:
    """Return the newest of two statements, corrected once."""
    water = Theme.objects.create(name="Water", slug="water")
    for headline in ("Another", "A comment"):
        statement = make_statement(ann, headline)
        statement.themes.add(water)
        edition = approve_edition(
            submit_statement(statement, by=ann, at=NOON - DAY),
            by=ed,
            at=NOON - DAY,
            release_at=NOON - DAY,
        )
    return correct(edition, ann, ed, at=NOON, words="We welcome better words.")


def correct(edition: Edition, ann, ed, *, at=AT, words="We welcome the best words.") -> Edition:
    statement = rewrite_passage(edition.statement, words, by=ann)
    change = {"amendment": "correction", "public_note": "The words were wrong."}
    return approve_edition(
        submit_statement(statement, by=ann, at=at, **change), by=ed, at=at, release_at=at
    )


def withdraw(edition: Edition, ann, ed) -> None:
    notice = "It was not ours to say."
    workflow.withdraw(refetch_edition(edition), by=ed, at=AT, kind="gone", notice=notice)


def get_with_decision(
    client, address: str, before: int, decide: Callable[[], object]
) -> tuple[int, int]:
    """Return the status and the number of queries, with a decision before one of them."""
    queries, deciding = 0, False

    def listen(execute, *query):
        nonlocal queries, deciding
        if not deciding:
            if queries == before:
                deciding = True
                decide()
                deciding = False
            queries += 1
        return execute(*query)

    with transaction.atomic():
        with connection.execute_wrapper(listen):
            status = client.get(address).status_code
        transaction.set_rollback(True)
    return status, queries


@pytest.mark.parametrize("decide", [withdraw, correct])
def test_a_decision_between_two_queries_is_no_error(client, frozen, edition, ann, ed, decide):
    frozen(AT)
    statuses = set()
    for address in PAGES:
        before, queries = 0, 1
        while before < queries:
            status, queries = get_with_decision(
                client, address, before, lambda: decide(edition, ann, ed)
            )
            statuses.add(status)
            before += 1

    assert statuses <= {200, 301, 404, 410}
