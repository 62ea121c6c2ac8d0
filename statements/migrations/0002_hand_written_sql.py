"""What models cannot say: constraints, indexes and search tables in each database's own SQL.

Triggers are not here: `statements/integrity/` creates them after every migrate. SQLite has no
exclusion constraint and no SHA-256: a trigger holds promise 6 there, and `verify_record` checks
the digests.
"""

from django.db import DatabaseError, migrations, transaction

POSTGRESQL = """
-- int8range in place of "=" saves the extension btree_gist.
ALTER TABLE statements_edition ADD CONSTRAINT edition_statement_release_excl EXCLUDE USING gist (
    int8range(statement_id, statement_id, '[]') WITH &&,
    tstzrange(release_at, live_until) WITH &&
) WHERE (release_at IS NOT NULL);

ALTER TABLE statements_edition ADD CONSTRAINT edition_digest_check CHECK (
    erased_at IS NOT NULL OR digest = encode(sha256(convert_to(content, 'UTF8')), 'hex')
);

-- The words lie outside the row, so that a search that reads thousands of rows stays small; what
-- ranks and counts them lies inside. No pending list: every search would read it whole.
ALTER TABLE statements_searchrow ADD COLUMN words tsvector NOT NULL;
ALTER TABLE statements_searchrow ALTER COLUMN words SET STORAGE EXTERNAL,
    ALTER COLUMN headline SET STORAGE MAIN,
    ALTER COLUMN names SET STORAGE MAIN,
    ALTER COLUMN summary SET STORAGE MAIN;
ALTER TABLE statements_searchrow SET (toast_tuple_target = 128);
CREATE INDEX searchrow_words_idx ON statements_searchrow USING gin (words)
    WITH (fastupdate = off);

ALTER TABLE statements_draftsearchrow ALTER COLUMN words SET STORAGE EXTERNAL;
CREATE INDEX draftsearchrow_words_idx ON statements_draftsearchrow USING gin (words)
    WITH (fastupdate = off);

-- A short pending list, because every quotation check reads it whole. More statistics than usual:
-- they tell which fingerprints are common, down to one edition in a thousand.
CREATE INDEX fingerprints_prints_idx ON statements_fingerprints USING gin (prints)
    WITH (gin_pending_list_limit = 512);
ALTER TABLE statements_fingerprints ALTER COLUMN prints SET STATISTICS 1000;
"""

SQLITE = (
    # Only spaces separate tokens: Python has found the words already.
    """CREATE VIRTUAL TABLE statements_search
        USING fts5(words, tokenize="ascii tokenchars '.:|'")""",
    # This and the next keep no copy: index_triggers.py tells them of every row.
    """CREATE VIRTUAL TABLE statements_search_drafts USING fts5(
        words, content = 'statements_draftsearchrow', content_rowid = 'statement_id',
        columnsize = 0, tokenize="ascii tokenchars '.:|'"
    )""",
    """CREATE VIRTUAL TABLE statements_fingerprints_index USING fts5(
        prints, content = 'statements_fingerprints', content_rowid = 'edition_id',
        detail = none, columnsize = 0, tokenize = 'ascii'
    )""",
)

# Django's icontains asks for UPPER(headline::text) LIKE …, so the index holds the same expression.
TRIGRAMS = """
CREATE INDEX statement_headline_trgm_idx ON statements_statement
    USING gin (UPPER(headline::text) gin_trgm_ops)
"""

DROP_POSTGRESQL = """
DROP INDEX IF EXISTS statement_headline_trgm_idx;
DROP INDEX fingerprints_prints_idx;
DROP INDEX draftsearchrow_words_idx;
ALTER TABLE statements_searchrow DROP COLUMN words;
ALTER TABLE statements_edition DROP CONSTRAINT edition_digest_check;
ALTER TABLE statements_edition DROP CONSTRAINT edition_statement_release_excl;
"""
DROP_SQLITE = (
    "DROP TABLE statements_search",
    "DROP TABLE statements_search_drafts",
    "DROP TABLE statements_fingerprints_index",
)


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        _create_trigrams(schema_editor)
    else:
        for sql in SQLITE:
            schema_editor.execute(sql)


def _create_trigrams(schema_editor):
    """The newsdesk's search by headline reads more rows where pg_trgm is not installed."""
    connection = schema_editor.connection
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    schema_editor.execute(TRIGRAMS)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP_POSTGRESQL)
    else:
        for sql in DROP_SQLITE:
            schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
