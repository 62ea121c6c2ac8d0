"""Sessions: for the newsdesk alone, and with an end even when they are never idle."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.security import is_staff_page

STARTED_AT_KEY = "started_at"


class SessionStore(db.SessionStore):
    """Sessions in the database; whoever changed nothing of one writes nothing over.

    A form asks several things at a time, and every answer prolongs the session. One that had read
    it before a save left its sentence there would, written whole, take that sentence away again.
    """

    def save(self, must_create: bool = False) -> None:
        if must_create or self.modified or self.session_key is None:
            super().save(must_create)
            return
        row = self.model.objects.filter(session_key=self.session_key)
        if not row.update(expire_date=self.get_expiry_date()):
            raise UpdateError


class AdminSessionMiddleware(SessionMiddleware):
    """Sessions under /admin/. Elsewhere a cookie is neither read nor set, whoever sends one."""

    def process_request(self, request: HttpRequest) -> None:
        if is_staff_page(request):
            super().process_request(request)
        else:
            request.session = self.SessionStore(None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A request that a page made by itself prolongs nothing: its person may be gone."""
        if not is_staff_page(request) or getattr(request, "unattended", False):
            return response
        return super().process_response(request, response)


class AbsoluteSessionTimeout:
    """Sign out whoever has been signed in for SESSION_ABSOLUTE_AGE, however busy they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only there: asking for the user of a public page would mark it as varying by cookie.
        if is_staff_page(request) and request.user.is_authenticated:
            log_out_if_expired(request, at=timezone.now())
        return self.get_response(request)


def log_out_if_expired(request: HttpRequest, *, at: datetime) -> None:
    started_at = datetime.fromisoformat(request.session.setdefault(STARTED_AT_KEY, at.isoformat()))
    if at - started_at >= settings.SESSION_ABSOLUTE_AGE:
        logout(request)
