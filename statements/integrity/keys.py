"""The keys outside the database: sign data, verify signatures, and hash text with a secret.

The folder of SIGNING_KEY_FILE contains:

signing_key.pem     the Ed25519 private key that signs now (mode 600)
keyed_hash_secret   the secret of keyed_hash (mode 600); rotation keeps it
public_keys.json    every public key that was ever trusted, each signed by one before it
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from statements.integrity.public_keys import (
    LIST_NAME,
    PublicKeyEntry,
    make_key_id,
    read_public_keys,
    write_public_pem,
)

SECRET_NAME = "keyed_hash_secret"
MIN_SECRET_CHARS = 64


class KeyProblem(Exception):
    """A key is missing, unsafe or unreadable. The message says what to do."""


class Signature(NamedTuple):
    value: str  # base64, 88 characters
    key_id: str


# --- What the rest of the project calls -----------------------------------------------------------


def sign(data: bytes) -> Signature:
    """Sign the data with the current key."""
    return load_keys().sign(data)


def verify_signature(data: bytes, signature: Signature) -> bool:
    """Return whether a key that is or was trusted signed the data."""
    entry = get_public_keys().get(signature.key_id)
    return entry is not None and entry.has_signed(data, signature.value)


def get_public_keys() -> dict[str, PublicKeyEntry]:
    """Return the trusted and the retired public keys by their id, the oldest first."""
    return load_keys().public_keys


def keyed_hash(purpose: str, text: str) -> str:
    """Return HMAC-SHA-256 of the text. Without the secret, nobody can confirm a guess.

    The purpose keeps the hashes of equal texts apart.
    """
    message = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(load_keys().secret, message, hashlib.sha256).hexdigest()


def find_key_problem() -> str:
    """Return why this installation cannot sign, as a sentence; "" if it can."""
    try:
        load_keys()
    except KeyProblem as error:
        return str(error)
    return ""


# --- The files ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyFiles:
    """The files of one installation's keys. Each process reads them again when they change."""

    path: Path  # of the private key

    @cached_property
    def secret_path(self) -> Path:
        return self.path.with_name(SECRET_NAME)

    @cached_property
    def list_path(self) -> Path:
        return self.path.with_name(LIST_NAME)

    @cached_property
    def paths(self) -> tuple[Path, Path, Path]:
        return self.path, self.secret_path, self.list_path


class LoadedKeys:
    """The keys as read from their files, checked."""

    def __init__(self, files: KeyFiles) -> None:
        self.files = files
        self.private_key = _read_private_key(files.path)
        self.secret = _read_secret(files.secret_path)
        try:
            self.public_keys = read_public_keys(files.list_path)
        except (OSError, ValueError) as error:
            raise KeyProblem(
                f"The list of public keys in {files.list_path} cannot be used: {error}. "
                "Restore that file from the backup of the keys."
            ) from error
        if self.key_id not in self.public_keys:
            raise KeyProblem(
                f"The key in {files.path} is not in the list of public keys in {files.list_path}. "
                "Restore both files from the same backup of the keys."
            )

    @cached_property
    def key_id(self) -> str:
        return make_key_id(write_public_pem(self.private_key.public_key()))

    def sign(self, data: bytes) -> Signature:
        """Sign the data with the current key."""
        return Signature(base64.b64encode(self.private_key.sign(data)).decode(), self.key_id)


def load_keys() -> LoadedKeys:
    """Return the keys of this installation; read them again after a rotation."""
    files = _locate_files(settings.SIGNING_KEY_FILE)
    return _load_keys(files, tuple(_stat_file(path) for path in files.paths))


@lru_cache(maxsize=1)
def _locate_files(path: str | Path) -> KeyFiles:
    """Return the files; an import asks seven times for each row, and building paths is slow."""
    return KeyFiles(Path(path))


@lru_cache(maxsize=1)
def _load_keys(files: KeyFiles, state: tuple[tuple[int, int, int], ...]) -> LoadedKeys:
    """Read the keys; `state` changes with the files, so that the cache is never out of date."""
    return LoadedKeys(files)


def _stat_file(path: Path) -> tuple[int, int, int]:
    """Return what differs when the file is another one, and refuse one that does not exist."""
    try:
        facts = path.stat()
    except OSError as error:
        raise KeyProblem(_describe_unreadable(path, error)) from error
    return facts.st_ino, facts.st_mtime_ns, facts.st_mode


def _read_private_key(path: Path) -> Ed25519PrivateKey:
    data = _read_private_file(path)
    try:
        key = load_pem_private_key(data, password=None)
    except (TypeError, ValueError) as error:
        raise KeyProblem(_describe_wrong_key(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem(_describe_wrong_key(path))
    return key


def _read_secret(path: Path) -> bytes:
    secret = _read_private_file(path).strip()
    if len(secret) < MIN_SECRET_CHARS:
        raise KeyProblem(
            f"The secret in {path} is cut off: it has fewer than {MIN_SECRET_CHARS} characters. "
            "Restore that file from the backup of the keys."
        )
    return secret


def _read_private_file(path: Path) -> bytes:
    """Return the bytes of a file that its owner alone may read."""
    try:
        mode = path.stat().st_mode & 0o777
        data = path.read_bytes()
    except OSError as error:
        raise KeyProblem(_describe_unreadable(path, error)) from error
    if mode & 0o077:
        raise KeyProblem(
            f"Other users of this machine can read or change {path} (mode {mode:o}). "
            f"Run: chmod 600 {path}"
        )
    return data


def _describe_unreadable(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return (
            f"There is no {path}, so nothing can be signed. "
            "On a new installation, run: manage.py create_signing_key; "
            "otherwise restore the keys from their backup."
        )
    return f"{path} cannot be read: {error.strerror}. Let the user of this process read it."


def _describe_wrong_key(path: Path) -> str:
    return (
        f"{path} is not an Ed25519 private key in PEM without a password. "
        "Restore that file from the backup of the keys."
    )
