"""Read the rules of an SQLite database, which keeps the SQL of each table and trigger as text."""

import re
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from statements.integrity.rule_entries import (
    Catalogue,
    RuleEntry,
    RuleKey,
    list_guarded_models,
    list_table_models,
    load_hand_written_sql,
)
from statements.integrity.triggers import build_trigger_sql

VIRTUAL_TABLES = {
    "statements_search",
    "statements_search_drafts",
    "statements_fingerprints_index",
}
NAMED_CONSTRAINT = re.compile(r'CONSTRAINT "(\w+)"')
COLUMN_NAME = re.compile(r'"(\w+)"')


def build_expected(connection: BaseDatabaseWrapper) -> Catalogue:
    """Build the schema that the code states in memory, and return its rules."""
    settings = {**connection.settings_dict, "NAME": ":memory:"}
    scratch = DatabaseWrapper(settings, alias="scratch")
    try:
        with scratch.schema_editor(atomic=False) as editor:
            for model in list_table_models():
                editor.create_model(model)
            for sql in load_hand_written_sql("sqlite"):
                editor.execute(sql)
        with scratch.cursor() as cursor:
            for sql in build_trigger_sql("sqlite").values():
                cursor.execute(sql)
        return read_catalogue(scratch)
    finally:
        scratch.close()


def read_catalogue(connection: BaseDatabaseWrapper) -> Catalogue:
    """Return the columns, constraints, unique indexes and triggers of the guarded tables."""
    tables = VIRTUAL_TABLES | list_guarded_models().keys()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND (type <> 'index' OR sql LIKE 'CREATE UNIQUE %')"
        )
        rows = [row for row in cursor.fetchall() if row[1] in tables]
    catalogue: Catalogue = {}
    for kind, table, name, sql in rows:
        if kind == "table" and table not in VIRTUAL_TABLES:
            catalogue |= dict(_read_table(table, sql))
        else:
            label = {"index": "unique index", "table": "search table"}.get(kind, kind)
            catalogue[RuleKey(label, table, name)] = RuleEntry(sql)
    return catalogue


def _read_table(table: str, sql: str) -> Iterator[tuple[RuleKey, RuleEntry]]:
    """Yield each column and constraint in the SQL of a table, whatever their order."""
    for clause in _split_clauses(sql):
        if named := NAMED_CONSTRAINT.match(clause):
            yield RuleKey("constraint", table, named[1]), RuleEntry(clause)
        elif column := COLUMN_NAME.match(clause):
            yield RuleKey("column", table, column[1]), RuleEntry(clause)
        else:
            yield RuleKey("constraint", table, clause), RuleEntry(clause)


def _split_clauses(sql: str) -> Iterator[str]:
    """Split the body of CREATE TABLE at the commas that no bracket or quotation mark encloses."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    depth, quote, start = 0, "", 0
    for position, character in enumerate(body):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and depth == 0:
            yield " ".join(body[start:position].split())
            start = position + 1
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
    yield " ".join(body[start:].split())
