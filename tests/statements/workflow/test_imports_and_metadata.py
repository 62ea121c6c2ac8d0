"""Test importing single editions, and changes of metadata."""

import pytest

from statements import workflow
from statements.clock import FOREVER
from statements.models import (
    ApprovalRule,
    Edition,
    Passage,
    RelatedStatement,
    Statement,
    StatementSlug,
    Theme,
    ThemedStatement,
)
from statements.published.editions import past_editions, public_editions
from statements.release_dates import get_day_start
from tests.assertions import assert_denied, assert_refused
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

THEN = NOON - 1000 * DAY


def brought_in(statement: Statement, *, by, released_at=THEN, source="old.csv:17") -> Edition:
    return workflow.import_edition(
        statement, by=by, at=NOON, released_at=released_at, source=source
    )


@pytest.fixture
def statement(db) -> Statement:
    """As an importer makes it: nobody here wrote a word of it."""
    made = Statement.objects.create(headline="An old comment", organisation=make_organisation())
    Passage.objects.create(statement=made, speaker=make_speaker(), body="<p>Long ago.</p>")
    return made


def test_what_was_public_elsewhere_is_public_here_since_then(statement, max):
    edition = brought_in(statement, by=max)
    assert public_editions(at=THEN).get() == edition
    assert refetch_edition(edition).contributor_ids == set()
    kept = Edition.objects.values(
        "state", "rule", "approved_by", "approved_at", "release_at", "live_until"
    ).get()
    assert kept == {
        "state": "approved",
        "rule": ApprovalRule.IMPORT,
        "approved_by": max.pk,
        "approved_at": NOON,
        "release_at": THEN,
        "live_until": FOREVER,
    }
    event = edition.events.get()
    assert (str(event), event.note, event.digest) == ("max imported", "old.csv:17", edition.digest)
    assert StatementSlug.objects.values_list("slug", "public_from").get() == (
        "an-old-comment",
        THEN,
    )
    assert Statement.objects.values_list("version", "slug").get() == (2, "an-old-comment")
    assert set(edition.voices.values_list("release_at", flat=True)) == {THEN}


def test_a_first_release_on_a_day_stays_a_day_in_every_later_edition(statement, max):
    day = THEN.date()
    options = {"by": max, "at": NOON, "source": "old.csv:17"}
    first = workflow.import_edition(
        statement, released_at=get_day_start(day), released_on=day, **options
    )
    assert refetch_edition(first).released == day
    statement.refresh_from_db()
    second = workflow.import_edition(
        statement, released_at=NOON - DAY, released_on=(NOON - DAY).date(), **options
    )
    second = refetch_edition(second)
    assert (second.first_released, second.released) == (day, NOON - DAY)


def test_editions_come_in_from_the_oldest_on(statement, max):
    first = brought_in(statement, by=max)
    statement.passages.update(body="<p>A little later.</p>")
    sentence = "An edition that came out then or later was imported already. Import the oldest edition first."
    for then in (THEN, THEN - DAY):
        with assert_refused(sentence):
            brought_in(statement, by=max, released_at=then)
    second = brought_in(statement, by=max, released_at=THEN + DAY)
    assert public_editions(at=NOON).get() == second
    assert past_editions(at=NOON).get() == first
    assert (refetch_edition(first).live_until, refetch_edition(second).first_release_at) == (
        THEN + DAY,
        THEN,
    )


def test_what_is_imported_has_been_public_already(statement, max):
    with assert_refused("What is imported as public has been public already."):
        brought_in(statement, by=max, released_at=NOON + HOUR)
    assert brought_in(statement, by=max, released_at=NOON)


def test_importing_is_no_way_round_two_people(ann, max):
    edition = submit_statement(make_statement(ann), by=ann)
    with assert_refused("This statement was written here. Submit the words instead."):
        brought_in(edition.statement, by=max)


def test_an_import_misses_pieces_like_any_other(max):
    nothing = Statement.objects.create()
    with assert_refused(
        "Add a headline. "
        "Choose who publishes this. "
        "Add the words. Write or paste at least one quotation."
    ):
        brought_in(nothing, by=max)


def test_an_import_takes_no_address_from_another(ann, statement, max):
    submit_statement(make_statement(ann, slug="ours"), by=ann)
    Statement.objects.filter(pk=statement.pk).update(slug="ours")
    with assert_refused(
        "The address “ours” is taken. "
        "Choose another, or leave it empty: then one is made from the headline."
    ):
        brought_in(statement, by=max)


