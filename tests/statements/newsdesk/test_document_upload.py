"""Upload documents on the newsdesk: each becomes a draft, or a sentence that says what to do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from statements.models import Statement
from statements.parsing.pdf import SCANNED_MESSAGE
from tests.cast import make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.test_document import DOCUMENTS
from tests.statements.parsing.test_email import FORWARD, FORWARDED, STATEMENT, mail
from tests.statements.parsing.test_pdf import scanned

LEFT_OUT = "Some of your document was left out of the draft."
UPLOAD = "admin:statements_statement_from_text"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_this_process")]


def upload(client, raw: bytes, name: str = "quay"):
    return client.post(
        reverse(UPLOAD), {"text": "", "file": SimpleUploadedFile(name, raw)}, follow=True
    )


@pytest.mark.parametrize("document_format", DOCUMENTS)
def test_a_document_of_each_format_becomes_a_draft(client, ann, document_format):
    client.force_login(ann)
    upload(client, DOCUMENTS[document_format])
    statement = Statement.objects.get()
    assert statement.headline == "Quay is open"
    assert [passage.body for passage in statement.passages.all()] == ["<p>It is a good day.</p>"]


def test_what_cannot_be_read_is_said_beside_the_file_and_makes_no_draft(client, ann):
    client.force_login(ann)
    response = upload(client, scanned(), "scan.pdf")
    assert response.context["form"].errors == {"file": [SCANNED_MESSAGE]}
    assert not Statement.objects.exists()


def test_a_doubt_about_a_mail_is_a_warning(client, ann):
    client.force_login(ann)
    response = upload(client, mail(FORWARD + STATEMENT, subject="Fwd: Quay is open").as_bytes())
    warnings = [str(item) for item in response.context["messages"] if item.level_tag == "warning"]
    assert warnings[0] == FORWARDED
    assert FORWARDED in Statement.objects.get().leftover_text


def test_the_form_offers_files_of_all_these_kinds(client, ann):
    client.force_login(ann)
    page = client.get(reverse(UPLOAD)).content.decode()
    assert re.findall(r'accept="([^"]*)"', page) == [
        ".docx,.odt,.fodt,.rtf,.pdf,.eml,.zip,.html,.htm,.txt,text/plain"
    ]


REMARKS = "What was changed or dropped:\n- A name was found among the speakers.\n- It is new."


@pytest.mark.parametrize(
    ("text", "was_left_out"),
    [
        ("", False),
        (REMARKS, False),
        (f"{REMARKS}\n\nA note.\n(It was footnote 1.)", True),
        ("A note.\n(It was footnote 1.)", True),
        ("A note", True),
        ("- A point\n- Another\n(It was footnote 1.)", True),
    ],
)
def test_only_words_that_were_left_out_are_announced(client, ann, text, was_left_out):
    draft = make_statement(ann)
    Statement.objects.filter(pk=draft.pk).update(leftover_text=text)
    client.force_login(ann)
    page = client.get(change_url(draft)).content.decode()
    assert (LEFT_OUT in page) is was_left_out


def test_what_was_left_out_is_announced_until_the_words_are_submitted(client, ann):
    draft = make_statement(ann)
    Statement.objects.filter(pk=draft.pk).update(leftover_text="A note.")
    submit_statement(draft, by=ann)
    client.force_login(ann)
    page = client.get(change_url(draft)).content.decode()
    assert LEFT_OUT not in page
    assert "A note." in page


def test_an_import_that_leaves_nothing_out_says_nothing_of_it(client, ann):
    client.force_login(ann)
    text = "Head\n\nAnn Lee, Chair of Body, said:\n\n“We welcome it.”"
    answer = client.post(reverse(UPLOAD), {"text": text})
    statement = Statement.objects.get()
    assert statement.leftover_text, "it lists the new names"
    assert LEFT_OUT not in client.get(answer.url).content.decode()
