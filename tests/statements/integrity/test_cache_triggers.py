"""Test that every change that the public could see raises the cache version."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Sum

from organisations.models import Contact, Organisation, Speaker
from statements.integrity import cache_triggers
from statements.models import CacheVersion, RelatedStatement, Statement, Theme
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    rewrite_passage,
    submit_statement,
)
from tests.whole_site.routes import public_urls

SEEN = {seen.table for seen in cache_triggers.PUBLIC_TABLES}
APART = {
    "statements_cacheversion",  # the cache version itself
    "statements_searchrow",  # an answer to a search is not kept
    "statements_searchword",
    "archive_legacyredirect",  # asked where nothing is, and a 404 is not kept
}


def number() -> int:
    return CacheVersion.objects.aggregate(n=Sum("number"))["n"]


def moves(*actions) -> list[bool]:
    """Return for each action whether it raised the cache version."""
    said = []
    for action in actions:
        before = number()
        action()
        said.append(number() > before)
    return said


def sql(*commands: str):
    def run() -> None:
        with connection.cursor() as cursor:
            for command in commands:
                cursor.execute(command)

    return run


@pytest.fixture
def live(frozen, ann, ed) -> Statement:
    frozen(NOON + HOUR)
    statement = make_statement(ann, "What is public")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    return statement


def test_every_table_that_a_public_page_reads_is_watched(client, live, ann, max):
    """A table new to the public pages fails here until cache_triggers.py watches it."""
    live.themes.add(Theme.objects.create(name="Water", slug="water"))
    asked: list[str] = []

    def listen(execute, sql, *arguments):
        asked.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(listen):
        for address in (*public_urls("what-is-public"), *public_urls("never-was")):
            client.get(address)

    ours = {model._meta.db_table for model in apps.get_models()}
    read = {name for one in asked for name in re.findall(r'"?(\w+)"?', one) if name in ours}
    assert read - APART <= SEEN
    assert len(read) >= 12


def test_what_the_public_sees_moves_it_and_what_it_does_not_see_does_not(live, ann, ed):
    draft = make_statement(ann, "A draft")
    theme = Theme.objects.create(name="Water", slug="water")
    contact = Contact.objects.create(
        organisation=Organisation.objects.get(), name="Desk", phone="020 7946 0000"
    )
    Statement.objects.filter(pk=live.pk).update(contact=contact)
    one = Statement.objects.filter(pk=live.pk)

    assert (
        moves(
            lambda: draft.themes.add(theme),
            lambda: Theme.objects.create(name="Rain", slug="rain"),
            lambda: Speaker.objects.create(name="New", slug="new"),
            lambda: rewrite_passage(live, "Better words.", by=ann),
            lambda: submit_statement(live, by=ann, amendment="typo"),
            lambda: one.update(headline="Other", version=9),
            lambda: Statement.objects.filter(pk=draft.pk).update(contact=contact),
        )
        == [False] * 7
    )
    assert (
        moves(
            lambda: live.themes.add(theme),
            lambda: Theme.objects.filter(pk=theme.pk).update(name="Rivers"),
            lambda: live.themes.clear(),
            lambda: Speaker.objects.update(name="Sir Dave Hill"),
            lambda: Organisation.objects.update(website="https://example.org/"),
            lambda: contact.save(),
            lambda: Contact.objects.create(
                organisation=live.organisation, name="Night desk", phone="020 7946 0001"
            ),
            lambda: one.update(contact=None),
            lambda: RelatedStatement.objects.create(statement=live, to=draft),
            lambda: RelatedStatement.objects.all().delete(),
            lambda: approve_edition(
                live.editions.get(sequence=2), by=ed, release_at=NOON + 2 * HOUR
            ),
        )
        == [True] * 11
    )


def test_going_round_the_python_moves_it_too(live):
    assert (
        moves(
            sql("UPDATE statements_edition SET second_look_at = NULL"),
            sql("UPDATE statements_statementslug SET public_from = public_from"),
            sql(
                "DELETE FROM statements_editionattribution WHERE id = (SELECT MIN(id) FROM statements_editionattribution)"
            ),
            sql("UPDATE organisations_speaker SET name = 'X'"),
        )
        == [True] * 4
    )


def test_what_was_rolled_back_moved_nothing(live):
    before = number()
    with transaction.atomic():
        Speaker.objects.update(name="X")
        transaction.set_rollback(True)
    assert number() == before


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_writers_never_wait_for_each_other():
    """One holds its transaction open for as long as the other needs to commit its own."""
    Speaker.objects.create(name="One", slug="one")
    Speaker.objects.create(name="Other", slug="other")
    before = number()

    def other() -> int:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                Speaker.objects.filter(slug="other").update(name="Moved")
            return number()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Speaker.objects.filter(slug="one").update(name="Moved")
        seen_by_other = pool.submit(other).result()

    assert (seen_by_other, number()) == (before + 1, before + 2)
