"""Tell the statements of a source from the files that lie beside an export, such as uploads.

A spreadsheet that a statement links to can be read as a table of statements, and a Word document as
a statement; neither is one.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archive.beside_documents import find_beside_documents
from archive.formats import DOCUMENT, SourceFormat, detect_format
from archive.local_files import LocalFiles
from archive.mapping import Mapping
from archive.readers.row import Row, UnreadableSource
from archive.readers.source import READ_ERRORS, SourceFile

FOLDER_NAMES = {
    "uploads", "wp-content", "files", "media", "attachments", "attachment", "images", "img",
    "assets", "static",
}  # fmt: skip
SAVED_PAGE_FOLDER_ENDING = "_files"
"""Browsers put what a saved page shows into a folder “Its title_files”."""
LINK = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)


@dataclass
class BesideFiles:
    """The files of a source that are no statements: those in upload folders, and those named."""

    in_folders: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    document_messages: list[str] = field(default_factory=list)

    def __contains__(self, file: SourceFile) -> bool:
        return file.name in self.names

    def list_messages(self) -> list[str]:
        """Return a sentence for each folder that was taken for one of uploads."""
        return [
            f"{folder}/ lies beside the export, and its files belong to statements. Not read as "
            f"statements, although their kinds could be: {count}."
            for folder, count in self.in_folders.items()
        ] + self.document_messages


def find_beside_files(files: Iterable[SourceFile], mapping: Mapping) -> BesideFiles:
    """Find the files that belong to statements of other files."""
    beside = BesideFiles()
    formats = {file.name: (file, form) for file in files if (form := _detect(file))}
    if len(formats) < 2:
        return beside
    folders = {name: _find_folder(name) for name in formats}
    if not all(folders.values()):
        for name, folder in folders.items():
            if folder:
                beside.names.add(name)
                beside.in_folders[folder] += 1
    others = {name: pair for name, pair in formats.items() if name not in beside.names}
    if len({form for _, form in others.values()}) > 1:
        beside.names |= set(_iter_named(others, mapping))
    names, beside.document_messages = find_beside_documents(
        {name: form for name, (_, form) in formats.items() if name not in beside.names}
    )
    beside.names |= names
    return beside


def _detect(file: SourceFile) -> SourceFormat | None:
    with suppress(*READ_ERRORS):  # reported when the file is imported
        return detect_format(file)
    return None


def _find_folder(name: str) -> str:
    """Return the outermost folder of uploads that a file lies in; "" where there is none."""
    parts = PurePosixPath(name).parts[:-1]
    for place, part in enumerate(parts):
        if part.casefold() in FOLDER_NAMES or part.endswith(SAVED_PAGE_FOLDER_ENDING):
            return "/".join(parts[: place + 1])
    return ""


def _iter_named(
    formats: dict[str, tuple[SourceFile, SourceFormat]], mapping: Mapping
) -> Iterator[str]:
    """Yield the files that a row of another format names, as a file or in a link."""
    local_files = LocalFiles(file for file, _ in formats.values())
    for file, form in formats.values():
        if form is DOCUMENT:  # which names no files
            continue
        with suppress(UnreadableSource, *READ_ERRORS):
            for item in form.read(file, mapping):
                for url in _iter_urls(item) if isinstance(item, Row) else ():
                    named = local_files.find(url, named_in=file.name)
                    if named is not None and formats[named.name][1] is not form:
                        yield named.name


def _iter_urls(row: Row) -> Iterator[str]:
    yield from (link.url for link in row.linked_files)
    if row.body_format != "draft":
        yield from (html.unescape(a or b) for a, b in LINK.findall(row.body))
