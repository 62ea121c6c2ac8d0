"""Test that a mailed seal shows whether the record was rewritten, even by somebody with the keys."""

import base64
import email.mime.multipart
import email.mime.text
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from statements.audit import mailed_seals
from statements.audit.mailed_seals import BEGIN, END, UnreadableSeal, read_mailed_seal
from statements.audit.signatures import sign_event
from statements.integrity import public_keys, triggers
from statements.models import Event, Seal
from tests.cast import approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(ann, ed):
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


@pytest.fixture
def message(edition, settings):
    """The mail of a seal over one statement."""
    settings.ANCHOR_EMAIL = "notary@example.com"
    call_command("anchor_record")
    return mail.outbox[0]


@pytest.fixture
def event(message) -> Event:
    return Event.objects.get(action="anchored")


@pytest.fixture
def saved(message, tmp_path: Path) -> Path:
    path = tmp_path / "seal.eml"
    path.write_bytes(message.message().as_bytes())
    return path


def verify(path: Path, capsys) -> tuple[str, list[str]]:
    """Run the command; return how it ended, and the problems that it found."""
    ending = "The record holds"
    capsys.readouterr()
    try:
        call_command("verify_record", seal=path)
    except CommandError as error:
        ending = str(error).partition(":")[0]
    lines = capsys.readouterr().out.splitlines()
    return ending, [line for line in lines[1:] if not line.startswith("The record holds: ")]


def rewrite(event: Event, **values) -> None:
    """Change an event as the owner of database and keys could: with a right hash and signature."""
    for name, value in values.items():
        setattr(event, name, value)
    event.hash = event.compute_hash()
    sign_event(event)
    change(Event, event.pk, hash=event.hash, signature=event.signature, **values)


def change(model, pk: int, **values) -> None:
    triggers.drop_triggers(connection)
    try:
        model.objects.filter(pk=pk).update(**values)
    finally:
        triggers.create_triggers(connection)


# --- The mail -------------------------------------------------------------------------------------


def test_the_mail_says_what_it_is_for_and_holds_the_seal(message, event, settings):
    assert message.to == ["notary@example.com"]
    assert message.subject.startswith("On the Record: the record on ")
    mailed = read_mailed_seal(message.body.encode())
    assert mailed.values == {
        "site": settings.SITE_URL,
        "sealed": f"{event.at:%Y-%m-%dT%H:%M:%SZ}",
        "event": str(event.number),
        "event_hash": event.hash,
        "seal": "1",
        "seal_hash": mailed_seals.hash_text(Seal.objects.get().document),
        "key": event.key_id,
    }
    assert "manage.py verify_record --seal FILE" in message.body
    assert f"curl --silent {settings.SITE_URL}/seals/1/seal.txt | sha256sum" in message.body
    assert f"{settings.SITE_URL}/about/verification/" in message.body
    assert max(map(len, message.body.splitlines())) <= 78  # no mail program breaks these


def test_the_mail_names_nobody(message, edition):
    words = set(re.findall(r"[\w-]+", message.body))
    assert words & {"ann", "ed", "comment", "Comment", str(edition.uuid)} == set()


# --- What was not changed -------------------------------------------------------------------------


def test_the_record_holds_against_its_seal_however_it_was_saved(message, saved, tmp_path, capsys):
    body = message.body
    document = body[body.index(BEGIN) : body.index(END) + len(END)]
    multipart = email.mime.multipart.MIMEMultipart("alternative")
    multipart.attach(email.mime.text.MIMEText("<p>Nothing</p>", "html"))
    multipart.attach(email.mime.text.MIMEText(body, "plain", "utf-8"))  # in base64
    forms = {
        "mail": saved.read_bytes(),
        "body": body.encode(),
        "document": document.encode(),
        "windows": document.replace("\n", "\r\n").encode(),
        "forwarded": "".join(f"> {line}  \n" for line in body.splitlines()).encode(),
        "multipart": multipart.as_bytes(),
        "marked": b"\xef\xbb\xbf" + document.encode(),
    }
    for name, data in forms.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert verify(path, capsys) == ("The record holds", []), name


