"""List the files in a folder or a zip, and open each when it is needed."""

import hashlib
import io
import lzma
import os
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

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
"""Errors that a member of a broken zip raises when it is read."""
IGNORED_NAMES = {"__MACOSX", ".git", ".DS_Store", "Thumbs.db"}


@dataclass(frozen=True)
class SourceFile:
    """One file of a source: its name within the source, and how to open it."""

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
            # The member's own header contradicts the table of contents: another name, a password.
            raise zipfile.BadZipFile(str(error)) from error

    def read(self, max_bytes: int) -> bytes:
        """Return at most that many bytes from the start."""
        with self.open() as file:
            return file.read(max_bytes)


class _BoundedReader(io.RawIOBase):
    """A member of a zip that yields no more bytes than the table of contents says."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.remaining = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self.remaining if size < 0 else min(size, self.remaining)
        data = self.file.read(size)
        self.remaining -= len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()
        super().close()


@dataclass
class SourceFiles:
    """The files of a source in order, and sentences about those that are left out."""

    files: list[SourceFile] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """Return the SHA-256 over every file's name and bytes."""
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{file.name}\0{compute_digest(file)}\n".encode())
        return total.hexdigest()


def compute_digest(source: SourceFile) -> str:
    """Return the SHA-256 of a file; of a damaged one, as far as it can be read."""
    total = hashlib.sha256()
    try:
        with source.open() as file:
            while chunk := file.read(CHUNK_BYTES):
                total.update(chunk)
    except READ_ERRORS:
        total.update(b"\0damaged")
    return total.hexdigest()


def find_files(path: Path) -> SourceFiles:
    """Find every file under a path. Raises UnreadableSource with a sentence."""
    source_files = SourceFiles()
    try:
        if path.is_dir():
            _walk_folder(path, source_files)
        elif zipfile.is_zipfile(path) and not _is_document(path):
            _list_members(path, source_files)
        else:
            source_files.files.append(SourceFile(path.name, path, size=path.stat().st_size))
    except FileNotFoundError:
        raise UnreadableSource(f"There is no file or folder {path}.") from None
    except UnreadableSource:
        raise
    except (*READ_ERRORS, ValueError, struct.error) as error:
        raise UnreadableSource(f"{path} cannot be read: {error}.") from error
    if not source_files.files:
        raise UnreadableSource(
            " ".join([f"There is nothing to import in {path}.", *source_files.messages])
        )
    return source_files


def _is_document(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)


def _walk_folder(root: Path, source_files: SourceFiles) -> None:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            subfolder
            for subfolder in folders
            if subfolder not in IGNORED_NAMES and not subfolder.startswith(".")
        )
        for name in sorted(names):
            path = Path(folder) / name
            if name in IGNORED_NAMES or name.startswith((".", "~$")):
                continue
            if path.is_symlink():
                source_files.messages.append(
                    f"{path.relative_to(root)} is a link to elsewhere: not followed."
                )
                continue
            source_files.files.append(
                SourceFile(
                    path.relative_to(root).as_posix(),
                    path,
                    size=path.stat().st_size,
                    has_siblings=True,
                )
            )


def _list_members(path: Path, source_files: SourceFiles) -> None:
    """List the members of a zip. They are never unpacked to disk, so no path can do harm."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) > MAX_ZIP_MEMBERS:
            raise UnreadableSource(
                f"{path.name} holds more than {MAX_ZIP_MEMBERS:,} files: split it."
            )
        for member in sorted(members, key=lambda info: info.filename):
            parts = PurePosixPath(member.filename.replace("\\", "/")).parts
            if member.is_dir() or _is_ignored_member(parts):
                continue
            total += member.file_size
            if why := _find_danger(member, parts, total):
                source_files.messages.append(f"{path.name}: “{member.filename}” {why}")
                continue
            source_files.files.append(
                SourceFile(
                    "/".join(parts), path, member.filename, member.file_size, has_siblings=True
                )
            )


def _is_ignored_member(parts: tuple[str, ...]) -> bool:
    return not parts or bool(set(parts) & IGNORED_NAMES) or parts[-1].startswith(".")


def _find_danger(member: zipfile.ZipInfo, parts: tuple[str, ...], total_bytes: int) -> str:
    """Return why a member is not read, as the end of a sentence; "" where it is safe."""
    if member.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return "leads out of the archive: not read."
    if member.flag_bits & 1:
        return "is locked by a password."
    max_bytes = MAX_COMPRESSION_RATIO * max(member.compress_size, 1000)
    if total_bytes > MAX_UNPACKED_BYTES or member.file_size > max_bytes:
        return "unpacks to far more than it should: not read."
    return ""
