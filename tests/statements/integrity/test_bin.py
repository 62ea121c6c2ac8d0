"""Test, round the Python, that the database keeps what was submitted out of the bin."""

import pytest
from django.db import IntegrityError, transaction

from statements.integrity.triggers import find_refusing_rule
from statements.models import DraftVersion, Edition, Remark, Statement
from tests.cast import NOON, make_statement, submit_statement

pytestmark = pytest.mark.django_db


def refuse(change) -> str:
    """Return which trigger refuses this change; "" if a constraint does."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        change()
    return find_refusing_rule(raised.value)


def discard(statement: Statement, by) -> None:
    Statement.objects.filter(pk=statement.pk).update(discarded_at=NOON, discarded_by=by)


def test_a_draft_that_was_never_submitted_goes_to_the_bin_and_back(ann):
    statement = make_statement(ann)
    discard(statement, ann)
    Statement.objects.filter(pk=statement.pk).update(discarded_at=None, discarded_by=None)

    assert not Statement.objects.get().discarded_at


def test_what_was_submitted_is_never_discarded(ann):
    statement = make_statement(ann)
    submit_statement(statement, by=ann)

    rule = refuse(lambda: discard(statement, ann))
    assert rule == "statement_discarded_before_submission"


def test_a_discarded_draft_is_never_submitted(ann):
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    statement = make_statement(ann)
    discard(statement, ann)
    edition = Edition.objects.get(pk=other.pk)
    edition.pk, edition.statement, edition.uuid = None, statement, statement.uuid

    assert refuse(edition.save) == "edition_never_of_discarded_draft"


def test_a_discarded_draft_says_by_whom(ann):
    rows = Statement.objects.filter(pk=make_statement(ann).pk)

    assert refuse(lambda: rows.update(discarded_at=NOON)) == ""


def test_only_a_discarded_draft_without_words_counts_as_erased(ann):
    statement = make_statement(ann)
    rows = Statement.objects.filter(pk=statement.pk)
    assert refuse(lambda: rows.update(erased_at=NOON)) == ""
    assert refuse(lambda: rows.update(erased_at=NOON, headline="")) == ""
    discard(statement, ann)
    assert refuse(lambda: rows.update(erased_at=NOON)) == ""

    assert rows.update(erased_at=NOON, headline="") == 1


@pytest.mark.parametrize(
    "change", [{"headline": "Back"}, {"erased_at": None}, {"discarded_at": None}]
)
def test_erased_words_never_come_back(ann, change):
    statement = make_statement(ann)
    discard(statement, ann)
    rows = Statement.objects.filter(pk=statement.pk)
    rows.update(erased_at=NOON, headline="")

    assert refuse(lambda: rows.update(**change)) == "statement_erasure_is_final"


def test_a_remark_is_on_an_edition_or_on_a_version_of_the_draft(ann):
    statement = make_statement(ann)
    fields = {"statement": statement, "by": ann, "by_name": "ann", "at": NOON, "text": "Hm."}
    Remark.objects.create(**fields, version=2)

    assert refuse(lambda: Remark.objects.create(**fields)) == ""


def test_a_remark_keeps_its_place_and_is_resolved_and_reopened(ann, ed):
    statement = make_statement(ann)
    remark = Remark.objects.create(
        statement=statement, version=2, block_id="b", by=ann, by_name="ann", at=NOON, text="Hm."
    )
    rows = Remark.objects.filter(pk=remark.pk)

    assert rows.update(resolved_by=ed, resolved_at=NOON) == 1
    assert rows.update(resolved_by=None, resolved_at=None) == 1
    assert refuse(lambda: rows.update(resolved_at=NOON)) == ""
    for change in ({"block_id": "c"}, {"version": 3}, {"by": ed}):
        assert refuse(lambda change=change: rows.update(**change)) == "remark_never_changed"


def test_a_version_always_says_which_one_it_restored(ann):
    make_statement(ann)
    rows = DraftVersion.objects.all()

    assert refuse(lambda: rows.update(restored_from=1)) == "draftversion_never_changed"
