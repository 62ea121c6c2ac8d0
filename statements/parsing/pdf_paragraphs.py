"""Put the lines of a PDF together to paragraphs, and set aside what is on every page."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from statements.parsing.pdf_lines import PdfLine, PdfLook, choose_look_between

PAGE_NUMBER = re.compile(
    r"^[\W_]*(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?[\W_]*$", re.IGNORECASE
)
MARKER = re.compile(
    r"^(?P<marker>[•●▪■◦‣∙·\uf0b7\uf0a7]|[–—-](?=\s)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?=\s))\s*",
    re.IGNORECASE,
)
MARKER_ALONE = re.compile(
    r"[•●▪■◦‣∙·\uf0b7\uf0a7–—o-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]", re.IGNORECASE
)
MAX_MARKER_CHARS = 6
SENTENCE_END = re.compile(r"[.!?:…;][”\"’»)\]]*$")
DIVIDED_WORD = re.compile(r"([^\W\d_]{2,})[-\u2010\u00ad]$")
WORD_START = re.compile(r"[a-zà-öø-ÿ][^\W\d_]*")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
MARGIN = 0.1
"""The part of a page's height, above and below, where headers and footers stand."""
MIN_HEADING_RATIO = 1.15
MAX_HEADING_WORDS = 40
MAX_PAGE_LINES = 500


@dataclass(eq=False)
class PdfParagraph:
    """Lines that belong together."""

    lines: list[PdfLine] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(line.text for line in self.lines).split())

    @property
    def size(self) -> float:
        return self.lines[0].size

    def is_above(self, other: "PdfParagraph") -> bool:
        """Say whether it stands higher on the same page."""
        last, first = self.lines[-1], other.lines[0]
        return last.page == first.page and last.area.y0 > first.area.y1 - 2


def split_running_lines(lines: list[PdfLine]) -> tuple[list[PdfLine], list[str]]:
    """Split off headers, footers and page numbers: lines that come back on other pages."""
    seen: Counter[str] = Counter()
    for key in {(line.page, _running_key(line)) for line in lines if _is_in_margin(line)}:
        seen[key[1]] += 1
    lowest = {line.page: line for line in sorted(lines, key=lambda line: -line.area.y0)}
    kept, running = [], dict[str, None]()
    for line in lines:
        is_last = line is lowest[line.page] and line.area.y1 < 0.2 * line.page_height
        comes_back = _is_in_margin(line) and seen[_running_key(line)] > 1
        is_number = PAGE_NUMBER.match(line.text) and (is_last or _is_in_margin(line))
        if comes_back or is_number:
            running[line.text] = None
        else:
            kept.append(line)
    return (kept, list(running)) if kept else (lines, [])


def _is_in_margin(line: PdfLine) -> bool:
    height = line.page_height
    return line.area.y0 > (1 - MARGIN) * height or line.area.y1 < MARGIN * height


def _running_key(line: PdfLine) -> str:
    return re.sub(r"\d+", "0", line.text.casefold())


