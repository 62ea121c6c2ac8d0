"""Every public address that a reader can reach, and what it answers."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

NOT_FOLLOWED = ("/static/", "/admin/", "/.well-known/on-the-record-keys")
RANDOM_ENDINGS = ("/content.json", "/proof.json")
"""What holds random numbers: the keys of the site, and the salt of an edition."""
ATTRIBUTE = re.compile(r'\b(?:href|src|content|url)="([^"\s]*)"')
SOURCE_SET = re.compile(r'\bsrcset="([^"]*)"')
WHOLE_ADDRESS = re.compile(re.escape(settings.SITE_URL) + r"[^\s\"'<>,\\)]*")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Page:
    """What an address answered. A redirect's body is the address that it leads to."""

    status: int
    content_type: str
    body: bytes

    @property
    def is_text(self) -> bool:
        return self.content_type.startswith(("text/", "application/"))


def crawl(
    client: Client, addresses: list[str], *, follows: Callable[[str], bool] = lambda link: True
) -> dict[str, Page]:
    """Follow same-site links that `follows` accepts; return the pages by address.

    A page whose address has a query is read, but its links to further queries are not followed:
    filters can be combined without end.
    """
    pages: dict[str, Page] = {}
    waiting = [*addresses]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        page = pages[address] = to_page(client.get(address))
        links = filter(follows, find_links(page, address))
        waiting += [link for link in links if "?" not in address or "?" not in link]
    return pages


def to_page(response: HttpResponseBase) -> Page:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    content_type = response.headers.get("Content-Type", "-").replace("; ", ";")
    return Page(response.status_code, content_type, body or response.get("Location", "").encode())


def find_links(page: Page, address: str) -> set[str]:
    """Return the addresses on this site that the page links to."""
    if not page.is_text or page.content_type == "application/pdf":
        return set()
    text = page.body.decode()
    found = ATTRIBUTE.findall(text) + WHOLE_ADDRESS.findall(text)
    found += [part.split()[0] for part in ",".join(SOURCE_SET.findall(text)).split(",") if part]
    links = {_to_path(html.unescape(link).split('"')[0], address) for link in found}
    return {
        link
        for link in links
        if link and not link.startswith(NOT_FOLLOWED) and not link.endswith(RANDOM_ENDINGS)
    }


def _to_path(link: str, address: str) -> str:
    """The path and query of a link on this site, or ""."""
    if not link.startswith(("/", "?", settings.SITE_URL)):
        return ""
    whole = urlsplit(urldefrag(urljoin(settings.SITE_URL + address, link)).url)
    if f"{whole.scheme}://{whole.netloc}" != settings.SITE_URL:
        return ""
    return (whole.path or "/") + (f"?{whole.query}" if whole.query else "")
