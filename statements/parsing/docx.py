"""Parse a .docx into a Draft, with a message for everything changed or dropped."""

import html
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from statements.content.html import normalise_text
from statements.parsing.docx_package import PASTE_HINT, refuse_non_docx
from statements.parsing.draft import Draft, ParseError
from statements.parsing.html_paragraphs import parse_html

ROOT = Path(__file__).parents[2]
MAX_WALL_SECONDS = 15
MAX_HTML_CHARS = 1_000_000  # as decoding.MAX_TEXT_BYTES
NON_WORD = re.compile(r"\W+")

logger = logging.getLogger(__name__)


def looks_like_docx(raw: bytes) -> bool:
    """Say whether `parse_docx` should read these bytes, or refuse them with its own reasons."""
    return raw.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF"))


def parse_docx(raw: bytes) -> Draft:
    """Parse a .docx. Raises ParseError if it is not one, or not a safe one."""
    refuse_non_docx(raw)
    result = _run_subprocess(raw)
    if len(result["html"]) > MAX_HTML_CHARS:
        raise ParseError(
            f"The document has {len(result['html']) // 1_000_000} MB of text, and the limit is "
            f"{MAX_HTML_CHARS // 1_000_000} MB. Bring the words of the statement alone."
        )
    draft = parse_html(result["html"], result["messages"])
    leftovers = [*map(tuple, result["leftovers"]), *_find_missing_paragraphs(result)]
    return replace(draft, leftovers=draft.leftovers + tuple(leftovers))


def _run_subprocess(raw: bytes) -> dict[str, Any]:
    try:
        process = subprocess.run(
            [sys.executable, "-m", "statements.parsing.docx_subprocess"],
            input=raw,
            capture_output=True,
            timeout=MAX_WALL_SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        result: dict[str, Any] = json.loads(process.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        logger.warning("Reading a .docx failed: %s", type(error).__name__)
        raise ParseError(
            "The document took too much time or memory to read, and reading was stopped. "
            f"{PASTE_HINT}"
        ) from error
    if reason := result.get("error"):
        raise ParseError(reason)
    return result


def _find_missing_paragraphs(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the paragraphs that the converter dropped, to keep their words."""
    converted = _strip_to_letters(html.unescape(re.sub(r"<[^>]*>", "", result["html"])))
    reason = "It was in a part of the document that has no place in a draft."
    return [
        (normalise_text(text), reason)
        for text in result["paragraphs"]
        if _strip_to_letters(text) not in converted
    ]


def _strip_to_letters(text: str) -> str:
    return NON_WORD.sub("", normalise_text(text))
