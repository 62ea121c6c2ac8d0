"""Security headers, the address of the client, and a filter for the log."""

import logging
import re
from collections.abc import Callable
from ipaddress import ip_address

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

SECRET_TOKEN = re.compile(r"(/preview/|/set-password/[^/\s]+/)[^/\s?\"']+")
CALENDAR_KEY = re.compile(r"(/admin/calendar/)[^/\s?\"']+(\.ics)")
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)


def is_staff_page(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Set the public content security policy, or the newsdesk's under /admin/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.public_policy = build_policy()  # the same for every page

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if is_staff_page(request) or settings.DEBUG:  # Django's error pages need it
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.public_policy)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if is_staff_page(request) and parts.config is None and not report_only:
            parts.config = settings.STAFF_CONTENT_SECURITY_POLICY
        return parts


class SecurityHeadersMiddleware:
    """Set headers that Django has no setting for, and its own on responses to a refused host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if is_staff_page(request):
            response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address, or None if it is unknown.

    Behind a proxy it is the last entry of X-Forwarded-For, which the proxy adds. A client can forge
    the entries before it.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return None


class RedactPreviewTokens(logging.Filter):
    """Replace the secret token of a preview, password link or feed in log lines by “…”."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/preview/" in message or "/set-password/" in message:
            record.msg, record.args = SECRET_TOKEN.sub(r"\1…", message), ()
        elif "/admin/calendar/" in message:
            record.msg, record.args = CALENDAR_KEY.sub(r"\1…\2", message), ()
        return True
