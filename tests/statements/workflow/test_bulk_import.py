"""Test import_statements, which imports many statements at once."""

import re
from dataclasses import replace

import pytest

from statements import workflow
from statements.audit import verification
from statements.content.schema import canonical
from statements.models import (
    Attachment,
    Edition,
    EditionFile,
    Event,
    Fingerprints,
    Passage,
    Statement,
    StatementSlug,
    StoredFile,
    Theme,
)
from statements.published.editions import public_editions
from statements.search.precomputed import compute_index_data
from statements.workflow import ImportedDraft
from tests.assertions import assert_refused, read_detail
from tests.cast import DAY, HOUR, NOON, make_organisation, make_speaker, make_statement
from tests.make_files import attach_file

THEN = NOON - 1000 * DAY
pytestmark = pytest.mark.django_db


def draft(headline: str = "Press release", **fields) -> ImportedDraft:
    """Return what an importer makes of a row; nothing of it is in the database."""
    statement = Statement(headline=headline, organisation=make_organisation())
    passage = Passage(statement=statement, speaker=make_speaker(), body="<p>Long ago.</p>")
    values = {"released_at": THEN, "source": "old.csv", "passages": [passage]} | fields
    return ImportedDraft(statement=statement, **values)


def slugs(editions: list[Edition | None]) -> list[str]:
    return [edition.slug if edition else "" for edition in editions]


def test_many_come_in_at_once_each_since_its_own_time(max, ed):
    theme = Theme.objects.create(name="Water", slug="water")
    drafts = [
        draft("First", themes=[theme]),
        draft("Second", released_at=THEN + DAY, detail={"row": 2}),
        draft("Only a draft", released_at=None),
    ]
    first, second, none = workflow.import_statements(drafts, by=max, at=NOON, approved_by=ed)
    assert none is None
    assert list(public_editions(at=THEN)) == [first]
    assert set(public_editions(at=THEN + DAY)) == {first, second}
    assert theme.items.get().first_release_at == THEN
    assert list(first.statement.contributions.all()) == []
    only_draft = Statement.objects.get(headline="Only a draft")
    assert [row.user for row in only_draft.contributions.all()] == [max]
    event = Event.objects.filter(action="imported").order_by("pk")[1]
    assert (event.by_name, event.note) == ("max", "old.csv")
    assert read_detail(event) == {"agreed_by": "ed", "row": 2}
    assert Event.objects.filter(statement=only_draft).count() == 0
    assert list(verification.verify()) == []


def test_a_taken_slug_gets_words_and_at_last_letters_of_the_uuid(max):
    taken = slugs(workflow.import_statements([draft() for _ in range(2)], by=max, at=NOON))
    taken += slugs(workflow.import_statements([draft() for _ in range(5)], by=max, at=NOON))
    assert taken[:6] == [
        "press-release",
        "press-release-association-of-directors",
        f"press-release-{THEN:%B-%Y}".lower(),
        f"press-release-association-of-directors-{THEN:%B-%Y}".lower(),
        f"press-release-{THEN:%-d-%B-%Y}".lower(),
        f"press-release-association-of-directors-{THEN:%-d-%B-%Y}".lower(),
    ]
    assert re.fullmatch("press-release-[0-9a-f]{6}", taken[6])


def test_an_edition_carries_its_files(max):
    attachment = attach_file(make_statement(max), by=max)
    copy = Attachment(file=attachment.file, name="old.jpg", alt="A flag")
    (edition,) = workflow.import_statements([draft(attachments=[copy])], by=max, at=NOON)
    carried = EditionFile.objects.filter(edition=edition)
    narrower = StoredFile.objects.filter(of=attachment.file)
    assert {row.file for row in carried} == {attachment.file, *narrower}
    assert {row.name for row in carried} == {"old.jpg"}


def test_what_another_process_computed_is_used(max):
    computed = draft()
    data = compute_index_data(canonical(computed.content))
    computed.index_data = replace(data, fingerprints=[17])
    (edition,) = workflow.import_statements([computed], by=max, at=NOON)
    assert Fingerprints.objects.get(edition=edition).prints in (
        "000011",
        [17],
    )  # SQLite, PostgreSQL


def test_one_that_misses_something_stops_all(max):
    drafts = [draft("Good"), draft("", released_at=NOON + HOUR)]
    with assert_refused("Add a headline. What is imported as public has been public already."):
        workflow.import_statements(drafts, by=max, at=NOON)
    assert not StatementSlug.objects.exists()
