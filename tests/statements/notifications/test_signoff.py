"""Test mail about sign-off and remarks."""

import pytest
from django.core.mail.backends.locmem import EmailBackend

from statements.models import PreviewLink, PreviewToken, Remark, SignOff
from statements.notifications import newsdesk, signoff
from tests.cast import DAY, NOON, approve_edition, make_statement, make_user, submit_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann, "Secret headline", words="Secret words."), by=ann)


@pytest.fixture
def preview(edition, ed) -> PreviewLink:
    return PreviewLink.objects.create(
        statement=edition.statement,
        edition=edition,
        name="Dame Jane",
        email="jane@example.com",
        made_by=ed,
        made_at=NOON,
        expires_at=NOON + DAY,
    )


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks, mailoutbox):
    """on_commit(function, …): the address and subject of each mail that the call causes."""

    def run(function, *args) -> list[tuple[str, str]]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function(*args)
        return sorted((mail.to[0], mail.subject) for mail in mailoutbox)

    return run


def test_an_invitation_carries_a_link_that_opens_the_edition(preview, ed, settings, mailoutbox):
    type(ed).objects.filter(pk=ed.pk).update(first_name="Ed", last_name="O’Neil & Co")
    signoff.send_invitation.func(preview.pk)
    (mail,) = mailoutbox
    before, link, after = mail.body.split("\n\n", 2)
    assert (mail.to, mail.reply_to) == (["jane@example.com"], [ed.email])
    assert mail.subject == "On the Record: Ed O’Neil & Co asks for your answer"
    assert before == (
        f"Ed O’Neil & Co of {preview.statement.organisation} asks you to read a text and to say "
        "whether you agree to it:"
    )
    assert after == ("The link is for you alone, so do not pass it on. You need no account.\n")
    token = link.removeprefix(f"{settings.SITE_URL}/preview/").removesuffix("/")
    assert PreviewToken.objects.find_preview(token) == preview


@pytest.mark.parametrize("columns", [{"email": ""}, {"revoked_at": NOON, "revoked_by": 1}])
def test_a_link_that_was_revoked_or_has_no_address_is_not_mailed(preview, ed, columns, mailoutbox):
    if "revoked_by" in columns:
        columns = columns | {"revoked_by": ed}
    PreviewLink.objects.filter(pk=preview.pk).update(**columns)
    signoff.send_invitation.func(preview.pk)
    assert mailoutbox == []


def test_an_invitation_that_fails_is_logged_by_its_number(preview, monkeypatch, caplog):
    def refuse(self, messages):
        raise OSError("jane@example.com is unknown here")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(OSError, match="unknown"):
        signoff.send_invitation.func(preview.pk)
    assert [record.getMessage() for record in caplog.records] == [
        f"Mail of preview link {preview.pk} failed: OSError"
    ]


def test_a_link_is_mailed_only_to_a_reader_with_an_address(preview, on_commit):
    assert on_commit(signoff.enqueue_invitation, preview) == [
        ("jane@example.com", "On the Record: Ed asks for your answer")
    ]
    preview.email = ""
    assert on_commit(signoff.enqueue_invitation, preview) == []


def reply(preview, *, by=None, agrees: bool = True) -> SignOff:
    return SignOff.objects.create(
        statement=preview.statement,
        edition=preview.edition,
        draft_version=preview.draft_version,
        digest=preview.edition.digest,
        preview=None if by else preview,
        name=preview.name,
        agrees=agrees,
        text="" if agrees else "Secret words?",
        given_at=NOON,
        recorded_by=by,
        recorded_at=NOON,
    )


def test_the_submitter_and_the_asker_hear_of_an_agreement(preview, ann, on_commit):
    subject = f"{preview.statement.organisation}: someone agreed to a statement"
    assert on_commit(signoff.notify_reply, reply(preview)) == [
        ("ann@example.org", subject),
        ("ed@example.org", subject),
    ]
    assert on_commit(signoff.notify_reply, reply(preview, by=ann)) == []  # she took the call


def test_every_editor_hears_of_an_objection_and_of_what_it_is_about(
    preview, settings, on_commit, mailoutbox
):
    make_user("eve", "Editor")
    organisation = preview.statement.organisation
    subject = f"{organisation}: an objection to a statement"
    assert on_commit(signoff.notify_reply, reply(preview, agrees=False)) == [
        ("ann@example.org", subject),
        ("ed@example.org", subject),
        ("eve@example.org", subject),
    ]
    assert mailoutbox[0].body == (
        f"Someone outside who was asked objected to edition 1 of a statement of "
        f"{organisation}. Read why before you decide:\n\n"
        f"{settings.SITE_URL}/admin/statements/statement/{preview.statement_id}/sign-off/\n"
    )


def test_an_objection_after_approval_says_put_on_hold(preview, ed, on_commit, mailoutbox):
    approve_edition(preview.edition, by=ed, release_at=NOON + DAY)
    preview.edition.refresh_from_db()
    on_commit(signoff.notify_reply, reply(preview, agrees=False))
    assert "an objection to an approved statement" in mailoutbox[0].subject
    assert "Put it on hold, or read why:" in mailoutbox[0].body


def test_no_mail_is_answered_by_a_machine_or_holds_a_word(preview, on_commit, mailoutbox):
    on_commit(signoff.notify_reply, reply(preview, agrees=False))
    for mail in mailoutbox:
        assert mail.message()["Auto-Submitted"] == "auto-generated"
        assert not any(word in mail.subject + mail.body for word in ("Secret", "Jane"))


def test_the_writers_and_the_thread_hear_of_a_remark(edition, ed, max, on_commit):
    make_user("zoe", "Author")  # has said nothing
    for user in (max, ed):
        remark = Remark.objects.create(
            statement=edition.statement,
            edition=edition,
            by=user,
            by_name=user.username,
            at=NOON,
            text="Really?",
        )
    subject = f"{edition.organisation}: a new remark on a statement"
    assert on_commit(signoff.notify_remark, remark) == [
        ("ann@example.org", subject),
        ("max@example.org", subject),
    ]


def test_nothing_is_mailed_while_mail_is_muted(edition, preview, on_commit):
    with newsdesk.muted():
        assert on_commit(signoff.enqueue_invitation, preview) == []
        assert on_commit(signoff.notify_reply, reply(preview)) == []