def test_a_correction_of_what_was_imported_goes_the_ordinary_way(statement, ann, ed, max):
    first = brought_in(statement, by=max)
    second = submit_statement(
        rewrite_passage(statement, "Mended.", by=ann), by=ann, amendment="typo"
    )
    assert second.contributor_ids == {ann.pk}
    approve_edition(second, by=ed)
    assert public_editions(at=NOON).get() == second
    assert refetch_edition(first).live_until == NOON


def test_the_person_who_restores_an_import_answers_for_it(statement, ed, max):
    first = brought_in(statement, by=max)
    workflow.withdraw(first, by=ed, at=NOON, kind="gone", notice="Sorry.")
    again = workflow.restore(first, by=ed, at=NOON)
    assert again.contributor_ids == {ed.pk}
    with assert_refused(
        "You had a hand in these words, so somebody else has to agree to them as well. "
        "Ask another person to countersign, or another editor to approve."
    ):
        approve_edition(again, by=ed)
    assert approve_edition(again, by=max, at=NOON).release_at == NOON


# --- Metadata -------------------------------------------------------------------------------------


@pytest.fixture
def theme(db) -> Theme:
    return Theme.objects.create(name="Schools", slug="schools")


def filed(statement: Statement, theme: Theme, *, by, at=NOON) -> None:
    def change() -> dict:
        ThemedStatement.objects.create(content_object=statement, tag=theme)
        return {"themes": [theme.slug]}

    workflow.update_metadata(statement, by=by, at=at, change=change)


def test_before_release_anybody_on_the_newsdesk_changes_metadata(ann, theme):
    statement = make_statement(ann)
    filed(statement, theme, by=ann)
    event = statement.events.get()
    assert (str(event), event.detail, event.digest) == (
        "ann changed the details of",
        '{"themes":["schools"]}',
        "",
    )


def test_from_the_second_of_its_release_on_only_editors_do(ann, ed, sam, theme):
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + HOUR)
    statement.refresh_from_db()
    second = HOUR / 3600
    assert workflow.can_edit_metadata(statement, by=ann, at=NOON + HOUR - second)
    assert not workflow.can_edit_metadata(statement, by=ann, at=NOON + HOUR)
    assert workflow.can_edit_metadata(statement, by=ed, at=NOON + HOUR)
    assert not workflow.can_edit_metadata(statement, by=sam, at=NOON)
    with assert_denied(
        "Once a statement is public, only editors change its themes, contact and related "
        "articles. Ask an editor."
    ):
        filed(statement, theme, by=ann, at=NOON + HOUR)
    assert not ThemedStatement.objects.exists()
    filed(statement, theme, by=ed, at=NOON + HOUR)
    assert ThemedStatement.objects.get().first_release_at == NOON + HOUR


def test_rows_made_in_bulk_walk_the_theme_s_index_as_well(ann, ed, theme):
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed)

    def change() -> dict:
        ThemedStatement.objects.bulk_create([ThemedStatement(content_object=statement, tag=theme)])
        return {"themes": ["schools"]}

    workflow.update_metadata(statement, by=ed, at=NOON, change=change)
    assert ThemedStatement.objects.get().first_release_at == NOON


def test_no_change_is_no_event(ann):
    statement = make_statement(ann)
    workflow.update_metadata(statement, by=ann, at=NOON, change=dict)
    assert not statement.events.exists()


def test_a_change_that_breaks_a_rule_leaves_nothing_behind(ann):
    from django.db import IntegrityError

    statement = make_statement(ann)

    def change() -> dict:
        statement.related.clear()
        RelatedStatement.objects.create(statement=statement, to=statement)
        return {"related": ["itself"]}

    with pytest.raises(IntegrityError, match="relatedstatement_statement_to_check"):
        workflow.update_metadata(statement, by=ann, at=NOON, change=change)
    assert not statement.events.exists()


def test_metadata_change_neither_content_nor_version(ann, ed, theme):
    edition = submit_statement(make_statement(ann), by=ann)
    version = Statement.objects.get(pk=edition.statement_id).version
    filed(edition.statement, theme, by=ed)
    assert Statement.objects.get(pk=edition.statement_id).version == version
    assert refetch_edition(edition).contributor_ids == {ann.pk}
