"""Typed values from a request: the signed-in user, and numbers that may be nonsense."""

from django.contrib.auth.models import User
from django.http import HttpRequest

MAX_NUMBER_DIGITS = 18
"""Fits in 64 bits, which is what both databases store and compare."""

MAX_SEARCH_WORDS = 40
"""Each word is a condition of the query; SQLite refuses a query with a thousand."""


def get_user(request: HttpRequest) -> User:
    """Return the signed-in user; the admin site lets nobody else reach a view."""
    user = request.user
    assert isinstance(user, User), "The admin site asks everybody to sign in first."
    return user


def parse_number(text: str | None) -> int | None:
    """Return the whole number that a form or URL holds, or None if it holds none."""
    is_number = text and text.isascii() and text.isdecimal() and len(text) <= MAX_NUMBER_DIGITS
    return int(text) if text and is_number else None


def clean_search(text: str) -> str:
    """Return the words that a search of the newsdesk looks for, as a database can take them."""
    return " ".join(text.replace("\0", " ").split()[:MAX_SEARCH_WORDS])
