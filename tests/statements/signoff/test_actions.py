"""Requests for sign-off, replies, links and remarks: advice that stays on the record."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from statements import workflow
from statements.audit import verification
from statements.models import (
    Edition,
    Event,
    PreviewLink,
    PreviewToken,
    PreviewVisit,
    Remark,
    SignOff,
    StaleVersion,
)
from statements.newsdesk import timeline
from statements.signoff import actions, remarks
from tests.assertions import assert_denied, assert_refused
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

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def ask(
    edition: Edition, *, by: User, name: str = "Dame Jane", **fields
) -> tuple[PreviewLink, str]:
    return actions.request_signoff(edition, by=by, at=NOON, name=name, **fields)


def agree(preview: PreviewLink, *, at: dt.datetime = LATER, agrees: bool = True, text: str = ""):
    digest = preview.edition.digest
    return actions.record_reply(preview, at=at, seen_digest=digest, agrees=agrees, text=text)


def timeline_sentences(edition: Edition) -> list[str]:
    """Return the timeline's sentences, newest first."""
    return [line.sentence for line in timeline.list_entries(edition.statement)]


def test_a_request_creates_a_link_of_which_only_the_hash_is_stored(edition, ann):
    preview, token = ask(edition, by=ann, on_behalf_of="ADCS", days=3)
    assert (preview.display_name, preview.expires_at) == ("Dame Jane (ADCS)", NOON + 3 * DAY)
    assert len(token) >= 22  # 128 bits
    kept = [list(model.objects.values_list()) for model in (PreviewLink, PreviewToken, Event)]
    assert token not in repr(kept)
    assert PreviewToken.objects.find_preview(token) == preview
    assert PreviewToken.objects.find_preview(token[:-1]) is None
    assert (
        timeline_sentences(edition)[0] == "Ann (ann) asked Dame Jane (ADCS) to sign off edition 1."
    )


def test_a_reply_is_bound_to_the_digest_and_recorded(edition, ann):
    preview, _ = ask(edition, by=ann)
    given = agree(preview)
    assert (given.digest, given.agrees, given.recorded_by) == (edition.digest, True, None)
    event = edition.events.last()
    assert (event.action, event.by, event.digest) == ("agreed", None, edition.digest)
    assert timeline_sentences(edition)[0] == "Dame Jane agreed to edition 1."
    assert list(verification.verify()) == []


def test_it_advises_and_never_blocks(edition, ann, ed):
    agree(ask(edition, by=ann)[0], agrees=False, text="It says “shall”.")
    assert approve_edition(edition, by=ed).release_at == NOON


def test_not_yet_says_why_and_the_record_does_not_repeat_it(edition, ann):
    preview, _ = ask(edition, by=ann)
    with assert_refused("Say what needs to change."):
        agree(preview, agrees=False, text=" \n ")
    agree(preview, agrees=False, text="It says “shall”.")
    assert timeline_sentences(edition)[0] == "Dame Jane objected to edition 1."
    assert "shall" not in repr(list(Event.objects.values_list()))


def test_the_newest_answer_counts_and_the_same_twice_is_one(edition, ann):
    preview, _ = ask(edition, by=ann)
    first = agree(preview, agrees=False, text="Why?")
    assert agree(preview, agrees=False, text="Why?") == first
    agree(preview)
    assert [answer.agrees for answer in preview.answers.all()] == [False, True]


def test_a_screen_with_other_words_answers_nothing(edition, ann):
    preview, _ = ask(edition, by=ann)
    with pytest.raises(StaleVersion, match="not these words"):
        actions.record_reply(preview, at=LATER, seen_digest="0" * 64, agrees=True)
    assert SignOff.objects.count() == 0


def test_a_link_that_expired_or_was_revoked_answers_nothing(edition, ann, ed):
    preview, _ = ask(edition, by=ann, days=1)
    with assert_refused("This link no longer works. Ask the person who sent it for a new one."):
        agree(preview, at=NOON + DAY)
    actions.revoke_link(preview, by=ed, at=LATER)
    with assert_refused("This link no longer works. Ask the person who sent it for a new one."):
        agree(preview)
    with assert_refused("The link of Dame Jane was cancelled already."):
        actions.revoke_link(preview, by=ed, at=LATER)
    assert timeline_sentences(edition)[0] == "Ed (ed) cancelled the link of Dame Jane to edition 1."


