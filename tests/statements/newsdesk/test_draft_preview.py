"""The preview of what is typed: the public page, and nothing saved."""

import logging
import re

import pytest

from statements.models import Contribution, StoredFile
from tests.cast import (
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)
from tests.database_dump import dump_product
from tests.make_files import make_picture, make_upload
from tests.statements.newsdesk.form_data import ADD, change_url, open_form

NEW_PREVIEW = "/admin/statements/statement/preview/"
SECRET = "Nobody-has-saved-this"


def preview_url(statement) -> str:
    return f"/admin/statements/statement/{statement.pk}/preview/"


def dump_saved() -> dict:
    """Return all that the product holds, except until when somebody is signed in."""
    return {name: rows for name, rows in dump_product().items() if name != "django_session"}


def read_article(response) -> str:
    """Return the article of a public page, without the links that only readers have."""
    assert response.status_code == 200
    article = re.search(
        r'<article class="statement".*</article>', response.content.decode(), re.DOTALL
    )[0]
    return re.sub(r' <button class="copy".*?</span>|<time.*?</time>|Not published yet', "", article)


def typed_form(client, person, statement) -> dict:
    """Return the form with a new headline, a table, a second quotation that goes first, and more."""
    hannah = make_speaker("Hannah Sorley", role="Chair")
    form = open_form(client, person, change_url(statement))
    return form | {
        "headline": "What we say now",
        "summary": "In one sentence.",
        "notes_to_editors": "<p>A note.</p>",
        "passages-TOTAL_FORMS": "3",
        "passages-0-body": "<p>“We welcome it.”</p><table><tbody><tr><th>Year</th></tr>"
        "<tr><td>2044</td></tr></tbody></table><p>We said so.</p>",
        "passages-1-body": "<p>Words that are removed.</p>",
        "passages-1-DELETE": "on",
        "passages-2-body": "<p>We are glad.</p>",
        "passages-2-speaker": hannah.pk,
        "passages-2-place": "1",
    }


def test_the_preview_is_the_page_that_the_public_gets(client, ann, ed, frozen):
    frozen(NOON)
    statement = make_statement(ann)
    form = typed_form(client, ann, statement)

    seen = read_article(client.post(preview_url(statement), form))
    assert "What we say now" in seen
    assert "Words that are removed" not in seen

    client.post(change_url(statement), form | {"_continue": "1"})
    approve_edition(submit_statement(statement, by=ann), by=ed)
    assert seen == read_article(client.get("/statements/what-we-say-now/"))


def test_a_statement_that_was_never_saved_has_a_preview(client, ann):
    form = open_form(client, ann, ADD) | {
        "headline": "First words",
        "organisation": make_organisation().pk,
        "passages-0-body": "<p>We begin.</p>",
        "passages-0-speaker": make_speaker().pk,
    }
    article = read_article(client.post(NEW_PREVIEW, form))
    assert "We begin." in article
    assert "Dave Hill, President of the Association of Directors, said:" in article
    assert read_article(client.post(NEW_PREVIEW, {}))  # with nothing at all


def test_a_preview_saves_nothing_and_logs_no_words(client, ann, caplog):
    statement = make_statement(ann)
    form = typed_form(client, ann, statement) | {"headline": SECRET, "passages-0-body": SECRET}
    client.post(preview_url(statement), form)  # the session and the rule entries are there
    before = dump_saved()
    with caplog.at_level(logging.DEBUG):
        response = client.post(preview_url(statement), form)
    assert response.content.decode().count(SECRET) >= 2
    assert dump_saved() == before
    assert Contribution.objects.get().user == ann
    assert SECRET not in "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )


def test_a_picture_that_is_sent_along_is_not_stored(client, ann):
    statement = make_statement(ann)
    form = open_form(client, ann, change_url(statement))
    upload = make_upload("flood.jpg", make_picture())
    client.post(preview_url(statement), form | {"attachments-0-upload": upload})
    assert not StoredFile.objects.exists()


def test_only_those_who_may_change_the_statement_see_its_preview(client, ann, ed, sam):
    statement = make_statement(ann)
    form = open_form(client, ed, change_url(statement))
    assert client.post(preview_url(statement), form).status_code == 200
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.post(preview_url(statement), form).status_code == 403
    assert client.post(NEW_PREVIEW, form).status_code == 403
    client.force_login(ann)
    assert client.post("/admin/statements/statement/999999/preview/", form).status_code == 404
    assert client.get(preview_url(statement)).url == change_url(statement)
    assert client.get(NEW_PREVIEW).url == ADD


def test_a_preview_is_framed_by_this_site_alone_runs_no_script_and_is_never_stored(client, ann):
    statement = make_statement(ann)
    form = open_form(client, ann, change_url(statement))
    response = client.post(preview_url(statement), form)
    assert response.headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )
    policy = dict(
        part.strip().split(" ", 1)
        for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'none'",
        "manifest-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'self'",
    }
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_what_cannot_be_shown_is_counted(client, ann):
    statement = make_statement(ann)
    form = open_form(client, ann, change_url(statement))
    assert client.post(preview_url(statement), form).headers["X-Unusable-Fields"] == "0"
    form |= {"dated_on": "31 February", "passages-0-speaker": "999999"}
    assert client.post(preview_url(statement), form).headers["X-Unusable-Fields"] == "2"


def test_a_correction_is_shown_with_its_note(client, ann, ed, frozen):
    frozen(NOON)
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    form = open_form(client, ann, change_url(statement))
    form |= {"amendment": "update", "public_note": "Parliament has agreed."}
    page = client.post(preview_url(statement), form).content.decode()
    assert re.findall(r'notice-kind"><strong>([^<]*).*?<p>([^<]*)', page, re.DOTALL) == [
        ("Updated", "Parliament has agreed.")
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"passages-TOTAL_FORMS": "x"},
        {"passages-TOTAL_FORMS": "999999999999999999999999"},
        {"passages-0-speaker": "x", "passages-0-appointment": "9" * 30},
        {"dated_on": "0000-99-99", "language": "", "kind": "x" * 90, "slug": "\0"},
        {"headline": "\0", "summary": "<" * 3000, "themes": ["x"], "organisation": "9" * 40},
        {"passages-0-body": "<p>" * 20000},
        {"attachments-0-upload_token": "forged"},
    ],
)
def test_bad_input_is_no_broken_page(client, ann, fields):
    statement = make_statement(ann)
    form = open_form(client, ann, change_url(statement))
    assert client.post(preview_url(statement), form | fields).status_code == 200
