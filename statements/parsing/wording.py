"""Write the messages of converters: what was changed, left out or put elsewhere."""

from collections.abc import Iterable

STRUCK, HIDDEN = "It was struck through.", "It was hidden in the document."
REMOVED_WORDS = {
    STRUCK: "Struck-through words were left out; they are under “Left out of the draft”.",
    HIDDEN: "Hidden words were left out; they are under “Left out of the draft”.",
}
"""The reason of a leftover to the message about all of them."""


def describe_removed_words(leftovers: Iterable[tuple[str, str]]) -> list[str]:
    reasons = dict.fromkeys(reason for _, reason in leftovers)
    return [REMOVED_WORDS[reason] for reason in reasons if reason in REMOVED_WORDS]


def format_count(number: int, singular: str, plural: str = "") -> str:
    return f"1 {singular}" if number == 1 else f"{number:,} {plural or singular + 's'}"


def format_authors(names: Iterable[str]) -> str:
    """Return “ (by Ann, Bob)”, or "" where nobody is named."""
    people = list(dict.fromkeys(names))
    listed = ", ".join(people[:5]) + (" and others" if len(people) > 5 else "")
    return f" (by {listed})" if listed else ""


def describe_notes(count: int, kind: str) -> list[str]:
    were = "was" if count == 1 else "were"
    return [
        f"{format_count(count, kind)} {were} taken out of the words and kept under “Left out of "
        "the draft”: put into the notes to editors what readers need."
    ][: min(count, 1)]


def describe_tables(count: int) -> list[str]:
    return [f"{format_count(count, 'table')}: read the words in it again."] if count else []


def describe_pictures(count: int) -> list[str]:
    were, them = ("was", "it") if count == 1 else ("were", "them")
    return [
        f"{format_count(count, 'picture')} {were} left out: attach {them} to the statement, with a "
        "description."
    ][: min(count, 1)]
