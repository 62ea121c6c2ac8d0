"""Upload documents on the newsdesk: each becomes a draft, or a sentence that says what to do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from statements.models import Statement
from statements.parsing.pdf import SCANNED_MESSAGE
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.test_document import DOCUMENTS
from tests.statements.parsing.test_email import FORWARD, FORWARDED, STATEMENT, mail
from tests.statements.parsing.test_pdf import scanned

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
