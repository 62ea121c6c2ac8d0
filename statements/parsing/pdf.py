"""Convert a PDF with text to HTML: paragraphs, headings, links, emphasis."""

import io
import logging
from itertools import groupby, islice

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from statements.parsing import furniture
from statements.parsing.conversion import Conversion
from statements.parsing.draft import ParseError
from statements.parsing.pdf_lines import PdfLine, PdfPage, read_page
from statements.parsing.pdf_paragraphs import (
    PdfParagraph,
    WordJoiner,
    find_body_size,
    find_heading_level,
    join_lines,
    join_markers,
    render_paragraphs,
    split_running_lines,
)
from statements.parsing.wording import REMOVED_WORDS, STRUCK, describe_pictures, format_count
from statements.parsing.zip_package import LOCKED_MESSAGE, PASTE_HINT

MAX_PAGES = 100
MAX_CHARS = 1_000_000
MAX_UNKNOWN_RATIO = 0.05
MAX_STAMP_CHARS = 100
"""A scanned page may carry the line of a fax, or the name of a program."""
MAX_LISTED_WORDS = 10
MAX_WORDS_ABOVE_HEADLINE = 60
SCANNED_MESSAGE = (
    "This PDF holds pictures of text, as a scanner makes them, and no words to read. Ask for the "
    "document that it was made from, or type the words here."
)


def convert_pdf(raw: bytes) -> Conversion:
    """Return the HTML of a PDF. Raises ParseError."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it reports each oddity of a file
    pages = _read_pages(raw)
    lines = [line for page in pages for line in page.lines]
    _refuse_unreadable(pages, lines)
    conversion = Conversion(
        messages=[
            "A PDF has lines and no paragraphs: read the draft against it.",
            *_describe_scanned_pages(pages),
        ]
    )
    lines, running = split_running_lines(join_markers(lines))
    conversion.leftovers += [(text, "It was the header or footer of a page.") for text in running]
    conversion.leftovers += [
        (" ".join(page.turned_text.split()), "It was written across or beside the page.")
        for page in pages
        if page.turned_text.strip()
    ]
    _collect_comments(pages, conversion)
    paragraphs = _split_above_headline(join_lines(lines), conversion)
    _collect_struck_words(paragraphs, conversion)
    joiner = WordJoiner(lines)
    conversion.html = "".join(render_paragraphs(paragraphs, joiner))
    if joiner.doubtful:
        listed = ", ".join(f"“{word}”" for word in joiner.doubtful[:MAX_LISTED_WORDS])
        conversion.messages.append(f"Check words that were divided at the end of a line: {listed}.")
    conversion.messages += describe_pictures(sum(page.pictures for page in pages))
    return conversion


def _read_pages(raw: bytes) -> list[PdfPage]:
    try:
        document = PDFDocument(PDFParser(io.BytesIO(raw)))
        resources = PDFResourceManager()
        device = PDFPageAggregator(resources, laparams=LAParams(all_texts=True))
        interpreter = PDFPageInterpreter(resources, device)
        sources = list(islice(PDFPage.create_pages(document), MAX_PAGES + 1))
        pages: list[PdfPage] = []
        for number, page in enumerate(sources if len(sources) <= MAX_PAGES else []):
            interpreter.process_page(page)
            pages.append(read_page(device.get_result(), page.annots, number))
    except PDFPasswordIncorrect as error:
        raise ParseError(LOCKED_MESSAGE) from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # pdfminer fails in many ways on a damaged file
        raise ParseError(f"The PDF is damaged and cannot be read. {PASTE_HINT}") from error
    if len(sources) > MAX_PAGES:
        raise ParseError(
            f"The PDF has more than {MAX_PAGES} pages, far more than any statement. {PASTE_HINT}"
        )
    return pages


def _refuse_unreadable(pages: list[PdfPage], lines: list[PdfLine]) -> None:
    chars = sum(len(line.text) for line in lines)
    scanned = [page for page in pages if page.is_picture and _count_chars(page) < MAX_STAMP_CHARS]
    has_words = any(char.isalnum() for line in lines for char in line.text)
    if (pages and len(scanned) == len(pages)) or (
        not has_words and any(page.pictures for page in pages)
    ):
        raise ParseError(SCANNED_MESSAGE)
    if not has_words:
        raise ParseError("The PDF is empty: there is not one word in it.")
    if chars > MAX_CHARS:
        raise ParseError(
            f"The PDF has {chars:,} letters, and the limit is {MAX_CHARS:,}. {PASTE_HINT}"
        )
    if sum(page.unknown_letters for page in pages) > MAX_UNKNOWN_RATIO * chars:
        raise ParseError(
            "The PDF does not say which letters its shapes stand for, so its words cannot be read. "
            "Ask for the document that it was made from, or type the words here."
        )


def _count_chars(page: PdfPage) -> int:
    return sum(len(line.text) for line in page.lines)


def _describe_scanned_pages(pages: list[PdfPage]) -> list[str]:
    numbers = [
        str(number)
        for number, page in enumerate(pages, 1)
        if page.is_picture and _count_chars(page) < MAX_STAMP_CHARS
    ]
    listed = ", ".join(numbers)
    return [f"Pictures of text cannot be read: look at page {listed}."] if numbers else []


def _split_above_headline(
    paragraphs: list[PdfParagraph], conversion: Conversion
) -> list[PdfParagraph]:
    """Set the letterhead aside: short lines above a headline in large type."""
    body_size = find_body_size([line for paragraph in paragraphs for line in paragraph.lines])
    headline = next((item for item in paragraphs if find_heading_level(item, body_size)), None)
    if headline is None:
        return paragraphs
    above = [item for item in paragraphs if item.is_above(headline)]
    if sum(len(item.text.split()) for item in above) > MAX_WORDS_ABOVE_HEADLINE:
        return paragraphs
    kept = [item for item in above if furniture.parse_head_line(item.text)]
    conversion.leftovers += [
        (item.text, "It stood above the headline.") for item in above if item not in kept
    ]
    return [*kept, *(item for item in paragraphs if item not in above)]


def _collect_comments(pages: list[PdfPage], conversion: Conversion) -> None:
    comments = [text for page in pages for text in page.comments]
    conversion.leftovers += [(text, "A comment, never published.") for text in comments]
    if comments:
        were = "was" if len(comments) == 1 else "were"
        conversion.messages.append(
            f"{format_count(len(comments), 'comment')} {were} left out and kept under “Left out of "
            "the draft”."
        )


def _collect_struck_words(paragraphs: list[PdfParagraph], conversion: Conversion) -> None:
    pieces = [
        piece for paragraph in paragraphs for line in paragraph.lines for piece in line.pieces
    ]
    struck = [
        "".join(text for text, _ in group)
        for is_struck, group in groupby(pieces, key=lambda piece: piece[1].struck)
        if is_struck
    ]
    conversion.leftovers += [(text.strip(), STRUCK) for text in struck if text.strip()]
    if struck:
        conversion.messages.append(REMOVED_WORDS[STRUCK])
