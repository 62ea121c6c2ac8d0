"""Classify every route of the resolver: a new one has to be added here."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "",
    "statements/",
    "statements/<slug:slug>/",
    "statements/<slug:slug>.txt",
    "statements/<slug:slug>/editions/",
    "statements/<slug:slug>/editions/<int:number>/",
    "statements/<slug:slug>/editions/<int:number>/proof.json",
    "statements/<slug:slug>/editions/<int:number>/content.json",
    "corrections/",
    "about/accessibility/",
    "about/privacy/",
    "about/verification/",
    "archive/",
    "archive/<year:year>/",
    "archive/<year:year>/<month:month>/",
    "themes/",
    "themes/<slug:slug>/",
    "speakers/",
    "speakers/<slug:slug>/",
    "organisations/",
    "organisations/<slug:slug>/",
    "check/",
    "files/<slug:digest>/<str:name>",
    "sitemap.xml",
    "sitemap-<part:part>.xml",
    "news-sitemap.xml",
    "robots.txt",
    ".well-known/security.txt",
    ".well-known/on-the-record-keys.json",
    ".well-known/on-the-record-keys/<slug:key_id>.pem",
    ".well-known/on-the-record-keys/<slug:key_id>.sig",
    ".well-known/on-the-record-timestamp-authority.pem",
    *(f"seals/<int:number>/{name}" for name in ("seal.txt", "list.txt")),
    *(f"seals/<int:number>/{name}" for name in ("signature", "timestamp.tsr")),
    "feeds/statements.<form:form>",
    "themes/<slug:slug>/feed.<form:form>",
    "speakers/<slug:slug>/feed.<form:form>",
    "organisations/<slug:slug>/feed.<form:form>",
}
BY_TOKEN = {"preview/<slug:token>/", "preview/<slug:token>/<slug:digest>/<str:name>"}
"""Outside /admin/ and not public: the holder of the token reads one edition."""
OPERATORS = {"health/live", "health/ready"}
STAFF_PREFIX = "admin/"
SIGNING_IN = {
    "admin/login/",
    "admin/jsi18n/",
    "admin/logout/",
    "admin/set-password/<str:uidb64>/<str:token>/",
    "admin/calendar/<slug:key>.ics",
}


def iter_routes() -> Iterator[str]:
    yield from _iter_routes(get_resolver().url_patterns, "")


def _iter_routes(patterns, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from _iter_routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def public_urls(slug: str) -> list[str]:
    """Return each public address for one statement, in every form and with every filter."""
    return [
        *("/", "/statements/"),
        *(f"/statements/?{name}={value}" for name, values in FILTERS.items() for value in values),
        *(f"/?{name}={values[0]}" for name, values in FILTERS.items()),
        *(
            "/" + route.replace("<slug:slug>", slug).replace("<int:number>", str(number))
            for route in sorted(PUBLIC)
            if "<slug:slug>" in route and "<form:form>" not in route
            for number in ((1, 2, 3) if "<int:number>" in route else (1,))
        ),
        *profile_urls(),
    ]


def search_urls(word: str) -> list[str]:
    """Searches for a word, a slip in it, and what is public with it and without it."""
    slip = word[:3] + word[4:]  # canry, robns
    return [
        *(f"/?q={query}" for query in (word, slip, f'"{word}+headline"', f"{word}-theme", "pubic")),
        *(f"/?q={word}&{way}" for way in ("sort=relevance", "theme=shared", "kind=comment")),
        *(f"/?q=public+-{word}&{way}" for way in ("sort=relevance", "year=2044")),
        *(f"/?q=welcome+{other}" for other in (slip, "headline", "xylophone")),
        *("/?q=welcome&theme=shared", "/?theme=shared&speaker=dave-hill"),
    ]


def profile_urls() -> list[str]:
    """Pages of themes, speakers, bodies and times: the canary's own, those it shares, and lists."""
    dates = (
        "/corrections/",
        "/about/accessibility/",
        "/about/privacy/",
        "/about/verification/",
        "/archive/",
        "/archive/2044/",
        "/archive/2044/03/",
        "/archive/2044/06/",
        "/archive/1999/",
    )
    return [
        *dates,
        *(f"{address}?older=what-is-public" for address in dates),
        "/corrections/?older=20990101T000000.000000Z-0",
    ] + [
        address
        for what, names in PROFILE_SLUGS.items()
        for address in (
            f"/{what}/",
            f"/{what}/?from=canary",
            f"/{what}/?from=d",
            *(f"/{what}/{slug}/" for slug in names),
            *(
                f"/{what}/{slug}/?older={older}"
                for slug in names
                for older in ("canary", "what-is-public")
            ),
        )
    ]


PROFILE_SLUGS = {
    "themes": ("canary-theme", "shared"),
    "speakers": ("canary-speaker", "dave-hill"),
    "organisations": ("canary-body", "association-of-directors"),
}
FILTERS = {
    "theme": ("canary-theme", "shared", "canary"),
    "speaker": ("canary-speaker", "dave-hill", "canary"),
    "organisation": ("canary-body", "association-of-directors", "canary"),
    "kind": ("comment", "canary"),
    "year": ("2044", "2026", "canary"),
    "q": ("canary", "2044", "comment"),
    "older": ("canary", "what-is-public", "2044"),
    "newer": ("canary", "what-is-public", "2044"),
}


def machine_urls() -> list[str]:
    """What machines read: every feed in every form, of all, of what only the canary has, and of
    what it shares; sitemaps, with the months before, of and after the canary."""
    feeds = ["/feeds/statements"]
    feeds += [f"/{what}/{slug}/feed" for what, slugs in PROFILE_SLUGS.items() for slug in slugs]
    parts = ("pages", "2044-02", "2044-03", "2044-04")
    return [
        *(f"{feed}.{form}" for feed in feeds for form in ("rss", "atom", "json")),
        *(f"/sitemap-{part}.xml" for part in parts),
        *("/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/.well-known/security.txt"),
        "/.well-known/on-the-record-keys.json",
        *(f"/seals/{n}/{file}" for n in (1, 2) for file in ("seal.txt", "list.txt", "signature")),
    ]
