"""Addresses of the old site as paths that may lead on from here: local ones, and none of ours."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve

MAX_PATH_CHARS = 500
RESERVED_PREFIXES = ("/static/", "/admin/", "/health/", "/preview/", "/files/")
WORDPRESS_QUERY = re.compile(r"(?:p|page_id)=\d{1,12}")
"""What WordPress calls an item before anybody gives it an address; no page of ours is asked so."""
ROUTE_VARIABLE = re.compile(r"[<(\[\\^$?*+]")


def to_local_path(address: str) -> str | None:
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
    if path in ("", "/") and WORDPRESS_QUERY.fullmatch(parts.query):
        return f"/?{parts.query}"
    if path in ("", "/") or path.startswith("//") or any(ord(char) < 32 for char in path):
        return None
    path += f"?{parts.query}" if parts.query else ""
    return path if len(path) <= MAX_PATH_CHARS else None


def conflicts_with_site(path: str) -> bool:
    """Whether this path is answered by a page of ours, or could be one day."""
    bare, _, query = path.partition("?")
    if bare == "/":
        return not WORDPRESS_QUERY.fullmatch(query)
    with_slash = f"{bare.rstrip('/')}/"
    if not with_slash[1:].startswith(
        _list_site_prefixes()
    ):  # as most do; to resolve each would be slow
        return bare.startswith(RESERVED_PREFIXES)
    for tried in {bare, bare.rstrip("/"), with_slash}:
        try:
            resolve(tried or "/")
        except Resolver404:
            continue
        return True
    return bare.startswith(RESERVED_PREFIXES)


@cache
def _list_site_prefixes() -> tuple[str, ...]:
    """How our own addresses begin, each as far as it never varies; not the front page."""
    return tuple(dict.fromkeys(_iter_fixed_parts(get_resolver(), "")))


def _iter_fixed_parts(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        route = str(one.pattern)
        fixed = ROUTE_VARIABLE.split(route.removeprefix("^"), maxsplit=1)[0]
        if isinstance(one, URLResolver) and fixed == route:
            yield from _iter_fixed_parts(one, before + route)
        elif before or route:
            yield before + fixed
