"""What the golden files hold: a line for every public address, and one for every edition.

The bytes themselves are not kept: `python -m tests.golden.write DIR` writes them into a folder.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from statements.content.schema import canonical
from statements.models import Edition
from tests.golden.crawl import FORM, Page, crawl, to_page
from tests.golden.database import demo_database, sample_database

STARTS = [
    *("/", "/robots.txt", "/.well-known/security.txt", "/sitemap.xml", "/news-sitemap.xml"),
    *(f"/feeds/statements.{form}" for form in ("rss", "atom", "json")),
]
FURTHER_ADDRESSES = [
    "/nothing-is-here/",
    "/statements/nothing-is-here/",
    "/statements/nothing-is-here.txt",
    "/statements/repairs-at-ferry-lane-an-apology-to-the-family/",  # gone
    "/statements/repairs-at-ferry-lane-an-apology-to-the-family.txt",
    "/statements/record-summer-for-young-readers-in-public-libraries/editions/99/",
    "/statements/very-hot-weather-urdu",  # without its slash
    "/archive",
    "/archive/1999/",
    "/archive/2022/13/",
    "/sitemap-2022-10.xml",
    "/sitemap-1999-10.xml",
    "/feeds/statements.html",
    "/speakers/nobody/feed.rss",
    "/files/" + 64 * "0" + "/chart.png",
    "/statements/?theme=libraries&kind=comment",
    "/statements/?theme=libraries&year=2022&sort=relevance",
    "/statements/?theme=nothing-is-called-that",
    "/statements/?year=no-year&kind=nothing&language=xx",
    "/statements/?older=nothing-is-called-that",
    "/statements/?utm_source=newsletter",
    "/corrections/?older=20990101T000000.000000Z-0",
    "/speakers/?from=p",
    "/speakers/?from=zz",
    "/?q=libraries",
    "/?q=library",
    "/?q=librarys&sort=relevance",
    "/?q=%22public+libraries%22",
    "/?q=libraries+-reading&kind=comment",
    "/?q=children+missing&year=2016",
    "/?q=llyfrgell",
    "/?q=oyelaran",
    "/?q=xylophone",
    "/?q=%22",
    "/?q=+",
    "/?q=2022&theme=libraries",
    "/health/live",
]
QUESTIONS = [
    "The report recognises that progress has been made by all agencies",
    "The report recognises that much progress has been made by all the agencies",
    "“the report recognises that progress has been made … by all agencies”",
    "Nobody has ever said any of these words in that order.",
    "libraries",
    "",
    "It did not arrive \ufffd as text",
    "word " * 3000,
]


@dataclass(frozen=True)
class Entry:
    """One line of a golden file: what comes before the name, the name, and the bytes it is about."""

    facts: str
    name: str
    body: bytes

    @property
    def line(self) -> str:
        return f"{self.facts} {self.name}"


Reader = Callable[[], Iterable[Entry]]


def list_demo_pages() -> Iterator[Entry]:
    """Every page, feed and file of the demonstration, and some questions put to it."""
    client = _client()
    for address, page in crawl(client, STARTS + FURTHER_ADDRESSES).items():
        yield _page_entry(address, page)
    for number, words in enumerate(QUESTIONS, start=1):
        response = client.post("/check/", urlencode({"words": words}), content_type=FORM)
        yield _page_entry(f"/check/#question-{number}", to_page(response))
    for address in ("/", "/feeds/statements.atom", "/sitemap.xml", "/statements/?theme=libraries"):
        condition = {"If-None-Match": client.get(address).headers["ETag"]}
        yield _page_entry(f"{address}#unchanged", to_page(client.get(address, headers=condition)))
    yield _page_entry("/#posted", to_page(client.post("/")))


def list_sample_pages() -> Iterable[Entry]:
    """Each generated statement as a page and as text, and the newest of them in lists and feeds."""
    published = Edition.objects.exclude(release_at=None).order_by("slug")
    slugs = published.values_list("slug", flat=True).distinct()
    statements = [f"/statements/{slug}{end}" for slug in slugs for end in ("/", ".txt")]
    lists = [*STARTS, "/corrections/", "/speakers/", "/organisations/", "/archive/"]
    pages = crawl(_client(), statements + lists, follows=lambda link: "older=" in link)
    return itertools.starmap(_page_entry, pages.items())


def list_contents() -> Iterator[Entry]:
    """The content of every edition without what is random, with its number, slug and byline."""
    for edition in Edition.objects.order_by("slug", "sequence"):
        digest = hashlib.sha256(edition.content.encode()).hexdigest()
        assert edition.digest == digest, f"The digest of {edition} is not that of its content."
        text = canonical(_without_random_parts(edition.content_data)).encode()
        name = f"{edition.slug}/{edition.sequence} {edition.byline}".rstrip()
        yield Entry(hashlib.sha256(text).hexdigest(), name, text)


def _without_random_parts(content: dict[str, Any]) -> dict[str, Any]:
    fixed = {key: content[key] for key in content if key not in ("salt", "based_on")}
    return fixed | {"blocks": [block | {"id": ""} for block in content["blocks"]]}


GOLDENS: dict[str, tuple[Callable[[], AbstractContextManager[None]], dict[str, Reader]]] = {
    "demo": (demo_database, {"demo_contents": list_contents, "demo_pages": list_demo_pages}),
    "sample": (
        sample_database,
        {"sample_contents": list_contents, "sample_pages": list_sample_pages},
    ),
}
"""Each database, and the golden files that describe it."""


def read_entries(database: str) -> dict[str, list[Entry]]:
    """Return what each golden file of this database should hold, sorted by name."""
    opened, readers = GOLDENS[database]
    with opened():
        return {
            name: sorted(read(), key=lambda entry: entry.name) for name, read in readers.items()
        }


def _page_entry(address: str, page: Page) -> Entry:
    digest = hashlib.sha256(page.body).hexdigest()
    return Entry(f"{page.status} {page.content_type} {digest}", address, page.body)


def _client() -> Client:
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000")
