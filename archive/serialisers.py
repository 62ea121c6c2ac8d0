"""Convert rows to plain data and back: the format that an export writes and a restore reads.

Staff are identified by their user names, because their primary keys differ between databases.
Every other row keeps its primary key, so that references to it stay valid.
"""

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from archive.models import ImportApproval, ImportedStatement, ImportRun, LegacyRedirect
from organisations.models import (
    Appointment,
    Contact,
    FormerOrganisationSlug,
    FormerSpeakerSlug,
    Organisation,
    Speaker,
)
from statements.models import (
    NOTE_KEY,
    Attachment,
    Contribution,
    DraftVersion,
    Edition,
    EditionAttribution,
    EditionFile,
    Event,
    EventText,
    FormerThemeSlug,
    JointPublisher,
    Passage,
    PreviewLink,
    PreviewVisit,
    ProposedName,
    RelatedStatement,
    ReleaseGroup,
    Seal,
    SealedEdition,
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
    "former_organisation_addresses": FormerOrganisationSlug,
    "speakers": Speaker,
    "former_speaker_addresses": FormerSpeakerSlug,
    "appointments": Appointment,
    "contacts": Contact,
    "themes": Theme,
    "former_theme_addresses": FormerThemeSlug,
    "style_rules": StyleRule,
    "sensitive_periods": SensitivePeriod,
    "stored_files": StoredFile,
    "release_groups": ReleaseGroup,
    "seals": Seal,
    "import_approvals": ImportApproval,
    "import_runs": ImportRun,
}
"""File name to model; each refers only to models before it."""
OPTIONAL_FILES = {"former_organisation_addresses", "release_groups", "seals"}
"""Files that an export by an earlier version lacks."""

STATEMENT_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "joint_publishers": (JointPublisher, "statement"),
    "attachments": (Attachment, "statement"),
    "passages": (Passage, "statement"),
    "proposed_names": (ProposedName, "statement"),
    "contributions": (Contribution, "statement"),
    "draft_versions": (DraftVersion, "statement"),
    "addresses": (StatementSlug, "statement"),
    "themes": (ThemedStatement, "content_object"),
    "related": (RelatedStatement, "statement"),
    "editions": (Edition, "statement"),
    "withdrawals": (Withdrawal, "statement"),
    "previews": (PreviewLink, "statement"),
    "answers": (SignOff, "statement"),
    "events": (Event, "statement"),
    "imported": (ImportedStatement, "statement"),
    "old_addresses": (LegacyRedirect, "statement"),
}
EDITION_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "voices": (EditionAttribution, "edition"),
    "files": (EditionFile, "edition"),
    "sealed": (SealedEdition, "edition"),
}
PREVIEW_CHILDREN: dict[str, tuple[type[models.Model], str]] = {
    "openings": (PreviewVisit, "preview")
}
EVENT_CHILDREN: dict[str, tuple[type[models.Model], str]] = {"texts": (EventText, "event")}
CHILDREN = {
    Statement: STATEMENT_CHILDREN,
    Edition: EDITION_CHILDREN,
    PreviewLink: PREVIEW_CHILDREN,
    Event: EVENT_CHILDREN,
}
EXCLUDED_FIELDS = {(StoredFile, "path"), (EventText, "id"), (ImportRun, "dry_run")}
"""Paths on disk and dry runs belong to one installation, and nothing refers to the text of an
event. Preview tokens, passwords and the newsdesk's remarks are never exported."""
FORMER_FIELD_NAMES: dict[type[models.Model], dict[str, str]] = {
    Statement: {"leftover_text": "unplaced", "requested_release_at": "wanted_at"},
    Edition: {"requested_release_at": "wanted_at"},
}
"""Model to field to the name that an export by an earlier version gives it."""


def upgrade_statement(data: dict[str, Any]) -> dict[str, Any]:
    """Return a statement of an export by an earlier version, which had sign-off by edition."""
    if "previews" in data:
        return data
    return data | {
        name: [
            row | {"statement": data["id"]}
            for edition in data["editions"]
            for row in edition.get(name, ())
        ]
        for name in ("previews", "answers")
    }


def upgrade_event(data: dict[str, Any]) -> dict[str, Any]:
    """Return an event of an export by an earlier version, which had its note in itself."""
    if "format" in data:
        return data
    note = data.get("note", "")
    texts = [{"key": NOTE_KEY, "text": note, "event": data["id"]}] if note else []
    return data | {"format": Event.Format.NOTE_IN_HASH, "texts": texts}


def dump_row(row: models.Model, users: dict[int, str]) -> dict[str, Any]:
    """Return every column of a row, except the excluded ones."""
    data: dict[str, Any] = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 - public in Django, despite its name
        if (type(row), field.name) in EXCLUDED_FIELDS:
            continue
        value = getattr(row, field.attname)
        if field.related_model is get_user_model() and value is not None:
            value = users[value]
        elif isinstance(value, dt.datetime):
            value = value.astimezone(dt.UTC).isoformat()
        elif isinstance(value, (dt.date, uuid.UUID)):
            value = str(value)
        elif isinstance(field, models.BinaryField):
            value = field.value_to_string(row)  # in base64
        data[field.name] = value
    if isinstance(row, Edition):
        user_pks = [int(number) for number in row.contributors.split(",") if number]
        data["contributors"] = [users[pk] for pk in user_pks]
    return data


def load_row(
    model: type[models.Model], data: dict[str, Any], users: dict[str, int]
) -> models.Model:
    """Build the unsaved row that was dumped as `data`."""
    former_names = FORMER_FIELD_NAMES.get(model, {})
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 - public in Django, despite its name
        name = field.name if field.name in data else former_names.get(field.name, field.name)
        if name not in data:
            continue
        value = data[name]
        if field.related_model is get_user_model():
            value = users[value] if value is not None else None
        elif model is Edition and field.name == "contributors":
            value = "," + "".join(f"{users[username]}," for username in value)
        elif not field.is_relation:
            value = field.to_python(value)
        values[field.attname] = value
    return model(**values)
