"""Read the rules of a PostgreSQL database, which reformats what it stores.

So the expected rules are read from PostgreSQL too: from temporary tables, made from the code's own
schema and rolled back.
"""

import re

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from statements.integrity.rule_entries import (
    Catalogue,
    RuleEntry,
    RuleKey,
    list_guarded_models,
    list_table_models,
    load_hand_written_sql,
)
from statements.integrity.triggers import POSTGRESQL_FUNCTIONS, build_trigger_sql

# Each query returns kind, table, name, definition and fault.
CONSTRAINTS = """
SELECT CASE c.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique constraint'
           WHEN 'f' THEN 'foreign key' WHEN 'x' THEN 'exclusion constraint' ELSE 'primary key' END,
       t.relname, c.conname, pg_get_constraintdef(c.oid),
       CASE WHEN NOT c.convalidated THEN 'was never validated'
            WHEN EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgconstraint = c.oid
                         AND g.tgenabled NOT IN ('O', 'A')) THEN 'is disabled'
            ELSE '' END
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE t.relnamespace = %(schema)s AND t.relname = ANY(%(tables)s)
    AND c.contype IN ('c', 'u', 'f', 'x', 'p')
"""
COLUMNS = """
SELECT 'column', t.relname, a.attname, CASE WHEN a.attnotnull THEN 'NOT NULL' ELSE '' END, ''
FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
WHERE t.relnamespace = %(schema)s AND t.relname = ANY(%(tables)s) AND t.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped
"""
UNIQUE_INDEXES = """
SELECT 'unique index', t.relname, i.relname, pg_get_indexdef(i.oid),
       CASE WHEN NOT x.indisvalid THEN 'was never validated' ELSE '' END
FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = %(schema)s AND t.relname = ANY(%(tables)s) AND x.indisunique
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype <> 'f')
"""
TRIGGERS = """
SELECT 'trigger', t.relname, g.tgname,
       pg_get_triggerdef(g.oid)
           || CASE WHEN f.pronamespace = t.relnamespace THEN '' ELSE ' in another schema' END,
       CASE WHEN g.tgenabled IN ('O', 'A') THEN '' ELSE 'is disabled' END
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc f ON f.oid = g.tgfoid
WHERE t.relnamespace = %(schema)s AND t.relname = ANY(%(tables)s) AND NOT g.tgisinternal
"""
FUNCTIONS = """
SELECT 'function', '', p.proname,
       concat_ws(' ', l.lanname, p.prorettype::regtype, p.provolatile, p.prosecdef, p.proisstrict,
                 p.proconfig, p.prosrc), ''
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = %(schema)s AND p.proname = ANY(%(functions)s)
"""
REWRITE_RULES = """
SELECT 'rewrite rule', t.relname, r.rulename, '', ''
FROM pg_rewrite r JOIN pg_class t ON t.oid = r.ev_class
WHERE t.relnamespace = %(schema)s AND t.relname = ANY(%(tables)s)
"""
SETTINGS = """
SELECT 'setting', '', 'session_replication_role',
       current_setting('session_replication_role'), ''
"""  # any value but "origin" turns every trigger off
QUERY = " UNION ALL ".join(
    (CONSTRAINTS, COLUMNS, UNIQUE_INDEXES, TRIGGERS, FUNCTIONS, REWRITE_RULES, SETTINGS)
)


def build_expected(connection: BaseDatabaseWrapper) -> Catalogue:
    """Build the schema that the code states in temporary tables, and return its rules."""
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = pg_temp")
        with connection.schema_editor() as editor:
            for model in list_table_models():
                editor.create_model(model)
            for sql in load_hand_written_sql("postgresql"):
                editor.execute(sql)
        with connection.cursor() as cursor:
            _create_temporary_triggers(cursor)
            catalogue = _read_schema(cursor, "pg_my_temp_schema()")
        transaction.set_rollback(True, using=connection.alias)
    # Whatever this session says of itself, it should be this.
    catalogue[RuleKey("setting", "", "session_replication_role")] = RuleEntry("origin")
    return catalogue


def _create_temporary_triggers(cursor: CursorWrapper) -> None:
    """Create functions and triggers: an unqualified name never means a temporary function."""
    for name, body in POSTGRESQL_FUNCTIONS.items():
        cursor.execute(
            f"CREATE FUNCTION pg_temp.{name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for sql in build_trigger_sql("postgresql").values():
        cursor.execute(sql.replace("EXECUTE FUNCTION ", "EXECUTE FUNCTION pg_temp."))


def read_catalogue(connection: BaseDatabaseWrapper) -> Catalogue:
    """Return the rules of the guarded tables, of the product's functions and of this session."""
    with connection.cursor() as cursor:
        return _read_schema(cursor, "current_schema()::regnamespace")


def _read_schema(cursor: CursorWrapper, schema_sql: str) -> Catalogue:
    cursor.execute(f"SELECT {schema_sql}::oid, quote_ident(current_schema())")
    schema, schema_name = cursor.fetchone()
    parameters = {
        "schema": schema,
        "tables": [*list_guarded_models()],
        "functions": [*POSTGRESQL_FUNCTIONS],
    }
    cursor.execute(QUERY, parameters)
    # PostgreSQL names the schema of what a search path does not reach.
    qualifier = re.compile(rf"( ON | REFERENCES |FUNCTION )(?:pg_temp\w*|{schema_name})\.")
    return {
        RuleKey(kind, table, name): RuleEntry(qualifier.sub(r"\1", definition), fault)
        for kind, table, name, definition, fault in cursor.fetchall()
    }
