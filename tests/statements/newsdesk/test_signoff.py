"""Sign-offs and remarks on the review page."""

import re

import pytest
from django.urls import reverse

from statements.models import Edition, PreviewLink, PreviewToken, Remark, SignOff
from statements.newsdesk.signoff import build_context
from statements.signoff import actions, remarks
from tests.cast import HOUR, MINUTE, NOON, make_statement, rewrite_passage, submit_statement

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR


@pytest.fixture
def edition(ann, frozen) -> Edition:
    frozen(LATER)
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def load_review(client, edition: Edition) -> str:
    answer = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert answer.status_code == 200
    return strip_tags(answer)


def strip_tags(answer) -> str:
    """Return the text of the page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(client, button: str, *args, **data):
    return client.post(reverse(f"admin:statements_{button}", args=args), data)


def request_signoff(edition: Edition, *, by, at=NOON, name="Dame Jane", **fields):
    return actions.request_signoff(edition, by=by, at=at, name=name, **fields)


def test_a_speaker_is_listed_until_somebody_is_asked(client, edition, ann):
    client.force_login(ann)
    organisation = "Association of Directors"
    assert f"Dave Hill speaks here, and nobody at {organisation} has been asked." in load_review(
        client, edition
    )
    press(
        client,
        "edition_request_signoff",
        edition.pk,
        name="A secretary",
        on_behalf_of=organisation,
        days=7,
    )
    assert "speaks here" not in load_review(client, edition)
    assert "0 of 1 agreed to this text" in load_review(client, edition)


def test_the_link_is_shown_once(client, edition, ann):
    client.force_login(ann)
    page = press(
        client, "edition_request_signoff", edition.pk, name="Dame Jane", days=7
    ).content.decode()
    (token,) = re.findall(r"/preview/([\w-]+)/", page)
    assert PreviewToken.objects.find_preview(token) == PreviewLink.objects.get()
    assert (
        token
        not in client.get(
            reverse("admin:statements_edition_review", args=[edition.pk])
        ).content.decode()
    )


def test_a_reply_counts_only_for_the_text_it_was_given_on(client, edition, ann, ed):
    preview, _ = request_signoff(edition, by=ann)
    actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)
    client.force_login(ed)
    text = load_review(client, edition)
    assert "1 of 1 agreed to this text Agreed Dame Jane" in text
    assert "Agreed to this text on Tuesday 1 March 2044, 12:00 GMT." in text
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    text = load_review(client, newer)
    assert "0 of 1 agreed to this text No answer Dame Jane" in text
    assert (
        "Agreed to edition 1 on Tuesday 1 March 2044, 12:00 GMT. This edition has another text."
        in text
    )
    press(client, "preview_link_resend", newer.pk, preview.pk)
    resent = PreviewLink.objects.get(edition=newer)
    actions.record_reply(resent, at=LATER, seen_digest=newer.digest, agrees=True)
    assert "1 of 1 agreed to this text Agreed Dame Jane" in load_review(client, newer)


def test_how_often_a_link_was_opened_is_shown(client, edition, ann):
    preview, _ = request_signoff(edition, by=ann)
    client.force_login(ann)
    assert "Not opened yet." in load_review(client, edition)
    for minutes in (1, 2):
        actions.log_visit(preview, at=NOON + minutes * MINUTE)
    assert "Opened 2 times, last on Tuesday 1 March 2044, 12:02 GMT" in load_review(client, edition)


def test_a_reply_by_telephone_is_recorded(client, edition, ann):
    client.force_login(ann)
    press(
        client,
        "edition_phone_reply",
        edition.pk,
        name="Dame Jane",
        agrees="yes",
        given_at="2044-03-01T12:30",
        seen_digest=edition.digest,
    )
    assert SignOff.objects.get().given_at == NOON + 30 * MINUTE
    text = load_review(client, edition)
    assert "Agreed to this text on Tuesday 1 March 2044, 12:30 GMT, by telephone to ann." in text


@pytest.mark.parametrize(
    ("button", "data", "status"),
    [
        ("edition_request_signoff", {"name": "", "days": "7"}, 422),
        ("edition_request_signoff", {"name": "Dame Jane", "days": "x", "email": "\0"}, 422),
        ("edition_phone_reply", {"name": "Dame Jane", "agrees": "no", "text": ""}, 409),
        ("edition_phone_reply", {"name": "Dame Jane", "agrees": "yes", "given_at": "noon"}, 422),
        ("edition_remark", {"text": " "}, 422),
        ("edition_remark", {}, 422),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_why(
    client, edition, ann, button, data, status
):
    client.force_login(ann)
    answer = press(client, button, edition.pk, **data)
    assert answer.status_code == status
    assert "this was not done" in strip_tags(answer)
    assert f'value="{data.get("name")}"' in answer.content.decode() or not data.get("name")
    assert (PreviewLink.objects.count(), SignOff.objects.count(), Remark.objects.count()) == (
        0,
        0,
        0,
    )


BUTTONS = ["edition_request_signoff", "edition_phone_reply", "edition_remark"]


@pytest.mark.parametrize("button", [*BUTTONS, "preview_link_resend", "preview_link_revoke"])
def test_reading_does_nothing_and_strangers_do_nothing(client, edition, ann, sam, button):
    preview, _ = request_signoff(edition, by=ann)
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
    preview, _ = request_signoff(edition, by=ann)
    client.force_login(ed)
    press(client, "preview_link_revoke", edition.pk, preview.pk)
    text = load_review(client, edition)
    assert "Link revoked on Tuesday 1 March 2044, 13:00 GMT." in text
    assert "Revoke the link" not in text


def test_remarks_stay_with_their_edition_and_are_reached_from_the_next(client, edition, ann, ed):
    client.force_login(ann)
    press(client, "edition_remark", edition.pk, text="Is it <b>shall</b>?")
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk])).content
    assert b"Is it &lt;b&gt;shall&lt;/b&gt;?" in page
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    text = load_review(client, newer)
    assert "There are no remarks yet." in text
    assert "Remarks on other editions of this statement (1)" in text
    assert "ann, 1 March 2044, 13:00 GMT, on edition 1" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_queries_for_any_number_of_people_and_remarks(
    edition, ann, rows, django_assert_num_queries
):
    for number in range(rows):
        preview, _ = request_signoff(edition, by=ann, name=f"Reader {number}")
        actions.log_visit(preview, at=NOON)
        actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)
        actions.record_phone_reply(
            edition, by=ann, at=NOON, seen_digest=edition.digest, name=f"P{number}", agrees=True
        )
        remarks.add_remark(edition, by=ann, at=NOON, text="Hm.")
    # A newer edition; links; replies; visits; remarks.
    with django_assert_num_queries(5):
        context = build_context(edition, at=LATER)
    assert (len(context["signoff_rows"]), len(context["remarks"])) == (2 * rows, rows)
