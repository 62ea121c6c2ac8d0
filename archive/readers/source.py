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

from archive.readers.row import UnreadableSource

CHUNK_BYTES = 1 << 20
MAX_ZIP_MEMBERS = 200_000
MAX_UNPACKED_BYTES = 4_000_000_000
MAX_COMPRESSION_RATIO = 300
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
)
"""What a member of a broken zip raises when it is read."""
IGNORED_NAMES = {"__MACOSX", ".git", ".DS_Store", "Thumbs.db"}


@dataclass(frozen=True)
class SourceFile:
    """One file: its name within what was given, and how to open it."""

    name: str
    path: Path
    member: str = ""  # of a zip
    size: int = 0
    has_siblings: bool = False  # other files were given with it

    def open(self) -> BinaryIO:
        if not self.member:
            return self.path.open("rb")
        try:
            with zipfile.ZipFile(self.path) as archive:
                return _BoundedReader(archive.open(self.member), self.size)  # type: ignore[return-value]
        except (KeyError, RuntimeError, ValueError, struct.error) as error:
            # Its own head says otherwise than the table: another name, a password.
            raise zipfile.BadZipFile(str(error)) from error

    def read(self, most: int) -> bytes:
        """At most that many bytes, from the beginning."""
        with self.open() as file:
            return file.read(most)


class _BoundedReader(io.RawIOBase):
    """A member of a zip that never yields more than its table of contents says."""

    def __init__(self, file, size: int) -> None:
        self.file, self.remaining = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self.remaining if size < 0 else min(size, self.remaining)
        data = self.file.read(size)
        self.remaining -= len(data)
        return data

    def readinto(self, buffer) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


@dataclass
class SourceFiles:
    """The files under what was given, in order, and what was not taken, in sentences."""

    files: list[SourceFile] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """SHA-256 over every file's name and bytes: the same digest, the same source."""
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{file.name}\0{compute_digest(file)}\n".encode())
        return total.hexdigest()


def compute_digest(source: SourceFile) -> str:
    """Of what is damaged in its zip, as far as it can be read."""
    total = hashlib.sha256()
    try:
        with source.open() as file:
            while chunk := file.read(CHUNK_BYTES):
                total.update(chunk)
    except READ_ERRORS:
        total.update(b"\0damaged")
    return total.hexdigest()


def find_files(path: Path) -> SourceFiles:
    """Everything under a path. Raises NothingToRead with a sentence."""
    found = SourceFiles()
    try:
        if path.is_dir():
            _walk_folder(path, found)
        elif zipfile.is_zipfile(path) and not _is_document(path):
            _list_members(path, found)
        else:
            found.files.append(SourceFile(path.name, path, size=path.stat().st_size))
    except FileNotFoundError:
        raise UnreadableSource(f"There is no file or folder {path}.") from None
    except UnreadableSource:
        raise
    except (*READ_ERRORS, ValueError, struct.error) as error:
        raise UnreadableSource(f"{path} cannot be read: {error}.") from error
    if not found.files:
        raise UnreadableSource(
            " ".join([f"There is nothing to import in {path}.", *found.messages])
        )
    return found


def _is_document(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "[Content_Types].xml" in archive.namelist()


def _walk_folder(root: Path, found: SourceFiles) -> None:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one not in IGNORED_NAMES and one[0] != ".")
        for name in sorted(names):
            path = Path(folder) / name
            if name in IGNORED_NAMES or name.startswith((".", "~$")):
                continue
            if path.is_symlink():
                found.messages.append(
                    f"{path.relative_to(root)} is a link to elsewhere: not followed."
                )
                continue
            found.files.append(
                SourceFile(
                    path.relative_to(root).as_posix(),
                    path,
                    size=path.stat().st_size,
                    has_siblings=True,
                )
            )


def _list_members(path: Path, found: SourceFiles) -> None:
    """The members of a zip; nothing is ever written to disk, so no path can lead astray."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MAX_ZIP_MEMBERS:
            raise UnreadableSource(
                f"{path.name} holds more than {MAX_ZIP_MEMBERS:,} files: split it."
            )
        for one in sorted(members, key=lambda member: member.filename):
            parts = PurePosixPath(one.filename.replace("\\", "/")).parts
            if one.is_dir() or not parts or set(parts) & IGNORED_NAMES or parts[-1].startswith("."):
                continue
            if one.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
                found.messages.append(
                    f"{path.name}: “{one.filename}” leads out of the archive: not read."
                )
                continue
            if one.flag_bits & 1:
                found.messages.append(f"{path.name}: “{one.filename}” is locked by a password.")
                continue
            total += one.file_size
            if total > MAX_UNPACKED_BYTES or one.file_size > MAX_COMPRESSION_RATIO * max(
                one.compress_size, 1000
            ):
                found.messages.append(
                    f"{path.name}: “{one.filename}” unpacks to far more than it should: not read."
                )
                continue
            found.files.append(
                SourceFile("/".join(parts), path, one.filename, one.file_size, has_siblings=True)
            )
