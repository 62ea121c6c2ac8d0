"""Prepare each request of the staff side: one instant, and one look at the user's groups."""

import datetime as dt

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from statements import clock
from statements.roles import NEWSDESK, is_in_group


def prepare(request: HttpRequest) -> None:
    """Read the clock, and let the first question about the newsdesk answer the later ones."""
    on_newsdesk = SimpleLazyObject(lambda: is_in_group(request.user, NEWSDESK))
    request.at = clock.now()  # type: ignore[attr-defined]  # set here, for `get_time`
    request.on_newsdesk = on_newsdesk  # type: ignore[attr-defined]  # for `is_on_newsdesk`


def get_time(request: HttpRequest) -> dt.datetime:
    """Return the instant for everything that this request decides."""
    at: dt.datetime = request.at  # type: ignore[attr-defined]  # set by `prepare`
    return at


def is_on_newsdesk(request: HttpRequest) -> bool:
    """Return whether the user belongs to the newsdesk.

    The page of a failed CSRF check asks this too, and no admin view has prepared its request.
    """
    if hasattr(request, "on_newsdesk"):
        return bool(request.on_newsdesk)
    return is_in_group(request.user, NEWSDESK)


def get_nonce(request: HttpRequest) -> str:
    """Return the nonce that lets this page's own scripts run, from django-csp."""
    return str(request.csp_nonce)  # type: ignore[attr-defined]  # set by its middleware
