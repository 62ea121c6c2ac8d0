"""The list of public keys: each is signed by a key before it, so that nobody adds one unseen."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

LIST_NAME = "public_keys.json"
KEY_ID_CHARS = 16


@dataclass(frozen=True)
class PublicKeyEntry:
    """One public key. Times are ISO 8601 in UTC."""

    key_id: str
    pem: str
    created_at: str
    retired_at: str = ""  # empty: it may still sign
    signed_by: str = ""  # the id of the key that vouches for this one; empty: the first key
    signature: str = ""  # base64, by that key over the bytes of `pem`

    @cached_property
    def public_key(self) -> Ed25519PublicKey:
        return read_public_pem(self.pem)

    def has_signed(self, data: bytes, value: str) -> bool:
        """Return whether this key made the signature, which is in base64, over the data."""
        try:
            self.public_key.verify(base64.b64decode(value, validate=True), data)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_public_pem(pem: str) -> Ed25519PublicKey:
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("one of its keys is not an Ed25519 key")  # noqa: TRY004 - bad data
    return key


def make_key_id(pem: str) -> str:
    """Return the first 16 digits of SHA-256 of the public key in DER."""
    der = read_public_pem(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:KEY_ID_CHARS]


def write_public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_keys(path: Path) -> dict[str, PublicKeyEntry]:
    """Return the entries of the file by key id.

    Raises ValueError if an entry is malformed or not signed by one before it.
    """
    entries: dict[str, PublicKeyEntry] = {}
    for row in _read_rows(path):
        entry = PublicKeyEntry(**row)
        _check_entry(entry, entries)
        entries[entry.key_id] = entry
    if not entries:
        raise ValueError("it is empty")
    return entries


def _read_rows(path: Path) -> list[dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise ValueError("it is not a list of keys")
    return rows


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and set(row) == set(PublicKeyEntry.__dataclass_fields__)


def read_exported_keys(path: Path) -> list[PublicKeyEntry]:
    """Return the keys in a file of an export, one on each line. Raises ValueError."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if not all(map(_is_row, rows)):
        raise ValueError("it is not a list of keys")
    entries = [PublicKeyEntry(**row) for row in rows]
    for entry in entries:
        if entry.key_id != make_key_id(entry.pem):
            raise ValueError(f"key {entry.key_id} has another id")
    return entries


def _check_entry(entry: PublicKeyEntry, before: dict[str, PublicKeyEntry]) -> None:
    if entry.key_id != make_key_id(entry.pem) or entry.key_id in before:
        raise ValueError(f"key {entry.key_id} has another id, or appears twice")
    if before and not _is_signed_by(entry, before.get(entry.signed_by)):
        raise ValueError(f"no trusted key signed key {entry.key_id}")


def _is_signed_by(entry: PublicKeyEntry, voucher: PublicKeyEntry | None) -> bool:
    if voucher is None:
        return False
    try:
        voucher.public_key.verify(base64.b64decode(entry.signature), entry.pem.encode())
    except InvalidSignature:
        return False
    return True


def format_public_keys(entries: list[PublicKeyEntry]) -> str:
    """Return the text of the file."""
    return json.dumps([asdict(entry) for entry in entries], indent=2) + "\n"
