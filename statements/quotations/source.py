"""Find out who is quoted in a statement, from the sentence around the quotation. Pure functions."""

import re
from dataclasses import dataclass

from statements.quotations.matching import TextSpan

MAX_LEAD_IN_CHARS = 240
_VERB = (
    r"(?:(?:has|have|had|also|once|recently|rightly|famously|then|today|yesterday)\s+)*(?:said|says|say"
    r"|wrote|writes|written|told|put it|puts it|argued|argues|warned|warns|called|calls|described"
    r"|describes|stated|states|announced|announces|promised|promises|declared|declares|claimed"
    r"|claims|concluded|concludes|insisted|insists|asked|asks|added|adds|remarked|noted|notes|found)"
)
_NAME = r"(?P<who>[^,.;:!?“”‘\"«»\n]{2,80}?)"
_BEFORE = (
    re.compile(
        rf"(?:in the words of|according to|to quote|quoting)\s+{_NAME}[,:]?\s*$", re.IGNORECASE
    ),
    re.compile(rf"{_NAME}[’']s? (?:own )?words[,:]?\s*$", re.IGNORECASE),
    re.compile(rf"{_NAME},?\s+{_VERB}(?:\s+[\w’'-]+){{0,6}}[,:]?\s*$", re.IGNORECASE),
)
_AFTER = (
    re.compile(rf"\s*{_VERB}\s+{_NAME}(?=[,.;:!?\n]|$)", re.IGNORECASE),
    re.compile(rf"\s*{_NAME}\s+{_VERB}\b", re.IGNORECASE),
    re.compile(r"\s*[–—]\s*(?P<who>[^,.;:!?\n]{2,80})"),
)
_OPENING = re.compile(
    r"^(?:.*\b(?:that|when|while|because|as|and|but|so|what)\s+)?(?P<who>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_PRONOUNS = {"he", "she", "they", "it", "we", "i", "you", "who", "which", "this", "that", "one"}


@dataclass(frozen=True)
class QuoteSource:
    """Who is quoted, by name or description, and the text before the quotation; or empty."""

    name: str
    lead_in: str


def find_source(span: TextSpan) -> QuoteSource:
    """Return who is named as the source of words in quotation marks within a statement."""
    text = span.piece.text
    start, end = next((a, b) for a, b in span.piece.quotations if a < span.start and span.end < b)
    before = re.split(r"(?<=[.!?])\s+|\n", text[:start])[-1]
    after = re.split(r"(?<=[.!?])\s+|\n", text[end:])[0]
    matches = [
        *(pattern.search(before) for pattern in _BEFORE),
        *(pattern.match(after) for pattern in _AFTER),
    ]
    name = next(filter(None, map(_parse_name, matches)), "")
    return QuoteSource(name, before.strip()[-MAX_LEAD_IN_CHARS:])


def _parse_name(match: re.Match[str] | None) -> str:
    opening = _OPENING.match(match["who"].strip()) if match else None
    name = opening["who"].strip() if opening else ""
    return "" if name.casefold() in _PRONOUNS else name
