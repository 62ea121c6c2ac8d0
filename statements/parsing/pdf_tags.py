"""Tell whether a PDF has tags, by which a screen reader finds headings, lists and tables."""

import io
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from statements.parsing.draft import ParseError


@dataclass(frozen=True)
class PdfTags:
    """Whether the catalogue of a PDF says that it is marked, and has a tree of tags."""

    is_tagged: bool


def read_pdf_tags(raw: bytes) -> PdfTags:
    """Read the catalogue alone; raise ParseError for a file that is locked or damaged."""
    try:
        catalogue = PDFDocument(PDFParser(io.BytesIO(raw))).catalog
        marks, tree = resolve1(catalogue.get("MarkInfo")), resolve1(catalogue.get("StructTreeRoot"))
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # pdfminer fails in many ways on a damaged file
        raise ParseError("The PDF cannot be read.") from error
    return PdfTags(is_tagged=_is_marked(marks) and isinstance(tree, dict))


def _is_marked(marks: Any) -> bool:
    return isinstance(marks, dict) and resolve1(marks.get("Marked")) is True
