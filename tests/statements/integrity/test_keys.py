"""Test the keys outside the database: what they sign, who may read them, and their rotation."""

import base64
import json
import os
import stat
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from statements.integrity import key_rotation, keys, public_keys
from statements.integrity.keys import KeyProblem, Signature
from tests.cast import NOON


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def path(tmp_path: Path, settings) -> Path:
    """The key of an installation of its own."""
    settings.SIGNING_KEY_FILE = str(tmp_path / "keys/signing_key.pem")
    return Path(settings.SIGNING_KEY_FILE)


@pytest.fixture
def created(path: Path) -> Path:
    key_rotation.create_keys(path, at=NOON)
    return path


def find_modes(path: Path) -> dict[str, str]:
    return {file.name: f"{stat.S_IMODE(file.stat().st_mode):o}" for file in path.parent.iterdir()}


# --- Signatures and keyed hashes ------------------------------------------------------------------


def test_a_signature_verifies_and_no_other_data_does():
    signature = keys.sign(b"words")
    assert (len(signature.value), len(signature.key_id)) == (88, 16)
    assert keys.verify_signature(b"words", signature)
    assert not keys.verify_signature(b"Words", signature)


@pytest.mark.parametrize("value", ["", "no base64", "AAAA", "ü" * 88, "A" * 87 + "="])
def test_a_malformed_signature_does_not_verify(value):
    assert not keys.verify_signature(b"words", keys.sign(b"words")._replace(value=value))


def test_a_key_that_was_never_trusted_does_not_verify():
    stranger = Ed25519PrivateKey.generate()
    key_id = public_keys.make_key_id(public_keys.write_public_pem(stranger.public_key()))
    value = base64.b64encode(stranger.sign(b"words")).decode()
    assert not keys.verify_signature(b"words", Signature(value, key_id))
    assert key_id not in keys.get_public_keys()


def test_openssl_verifies_a_signature_and_names_the_key(tmp_path: Path):
    signature = keys.sign(b"words")
    (tmp_path / "key.pem").write_text(keys.get_public_keys()[signature.key_id].pem)
    (tmp_path / "signature").write_bytes(base64.b64decode(signature.value))
    (tmp_path / "data").write_bytes(b"words")
    command = "openssl pkeyutl -verify -rawin -pubin -inkey key.pem -sigfile signature -in data"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "Signature Verified Successfully\n"
    command = "openssl pkey -pubin -in key.pem -outform DER | sha256sum"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode()[:16] == signature.key_id


def test_a_keyed_hash_depends_on_text_purpose_and_secret(created: Path):
    first = keys.keyed_hash("slug", "budget-vote")
    assert len(first) == 64
    assert keys.keyed_hash("slug", "budget-vote") == first
    assert keys.keyed_hash("slug", "budget-vot") != first
    assert keys.keyed_hash("row", "budget-vote") != first
    assert keys.keyed_hash("slu", "g\0budget-vote") != first
    assert len(keys.keyed_hash("row", "a lone surrogate: \ud800")) == 64
    created.with_name("keyed_hash_secret").write_text("0" * 64)
    assert keys.keyed_hash("slug", "budget-vote") != first


# --- The files ------------------------------------------------------------------------------------


def test_a_new_installation_gets_its_keys_once(path: Path, capsys):
    call_command("create_signing_key")
    [key_id] = keys.get_public_keys()
    assert capsys.readouterr().out == (
        f"Created key {key_id} in {path}. Back up that folder, apart from the database.\n"
    )
    assert find_modes(path) == {
        "signing_key.pem": "600",
        "keyed_hash_secret": "600",
        "public_keys.json": "644",
    }
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(CommandError) as refusal:
        call_command("create_signing_key")
    assert str(refusal.value) == (
        f"There is a {path} already, and without it what it signed or hashed could not be "
        "verified. To replace a key, run: manage.py rotate_signing_key"
    )
    call_command("create_signing_key", if_missing=True)
    assert list(keys.get_public_keys()) == [key_id]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("left", ["keyed_hash_secret", "public_keys.json"])
def test_creating_a_key_never_replaces_what_is_left_of_the_former_ones(created: Path, left):
    created.unlink()
    with pytest.raises(KeyProblem, match="already, and without it"):
        key_rotation.create_keys(created, at=NOON)
    assert not created.exists()


