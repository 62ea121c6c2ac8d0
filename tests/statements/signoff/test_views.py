"""/preview/<token>/: one exact edition for one person, without an account."""

import logging
import re

import pytest
from django.urls import reverse

from config.security import RedactPreviewTokens
from statements import workflow
from statements.models import Edition, PreviewVisit, SignOff
from statements.signoff import actions
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import PDF, attach_file, read_body

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR
OVER = "You can no longer answer for it."


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


@pytest.fixture
def asked(edition, ann):
    return actions.request_signoff(edition, by=ann, at=NOON, name="Dame Jane", on_behalf_of="ADCS")


@pytest.fixture
def address(asked, frozen) -> str:
    frozen(LATER)
    return reverse("preview", args=[asked[1]])


def open_page(client, address: str, step: str = "open"):
    """Press “Open”, or another button that only asks for a screen."""
    return client.post(address, {"step": step})


def agree(client, address: str, edition: Edition, **headers):
    return client.post(address, {"answer": "agree", "seen_digest": edition.digest}, headers=headers)


def not_yet(client, address: str, edition: Edition, text: str):
    given = {"answer": "not-yet", "seen_digest": edition.digest, "text": text}
    return client.post(address, given)


def test_it_shows_the_words_that_the_newsdesk_reviews_and_the_public_will_read(
    client, address, edition, ed
):
    page = open_page(client, address)
    client.force_login(ed)
    reviewed = client.get(reverse("admin:statements_edition_page", args=[edition.pk]))
    article = reviewed.content.split(b"<article")[1].split(b"</article>")[0].strip()
    assert article.rstrip() in page.content
    assert b"Dame Jane (ADCS)" in page.content
    assert b"Edition 1: the final words" in page.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_stored_by_no_cache_no_index_and_no_other_site(client, address, method):
    answer = client.get(address) if method == "get" else open_page(client, address)
    said = {name: answer.headers.get(name) for name in agreement_headers()}
    assert said == agreement_headers()
    assert answer.cookies == {}
    assert "ETag" not in answer.headers


def agreement_headers() -> dict:
    return {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "X-Frame-Options": "DENY",
        "Vary": None,
    }


def test_a_program_that_fetches_the_link_sees_nothing_and_counts_as_nobody(client, address):
    page = client.get(address)
    client.head(address)
    client.options(address)
    assert page.status_code == 200
    assert "welcome" not in page.content.decode().casefold()
    assert b"Dame Jane, please check a text" in page.content
    assert PreviewVisit.objects.count() == 0


def test_each_opening_counts_as_seen_and_reading_again_does_not(client, address, edition):
    for _ in range(2):
        open_page(client, address)
    agree(client, address, edition)
    assert b"We welcome" in open_page(client, address, "words").content
    assert [opening.at for opening in PreviewVisit.objects.all()] == [LATER, LATER]


def test_who_reads_without_opening_counts_as_seen_too(client, address):
    open_page(client, address, "words")
    assert PreviewVisit.objects.count() == 1


def test_it_asks_why_not_before_it_takes_a_not_yet(client, address):
    page = open_page(client, address, "not-yet").content.decode()
    assert "What needs to change?" in page
    assert "welcome" not in page
    assert (PreviewVisit.objects.count(), SignOff.objects.count()) == (0, 0)


def test_it_says_until_when_and_for_which_release(client, edition, ann, frozen):
    frozen(LATER)
    _, token = actions.request_signoff(edition, by=ann, at=NOON, name="X", reply_by=NOON + DAY)
    address = reverse("preview", args=[token])
    for page in (client.get(address), open_page(client, address)):
        assert b"Wednesday 2 March 2044, 12:00 GMT" in page.content


