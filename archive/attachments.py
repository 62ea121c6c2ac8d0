"""Import the pictures and files that rows name, from the source or from named hosts.

They pass the same checks as files attached on the newsdesk: type, size, no programs; pictures are
re-encoded. The report names every file that is not imported, with the reason.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from archive.local_files import LocalFiles
from archive.picture_captions import is_description
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
"""Links with other extensions lead to pages, which are not imported."""


@dataclass
class AttachmentResult:
    """What became of the files of one row."""

    attachments: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    files_by_url: dict[str, StoredFile] = field(default_factory=dict)  # URLs on the old site


@dataclass
class _CheckedFile:
    """A file that passed the checks; `file` is None in a dry run, which stores nothing."""

    name: str
    is_picture: bool
    file: StoredFile | None = None


class AttachmentImporter:
    """Check and store the files of each row of a run. Without `by`, as in a dry run, only check."""

    def __init__(
        self,
        local_files: LocalFiles,
        *,
        by: User | None = None,
        at: dt.datetime,
        hosts: Collection[str] = (),
    ) -> None:
        self.local_files, self.by, self.at = local_files, by, at
        self.hosts = {host.strip().casefold() for host in hosts} - {""}
        self._failures: Counter[str] = Counter()
        self._results: dict[str, _CheckedFile | str] = {}

    @property
    def named_files(self) -> Collection[str]:
        """Return the files that rows have named so far, imported or not."""
        return self._results.keys()

    def import_files(
        self, links: Iterable[tuple[str, LinkedFile]], *, named_in: str
    ) -> AttachmentResult:
        """Import the files of a row; `links` gives the kind of each: picture, file or link."""
        result, seen = AttachmentResult(), set[str]()
        for kind, link in links:
            source = self.local_files.find(link.url, named_in=named_in)
            if source is None and self._can_fetch(kind, link.url):
                self._fetch_and_attach(result, kind, link)
                continue
            if source is None:
                if kind != "link" or _is_local_file(link.url):
                    description = f"{_get_noun(kind)} {link.url[:200]}"
                    if description not in result.dropped:
                        result.dropped.append(description)
                continue
            if kind == "link" and not _has_file_extension(source.name):
                continue
            if source.name in seen:
                _record_url(result, self._check_once(source), link)
                continue
            seen.add(source.name)
            if len(result.names) == MAX_ATTACHMENTS:
                result.dropped.append(
                    f"{source.name}: a statement carries {MAX_ATTACHMENTS} files at most."
                )
                continue
            checked = self._check_once(source)
            if isinstance(checked, str):
                result.dropped.append(f"{_get_noun(kind)} {source.name}: {checked}")
            else:
                self._attach(result, checked, link)
        return result

    def _can_fetch(self, kind: str, url: str) -> bool:
        if _get_host(url) not in self.hosts:
            return False
        return kind != "link" or _has_file_extension(urlsplit(url).path)

    def _fetch_and_attach(self, result: AttachmentResult, kind: str, link: LinkedFile) -> None:
        """Fetch a file from a named host; a dry run only says that it would be fetched."""
        url = link.url.partition("#")[0]
        if len(result.names) >= MAX_ATTACHMENTS:
            result.dropped.append(
                f"{url[:200]}: a statement carries {MAX_ATTACHMENTS} files at most."
            )
            return
        if self.by is None:
            result.doubts.append(f"{url[:200]} will be fetched, and is not looked at before.")
            return
        if url not in self._results:
            self._results[url] = self._fetch_file(url)
        checked = self._results[url]
        if isinstance(checked, str):
            result.dropped.append(f"{_get_noun(kind)} {url[:200]}: {checked}")
        else:
            self._attach(result, checked, link)

    def _fetch_file(self, url: str) -> _CheckedFile | str:
        host = _get_host(url)
        if self._failures[host] >= MAX_HOST_FAILURES:
            return f"{host} failed {MAX_HOST_FAILURES} times, and was not asked any more."
        try:
            data = safe_fetch.fetch_url(
                url,
                hosts=self.hosts,
                max_bytes=settings.MAX_UPLOAD_BYTES,
                own_host=settings.SITE_HOST,
                resolve=safe_fetch.resolve_host,
                open_=safe_fetch.download,
            )
        except safe_fetch.DeadLink as error:
            self._failures[host] += 1
            return str(error)
        return self._check_file(unquote(urlsplit(url).path), data)

    def _attach(self, result: AttachmentResult, checked: _CheckedFile, link: LinkedFile) -> None:
        _record_url(result, checked, link)
        if checked.file is not None and any(
            checked.file == other.file for other in result.attachments
        ):
            return  # the same bytes under another name
        alt = next(filter(is_description, (link.alt, link.title)), "")
        if checked.is_picture and not alt:
            result.doubts.append(
                f"The picture {checked.name} has no description at its source, and none here."
            )
        result.names.append(checked.name)
        if checked.file is not None:
            result.attachments.append(
                Attachment(
                    position=len(result.attachments),
                    file=checked.file,
                    name=checked.name,
                    title=link.title[:MAX_TITLE_CHARS],
                    alt=alt[:MAX_ALT_CHARS] if checked.is_picture else "",
                )
            )

    def _check_once(self, source: SourceFile) -> _CheckedFile | str:
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
        except FileRejected as error:
            return str(error)
        checked = _CheckedFile(accepted.name, accepted.dimensions is not None)
        if self.by is not None:
            checked.file = self._store_file(accepted)
        return checked

    def _store_file(self, accepted: validation.AcceptedFile) -> StoredFile:
        """Reuse the file that an earlier, stopped run stored, so that none is left unused."""
        assert self.by is not None, "A dry run stores nothing."
        known = StoredFile.objects.filter(
            digest=validation.compute_digest(accepted), of=None, erased_at=None
        )
        return known.first() or validation.store_upload(accepted, by=self.by, at=self.at)


def _record_url(result: AttachmentResult, checked: _CheckedFile | str, link: LinkedFile) -> None:
    if isinstance(checked, _CheckedFile) and checked.file is not None:
        result.files_by_url[link.url] = checked.file


def _get_host(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _get_noun(kind: str) -> str:
    return "picture" if kind == "picture" else "file"


def _has_file_extension(path: str) -> bool:
    return PurePosixPath(path.partition("?")[0]).suffix[1:].casefold() in FILE_EXTENSIONS


def _is_local_file(url: str) -> bool:
    return _has_file_extension(url) and "://" not in url[:12] and not url.startswith("//")
