"""Compare the names of people: titles, letters after the name, short forms."""

from organisations.name_keys import split_name
from organisations.name_words import TITLES, TITLES_OF_MEN, TITLES_OF_WOMEN
from statements.drafting.matching import name_key

MIN_NAME_CHARS = 2


def strip_titles(name: str) -> str:
    """Return a person's name without titles before it and letters after it."""
    return name_key(" ".join(split_name(name) or name.split()))


def has_first_name_and_surname(name: str) -> bool:
    """Return whether it has two words at least, without titles and initials of first names."""
    words = split_name(name)
    if name.upper() == name.lower():  # a script without capitals may not separate names
        return len(name) >= MIN_NAME_CHARS
    return len(words) > 1 and all(len(word.strip(".")) > 1 for word in (words[0], words[-1]))


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
