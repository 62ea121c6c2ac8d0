"""The files that editions carry, as far as those may be read."""

import datetime as dt
from dataclasses import dataclass

from django.db.models.query import QuerySet

from statements.models import Edition, EditionFile
from statements.public.editions import (
    gone_editions,
    past_editions,
    public_editions,
    removed_editions,
    withdrawn_editions,
)


@dataclass(frozen=True)
class Carried:
    """Bytes that an edition carries: where they lie, and how they are sent."""

    path: str
    name: str
    digest: str
    size: int
    content_type: str


def carried_file(digest: str, name: str, *, at: dt.datetime) -> Carried | None:
    """The file at this address, if an edition that may be read now carries it under this name."""
    row = _carrying(digest, name, public_editions(at=at))
    row = row or _carrying(digest, name, withdrawn_editions(at=at))
    row = row or _carrying(digest, name, past_editions(at=at))
    if row is None:
        return None
    file = row.file
    return Carried(file.path, row.name, file.digest, file.size, file.content_type)


def file_is_gone(digest: str, name: str, *, at: dt.datetime) -> bool:
    """Whether this file was public once, and all that carried it was taken away or is gone."""
    taken_away = (gone_editions(at=at), removed_editions(at=at))
    return any(_carrying(digest, name, editions) for editions in taken_away)


def _carrying(digest: str, name: str, editions: QuerySet[Edition]) -> EditionFile | None:
    return (
        EditionFile.objects.filter(
            file__digest=digest,
            file__erased_at=None,
            name=name,
            edition__in=editions.order_by().values("pk"),
        )
        .select_related("file")
        .first()
    )
