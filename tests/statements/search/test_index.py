"""Where search looks follows what the verbs do, in the same transaction, on both databases."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from statements import clock, workflow
from statements.models import SearchRow, SearchWord, Theme
from statements.search.terms import format_tsvector
from statements.workflow import merging
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)


def indexed(token: str) -> list[int]:
    """Editions that hold this token, public or not, as the database itself finds them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT edition_id FROM statements_searchrow WHERE words @@ %s::tsquery ORDER BY 1",
                [f"'{token}'"],
            )
        else:
            cursor.execute(
                "SELECT rowid FROM statements_search WHERE statements_search MATCH %s ORDER BY 1",
                [f'"{token}"'],
            )
        return [pk for (pk,) in cursor]


def everything() -> list[tuple]:
    """Every row with the tokens that lie beside it."""
    rows = list(SearchRow.objects.order_by("pk").values_list())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT edition_id, words FROM statements_searchrow ORDER BY 1")
        else:
            cursor.execute("SELECT rowid, words FROM statements_search ORDER BY 1")
        return [rows, cursor.fetchall()]


def test_an_edition_is_found_from_its_time_on_and_follows_every_verb(ann, ed):
    statement = make_statement(ann, words="Xylophones for all.")
    first = submit_statement(statement, by=ann)
    assert indexed("xylophon.en") == []

    approve_edition(first, by=ed, release_at=NOON + HOUR)
    assert indexed("xylophon.en") == [first.pk]

    workflow.hold(refetch_edition(first), by=ed, at=NOON)
    assert indexed("xylophon.en") == []

    workflow.reschedule(
        refetch_edition(first), by=ed, at=NOON, seen_digest=first.digest, release_at=NOON + 2 * HOUR
    )
    row = SearchRow.objects.get()
    assert (row.first_release_at, row.release_at) == (NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert indexed("month:204403") == [first.pk]

    rewrite_passage(statement, "Trombones for all.", by=ann)
    second = submit_statement(statement, by=ann, at=NOON + 3 * HOUR, amendment="typo")
    approve_edition(second, by=ed, at=NOON + 3 * HOUR, release_at=NOON + 4 * HOUR)
    assert (indexed("xylophon.en"), indexed("trombon.en")) == ([first.pk], [second.pk])
    assert SearchRow.objects.get(pk=first.pk).live_until == NOON + 4 * HOUR

    workflow.withdraw(
        refetch_edition(second), by=ed, at=NOON + 5 * HOUR, kind="notice", notice="It was wrong."
    )
    assert (indexed("xylophon.en"), indexed("trombon.en")) == ([], [])
    assert not SearchRow.objects.exists()


def test_what_lies_on_the_shelf_is_found_as_it_is_now(ann, ed):
    statement = make_statement(ann)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    theme = Theme.objects.create(name="Coast", slug="coast")

    def add():
        statement.themes.add(theme)
        return {"themes": "Coast"}

    workflow.update_metadata(statement, by=ed, at=NOON + HOUR, change=add)

    assert indexed(f"theme:{theme.pk}") == [edition.pk]


def test_erased_words_are_in_no_index_nor_any_stem_that_nothing_else_holds(ann, ed, max):
    kept = approve_edition(
        submit_statement(make_statement(ann, words="Buses for all."), by=ann), by=ed
    )
    edition = approve_edition(
        submit_statement(make_statement(ann, "Canary", words="Xylophones for all."), by=ann), by=ed
    )
    at = NOON + MINUTE
    workflow.withdraw(refetch_edition(edition), by=ed, at=at, kind="gone", notice="A court order.")
    workflow.request_erasure(refetch_edition(edition), by=max, at=at, reason="The order.")
    mia = make_user("mia", "Manager")
    workflow.erase(
        refetch_edition(edition), by=mia, at=at, seen_digest=edition.digest, password=PASSWORD
    )

    stems = set(SearchWord.objects.values_list("stem", flat=True))
    assert {"bus", "all", "for"} <= stems
    assert not {"canari", "xylophon"} & stems
    assert indexed("for.en") == [kept.pk]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT CAST(group_concat(block, '') AS BLOB) FROM statements_search_data"
            )
            assert b"xylophon" not in bytes(cursor.fetchone()[0])


def test_making_the_index_anew_changes_nothing(ann, ed, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + HOUR)
    for number in range(3):
        statement = make_statement(ann, f"Number {number}", words="Words that stand.")
        statement.themes.add(Theme.objects.create(name=f"Theme {number}", slug=f"theme-{number}"))
        approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + number * DAY)
    before = everything()

    out = StringIO()
    call_command("reindex_search", stdout=out)
    again = everything()
    SearchRow.objects.all().delete()
    call_command("reindex_search", stdout=out)

    assert (again, everything()) == (before, before)
    assert out.getvalue().endswith("Every statement can be found.\n")


def test_a_merger_leaves_every_token_where_it_is_and_says_whose_it_was(ann, ed, max):
    goes, stays = (Theme.objects.create(name=name, slug=name) for name in ("coasts", "coast"))
    number = goes.pk
    statement = make_statement(ann)
    statement.themes.add(goes)
    approve_edition(submit_statement(statement, by=ann), by=ed)

    merging.merge_themes(goes, stays, by=max, at=NOON + HOUR)
    stays.slug = "coasts"
    stays.save()

    assert list(stays.former_slugs.values_list("slug", "merged")) == [
        ("coasts", number),
        ("coast", None),
    ]


def test_a_statement_of_any_length_can_be_indexed(ann, ed):
    """PostgreSQL takes no word above 2 KB, no position above 16,383, and a megabyte in all."""
    words = " ".join(["x" * 5000, *(f"{'y' * 30}{n}" for n in range(40_000)), "last"])
    edition = approve_edition(submit_statement(make_statement(ann, words=words), by=ann), by=ed)

    assert indexed("x" * 60 + ".en") == [edition.pk]
    assert len(format_tsvector(words).encode()) < 1_048_575
