"""Every public response, whatever its status, has the same headers and no cookie."""

import pytest
from django.db import transaction
from django.test import Client

from statements import workflow
from statements.audit import seals
from statements.integrity import key_rotation
from statements.models import Seal, Theme
from statements.public.views import statement
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import attach_file
from tests.whole_site.routes import PUBLIC

SITE = "statements.example.org"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}
COMMON = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FEED = COMMON | {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FILE = COMMON | {
    "Content-Security-Policy": {"default-src 'none'", "sandbox"},
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def read_headers(response) -> dict:
    """Return the security headers of a response, and its cookies if there are any."""
    said = {name: response[name] for name in FEED if name in response}
    if policy := said.get("Content-Security-Policy"):
        said["Content-Security-Policy"] = {part.strip() for part in policy.split(";")}
    return said | dict(response.cookies)


@pytest.fixture
def site(settings, frozen) -> Client:
    """A reader of an https site, an hour after noon."""
    frozen(NOON + HOUR)
    settings.SITE_URL = f"https://{SITE}"
    settings.ALLOWED_HOSTS = [SITE]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    client = Client(raise_request_exception=False)
    client.defaults |= {"SERVER_NAME": SITE, "HTTP_X_FORWARDED_PROTO": "https"}
    return client


@pytest.fixture
def record(ann, ed) -> dict[str, str]:
    """A statement in two editions, one that moved, one gone, one gone onward, and a file."""
    statement = make_statement(ann, "Public", slug="public")
    statement.themes.add(Theme.objects.create(name="Reading", slug="reading"))
    attach_file(statement, ann)

    def release(statement, minutes: int, **fields):
        at = NOON + minutes * MINUTE
        edition = submit_statement(statement, by=ann, at=at, **fields)
        return approve_edition(edition, by=ed, at=at, release_at=at)

    first = release(statement, 0)
    rewrite_passage(statement, "Better words.", by=ann)
    release(statement, 1, amendment="typo")
    moved = make_statement(ann, "Moved", slug="old")
    release(moved, 0)
    rewrite_passage(moved, "Other words.", by=ann)
    moved.slug = "new"
    moved.save(update_fields=["slug"])
    release(moved, 1, amendment="typo")
    for slug, target in (("gone", ""), ("onward", "/statements/public/")):
        edition = release(make_statement(ann, slug, slug=slug), 0)
        workflow.withdraw(
            refetch_edition(edition),
            by=ed,
            at=NOON + MINUTE,
            kind="gone",
            notice="It was not ours to say.",
            target=target,
        )
    file = first.files.select_related("file").first()
    with transaction.atomic():
        seals.write_seal(at=NOON + 2 * MINUTE)
    Seal.objects.update(timestamp=b"of an authority")
    return {"digest": file.file.digest, "name": file.name}


@pytest.fixture
def second_key(settings, tmp_path) -> str:
    """The id of a key that an earlier one signed, on a site that has an authority."""
    settings.SIGNING_KEY_FILE = str(tmp_path / "signing_key.pem")
    settings.TIMESTAMP_CA_FILE = str(tmp_path / "public_keys.json")  # any file
    key_rotation.create_keys(tmp_path / "signing_key.pem", at=NOON)
    return key_rotation.rotate_key(tmp_path / "signing_key.pem", at=NOON).key_id


def test_every_public_answer_says_the_same_to_the_browser(site, second_key, record, monkeypatch):
    filled = {
        "<slug:key_id>": second_key,
        "<slug:digest>": record["digest"],
        "<str:name>": record["name"],
        "<int:number>": "1",
        "<part:part>": "2044-03",
        "<year:year>": "2044",
        "<month:month>": "03",
        "themes/<slug:slug>": "themes/reading",
        "speakers/<slug:slug>": "speakers/dave-hill",
        "organisations/<slug:slug>": "organisations/association-of-directors",
        "<slug:slug>": "public",
    }
    found = []
    for route in PUBLIC:
        address = "/" + _filled(route, filled)
        for form in ("rss", "atom", "json") if "<form:form>" in address else ("",):
            expected = FEED if form else FILE if address.startswith("/files/") else COMMON
            for method in (site.get, site.head):
                response = method(address.replace("<form:form>", form))
                found.append(address)
                assert (address, response.status_code, read_headers(response)) == (
                    address,
                    200,
                    expected,
                )

    monkeypatch.setattr(statement, "load_current_statement", None)  # the view breaks
    broken = site.get("/statements/public/")
    monkeypatch.undo()
    assert (broken.status_code, read_headers(broken)) == (500, COMMON)
    assert set(found) == {"/" + _filled(route, filled) for route in PUBLIC}


def _filled(route: str, values: dict[str, str]) -> str:
    for part, value in values.items():
        route = route.replace(part, value)
    return route


def test_every_other_status_says_it_too(site, record):
    feed = site.get("/feeds/statements.atom")
    page = site.get("/statements/public/")
    for status, response, expected in (
        (304, site.get("/feeds/statements.atom", headers={"If-None-Match": feed["ETag"]}), FEED),
        (304, site.get("/statements/public/", headers={"If-None-Match": page["ETag"]}), COMMON),
        (301, site.get("/statements/old/"), COMMON),
        (301, site.get("/statements"), COMMON),
        (302, site.get("/statements/onward/"), COMMON),
        (302, site.get("/statements/public/editions/2/"), COMMON),
        (400, site.get("/statements/?q=" + "long" * 5000), COMMON),
        (404, site.get("/statements/never/"), COMMON),
        (404, site.get("/themes/never/feed.rss"), COMMON),
        (404, site.get("/static/never.css"), COMMON),
        (405, site.post("/feeds/statements.atom"), FEED),
        (405, site.put("/sitemap.xml"), COMMON),
        (410, site.get("/statements/gone/"), COMMON),
        (410, site.get("/statements/gone.txt"), COMMON),
        (400, site.get("/", SERVER_NAME="elsewhere.example.org"), COMMON),
    ):
        assert (response.status_code, read_headers(response)) == (status, expected), (
            response.request
        )


def test_an_answer_without_https_leads_there_and_says_it_as_well(site, settings):
    """HSTS alone is for https answers, by its own rule (RFC 6797, 7.2)."""
    expected = {
        name: value for name, value in COMMON.items() if name != "Strict-Transport-Security"
    }
    for host, status in ((SITE, 301), ("elsewhere.example.org", 400)):
        response = site.get("/robots.txt", SERVER_NAME=host, HTTP_X_FORWARDED_PROTO="http")
        assert (response.status_code, read_headers(response)) == (status, expected)


def test_the_policy_allows_nothing_unsafe(site, record):
    for address in ("/", "/statements/public/", "/feeds/statements.atom", "/sitemap.xml"):
        response = site.get(address)
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "Set-Cookie" not in response
