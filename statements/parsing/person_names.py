"""Tell whether words can be the name of a person.

Where it is not plain that they can, the answer is no: a name that is not recognised stays in its
line, and a wrong one would put words into somebody's mouth.
"""

import re

from organisations.name_words import (
    ORGANISATION_WORDS,
    OTHER_WORDS,
    PARTICLES,
    POST_NOMINALS,
    ROLE,
    TITLES_BEFORE_NAMES,
)

NAME_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\.?)")
CONTRACTION = re.compile(r"[’'](?:s|m|re|ve|ll|d|t)?$")
MAX_CERTAIN_WORDS = 2  # "Mayor’s Aide Bob Sample" may be more than a name; it needs a title then
MAX_NAME_WORDS = 4  # without titles, particles and letters after the name


def split_titles(text: str) -> tuple[list[str], list[str]]:
    """Return the titles before a name, and the other words without letters after it."""
    words = text.replace("(", " ").replace(")", " ").split()
    start = 0
    while start < len(words) and words[start].casefold().strip(".") in TITLES_BEFORE_NAMES:
        start += 1
    end = len(words)
    while end > start + 1 and POST_NOMINALS.match(words[end - 1]):
        end -= 1
    return words[:start], words[start:end]


def is_full_name(text: str) -> bool:
    """Say whether this can only be a first name and a surname, with titles or without."""
    titles, words = split_titles(text)
    is_peer = bool(titles) and "of" in words
    names = [word for word in words if word.casefold() not in PARTICLES]
    if is_peer:
        names.remove("of")
    return 2 <= len(names) <= MAX_NAME_WORDS and all(map(_is_name_word, names))


def is_long_name(name: str) -> bool:
    """Say whether a full name without a title has more words than a first name and a surname."""
    titles, words = split_titles(name)
    names = [word for word in words if word.casefold() not in PARTICLES and not _is_initial(word)]
    return not titles and len(names) > MAX_CERTAIN_WORDS


def _is_initial(word: str) -> bool:
    return len(word.strip(".")) == 1


def is_part_of_name(text: str) -> bool:
    """Say whether this can be a surname or a first name alone, as in “Mr Hill” and “Kim”."""
    _, words = split_titles(text)
    names = [word for word in words if word.casefold() not in PARTICLES]
    return len(names) == 1 and _is_name_word(names[0])


def is_name_without_capitals(text: str) -> bool:
    """Say whether this can be a name in a script that does not mark names, such as Arabic."""
    words = text.split()
    return 1 <= len(words) <= MAX_NAME_WORDS and all(
        word.isalpha() and word.upper() == word.lower() for word in words
    )


def _is_name_word(word: str) -> bool:
    folded = word.casefold().strip(".")
    return (
        NAME_WORD.fullmatch(word) is not None
        and word[0].isupper()
        and not (len(word) > 2 and word.isupper())  # an abbreviation, or a line in capitals
        and not ROLE.fullmatch(word)
        and not CONTRACTION.search(folded)
        and folded not in ORGANISATION_WORDS
        and folded not in OTHER_WORDS
    )
