"""Former addresses of themes; what the newsdesk's lists walk: headlines in the order of the list, and on PostgreSQL trigrams."""

import django.db.models.deletion
from django.db import DatabaseError, migrations, models, transaction

# Django's icontains asks UPPER(headline::text) LIKE …: the index is over the very same words.
TRIGRAMS = (
    "CREATE INDEX headline_trigrams ON statements_statement "
    "USING gin (UPPER(headline::text) gin_trgm_ops)"
)


def make_trigrams(apps, schema_editor):
    """Any owner of a database may have pg_trgm; where it is not installed, a search reads more."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    schema_editor.execute(TRIGRAMS)


def drop_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS headline_trigrams")


class Migration(migrations.Migration):
    dependencies = [("statements", "0005_wanted_release")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="action",
            field=models.CharField(
                choices=[
                    ("submitted", "submitted"),
                    ("sent_back", "sent back"),
                    ("asked", "asked somebody to countersign"),
                    ("countersigned", "countersigned"),
                    ("approved", "approved"),
                    ("released", "released at once"),
                    ("retimed", "re-timed"),
                    ("held", "held"),
                    ("cancelled", "cancelled"),
                    ("released_urgently", "released urgently"),
                    ("looked_at", "took the second look at"),
                    ("withdrawn", "withdrew"),
                    ("restored", "restored"),
                    ("suppressed", "removed the earlier wording of"),
                    ("erasure_asked", "asked to erase"),
                    ("erased", "erased"),
                    ("imported", "imported"),
                    ("shelf_changed", "changed what stands beside"),
                    ("account_changed", "changed the account"),
                    ("merged", "merged"),
                    ("anchored", "anchored the record"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="FormerThemeSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="statements.theme",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="statement", name="last_worked_on"),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["-changed_at", "headline"], name="last_worked_on"),
        ),
        migrations.RunPython(make_trigrams, drop_trigrams),
    ]
