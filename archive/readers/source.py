"""A file, a folder or a zip -> the files in it, each opened when its turn comes."""

import hashlib
import io
import lzma
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from archive.readers.row import NothingToRead

CHUNK = 1 << 20
MOST_MEMBERS = 200_000
MOST_UNPACKED = 4_000_000_000
MOST_RATIO = 300
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError)
"""What a member of a broken zip raises when it is read."""
UNSEEN = {"__MACOSX", ".git", ".DS_Store", "Thumbs.db"}


@dataclass(frozen=True)
class Source:
    """One file: its name within what was given, and how to open it."""

    name: str
    path: Path
    member: str = ""  # of a zip
    size: int = 0
    in_company: bool = False  # other files were given with it

    def open(self) -> BinaryIO:
        if not self.member:
            return self.path.open("rb")
        try:
            with zipfile.ZipFile(self.path) as archive:
                return _Bound(archive.open(self.member), self.size)  # type: ignore[return-value]
        except (KeyError, RuntimeError, ValueError, struct.error) as error:
            # Its own head says otherwise than the table: another name, a password.
            raise zipfile.BadZipFile(str(error)) from error

    def read(self, most: int) -> bytes:
        """At most that many bytes, from the beginning."""
        with self.open() as file:
            return file.read(most)


class _Bound(io.RawIOBase):
    """A member of a zip that never yields more than its table of contents says."""

    def __init__(self, file, size: int) -> None:
        self.file, self.left = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        data = self.file.read(size)
        self.left -= len(data)
        return data

    def readinto(self, buffer) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


@dataclass
class Found:
    """The files under what was given, in order, and what was not taken, in sentences."""

    files: list[Source] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """SHA-256 over every file's name and bytes: the same digest, the same source."""
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{file.name}\0{digest_of(file)}\n".encode())
        return total.hexdigest()


def digest_of(source: Source) -> str:
    """Of what is damaged in its zip, as far as it can be read."""
    total = hashlib.sha256()
    try:
        with source.open() as file:
            while chunk := file.read(CHUNK):
                total.update(chunk)
    except DAMAGED:
        total.update(b"\0damaged")
    return total.hexdigest()


def find(path: Path) -> Found:
    """Everything under a path. Raises NothingToRead with a sentence."""
    found = Found()
    try:
        if path.is_dir():
            _walk(path, found)
        elif zipfile.is_zipfile(path) and not _is_document(path):
            _unpack(path, found)
        else:
            found.files.append(Source(path.name, path, size=path.stat().st_size))
    except FileNotFoundError:
        raise NothingToRead(f"There is no file or folder {path}.") from None
    except NothingToRead:
        raise
    except (*DAMAGED, ValueError, struct.error) as error:
        raise NothingToRead(f"{path} cannot be read: {error}.") from error
    if not found.files:
        raise NothingToRead(" ".join([f"There is nothing to import in {path}.", *found.told]))
    return found


def _is_document(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _walk(root: Path, found: Found) -> None:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one not in UNSEEN and one[0] != ".")
        for name in sorted(names):
            path = Path(folder) / name
            if name in UNSEEN or name.startswith((".", "~$")):
                continue
            if path.is_symlink():
                found.told.append(f"{path.relative_to(root)} is a link to elsewhere: not followed.")
                continue
            found.files.append(
                Source(
                    path.relative_to(root).as_posix(),
                    path,
                    size=path.stat().st_size,
                    in_company=True,
                )
            )


def _unpack(path: Path, found: Found) -> None:
    """The members of a zip; nothing is ever written to disk, so no path can lead astray."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise NothingToRead(f"{path.name} holds more than {MOST_MEMBERS:,} files: split it.")
        for one in sorted(members, key=lambda member: member.filename):
            parts = PurePosixPath(one.filename.replace("\\", "/")).parts
            if one.is_dir() or not parts or set(parts) & UNSEEN or parts[-1].startswith("."):
                continue
            if one.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
                found.told.append(
                    f"{path.name}: “{one.filename}” leads out of the archive: not read."
                )
                continue
            if one.flag_bits & 1:
                found.told.append(f"{path.name}: “{one.filename}” is locked by a password.")
                continue
            total += one.file_size
            if total > MOST_UNPACKED or one.file_size > MOST_RATIO * max(one.compress_size, 1000):
                found.told.append(
                    f"{path.name}: “{one.filename}” unpacks to far more than it should: not read."
                )
                continue
            found.files.append(
                Source("/".join(parts), path, one.filename, one.file_size, in_company=True)
            )
