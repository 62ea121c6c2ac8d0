"""Serve files by a bare Django view, to compare the site with.

BARE_PAGES names a folder of pages; /<name> returns one of them. No middleware, no database.
"""

import os
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[],
    USE_TZ=True,
)


@cache
def read_page(name: str) -> bytes:
    return (Path(os.environ["BARE_PAGES"]) / name).read_bytes()


def serve_page(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(read_page(name), content_type="text/html; charset=utf-8")


urlpatterns = [path("<str:name>", serve_page)]
application = get_wsgi_application()