def join_markers(lines: list[PdfLine]) -> list[PdfLine]:
    """Put a bullet or number before the words of its item, which the layout sets apart."""
    joined: set[int] = set()
    by_page: dict[int, list[PdfLine]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    for marker in lines:
        if len(marker.text) > MAX_MARKER_CHARS or not MARKER_ALONE.fullmatch(marker.text):
            continue
        beside = [
            line
            for line in by_page[marker.page][:MAX_PAGE_LINES]
            if id(line) not in joined and marker.is_left_of(line)
        ]
        if beside:
            nearest = min(beside, key=lambda line: line.area.x0)
            nearest.pieces = [(f"{marker.text} ", PdfLook()), *nearest.pieces]
            joined.add(id(marker))
    return [line for line in lines if id(line) not in joined]


def find_body_size(lines: list[PdfLine]) -> float:
    """Return the size in which most letters are printed."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def join_lines(lines: list[PdfLine]) -> list[PdfParagraph]:
    """Return the paragraphs, also those that go on over the end of a page."""
    body_size = find_body_size(lines)
    rights = _find_right_edges(lines)
    paragraphs: list[PdfParagraph] = []
    for line in lines:
        if paragraphs and _goes_on(paragraphs[-1], line, rights, body_size):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(PdfParagraph([line]))
    return paragraphs


def _find_right_edges(lines: list[PdfLine]) -> dict[tuple[int, int], float]:
    """Return for each box how far its lines could reach, by the lines that had to end there."""
    edges = {}
    for _, of_page in groupby(lines, key=lambda line: line.page):
        page_lines = list(of_page)[:MAX_PAGE_LINES]
        wrapped = [line for line, after in pairwise(page_lines) if line.box == after.box]
        for (page, box), of_box in groupby(page_lines, key=lambda line: (line.page, line.box)):
            own = list(of_box)
            left, right = min(line.area.x0 for line in own), max(line.area.x1 for line in own)
            beside = sorted(
                line.area.x1 for line in wrapped if line.area.x0 < right and line.area.x1 > left
            )
            edges[page, box] = max(right, beside[int(len(beside) * 0.8)] if beside else right)
    return edges


def _goes_on(
    paragraph: PdfParagraph,
    line: PdfLine,
    rights: dict[tuple[int, int], float],
    body_size: float,
) -> bool:
    last = paragraph.lines[-1]
    if abs(last.size - line.size) > 0.08 * body_size or MARKER.match(line.text):
        return False
    if (last.page, last.box) == (line.page, line.box):
        if line.size >= MIN_HEADING_RATIO * body_size:
            return True
        return not _could_hold_next_word(last, line, rights.get((last.page, last.box), 0.0))
    # The layout sets parts of one paragraph apart at the end of a page, and around raised digits.
    return not SENTENCE_END.search(last.text) and bool(WORD_START.match(line.text))


def _could_hold_next_word(last: PdfLine, line: PdfLine, right: float) -> bool:
    """Say whether the line ended early, as the last line of a paragraph does."""
    is_centred = (
        abs(last.area.x0 - line.area.x0) > 8
        and abs((last.area.x0 + last.area.x1) - (line.area.x0 + line.area.x1)) < 8
    )
    if is_centred:
        return False
    return right - last.area.x1 > line.first_word_width + 0.5 * line.size


class WordJoiner:
    """Joins words that are divided at the end of a line, where the document shows how."""

    def __init__(self, lines: list[PdfLine]) -> None:
        texts = [line.text for line in lines]
        self.words = {word.casefold() for text in texts for word in WORD.findall(text)}
        divided = sum(bool(DIVIDED_WORD.search(text)) for text in texts)
        self.is_hyphenated = divided > 1 and divided > 0.03 * len(texts)
        self.doubtful: list[str] = []

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Say whether the mark between the two parts of a word belongs to it."""
        joined, compound = f"{before}{after}", f"{before}-{after}"
        if joined.casefold() in self.words:
            return False
        if compound.casefold() in self.words:
            return True
        self.doubtful.append(compound if not self.is_hyphenated else joined)
        return not self.is_hyphenated


def render_paragraphs(paragraphs: list[PdfParagraph], joiner: WordJoiner) -> Iterator[str]:
    """Yield each paragraph as HTML; one with a bullet or number as Word's clipboard has it."""
    body_size = find_body_size([line for paragraph in paragraphs for line in paragraph.lines])
    for paragraph in paragraphs:
        pieces = _merge_pieces(_iter_pieces(paragraph, joiner))
        level = find_heading_level(paragraph, body_size)
        marker = MARKER.match(paragraph.text) if not level else None
        if marker:
            pieces = _cut_marker(pieces, len(marker["marker"]))
        inner = "".join(_render_piece(text, look, is_heading=bool(level)) for text, look in pieces)
        if level:
            yield f"<h{level}>{inner}</h{level}>\n"
        elif marker:
            yield (
                '<p style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">'
                f"{html.escape(marker['marker'], quote=False)}</span>{inner}</p>\n"
            )
        else:
            yield f"<p>{inner}</p>\n"


def find_heading_level(paragraph: PdfParagraph, body_size: float) -> int:
    if len(paragraph.text.split()) > MAX_HEADING_WORDS or not body_size:
        return 0
    ratio = paragraph.size / body_size
    return 0 if ratio < MIN_HEADING_RATIO else 1 if ratio >= 1.5 else 2


def _iter_pieces(paragraph: PdfParagraph, joiner: WordJoiner) -> Iterator[tuple[str, PdfLook]]:
    for index, line in enumerate(paragraph.lines):
        following = paragraph.lines[index + 1].text if index + 1 < len(paragraph.lines) else ""
        pieces = _strip_end(line.pieces)
        divided = DIVIDED_WORD.search("".join(text for text, _ in pieces))
        start = WORD_START.match(following)
        if divided and start:
            if pieces[-1][0].endswith("\u00ad") or not joiner.keeps_hyphen(divided[1], start[0]):
                text, look = pieces[-1]
                pieces = [*pieces[:-1], (text[:-1], look)]
            yield from pieces
        else:
            yield from pieces
            if following and pieces:
                after = paragraph.lines[index + 1].pieces[0][1]
                yield " ", choose_look_between(pieces[-1][1], after)


def _merge_pieces(pieces: Iterator[tuple[str, PdfLook]]) -> list[tuple[str, PdfLook]]:
    return [
        ("".join(text for text, _ in group), look)
        for look, group in groupby(pieces, key=lambda piece: piece[1])
    ]


def _strip_end(pieces: list[tuple[str, PdfLook]]) -> list[tuple[str, PdfLook]]:
    end = len(pieces)
    while end and not pieces[end - 1][0].strip():
        end -= 1
    return pieces[:end]


def _cut_marker(pieces: list[tuple[str, PdfLook]], length: int) -> list[tuple[str, PdfLook]]:
    """Cut the bullet or number from the front of a paragraph."""
    rest: list[tuple[str, PdfLook]] = []
    for text, look in pieces:
        stripped = text if rest or length <= 0 else text.lstrip()
        cut = min(length, len(stripped)) if not rest else 0
        length -= cut
        if remaining := stripped[cut:]:
            rest.append((remaining, look))
    return rest


def _render_piece(text: str, look: PdfLook, *, is_heading: bool) -> str:
    if look.struck:
        return ""
    escaped = html.escape(text, quote=False)
    bold = look.bold and not is_heading
    for tag in filter(None, (look.position, "em" * look.italic, "strong" * bold)):
        escaped = f"<{tag}>{escaped}</{tag}>"
    return f'<a href="{html.escape(look.href)}">{escaped}</a>' if look.href else escaped
