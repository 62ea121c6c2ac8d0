"""Test that a document becomes a draft, and then a page, without losing a word."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from organisations.models import Appointment, Organisation, Speaker
from statements.content.reading import same_words_and_slug
from statements.models import Statement
from tests.cast import HOUR, NOON, approve_edition, make_organisation, submit_statement
from tests.statements.parsing import make_docx

pytestmark = pytest.mark.django_db

SEED = Path(__file__).parents[2] / "fixtures" / "adcs-comment.txt"
PASTE = "admin:statements_statement_from_text"


@pytest.fixture
def adcs() -> Organisation:
    return make_organisation("Association of Directors of Children’s Services", slug="adcs")


def draft(path, by) -> Statement:
    call_command("import_document", str(path), "--by", by.username)
    return Statement.objects.latest("pk")


def test_the_published_page_equals_the_document_character_for_character(
    client, frozen, adcs, ann, ed
):
    statement = draft(SEED, ann)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON + HOUR)
    text = client.get(f"/statements/{edition.slug}.txt").content.decode()
    words = SEED.read_text("utf-8").rsplit("Related Articles", 1)[0].strip()
    assert text.split("\n\n* * *\n\n")[0] == re.sub(r"\n{2,}", "\n\n", words)


def test_speakers_organisations_and_roles_are_created_once_and_then_matched(adcs, ann):
    draft(SEED, ann)
    draft(SEED, ann)
    assert [s.name for s in Speaker.objects.all()] == ["Dave Hill"]
    assert [o.pk for o in Organisation.objects.all()] == [adcs.pk]
    (appointment,) = Appointment.objects.all()
    assert (appointment.role, appointment.organisation) == ("President", adcs)


def test_pasting_does_the_same_as_the_command(client, adcs, ann):
    by_command = draft(SEED, ann)
    client.force_login(ann)
    client.post(reverse(PASTE), {"text": SEED.read_text("utf-8")})
    by_paste = Statement.objects.latest("pk")
    assert by_paste.pk != by_command.pk
    assert same_words_and_slug(by_paste.content(), by_command.content())


def test_an_upload_does_the_same_as_the_command(client, adcs, ann):
    by_command = draft(SEED, ann)
    client.force_login(ann)
    with SEED.open("rb") as file:
        client.post(reverse(PASTE), {"text": "", "file": file})
    assert same_words_and_slug(Statement.objects.latest("pk").content(), by_command.content())


HARD = {
    "no attribution line": "A headline\n\nThe council met, and nobody spoke.",
    "mixed marks": 'A headline\n\nAnn Lee, Chair of Body, said:\n\n"One thing.\n\n“Another.”',
    "an unclosed mark": "A headline\n\nAnn Lee, Chair of Body, said:\n\n“It never ends.",
    "nested quotations": "A headline\n\nAnn Lee, Chair of Body, said:\n\n“They said “no” to us.”",
    "a leading apostrophe": "A headline\n\nAnn Lee, Chair of Body, said:\n\n“’Til then we wait.”",
    "Welsh": "Pennawd\n\nDywedodd Gwilym Tudor, Arweinydd y Cyngor:\n\n“Mae’n dda iawn.”",
    "right to left": "شدید گرمی\n\n“آج ہی کسی کی خیریت معلوم کریں۔”",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_no_word_of_a_difficult_document_is_lost(client, ann, text):
    client.force_login(ann)
    assert client.post(reverse(PASTE), {"text": text}).status_code == 302
    statement = Statement.objects.get()
    draft_text = " ".join(
        [
            statement.headline,
            statement.leftover_text,
            statement.notes_to_editors,
            *(
                f"{p.heading} {p.attribution} {p.resolve_appointment() if p.speaker else ''} "
                f"{p.speaker or ''} {p.appointment or ''} {p.body}"
                for p in statement.passages.all()
            ),
        ]
    )
    words = re.findall(r"[^\W\d_]+", text)
    generated = {"said", "of", "Dywedodd"}  # the attribution is generated from the appointment
    assert [word for word in words if word not in draft_text and word not in generated] == []


BAD = {
    "empty": b"",
    "only spaces": b"  \n\n ",
    "binary junk": bytes(range(256)) * 20,
    "five megabytes": b"word " * 1_048_576,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_an_unreadable_document_is_refused_in_a_sentence(client, ann, tmp_path, content):
    path = tmp_path / "document.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        draft(path, ann)
    assert str(refusal.value).endswith(".")
    client.force_login(ann)
    with path.open("rb") as file:
        answer = client.post(reverse(PASTE), {"text": "", "file": file})
    assert answer.status_code == 200
    assert 'id="errors" role="alert"' in answer.content.decode()
    assert not Statement.objects.exists()


def test_the_pasted_text_is_still_there_after_a_refusal(client, ann):
    client.force_login(ann)
    text = "A headline\n\nWords that took an hour.\0" * 40_000
    answer = client.post(reverse(PASTE), {"text": text})
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert "Words that took an hour." in answer.content.decode()


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(ann, tmp_path, name):
    with pytest.raises(CommandError) as refusal:
        draft(tmp_path / name, ann)
    assert name.strip(".") in str(refusal.value)


def test_a_stranger_cannot_draft(client, sam):
    client.force_login(sam)
    assert client.get(reverse(PASTE)).status_code in (302, 403)


def test_a_word_file_uploaded_and_by_command_is_the_draft_of_its_text(client, adcs, ann, tmp_path):
    by_text = draft(SEED, ann)
    path = tmp_path / "comment.docx"
    path.write_bytes(make_docx.seed())
    assert same_words_and_slug(draft(path, ann).content(), by_text.content())
    client.force_login(ann)
    with path.open("rb") as file:
        client.post(reverse(PASTE), {"text": "", "file": file})
    assert same_words_and_slug(Statement.objects.latest("pk").content(), by_text.content())
    assert Statement.objects.count() == 3


def test_dropped_text_stays_on_the_form_and_is_never_published(client, frozen, adcs, ann, ed):
    comment = (
        '<w:comment w:id="1" w:author="N. N.">' + make_docx.p("Is this agreed?") + "</w:comment>"
    )
    body = [make_docx.p(line) for line in SEED.read_text("utf-8").split("\n")]
    file = SimpleUploadedFile("comment.docx", make_docx.docx(*body, comments=comment))
    client.force_login(ann)
    page = client.post(reverse(PASTE), {"text": "", "file": file}, follow=True)
    message = (
        "1 comment (by N. N.) was taken out of the words and kept under “Left out of the draft”."
    )
    statement = Statement.objects.get()
    assert f"- {message}\n" in statement.leftover_text
    assert "Is this agreed?\n(A comment by N. N., never published.)" in statement.leftover_text
    assert "Left out of the draft" in page.content.decode()
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON + HOUR)
    assert b"N. N." not in client.get(f"/statements/{edition.slug}/").content
    assert "N. N." not in edition.content


HOSTILE = {
    "a renamed .exe": b"MZ\x90\0" + b"\0" * 900,
    "an old .doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900,
    "another zip": make_docx.packed({"a.txt": "words"}),
    "half a file": make_docx.seed()[:600],
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_upload_is_a_sentence_on_the_form(client, ann, raw):
    client.force_login(ann)
    answer = client.post(reverse(PASTE), {"text": "", "file": SimpleUploadedFile("a.docx", raw)})
    assert answer.status_code == 200
    ((sentence,),) = answer.context["form"].errors.values()
    assert sentence.endswith(".")
    assert not Statement.objects.exists()


def test_a_long_list_of_changes_is_one_message_that_leads_to_it(client, ann):
    lines = SEED.read_text("utf-8").split("\n")
    body = [
        *map(make_docx.p, lines),
        make_docx.table("a", "b"),
        make_docx.p(make_docx.run("x", '<w:u w:val="single"/>')),
    ]
    client.force_login(ann)
    file = SimpleUploadedFile("comment.docx", make_docx.docx(*body))
    page = client.post(reverse(PASTE), {"text": "", "file": file}, follow=True)
    messages = [str(message) for message in page.context["messages"]]
    listed = Statement.objects.get().leftover_text.split("\n\n")[0].count("\n- ")
    assert messages == [
        "Here is your draft. Check it against your document.",
        "Made from comment.docx. Read it against your document before you submit.",
        f"{listed} things were made, changed or left out. "
        '<a href="#id_leftover_text">Show what was left out</a>',
    ]
