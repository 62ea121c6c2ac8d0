"""Parse a .docx into a Draft, with a message for everything changed or dropped."""

import html
import re
from dataclasses import replace

from statements.content.characters import normalise_text
from statements.parsing.conversion import Conversion, convert_in_subprocess
from statements.parsing.document_formats import DOCX
from statements.parsing.draft import Draft
from statements.parsing.html_paragraphs import parse_html

NON_WORD = re.compile(r"\W+")


def parse_docx(raw: bytes) -> Draft:
    """Parse a .docx. Raises ParseError if it is not a safe one."""
    conversion = convert_in_subprocess(DOCX, raw)
    draft = parse_html(conversion.html, conversion.messages)
    leftovers = [*conversion.leftovers, *_find_missing_paragraphs(conversion)]
    return replace(draft, leftovers=draft.leftovers + tuple(leftovers))


def _find_missing_paragraphs(conversion: Conversion) -> list[tuple[str, str]]:
    """Return the paragraphs that the converter dropped, to keep their words."""
    converted = _strip_to_letters(html.unescape(re.sub(r"<[^>]*>", "", conversion.html)))
    reason = "It was in a part of the document that has no place in a draft."
    return [
        (normalise_text(text), reason)
        for text in conversion.paragraphs
        if _strip_to_letters(text) not in converted
    ]


def _strip_to_letters(text: str) -> str:
    return NON_WORD.sub("", normalise_text(text))
