"""Serve RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1 with the newest fifty statements in full.

An entry keeps one id, the statement's UUID, through every correction. A correction moves its
update time and carries its note. A withdrawn statement becomes a tombstone: `at:deleted-entry` in
Atom (RFC 6721); in the other formats, which have none, an entry of the same id with the notice
instead of the content, so that feed readers overwrite the content that they stored.
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

from statements.content.reading import read_content
from statements.public.article import Article, build_article
from statements.public.jinja2 import reverse_path
from statements.public.responses import public_file_url, public_view
from statements.public.xml import render_xml
from statements.published.feed import Feed, FeedEntry, WithdrawnEntry, load_feed

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
PROFILE_PATHS = {"theme": "themes", "speaker": "speakers", "organisation": "organisations"}
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EMPTY_LINES = re.compile(r"\n\s*\n")
ENTRIES_PLACEHOLDER = "<!-- entries -->"
"""Where the templates want the entries; “<” is escaped in titles, so none can contain it."""
MAX_CACHED_ENTRIES = 1000
"""Rendered entries: after a new release, the other entries of a feed are as they were."""
MAX_CACHED_ENTRY_CHARS = 20_000
"""Longer entries are rendered every time, so that the cache stays small."""


class FeedFormatConverter:
    """Convert the last part of a feed's address, which names its format."""

    regex = "|".join(CONTENT_TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def allow_cross_origin(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let feed readers that run in a browser, on another site, fetch the response."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return wrapper


@allow_cross_origin
@public_view
def feed(
    request: HttpRequest, *, form: str, at: dt.datetime, kind: str = "", slug: str = ""
) -> HttpResponse:
    """Serve the feed of everything, or of the theme, speaker or organisation with this slug."""
    loaded_feed = load_feed(kind, slug, at=at)
    if loaded_feed is None:
        raise Http404
    profile = loaded_feed.profile
    if profile and profile.slug != slug:
        return HttpResponsePermanentRedirect(_feed_path(form, kind, profile.slug))
    meta = {
        "title": " – ".join([*([profile.name] if profile else []), settings.SITE_NAME]),
        "page_url": settings.SITE_URL + _page_path(loaded_feed, kind),
        "feed_url": settings.SITE_URL + _feed_path(form, kind, slug),
        "updated_at": loaded_feed.updated_at or EPOCH,
    }
    entries = _render_entries(loaded_feed, form)
    body = (
        render_json_feed(meta, entries) if form == "json" else render_xml_feed(form, meta, entries)
    )
    return HttpResponse(body, content_type=f"{CONTENT_TYPES[form]}; charset=utf-8")


def _feed_path(form: str, kind: str, slug: str) -> str:
    if kind:
        return reverse(f"statements:{kind}_feed", kwargs={"slug": slug, "form": form})
    return reverse("statements:feed", kwargs={"form": form})


def _page_path(loaded_feed: Feed, kind: str) -> str:
    if loaded_feed.profile:
        return reverse(f"statements:{kind}", kwargs={"slug": loaded_feed.profile.slug})
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
    """An entry as every format shows it; a withdrawn one has no article, and its notice as HTML."""

    id: str
    url: str
    title: str
    html: str
    published_at: dt.datetime
    updated_at: dt.datetime
    published_on: dt.date | None = None
    article: Article | None = None
    kind: str = ""
    themes: tuple[str, ...] = ()
    files: tuple[FeedFile, ...] = ()

    @property
    def is_withdrawn(self) -> bool:
        return self.article is None


def _render_entries(loaded_feed: Feed, form: str) -> list[str]:
    """Return the rendered entries, newest first; a tombstone has the time of its withdrawal."""
    entries = [
        (entry.published_at, render_entry(entry, form, settings.SITE_URL))
        for entry in loaded_feed.entries
    ]
    entries += [
        (entry.withdrawn_at, render_item(_build_withdrawn_item(entry), form))
        for entry in loaded_feed.withdrawn_entries
    ]
    return [text for _, text in sorted(entries, key=lambda entry: entry[0], reverse=True)]


def render_entry(entry: FeedEntry, form: str, site_url: str) -> str:
    """Render a statement's entry, or return what the same entry rendered to before."""
    if len(entry.content) > MAX_CACHED_ENTRY_CHARS:
        return render_item(_build_item(entry), form)
    return _render_entry_cached(entry, form, site_url)


@functools.lru_cache(maxsize=MAX_CACHED_ENTRIES)
def _render_entry_cached(entry: FeedEntry, form: str, site_url: str) -> str:
    # The entry holds all that the text depends on, but for the site's URL. Nothing withdrawn comes
    # from here: each request reads its entries from the database.
    return render_item(_build_item(entry), form)


def _build_item(entry: FeedEntry) -> FeedItem:
    content = read_content(entry.content)
    article = build_article(content, [], _file_url)
    prefix = "Retracted: " if entry.amendment == "retraction" else ""
    return FeedItem(
        id=uuid.UUID(entry.uid).urn,
        url=_statement_url(entry.slug),
        title=prefix + article.headline,
        html=_render_html("feed_content", article=article, notes=entry.notes),
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        published_on=entry.published_on,
        article=article,
        kind=entry.kind,
        themes=entry.themes,
        files=tuple(_build_file(file) for file in content.get("files", [])),
    )


def _build_withdrawn_item(entry: WithdrawnEntry) -> FeedItem:
    since = f"{timezone.localtime(entry.withdrawn_at):%-d %B %Y, %H:%M %Z}"
    return FeedItem(
        id=uuid.UUID(entry.uid).urn,
        url=_statement_url(entry.slug) if entry.slug else "",
        title="Withdrawn statement",
        html=_render_html("feed_withdrawn", notice=entry.notice, since=since),
        published_at=entry.withdrawn_at,
        updated_at=entry.withdrawn_at,
    )


def render_item(item: FeedItem, form: str) -> str:
    """Render an entry in this format, escaped for it."""
    if form == "json":
        return json.dumps(_build_json_item(item), ensure_ascii=False, separators=(",", ":"))
    return render_xml(f"statements/feed_entry.{form}", item=item)


def _render_html(template: str, **context: Any) -> str:
    # A plain string, not marked safe, so that every format escapes it. Without empty lines.
    return EMPTY_LINES.sub("\n", render_to_string(f"statements/{template}.html", context)).strip()


def _build_file(file: Mapping[str, Any]) -> FeedFile:
    url = _file_url(file["digest"], file["name"])
    return FeedFile(url, file["type"], file["size"], file["title"] or file["name"])


def _statement_url(slug: str) -> str:
    return settings.SITE_URL + reverse_path("statements:detail", slug)


def _file_url(digest: str, name: str) -> str:
    return settings.SITE_URL + public_file_url(digest, name)


# --- The whole feed -------------------------------------------------------------------------------


def render_xml_feed(form: str, meta: dict[str, Any], entries: list[str]) -> str:
    """Render an RSS or Atom feed; the entries, long and already XML, are not rendered again."""
    before, after = render_xml(f"statements/feed.{form}", **meta).split(ENTRIES_PLACEHOLDER)
    return "".join([before, *entries, after])


def render_json_feed(meta: dict[str, Any], entries: list[str]) -> str:
    """Render a JSON Feed: https://www.jsonfeed.org/version/1.1/."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": meta["title"],
        "home_page_url": meta["page_url"],
        "feed_url": meta["feed_url"],
        "language": settings.LANGUAGE_CODE,
    }
    start = json.dumps(feed, ensure_ascii=False, separators=(",", ":")).removesuffix("}")
    return f'{start},"items":[{",".join(entries)}]}}'


def _build_json_item(item: FeedItem) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        # RFC 3339 has no day without a time.
        "date_published": "" if item.published_on else item.published_at.isoformat(),
        "date_modified": item.updated_at.isoformat(),
    }
    if item.article:
        fields |= _build_json_article(item, item.article)
    return {name: value for name, value in fields.items() if value}


def _build_json_article(item: FeedItem, article: Article) -> dict[str, Any]:
    return {
        "summary": article.summary,
        "language": article.language,
        "authors": [{"name": publisher["name"]} for publisher in article.publishers],
        "image": article.pictures[0].url if article.pictures else "",
        "tags": list(item.themes),
        "attachments": [
            {"url": f.url, "mime_type": f.type, "size_in_bytes": f.size, "title": f.title}
            for f in item.files
        ],
        "_statement": {
            "about": "Kind of statement, and who speaks in it: in which role, of which body.",
            "kind": item.kind,
            "speakers": [
                {"name": voice.name, "role": voice.role, "organisation": voice.organisation}
                for voice in article.voices
            ],
        },
    }
