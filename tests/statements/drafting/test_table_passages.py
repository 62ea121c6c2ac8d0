"""A table that is saved in a draft is a passage of its own, by nobody."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from organisations.models import Speaker
from statements.content.reading import same_words
from statements.drafting.from_document import split_long_passages
from statements.drafting.restore_edition import restore_to_draft
from statements.models import Passage, Statement
from statements.parsing.draft import DraftPassage
from tests.cast import NOON, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url, open_form, read_messages
from tests.statements.parsing import make_docx

TABLE = "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"
OTHER = TABLE.replace("1", "5")


@pytest.fixture
def statement(ann):
    statement = make_statement(ann)
    statement.passages.exclude(pk=statement.passages.in_order()[0].pk).delete()
    return statement


def save_body(client, person, statement, body, **fields):
    data = open_form(client, person, change_url(statement))
    fields = {f"passages-0-{name}": value for name, value in fields.items()}
    return client.post(change_url(statement), data | {"passages-0-body": body} | fields)


def list_passages(statement):
    return [
        (row.position, row.heading, str(row.speaker or ""), row.attribution, row.body)
        for row in statement.passages.in_order()
    ]


def test_a_table_among_spoken_words_is_taken_out_of_them(client, ann, statement):
    [row] = statement.passages.all()
    speaker = str(row.speaker)
    body = f"<p>“One.</p>{TABLE}<p>Two.”</p>{OTHER}{TABLE}"
    response = save_body(client, ann, statement, body, heading="H", attribution="She said:")
    assert response.status_code == 302
    assert list_passages(statement) == [
        (0, "H", speaker, "She said:", "<p>One.</p>"),
        (1, "", "", "", TABLE),
        (2, "", speaker, "", "<p>Two.</p>"),
        (3, "", "", "", OTHER),
        (4, "", "", "", TABLE),
    ]
    assert statement.passages.in_order()[0].pk == row.pk
    blocks = statement.content()["blocks"]
    assert [block["type"] for block in blocks] == [
        *("quotation", "table", "quotation", "table", "table"),
    ]
    assert [block.get("attribution") for block in blocks] == ["She said:", None, "", None, None]


def test_words_after_a_table_keep_the_row_of_the_passage(client, ann, statement):
    [row] = statement.passages.all()
    save_body(client, ann, statement, f"{TABLE}<p>One.</p>", heading="H", attribution="She said:")
    assert list_passages(statement) == [
        (0, "H", "", "", TABLE),
        (1, "", str(row.speaker), "She said:", "<p>One.</p>"),
    ]
    assert statement.passages.in_order()[1].pk == row.pk


def test_saving_again_changes_nothing(client, ann, statement):
    save_body(client, ann, statement, f"<p>One.</p>{TABLE}<p>Two.</p>")
    before = list_passages(statement), type(statement).objects.get(pk=statement.pk).version
    data = open_form(client, ann, change_url(statement))
    assert client.post(change_url(statement), data).status_code == 302
    assert (
        list_passages(statement),
        type(statement).objects.get(pk=statement.pk).version,
    ) == before


@pytest.mark.parametrize(("span", "messages"), [(' colspan="2"', 1), (' colspan="1"', 0)])
def test_merged_cells_are_named_when_they_are_taken_apart(client, ann, statement, span, messages):
    body = f"<p>One.</p>{TABLE.replace('<td>3', f'<td{span}>3')}"
    save_body(client, ann, statement, body)
    told = read_messages(client.get(change_url(statement)))
    assert sum(text.startswith("Cells of a table that were merged") for text in told) == messages


def test_a_table_alone_has_no_speaker(client, ann, statement):
    response = save_body(client, ann, statement, TABLE)
    [form] = response.context["inline_admin_formsets"][0].formset.initial_forms
    assert form.errors == {
        "speaker": ["A table has no speaker: leave it empty, or write what was said."]
    }
    assert save_body(client, ann, statement, TABLE, speaker="", appointment="").status_code == 302
    assert list_passages(statement) == [(0, "", "", "", TABLE)]


def test_the_database_refuses_a_table_with_a_speaker(statement):
    [row] = statement.passages.all()
    passages = Passage.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError, match="passage_body_speaker_check"), transaction.atomic():
        passages.update(body=TABLE)
    passages.update(body=TABLE, speaker=None, appointment=None)
    with pytest.raises(IntegrityError, match="passage_body_speaker_check"), transaction.atomic():
        passages.update(speaker=Speaker.objects.first())


def test_an_edition_gives_its_tables_back(client, ann, ed, statement):
    save_body(client, ann, statement, f"<p>One.</p>{TABLE}<p>Two.</p>")
    edition = submit_statement(statement, by=ann)
    frozen = edition.content_data
    rows = list_passages(statement)
    statement.passages.all().delete()
    statement.refresh_from_db()
    restore_to_draft(edition, by=ed, at=NOON, seen_version=statement.version)
    assert list_passages(statement) == rows
    assert same_words(type(statement).objects.get(pk=statement.pk).content(), frozen)


def test_a_parsed_table_is_a_passage_by_nobody():
    passage = DraftPassage(
        heading="H",
        attribution="Ann Fox said:",
        speaker_name="Ann Fox",
        is_quoted=True,
        blocks=("<p>One.</p>", TABLE, "<p>Two.</p>"),
        typed_blocks=("<p>“One.</p>", TABLE, "<p>Two.”</p>"),
    )
    assert list(split_long_passages([passage])) == [
        DraftPassage(
            heading="H",
            attribution="Ann Fox said:",
            speaker_name="Ann Fox",
            is_quoted=True,
            blocks=("<p>One.</p>",),
            typed_blocks=("<p>“One.</p>",),
        ),
        DraftPassage(blocks=(TABLE,)),
        DraftPassage(
            speaker_name="Ann Fox",
            is_quoted=True,
            blocks=("<p>Two.</p>",),
            typed_blocks=("<p>Two.”</p>",),
        ),
    ]


def test_a_document_with_a_table_becomes_a_draft_with_the_table(tmp_path, ann):
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    cells = [tuple(map(make_docx.p, texts)) for texts in (("Year", "Cost"), ("2025", "£2m"))]
    table = f"<w:tbl>{''.join(row.format(*texts) for texts in cells)}</w:tbl>"
    words = [make_docx.p(text) for text in ("A wall", "Jane Hope said:", "“It holds.”", "It cost:")]
    path = tmp_path / "wall.docx"
    path.write_bytes(make_docx.docx(*words, table, make_docx.p("That is all.")))
    call_command("import_document", str(path), "--by", ann.username)
    blocks = Statement.objects.latest("pk").content()["blocks"]
    assert [block["type"] for block in blocks] == ["quotation", "narration", "table", "narration"]
