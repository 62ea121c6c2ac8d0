"""Test pictures and files on the statement form: a refusal loses neither text nor files."""

import pytest
from django.urls import reverse

from statements.models import Statement, StoredFile
from tests.cast import NOON, make_statement, submit_statement
from tests.make_files import PDF, attach_file, make_picture, make_upload
from tests.statements.newsdesk.form_data import ADD, change_url, list_todo, open_form, read_form
from tests.statements.parsing.make_pdf import TAGS, paragraph, pdf


@pytest.fixture
def statement(ann, frozen) -> Statement:
    frozen(NOON)
    return make_statement(ann)


def row(number: int, **fields) -> dict:
    return {f"attachments-{number}-{name}": value for name, value in fields.items()}


def send(client, person, statement, *rows: dict, **changed):
    data = open_form(client, person, change_url(statement)) | changed
    data["attachments-TOTAL_FORMS"] = int(data["attachments-INITIAL_FORMS"]) + len(rows)
    for fields in rows:
        data |= fields
    return client.post(change_url(statement), data)


def test_a_file_is_attached_by_saving_the_form(client, ann, statement):
    answer = send(
        client,
        ann,
        statement,
        row(0, upload=make_upload("Flag.JPG", make_picture()), alt="A flag", title="F"),
    )
    assert answer.status_code == 302
    (photo,) = statement.attachments.all()
    assert (photo.name, photo.alt, photo.title, photo.file.by) == ("flag.jpg", "A flag", "F", ann)
    assert (photo.file.content_type, photo.file.at) == ("image/jpeg", NOON)
    assert photo.file.narrower.count() == 2


def test_attaching_makes_a_contributor(client, ed, statement):
    send(client, ed, statement, row(0, upload=make_upload("report.pdf", PDF)))
    statement.refresh_from_db()
    assert statement.version == 3
    assert statement.contributions.filter(user=ed, version=3).exists()


def test_a_refused_file_loses_no_text(client, ann, statement):
    answer = send(
        client,
        ann,
        statement,
        row(0, upload=make_upload("report.pdf", b"MZ\x90\0"), title="The report"),
        headline="Other words",
    )
    assert answer.status_code == 200
    form = answer.context["inline_admin_formsets"][1].formset.forms[0]
    assert form.errors == {"upload": ["“report.pdf” was not attached. It is a program."]}
    assert read_form(answer)["headline"] == "Other words"
    assert form["title"].value() == "The report"
    assert not StoredFile.objects.exists()


def test_a_file_that_was_accepted_need_not_be_chosen_again(client, ann, statement):
    answer = send(
        client,
        ann,
        statement,
        row(0, upload=make_upload("photo.jpg", make_picture()), alt="A flag"),
        row(1, upload=make_upload("report.pdf", b"")),
    )
    assert answer.status_code == 200
    assert not statement.attachments.exists()
    assert b"photo.jpg</a> (JPEG" in answer.content
    data = read_form(answer) | row(1, upload=make_upload("report.pdf", PDF))
    assert client.post(change_url(statement), data).status_code == 302
    assert [str(attachment) for attachment in statement.attachments.all()] == [
        "photo.jpg",
        "report.pdf",
    ]
    assert statement.attachments.first().alt == "A flag"


def test_nobody_gets_a_file_by_a_token_of_somebody_else(client, ann, ed, statement):
    answer = send(
        client,
        ann,
        statement,
        row(0, upload=make_upload("photo.jpg", make_picture()), place="0"),
    )
    token = read_form(answer)["attachments-0-upload_token"]
    assert token
    for sent in (token, "forged", "\0", token[:-1]):
        answer = send(client, ed, statement, row(0, upload_token=sent))
        (form,) = answer.context["inline_admin_formsets"][1].formset.forms
        assert form.errors["upload"][0].startswith("The file is no longer stored") or sent == "\0"
    assert not statement.attachments.exists()


def test_a_row_without_a_file_is_no_attachment(client, ann, statement):
    answer = send(client, ann, statement, row(0, title="The report"))
    (form,) = answer.context["inline_admin_formsets"][1].formset.forms
    assert form.errors == {"upload": ["Choose a file, or remove this row."]}


def test_another_file_in_its_place_keeps_its_description(client, ann, statement):
    photo = attach_file(statement, ann, title="The flag")
    old = photo.file
    answer = send(
        client, ann, statement, **row(0, upload=make_upload("new.jpg", make_picture(700, 700)))
    )
    assert answer.status_code == 302
    photo.refresh_from_db()
    assert (photo.title, photo.alt, photo.name) == ("The flag", "A flag", "new.jpg")
    assert photo.file != old
    assert StoredFile.objects.filter(pk=old.pk, erased_at=None).exists()


def test_files_are_put_in_order_by_number(client, ann, statement):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        attach_file(statement, ann, name, PDF)
    send(client, ann, statement, **row(2, place="1"))
    assert [attachment.name for attachment in statement.attachments.all()] == [
        "c.pdf",
        "a.pdf",
        "b.pdf",
    ]


