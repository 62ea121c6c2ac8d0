"""The name and the initials that the newsdesk shows for a user."""

from django.contrib.auth.models import User


def get_display_name(user: User) -> str:
    """Return the full name, or the username of somebody who has given none."""
    return user.get_full_name() or user.get_username()


def get_initials(user: User) -> str:
    """Return the first letters of the first and the last name, or of the username alone."""
    return make_initials(get_display_name(user))


def make_initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    names = name.split()
    letters = names[0][0] + (names[-1][0] if len(names) > 1 else "")
    return letters.upper()
