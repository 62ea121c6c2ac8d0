"""The embargo of a document, from the upload to the decision."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from statements.models import Statement
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    make_organisation,
    make_statement,
    refetch_edition,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, open_form, read_messages
from tests.statements.parsing import make_docx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

UPLOAD = "admin:statements_statement_from_text"
LINE = "STRICTLY EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 MARCH 2044"
UNTIL = dt.datetime(2044, 3, 2, 0, 1, tzinfo=dt.UTC)
TEXT = f"{LINE}\n\nHead\n\nThe council met."
SENTENCE = "Embargoed until Wednesday 2 March 2044, 00:01 GMT, in 12 hours, 1 minute."


@pytest.fixture
def noon(frozen):
    frozen(NOON)


def review_url(edition) -> str:
    return reverse("admin:statements_edition_review", args=[edition.pk])


def test_an_embargo_line_fills_the_requested_release_and_is_said(client, ann):
    make_organisation()
    client.force_login(ann)
    response = client.post(reverse(UPLOAD), {"text": TEXT}, follow=True)
    statement = Statement.objects.get()
    assert (statement.embargo_line, statement.embargo_until) == (LINE, UNTIL)
    assert statement.requested_release_at == UNTIL
    assert response.context["embargo"].sentence == SENTENCE
    assert (
        "The document is embargoed until Wednesday 2 March 2044, 00:01 GMT. That is the requested "
        "release now, and publishing earlier needs a reason." in statement.leftover_text
    )


def test_an_embargo_in_the_page_header_of_a_word_document_counts(client, ann):
    client.force_login(ann)
    document = make_docx.docx(
        make_docx.p("Head") + make_docx.p("The council met."), header1=make_docx.p(LINE)
    )
    client.post(reverse(UPLOAD), {"text": "", "file": SimpleUploadedFile("a.docx", document)})
    assert Statement.objects.get().embargo_until == UNTIL


def test_an_embargo_pasted_among_the_words_is_taken_over_at_the_save(client, ann):
    draft = make_statement(ann)
    data = open_form(client, ann, change_url(draft))
    data["passages-0-body"] = f"<p>{LINE}</p><p>We welcome it.</p>"
    response = client.post(change_url(draft), data | {"_continue": "1"}, follow=True)
    draft.refresh_from_db()
    assert (draft.embargo_line, draft.embargo_until) == (LINE, UNTIL)
    assert read_messages(response)[0].endswith("Take the line out of the words.")


def test_a_writer_can_set_and_clear_the_embargo(client, ann):
    draft = make_statement(ann, embargo_line=LINE, embargo_until=UNTIL)
    data = open_form(client, ann, change_url(draft))
    assert (data["embargo_line"], data["embargo_until"]) == (LINE, "2 March 2044 00:01")
    client.post(
        change_url(draft), data | {"embargo_line": "", "embargo_until": "", "_continue": "1"}
    )
    draft.refresh_from_db()
    assert (draft.embargo_line, draft.embargo_until) == ("", None)


def test_the_review_goes_by_the_embargo_and_asks_before_it_is_broken(client, ann, ed):
    edition = submit_statement(make_statement(ann, embargo_line=LINE, embargo_until=UNTIL), by=ann)
    client.force_login(ed)
    page = client.get(review_url(edition)).content.decode()
    assert "Wednesday 2 March 2044 at 00:01" in page
    assert "Embargo says the same" in page
    assert LINE in page

    url = reverse("admin:statements_edition_decide", args=[edition.pk, "approve-now"])
    assert "You would publish before the embargo ends" in client.get(url).content.decode()
    seen = {
        "seen_digest": edition.digest,
        "seen_version": refetch_edition(edition).statement.version,
    }
    refused = client.post(url, seen)
    assert refused.status_code == 422
    assert refused.context["refused"].errors == {
        "release_reason": [
            "That is before the embargo ends, on 2 March 2044 at 00:01. "
            "Choose a later time, or say why it may go out before."
        ]
    }
    refused = client.post(url, seen | {"release_reason": "It leaked."})
    assert refused.context["refused"].errors == {
        "embargo_read": ["Read the embargo line, then tick it."]
    }
    told = seen | {"release_reason": "It leaked.", "embargo_read": "on"}
    assert client.post(url, told).status_code == 302


@pytest.mark.parametrize(
    ("until", "line", "sentence"),
    [
        (None, "Embargoed", "Embargoed, and nobody has said until when."),
        (NOON + HOUR, "", "Embargoed until Tuesday 1 March 2044, 13:00 GMT, in 1 hour."),
    ],
)
def test_the_notice_of_a_draft(client, ann, until, line, sentence):
    draft = make_statement(ann, embargo_line=line, embargo_until=until)
    client.force_login(ann)
    assert client.get(change_url(draft)).context["embargo"].sentence == sentence


def test_an_embargo_that_has_ended_is_not_shown(client, ann):
    draft = make_statement(ann, embargo_line=LINE, embargo_until=NOON - DAY)
    client.force_login(ann)
    assert client.get(change_url(draft)).context["embargo"] is None
