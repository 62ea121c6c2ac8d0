"""Find unsaved text of new statements that repeats erased words."""

import json
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from statements.content.html import text_of_block
from statements.content.schema import Content, walk_fields
from statements.models import Autosave

MIN_QUOTED_CHARS = 25
"""A shorter text, such as “A comment”, may stand in another statement by chance."""


def find_quoting_autosaves(contents: Iterable[Content]) -> QuerySet[Autosave]:
    """Return autosaves of new statements with a headline or a paragraph of this content."""
    texts = {text for content in contents for text in _list_long_texts(content)}
    rows = Autosave.objects.filter(statement=None).exclude(data="")
    quoting = [row.pk for row in rows.iterator() if _has_any(row, texts)]
    return Autosave.objects.filter(pk__in=quoting)


def _list_long_texts(content: Content) -> Iterator[str]:
    for field, values, _ in walk_fields(content):
        for text in field.texts_in(values):
            if len(text) >= MIN_QUOTED_CHARS:
                yield " ".join(text.split())


def _has_any(row: Autosave, texts: set[str]) -> bool:
    typed = [str(value) for values in json.loads(row.data).values() for value in values]
    plain = " ".join(text_of_block("\n".join(typed)).split())
    return any(text in plain for text in texts)
