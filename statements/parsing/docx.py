"""A .docx -> Draft, with a sentence for everything that was changed or dropped."""

import html
import json
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
NON_WORD = re.compile(r"\W+")


def looks_like_docx(raw: bytes) -> bool:
    """Whether these bytes are for `read_word` to read, or to refuse in its better sentences."""
    return raw.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF"))


def parse_docx(raw: bytes) -> Draft:
    """Raises Unreadable, with a sentence for a person, for what is no .docx or no safe one."""
    refuse_non_docx(raw)
    answer = _run_subprocess(raw)
    draft = parse_html(answer["html"], answer["told"])
    left_over = [*map(tuple, answer["left_over"]), *_find_missing_paragraphs(answer)]
    return replace(draft, leftovers=draft.leftovers + tuple(left_over))


def _run_subprocess(raw: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "statements.parsing.docx_subprocess"],
            input=raw,
            capture_output=True,
            timeout=MAX_WALL_SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise ParseError(
            f"The document took too much time or memory to read, and reading was stopped. {PASTE_HINT}"
        ) from error
    if sentence := answer.get("unreadable"):
        raise ParseError(sentence)
    return answer


def _find_missing_paragraphs(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Paragraphs that the converter did not understand: their words are kept all the same."""
    came = _strip_to_letters(html.unescape(re.sub(r"<[^>]*>", "", answer["html"])))
    why = "It was in a part of the document that has no place in a draft."
    return [
        (normalise_text(text), why)
        for text in answer["paragraphs"]
        if _strip_to_letters(text) not in came
    ]


def _strip_to_letters(text: str) -> str:
    return NON_WORD.sub("", normalise_text(text))
