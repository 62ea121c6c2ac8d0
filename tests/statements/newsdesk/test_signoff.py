"""Sign-offs and remarks on the review page."""

import re

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Edition, Passage, PreviewLink, PreviewToken, Remark, SignOff
from statements.newsdesk.signoff import build_context
from statements.signoff import actions
from statements.signoff.subjects import Subject
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    make_organisation,
    make_speaker,
    make_statement,
    rewrite_passage,
    submit_statement,
)

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
    assert f"Dave Hill Speaks here. Nobody at {organisation} has been asked." in load_review(
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
    assert "Speaks here" not in load_review(client, edition)
    assert "0 of 1 agreed" in load_review(client, edition)


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
    assert "1 of 1 agreed" in text
    assert "Agreed to this text on Tuesday 1 March 2044, 12:00 GMT." in text
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    text = load_review(client, newer)
    assert "0 of 1 agreed" in text
    assert (
        "Agreed to edition 1 on Tuesday 1 March 2044, 12:00 GMT. This edition has another text."
        in text
    )
    press(client, "edition_resend_link", newer.pk, preview.pk)
    resent = PreviewLink.objects.get(edition=newer)
    actions.record_reply(resent, at=LATER, seen_digest=newer.digest, agrees=True)
    assert "1 of 1 agreed" in load_review(client, newer)


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


BUTTONS = [
    "edition_request_signoff",
    "edition_request_signoffs",
    "edition_phone_reply",
    "edition_remark",
]


@pytest.mark.parametrize("button", [*BUTTONS, "edition_resend_link", "edition_revoke_link"])
def test_reading_does_nothing_and_strangers_do_nothing(client, edition, ann, sam, button):
    preview, _ = request_signoff(edition, by=ann)
    args = [edition.pk, preview.pk] if button.endswith("link") else [edition.pk]
    client.force_login(ann)
    assert client.get(reverse(f"admin:statements_{button}", args=args)).status_code == 302
    sam.is_staff = True
    sam.is_superuser = True
    sam.save()
    client.force_login(sam)
    given = {"name": "X", "days": 7, "agrees": "yes", "text": "X", "seen_digest": edition.digest}
    given |= {"on_behalf_of": "Y", "email-0": "x@example.org"}
    assert press(client, button, *args, **given).status_code == 403
    preview.refresh_from_db()
    assert (PreviewLink.objects.count(), preview.revoked_at) == (1, None)
    assert (SignOff.objects.count(), Remark.objects.count()) == (0, 0)


def test_a_revoked_link_is_shown_as_one(client, edition, ann, ed):
    preview, _ = request_signoff(edition, by=ann)
    client.force_login(ed)
    press(client, "edition_revoke_link", edition.pk, preview.pk)
    text = load_review(client, edition)
    assert "Link cancelled on Tuesday 1 March 2044, 13:00 GMT." in text
    assert "Cancel the link" not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_queries_for_any_number_of_people(
    edition, ann, rows, django_assert_num_queries
):
    for number in range(rows):
        preview, _ = request_signoff(edition, by=ann, name=f"Reader {number}")
        actions.log_visit(preview, at=NOON)
        actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)
        actions.record_phone_reply(
            edition, by=ann, at=NOON, seen_digest=edition.digest, name=f"P{number}", agrees=True
        )
    # A newer edition; links; replies; visits.
    with django_assert_num_queries(4):
        context = build_context(edition, at=LATER)
    assert len(context["signoff_rows"]) == 2 * rows


# --- Drafts ---------------------------------------------------------------------------------------


@pytest.fixture
def draft(ann, frozen):
    frozen(LATER)
    return make_statement(ann, "We welcome it")


def load_draft_page(client, draft):
    return client.get(reverse("admin:statements_statement_signoff", args=[draft.pk]))


def test_a_draft_is_sent_to_a_named_person_and_the_objection_is_shown(client, draft, ann):
    client.force_login(ann)
    person = {"name": "Dame Jane", "phone": "020 7946 0218", "reply_by": "2044-03-02T22:00"}
    page = press(client, "statement_request_signoff", draft.pk, days=7, **person).content.decode()
    assert "Anyone with this link can read draft version" in page
    link = PreviewLink.objects.get()
    assert link.draft_version == draft.draft_versions.last()
    assert "Asked to reply by Wednesday 2 March 2044, 22:00 GMT." in strip_tags(
        load_draft_page(client, draft)
    )
    seen = Subject.of(link).digest
    actions.record_reply(link, at=LATER, seen_digest=seen, agrees=False, text="It was a review.")
    text = strip_tags(load_draft_page(client, draft))
    assert "Dame Jane objected to draft version" in text
    assert "Ring 020 7946 0218" in text
    assert "Objects" in text


def test_an_objection_to_a_draft_stands_on_the_edition_and_no_agreement_counts(
    client, draft, ann, ed
):
    version = draft.draft_versions.last()
    for name, agrees in (("Dame Jane", False), ("Sir John", True)):
        link, _ = request_signoff(version, by=ann, at=LATER, name=name)
        seen = Subject.of(link).digest
        actions.record_reply(link, at=LATER, seen_digest=seen, agrees=agrees, text="No.")
    edition = submit_statement(draft, by=ann, at=LATER + MINUTE)
    client.force_login(ed)
    text = load_review(client, edition)
    assert "Dame Jane objected to draft version" in text
    assert "0 of 2 agreed" in text
    assert "An answer to a draft does not count for an edition." in text


