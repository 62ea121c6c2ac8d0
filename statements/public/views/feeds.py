"""RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1: the whole words of the newest fifty statements.

An entry keeps one id through every correction: the statement's UUID. A correction moves its date
of change and carries its note. What was withdrawn stands as a tombstone: `at:deleted-entry` in
Atom (RFC 6721); in the others, which have no such thing, an entry of the same id with the notice
in place of the words, so that readers who keep the words put the notice over them.
"""

import datetime as dt
import functools
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from statements.public.article import Article, article
from statements.public.jinja2 import url
from statements.public.responses import public_file_address, public_page
from statements.public.xml import xml
from statements.published.feed import Entry, Feed, Note, TakenBack, newest

TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
SUBJECTS = {"theme": "themes", "speaker": "speakers", "organisation": "organisations"}
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EMPTY_LINES = re.compile(r"\n\s*\n")
ENTRIES = "<!-- entries -->"
"""Where they stand in a template; no title says it, for “<” is escaped there."""
REMEMBERED = 1000
"""Entries, written out: when one statement comes, the others of a feed are as they were."""
TOO_LONG = 20_000
"""Characters of words that are written out each time, so that what is remembered stays small."""


class FeedForm:
    """The last part of a feed's address."""

    regex = "|".join(TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Readers that run in a browser, on a site of their own, may fetch it: it carries no cookie and
    says the same to everybody."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **address: Any) -> HttpResponseBase:
        response = view(request, **address)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


@open_to_all
@public_page
def feed(
    request: HttpRequest, *, form: str, at: dt.datetime, what: str = "", slug: str = ""
) -> HttpResponse:
    """Of everything, or of what has this slug. A former one leads on for ever."""
    found = newest(what, slug, at=at)
    if found is None:
        raise Http404
    if found.subject and found.subject.slug != slug:
        return HttpResponsePermanentRedirect(_address(form, what, found.subject.slug))
    told = {
        "title": _title(found),
        "page": settings.SITE_URL + _page_of(found, what),
        "address": settings.SITE_URL + _address(form, what, slug),
        "updated": found.updated or NEVER,
    }
    write = _as_json if form == "json" else functools.partial(as_xml, form)
    body = write(told, _entries(found, form))
    return HttpResponse(body, content_type=f"{TYPES[form]}; charset=utf-8")


def _address(form: str, what: str, slug: str) -> str:
    if what:
        return reverse(f"statements:{what}_feed", kwargs={"slug": slug, "form": form})
    return reverse("statements:feed", kwargs={"form": form})


def _title(found: Feed) -> str:
    return " – ".join(
        filter(None, [found.subject.name if found.subject else "", settings.SITE_NAME])
    )


def _page_of(found: Feed, what: str) -> str:
    if found.subject:
        return reverse(f"statements:{what}", kwargs={"slug": found.subject.slug})
    return reverse("statements:list")


# --- One entry ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    address: str
    type: str
    size: int
    title: str


@dataclass(frozen=True)
class Item:
    """An entry as every form of feed tells it; `withdrawn` has a notice in place of the words."""

    id: str
    address: str
    title: str
    html: str
    published: dt.datetime
    updated: dt.datetime
    words: Article | None = None
    kind: str = ""
    themes: tuple[str, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def withdrawn(self) -> bool:
        return self.words is None


def _entries(found: Feed, form: str) -> list[str]:
    """The newest first; a tombstone stands where its withdrawal does in time."""
    entries = [_entry(one, form) for one in found.entries]
    entries += [(one.since, in_form(form, _tombstone(one))) for one in found.taken_back]
    return [text for _, text in sorted(entries, key=lambda entry: entry[0], reverse=True)]


def _entry(entry: Entry, form: str) -> tuple[dt.datetime, str]:
    """When it was published, and it written out."""
    write = _written if len(entry.content) < TOO_LONG else _written.__wrapped__
    text = write(
        form,
        settings.SITE_URL,
        entry.content,
        entry.uid,
        entry.slug,
        entry.amendment,
        entry.kind,
        entry.published,
        entry.updated,
        tuple(entry.notes),
        tuple(entry.themes),
    )
    return entry.published, text


@functools.lru_cache(maxsize=REMEMBERED)
def _written(
    form: str,
    site: str,
    content: str,
    uid: str,
    slug: str,
    amendment: str,
    kind: str,
    published: dt.datetime,
    updated: dt.datetime,
    notes: tuple[Note, ...],
    themes: tuple[str, ...],
) -> str:
    """The entry of a statement that stands, from all that it says and nothing else; `site` is
    where its addresses lead.

    Whoever asks has these words from the door in this moment: what was taken back, nobody asks for.
    """
    frozen = json.loads(content)
    words = article(frozen, [], _absolute)
    retracted = "Retracted: " if amendment == "retraction" else ""
    item = Item(
        id=uuid.UUID(uid).urn,
        address=_page_address(slug),
        title=retracted + words.headline,
        html=_html("feed_words", article=words, notes=notes),
        published=published,
        updated=updated,
        words=words,
        kind=kind,
        themes=themes,
        files=tuple(_file(one) for one in frozen.get("files", [])),
    )
    return in_form(form, item)


def in_form(form: str, item: Item) -> str:
    """The entry as this form of feed has it, escaped."""
    if form == "json":
        return json.dumps(_json_item(item), ensure_ascii=False, separators=(",", ":"))
    return xml(f"statements/feed_entry.{form}", item=item)


def _tombstone(one: TakenBack) -> Item:
    since = f"{timezone.localtime(one.since):%-d %B %Y, %H:%M %Z}"
    return Item(
        id=uuid.UUID(one.uid).urn,
        address=_page_address(one.slug) if one.slug else "",
        title="Withdrawn statement",
        html=_html("feed_withdrawn", notice=one.notice, since=since),
        published=one.since,
        updated=one.since,
    )


def _html(template: str, **context: Any) -> str:
    """Not safe by type, so that no form of feed forgets to escape it; without empty lines."""
    return EMPTY_LINES.sub("\n", render_to_string(f"statements/{template}.html", context)).strip()


def _file(file: Mapping[str, Any]) -> File:
    address = _absolute(file["digest"], file["name"])
    return File(address, file["type"], file["size"], file["title"] or file["name"])


def _page_address(slug: str) -> str:
    return settings.SITE_URL + url("statements:detail", slug)


def _absolute(digest: str, name: str) -> str:
    return settings.SITE_URL + public_file_address(digest, name)


# --- The whole feed -------------------------------------------------------------------------------


def as_xml(form: str, told: dict[str, Any], entries: list[str]) -> str:
    """The entries are XML already, and long: only what stands round them is filled in and read."""
    before, after = xml(f"statements/feed.{form}", **told).split(ENTRIES)
    return "".join([before, *entries, after])


def _as_json(told: dict[str, Any], entries: list[str]) -> str:
    """https://www.jsonfeed.org/version/1.1/"""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": told["title"],
        "home_page_url": told["page"],
        "feed_url": told["address"],
        "language": settings.LANGUAGE_CODE,
    }
    opened = json.dumps(feed, ensure_ascii=False, separators=(",", ":")).removesuffix("}")
    return f'{opened},"items":[{",".join(entries)}]}}'


def _json_item(item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.id,
        "url": item.address,
        "title": item.title,
        "content_html": item.html,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
    }
    if item.words is None:
        return {name: value for name, value in said.items() if value}
    said |= {
        "summary": item.words.summary,
        "language": item.words.language,
        "authors": [{"name": item.words.publisher["name"]}],
        "image": item.words.pictures[0].address if item.words.pictures else "",
        "tags": list(item.themes),
        "attachments": [
            {"url": f.address, "mime_type": f.type, "size_in_bytes": f.size, "title": f.title}
            for f in item.files
        ],
        "_statement": {
            "about": "Kind of statement, and who speaks in it: in which role, of which body.",
            "kind": item.kind,
            "speakers": [
                {"name": one.name, "role": one.role, "organisation": one.organisation}
                for one in item.words.voices
            ],
        },
    }
    return {name: value for name, value in said.items() if value}
