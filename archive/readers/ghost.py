"""Read a Ghost export: posts, with the tags, authors and settings from the tables beside them."""

from typing import Any

from archive.readers.row import PAGE_SKIPPED

PLACEHOLDER = "__GHOST_URL__"
"""Ghost writes this for the address of its site."""
TEXT_NAMES = ("html", "lexical", "mobiledoc", "markdown", "plaintext")
KEPT_NAMES = ("id", "uuid", "title", "status", "visibility", "published_at", "updated_at", "locale")

Record = dict[str, Any]


def is_ghost_export(document: Any) -> bool:
    data = _get_data(document)
    posts = data.get("posts")
    tables = {"posts_tags", "posts_authors", "users", "settings"}
    return isinstance(posts, list) and ("db" in document or not tables.isdisjoint(data))


def _get_data(document: Any) -> Record:
    if isinstance(document, dict) and isinstance(database := document.get("db"), list) and database:
        document = database[0]
    data = document.get("data") if isinstance(document, dict) else None
    return data if isinstance(data, dict) else {}


def list_records(document: Record) -> list[Record]:
    tables = _Tables(_get_data(document))
    return [tables.to_record(post) for post in tables.list_rows("posts")]


class _Tables:
    """The tables of an export, joined by their keys."""

    def __init__(self, data: Record) -> None:
        self.data = data
        self.tags = self._join("posts_tags", "tags", "tag_id")
        self.authors = self._join("posts_authors", "users", "author_id")
        self.users = {str(user.get("id")): user for user in self.list_rows("users")}
        self.meta = {str(row.get("post_id")): row for row in self.list_rows("posts_meta")}
        settings = {str(row.get("key")): row.get("value") for row in self.list_rows("settings")}
        self.language = settings.get("locale") or settings.get("lang") or ""

    def list_rows(self, table: str) -> list[Record]:
        rows = self.data.get(table)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _join(self, links: str, table: str, key: str) -> dict[str, list[Record]]:
        """Return the rows of a table that belong to each post, in their order."""
        rows = {str(row.get("id")): row for row in self.list_rows(table)}
        joined: dict[str, list[Record]] = {}
        for link in sorted(self.list_rows(links), key=_get_order):
            if row := rows.get(str(link.get(key))):
                joined.setdefault(str(link.get("post_id")), []).append(row)
        return joined

    def to_record(self, post: Record) -> Record:
        meta = self.meta.get(str(post.get("id")), {})
        record = {name: post[name] for name in KEPT_NAMES if post.get(name) not in (None, "")}
        record |= {name: _resolve_urls(post[name]) for name in TEXT_NAMES if post.get(name)}
        record["summary"] = post.get("custom_excerpt") or ""
        record["language"] = post.get("locale") or post.get("language") or self.language
        record["tags"] = [tag.get("name") for tag in self._list_tags(post) if _is_public_tag(tag)]
        record["authors"] = [author.get("name") for author in self._list_authors(post)]
        record["url"] = [f"/{post['slug']}/"] if post.get("slug") else []
        record["email_only"] = meta.get("email_only") or False
        if picture := post.get("feature_image") or post.get("image"):
            alt = meta.get("feature_image_alt") or post.get("feature_image_alt") or ""
            caption = meta.get("feature_image_caption") or ""
            record["images"] = [{"url": _resolve_urls(picture), "alt": alt, "caption": caption}]
        if post.get("type") == "page" or post.get("page") in (1, True):
            record[PAGE_SKIPPED] = True
        return record

    def _list_tags(self, post: Record) -> list[Record]:
        own = post.get("tags")
        if isinstance(own, list):  # an answer of the Content API
            return [tag for tag in own if isinstance(tag, dict)]
        return self.tags.get(str(post.get("id")), [])

    def _list_authors(self, post: Record) -> list[Record]:
        if authors := self.authors.get(str(post.get("id"))):
            return authors
        author = self.users.get(str(post.get("author_id")))
        return [author] if author else []


def _get_order(link: Record) -> int:
    order = link.get("sort_order")
    return order if isinstance(order, int) else 0


def _is_public_tag(tag: Record) -> bool:
    """Return whether readers see a tag: “#internal” ones steer the design of a site."""
    name = tag.get("name")
    return (
        isinstance(name, str) and not name.startswith("#") and tag.get("visibility") != "internal"
    )


def _resolve_urls(text: Any) -> Any:
    return text.replace(PLACEHOLDER, "") if isinstance(text, str) else text
