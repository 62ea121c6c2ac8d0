"""Whose words a quotation within a statement is, as far as its own sentence tells. Pure."""

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
    """`who` is a name or a description, empty where the sentence has none; `sentence` is what leads
    in to the quotation, empty where nothing does."""

    name: str
    lead_in: str


def find_source(stretch: TextSpan) -> QuoteSource:
    """Whom the statement names for words that stand in quotation marks within it."""
    text = stretch.piece.text
    a, b = next(
        (a, b) for a, b in stretch.piece.quotations if a < stretch.start and stretch.end < b
    )
    before = re.split(r"(?<=[.!?])\s+|\n", text[:a])[-1]
    after = re.split(r"(?<=[.!?])\s+|\n", text[b:])[0]
    named = _find_name(_BEFORE, before, "search") or _find_name(_AFTER, after, "match")
    return QuoteSource(named, before.strip()[-MAX_LEAD_IN_CHARS:])


def _find_name(patterns: tuple[re.Pattern, ...], text: str, how: str) -> str:
    for pattern in patterns:
        if found := getattr(pattern, how)(text):
            opening = _OPENING.match(found["who"].strip())
            who = opening["who"].strip() if opening else ""
            if who and who.casefold() not in _PRONOUNS:
                return who
    return ""
