"""Tell people from organisations by the shape of a name, where the shape is enough."""

import re

from organisations.name_words import (
    LETTERS_AFTER_NAME,
    ORGANISATION_WORD,
    PARTICLES,
    ROLE,
    TITLES_OF_PEOPLE,
)

RIGHT_HONOURABLE = re.compile(
    r"^(?:the )?(?:rt\.?|right) hon(?:\.|ourable)?\s+(?=\w)", re.IGNORECASE
)
OFFICES = frozenset(
    "chancellor mayor advocate provost lieutenant chief justice president speaker privy".split()
)  # the Lord Chancellor is no Mr Chancellor
ACRONYM = re.compile(r"[A-Z][A-Z&]{2,9}")
OTHER_ROLE = re.compile(r"\b(?:CEO|CFO|COO|CTO|MD)\b")
PART_OF_ORGANISATION = re.compile(
    r"\b(?:services?|teams?|units?|departments?|divisions?)$", re.IGNORECASE
)
LINKS = frozenset("for and & of the für und et des du y e i och".split())
MAX_LINK_CHARS = 4
MIN_COMPOUND_CHARS = 8
"""“Hafenamt” is a name, and “Office” is none."""


def has_organisation_word(name: str) -> bool:
    return bool(ORGANISATION_WORD.search(name))


def is_open_ended(name: str) -> bool:
    """Return whether the name has a complement that “and” could continue: Department for Work."""
    return any(word.islower() and word.isalpha() for word in name.split()[1:-1])


def is_titled(name: str) -> bool:
    """Return whether a title before the name or letters after it show a person."""
    bare = RIGHT_HONOURABLE.sub("", name)
    words = bare.split()
    if not words or has_organisation_word(name) or "’s" in name or "'s" in name:
        return False
    if bare != name:
        return is_name_like(words)
    if words[0].casefold().strip(".") in TITLES_OF_PEOPLE:
        return len(words) > 1 and words[1].casefold() not in OFFICES and is_name_like(words[1:])
    names = [word for word in words if word.strip(",") not in LETTERS_AFTER_NAME]
    return 2 <= len(names) < len(words) and words[-1] in LETTERS_AFTER_NAME and is_name_like(names)


def is_organisation_shaped(name: str) -> bool:
    """Return whether the words of a whole name show that it is not that of a person.

    “Natural England” could be one, and so could “Ofsted”: only a word such as “office”, an acronym
    beside other words, or a link such as “of” shows an organisation.
    """
    name = re.sub(r"\([^()]*\)", " ", name)
    words = name.split()
    if not words or words[0][:1].islower() or re.search(r"@|://|[.?!:]$", name):
        return False
    if any(word.islower() and len(word) > MAX_LINK_CHARS for word in words):
        return False
    if has_organisation_word(name):
        return len(words) > 1 or not words[0].isascii() or len(name) >= MIN_COMPOUND_CHARS
    has_acronym = any(word.isupper() and len(word) > 1 and word.isalpha() for word in words)
    is_mixed = has_acronym and not name.isupper() and words[-1] not in LETTERS_AFTER_NAME
    has_link = any(word in LINKS for word in words[1:-1])
    return len(words) > 1 and (is_mixed or has_link)


def is_named_organisation(name: str, in_text: str = "") -> bool:
    """Return whether a name that follows “Chair of” says by itself that it is an organisation.

    “Science and Trade” may be what the chair is responsible for, and so may “Waste Services”: a
    word such as “office” is needed, a lone acronym, or for services an article in `in_text`.
    """
    if ROLE.search(name) or OTHER_ROLE.search(name):
        return False
    if PART_OF_ORGANISATION.search(name) and not in_text.startswith("the "):
        return False
    is_named = has_organisation_word(name) and is_organisation_shaped(name)
    return bool(ACRONYM.fullmatch(name)) or is_named


def has_organisation_in_role(role: str) -> bool:
    """Return whether a role names an organisation itself: chair of the Farming [, Food Network]."""
    return bool(re.search(r" (?:of|at|for) the ", role))


def is_person_shaped(name: str) -> bool:
    """Return whether the words could be first names and a surname."""
    words = name.split()
    return len(words) > 1 and is_name_like(words) and not has_organisation_word(name)


def is_name_like(words: list[str]) -> bool:
    """Return whether each word has a capital, is a particle, or is of a script without capitals."""
    return all(
        word.casefold() in PARTICLES
        or word == "of"
        or (
            re.match(r"[(‘“]?[^\W\d_]", word)
            and not word[:1].islower()
            and not re.search(r"[\d&:;!?]", word)
        )
        for word in words
    )
