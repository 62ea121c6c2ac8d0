"""What every answer tells the browser to refuse, and whom a request came from."""

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

PREVIEW_TOKEN = re.compile(r"(/preview/)[^/\s?\"']+")
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)


def is_staff_page(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The public policy, and under /admin/ the one that lets the newsdesk do its work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.public_policy = build_policy()  # the same for every page, so it is written once

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if is_staff_page(request) or settings.DEBUG:  # where Django's own pages explain an error
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
    """The headers that Django has no setting for, and its own where it refused a host before
    setting them."""

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
    """Whom the one proxy in front saw, where there is one; else who is connected; None if unknown.

    A proxy adds what it saw at the end of X-Forwarded-For; what stands before is the client's word.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return None


class RedactPreviewTokens(logging.Filter):
    """The address of a preview is its key: a line of the log says /preview/… and no more."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/preview/" in said:
            record.msg, record.args = PREVIEW_TOKEN.sub(r"\1…", said), ()
        return True
