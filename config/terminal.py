"""Write to terminals and logs that do not know every character, without failing."""

import codecs
import io
import sys
import unicodedata

PLAIN_CHARACTERS = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
    "−": "-", "…": "...", "→": "->", "•": "*", "\u00a0": " ", "£": "GBP ", "€": "EUR ", "×": "x",
}  # fmt: skip


def write_any_character() -> None:
    """Let this process print plain characters where the terminal has none of the right ones.

    Otherwise a command ends with an error when it prints a quotation mark or a foreign name.
    """
    codecs.register_error("plain", _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(map(_simplify, text)), error.end


def _simplify(char: str) -> str:
    if char in PLAIN_CHARACTERS:
        return PLAIN_CHARACTERS[char]
    return unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode() or "?"
