"""Rules in words that only PostgreSQL has. SQLite holds promise 6 by a trigger (triggers.py);
there the digest is proved by verify_record, having no SHA-256 of its own."""

from django.db import migrations

# Ranges of whole numbers instead of btree_gist's "=": no extension to install.
ONE_AT_A_TIME = """
ALTER TABLE statements_edition ADD CONSTRAINT one_edition_at_a_time EXCLUDE USING gist (
    int8range(statement_id, statement_id, '[]') WITH &&,
    tstzrange(release_at, live_until) WITH &&
) WHERE (release_at IS NOT NULL)
"""
DIGEST = """
ALTER TABLE statements_edition ADD CONSTRAINT digest_is_of_the_content CHECK (
    erased_at IS NOT NULL OR digest = encode(sha256(convert_to(content, 'UTF8')), 'hex')
)
"""


def on_postgresql(*sentences):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for sentence in sentences:
                schema_editor.execute(sentence)

    return run


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [
        migrations.RunPython(
            on_postgresql(ONE_AT_A_TIME, DIGEST),
            on_postgresql(
                "ALTER TABLE statements_edition DROP CONSTRAINT one_edition_at_a_time",
                "ALTER TABLE statements_edition DROP CONSTRAINT digest_is_of_the_content",
            ),
        )
    ]