def test_words_that_moved_on_are_not_to_be_answered(edition, ann, ed, max):
    preview, _ = ask(edition, by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Look again.")
    with assert_refused("These words went back to their authors, to be changed."):
        agree(preview)
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    with assert_refused("There is a newer edition of these words: edition 2."):
        agree(preview)
    workflow.cancel(newer, by=ann, at=NOON)
    with assert_refused("These words were cancelled."):
        ask(newer, by=ann)


def test_published_words_are_not_asked_about(edition, ann, ed):
    preview, _ = ask(edition, by=ann)
    approve_edition(edition, by=ed, release_at=LATER)
    agree(preview, at=LATER - MINUTE)
    with assert_refused("These words have been published."):
        agree(preview, agrees=False, text="Too late.")


def test_a_person_with_a_valid_link_is_not_asked_twice(edition, ann, ed):
    old, _ = ask(edition, by=ann, on_behalf_of="ADCS", days=3)
    with assert_refused(
        "Dame Jane already has a link to these words that works. "
        "Send it again: that makes a new link and ends the old one."
    ):
        ask(edition, by=ann, on_behalf_of="adcs")
    new, token = actions.resend_link(old, to=edition, by=ed, at=LATER)
    old.refresh_from_db()
    assert (old.is_active(LATER), new.is_active(LATER), new.again_of) == (False, True, old)
    assert new.expires_at == LATER + 3 * DAY
    assert PreviewToken.objects.find_preview(token) == new


def test_a_link_is_sent_again_for_a_newer_edition(edition, ann):
    old, _ = ask(edition, by=ann)
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    new, _ = actions.resend_link(old, to=newer, by=ann, at=LATER)
    old.refresh_from_db()
    assert (new.edition, old.is_active(LATER)) == (newer, True)
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    with assert_refused("That link was for another statement."):
        actions.resend_link(old, to=other, by=ann, at=LATER)


def test_an_answer_by_telephone_names_who_took_it_down(edition, ann):
    given = actions.record_phone_reply(
        edition,
        by=ann,
        at=LATER,
        seen_digest=edition.digest,
        name=" Dame  Jane ",
        agrees=True,
        text="Rang back from the train.",
        given_at=NOON + MINUTE,
    )
    assert (given.name, given.recorded_by, given.given_at) == ("Dame Jane", ann, NOON + MINUTE)
    assert (
        timeline_sentences(edition)[0]
        == "Dame Jane agreed to edition 1, by telephone to Ann (ann)."
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Enter the name of the person to ask."),
        ({"name": "x" * 201}, "That is longer than 200 characters."),
        ({"given_at": LATER + MINUTE}, "That time is in the future. Say when they answered."),
        (
            {"given_at": NOON - MINUTE},
            "These words were submitted on 1 March 2044 at 12:00, later than that. "
            "Nobody can have answered before.",
        ),
        ({"agrees": False}, "Say what needs to change."),
    ],
)
def test_what_cannot_have_been_said_by_telephone_is_refused(edition, ann, fields, sentence):
    given = {"name": "Dame Jane", "agrees": True} | fields
    with assert_refused(sentence):
        actions.record_phone_reply(edition, by=ann, at=LATER, seen_digest=edition.digest, **given)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "\0\n"}, "Enter the name of the person to ask."),
        ({"email": "jane@"}, "“jane@” is not an email address."),
        ({"days": 0}, "A link works for 1 to 90 days."),
        ({"days": 91}, "A link works for 1 to 90 days."),
    ],
)
def test_a_link_that_cannot_be_is_refused(edition, ann, fields, sentence):
    with assert_refused(sentence):
        ask(edition, by=ann, **fields)


def test_only_the_newsdesk_asks_records_revokes_and_remarks(edition, ann, sam):
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    preview, _ = ask(edition, by=ann)
    for stranger in (sam, root):
        group = "you need to be an Author or an Editor or a Manager. Ask a manager."
        with assert_denied(f"To ask for sign-off {group}"):
            ask(edition, by=stranger, name="Somebody")
        with assert_denied(f"To ask for sign-off {group}"):
            actions.resend_link(preview, to=edition, by=stranger, at=LATER)
        with assert_denied(f"To cancel a link {group}"):
            actions.revoke_link(preview, by=stranger, at=LATER)
        with assert_denied(f"To record a phone call {group}"):
            actions.record_phone_reply(
                edition,
                by=stranger,
                at=LATER,
                seen_digest=edition.digest,
                name="Dame Jane",
                agrees=True,
            )
        with assert_denied(f"To remark on an edition {group}"):
            remarks.add_remark(edition, by=stranger, at=LATER, text="Hm.")


def test_a_remark_is_kept_with_its_edition(edition, ann):
    said = remarks.add_remark(edition, by=ann, at=LATER, text=" Is it “shall”?\r\nOr not? ")
    assert (said.edition, said.by_name, said.text) == (edition, "ann", "Is it “shall”?\nOr not?")
    with assert_refused("The remark is empty. Write it first."):
        remarks.add_remark(edition, by=ann, at=LATER, text=" \0 ")


# --- Mail -----------------------------------------------------------------------------------------


