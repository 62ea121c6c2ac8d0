"""Cut an RTF file into tokens, and decode its letters."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from statements.parsing.draft import ParseError
from statements.parsing.zip_package import PASTE_HINT

MAX_TOKENS = 1_000_000
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?\d{1,10})?[ ]?"
    rb"|\\'([0-9a-fA-F]{2})"
    rb"|\\([^a-zA-Z'])"
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n\\]",
    re.DOTALL,
)
ESCAPED = (b"{", b"}", b"\\")
DEFAULT_CODE_PAGE = "cp1252"
CHARSET_CODE_PAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
"""The `\\fcharset` of a font to the encoding of its letters."""


class RtfToken(NamedTuple):
    """A control word with its number, a brace, or bytes of text."""

    word: str = ""
    number: int | None = None
    text: bytes = b""


def iter_tokens(raw: bytes) -> Iterator[RtfToken]:
    """Yield the tokens. Raises ParseError for far more than any statement needs."""
    position = count = 0
    while position < len(raw):
        match = TOKEN.match(raw, position)
        if match is None:  # a lone backslash before the end
            return
        position = match.end()
        count += 1
        if count > MAX_TOKENS:
            raise ParseError(
                f"The document is made of more than {MAX_TOKENS:,} pieces, far more than any "
                f"statement. {PASTE_HINT}"
            )
        word, number, escaped, symbol, brace, text = match.groups()
        if word == b"bin":
            position += max(0, int(number or 0))
        elif word:
            yield RtfToken(word.decode("ascii"), int(number) if number else None)
        elif escaped:
            yield RtfToken(text=bytes.fromhex(escaped.decode("ascii")))
        elif brace or (symbol and symbol not in ESCAPED):
            yield RtfToken((brace or symbol).decode("latin-1"))
        elif text or symbol:
            yield RtfToken(text=text or symbol)


def decode_letters(letters: bytes, code_page: str) -> str:
    return letters.decode(code_page, "replace")


def find_code_page(number: int | None) -> str:
    """Return the encoding with this number if we know it, else the usual one."""
    name = f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8" if number == 65001 else DEFAULT_CODE_PAGE
    return name