def test_a_draft_is_shown_as_it_was_saved_and_says_what_it_is(client, ann, frozen):
    frozen(LATER)
    draft = make_statement(ann, "We welcome it")
    version = draft.draft_versions.last()
    _, token = actions.request_signoff(version, by=ann, at=NOON, name="Dave Hill")
    rewrite_passage(draft, "We regret it.", by=ann)
    address = reverse("preview", args=[token])
    assert b"welcome" not in client.get(address).content
    page = open_page(client, address).content.decode()
    assert f"Draft version {version.version}, saved Tuesday 1 March 2044, 13:00. Not final" in page
    assert "This is a draft." in page
    assert "The authors have changed the draft since." in page
    assert page.count("We welcome the report.") == 2  # as “Your words” and on the page
    assert "regret" not in page
    seen = re.search(r'name="seen_digest" value="(\w+)"', page)
    answer = client.post(address, {"answer": "agree", "seen_digest": seen[1]})
    assert f"You agreed to draft version {version.version}".encode() in answer.content
    assert SignOff.objects.get().draft_version == version


def test_a_draft_that_came_out_leads_to_the_public_page(client, ann, ed, frozen):
    frozen(NOON)
    draft = make_statement(ann, "We welcome it")
    _, token = actions.request_signoff(draft.draft_versions.last(), by=ann, at=NOON, name="X")
    address = reverse("preview", args=[token])
    frozen(LATER)
    edition = submit_statement(draft, by=ann, at=LATER)
    page = open_page(client, address).content.decode()
    assert "There is a newer edition of these words: edition 1." in page
    assert "I agree" not in page
    approve_edition(edition, by=ed, release_at=LATER + MINUTE)
    frozen(LATER + MINUTE)
    assert client.get(address).headers["Location"] == "/statements/we-welcome-it/"


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_only_a_post_answers(client, address, edition, method):
    getattr(client, method)(f"{address}?answer=agree&seen_digest={edition.digest}")
    assert SignOff.objects.count() == 0


def test_agreement_is_taken_and_shown(client, address, edition):
    answer = agree(client, address, edition)
    assert answer.status_code == 200
    assert b"Thank you. You agreed to edition 1" in answer.content
    assert SignOff.objects.get().digest == edition.digest
    assert b"Your answer so far</dt><dd>You agreed" in open_page(client, address).content


def test_not_yet_is_taken_with_its_reason_shown_as_text(client, address, edition):
    told = not_yet(client, address, edition, "<b>No</b>").content
    assert b"You said \xe2\x80\x9cNot yet\xe2\x80\x9d to edition 1" in told
    for page in (told, open_page(client, address).content):
        assert b"&lt;b&gt;No&lt;/b&gt;" in page
        assert b"<b>No</b>" not in page


def test_what_is_refused_keeps_what_was_typed(client, address, edition):
    assert not_yet(client, address, edition, " ").status_code == 422
    stale = client.post(
        address, {"answer": "not-yet", "seen_digest": "0" * 64, "text": "Long thought over."}
    )
    assert stale.status_code == 409
    assert b"Long thought over." in stale.content
    assert SignOff.objects.count() == 0


@pytest.mark.parametrize("data", [{}, {"answer": "\0", "seen_digest": "x" * 9999}])
def test_nonsense_is_refused(client, address, data):
    assert client.post(address, data).status_code in (409, 422)


def test_a_browser_that_comes_from_its_own_page_gives_no_origin(client, address, edition):
    sent = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert agree(client, address, edition, **sent).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "http://["}],
)
def test_another_site_answers_for_nobody(client, address, edition, headers):
    assert agree(client, address, edition, **headers).status_code == 403
    assert SignOff.objects.count() == 0


def test_no_time_that_is_to_come_is_shown(client, address, edition, ed):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    page = open_page(client, address).content.decode()
    assert "Not published yet" in page
    assert "2 March 2044" not in page


def test_an_old_link_says_that_there_is_a_newer_edition_and_shows_none_of_it(
    client, address, edition, ann
):
    submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    page = open_page(client, address).content.decode()
    assert "There is a newer edition of these words: edition 2." in page
    assert OVER in page
    assert "We welcome the report." in page
    assert "regret" not in page
    assert "I agree" not in page
    refused = not_yet(client, address, edition, "Long thought over.")
    assert refused.status_code == 422
    assert "Long thought over." in refused.content.decode()


