"""The files of editions that may be read."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models.query import QuerySet

from statements.models import Edition, EditionFile
from statements.published.compiled_query import compiled_query
from statements.published.editions import (
    gone_editions,
    past_editions,
    public_editions,
    removed_editions,
    withdrawn_editions,
)


@dataclass(frozen=True)
class PublicFile:
    """A file of an edition: where it is stored, and how it is sent."""

    path: str
    name: str
    digest: str
    size: int
    content_type: str


def find_public_file(digest: str, name: str, *, at: dt.datetime) -> PublicFile | None:
    """Return the file at this address if an edition has it under this name and may be read."""
    for editions in (public_editions, withdrawn_editions, past_editions):
        for row in _select_edition_file(digest=digest, name=name, editions=editions, at=at):
            file = row.file
            return PublicFile(file.path, row.name, file.digest, file.size, file.content_type)
    return None


def is_file_gone(digest: str, name: str, *, at: dt.datetime) -> bool:
    """Tell whether this file was public and every edition that had it was removed or is gone."""
    return any(
        _select_edition_file(digest=digest, name=name, editions=editions, at=at)
        for editions in (gone_editions, removed_editions)
    )


@compiled_query
def _select_edition_file(
    *, digest: str, name: str, editions: Callable[..., QuerySet[Edition]], at: dt.datetime
) -> QuerySet[EditionFile]:
    files = EditionFile.objects.filter(
        file__digest=digest,
        file__erased_at=None,
        name=name,
        edition__in=editions(at=at).order_by().values("pk"),
    )
    return files.select_related("file").order_by("pk")[:1]
