"""Write counts and names in the messages of converters."""

from collections.abc import Iterable


def format_count(number: int, singular: str, plural: str = "") -> str:
    return f"1 {singular}" if number == 1 else f"{number:,} {plural or singular + 's'}"


def format_authors(names: Iterable[str]) -> str:
    """Return “ (by Ann, Bob)”, or "" where nobody is named."""
    people = list(dict.fromkeys(names))
    listed = ", ".join(people[:5]) + (" and others" if len(people) > 5 else "")
    return f" (by {listed})" if listed else ""