def test_a_file_is_removed_again(client, ann, statement):
    attach_file(statement, ann)
    send(client, ann, statement, **row(0, DELETE="on"))
    assert not statement.attachments.exists()


def test_saving_without_a_change_counts_no_version(client, ann, statement):
    attach_file(statement, ann)
    statement.refresh_from_db()
    version = statement.version
    assert send(client, ann, statement).status_code == 302
    statement.refresh_from_db()
    assert statement.version == version


def test_a_new_statement_can_start_with_a_file(client, ann, frozen):
    frozen(NOON)
    data = open_form(client, ann, ADD) | {
        "headline": "With a picture",
        "attachments-TOTAL_FORMS": 1,
    }
    data |= row(0, upload=make_upload("photo.jpg", make_picture()))
    assert client.post(ADD, data).status_code == 302
    assert Statement.objects.get().attachments.get().name == "photo.jpg"


def test_a_file_that_is_too_large_is_dropped_and_the_text_arrives(client, ann, statement, settings):
    settings.MAX_UPLOAD_BYTES = 1_000_000
    answer = send(
        client,
        ann,
        statement,
        row(0, upload=make_upload("report.pdf", PDF + b" " * 4_000_000)),
        headline="Other words",
    )
    (form,) = answer.context["inline_admin_formsets"][1].formset.forms
    assert form.errors["upload"] == [
        "“report.pdf” was not attached. It is larger than 1 MB. Save it smaller, or split it."
    ]
    assert read_form(answer)["headline"] == "Other words"


def test_a_missing_description_leads_to_its_field(client, ann, statement):
    attach_file(statement, ann, alt="")
    client.force_login(ann)
    context = client.get(change_url(statement)).context
    assert list_todo(context) == [
        (
            "Describe the picture “photo.jpg” for people who cannot see it.",
            "id_attachments-0-alt",
        )
    ]


# --- Documents that not everybody can read --------------------------------------------------------

WORDS = paragraph("We welcome it.", y=700)


def list_advice_on_tags(client, statement) -> list[tuple[str, str]]:
    findings = client.get(change_url(statement)).context["findings"]
    return [(found.message, anchor) for found, anchor in findings if "tags" in found.message]


def test_a_pdf_without_tags_is_advice_that_leads_to_it(client, ann, statement):
    rows = (
        row(0, upload=make_upload("tagged.pdf", pdf(WORDS, catalogue=TAGS))),
        row(1, upload=make_upload("plain.pdf", pdf(WORDS)), title="The report"),
        row(2, upload=make_upload("notes.txt", b"Notes.")),
    )
    assert send(client, ann, statement, *rows).status_code == 302
    assert [file.file.is_tagged for file in statement.attachments.in_order()] == [True, False, None]
    assert list_advice_on_tags(client, statement) == [
        (
            "The PDF “The report” has no tags, so people who use a screen reader may not follow it.",
            "id_attachments-1-upload",
        )
    ]


def test_the_approver_reads_of_a_pdf_without_tags(client, ann, ed, statement):
    send(client, ann, statement, row(0, upload=make_upload("plain.pdf", pdf(WORDS))))
    edition = submit_statement(Statement.objects.get(pk=statement.pk), by=ann)
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    [advice] = [str(f) for f in page.context["facts"].findings if "no tags" in f.message]
    assert advice.startswith("The PDF “plain.pdf” has no tags")


def test_an_accessible_version_answers_the_advice(client, ann, statement):
    rows = (
        row(0, upload=make_upload("plain.pdf", pdf(WORDS))),
        row(1, upload=make_upload("report.txt", b"The report."), is_accessible_version="on"),
    )
    send(client, ann, statement, *rows)
    assert list_advice_on_tags(client, statement) == []
    first, second = Statement.objects.get(pk=statement.pk).content()["files"]
    assert ("is_accessible_version" in first, second["is_accessible_version"]) == (False, True)


def test_a_version_answers_only_for_the_document_before_it(client, ann, statement):
    rows = (
        row(0, upload=make_upload("plain.pdf", pdf(WORDS))),
        row(1, upload=make_upload("tagged.pdf", pdf(WORDS, catalogue=TAGS))),
        row(2, upload=make_upload("report.txt", b"The report."), is_accessible_version="on"),
    )
    send(client, ann, statement, *rows)
    assert [anchor for _, anchor in list_advice_on_tags(client, statement)] == [
        "id_attachments-0-upload"
    ]


def test_a_picture_is_no_accessible_version(client, ann, statement):
    photo = row(0, upload=make_upload("a.jpg", make_picture()), is_accessible_version="on", alt="A")
    send(client, ann, statement, photo)
    [file] = Statement.objects.get(pk=statement.pk).content()["files"]
    assert "is_accessible_version" not in file
