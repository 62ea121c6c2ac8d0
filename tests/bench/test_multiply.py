"""Test that the large database of the benchmarks holds what it says."""

import pytest

from bench import multiply
from statements.models import Edition, Passage, Statement
from tests.cast import NOON, approve_edition, make_statement, submit_statement


@pytest.mark.postgresql
@pytest.mark.django_db
def test_statements_are_copied_with_all_that_is_theirs(ann, ed):
    for headline in ("One", "Two"):
        statement = make_statement(ann, headline)
        approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON)
    multiply.main(6)
    assert Statement.objects.count() == Edition.objects.count() == Passage.objects.count() == 6
    assert {e.statement.headline for e in Edition.objects.all()} == {"One", "Two"}
    assert make_statement(ann, "Three").pk > max(
        Edition.objects.values_list("statement", flat=True)
    )
