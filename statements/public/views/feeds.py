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

from statements.public.article import Article, build_article
from statements.public.jinja2 import reverse_path
from statements.public.responses import public_file_url, public_view
from statements.public.xml import render_xml
from statements.published.feed import CorrectionNote, Feed, FeedEntry, WithdrawnEntry, load_feed

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
PROFILE_PATHS = {"theme": "themes", "speaker": "speakers", "organisation": "organisations"}
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EMPTY_LINES = re.compile(r"\n\s*\n")
ENTRIES_PLACEHOLDER = "<!-- entries -->"
"""Where they stand in a template; no title says it, for “<” is escaped there."""
MAX_CACHED_ENTRIES = 1000
"""Entries, written out: when one statement comes, the others of a feed are as they were."""
MAX_CACHED_ENTRY_CHARS = 20_000
"""Characters of words that are written out each time, so that what is remembered stays small."""


class FeedFormatConverter:
    """The last part of a feed's address."""

    regex = "|".join(CONTENT_TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def allow_cross_origin(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Readers that run in a browser, on a site of their own, may fetch it: it carries no cookie and
    says the same to everybody."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **address: Any) -> HttpResponseBase:
        response = view(request, **address)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


@allow_cross_origin
@public_view
def feed(
    request: HttpRequest, *, form: str, at: dt.datetime, what: str = "", slug: str = ""
) -> HttpResponse:
    """Of everything, or of what has this slug. A former one leads on for ever."""
    found = load_feed(what, slug, at=at)
    if found is None:
        raise Http404
    if found.profile and found.profile.slug != slug:
        return HttpResponsePermanentRedirect(_feed_path(form, what, found.profile.slug))
    told = {
        "title": _format_title(found),
        "page": settings.SITE_URL + _profile_path(found, what),
        "address": settings.SITE_URL + _feed_path(form, what, slug),
        "updated": found.updated_at or EPOCH,
    }
    write = _render_json_feed if form == "json" else functools.partial(render_xml_feed, form)
    body = write(told, _render_entries(found, form))
    return HttpResponse(body, content_type=f"{CONTENT_TYPES[form]}; charset=utf-8")


def _feed_path(form: str, what: str, slug: str) -> str:
    if what:
        return reverse(f"statements:{what}_feed", kwargs={"slug": slug, "form": form})
    return reverse("statements:feed", kwargs={"form": form})


def _format_title(found: Feed) -> str:
    return " – ".join(
        filter(None, [found.profile.name if found.profile else "", settings.SITE_NAME])
    )


def _profile_path(found: Feed, what: str) -> str:
    if found.profile:
        return reverse(f"statements:{what}", kwargs={"slug": found.profile.slug})
    return reverse("statements:list")


# --- One entry ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FeedFile:
    url: str
    type: str
    size: int
    title: str


@dataclass(frozen=True)
class FeedItem:
    """An entry as every form of feed tells it; `withdrawn` has a notice in place of the words."""

    id: str
    url: str
    title: str
    html: str
    published_at: dt.datetime
    updated_at: dt.datetime
    article: Article | None = None
    kind: str = ""
    themes: tuple[str, ...] = ()
    files: tuple[FeedFile, ...] = ()

    @property
    def is_withdrawn(self) -> bool:
        return self.article is None


def _render_entries(found: Feed, form: str) -> list[str]:
    """The newest first; a tombstone stands where its withdrawal does in time."""
    entries = [_render_entry(one, form) for one in found.entries]
    entries += [
        (one.withdrawn_at, render_item(form, _build_withdrawn_item(one)))
        for one in found.withdrawn_entries
    ]
    return [text for _, text in sorted(entries, key=lambda entry: entry[0], reverse=True)]


def _render_entry(entry: FeedEntry, form: str) -> tuple[dt.datetime, str]:
    """When it was published, and it written out."""
    write = (
        _render_entry_cached
        if len(entry.content) < MAX_CACHED_ENTRY_CHARS
        else _render_entry_cached.__wrapped__
    )
    text = write(
        form,
        settings.SITE_URL,
        entry.content,
        entry.uid,
        entry.slug,
        entry.amendment,
        entry.kind,
        entry.published_at,
        entry.updated_at,
        tuple(entry.notes),
        tuple(entry.themes),
    )
    return entry.published_at, text


@functools.lru_cache(maxsize=MAX_CACHED_ENTRIES)
def _render_entry_cached(
    form: str,
    site: str,
    content: str,
    uid: str,
    slug: str,
    amendment: str,
    kind: str,
    published: dt.datetime,
    updated: dt.datetime,
    notes: tuple[CorrectionNote, ...],
    themes: tuple[str, ...],
) -> str:
    """The entry of a statement that stands, from all that it says and nothing else; `site` is
    where its addresses lead.

    Whoever asks has these words from the door in this moment: what was taken back, nobody asks for.
    """
    frozen = json.loads(content)
    words = build_article(frozen, [], _file_url)
    retracted = "Retracted: " if amendment == "retraction" else ""
    item = FeedItem(
        id=uuid.UUID(uid).urn,
        url=_statement_url(slug),
        title=retracted + words.headline,
        html=_render_html("feed_words", article=words, notes=notes),
        published_at=published,
        updated_at=updated,
        article=words,
        kind=kind,
        themes=themes,
        files=tuple(_build_file(one) for one in frozen.get("files", [])),
    )
    return render_item(form, item)


def render_item(form: str, item: FeedItem) -> str:
    """The entry as this form of feed has it, escaped."""
    if form == "json":
        return json.dumps(_build_json_item(item), ensure_ascii=False, separators=(",", ":"))
    return render_xml(f"statements/feed_entry.{form}", item=item)


def _build_withdrawn_item(one: WithdrawnEntry) -> FeedItem:
    since = f"{timezone.localtime(one.withdrawn_at):%-d %B %Y, %H:%M %Z}"
    return FeedItem(
        id=uuid.UUID(one.uid).urn,
        url=_statement_url(one.slug) if one.slug else "",
        title="Withdrawn statement",
        html=_render_html("feed_withdrawn", notice=one.notice, since=since),
        published_at=one.withdrawn_at,
        updated_at=one.withdrawn_at,
    )


def _render_html(template: str, **context: Any) -> str:
    """Not safe by type, so that no form of feed forgets to escape it; without empty lines."""
    return EMPTY_LINES.sub("\n", render_to_string(f"statements/{template}.html", context)).strip()


def _build_file(file: Mapping[str, Any]) -> FeedFile:
    address = _file_url(file["digest"], file["name"])
    return FeedFile(address, file["type"], file["size"], file["title"] or file["name"])


def _statement_url(slug: str) -> str:
    return settings.SITE_URL + reverse_path("statements:detail", slug)


def _file_url(digest: str, name: str) -> str:
    return settings.SITE_URL + public_file_url(digest, name)


# --- The whole feed -------------------------------------------------------------------------------


def render_xml_feed(form: str, told: dict[str, Any], entries: list[str]) -> str:
    """The entries are XML already, and long: only what stands round them is filled in and read."""
    before, after = render_xml(f"statements/feed.{form}", **told).split(ENTRIES_PLACEHOLDER)
    return "".join([before, *entries, after])


def _render_json_feed(told: dict[str, Any], entries: list[str]) -> str:
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


def _build_json_item(item: FeedItem) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": item.published_at.isoformat(),
        "date_modified": item.updated_at.isoformat(),
    }
    if item.article is None:
        return {name: value for name, value in said.items() if value}
    said |= {
        "summary": item.article.summary,
        "language": item.article.language,
        "authors": [{"name": item.article.publisher["name"]}],
        "image": item.article.pictures[0].url if item.article.pictures else "",
        "tags": list(item.themes),
        "attachments": [
            {"url": f.url, "mime_type": f.type, "size_in_bytes": f.size, "title": f.title}
            for f in item.files
        ],
        "_statement": {
            "about": "Kind of statement, and who speaks in it: in which role, of which body.",
            "kind": item.kind,
            "speakers": [
                {"name": one.name, "role": one.role, "organisation": one.organisation}
                for one in item.article.voices
            ],
        },
    }
    return {name: value for name, value in said.items() if value}
