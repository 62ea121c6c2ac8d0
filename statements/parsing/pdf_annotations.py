"""Read what lies on top of a page of a PDF: links, struck-out places, comments of reviewers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

MAX_ANNOTATIONS = 500
MAX_QUADS = 100
MAX_COMMENT_CHARS = 5_000
COMMENT_KINDS = {
    "Text", "FreeText", "Highlight", "StrikeOut", "Underline", "Squiggly", "Caret", "Stamp",
}  # fmt: skip


class Area(NamedTuple):
    """A rectangle on a page; y grows upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass
class PdfAnnotations:
    """The annotations of one page, as far as they matter."""

    links: list[tuple[Area, str]] = field(default_factory=list)
    struck: list[Area] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def find_link(self, x: float, y: float) -> str:
        return next((href for area, href in self.links if area.holds(x, y)), "")

    def is_struck(self, x: float, y: float) -> bool:
        return any(area.holds(x, y) for area in self.struck)


def read_annotations(source: Any) -> PdfAnnotations:
    """Read the annotations of a page; what is none is passed over."""
    result = PdfAnnotations()
    entries = resolve1(source)
    for entry in (entries if isinstance(entries, list) else [])[:MAX_ANNOTATIONS]:
        annotation = resolve1(entry)
        if not isinstance(annotation, dict):
            continue
        kind = str(getattr(resolve1(annotation.get("Subtype")), "name", ""))
        rectangle = next(_iter_areas(resolve1(annotation.get("Rect")), corners=2), None)
        if rectangle and (address := _read_address(annotation)):
            result.links.append((rectangle, address))
        if kind == "StrikeOut":
            quads = list(_iter_areas(resolve1(annotation.get("QuadPoints")), corners=4))
            result.struck += quads or ([rectangle] if rectangle else [])
        if kind in COMMENT_KINDS and (text := _read_text(annotation.get("Contents"))):
            result.comments.append(text)
    return result


def _read_address(annotation: dict[str, Any]) -> str:
    action = resolve1(annotation.get("A"))
    address = resolve1(action.get("URI")) if isinstance(action, dict) else None
    return address.decode("utf-8", "replace") if isinstance(address, bytes) else ""


def _read_text(source: Any) -> str:
    text = resolve1(source)
    return (
        " ".join(decode_text(text).split())[:MAX_COMMENT_CHARS] if isinstance(text, bytes) else ""
    )


def _iter_areas(numbers: Any, *, corners: int) -> Iterator[Area]:
    """Yield the rectangles around groups of so many corners."""
    values = [resolve1(number) for number in (numbers if isinstance(numbers, list) else [])]
    if not all(isinstance(value, int | float) for value in values):
        return
    size = 2 * corners
    for start in range(0, min(len(values), size * MAX_QUADS) - size + 1, size):
        xs, ys = values[start : start + size : 2], values[start + 1 : start + size : 2]
        yield Area(min(xs), min(ys), max(xs), max(ys))
