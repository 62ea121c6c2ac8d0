"""Duplicate a statement: a new draft with the same words, to be changed."""

import datetime as dt
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import models, transaction

from statements.content import schema
from statements.models import Attachment, Statement, make_block_id

Row = TypeVar("Row", bound=models.Model)

DATED_COLUMNS = {"dated_on"}
COPIED_COLUMNS = [
    *(
        column
        for field in schema.PLAIN_FIELDS
        if not field.is_about_edition
        for column in field.columns
        if column not in DATED_COLUMNS
    ),
    "organisation",
    "contact",
]
"""Words, publisher and contact. Dates, embargo, address and what is about one edition stay."""


@transaction.atomic
def duplicate_statement(
    statement: Statement, *, by: User, at: dt.datetime, **changes: Any
) -> Statement:
    """Return a new draft with the words, structure, files, publisher, contact and themes of this.

    It is this person's; `changes` are columns with other values. Dates, embargo, address, sign-off,
    remarks and history stay behind. Passages get ids of their own: a quotation has its address by
    the id.
    """
    draft = Statement.objects.create(
        **{column: getattr(statement, column) for column in COPIED_COLUMNS} | changes
    )
    for publisher in statement.joint_publishers.all():
        _copy(publisher, statement=draft)
    attachments = _copy_attachments(statement, draft)
    for passage in statement.passages.in_order():
        picture = attachments.get(passage.picture_id or 0)
        _copy(passage, statement=draft, block_id=make_block_id(), picture=picture)
    draft.themes.set(statement.themes.all())
    draft.record_save(by=by, seen_version=draft.version)
    Statement.objects.filter(pk=draft.pk).update(changed_at=at)
    return draft


def _copy_attachments(statement: Statement, draft: Statement) -> dict[int, Attachment]:
    """Copy the rows and share the stored bytes; return the copies by the number of their source."""
    rows = statement.attachments.filter(file__erased_at=None)
    return {row.pk: _copy(row, statement=draft) for row in rows.in_order()}


def _copy(row: Row, **changes: object) -> Row:
    """Save a copy of the row with these changes."""
    fields = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields  # noqa: SLF001 - public in Django, despite its name
        if not field.primary_key
    }
    copy = type(row)(**fields | changes)
    copy.save()
    return copy
