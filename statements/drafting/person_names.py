"""Compare the names of people: titles, letters after the name, short forms."""

import re

from statements.drafting.matching import name_key
from statements.parsing.attribution import HONORIFICS, POST_NOMINALS

TITLES = HONORIFICS | {"the", "right", "honourable"}
TITLES_OF_MEN = {"mr", "sir", "lord", "baron"}
TITLES_OF_WOMEN = {"mrs", "ms", "miss", "dame", "lady", "baroness"}


def strip_titles(name: str) -> str:
    """Return a person's name without titles before it and letters after it."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]):
        words.pop()
    name_words = [word for word in words if word.casefold().strip(".") not in TITLES]
    return name_key(" ".join(name_words or words))


def is_full_name(name: str) -> bool:
    """Return whether it has two words at least, without titles and initials of first names."""
    words = strip_titles(name).split()
    if name.upper() == name.lower():  # a script without capitals may not separate names
        return len(name) >= 2
    return len(words) > 1 and len(words[-1].strip(".")) > 1 and len(words[0].strip(".")) > 1


def have_other_titles(name: str, other: str) -> bool:
    """Return whether the titles cannot be those of one person: Mr and Mrs John Smith."""
    titles, other_titles = _find_titles(name), _find_titles(other)
    return any(
        titles & men and other_titles & women
        for men, women in ((TITLES_OF_MEN, TITLES_OF_WOMEN), (TITLES_OF_WOMEN, TITLES_OF_MEN))
    )


def is_similar_name(name: str, other: str) -> bool:
    """Return whether surnames are equal and first names could be each other's short form."""
    words, other_words = name.split(), other.split()
    if len(words) < 2 or len(other_words) < 2 or words[-1] != other_words[-1]:
        return False
    first, other_first = words[0].strip("."), other_words[0].strip(".")
    return first.startswith(other_first) or other_first.startswith(first)


def _find_titles(name: str) -> set[str]:
    return {word.strip(".,") for word in name.casefold().split()} & TITLES
