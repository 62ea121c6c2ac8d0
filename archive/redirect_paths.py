"""Turn URLs of the old site into local paths to redirect, unless this site uses them itself."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, URLResolver, get_resolver, resolve

from statements.content.slugs import slug_base

MAX_PATH_CHARS = 500
RESERVED_PREFIXES = ("/static/", "/admin/", "/health/", "/preview/", "/files/")
WORDPRESS_QUERY = re.compile(r"(?:p|page_id)=\d{1,12}")
"""WordPress addresses an item like this before it has a permalink; this site never does."""
SOURCE_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+|[a-z]{4,}")
MIN_SLUG_SHARE = 0.5
ROUTE_VARIABLE = re.compile(r"[<(\[\\^$?*+]")


def to_local_path(url: str) -> str | None:
    """Return path and query of a URL as a browser requests it; None where there is none."""
    try:
        parts = urlsplit(url.strip())
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
    """Return whether this site uses the path, or reserves it."""
    bare, _, query = path.partition("?")
    if bare == "/":
        return not WORDPRESS_QUERY.fullmatch(query)
    with_slash = f"{bare.rstrip('/')}/"
    # Most paths differ in their first letters, and resolving each path would be slow.
    if not with_slash[1:].startswith(_list_site_prefixes()):
        return bare.startswith(RESERVED_PREFIXES)
    for variant in {bare, bare.rstrip("/"), with_slash}:
        try:
            resolve(variant or "/")
        except Resolver404:
            continue
        return True
    return bare.startswith(RESERVED_PREFIXES)


@cache
def _list_site_prefixes() -> tuple[str, ...]:
    """Return how the site's own paths begin, up to their first variable; not the home page."""
    return tuple(dict.fromkeys(_iter_fixed_parts(get_resolver(), "")))


def _iter_fixed_parts(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        fixed = ROUTE_VARIABLE.split(route.removeprefix("^"), maxsplit=1)[0]
        if isinstance(pattern, URLResolver) and fixed == route:
            yield from _iter_fixed_parts(pattern, before + route)
        elif before or route:
            yield before + fixed


def choose_source_slug(headline: str, urls: Iterable[str]) -> str:
    """Return the slug of the old address for a headline that makes none in ASCII, else ""."""
    letters = sum(map(str.isalpha, headline))
    own = sum(map(str.isalpha, slug_base(headline, default="")))
    if own >= MIN_SLUG_SHARE * letters:
        return ""
    for url in urls:
        last = (to_local_path(url) or "").partition("?")[0].rstrip("/").rpartition("/")[2]
        slug = re.sub(r"\.(?:html?|php|aspx?)$", "", last.casefold())
        if SOURCE_SLUG.fullmatch(slug):
            return slug_base(slug.replace("_", "-"), default="")
    return ""
