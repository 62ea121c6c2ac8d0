"""The end of a session that is never idle."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

STARTED_AT = "started_at"


class EndLongSessions:
    """Sign out whoever has been signed in for SESSION_LONGEST, however busy they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only where a session came along: asking for the user of a public page would cost a query
        # and mark the answer as varying by cookie.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            end_if_long(request, at=timezone.now())
        return self.get_response(request)


def end_if_long(request: HttpRequest, *, at: datetime) -> None:
    started_at = datetime.fromisoformat(request.session.setdefault(STARTED_AT, at.isoformat()))
    if at - started_at >= settings.SESSION_LONGEST:
        logout(request)
