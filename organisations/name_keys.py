"""The keys by which speakers are found. Plain functions over plain data.

A key is the name without titles and letters after it, without accents, in small letters; once with
the given name first, once with the last word first. An index serves the beginning of each.
"""

import re
import unicodedata

from organisations.name_words import POST_NOMINALS, TITLES

MAX_KEY_CHARS = 250


def split_name(name: str) -> list[str]:
    """Return the words of a person's name without titles and without letters after it."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]) and not name.isupper():
        words.pop()
    return [word for word in words if word.casefold().strip(".") not in TITLES]


def fold(text: str) -> str:
    """Return the text in small letters, without accents, apostrophes and full stops."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in parts if not unicodedata.combining(char))
    return " ".join(re.sub(r"[.,'’‘\x00]", "", letters).split())


def make_given_key(name: str) -> str:
    """Return the key that begins with the given name: “sian pemberton”."""
    return " ".join(_fold_words(name))[:MAX_KEY_CHARS]


def make_family_key(name: str) -> str:
    """Return the key that begins with the last word: “pemberton sian”."""
    words = _fold_words(name)
    return " ".join([*words[-1:], *words[:-1]])[:MAX_KEY_CHARS]


def _fold_words(name: str) -> list[str]:
    words = map(fold, split_name(name) or name.split())
    return [word for word in words if word]
