"""Create and replace the keys. Commands of an operator call these; no page does."""

import base64
import datetime as dt
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from statements.integrity.keys import KeyFiles, KeyProblem, LoadedKeys
from statements.integrity.public_keys import (
    PublicKeyEntry,
    format_public_keys,
    make_key_id,
    write_public_pem,
)


def create_keys(path: Path, *, at: dt.datetime) -> PublicKeyEntry:
    """Create the first key, the secret and the list of public keys.

    The private key is written last: if it exists, so does the rest.
    """
    files = KeyFiles(path)
    for existing in files.paths:
        if existing.exists():
            raise KeyProblem(
                f"There is a {existing} already, and without it what it signed or hashed could "
                "not be verified. To replace a key, run: manage.py rotate_signing_key"
            )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_key = Ed25519PrivateKey.generate()
    entry = _make_entry(private_key, at)
    _write_file(files.secret_path, secrets.token_hex(32) + "\n", mode=0o600)
    _write_list(files, [entry])
    _write_file(path, _write_private_pem(private_key), mode=0o600)
    return entry


def rotate_key(path: Path, *, at: dt.datetime) -> PublicKeyEntry:
    """Sign a new key with the current one, and let the new one sign from now on.

    The list is written first: until the private key follows, the old one goes on signing.
    """
    keys = LoadedKeys(KeyFiles(path))
    private_key = Ed25519PrivateKey.generate()
    entry = _sign_entry(_make_entry(private_key, at), keys)
    entries = [
        replace(known, retired_at=entry.created_at) if known.key_id == keys.key_id else known
        for known in keys.public_keys.values()
    ]
    _write_list(keys.files, [*entries, entry])
    _write_file(path, _write_private_pem(private_key), mode=0o600)
    return entry


def trust_keys(
    path: Path, entries: Iterable[PublicKeyEntry], *, at: dt.datetime
) -> list[PublicKeyEntry]:
    """Trust what other keys signed so far, and let the current key vouch for them.

    For events of another installation, whose export was restored here. Returns the new entries.
    """
    keys = LoadedKeys(KeyFiles(path))
    added = [
        replace(_sign_entry(entry, keys), retired_at=entry.retired_at or _format_time(at))
        for entry in entries
        if entry.key_id not in keys.public_keys
    ]
    if added:
        _write_list(keys.files, [*keys.public_keys.values(), *added])
    return added


def _make_entry(private_key: Ed25519PrivateKey, at: dt.datetime) -> PublicKeyEntry:
    pem = write_public_pem(private_key.public_key())
    return PublicKeyEntry(make_key_id(pem), pem, created_at=_format_time(at))


def _sign_entry(entry: PublicKeyEntry, keys: LoadedKeys) -> PublicKeyEntry:
    signature = base64.b64encode(keys.private_key.sign(entry.pem.encode())).decode()
    return replace(entry, signed_by=keys.key_id, signature=signature)


def _format_time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def _write_private_pem(key: Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _write_list(files: KeyFiles, entries: list[PublicKeyEntry]) -> None:
    _write_file(files.list_path, format_public_keys(entries), mode=0o644)


def _write_file(path: Path, text: str, *, mode: int) -> None:
    """Replace the file at once, so that nobody reads half of it and a crash loses nothing."""
    try:
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(mode)
        Path(file.name).replace(path)
    except OSError as error:
        raise KeyProblem(
            f"{path} could not be written: {error.strerror}. "
            "Let the user of this process write to its folder."
        ) from error
