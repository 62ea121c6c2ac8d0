"""Editions by their words, for the check of a quotation: one row for each, one index for each
database. What was approved before is filled in by `manage.py index_quotations`."""

import django.db.models.deletion
from django.db import migrations, models

import statements.models.fingerprints

# A short pending list: every check reads it from end to end. More statistics than usual: they tell
# which prints are common, down to about one edition in a thousand.
ON_POSTGRESQL = """
CREATE INDEX fingerprints_held ON statements_fingerprints USING gin (prints)
    WITH (gin_pending_list_limit = 512);
ALTER TABLE statements_fingerprints ALTER COLUMN prints SET STATISTICS 1000
"""
# It keeps no copy: triggers (index_triggers.py) tell it of every row.
ON_SQLITE = """
CREATE VIRTUAL TABLE statements_fingerprints_index USING fts5(
    prints, content = 'statements_fingerprints', content_rowid = 'edition_id',
    detail = none, columnsize = 0, tokenize = 'ascii'
)
"""


def run(**sentences):
    def on_its_database(apps, schema_editor):
        if sentence := sentences.get(schema_editor.connection.vendor):
            schema_editor.execute(sentence)

    return on_its_database


class Migration(migrations.Migration):
    dependencies = [("statements", "0014_site_pages")]

    operations = [
        migrations.CreateModel(
            name="Fingerprints",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="statements.edition",
                    ),
                ),
                ("prints", statements.models.fingerprints.Prints()),
            ],
            options={"verbose_name_plural": "fingerprints"},
        ),
        migrations.RunPython(
            run(postgresql=ON_POSTGRESQL, sqlite=ON_SQLITE),
            run(
                postgresql="DROP INDEX fingerprints_held",
                sqlite="DROP TABLE statements_fingerprints_index",
            ),
        ),
    ]
