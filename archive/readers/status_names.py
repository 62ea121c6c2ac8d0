"""Tell by its name what a field says about publishing (publicness.py has the names)."""

import re
import unicodedata
from functools import lru_cache

from archive.readers import publicness
from archive.readers.publicness import StatusKind

MAX_NAME_CHARS = 80
TIME_KINDS = (
    StatusKind.NEEDED,
    StatusKind.START,
    StatusKind.EMBARGO,
    StatusKind.END,
    StatusKind.BARRING,
)
"""Kinds of fields that may hold a time."""
KIND_BY_NAME = {
    name: kind for kind, names in publicness.NAMES_BY_KIND.items() for name in names.split()
}
TYPO3_TIMES = {"starttime": StatusKind.EMBARGO, "endtime": StatusKind.END}
"""As one word: the “end_time” of an event is none."""
_JOINED_NAME = re.compile(
    rf"(?:is|has|date)?(\w+?)({'|'.join(sorted(publicness.TIME_WORDS, key=len, reverse=True))})?"
)


def is_status_name(name: str) -> bool:
    return classify_name(name) is not None


@lru_cache(maxsize=4096)
def classify_path(path: str, *, exact_names: bool = False) -> StatusKind | None:
    """Classify the last name of a path; “author.status” is about something else."""
    outer, _, name = path.rpartition(".")
    if outer and not publicness.OTHER_SUBJECTS.isdisjoint(split_name(outer)):
        return None
    return classify_name(name or outer, exact_names=exact_names)


def is_status_path(path: str) -> bool:
    """Return whether a field of an item, perhaps in a wrapper, says whether the item is public."""
    outer, _, name = path.rpartition(".")
    is_inside = all(
        part.casefold() in publicness.WRAPPER_NAMES for part in outer.split(".") if part
    )
    return is_inside and is_status_name(name)


@lru_cache(maxsize=4096)
def classify_name(name: str, *, exact_names: bool = False) -> StatusKind | None:
    """Return what a field of that name says about publishing; None where it says nothing."""
    if name.casefold() in TYPO3_TIMES:
        return TYPO3_TIMES[name.casefold()]
    words = split_name(name[:MAX_NAME_CHARS])
    core = _without(words, publicness.NAME_FILLERS)
    timeless = _without(core, publicness.TIME_WORDS)
    reasonless = _without(timeless, publicness.REASON_WORDS)
    kind = (
        KIND_BY_NAME.get("".join(words))
        or KIND_BY_NAME.get("".join(core))
        or _look_up(timeless, TIME_KINDS)
        or _look_up(reasonless, (StatusKind.BARRING,))
        or (StatusKind.EMBARGO if {"embargo", "embargoed"} & set(words) else None)
    )
    if kind in (StatusKind.NEEDED, StatusKind.START) and words[-1] in publicness.END_WORDS:
        return StatusKind.END
    if kind or not words or words[0] in publicness.OTHER_SUBJECTS:
        return kind
    joined = _classify_joined(core[0]) if len(core) == 1 else None
    return joined or (None if exact_names else _classify_ending(words))


def squash_name(name: str) -> str:
    """Return the name in lower case, without separators and accents."""
    return "".join(split_name(name))


def _look_up(words: list[str], kinds: tuple[StatusKind, ...]) -> StatusKind | None:
    kind = KIND_BY_NAME.get("".join(words))
    return kind if kind in kinds else None


def _classify_joined(name: str) -> StatusKind | None:
    """Tell “ispublic”, “publishedat” and “poststatus”, written as one word."""
    if match := _JOINED_NAME.fullmatch(name):
        kind = KIND_BY_NAME.get(match[1])
        if kind and (kind in TIME_KINDS or not match[2]):
            return kind
    for ending in ("status", "visibility"):
        subject = name.removesuffix(ending)
        if subject != name and subject not in publicness.OTHER_SUBJECTS:
            return _classify_ending([subject, ending])
    return None


def _classify_ending(words: list[str]) -> StatusKind | None:
    kind = publicness.STATUS_ENDINGS.get(words[-1])
    is_approval = kind is not None and publicness.APPROVAL_WORDS & set(words)
    return StatusKind.APPROVAL if is_approval else kind


def is_password_name(name: str) -> bool:
    """Return whether a field holds a password, which is shown to nobody."""
    return split_name(name)[-1:] == ["password"]


def has_reason_words(name: str) -> bool:
    return not publicness.REASON_WORDS.isdisjoint(split_name(name))


def split_name(name: str) -> list[str]:
    """Split “postStatus”, “post_status” or “Post status” into its words, without accents."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", strip_accents(name))
    return re.findall(r"[^\W_]+", spaced.casefold())


def _without(words: list[str], others: frozenset[str]) -> list[str]:
    return [word for word in words if word not in others]


def strip_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
