"""Ask the process that reads hostile files whether a PDF has tags."""

from statements.parsing.conversion import read_in_subprocess
from statements.parsing.document_formats import PDF_TAGS
from statements.parsing.draft import ParseError

PDF_TYPE = "application/pdf"


def find_is_tagged(data: bytes, content_type: str) -> bool | None:
    """Return whether a PDF has tags; None for another file, or one that cannot be read."""
    if content_type != PDF_TYPE:
        return None
    try:
        return read_in_subprocess(PDF_TAGS, data)["is_tagged"] is True
    except ParseError:
        return None