@pytest.mark.parametrize("name", ["signing_key.pem", "keyed_hash_secret"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_private_file_that_others_can_reach_is_refused(created: Path, name, mode):
    file = created.with_name(name)
    file.chmod(mode)
    assert keys.find_key_problem() == (
        f"Other users of this machine can read or change {file} (mode {mode:o}). "
        f"Run: chmod 600 {file}"
    )
    file.chmod(0o400)
    assert keys.find_key_problem() == ""


def test_each_missing_file_is_named(created: Path):
    for name in find_modes(created):
        file = created.with_name(name)
        text = file.read_text()
        file.unlink()
        assert keys.find_key_problem() == (
            f"There is no {file}, so nothing can be signed. On a new installation, run: "
            "manage.py create_signing_key; otherwise restore the keys from their backup."
        )
        file.write_text(text)
        file.chmod(0o600)
    assert keys.find_key_problem() == ""


def test_a_folder_that_cannot_be_searched_is_a_sentence(settings, tmp_path: Path):
    settings.SIGNING_KEY_FILE = str(tmp_path / ("x" * 300) / "signing_key.pem")
    assert keys.find_key_problem() == (
        f"{settings.SIGNING_KEY_FILE} cannot be read: File name too long. "
        "Let the user of this process read it."
    )


def test_a_key_that_is_a_folder_is_a_sentence(created: Path):
    created.unlink()
    created.mkdir(mode=0o700)
    assert keys.find_key_problem() == (
        f"{created} cannot be read: Is a directory. Let the user of this process read it."
    )


@pytest.mark.parametrize(
    "command",
    [
        "openssl genpkey -algorithm ed448",
        "openssl genpkey -algorithm ed25519 -aes256 -pass pass:secret",
        "echo -----BEGIN PRIVATE KEY-----",
    ],
)
def test_only_an_ed25519_key_without_a_password_signs(created: Path, command):
    done = subprocess.run(command.split(), capture_output=True, text=True, check=True)
    created.write_text(done.stdout)
    assert keys.find_key_problem() == (
        f"{created} is not an Ed25519 private key in PEM without a password. "
        "Restore that file from the backup of the keys."
    )


def test_a_secret_that_is_cut_off_is_refused(created: Path):
    file = created.with_name("keyed_hash_secret")
    file.write_text("0" * 63 + "\n")
    assert keys.find_key_problem() == (
        f"The secret in {file} is cut off: it has fewer than 64 characters. "
        "Restore that file from the backup of the keys."
    )


def test_a_private_key_that_nobody_vouches_for_is_refused(created: Path):
    created.write_text(key_rotation._write_private_pem(Ed25519PrivateKey.generate()))
    assert keys.find_key_problem() == (
        f"The key in {created} is not in the list of public keys in "
        f"{created.with_name('public_keys.json')}. "
        "Restore both files from the same backup of the keys."
    )


# --- The list of public keys ----------------------------------------------------------------------


def make_stranger() -> public_keys.PublicKeyEntry:
    return key_rotation._make_entry(Ed25519PrivateKey.generate(), NOON)


def read_entries(created: Path) -> list[public_keys.PublicKeyEntry]:
    return list(public_keys.read_public_keys(created.with_name("public_keys.json")).values())


def forge(created: Path, *entries: public_keys.PublicKeyEntry) -> str:
    """Write the list, and return what is wrong with it."""
    key_rotation._write_list(keys.KeyFiles(created), list(entries))
    problem = keys.find_key_problem()
    file = created.with_name("public_keys.json")
    start, end = (
        f"The list of public keys in {file} cannot be used: ",
        ". Restore that file from the backup of the keys.",
    )
    assert problem.startswith(start)
    assert problem.endswith(end)
    return problem.removeprefix(start).removesuffix(end)


def test_nobody_adds_a_key_that_no_trusted_key_signed(created: Path):
    [first] = read_entries(created)
    stranger = make_stranger()
    sentence = f"no trusted key signed key {stranger.key_id}"
    assert forge(created, first, stranger) == sentence
    signed = keys_signature(created, b"something else")
    by_first = replace(stranger, signed_by=first.key_id, signature=signed)
    assert forge(created, first, by_first) == sentence
    by_itself = replace(stranger, signed_by=stranger.key_id, signature=signed)
    assert forge(created, first, by_itself) == sentence


def keys_signature(created: Path, data: bytes) -> str:
    private = keys._read_private_key(created)
    return base64.b64encode(private.sign(data)).decode()


def test_an_entry_with_another_id_or_twice_is_refused(created: Path):
    [first] = read_entries(created)
    other = replace(first, key_id="0" * 16)
    assert forge(created, other) == f"key {other.key_id} has another id, or appears twice"
    assert forge(created, first, first) == f"key {first.key_id} has another id, or appears twice"


def test_a_key_of_another_kind_is_refused(created: Path):
    make = "openssl genpkey -algorithm ed448 | openssl pkey -pubout"
    done = subprocess.run(["sh", "-c", make], capture_output=True, text=True, check=True)
    entry = replace(make_stranger(), pem=done.stdout)
    assert forge(created, entry) == "one of its keys is not an Ed25519 key"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "it is empty"),
        ("{}", "it is not a list of keys"),
        ('[{"key_id": "0"}]', "it is not a list of keys"),
        ("[", "Expecting value: line 1 column 2 (char 1)"),
    ],
)
def test_a_malformed_list_is_a_sentence(created: Path, text, sentence):
    file = created.with_name("public_keys.json")
    file.write_text(text)
    assert keys.find_key_problem() == (
        f"The list of public keys in {file} cannot be used: {sentence}. "
        "Restore that file from the backup of the keys."
    )


# --- Rotation -------------------------------------------------------------------------------------


