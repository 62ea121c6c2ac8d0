"""Make the last part of an address out of a name or a headline."""

from django.utils.text import slugify

MAX_SLUG_BASE_CHARS = 90  # columns hold 100: room for a number


def slug_base(text: str, *, default: str) -> str:
    """Return the text as an ASCII slug, before it is made unique."""
    return slugify(text)[:MAX_SLUG_BASE_CHARS].strip("-") or default
