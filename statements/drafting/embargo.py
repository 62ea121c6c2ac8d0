"""Take over the embargo of a document, so that review and workflow keep to it."""

import datetime as dt
from collections.abc import Iterable

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from statements.content.html import text_of_block
from statements.content.schema import list_passages
from statements.content.tables import flatten_table, is_table_block
from statements.models import Statement
from statements.parsing.embargo import Embargo, find_embargo


def adopt_embargo(statement: Statement, texts: Iterable[str], *, at: dt.datetime) -> list[str]:
    """Set the embargo that these texts name, unless there is one; return messages about it.

    Its end becomes the requested release. The statement is changed and not saved.
    """
    if statement.has_embargo:
        return []
    embargo = find_embargo(texts, at=at, zone=timezone.get_default_timezone())
    if embargo is None:
        return []
    statement.embargo_line, statement.embargo_until = embargo.line, embargo.until
    statement.requested_release_at = statement.requested_release_at or embargo.until
    return [describe_embargo(embargo)]


def list_texts(statement: Statement) -> list[str]:
    """Return every block of the saved draft as text, a table cell by cell."""
    return [
        text_of_block(part)
        for passage in list_passages(statement.content())
        for block in passage["paragraphs"]
        for part in (flatten_table(block) if is_table_block(block) else [block])
    ]


def describe_embargo(embargo: Embargo) -> str:
    if embargo.until is None:
        return _(
            "The document says “%(line)s”. %(doubt)s Set “Embargo until” under “Summary, kind, "
            "date”: until then, publishing needs a reason."
        ) % {"line": embargo.line, "doubt": embargo.doubt}
    until = formats.date_format(timezone.localtime(embargo.until), "l j F Y, H:i T")
    return _(
        "The document is embargoed until %(until)s. That is the requested release now, and "
        "publishing earlier needs a reason."
    ) % {"until": until}
