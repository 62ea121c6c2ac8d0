"""What the top bar says of the person who is signed in, and which menus it has for them."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User

from statements.newsdesk.user_names import get_display_name, get_initials

PEOPLE_PERMISSIONS = (
    "organisations.view_speaker",
    "organisations.view_organisation",
    "organisations.view_contact",
    "statements.view_theme",
)
SET_UP_PERMISSIONS = (
    "auth.view_user",
    "statements.view_stylerule",
    "statements.view_sensitiveperiod",
    "statements.view_sitepage",
)


@dataclass(frozen=True)
class Account:
    """A menu shows only what its person can open; without anything there is no menu."""

    name: str
    initials: str
    has_people_menu: bool
    has_set_up_menu: bool


def describe_account(user: User | AnonymousUser) -> Account | None:
    """Return the account of the top bar, or None while nobody is signed in."""
    if not isinstance(user, User):
        return None
    return Account(
        name=get_display_name(user),
        initials=get_initials(user),
        has_people_menu=any(map(user.has_perm, PEOPLE_PERMISSIONS)),
        has_set_up_menu=any(map(user.has_perm, SET_UP_PERMISSIONS)),
    )
