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

from archive.local_files import Nearby
from archive.readers.row import Beside
from archive.readers.source import DAMAGED, Source
from statements.files import validation
from statements.files.document_types import TYPES, NotTaken
from statements.links import safe_fetch
from statements.models import Attachment, StoredFile

MOST = 40
MOST_FAILURES = 20
LONGEST_TITLE = 300
LONGEST_ALT = 1000
LINKED = {ending for _, ending in TYPES.values()} | {
    "jpeg", "gif", "doc", "xls", "ppt", "rtf", "zip", "tif", "tiff", "svg",
}  # fmt: skip
"""What a link leads to when it leads to a file; a link to a page is none of ours."""


@dataclass
class Taken:
    """What came of the files of one row."""

    attachments: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    addresses: dict[str, StoredFile] = field(default_factory=dict)  # where they were before


@dataclass
class _Kept:
    """A file that passed the checks; without `file` in a dry run, which only looks."""

    name: str
    is_picture: bool
    file: StoredFile | None = None


class Taking:
    """Asked for each row of a run. It stores nothing unless it is told by whom: a dry run looks."""

    def __init__(
        self, nearby: Nearby, *, by=None, at: dt.datetime, hosts: Collection[str] = ()
    ) -> None:
        self.nearby, self.by, self.at = nearby, by, at
        self.hosts = {host.strip().casefold() for host in hosts} - {""}
        self._failed: Counter[str] = Counter()
        self._known: dict[str, _Kept | str] = {}

    @property
    def named(self) -> Collection[str]:
        """The files that rows have named so far, taken or not."""
        return self._known.keys()

    def take(self, named: Iterable[tuple[str, Beside]], *, of: str, headline: str) -> Taken:
        """`named` says of each what it is: picture, file or link."""
        taken, seen = Taken(), set[str]()
        for sort, one in named:
            source = self.nearby.find(one.address, of=of)
            if source is None and self._may_fetch(sort, one.address):
                self._fetch(taken, sort, one, headline)
                continue
            if source is None:
                if sort != "link" or _is_local_file(one.address):
                    told = f"{_noun(sort)} {one.address[:200]}"
                    taken.dropped += [told] if told not in taken.dropped else []
                continue
            if sort == "link" and not _is_file(source.name):
                continue
            if source.name in seen:
                _remember(taken, self._kept(source), one)
                continue
            seen.add(source.name)
            if len(taken.names) == MOST:
                taken.dropped.append(f"{source.name}: a statement carries {MOST} files at most.")
                continue
            kept = self._kept(source)
            if isinstance(kept, str):
                taken.dropped.append(f"{_noun(sort)} {source.name}: {kept}")
            else:
                self._put(taken, kept, one, headline)
        return taken

    def _may_fetch(self, sort: str, address: str) -> bool:
        if _host(address) not in self.hosts:
            return False
        return sort != "link" or _is_file(urlsplit(address).path)

    def _fetch(self, taken: Taken, sort: str, one: Beside, headline: str) -> None:
        """From a host that was named; a dry run asks nobody, and says what would be fetched."""
        address = one.address.partition("#")[0]
        if len(taken.names) >= MOST:
            taken.dropped.append(f"{address[:200]}: a statement carries {MOST} files at most.")
            return
        if self.by is None:
            taken.doubts.append(f"{address[:200]} will be fetched, and is not looked at before.")
            return
        if address not in self._known:
            self._known[address] = self._fetched(address)
        kept = self._known[address]
        if isinstance(kept, str):
            taken.dropped.append(f"{_noun(sort)} {address[:200]}: {kept}")
        else:
            self._put(taken, kept, one, headline)

    def _fetched(self, address: str) -> _Kept | str:
        host = _host(address)
        if self._failed[host] >= MOST_FAILURES:
            return f"{host} failed {MOST_FAILURES} times, and was not asked any more."
        try:
            data = safe_fetch.fetch(
                address,
                hosts=self.hosts,
                most=settings.LARGEST_FILE,
                own_host=settings.SITE_HOST,
                resolve=safe_fetch.resolve,
                open_=safe_fetch.download,
            )
        except safe_fetch.Dead as dead:
            self._failed[host] += 1
            return str(dead)
        return self._checked(unquote(urlsplit(address).path), data)

    def _put(self, taken: Taken, kept: _Kept, one: Beside, headline: str) -> None:
        _remember(taken, kept, one)
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
                    title=one.title[:LONGEST_TITLE],
                    alt=alt[:LONGEST_ALT] if kept.is_picture else "",
                )
            )

    def _kept(self, source: Source) -> _Kept | str:
        """Looked at once a run, however many rows name it; a sentence where it is not taken."""
        if source.name not in self._known:
            self._known[source.name] = self._looked_at(source)
        return self._known[source.name]

    def _looked_at(self, source: Source) -> _Kept | str:
        if source.size > settings.LARGEST_FILE:
            return f"It is larger than {settings.LARGEST_FILE // 1_000_000} MB."
        try:
            data = source.read(settings.LARGEST_FILE + 1)
        except DAMAGED as error:
            return f"It cannot be read: {error}."
        return self._checked(source.name, data)

    def _checked(self, path: str, data: bytes) -> _Kept | str:
        try:
            accepted = validation.checked(
                SimpleUploadedFile(PurePosixPath(path).name or "file", data)
            )
        except NotTaken as refusal:
            return str(refusal)
        kept = _Kept(accepted.name, accepted.size is not None)
        if self.by is not None:
            kept.file = self._stored(accepted)
        return kept

    def _stored(self, accepted: validation.Accepted) -> StoredFile:
        """The bytes that an earlier run stored, if it did; so a stopped one leaves nothing over."""
        known = StoredFile.objects.filter(
            digest=validation.digest_of(accepted), of=None, erased_at=None
        )
        return known.first() or validation.keep(accepted, by=self.by, at=self.at)


def _remember(taken: Taken, kept: _Kept | str, one: Beside) -> None:
    if isinstance(kept, _Kept) and kept.file is not None:
        taken.addresses[one.address] = kept.file


def _host(address: str) -> str:
    """Of an address of the web; "" for any other."""
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _noun(sort: str) -> str:
    return "picture" if sort == "picture" else "file"


def _is_file(path: str) -> bool:
    return PurePosixPath(path.partition("?")[0]).suffix[1:].casefold() in LINKED


def _is_local_file(address: str) -> bool:
    return _is_file(address) and "://" not in address[:12] and not address.startswith("//")
