"""Convert a document to HTML in a separate process, which has little time and memory."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from statements.parsing.draft import ParseError
from statements.parsing.zip_package import PASTE_HINT

ROOT = Path(__file__).parents[2]
MAX_WALL_SECONDS = 15
MAX_HTML_CHARS = 1_000_000  # as decoding.MAX_TEXT_BYTES

logger = logging.getLogger(__name__)


@dataclass
class Conversion:
    """The words of a document as HTML, and what has no place in them."""

    html: str = ""
    messages: list[str] = field(default_factory=list)
    leftovers: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    """The text of each paragraph, where the converter could lose some."""
    doubts: list[str] = field(default_factory=list)
    """Why somebody must look at the document before it is a statement."""
    subject: str = ""
    """Of an e-mail."""
    dated_on: str = ""
    """The day, in ISO form, on which an e-mail was sent."""


def convert_in_subprocess(document_format: str, raw: bytes) -> Conversion:
    """Return the HTML of a document and what is not in it. Raises ParseError."""
    conversion = Conversion(**read_in_subprocess(document_format, raw))
    conversion.leftovers = [(text, reason) for text, reason in conversion.leftovers]
    if len(conversion.html) > MAX_HTML_CHARS:
        raise ParseError(
            f"The document has {len(conversion.html) // 1_000_000} MB of text, and the limit is "
            f"{MAX_HTML_CHARS // 1_000_000} MB. Bring the words of the statement alone."
        )
    return conversion


def read_in_subprocess(document_format: str, raw: bytes) -> dict[str, Any]:
    """Return what the separate process read in these bytes, as plain data. Raises ParseError."""
    try:
        process = subprocess.run(  # noqa: S603 - the format is one of our own names
            [sys.executable, "-m", "statements.parsing.document_subprocess", document_format],
            input=raw,
            capture_output=True,
            timeout=MAX_WALL_SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        result: dict[str, Any] = json.loads(process.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        logger.warning("Reading a document (%s) failed: %s", document_format, type(error).__name__)
        raise ParseError(
            "The document took too much time or memory to read, and reading was stopped. "
            f"{PASTE_HINT}"
        ) from error
    if reason := result.get("error"):
        raise ParseError(reason)
    return result
