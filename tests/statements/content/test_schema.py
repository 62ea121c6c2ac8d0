"""The table of fields covers all frozen content, and restores a draft as it was frozen."""

import datetime as dt

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Model
from hypothesis import assume, given
from hypothesis import strategies as st

from statements.content import reading, schema
from statements.content.characters import normalise_text
from statements.content.diff import diff_content
from statements.content.kinds import KINDS
from statements.drafting import restore_edition
from statements.models import Attachment, Passage, Statement, StatementKind
from statements.newsdesk import staff_request
from tests.cast import HOUR, NOON, make_organisation, make_statement, submit_statement
from tests.make_files import attach_file

OTHER_COLUMNS = {
    *("id", "uuid", "translation_of", "contact", "version", "first_release_at"),
    "release_group",
    *("embargo_line", "embargo_until", "discarded_at", "discarded_by", "erased_at"),
    *("leftover_text", "requested_release_at", "created_at", "changed_at"),
}
"""Columns of a draft that are not part of its content."""

FIRST_VALUES = {
    "headline": "We welcome it",
    "kind": "letter",
    "summary": "In short.",
    "language": "cy",
    "dated_on": dt.date(2044, 2, 29),
    "responds_to_title": "A report",
    "responds_to_url": "https://example.org/report",
    "notes_to_editors": "<p>One.</p>\n<p>Two.</p>",
}
VALUES = FIRST_VALUES | {}  # and a value for each field that was added later
DRAFTS = st.fixed_dictionaries(
    {column: st.text(max_size=40) for column in schema.columns_of(schema.PLAIN_FIELDS)}
    | {"dated_on": st.none() | st.dates()}
)


@pytest.fixture
def full(ann) -> Statement:
    """Return a draft with a value in every field."""
    publisher = make_organisation(boilerplate="We are many.", reuse_terms="Free to use.")
    statement = make_statement(ann, organisation=publisher, **VALUES)
    statement.passages.update(heading="First", attribution="Dave Hill wrote:")
    attach_file(statement, ann, title="The flag", credit="Ann", terms="Free to use")
    return Statement.objects.get(pk=statement.pk)


def keys(fields) -> set[str]:
    return {field.key for field in fields}


def columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def content_of(**values) -> dict:
    return Statement(**values).content(passages=(), attachments=())


# --- What is frozen -------------------------------------------------------------------------------


def test_content_keeps_its_bytes():
    """New fields do not change the digest of content without them."""
    assert schema.canonical(content_of(**FIRST_VALUES)) == (
        '{"amendment":"","blocks":[],"dated_on":"2044-02-29","headline":"We welcome it",'
        '"kind":"letter","language":"cy","note":"",'
        '"notes_to_editors":["<p>One.</p>","<p>Two.</p>"],"organisations":[],'
        '"responds_to":{"title":"A report","url":"https://example.org/report"},"schema":2,'
        '"slug":"we-welcome-it","summary":"In short."}'
    )


def test_an_edition_adds_slug_predecessor_and_a_random_salt():
    draft = content_of(**FIRST_VALUES)
    first, second = (
        schema.complete_content(draft, slug="welcome", based_on="an id") for _ in range(2)
    )
    assert len(bytes.fromhex(first["salt"])) == 16
    assert first == draft | {"slug": "welcome", "based_on": "an id", "salt": first["salt"]}
    assert schema.digest_of(schema.canonical(first)) != schema.digest_of(schema.canonical(second))
    assert reading.same_words(first, second)


SCHEMA_1 = (
    '{"dated_on":"2016-09-27","headline":"Head","kind":"comment","language":"en",'
    '"notes_to_editors":[],"organisation":{"boilerplate":"","name":"ADCS","reuse_terms":"",'
    '"short_name":"","slug":"adcs"},"passages":[{"attribution":"","blocks":["<p>Yes.</p>"],'
    '"heading":"","speaker":null}],"responds_to":null,"schema":1,"summary":""}'
)


def test_schema_1_is_read_in_the_shape_of_schema_2():
    content = reading.read_content(SCHEMA_1)
    [block] = schema.list_passages(content)
    assert block == {
        "id": "",
        "type": "narration",
        "heading": "",
        "speaker": None,
        "attribution": "",
        "paragraphs": ["<p>Yes.</p>"],
    }
    [publisher] = content["organisations"]
    assert publisher is not None
    assert publisher["name"] == "ADCS"
    assert "passages" not in content
    assert "organisation" not in content
    assert reading.read_content(schema.ERASED) == {"erased": True, "schema": 1}


def test_words_are_the_same_whatever_is_about_the_edition():
    content = reading.read_content(SCHEMA_1)
    block = content["blocks"][0]
    about = {"amendment": "correction", "note": "Wrong.", "slug": "a", "salt": "b", "based_on": "c"}
    assert reading.same_words(content, content | about | {"blocks": [block | {"id": "d"}]})
    other = block | {"paragraphs": ["<p>No.</p>"]}
    assert not reading.same_words(content, content | {"blocks": [other]})
    assert not reading.same_words(content, reading.read_content(schema.ERASED))


