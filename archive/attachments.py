"""Pictures and files that lie beside the source, taken along with the words that name them.

They pass the checks of everything that is attached on the newsdesk: kind, size, no programs;
pictures are written anew. What is not taken is named, with a sentence.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from archive.local_files import LocalFiles
from archive.readers.row import LinkedFile
from archive.readers.source import READ_ERRORS, SourceFile
from statements.files import validation
from statements.files.document_types import FILE_TYPES, FileRejected
from statements.links import safe_fetch
from statements.models import Attachment, StoredFile

MAX_ATTACHMENTS = 40
MAX_HOST_FAILURES = 20
MAX_TITLE_CHARS = 300
MAX_ALT_CHARS = 1000
FILE_EXTENSIONS = {ending for _, ending in FILE_TYPES.values()} | {
    "jpeg", "gif", "doc", "xls", "ppt", "rtf", "zip", "tif", "tiff", "svg",
}  # fmt: skip
"""What a link leads to when it leads to a file; a link to a page is none of ours."""


@dataclass
class AttachmentResult:
    """What came of the files of one row."""

    attachments: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    files_by_url: dict[str, StoredFile] = field(default_factory=dict)  # where they were before


@dataclass
class _CheckedFile:
    """A file that passed the checks; without `file` in a dry run, which only looks."""

    name: str
    is_picture: bool
    file: StoredFile | None = None


class AttachmentImporter:
    """Asked for each row of a run. It stores nothing unless it is told by whom: a dry run looks."""

    def __init__(
        self, nearby: LocalFiles, *, by=None, at: dt.datetime, hosts: Collection[str] = ()
    ) -> None:
        self.local_files, self.by, self.at = nearby, by, at
        self.hosts = {host.strip().casefold() for host in hosts} - {""}
        self._failures: Counter[str] = Counter()
        self._results: dict[str, _CheckedFile | str] = {}

    @property
    def named_files(self) -> Collection[str]:
        """The files that rows have named so far, taken or not."""
        return self._results.keys()

    def import_files(
        self, named: Iterable[tuple[str, LinkedFile]], *, named_in: str, headline: str
    ) -> AttachmentResult:
        """`named` says of each what it is: picture, file or link."""
        taken, seen = AttachmentResult(), set[str]()
        for sort, one in named:
            source = self.local_files.find(one.address, named_in=named_in)
            if source is None and self._can_fetch(sort, one.address):
                self._fetch_and_attach(taken, sort, one, headline)
                continue
            if source is None:
                if sort != "link" or _is_local_file(one.address):
                    told = f"{_get_noun(sort)} {one.address[:200]}"
                    taken.dropped += [told] if told not in taken.dropped else []
                continue
            if sort == "link" and not _has_file_extension(source.name):
                continue
            if source.name in seen:
                _record_url(taken, self._check_once(source), one)
                continue
            seen.add(source.name)
            if len(taken.names) == MAX_ATTACHMENTS:
                taken.dropped.append(
                    f"{source.name}: a statement carries {MAX_ATTACHMENTS} files at most."
                )
                continue
            kept = self._check_once(source)
            if isinstance(kept, str):
                taken.dropped.append(f"{_get_noun(sort)} {source.name}: {kept}")
            else:
                self._attach(taken, kept, one, headline)
        return taken

    def _can_fetch(self, sort: str, address: str) -> bool:
        if _get_host(address) not in self.hosts:
            return False
        return sort != "link" or _has_file_extension(urlsplit(address).path)

    def _fetch_and_attach(
        self, taken: AttachmentResult, sort: str, one: LinkedFile, headline: str
    ) -> None:
        """From a host that was named; a dry run asks nobody, and says what would be fetched."""
        address = one.address.partition("#")[0]
        if len(taken.names) >= MAX_ATTACHMENTS:
            taken.dropped.append(
                f"{address[:200]}: a statement carries {MAX_ATTACHMENTS} files at most."
            )
            return
        if self.by is None:
            taken.doubts.append(f"{address[:200]} will be fetched, and is not looked at before.")
            return
        if address not in self._results:
            self._results[address] = self._fetch_file(address)
        kept = self._results[address]
        if isinstance(kept, str):
            taken.dropped.append(f"{_get_noun(sort)} {address[:200]}: {kept}")
        else:
            self._attach(taken, kept, one, headline)

    def _fetch_file(self, address: str) -> _CheckedFile | str:
        host = _get_host(address)
        if self._failures[host] >= MAX_HOST_FAILURES:
            return f"{host} failed {MAX_HOST_FAILURES} times, and was not asked any more."
        try:
            data = safe_fetch.fetch_url(
                address,
                hosts=self.hosts,
                max_bytes=settings.MAX_UPLOAD_BYTES,
                own_host=settings.SITE_HOST,
                resolve=safe_fetch.resolve_host,
                open_=safe_fetch.download,
            )
        except safe_fetch.DeadLink as dead:
            self._failures[host] += 1
            return str(dead)
        return self._check_file(unquote(urlsplit(address).path), data)

    def _attach(
        self, taken: AttachmentResult, kept: _CheckedFile, one: LinkedFile, headline: str
    ) -> None:
        _record_url(taken, kept, one)
        if kept.file is not None and any(kept.file == put.file for put in taken.attachments):
            return  # the same bytes under another name
        alt = one.alt or one.title
        if kept.is_picture and not alt:
            alt = f"Picture with “{headline}”"
            taken.doubts.append(f"The picture {kept.name} had no description: “{alt}” was put.")
        taken.names.append(kept.name)
        if kept.file is not None:
            taken.attachments.append(
                Attachment(
                    position=len(taken.attachments),
                    file=kept.file,
                    name=kept.name,
                    title=one.title[:MAX_TITLE_CHARS],
                    alt=alt[:MAX_ALT_CHARS] if kept.is_picture else "",
                )
            )

    def _check_once(self, source: SourceFile) -> _CheckedFile | str:
        """Looked at once a run, however many rows name it; a sentence where it is not taken."""
        if source.name not in self._results:
            self._results[source.name] = self._read_and_check(source)
        return self._results[source.name]

    def _read_and_check(self, source: SourceFile) -> _CheckedFile | str:
        if source.size > settings.MAX_UPLOAD_BYTES:
            return f"It is larger than {settings.MAX_UPLOAD_BYTES // 1_000_000} MB."
        try:
            data = source.read(settings.MAX_UPLOAD_BYTES + 1)
        except READ_ERRORS as error:
            return f"It cannot be read: {error}."
        return self._check_file(source.name, data)

    def _check_file(self, path: str, data: bytes) -> _CheckedFile | str:
        try:
            accepted = validation.validate_upload(
                SimpleUploadedFile(PurePosixPath(path).name or "file", data)
            )
        except FileRejected as refusal:
            return str(refusal)
        kept = _CheckedFile(accepted.name, accepted.dimensions is not None)
        if self.by is not None:
            kept.file = self._store_file(accepted)
        return kept

    def _store_file(self, accepted: validation.AcceptedFile) -> StoredFile:
        """The bytes that an earlier run stored, if it did; so a stopped one leaves nothing over."""
        known = StoredFile.objects.filter(
            digest=validation.compute_digest(accepted), of=None, erased_at=None
        )
        return known.first() or validation.store_upload(accepted, by=self.by, at=self.at)


def _record_url(taken: AttachmentResult, kept: _CheckedFile | str, one: LinkedFile) -> None:
    if isinstance(kept, _CheckedFile) and kept.file is not None:
        taken.files_by_url[one.address] = kept.file


def _get_host(address: str) -> str:
    """Of an address of the web; "" for any other."""
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _get_noun(sort: str) -> str:
    return "picture" if sort == "picture" else "file"


def _has_file_extension(path: str) -> bool:
    return PurePosixPath(path.partition("?")[0]).suffix[1:].casefold() in FILE_EXTENSIONS


def _is_local_file(address: str) -> bool:
    return (
        _has_file_extension(address) and "://" not in address[:12] and not address.startswith("//")
    )
