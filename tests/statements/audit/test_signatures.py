"""Test that each event is signed, and that nobody without the key can forge one."""

import base64
import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection

from statements.audit import verification
from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.integrity import key_rotation, keys, public_keys, triggers
from statements.integrity.keys import Signature
from statements.models import Action, Event
from tests.cast import NOON, approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(ann, ed):
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


@pytest.fixture
def newest(edition) -> Event:
    return edition.statement.events.latest("number")


@pytest.fixture
def own_keys(tmp_path: Path, settings) -> Path:
    path = tmp_path / "signing_key.pem"
    key_rotation.create_keys(path, at=NOON)
    settings.SIGNING_KEY_FILE = str(path)
    return path


def forge(event: Event, **values: str) -> None:
    """Change the event as only somebody with the database could."""
    triggers.drop_triggers(connection)
    try:
        Event.objects.filter(pk=event.pk).update(**values)
    finally:
        triggers.create_triggers(connection)


def find_problems(*, every: bool = False) -> list[str]:
    return list(verification.verify(every_signature=every))


def name(event: Event) -> str:
    return f"Event {event.number} of statement {event.statement_id}"


def rewrite(event: Event) -> str:
    """Let it be about other words, with a hash that is right."""
    event.digest = "0" * 64
    forged_hash = event.compute_hash()
    forge(event, digest=event.digest, hash=forged_hash)
    return forged_hash


# --- Signing --------------------------------------------------------------------------------------


def test_every_event_is_signed_over_its_hash(edition, ann):
    write_event(None, Action.MERGED, by=ann, at=NOON)
    events = Event.objects.all()
    assert {event.action for event in events} >= {"submitted", "approved", "merged"}
    for event in events:
        signature = Signature(event.signature, event.key_id)
        assert keys.verify_signature(event.hash.encode(), signature)
    assert find_problems(every=True) == []


# --- Forgeries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [False, True])
def test_a_forged_event_with_the_right_hash_does_not_match_its_signature(newest, every):
    rewrite(newest)
    assert find_problems(every=every) == [f"{name(newest)} does not match its signature."]
    assert verification.verify_statement(newest.statement) == [
        f"{name(newest)} does not match its signature."
    ]


@pytest.mark.parametrize("every", [False, True])
def test_an_event_that_lost_its_signature_is_named(newest, every):
    forge(newest, signature="", key_id="")
    assert find_problems(every=every) == [f"{name(newest)} is not signed."]


@pytest.mark.parametrize("every", [False, True])
def test_a_signature_by_a_key_that_was_never_trusted_is_named(newest, every):
    stranger = Ed25519PrivateKey.generate()
    key_id = public_keys.make_key_id(public_keys.write_public_pem(stranger.public_key()))
    value = base64.b64encode(stranger.sign(newest.hash.encode())).decode()
    forge(newest, signature=value, key_id=key_id)
    assert find_problems(every=every) == [
        f"{name(newest)} is signed with key {key_id}, which was never trusted here."
    ]


def test_the_site_chain_is_checked_as_well(ann):
    event = write_event(None, Action.MERGED, by=ann, at=NOON)
    forge(event, signature="")
    for every in (False, True):
        assert find_problems(every=every) == [f"Event {event.number} of the site is not signed."]


def test_each_chain_is_checked_by_its_newest_event(ann, ed):
    statements = [make_statement(ann, f"Comment {number}") for number in range(3)]
    editions = [approve_edition(submit_statement(s, by=ann), by=ed) for s in statements]
    newest = [edition.statement.events.latest("number") for edition in editions]
    for event in newest[::2]:
        forge(event, signature=newest[1].signature)
    assert find_problems() == [
        f"{name(event)} does not match its signature." for event in newest[::2]
    ]
    assert find_problems(every=True) == find_problems()


def test_an_earlier_signature_is_checked_on_request(edition, newest, capsys):
    first = edition.statement.events.get(number=1)
    forge(first, signature=newest.signature)
    assert find_problems() == []
    assert find_problems(every=True) == [f"{name(first)} does not match its signature."]
    call_command("verify_record")
    with pytest.raises(CommandError, match="The record does not hold: 1 found"):
        call_command("verify_record", every_signature=True)
    assert f"{name(first)} does not match its signature.\n" in capsys.readouterr().out


# --- Exports of earlier versions ------------------------------------------------------------------


def test_events_of_an_earlier_version_need_no_signature_before_the_first(edition, newest):
    first = edition.statement.events.get(number=1)
    forge(first, signature="", key_id="")
    assert find_problems(every=True) == []
    forge(newest, signature="", key_id="")
    for every in (False, True):
        assert find_problems(every=every) == [f"{name(newest)} is not signed."]


def test_an_event_after_the_first_signature_needs_one(edition, ed):
    write_event(lock_and_read(edition.statement_id), Action.METADATA_CHANGED, by=ed, at=NOON)
    second = edition.statement.events.get(number=2)
    forge(second, signature="", key_id="")
    assert find_problems(every=True) == [f"{name(second)} is not signed."]


# --- Rotation -------------------------------------------------------------------------------------


def test_what_a_retired_key_signed_stays_valid(own_keys, newest):
    key_rotation.rotate_key(own_keys, at=NOON)
    statement = lock_and_read(newest.statement_id)
    after = write_event(statement, Action.METADATA_CHANGED, by=newest.by, at=NOON)
    assert newest.key_id != after.key_id
    assert find_problems(every=True) == []


@pytest.mark.parametrize(("seconds", "is_found"), [(0, False), (1, True)])
def test_a_retired_key_signs_nothing_new_after_a_day(own_keys, newest, seconds, is_found):
    key_rotation.rotate_key(own_keys, at=NOON - dt.timedelta(days=1, seconds=seconds))
    sentence = f"{name(newest)} is signed with key {newest.key_id}, which had been retired by then."
    assert find_problems() == [sentence] * is_found