def test_a_new_key_is_signed_by_the_old_and_what_that_signed_stays_valid(created: Path, capsys):
    before = keys.sign(b"words")
    hashed = keys.keyed_hash("slug", "budget-vote")
    call_command("rotate_signing_key")
    after = keys.sign(b"words")
    assert capsys.readouterr().out == (
        f"Key {after.key_id} in {created} signs from now on; key {before.key_id} is retired. "
        "Copy that folder to every other machine of this site, and back it up.\n"
    )
    assert after.key_id != before.key_id
    assert keys.verify_signature(b"words", before)
    assert keys.verify_signature(b"words", after)
    assert keys.keyed_hash("slug", "budget-vote") == hashed
    old, new = read_entries(created)
    assert (old.key_id, new.key_id) == (before.key_id, after.key_id)
    assert (old.signed_by, old.retired_at, new.retired_at) == ("", new.created_at, "")
    assert new.signed_by == old.key_id
    assert find_modes(created) == {
        "signing_key.pem": "600",
        "keyed_hash_secret": "600",
        "public_keys.json": "644",
    }
    call_command("rotate_signing_key")
    assert [entry.signed_by for entry in read_entries(created)] == ["", old.key_id, new.key_id]


def test_a_rotation_that_dies_half_way_leaves_a_key_that_signs(created: Path, monkeypatch):
    before = keys.sign(b"words")
    write_file = key_rotation._write_file

    def write_no_key(path: Path, text: str, *, mode: int) -> None:
        if path == created:
            raise KeyboardInterrupt
        write_file(path, text, mode=mode)

    with monkeypatch.context() as patch:
        patch.setattr(key_rotation, "_write_file", write_no_key)
        with pytest.raises(KeyboardInterrupt):
            key_rotation.rotate_key(created, at=NOON)
    assert keys.sign(b"words") == before
    key_rotation.rotate_key(created, at=NOON)
    assert [entry.signed_by for entry in read_entries(created)] == ["", *[before.key_id] * 2]


def test_a_rotation_without_a_key_is_a_sentence(path: Path):
    path.parent.mkdir()
    with pytest.raises(KeyProblem, match=r"run: manage\.py create_signing_key; otherwise"):
        key_rotation.rotate_key(path, at=NOON)


def test_a_folder_that_cannot_be_written_is_a_sentence(created: Path, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(key_rotation, "NamedTemporaryFile", refuse)
    with pytest.raises(CommandError) as refusal:
        call_command("rotate_signing_key")
    assert str(refusal.value) == (
        f"{created.with_name('public_keys.json')} could not be written: Read-only file system. "
        "Let the user of this process write to its folder."
    )


def test_the_list_is_what_a_program_can_read(created: Path):
    [entry] = json.loads(created.with_name("public_keys.json").read_text())
    assert entry == asdict(read_entries(created)[0])


# --- Keys of another installation -----------------------------------------------------------------


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Path]:
    """The private key of another installation, and its public keys as an export has them."""
    other = tmp_path / "other/signing_key.pem"
    key_rotation.create_keys(other, at=NOON)
    key_rotation.rotate_key(other, at=NOON)
    file = tmp_path / "public_keys.jsonl"
    rows = public_keys.read_public_keys(other.with_name("public_keys.json")).values()
    file.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows))
    return other, file


def test_keys_of_a_restored_export_are_trusted_on_request(created: Path, exported, capsys):
    other, file = exported
    signature = keys.LoadedKeys(keys.KeyFiles(other)).sign(b"words")
    assert not keys.verify_signature(b"words", signature)
    call_command("trust_signing_keys", file)
    own, first, second = read_entries(created)
    assert capsys.readouterr().out == (
        f"Key {first.key_id} is trusted for what it signed so far.\n"
        f"Key {second.key_id} is trusted for what it signed so far.\n"
    )
    assert second.key_id == signature.key_id
    assert keys.verify_signature(b"words", signature)
    assert (first.signed_by, second.signed_by) == (own.key_id, own.key_id)
    assert all(entry.retired_at for entry in (first, second))  # they sign nothing new here
    assert keys.sign(b"words").key_id == own.key_id
    call_command("trust_signing_keys", file)
    assert capsys.readouterr().out == "Every key in it is trusted already.\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]\n", "it is not a list of keys"),
        ("{}\n", "it is not a list of keys"),
        ("{\n", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_a_file_without_keys_is_a_sentence(created: Path, tmp_path: Path, text, sentence):
    file = tmp_path / "public_keys.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError) as refusal:
        call_command("trust_signing_keys", file)
    assert str(refusal.value) == f"{file} cannot be used: {sentence}."


def test_a_key_under_another_name_is_not_trusted(created: Path, exported):
    _, file = exported
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text(json.dumps(rows[0] | {"key_id": "0" * 16}))
    with pytest.raises(CommandError, match="key 0000000000000000 has another id"):
        call_command("trust_signing_keys", file)
    assert len(read_entries(created)) == 1


def test_no_key_is_trusted_where_there_is_no_own_one(path: Path, exported):
    with pytest.raises(CommandError, match=r"run: manage\.py create_signing_key; otherwise"):
        call_command("trust_signing_keys", exported[1])
