"""Stream everything that is held about a statement as one ZIP, for requests for information."""

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.content.reading import read_content
from statements.content.rendering import render_plain_text
from statements.models import EditionFile, Remark, Statement, StoredFile
from statements.newsdesk import timeline
from statements.newsdesk.user_names import get_display_name

CHUNK_BYTES = 64 * 1024
MAX_NAME_CHARS = 80
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LEFT_OUT = {
    "email",
    "phone",
}
"""How to reach people outside."""

Member = tuple[str, Iterable[bytes]]


def stream_zip(statement: Statement, *, by: User, at: dt.datetime) -> Iterator[bytes]:
    """Yield the bytes of the ZIP. Memory holds one version, or one piece of a file, at a time."""
    buffer = _Buffer()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _list_members(statement, by=by, at=at):
            info = zipfile.ZipInfo(name, date_time=timezone.localtime(at).timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member:
                for piece in pieces:
                    member.write(piece)
                    yield buffer.take()
            yield buffer.take()
    yield buffer.take()


class _Buffer(io.RawIOBase):
    """A file that cannot seek, so that `zipfile` writes forwards only."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)

    def take(self) -> bytes:
        data = bytes(self.data)
        self.data.clear()
        return data


def _list_members(statement: Statement, *, by: User, at: dt.datetime) -> Iterator[Member]:
    context = {"statement": statement, "by": get_display_name(by), "at": at}
    yield _as_text("README.txt", render_to_string("admin/newsdesk/information_file.txt", context))
    yield _as_json("statement.json", _describe_statement(statement))
    yield from _list_versions(statement)
    yield from _list_editions(statement)
    remarks = list(statement.remarks.order_by("pk"))
    yield _as_json("remarks.json", [_dump(remark) for remark in remarks])
    yield _as_text("remarks.txt", "\n\n".join(map(_write_remark, remarks)))
    yield _as_json("sign-off.json", _describe_sign_off(statement))
    yield from _list_history(statement)
    yield from _list_files(statement)


def _as_text(name: str, text: str) -> Member:
    return name, [text.encode()]


def _as_json(name: str, value: Any) -> Member:
    return _as_text(name, json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def _dump(row: Model) -> dict[str, Any]:
    """Return the columns of a row; people by their user names."""
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 - public in Django, despite its name
        if field.name not in LEFT_OUT:
            value = getattr(row, field.attname)
            is_person = field.related_model is User and value is not None
            values[field.name] = getattr(row, field.name).get_username() if is_person else value
    return values


def _describe_statement(statement: Statement) -> dict[str, Any]:
    hands = statement.contributions.select_related("user").order_by("version")
    return _dump(statement) | {
        "themes": [theme.name for theme in statement.themes.all()],
        "contact": str(statement.contact or ""),
        "authors": [{"name": hand.user.get_username(), "version": hand.version} for hand in hands],
    }


def _list_versions(statement: Statement) -> Iterator[Member]:
    for version in statement.draft_versions.select_related("by").iterator(chunk_size=20):
        name = f"versions/version-{version.version:04d}"
        row = _dump(version) | {"text": None}
        if not version.text:
            yield _as_json(f"{name}.json", row)
            continue
        content = read_content(version.text)
        yield _as_json(f"{name}.json", row | {"text": content})
        yield _as_text(f"{name}.txt", render_plain_text(content))


def _list_editions(statement: Statement) -> Iterator[Member]:
    for edition in statement.editions.order_by("sequence").iterator(chunk_size=20):
        name = f"editions/edition-{edition.sequence:03d}"
        yield _as_json(f"{name}.json", _dump(edition))
        if not edition.erased_at:
            yield _as_text(f"{name}.txt", render_plain_text(edition.content_data))


def _write_remark(remark: Remark) -> str:
    where = (
        _("edition %(number)s") % {"number": remark.edition.sequence}
        if remark.edition
        else _("version %(version)s") % {"version": remark.version}
    )
    state = _("Resolved") if remark.resolved_at else _("Open")
    when = f"{timezone.localtime(remark.at):%-d %B %Y, %H:%M}"
    return _("%(when)s, %(by_name)s, on %(where)s. %(state)s.\n%(text)s") % {
        "when": when,
        "by_name": remark.by_name,
        "where": where,
        "state": state,
        "text": remark.text or "[Erased]",
    }


def _describe_sign_off(statement: Statement) -> dict[str, Any]:
    links = statement.previews.prefetch_related("openings").order_by("pk")
    replies = statement.answers.order_by("pk")
    return {
        "links": [
            _dump(link) | {"opened": [str(visit.at) for visit in link.openings.all()]}
            for link in links
        ],
        "replies": [_dump(reply) for reply in replies],
    }


def _list_history(statement: Statement) -> Iterator[Member]:
    events = statement.events.order_by("number").prefetch_related("texts")
    rows = [
        _dump(event)
        | {
            "detail": json.loads(event.detail) if event.detail else {},
            "texts": {text.key: text.text for text in event.texts.all()},
        }
        for event in events
    ]
    yield _as_json("history.json", rows)
    entries = reversed(timeline.list_entries(statement, limit=len(rows) or 1))
    lines = ("\n".join(filter(None, [f"{e.at}: {e.sentence}", e.note])) for e in entries)
    yield _as_text("history.txt", "\n\n".join(lines))


def _list_files(statement: Statement) -> Iterator[Member]:
    """Yield each stored file once, under a name that no system takes for a path."""
    names: dict[StoredFile, str] = {
        row.file: row.name for row in statement.attachments.select_related("file")
    }
    carried = EditionFile.objects.filter(edition__statement=statement).select_related("file")
    names |= {row.file: row.name for row in carried}
    for number, (file, name) in enumerate(sorted(names.items(), key=lambda i: i[0].pk), start=1):
        if not file.erased_at:
            yield f"files/{number:03d}-{make_safe_name(name)}", _read_pieces(file)


def make_safe_name(name: str) -> str:
    """Return the name with letters, digits, points and hyphens alone; "file" if none is left."""
    return UNSAFE.sub("-", name).strip(".-")[-MAX_NAME_CHARS:].lstrip(".-") or "file"


def _read_pieces(file: StoredFile) -> Iterator[bytes]:
    with default_storage.open(file.path) as opened:
        yield from opened.chunks(CHUNK_BYTES)
