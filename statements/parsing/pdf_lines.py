"""Read the lines of text on a page of a PDF, with their place, size and emphasis."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pdfminer.layout import (
    LTAnno,
    LTChar,
    LTCurve,
    LTFigure,
    LTImage,
    LTLine,
    LTPage,
    LTRect,
    LTTextBox,
    LTTextLine,
)

from statements.parsing.pdf_annotations import Area, PdfAnnotations, read_annotations

BOLD_FONT = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
ITALIC_FONT = re.compile(r"italic|oblique", re.IGNORECASE)
UNKNOWN_LETTER = re.compile(r"\(cid:\d+\)")
MAX_MARKER_GAP = 60  # points
MAX_RULES = 400
MAX_RULE_HEIGHT = 2.0
MAX_NESTED_FIGURES = 20
MIN_SCANNED_RATIO = 0.5


class PdfLook(NamedTuple):
    """How letters look that stand together."""

    bold: bool = False
    italic: bool = False
    position: str = ""  # sup or sub
    struck: bool = False
    href: str = ""


@dataclass
class PdfLine:
    """One line of text."""

    page: int
    box: int
    area: Area
    size: float
    page_height: float
    pieces: list[tuple[str, PdfLook]] = field(default_factory=list)
    first_word_width: float = 0.0

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces).strip()

    def is_left_of(self, other: "PdfLine") -> bool:
        """Say whether it stands closely before the other on the same line of the page."""
        gap = other.area.x0 - self.area.x1
        middle = (self.area.y0 + self.area.y1) / 2
        return 0 <= gap < MAX_MARKER_GAP and other.area.y0 < middle < other.area.y1


@dataclass
class PdfPage:
    """The lines of a page in reading order, and the text that does not run along them."""

    lines: list[PdfLine] = field(default_factory=list)
    turned_text: str = ""
    pictures: int = 0
    comments: list[str] = field(default_factory=list)
    unknown_letters: int = 0
    is_picture: bool = False
    """A picture covers most of it, as on a scanned page."""


def read_page(page: LTPage, annotations: Any, number: int) -> PdfPage:
    """Return the lines of a page, box by box."""
    marks = read_annotations(annotations)
    items = list(_iter_items(page))
    rules = list(_iter_rules(items))
    pictures = [item for item in items if isinstance(item, LTImage)]
    covered = max((picture.width * picture.height for picture in pictures), default=0.0)
    result = PdfPage(
        pictures=len(pictures),
        comments=marks.comments,
        is_picture=covered > MIN_SCANNED_RATIO * page.width * page.height,
    )
    boxes = (item for item in items if isinstance(item, LTTextBox))
    for box_number, box in enumerate(boxes):
        for text_line in box:
            chars = _list_chars(text_line)
            if not chars:
                continue
            if not all(char.upright and char.matrix[1] == 0 for char in chars):
                result.turned_text += text_line.get_text()
                continue
            line = _read_line(text_line, chars, rules, marks)
            line.page, line.box, line.page_height = number, box_number, page.height
            result.unknown_letters += len(UNKNOWN_LETTER.findall(line.text))
            if line.text:
                result.lines.append(line)
    return result


def _iter_items(container: Iterable[Any]) -> Iterator[Any]:
    """Yield what is on a page, also within drawings that were put on it as a whole."""
    waiting = [iter(container)]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
        elif isinstance(item, LTFigure) and len(waiting) < MAX_NESTED_FIGURES:
            waiting.append(iter(item))
        else:
            yield item


def _list_chars(text_line: LTTextLine) -> list[LTChar]:
    """Return the letters of a line; one that is printed twice on one place, for bold, is once."""
    chars: list[LTChar] = []
    places: set[tuple[str, int, int]] = set()
    for item in text_line:
        if not isinstance(item, LTChar):
            continue
        column, row = round(item.x0 / (0.05 * max(item.size, 1))), round(item.y0)
        near = {(item.get_text(), column + step, row) for step in (-1, 0, 1)}
        if not near & places:
            places.add((item.get_text(), column, row))
            chars.append(item)
    return chars


def _read_line(
    text_line: LTTextLine,
    chars: list[LTChar],
    rules: list[Area],
    marks: PdfAnnotations,
) -> PdfLine:
    size = Counter(round(char.size, 1) for char in chars).most_common(1)[0][0]
    bottom = Counter(round(char.y0, 1) for char in chars if round(char.size, 1) == size)
    line = PdfLine(0, 0, Area(*text_line.bbox), size, 0.0)
    line.pieces = list(
        _iter_pieces(text_line, chars, size, bottom.most_common(1)[0][0], rules, marks)
    )
    line.first_word_width = _measure_first_word(chars)
    return line


def _iter_pieces(
    text_line: LTTextLine,
    chars: list[LTChar],
    size: float,
    bottom: float,
    rules: list[Area],
    marks: PdfAnnotations,
) -> Iterator[tuple[str, PdfLook]]:
    kept = set(map(id, chars))
    before, has_gap = PdfLook(), False
    for item in text_line:
        if isinstance(item, LTAnno):  # a gap that is as wide as a space, or the end of the line
            has_gap = True
        elif id(item) in kept:
            look = _read_look(item, size, bottom, rules, marks)
            if has_gap and not look.position:  # before a raised digit it is no space
                yield " ", choose_look_between(before, look)
            yield item.get_text(), look
            before, has_gap = look, False


def choose_look_between(before: PdfLook, after: PdfLook) -> PdfLook:
    """Return the look of a space between two letters."""
    return before if before == after else PdfLook()


def _read_look(
    char: LTChar, size: float, bottom: float, rules: list[Area], marks: PdfAnnotations
) -> PdfLook:
    middle, centre = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    position = ""
    if char.size < 0.9 * size:
        raised = (char.y0 - bottom) / size
        position = "sup" if raised > 0.15 else "sub" if raised < -0.05 else ""
    low, high = char.y0 + 0.35 * char.height, char.y0 + 0.7 * char.height
    return PdfLook(
        bold=bool(BOLD_FONT.search(char.fontname)),
        italic=bool(ITALIC_FONT.search(char.fontname)),
        position=position,
        struck=marks.is_struck(middle, centre)
        or any(rule.x0 <= middle <= rule.x1 and low <= rule.y0 <= high for rule in rules),
        href=marks.find_link(middle, centre),
    )


def _measure_first_word(chars: list[LTChar]) -> float:
    end = next((char.x0 for char in chars if char.get_text().isspace()), chars[-1].x1)
    return max(0.0, end - chars[0].x0)


def _iter_rules(page: Iterable[Any]) -> Iterator[Area]:
    """Yield flat lines, some of which strike words through."""
    count = 0
    for item in page:
        if not isinstance(item, LTRect | LTLine | LTCurve) or item.height > MAX_RULE_HEIGHT:
            continue
        if item.width > 2 and count < MAX_RULES:
            count += 1
            middle = (item.y0 + item.y1) / 2
            yield Area(item.x0, middle, item.x1, middle)