def test_the_draft_page_leads_to_the_review_of_the_same_words(client, edition, ann):
    client.force_login(ann)
    answer = load_draft_page(client, edition.statement)
    assert answer.headers["Location"] == (
        reverse("admin:statements_edition_review", args=[edition.pk]) + "#signoff"
    )


def test_objections_stand_on_the_dashboard(client, edition, ann, ed):
    preview, _ = request_signoff(edition, by=ann)
    seen = edition.digest
    actions.record_reply(preview, at=LATER, seen_digest=seen, agrees=False, text="No.")
    client.force_login(ed)
    assert "1 objection" in strip_tags(client.get(reverse("admin:index")))
    workflow.approve(
        edition,
        by=ed,
        at=LATER,
        seen_digest=edition.digest,
        release_at=LATER + HOUR,
        objections_read=[SignOff.objects.get().pk],
    )
    assert "1 objection" in strip_tags(client.get(reverse("admin:index")))


# --- Several people in one press ------------------------------------------------------------------


@pytest.fixture
def two_speakers(ann, frozen) -> Edition:
    """An edition that quotes Dave Hill and Ruth Stone, of two organisations."""
    frozen(LATER)
    statement = make_statement(ann, "We both welcome it")
    other = make_speaker("Ruth Stone", organisation=make_organisation("Libraries"))
    Passage.objects.create(statement=statement, speaker=other, body="<p>So do we.</p>")
    statement.record_save(by=ann, seen_version=statement.version)
    return submit_statement(statement, by=ann)


def ask_all(client, edition, *emails, **more):
    people = {
        "name": ["Dave Hill", "Ruth Stone"],
        "on_behalf_of": ["Association of Directors", "Libraries"],
    }
    fields = {f"email-{index}": email for index, email in enumerate(emails)}
    return press(client, "edition_request_signoffs", edition.pk, **people, **fields, **more)


def test_all_who_are_quoted_are_asked_in_one_press(
    client, two_speakers, ann, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(ann)
    assert "Ask them all by email" in load_review(client, two_speakers)
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask_all(
            client,
            two_speakers,
            "dave@example.org",
            "ruth@example.org",
            reply_by="2 March 2044 09:00",
        )
    assert answer.status_code == 302
    links = PreviewLink.objects.order_by("pk").values_list("name", "on_behalf_of", "email")
    assert list(links) == [
        ("Dave Hill", "Association of Directors", "dave@example.org"),
        ("Ruth Stone", "Libraries", "ruth@example.org"),
    ]
    assert {link.reply_by for link in PreviewLink.objects.all()} == {NOON + 21 * HOUR}
    assert sorted(mail.to[0] for mail in mailoutbox) == ["dave@example.org", "ruth@example.org"]
    page = load_review(client, two_speakers)
    assert (
        "You asked Dave Hill (Association of Directors), Ruth Stone (Libraries) for sign-off. Each "
        "gets an email with a link."
    ) in page
    assert "Ask them all by email" not in page


def test_who_has_no_address_is_left_out(client, two_speakers, ann):
    client.force_login(ann)
    ask_all(client, two_speakers, "", "ruth@example.org")
    assert [link.name for link in PreviewLink.objects.all()] == ["Ruth Stone"]


@pytest.mark.parametrize(
    ("emails", "more", "sentence"),
    [
        (("", ""), {}, "Enter an email address for at least one person."),
        (("dave@example.org", "ruth"), {}, "email address"),
        (("dave@example.org", "ruth@example.org"), {"reply_by": "soon"}, "“soon”"),
        (("dave@example.org", "\x00"), {}, "Null characters are not allowed."),
        (("dave@example.org",), {"name": ["Dave Hill", "D" * 500], "email-1": "r@example.org"}, ""),
    ],
)
def test_a_refusal_asks_nobody_and_keeps_what_was_typed(
    client, two_speakers, ann, emails, more, sentence
):
    client.force_login(ann)
    answer = client.post(
        reverse("admin:statements_edition_request_signoffs", args=[two_speakers.pk]),
        {
            "name": ["Dave Hill", "Ruth Stone"],
            "on_behalf_of": ["Association of Directors", "Libraries"],
            **{f"email-{index}": email for index, email in enumerate(emails)},
            **more,
        },
    )
    assert answer.status_code == 422
    assert sentence in strip_tags(answer)
    assert not PreviewLink.objects.exists()
    if emails[0]:
        assert 'value="dave@example.org"' in answer.text


def test_one_speaker_is_asked_alone(client, edition, ann):
    client.force_login(ann)
    assert "Ask them all by email" not in load_review(client, edition)


def test_those_quoted_in_a_draft_are_asked_too(client, two_speakers, ann):
    statement = rewrite_passage(two_speakers.statement, "We welcome it a lot.", by=ann)
    client.force_login(ann)
    assert "Ask them all by email" in strip_tags(load_draft_page(client, statement))
    press(
        *(client, "statement_request_signoffs", statement.pk),
        **{"name": ["Dave Hill"], "on_behalf_of": [""], "email-0": "dave@example.org"},
    )
    assert PreviewLink.objects.get().draft_version.statement == statement
