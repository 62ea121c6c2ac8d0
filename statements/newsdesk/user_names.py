"""The name and the initials that the newsdesk shows for a user, and a user name from a name."""

import itertools
import re
import unicodedata

from django.contrib.auth.models import User
from django.db.models import QuerySet

from statements.roles import NEWSDESK

MAX_PART_CHARS = 60


def get_display_name(user: User) -> str:
    """Return the full name, or the username of somebody who has given none."""
    return user.get_full_name() or user.get_username()


def get_first_name(user: User) -> str:
    """Return the first name, or the username of somebody who has given none."""
    return user.first_name or user.get_username()


def get_initials(user: User) -> str:
    """Return the first letters of the first and the last name, or of the username alone."""
    return make_initials(get_display_name(user))


def make_initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    names = name.split()
    letters = names[0][0] + (names[-1][0] if len(names) > 1 else "")
    return letters.upper()


def find_colleagues(user: User) -> QuerySet[User]:
    """Return everybody else who is on the newsdesk, in the order in which they joined it."""
    people = User.objects.filter(groups__name__in=NEWSDESK, is_active=True).exclude(pk=user.pk)
    return people.order_by("pk").distinct()


def make_username(name: str, *, fallback: str) -> str:
    """Return the first word of a name in plain letters: “Zoë Okafor” is zoe."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9.-]", " ", letters).split()
    return words[0][:MAX_PART_CHARS] if words else fallback


def find_free_username(first_name: str, last_name: str, email: str) -> str:
    """Return a user name that nobody has, made from the name or from the email address."""
    mailbox = make_username(email.partition("@")[0], fallback="user")
    first = make_username(first_name, fallback=mailbox)
    last = make_username(last_name, fallback=mailbox)
    numbered = (f"{first}{number}" for number in itertools.count(2))
    names = itertools.chain([first, f"{first}.{last}"], numbered)
    return next(name for name in names if not is_username_taken(name))


def is_username_taken(username: str) -> bool:
    """Return whether somebody has this user name, in any capitals."""
    return User.objects.filter(username__iexact=username).exists()
