"""Sessions of the newsdesk, with an absolute time limit."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.security import is_staff_page
from statements import outages

STARTED_AT_KEY = "started_at"

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Store sessions in the database; an unchanged session only gets a new expiry date.

    A page sends several requests at once, and each one extends the session. One that read the
    session before another added a message would otherwise write the message away.
    """

    def save(self, must_create: bool = False) -> None:
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
            return
        row = self.model.objects.filter(session_key=self.session_key)
        if not row.update(expire_date=self.get_expiry_date()):
            raise UpdateError


class AdminSessionMiddleware(SessionMiddleware):
    """Use sessions under /admin/ only. Elsewhere read and set no cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_page(request):
            super().process_request(request)
        else:
            request.session = self.SessionStore(None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Extend the session, except for a request that a page made by itself.

        By now the page is ready, and what it decided is saved. So if the database cannot be written
        to, the page is sent all the same; but nobody is signed in without a session.
        """
        if not is_staff_page(request) or getattr(request, "unattended", False):
            return response
        if request.session.session_key != request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return super().process_response(request, response)  # the session has just begun
        try:
            with outages.wait_briefly():
                return super().process_response(request, response)
        except Error as error:
            if not outages.describe_outage(error):
                raise
            logger.warning("A session was not extended: %s", error)
            return response


class AbsoluteSessionTimeout:
    """Sign out users after SESSION_ABSOLUTE_AGE, even if they are active."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Reading request.user on a public page would add “Vary: Cookie”.
        if is_staff_page(request) and request.user.is_authenticated:
            log_out_if_expired(request, at=timezone.now())
        return self.get_response(request)


def log_out_if_expired(request: HttpRequest, *, at: datetime) -> None:
    started_at = datetime.fromisoformat(request.session.setdefault(STARTED_AT_KEY, at.isoformat()))
    if at - started_at >= settings.SESSION_ABSOLUTE_AGE:
        logger.info("Signed out user %s: the session reached its maximum age", request.user.pk)
        logout(request)
