"""Describe one rule of a database's catalogue, and the tables whose rules are compared."""

import functools
import importlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

GUARDED_APPS = ("statements", "organisations", "archive", "auth")
HAND_WRITTEN_SQL = "statements.migrations.0002_hand_written_sql"


class RuleKey(NamedTuple):
    """The kind of rule, its table ("" for a function) and its name."""

    kind: str
    table: str
    name: str


class RuleEntry(NamedTuple):
    """The definition as the database writes it; `fault` says why the rule does not hold."""

    definition: str
    fault: str = ""


Catalogue = dict[RuleKey, RuleEntry]


def list_table_models() -> list[type[models.Model]]:
    """Return every model with a table: foreign keys may lead to any of them."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001 - public in Django, despite its name
    ]


@functools.cache
def list_guarded_models() -> dict[str, type[models.Model]]:
    """Return table → model, for each table whose rules are compared."""
    return {
        model._meta.db_table: model  # noqa: SLF001 - public in Django, despite its name
        for app in GUARDED_APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def load_hand_written_sql(vendor: str) -> Iterable[str]:
    """Return the SQL that creates what models cannot say."""
    migration: Any = importlib.import_module(HAND_WRITTEN_SQL)
    return list(migration.SQLITE) if vendor == "sqlite" else [migration.POSTGRESQL]
