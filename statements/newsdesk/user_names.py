"""The name that the newsdesk shows for a user."""

from django.contrib.auth.models import User


def get_display_name(user: User) -> str:
    """Return the full name, or the username of somebody who has given none."""
    return user.get_full_name() or user.get_username()
