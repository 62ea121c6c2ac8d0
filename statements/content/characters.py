"""Normalise the characters of any text that comes in. Pure functions."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Other control characters, lone surrogates (which cannot be encoded, and so not hashed), byte order
# marks, and what programs put between letters unseen: soft hyphens, and spaces and joiners without
# a width. A reader copies them, and a search does not find the word.
_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ud800-\udfff\ufeff]")

_REPLACEMENTS = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# The last one stands for a picture or another object.
_REPLACEABLE_CHAR = re.compile("[ﬀ-ﬆ\ufffc]")
# French and numbers need non-breaking spaces, as in « 5 000 » and 5 million; Word and browsers add
# many others.
NEEDLESS_HARD_SPACE = re.compile(
    r"(?<![«\d])\u00a0(?![»;:!?%])|(?<=«)\u00a0(?=\s)|(?<=\d)\u00a0(?=\s|$)"
)


def normalise_text(text: str) -> str:
    r"""Return the text in NFC, with \n as line end, without characters that nobody sees.

    Ligatures of a font become letters. Direction marks and joiners stay: Arabic, Hebrew and Persian
    need them.
    """
    if text.isprintable():  # like most texts
        if text.isascii():
            return text
    else:
        text = _FORBIDDEN_CHARS.sub("", _LINE_ENDS.sub("\n", text))
    if _REPLACEABLE_CHAR.search(text):
        text = _REPLACEABLE_CHAR.sub(lambda char: _REPLACEMENTS.get(char[0], ""), text)
    return unicodedata.normalize("NFC", text)


def collapse_spaces(text: str) -> str:
    """Replace every sequence of spaces and tabs by one space."""
    return re.sub(r"[ \t]+", " ", text) if "  " in text or "\t" in text else text


def normalise_characters(text: str) -> str:
    """Normalise the text, and replace needless non-breaking spaces."""
    text = normalise_text(text)
    return NEEDLESS_HARD_SPACE.sub(" ", text) if "\u00a0" in text else text
