"""A .docx -> Draft, with a sentence for everything that was changed or dropped."""

import html
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from statements.content.html import normalise
from statements.parsing.docx_package import PASTE, refuse_what_is_no_docx
from statements.parsing.draft import Draft, Unreadable
from statements.parsing.html_paragraphs import read_html

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 15
SPACES = re.compile(r"\W+")


def looks_like_word(raw: bytes) -> bool:
    """Whether these bytes are for `read_word` to read, or to refuse in its better sentences."""
    return raw.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF"))


def read_word(raw: bytes) -> Draft:
    """Raises Unreadable, with a sentence for a person, for what is no .docx or no safe one."""
    refuse_what_is_no_docx(raw)
    answer = _in_child(raw)
    draft = read_html(answer["html"], answer["told"])
    left_over = [*map(tuple, answer["left_over"]), *_missing(answer)]
    return replace(draft, left_over=draft.left_over + tuple(left_over))


def _in_child(raw: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "statements.parsing.docx_subprocess"],
            input=raw,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise Unreadable(
            f"The document took too much time or memory to read, and reading was stopped. {PASTE}"
        ) from error
    if sentence := answer.get("unreadable"):
        raise Unreadable(sentence)
    return answer


def _missing(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Paragraphs that the converter did not understand: their words are kept all the same."""
    came = _bare(html.unescape(re.sub(r"<[^>]*>", "", answer["html"])))
    why = "It was in a part of the document that has no place in a draft."
    return [(normalise(text), why) for text in answer["paragraphs"] if _bare(text) not in came]


def _bare(text: str) -> str:
    return SPACES.sub("", normalise(text))
