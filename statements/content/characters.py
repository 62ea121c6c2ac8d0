"""Normalise the characters of any text that comes in. Pure functions."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Other control characters, lone surrogates (which cannot be encoded, and so not hashed) and byte
# order marks.
_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")

CHARACTER_REPLACEMENTS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffc")
)
REPLACEABLE_CHARACTER = re.compile(f"[{''.join(map(chr, CHARACTER_REPLACEMENTS))}]")
# French and numbers need non-breaking spaces; Word and browsers add many others.
NEEDLESS_HARD_SPACE = re.compile(
    r"(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?![\d»;:!?%])"
)


def normalise_text(text: str) -> str:
    r"""Return the text in NFC, with \n as line end, without control characters and surrogates.

    Direction marks and joiners stay: Arabic, Hebrew and Persian need them.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # like most texts
        return text
    return unicodedata.normalize("NFC", _FORBIDDEN_CHARS.sub("", _LINE_ENDS.sub("\n", text)))


def collapse_spaces(text: str) -> str:
    """Replace every sequence of spaces and tabs by one space."""
    return re.sub(r"[ \t]+", " ", text) if "  " in text or "\t" in text else text


def normalise_characters(text: str) -> str:
    """Replace ligatures and needless non-breaking spaces; drop soft hyphens."""
    if text.isascii():
        return text
    if REPLACEABLE_CHARACTER.search(text):  # fast; translate is slow
        text = text.translate(CHARACTER_REPLACEMENTS)
    return NEEDLESS_HARD_SPACE.sub(" ", text) if "\u00a0" in text else text
