"""Compare the names of people: titles, letters after the name, short forms."""

import re

from statements.drafting.matching import name_key
from statements.parsing.person_names import HONORIFICS, POST_NOMINALS

RANKS = frozenset(
    "sheriff justice judge magistrate captain capt colonel col general gen major maj lieutenant lt "
    "corporal sergeant sgt admiral commander brigadier commodore marshal constable pc inspector "
    "superintendent officer agent senator sen congressman congresswoman representative rep "
    "governor gov president vice chancellor minister secretary deputy mayor alderman ambassador "
    "attorney solicitor director chair chairman chairwoman chairperson chief leader father sister "
    "brother pastor rabbi imam sheikh king queen prince princess duke duchess count countess pope "
    "cardinal archbishop viscount viscountess earl herr frau mme mlle monsieur madame señor "
    "señora sr sra ministre ministro ministra minister ministerin präsident président presidente "
    "spokesman spokeswoman spokesperson detective special".split()
)
"""Before a surname alone they make no full name: Sheriff Johnson, President Model."""
TITLES = HONORIFICS | {"the", "right", "honourable"} | RANKS
MIN_NAME_CHARS = 2
TITLES_OF_MEN = {"mr", "sir", "lord", "baron"}
TITLES_OF_WOMEN = {"mrs", "ms", "miss", "dame", "lady", "baroness"}


def strip_titles(name: str) -> str:
    """Return a person's name without titles before it and letters after it."""
    return name_key(" ".join(_find_name_words(name) or name.split()))


def has_first_name_and_surname(name: str) -> bool:
    """Return whether it has two words at least, without titles and initials of first names."""
    words = _find_name_words(name)
    if name.upper() == name.lower():  # a script without capitals may not separate names
        return len(name) >= MIN_NAME_CHARS
    return len(words) > 1 and all(len(word.strip(".")) > 1 for word in (words[0], words[-1]))


def _find_name_words(name: str) -> list[str]:
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]):
        words.pop()
    return [word for word in words if word.casefold().strip(".") not in TITLES]


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
