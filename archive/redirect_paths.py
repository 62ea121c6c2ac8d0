"""Addresses of the old site as paths that may lead on from here: local ones, and none of ours."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve

LONGEST_PATH = 500
NEVER = ("/static/", "/admin/", "/health/", "/preview/", "/files/")
OF_WORDPRESS = re.compile(r"(?:p|page_id)=\d{1,12}")
"""What WordPress calls an item before anybody gives it an address; no page of ours is asked so."""
VARIES = re.compile(r"[<(\[\\^$?*+]")


def local_path(address: str) -> str | None:
    """Path and query of an address, as a browser asks for it; None where there is none to keep."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if (
        (parts.netloc and not parts.scheme)
        or parts.scheme not in ("", "http", "https")
        or (not parts.scheme and not parts.path.startswith("/"))
    ):
        return None
    path = unquote(parts.path)
    if path in ("", "/") and OF_WORDPRESS.fullmatch(parts.query):
        return f"/?{parts.query}"
    if path in ("", "/") or path.startswith("//") or any(ord(char) < 32 for char in path):
        return None
    path += f"?{parts.query}" if parts.query else ""
    return path if len(path) <= LONGEST_PATH else None


def shadows(path: str) -> bool:
    """Whether this path is answered by a page of ours, or could be one day."""
    bare, _, query = path.partition("?")
    if bare == "/":
        return not OF_WORDPRESS.fullmatch(query)
    with_slash = f"{bare.rstrip('/')}/"
    if not with_slash[1:].startswith(_beginnings()):  # as most do; to resolve each would be slow
        return bare.startswith(NEVER)
    for tried in {bare, bare.rstrip("/"), with_slash}:
        try:
            resolve(tried or "/")
        except Resolver404:
            continue
        return True
    return bare.startswith(NEVER)


@cache
def _beginnings() -> tuple[str, ...]:
    """How our own addresses begin, each as far as it never varies; not the front page."""
    return tuple(dict.fromkeys(_fixed_parts(get_resolver(), "")))


def _fixed_parts(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = str(one.pattern)
        fixed = VARIES.split(route.removeprefix("^"), maxsplit=1)[0]
        if isinstance(one, URLResolver) and fixed == route:
            yield from _fixed_parts(one, before + route)
        elif before or route:
            yield before + fixed
