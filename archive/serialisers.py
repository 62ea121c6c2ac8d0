"""Rows as plain data and back: what an export writes and a restore reads.

People on the newsdesk go by their user names, for their numbers differ from one database to
another; every other row keeps its number, so that what refers to it still does.
"""

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from archive.models import ImportApproval, ImportedStatement, ImportRun, LegacyRedirect
from organisations.models import Appointment, Contact, FormerSpeakerSlug, Organisation, Speaker
from statements.models import (
    Attachment,
    Contribution,
    Edition,
    EditionAttribution,
    EditionFile,
    Event,
    FormerThemeSlug,
    Passage,
    PreviewLink,
    PreviewVisit,
    RelatedStatement,
    Remark,
    SensitivePeriod,
    SignOff,
    Statement,
    StatementSlug,
    StoredFile,
    StyleRule,
    Theme,
    ThemedStatement,
    Withdrawal,
)

FLAT_TABLES: dict[str, type[models.Model]] = {
    "organisations": Organisation,
    "speakers": Speaker,
    "former_speaker_addresses": FormerSpeakerSlug,
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

STATEMENT_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "passages": (Passage, "statement"),
    "contributions": (Contribution, "statement"),
    "attachments": (Attachment, "statement"),
    "addresses": (StatementSlug, "statement"),
    "themes": (ThemedStatement, "content_object"),
    "related": (RelatedStatement, "statement"),
    "editions": (Edition, "statement"),
    "withdrawals": (Withdrawal, "statement"),
    "events": (Event, "statement"),
    "imported": (ImportedStatement, "statement"),
    "old_addresses": (LegacyRedirect, "statement"),
}
EDITION_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "voices": (EditionAttribution, "edition"),
    "files": (EditionFile, "edition"),
    "remarks": (Remark, "edition"),
    "previews": (PreviewLink, "edition"),
    "answers": (SignOff, "edition"),
}
PREVIEW_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "openings": (PreviewVisit, "preview")
}
CHILDREN = {Statement: STATEMENT_CHILDREN, Edition: EDITION_CHILDREN, PreviewLink: PREVIEW_CHILDREN}
EXCLUDED_FIELDS = {(StoredFile, "path")}
"""Where bytes lie is this installation's affair; keys of previews and passwords never leave."""


def dump_row(row: models.Model, users: dict[int, str]) -> dict[str, Any]:
    """Every column, but for what is left out."""
    said: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if (type(row), field.name) in EXCLUDED_FIELDS:
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


def load_row(
    model: type[models.Model], said: dict[str, Any], users: dict[str, int]
) -> models.Model:
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
