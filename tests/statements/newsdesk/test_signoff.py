"""On the review page: who was asked, what they said, and what the newsdesk remarks."""

import re

import pytest
from django.urls import reverse

from statements.models import Edition, PreviewLink, PreviewToken, Remark, SignOff
from statements.newsdesk.signoff import build_context
from statements.signoff import actions
from tests.cast import HOUR, MINUTE, NOON, make_statement, rewrite_passage, submit_statement

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR


@pytest.fixture
def edition(ann, frozen) -> Edition:
    frozen(LATER)
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def review(client, edition: Edition) -> str:
    answer = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert answer.status_code == 200
    return plain(answer)


def plain(answer) -> str:
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(client, button: str, *args, **data):
    return client.post(reverse(f"admin:statements_{button}", args=args), data)


def ask(edition: Edition, *, by, at=NOON, name="Dame Jane", **fields):
    return actions.request_signoff(edition, by=by, at=at, name=name, **fields)


def test_whoever_speaks_and_was_not_asked_is_named_until_somebody_is(client, edition, ann):
    client.force_login(ann)
    body = "Association of Directors"
    assert f"Dave Hill speaks here, and nobody at {body} has been asked." in review(client, edition)
    press(client, "edition_ask", edition.pk, name="A secretary", on_behalf_of=body, days=7)
    assert "speaks here" not in review(client, edition)
    assert "0 of 1 agreed to these words" in review(client, edition)


def test_the_link_is_shown_once(client, edition, ann):
    client.force_login(ann)
    page = press(client, "edition_ask", edition.pk, name="Dame Jane", days=7).content.decode()
    (token,) = re.findall(r"/preview/([\w-]+)/", page)
    assert PreviewToken.objects.find_preview(token) == PreviewLink.objects.get()
    assert (
        token
        not in client.get(
            reverse("admin:statements_edition_review", args=[edition.pk])
        ).content.decode()
    )


def test_what_was_answered_stands_beside_approve_for_these_words_only(client, edition, ann, ed):
    preview, _ = ask(edition, by=ann)
    actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)
    client.force_login(ed)
    said = review(client, edition)
    assert "1 of 1 agreed to these words Agreed Dame Jane" in said
    assert "Agreed to these words on Tuesday 1 March 2044, 12:00 GMT." in said
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    said = review(client, newer)
    assert "0 of 1 agreed to these words No answer Dame Jane" in said
    assert (
        "Agreed to edition 1 on Tuesday 1 March 2044, 12:00 GMT. The words are not the same."
        in said
    )
    press(client, "preview_again", newer.pk, preview.pk)
    again = PreviewLink.objects.get(edition=newer)
    actions.record_reply(again, at=LATER, seen_digest=newer.digest, agrees=True)
    assert "1 of 1 agreed to these words Agreed Dame Jane" in review(client, newer)


def test_how_often_a_link_was_opened_is_shown(client, edition, ann):
    preview, _ = ask(edition, by=ann)
    client.force_login(ann)
    assert "Not opened yet." in review(client, edition)
    for minutes in (1, 2):
        actions.log_visit(preview, at=NOON + minutes * MINUTE)
    assert "Opened 2 times, last on Tuesday 1 March 2044, 12:02 GMT" in review(client, edition)


def test_an_answer_by_telephone_is_recorded(client, edition, ann):
    client.force_login(ann)
    press(
        client,
        "edition_telephone",
        edition.pk,
        name="Dame Jane",
        agrees="yes",
        given_at="2044-03-01T12:30",
        seen_digest=edition.digest,
    )
    assert SignOff.objects.get().given_at == NOON + 30 * MINUTE
    said = review(client, edition)
    assert "Agreed to these words on Tuesday 1 March 2044, 12:30 GMT, by telephone to ann." in said


@pytest.mark.parametrize(
    ("button", "data", "status"),
    [
        ("edition_ask", {"name": "", "days": "7"}, 422),
        ("edition_ask", {"name": "Dame Jane", "days": "x", "email": "\0"}, 422),
        ("edition_telephone", {"name": "Dame Jane", "agrees": "no", "text": ""}, 409),
        ("edition_telephone", {"name": "Dame Jane", "agrees": "yes", "given_at": "noon"}, 422),
        ("edition_remark", {"text": " "}, 422),
        ("edition_remark", {}, 422),
    ],
)
def test_what_is_refused_is_told_on_the_page_with_what_was_typed(
    client, edition, ann, button, data, status
):
    client.force_login(ann)
    answer = press(client, button, edition.pk, **data)
    assert answer.status_code == status
    assert "this was not done" in plain(answer)
    assert f'value="{data.get("name")}"' in answer.content.decode() or not data.get("name")
    assert (PreviewLink.objects.count(), SignOff.objects.count(), Remark.objects.count()) == (
        0,
        0,
        0,
    )


BUTTONS = ["edition_ask", "edition_telephone", "edition_remark"]


@pytest.mark.parametrize("button", [*BUTTONS, "preview_again", "preview_revoke"])
def test_reading_does_nothing_and_strangers_do_nothing(client, edition, ann, sam, button):
    preview, _ = ask(edition, by=ann)
    args = [edition.pk, preview.pk] if button.startswith("preview") else [edition.pk]
    client.force_login(ann)
    assert client.get(reverse(f"admin:statements_{button}", args=args)).status_code == 302
    sam.is_staff = True
    sam.is_superuser = True
    sam.save()
    client.force_login(sam)
    given = {"name": "X", "days": 7, "agrees": "yes", "text": "X", "seen_digest": edition.digest}
    assert press(client, button, *args, **given).status_code == 403
    preview.refresh_from_db()
    assert (PreviewLink.objects.count(), preview.revoked_at) == (1, None)
    assert (SignOff.objects.count(), Remark.objects.count()) == (0, 0)


def test_a_revoked_link_is_shown_as_one(client, edition, ann, ed):
    preview, _ = ask(edition, by=ann)
    client.force_login(ed)
    press(client, "preview_revoke", edition.pk, preview.pk)
    said = review(client, edition)
    assert "Link revoked on Tuesday 1 March 2044, 13:00 GMT." in said
    assert "Revoke the link" not in said


def test_remarks_stay_with_their_edition_and_are_reached_from_the_next(client, edition, ann, ed):
    client.force_login(ann)
    press(client, "edition_remark", edition.pk, text="Is it <b>shall</b>?")
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk])).content
    assert b"Is it &lt;b&gt;shall&lt;/b&gt;?" in page
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    said = review(client, newer)
    assert "Nobody has remarked on it yet." in said
    assert "Remarks on other editions of this statement (1)" in said
    assert "ann, 1 March 2044, 13:00 GMT, on edition 1" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_queries_for_any_number_of_people_and_remarks(
    edition, ann, rows, django_assert_num_queries
):
    for number in range(rows):
        preview, _ = ask(edition, by=ann, name=f"Reader {number}")
        actions.log_visit(preview, at=NOON)
        actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)
        actions.record_phone_reply(
            edition, by=ann, at=NOON, seen_digest=edition.digest, name=f"P{number}", agrees=True
        )
        actions.add_remark(edition, by=ann, at=NOON, text="Hm.")
    # Is there a newer edition; links; answers; openings; remarks.
    with django_assert_num_queries(5):
        shown = build_context(edition, at=LATER)
    assert (len(shown["people_asked"]), len(shown["remarks"])) == (2 * rows, rows)
