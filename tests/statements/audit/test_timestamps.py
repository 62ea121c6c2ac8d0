"""Test the timestamps of seals, by an authority on this machine."""

import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from statements.audit import seals, timestamps
from statements.audit.timestamps import TimestampFailure, request_timestamp
from statements.models import Seal
from tests.cast import HOUR, NOON
from tests.statements.audit.time_stamping import Authority, serve_authority


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with serve_authority(tmp_path_factory.mktemp("authority")) as authority:
        yield authority


@pytest.fixture
def authority(running: Authority, settings) -> Authority:
    settings.TIMESTAMP_URL, settings.TIMESTAMP_CA_FILE = running.url, str(running.certificate)
    running.answer = None
    running.requests.clear()
    return running


def test_openssl_verifies_the_timestamp_of_a_seal(authority, db, tmp_path: Path, capsys):
    call_command("anchor_record")
    seal = Seal.objects.get()
    (tmp_path / "seal.txt").write_text(seal.document)
    (tmp_path / "timestamp.tsr").write_bytes(seal.timestamp)
    command = f"openssl ts -verify -data seal.txt -in timestamp.tsr -CAfile {authority.certificate}"
    done = subprocess.run(
        command.split(), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "Verification: OK\n", done.stderr
    assert capsys.readouterr().err == ""
    call_command("anchor_record")
    assert len(authority.requests) == 2  # one for each seal


def test_the_authority_learns_nothing_but_a_hash(authority):
    request_timestamp(b"what a seal says")
    [query] = authority.requests
    assert b"what a seal says" not in query
    assert len(query) < 100


def test_a_failure_stops_no_seal_and_the_next_one_tries_again(authority, db, capsys, caplog):
    authority.answer = (503, b"Come back later.")
    call_command("anchor_record")
    assert capsys.readouterr().err == (
        f"Seal 1 got no timestamp: {authority.url} did not answer (HTTP Error 503: Service "
        "Unavailable). The next seal tries again.\n"
    )
    assert "Seal 1 got no timestamp" in caplog.text
    assert bytes(Seal.objects.get().timestamp) == b""
    authority.answer = None
    call_command("anchor_record")
    assert [bool(seal.timestamp) for seal in Seal.objects.all()] == [True, True]


@pytest.mark.parametrize("answer", [b"", b"no DER", b"0\x03\x02\x01\x00"])
def test_an_answer_that_is_no_timestamp_is_not_kept(authority, answer):
    authority.answer = (200, answer)
    with pytest.raises(TimestampFailure, match="its answer does not verify"):
        request_timestamp(b"words")


def test_a_timestamp_of_other_data_or_an_older_request_is_not_kept(authority):
    request_timestamp(b"words")
    replayed = authority.stamp(authority.requests[-1])
    authority.answer = (200, replayed)
    with pytest.raises(TimestampFailure, match="its answer does not verify"):
        request_timestamp(b"words")
    with pytest.raises(TimestampFailure, match="its answer does not verify"):
        request_timestamp(b"other words")


def test_a_timestamp_of_another_authority_is_not_kept(authority, settings, tmp_path: Path):
    stranger = Authority(tmp_path)
    settings.TIMESTAMP_CA_FILE = str(stranger.certificate)
    with pytest.raises(TimestampFailure, match="its answer does not verify"):
        request_timestamp(b"words")


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_a_sentence(authority, settings, tmp_path, text):
    path = tmp_path / "authority.pem"
    if text:
        path.write_text(text)
    settings.TIMESTAMP_CA_FILE = str(path)
    with pytest.raises(TimestampFailure, match=f"^TIMESTAMP_CA_FILE {path} cannot be read"):
        request_timestamp(b"words")


def test_an_authority_that_is_away_is_a_sentence(authority, settings):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(TimestampFailure, match=r"^http://127\.0\.0\.1:9/ did not answer"):
        request_timestamp(b"words")


def test_without_an_authority_nobody_is_asked(db, settings):
    seals.write_seal(at=NOON + HOUR)
    assert timestamps.add_missing_timestamps() == []
    assert bytes(Seal.objects.get().timestamp) == b""
