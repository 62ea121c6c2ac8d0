"""Compare the constraints, triggers and functions of a database with those that the code states.

The code builds its own schema in a scratch place of the same kind of database, once in each
process: in memory on SQLite, in temporary tables on PostgreSQL. The same query reads both. Nothing
that the database says about itself is trusted: a comment can be copied, a definition cannot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import InternalError, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from statements.integrity import postgresql_catalogue, sqlite_catalogue
from statements.integrity.rule_entries import Catalogue, RuleKey

MAX_SENTENCES = 10
CURE = (
    "Run manage.py repair_rules, then manage.py verify_record: rows may have changed while a rule "
    "was off."
)
FORBIDDEN_ADDITIONS = {"trigger", "rewrite rule"}
"""What nobody else may add: it could change what is written, and say nothing."""

_expected: dict[tuple[str, int], Catalogue] = {}


class RulesUnreadable(Exception):
    """The database does not let this process compare its rules."""


@dataclass(frozen=True)
class RuleDifference:
    """One rule that the database does not hold as the code states it."""

    key: RuleKey
    fault: str

    def __str__(self) -> str:
        of_table = f" of {self.key.table}" if self.key.table else ""
        return f"The {self.key.kind} {self.key.name}{of_table} {self.fault}."


def find_differences(connection: BaseDatabaseWrapper) -> list[RuleDifference]:
    """Return every rule that is missing, changed, off or unknown. Raises RulesUnreadable."""
    try:
        expected, actual = read_expected(connection), read_actual(connection)
    except (ProgrammingError, InternalError) as error:
        reason = str(error).strip().splitlines()[0]
        raise RulesUnreadable(
            f"The rules in the database cannot be compared ({reason}): let its user make temporary "
            "tables."
        ) from error
    return [*_find_lost(expected, actual), *_find_forbidden(expected, actual)]


def read_expected(connection: BaseDatabaseWrapper) -> Catalogue:
    """Return the rules that the code states, as this version of the database writes them."""
    key = (connection.vendor, getattr(connection, "pg_version", 0))
    if key not in _expected:
        _expected[key] = _build_expected(connection)
    return _expected[key]


def _build_expected(connection: BaseDatabaseWrapper) -> Catalogue:
    if connection.vendor == "sqlite":
        return sqlite_catalogue.build_expected(connection)
    return postgresql_catalogue.build_expected(connection)


def read_actual(connection: BaseDatabaseWrapper) -> Catalogue:
    """Return the rules that the database holds now."""
    if connection.vendor == "sqlite":
        return sqlite_catalogue.read_catalogue(connection)
    return postgresql_catalogue.read_catalogue(connection)


def _find_lost(expected: Catalogue, actual: Catalogue) -> Iterator[RuleDifference]:
    tables = {key.table for key in expected} - {key.table for key in actual}
    for table in sorted(tables):
        yield RuleDifference(RuleKey("table", "", table), "is missing: restore it from a backup")
    for key, entry in sorted(expected.items()):
        if key.table in tables:
            continue
        held = actual.get(key)
        if held is None:
            yield RuleDifference(key, "is missing")
        elif held.fault:
            yield RuleDifference(key, held.fault)
        elif held.definition != entry.definition:
            yield RuleDifference(key, "was changed")


def _find_forbidden(expected: Catalogue, actual: Catalogue) -> Iterator[RuleDifference]:
    for key in sorted(actual.keys() - expected.keys()):
        if key.kind in FORBIDDEN_ADDITIONS:
            yield RuleDifference(key, "is not ours: find out who added it, and drop it")


def describe_problems(connection: BaseDatabaseWrapper) -> list[str]:
    """Return a sentence for each of the first differences, and the cure; nothing if all is well."""
    try:
        differences = find_differences(connection)
    except RulesUnreadable as error:
        return [str(error)]
    sentences = [str(difference) for difference in differences[:MAX_SENTENCES]]
    if len(differences) > MAX_SENTENCES:
        sentences.append(f"{len(differences) - MAX_SENTENCES} more rules do not hold.")
    return [*sentences, CURE] if sentences else []


def check_rules(
    app_configs: Any, databases: Iterable[str] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Warn of rules that the database does not hold.

    An error would stop `migrate`. Before pending migrations the rules differ for a good reason.
    """
    warnings: list[checks.CheckMessage] = []
    for alias in databases or []:
        if _has_pending_migrations(connections[alias]):
            continue
        if problems := describe_problems(connections[alias]):
            warnings.append(checks.Warning(" ".join(problems), id="statements.W001"))
    return warnings


def _has_pending_migrations(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