def test_the_mail_carries_a_link_of_its_own_and_not_a_word(
    edition, ann, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        preview, token = ask(edition, by=ann, email="jane@example.org")
    (mail,) = mailoutbox
    (link,) = [line for line in mail.body.splitlines() if "/preview/" in line]
    assert (mail.to, mail.reply_to) == (["jane@example.org"], ["ann@example.org"])
    assert mail.subject == "On the Record: Ann asks for your answer"
    assert PreviewToken.objects.find_preview(link.split("/")[-2]) == preview
    assert token not in mail.body
    assert not any(word in mail.subject + mail.body for word in ("welcome", "Dame", "Hill"))


def test_those_concerned_are_mailed_of_answers_and_remarks_by_a_link_alone(
    edition, ann, ed, max, mailoutbox, django_capture_on_commit_callbacks
):
    preview, _ = ask(edition, by=ed)
    with django_capture_on_commit_callbacks(execute=True):
        agree(preview, agrees=False, text="Not “shall”.")
    told = ["ann@example.org", "ed@example.org", "max@example.org"]  # a manager edits as well
    assert sorted(mail.to[0] for mail in mailoutbox) == told
    with django_capture_on_commit_callbacks(execute=True):
        remarks.add_remark(edition, by=max, at=LATER, text="Not “shall”.")
        remarks.add_remark(edition, by=ann, at=LATER, text="Not “shall”.")
    assert [mail.to[0] for mail in mailoutbox[3:]] == [
        "ann@example.org",
        "max@example.org",
    ]
    everything = "".join(mail.subject + mail.body for mail in mailoutbox)
    assert not any(word in everything for word in ("shall", "welcome", "Dame"))


# --- The database ---------------------------------------------------------------------------------


@pytest.fixture
def said(edition, ann) -> Edition:
    """Create a row in every table of sign-off."""
    preview, _ = ask(edition, by=ann)
    actions.log_visit(preview, at=LATER)
    agree(preview, agrees=False, text="Not “shall”.")
    remarks.add_remark(edition, by=ann, at=LATER, text="Not “shall”.")
    return edition


@pytest.mark.parametrize("model", [PreviewLink, PreviewToken, PreviewVisit, SignOff, Remark])
def test_nothing_that_was_said_is_ever_deleted(said, model):
    with pytest.raises(IntegrityError, match="ever"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    assert model.objects.count() == 1


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (PreviewLink, {"name": "Somebody else"}),
        (PreviewLink, {"expires_at": NOON + 9 * DAY}),
        (PreviewToken, {"token_hash": "0" * 64}),
        (PreviewVisit, {"at": NOON}),
        (SignOff, {"agrees": True}),
        (SignOff, {"digest": "0" * 64}),
        (SignOff, {"text": "It is fine."}),
        (SignOff, {"text": "It is fine.", "text_erased_at": NOON}),
        (Remark, {"text": "It is fine."}),
        (Remark, {"by_name": "ed"}),
    ],
)
def test_nothing_that_was_said_is_ever_changed(said, model, values):
    before = list(model.objects.values())
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**values)
    assert list(model.objects.values()) == before


def test_what_was_revoked_stays_revoked_even_by_sql(said, ann):
    PreviewLink.objects.update(revoked_by=ann, revoked_at=LATER)
    with pytest.raises(IntegrityError, match="stays revoked"), transaction.atomic():
        PreviewLink.objects.update(revoked_by=None, revoked_at=None)


@pytest.mark.sqlite
@pytest.mark.parametrize("model", [PreviewLink, PreviewToken, PreviewVisit, SignOff, Remark])
def test_replacing_a_row_is_refused_as_well(said, model):
    table = model._meta.db_table
    with (
        pytest.raises(IntegrityError, match="is ever replaced"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_an_answer_names_either_a_link_or_a_colleague_even_by_sql(said, edition):
    with pytest.raises(IntegrityError, match="recorded_by_check"), transaction.atomic():
        SignOff.objects.create(
            statement=edition.statement,
            edition=edition,
            digest=edition.digest,
            name="Nobody",
            agrees=True,
            given_at=NOON,
            recorded_at=NOON,
        )


def test_an_erasure_takes_what_may_quote_the_words(said, ann, ed, max):
    mia = make_user("mia", "Manager")
    workflow.cancel(said, by=ann, at=LATER)
    workflow.request_erasure(refetch_edition(said), by=max, at=LATER, reason="Order 12/44")
    workflow.erase(
        refetch_edition(said), by=mia, at=LATER, seen_digest=said.digest, password=PASSWORD
    )
    for model in (SignOff, Remark):
        (row,) = model.objects.all()
        assert (row.text, row.text_erased_at) == ("", LATER)
    with assert_refused("These words were erased, and the remarks on them."):
        remarks.add_remark(said, by=ann, at=LATER, text="It said “shall”.")
    assert list(verification.verify()) == []