def test_what_happens_after_the_seal_is_no_problem(saved, edition, ann, ed, capsys):
    make_statement(ann, "Another draft, which is changed last")
    submit_statement(make_statement(ann, "Another"), by=ann)
    edition.statement.save(update_fields=["changed_at"])
    call_command("anchor_record")
    assert verify(saved, capsys) == ("The record holds", [])


# --- What was changed -----------------------------------------------------------------------------


def test_a_rewritten_statement_is_found_even_with_right_hashes_and_signatures(
    saved, edition, event, capsys
):
    last = edition.statement.events.latest("number")
    rewrite(last, by_name="ann")
    day = f"{event.at:%-d %B %Y}"
    assert verify(saved, capsys)[1][:1] == [
        f"The record before the seal of {day} is not what it was that day."
    ]


def test_a_rewritten_seal_is_found_by_the_mailed_one_alone(saved, edition, event, capsys):
    from statements.audit.seals import hash_heads
    from statements.content.schema import canonical

    rewrite(edition.statement.events.latest("number"), by_name="ann")
    seal = Seal.objects.get()
    detail = {"heads": hash_heads(10**9), "upto": 10**9, "seal": 1}
    detail["seal_hash"] = mailed_seals.hash_text(seal.document)
    rewrite(event, detail=canonical(detail))
    assert (
        f"Event {event.number} of the site is not the one in the mailed seal: the record was "
        "rewritten since." in verify(saved, capsys)[1]
    )


def test_a_missing_event_is_named(saved, event, capsys):
    change(Event, event.pk, number=event.number + 5)
    assert verify(saved, capsys)[1][0] == (
        f"The event of the mailed seal, number {event.number} of the site, is missing."
    )


def test_a_rewritten_public_list_is_named(saved, capsys):
    change(Seal, Seal.objects.get().pk, document="On the Record: something else\n")
    problems = verify(saved, capsys)[1]
    assert problems[0] == (
        "Seal 1 is not the one in the mailed seal: the public list was rewritten."
    )
    assert "Seal 1 is not the one that was written: its event says otherwise." in problems


# --- Forged and broken mails ----------------------------------------------------------------------


def test_a_changed_mail_does_not_match_its_signature(saved, capsys):
    saved.write_text(saved.read_text().replace("seal: 1\n", "seal: 2\n"))
    assert verify(saved, capsys)[1][:2] == [
        "The mailed seal does not match its signature: it is forged, or the file was changed.",
        "Seal 2 is not the one in the mailed seal: the public list was rewritten.",
    ]


def test_a_seal_of_a_stranger_is_named(saved, event, capsys):
    stranger = Ed25519PrivateKey.generate()
    key_id = public_keys.make_key_id(public_keys.write_public_pem(stranger.public_key()))
    mailed = read_mailed_seal(saved.read_bytes())
    text = mailed.text.replace(event.key_id, key_id)
    value = base64.b64encode(stranger.sign(text.encode())).decode()
    saved.write_text(f"{BEGIN}\n{text}\n{value}\n{END}\n")
    assert verify(saved, capsys) == (
        "The record does not hold",
        [
            f"The mailed seal is signed with key {key_id}, which was never trusted here: it is "
            "another site’s, or the keys of this one were replaced."
        ],
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("event: ", "events: "),
        ("key: ", "kéy: "),
        ("site: http", "site: a b"),
        ("event: ", "event: x"),
    ],
)
def test_a_seal_that_is_cut_off_is_a_sentence(saved, old, new):
    text = read_mailed_seal(saved.read_bytes()).text.replace(old, new, 1)
    with pytest.raises(UnreadableSeal) as refusal:
        read_mailed_seal(f"{BEGIN}\n{text}\nAAAA\n{END}".encode())
    assert str(refusal.value) == (
        "The seal in it is cut off or changed: save the mail again, as it was received."
    )


@pytest.mark.parametrize("data", [b"", b"Hello", b"\xff\xfe\x00", f"{BEGIN}\nHello".encode()])
def test_a_file_without_a_seal_is_a_sentence(tmp_path, data):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(CommandError) as refusal:
        call_command("verify_record", seal=path)
    assert str(refusal.value) == (
        f"{path} cannot be used. There is no seal in it: save the whole mail, or its text from "
        f"{BEGIN} to {END}."
    )


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"seal\.eml cannot be read: No such file or directory"):
        call_command("verify_record", seal=tmp_path / "seal.eml")
