"""Split “Foreign & Commonwealth Office and The Rt Hon William Hague” into its names.

Names of organisations contain commas and “and” themselves. So known names come first, then pieces
that can be a name alone; any other piece stays with its neighbour.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from statements.parsing.attribution import HONORIFICS, POST_NOMINALS

SEPARATOR = re.compile(r"(,? and |, |; )")
OPEN_ENDED_NAME = re.compile(
    r"^(?:the )?(?:department|ministry|office|board|committee|commission|centre|institute|agency"
    r"|secretary of state)\b.*\b(?:for|of)\b",
    re.IGNORECASE,
)
ORGANISATION_WORD = re.compile(
    r"\b(?:agency|authority|office|commission|committee|council|service|services|department"
    r"|ministry|board|inspectorate|executive|treasury|museum|university|college|trust|fund|bureau"
    r"|tribunal|court|court service|police|force|forces|navy|army|force|unit|team|group|panel"
    r"|embassy|consulate|mission|government|bank|institute|association|society|foundation|union"
    r"|centre|company|ltd|limited|plc|ombudsman|regulator|number 10|no 10|street|revenue & customs"
    r"|house)\b|^(?:HM|UK|GB)\b|^[A-Z]{2,}$",
    re.IGNORECASE,
)
PERSON_TITLE = re.compile(
    r"^(?:the )?(?:rt|right|sir|dame|lord|lady|baroness|baron|viscount|earl)\b", re.IGNORECASE
)

MIN_REPEATS = 3


@dataclass(frozen=True)
class Issuer:
    """One name out of several; `is_doubtful` where another split would have been as good."""

    name: str
    is_person: bool
    is_doubtful: bool = False


def split_issuers(
    text: str, *, is_organisation: Callable[[str], bool], is_known_person: Callable[[str], bool]
) -> list[Issuer]:
    """Return every name in the text, in order, without losing a word."""
    pieces = SEPARATOR.split(" ".join(text.split()))
    names, joints = pieces[::2], pieces[1::2]
    issuers: list[Issuer] = []
    start = 0
    while start < len(names):
        end = _find_known_end(names, joints, start, is_organisation)
        if end is None:
            end = _find_whole_end(names, start, is_known_person)
            name, doubtful = _join_pieces(names, joints, start, end), end > start + 1
        else:
            name, doubtful = _join_pieces(names, joints, start, end), False
        person = not is_organisation(name) and (is_known_person(name) or is_person(name))
        issuers.append(Issuer(name, person, doubtful and not person))
        start = end
    return [issuer for issuer in issuers if issuer.name]


def find_organisation_names(texts: Counter[str]) -> set[str]:
    """Return the texts that name one organisation: unsplittable, or too frequent for chance."""
    return {
        text
        for text, times in texts.items()
        if not is_person(text) and (times >= MIN_REPEATS or not SEPARATOR.search(text))
    } - {text for text in texts if _contains_person(text)}


def _contains_person(text: str) -> bool:
    return any(is_person(piece) for piece in SEPARATOR.split(text)[::2])


def is_person(name: str) -> bool:
    words = name.split()
    if PERSON_TITLE.match(name) or (words and words[0].casefold().strip(".") in HONORIFICS):
        return True
    return (
        len(words) > 2
        and bool(POST_NOMINALS.match(words[-1]))
        and not ORGANISATION_WORD.search(name)
    )


def _join_pieces(names: list[str], joints: list[str], start: int, end: int) -> str:
    parts = [names[start]]
    for place in range(start + 1, end):
        parts += [joints[place - 1], names[place]]
    return "".join(parts).strip(" ,;")


def _find_known_end(
    names: list[str], joints: list[str], start: int, is_organisation: Callable[[str], bool]
) -> int | None:
    """Return the end of the longest run of pieces that names a known organisation."""
    for end in range(len(names), start, -1):
        if is_organisation(_join_pieces(names, joints, start, end)):
            return end
    return None


def _find_whole_end(names: list[str], start: int, is_known_person: Callable[[str], bool]) -> int:
    """Return the end of a whole name: neither “Foreign” nor “Food & Rural Affairs” is one."""

    def stands_alone(place: int) -> bool:
        piece = names[place]
        return is_person(piece) or is_known_person(piece) or bool(ORGANISATION_WORD.search(piece))

    end = start + 1
    if is_person(names[start]) or is_known_person(names[start]):
        return end
    if not ORGANISATION_WORD.search(names[start]):
        while end < len(names) and not is_person(names[end]):
            end += 1
            if ORGANISATION_WORD.search(names[end - 1]):
                break
        return end
    if OPEN_ENDED_NAME.match(names[start]):
        while end < len(names) and not stands_alone(end):
            end += 1
    return end
