"""Rows as plain data and back: what an export writes and a restore reads.

People on the newsdesk go by their user names, for their numbers differ from one database to
another; every other row keeps its number, so that what refers to it still does.
"""

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from archive.models import ImportApproval, ImportedStatement, ImportRun, OldAddress
from organisations.models import Appointment, Contact, FormerSlug, Organisation, Speaker
from statements.models import (
    Address,
    Answer,
    Attachment,
    Contribution,
    Edition,
    EditionFile,
    EditionVoice,
    Event,
    FormerThemeSlug,
    Opening,
    Passage,
    Preview,
    RelatedStatement,
    Remark,
    SensitivePeriod,
    Statement,
    StoredFile,
    StyleRule,
    Theme,
    ThemedStatement,
    Withdrawal,
)

FLAT: dict[str, type[models.Model]] = {
    "organisations": Organisation,
    "speakers": Speaker,
    "former_speaker_addresses": FormerSlug,
    "appointments": Appointment,
    "contacts": Contact,
    "themes": Theme,
    "former_theme_addresses": FormerThemeSlug,
    "style_rules": StyleRule,
    "sensitive_periods": SensitivePeriod,
    "stored_files": StoredFile,
    "import_approvals": ImportApproval,
    "import_runs": ImportRun,
}
"""File name → table; each only refers to those before it."""

OF_STATEMENT: dict[str, tuple[type[models.Model], str]] = {
    "passages": (Passage, "statement"),
    "contributions": (Contribution, "statement"),
    "attachments": (Attachment, "statement"),
    "addresses": (Address, "statement"),
    "themes": (ThemedStatement, "content_object"),
    "related": (RelatedStatement, "statement"),
    "editions": (Edition, "statement"),
    "withdrawals": (Withdrawal, "statement"),
    "events": (Event, "statement"),
    "imported": (ImportedStatement, "statement"),
    "old_addresses": (OldAddress, "statement"),
}
OF_EDITION: dict[str, tuple[type[models.Model], str]] = {
    "voices": (EditionVoice, "edition"),
    "files": (EditionFile, "edition"),
    "remarks": (Remark, "edition"),
    "previews": (Preview, "edition"),
    "answers": (Answer, "edition"),
}
OF_PREVIEW: dict[str, tuple[type[models.Model], str]] = {"openings": (Opening, "preview")}
CHILDREN = {Statement: OF_STATEMENT, Edition: OF_EDITION, Preview: OF_PREVIEW}
LEFT_OUT = {(StoredFile, "path")}
"""Where bytes lie is this installation's affair; keys of previews and passwords never leave."""


def dump(row: models.Model, users: dict[int, str]) -> dict[str, Any]:
    """Every column, but for what is left out."""
    said: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if (type(row), field.name) in LEFT_OUT:
            continue
        value = getattr(row, field.attname)
        if field.related_model is get_user_model() and value is not None:
            value = users[value]
        elif isinstance(value, dt.datetime):
            value = value.astimezone(dt.UTC).isoformat()
        elif isinstance(value, (dt.date, uuid.UUID)):
            value = str(value)
        said[field.name] = value
    if isinstance(row, Edition):
        numbers = [int(number) for number in row.contributors.split(",") if number]
        said["contributors"] = [users[number] for number in numbers]
    return said


def load(model: type[models.Model], said: dict[str, Any], users: dict[str, int]) -> models.Model:
    """The row that was dumped, not yet saved."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name not in said:
            continue
        value = said[field.name]
        if field.related_model is get_user_model():
            value = users[value] if value is not None else None
        elif model is Edition and field.name == "contributors":
            value = "," + "".join(f"{users[name]}," for name in value)
        elif not field.is_relation:
            value = field.to_python(value)
        values[field.attname] = value
    return model(**values)
