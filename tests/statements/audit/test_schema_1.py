"""Content of schema 1 holds neither address nor note: a baseline states them, by their hashes."""

import pytest
from django.db import connection, transaction

from statements.audit import verification
from statements.audit.events import write_baselines
from statements.content.reading import read_content
from statements.content.schema import canonical, digest_of
from statements.integrity import triggers
from statements.models import Edition, Event
from tests.cast import (
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db
SCHEMA_1_KEYS = ("kind", "headline", "summary", "language", "dated_on", "responds_to")


def to_schema_1(text: str) -> str:
    content = read_content(text)
    return canonical(
        {key: content[key] for key in (*SCHEMA_1_KEYS, "notes_to_editors")}
        | {"schema": 1, "organisation": content["organisations"][0], "passages": []}
    )


def behind_the_back(edition: Edition, **values) -> None:
    triggers.drop_triggers(connection)
    try:
        Edition.objects.filter(pk=edition.pk).update(**values)
    finally:
        triggers.create_triggers(connection)


@pytest.fixture
def restored(ann, ed) -> Edition:
    """A correction as an export of an earlier version has it."""
    first = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    rewrite_passage(first.statement, "We regret it.", by=ann)
    edition = submit_statement(
        first.statement, by=ann, amendment="correction", public_note="We were wrong."
    )
    text = to_schema_1(edition.content)
    behind_the_back(edition, content=text, digest=digest_of(text))
    with transaction.atomic():
        write_baselines([edition.statement], at=NOON)
    return refetch_edition(edition)


def test_the_baseline_states_what_the_content_does_not_hold(restored):
    assert verification.verify_statement(restored.statement) == []
    baseline = Event.objects.get(action="baseline")
    row = f"edition:{restored.uuid}"
    texts = dict(baseline.texts.filter(key__startswith=row).values_list("key", "text"))
    assert texts == {
        f"{row}.byline": restored.byline,
        f"{row}.slug": restored.slug,
        f"{row}.public_note": "We were wrong.",
    }


@pytest.mark.parametrize("column", ["slug", "public_note", "amendment"])
def test_a_change_of_it_is_reported(restored, column):
    behind_the_back(restored, **{column: "typo"})
    assert verification.verify_statement(restored.statement) == [
        f"Of statement {restored.statement_id}, edition 2 has another "
        f"“{column.replace('_', ' ')}” than its events state."
    ]