def test_every_key_that_is_frozen_is_in_the_table(full):
    content = full.content()
    assert content.keys() == {"schema"} | keys(schema.FIELDS) - {"pull_quotation"}
    [publisher], [passage], [file] = content["organisations"], content["blocks"], content["files"]
    assert publisher.keys() == keys(schema.PUBLISHER_FIELDS)
    assert passage.keys() == {"id", "type"} | keys(schema.PASSAGE_FIELDS)
    assert passage["speaker"].keys() == keys(schema.SPEAKER_FIELDS)
    assert passage["speaker"]["organisation"].keys() == keys(schema.EMPLOYER_FIELDS)
    assert file.keys() == keys(schema.FILE_FIELDS) - {"is_accessible_version"}  # of documents


def test_every_column_of_a_draft_is_content_or_known_as_other():
    assert columns(Statement) - OTHER_COLUMNS == set(schema.columns_of(schema.FIELDS))
    other = {"id", "statement", "block_id", "position", "awaits_speaker", "picture"}
    passage = columns(Passage) - other
    assert passage == set(schema.columns_of(schema.PASSAGE_FIELDS))
    attachment = columns(Attachment) - {"id", "statement", "position", "file"}
    assert attachment == set(schema.columns_of(schema.FILE_FIELDS))


def test_every_field_of_text_is_compared_searched_quoted_and_erased():
    """Otherwise readers would miss a change, or an erasure would leave some text."""
    for field in schema.FIELDS:
        assert field.label or field.type in (schema.BLOCKS, schema.FILES), field.key
        if field.is_about_edition:
            continue
        if field.type in (schema.TEXT, schema.LINK, schema.PARAGRAPHS):
            assert field.search, field.key
            assert field.erased is not None, field.key
        if field.type in (schema.TEXT, schema.PARAGRAPHS):
            assert field.is_quotable, field.key
    assert all(field.is_quotable for field in schema.PASSAGE_FIELDS if field.type.freeze)


def test_every_column_of_the_content_is_in_the_form(full, rf, ed):
    request = rf.get("/")
    request.user = ed
    staff_request.prepare(request)
    form = flatten_fieldsets(site._registry[Statement].get_fieldsets(request, full))
    once_public = {"amendment", "public_note"}
    assert set(schema.columns_of(schema.FIELDS)) - once_public <= set(form)


def test_the_kinds_of_the_model_are_those_of_the_content():
    assert dict(StatementKind.choices) == KINDS


# --- Back into a draft ----------------------------------------------------------------------------


def test_a_draft_is_restored_to_the_columns_it_was_frozen_from():
    values = VALUES | {"slug": "a", "amendment": "typo", "public_note": ""}
    assert schema.restore(schema.FIELDS, schema.freeze(schema.FIELDS, values)) == VALUES


@given(DRAFTS)
def test_what_is_restored_freezes_to_the_same_content(values):
    """So the second edition of unchanged content has the words of the first."""
    title = values["responds_to_title"]
    assume(normalise_text(title) or not title)  # control characters only are frozen as nothing
    content = schema.freeze(schema.FIELDS, values)
    restored = schema.restore(schema.FIELDS, content)
    about = {"slug": "", "amendment": "", "public_note": ""}
    assert schema.freeze(schema.FIELDS, restored | about) == content | {
        "slug": "",
        "amendment": "",
        "note": "",
    }


def test_a_draft_that_was_emptied_is_restored_whole(full, ann):
    edition = submit_statement(full, by=ann)
    full.refresh_from_db()
    full.passages.all().delete()
    full.attachments.all().delete()
    Statement.objects.filter(pk=full.pk).update(
        **schema.restore(schema.FIELDS, {"headline": "Other words"})
    )
    assert not reading.same_words(full.content(), edition.content_data)
    restore_edition.restore_to_draft(edition, by=ann, at=NOON + HOUR, seen_version=full.version)
    restored = Statement.objects.get(pk=full.pk)
    assert reading.same_words_and_slug(restored.content(), edition.content_data)
    assert restored.content()["blocks"] == edition.content_data["blocks"]


# --- How they differ ------------------------------------------------------------------------------


def test_a_kind_is_named_as_people_read_it():
    content = content_of(**VALUES)
    [change] = diff_content(content | {"kind": "response"}, content)
    assert (change.label, change.html) == (
        "Kind",
        '<del><span class="visually-hidden"> [removed: </span>Consultation response'
        '<span class="visually-hidden">] </span></del>'
        '<ins><span class="visually-hidden"> [added: </span>Open letter'
        '<span class="visually-hidden">] </span></ins>',
    )


@pytest.mark.parametrize(
    "field", [field for field in schema.FIELDS if field.type.freeze], ids=lambda field: field.key
)
def test_a_change_of_any_field_is_shown(field):
    content = content_of(**VALUES, slug="a", amendment="correction", public_note="Wrong.")
    without = content | {field.key: field.type.empty}
    changes = diff_content(without, content, with_edition_fields=True)
    assert {change.label for change in changes} == {field.label}
    assert bool(diff_content(without, content)) != field.is_about_edition