def test_at_release_it_leads_to_the_public_page(client, frozen, address, edition, ed):
    approve_edition(edition, by=ed, release_at=LATER + MINUTE)
    assert client.get(address).status_code == 200
    frozen(LATER + MINUTE)
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/statements/we-welcome-it/")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    late = not_yet(client, address, edition, "Long thought over.")
    assert late.status_code == 409
    assert b"Long thought over." in late.content
    assert b"/statements/we-welcome-it/" in late.content


def test_a_newer_edition_that_came_out_is_where_an_old_link_leads(
    client, frozen, address, edition, ann, ed
):
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    approve_edition(newer, by=ed)
    assert client.get(address).headers["Location"] == "/statements/we-welcome-it/"


def test_its_pictures_are_shown_by_the_link_and_by_no_other(
    client, frozen, settings, tmp_path, ann, ed
):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    frozen(LATER)
    statement = make_statement(ann, "We welcome it")
    leaflet = attach_file(statement, ann, "leaflet.pdf", PDF)
    with_file = submit_statement(statement, by=ann)
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    name = f"{leaflet.file.digest}/{leaflet.name}"
    tokens = [actions.request_signoff(one, by=ann, at=NOON, name="X") for one in (with_file, other)]
    right, wrong = (reverse("preview", args=[token]) for _, token in tokens)
    assert f'href="{right}{name}"' in open_page(client, right).content.decode()
    shown = client.get(right + name)
    assert (read_body(shown), shown.headers["Cache-Control"]) == (PDF, "no-store")
    assert client.get(wrong + name).status_code == 404
    assert client.get(f"/files/{name}").status_code == 404
    actions.revoke_link(tokens[0][0], by=ed, at=NOON)
    assert client.get(right + name).status_code == 404


def ended_by_time(asked, frozen, ed, max):
    frozen(NOON + 7 * DAY)


def ended_by_revocation(asked, frozen, ed, max):
    actions.revoke_link(asked[0], by=ed, at=NOON)


def ended_by_erasure(asked, frozen, ed, max):
    edition = asked[0].edition
    workflow.cancel(edition, by=ed, at=NOON)
    workflow.request_erasure(refetch_edition(edition), by=max, at=NOON, reason="Order 12/44")
    mia = make_user("mia", "Manager")
    workflow.erase(
        refetch_edition(edition), by=mia, at=NOON, seen_digest=edition.digest, password=PASSWORD
    )


@pytest.mark.parametrize("end", [ended_by_time, ended_by_revocation, ended_by_erasure])
def test_a_link_that_ended_says_so_and_shows_nothing(
    client, frozen, address, asked, edition, ed, max, end
):
    assert b"We welcome" in open_page(client, address).content
    end(asked, frozen, ed, max)
    answer = client.get(address)
    assert answer.status_code == 410
    assert b"This link no longer works" in answer.content
    late = not_yet(client, address, edition, "Long thought over.")
    assert late.status_code == 410
    assert b"Long thought over." in late.content
    for said in (answer, late):
        assert b"welcome" not in said.content
        assert said.headers["Cache-Control"] == "no-store"
    assert (PreviewVisit.objects.count(), SignOff.objects.count()) == (1, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_queries_however_often_it_was_opened(
    client, address, edition, django_assert_num_queries, rows
):
    for number in range(rows):
        open_page(client, address)
        not_yet(client, address, edition, f"Reason {number}")
    # link; released?; visit; usual contact; newer edition?; last reply; content; editions; related
    with django_assert_num_queries(13):
        open_page(client, address)


def test_no_token_is_logged(caplog):
    said = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "%s: %s", ("Gone", "/preview/s3cret-t/"), None
    )
    RedactPreviewTokens().filter(said)
    assert said.getMessage() == "Gone: /preview/…/"
