"""The search index follows every transition, in its transaction, on both databases."""

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


def find_indexed(token: str) -> list[int]:
    """Return the editions with this token, public or not, by a query of the database itself."""
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


def dump_index() -> list[list[tuple]]:
    """Return every row, and its tokens."""
    rows = list(SearchRow.objects.order_by("pk").values_list())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT edition_id, words FROM statements_searchrow ORDER BY 1")
        else:
            cursor.execute("SELECT rowid, words FROM statements_search ORDER BY 1")
        return [rows, cursor.fetchall()]


def test_an_edition_is_indexed_from_its_approval_and_follows_every_transition(ann, ed):
    statement = make_statement(ann, words="Xylophones for all.")
    first = submit_statement(statement, by=ann)
    assert find_indexed("xylophon.en") == []

    approve_edition(first, by=ed, release_at=NOON + HOUR)
    assert find_indexed("xylophon.en") == [first.pk]

    workflow.hold(refetch_edition(first), by=ed, at=NOON)
    assert find_indexed("xylophon.en") == []

    workflow.reschedule(
        refetch_edition(first), by=ed, at=NOON, seen_digest=first.digest, release_at=NOON + 2 * HOUR
    )
    row = SearchRow.objects.get()
    assert (row.first_release_at, row.release_at) == (NOON + 2 * HOUR, NOON + 2 * HOUR)
    assert find_indexed("month:204403") == [first.pk]

    rewrite_passage(statement, "Trombones for all.", by=ann)
    second = submit_statement(statement, by=ann, at=NOON + 3 * HOUR, amendment="typo")
    approve_edition(second, by=ed, at=NOON + 3 * HOUR, release_at=NOON + 4 * HOUR)
    assert (find_indexed("xylophon.en"), find_indexed("trombon.en")) == ([first.pk], [second.pk])
    assert SearchRow.objects.get(pk=first.pk).live_until == NOON + 4 * HOUR

    workflow.withdraw(
        refetch_edition(second), by=ed, at=NOON + 5 * HOUR, kind="notice", notice="It was wrong."
    )
    assert (find_indexed("xylophon.en"), find_indexed("trombon.en")) == ([], [])
    assert not SearchRow.objects.exists()


def test_metadata_is_indexed_as_it_is_now(ann, ed):
    statement = make_statement(ann)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    theme = Theme.objects.create(name="Coast", slug="coast")

    def add():
        statement.themes.add(theme)
        return {"themes": "Coast"}

    workflow.update_metadata(statement, by=ed, at=NOON + HOUR, change=add)

    assert find_indexed(f"theme:{theme.pk}") == [edition.pk]


def test_erasure_deletes_the_tokens_and_every_stem_of_no_other_edition(ann, ed, max):
    other = approve_edition(
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
    assert find_indexed("for.en") == [other.pk]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT CAST(group_concat(block, '') AS BLOB) FROM statements_search_data"
            )
            assert b"xylophon" not in bytes(cursor.fetchone()[0])


def test_rebuilding_the_index_changes_nothing(ann, ed, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + HOUR)
    for number in range(3):
        statement = make_statement(ann, f"Number {number}", words="Words that stand.")
        statement.themes.add(Theme.objects.create(name=f"Theme {number}", slug=f"theme-{number}"))
        approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + number * DAY)
    before = dump_index()

    out = StringIO()
    call_command("reindex_search", stdout=out)
    rebuilt = dump_index()
    SearchRow.objects.all().delete()
    call_command("reindex_search", stdout=out)

    assert (rebuilt, dump_index()) == (before, before)
    assert out.getvalue().endswith("Every statement is indexed.\n")


def test_a_merge_keeps_every_token_and_records_the_merged_row(ann, ed, max):
    source, target = (Theme.objects.create(name=name, slug=name) for name in ("coasts", "coast"))
    source_pk = source.pk
    statement = make_statement(ann)
    statement.themes.add(source)
    approve_edition(submit_statement(statement, by=ann), by=ed)

    merging.merge_themes(source, target, by=max, at=NOON + HOUR)
    target.slug = "coasts"
    target.save()

    assert list(target.former_slugs.values_list("slug", "merged")) == [
        ("coasts", source_pk),
        ("coast", None),
    ]


def test_a_statement_of_any_length_can_be_indexed(ann, ed):
    """PostgreSQL allows 2 KB for a token, 16,383 positions, and one megabyte for a row."""
    words = " ".join(["x" * 5000, *(f"{'y' * 30}{n}" for n in range(40_000)), "last"])
    edition = approve_edition(submit_statement(make_statement(ann, words=words), by=ann), by=ed)

    assert find_indexed("x" * 60 + ".en") == [edition.pk]
    assert len(format_tsvector(words).encode()) < 1_048_575
