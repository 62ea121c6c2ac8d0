"""Tell which documents of a source are no statements of their own.

A document beside an export belongs to it; a PDF beside the Word file of the same name is the same.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from archive.formats import DOCUMENT, MARKDOWN, PAGE, SourceFormat

DOCUMENT_KINDS = (DOCUMENT, MARKDOWN, PAGE)
"""Formats of one statement a file; a file of any other format is an export."""
MAX_LISTED_NAMES = 5
EXTENSIONS = ("docx", "odt", "fodt", "docm", "rtf", "md", "html", "htm", "zip", "eml", "txt", "pdf")
"""Of files with one name, the first of these is read."""


def find_beside_documents(formats: Mapping[str, SourceFormat]) -> tuple[set[str], list[str]]:
    """Return the names of documents that are no statements, and sentences about them."""
    if any(form not in DOCUMENT_KINDS for form in formats.values()):
        names = [name for name, form in formats.items() if form is DOCUMENT]
        return set(names), [_describe_beside(names)] if names else []
    copies = dict(_iter_copies(formats))
    return set(copies), [
        f"{name} was not read: it has the name of {first}, and is taken for a copy of it."
        for name, first in copies.items()
    ]


def _describe_beside(names: list[str]) -> str:
    listed = ", ".join(names[:MAX_LISTED_NAMES])
    more = " and others" if len(names) > MAX_LISTED_NAMES else ""
    return (
        "Documents beside an export belong to it, and were not read as statements "
        f"({len(names)}): {listed}{more}. Import those that are statements by themselves."
    )


def _iter_copies(formats: Mapping[str, SourceFormat]) -> Iterator[tuple[str, str]]:
    first_by_stem: dict[str, str] = {}
    for name in sorted(formats, key=_rank):
        path = PurePosixPath(name)
        stem = str(path.with_suffix("")).casefold()
        first = first_by_stem.setdefault(stem, name)
        if first != name and formats[name] is DOCUMENT:
            yield name, first


def _rank(name: str) -> tuple[int, str]:
    extension = PurePosixPath(name).suffix.removeprefix(".").casefold()
    rank = EXTENSIONS.index(extension) if extension in EXTENSIONS else len(EXTENSIONS)
    return rank, name
