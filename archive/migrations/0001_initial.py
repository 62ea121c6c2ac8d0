import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("statements", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportDryRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        help_text="Keyed, of the fields below.", max_length=64, unique=True
                    ),
                ),
                (
                    "source_digest",
                    models.CharField(help_text="Keyed, of files and mapping.", max_length=64),
                ),
                (
                    "at",
                    models.DateTimeField(help_text="Its clock, by which the import decides too."),
                ),
                (
                    "outcomes",
                    models.BinaryField(help_text="A keyed hash of what became of each row."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        help_text="Of the dry run, or else of the source.",
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("sources", models.TextField(help_text="The files, by name.")),
                ("into_empty_site", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                (
                    "dry_run",
                    models.ForeignKey(
                        help_text="Null for an import into an empty site without one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="archive.importdryrun",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="ImportedStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("identifier", models.CharField(max_length=500)),
                (
                    "row_digest",
                    models.CharField(
                        help_text="Keyed, of all that the source said of it.", max_length=64
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        help_text="Of the statement, as the import left it."
                    ),
                ),
                (
                    "words_hash",
                    models.CharField(
                        blank=True,
                        help_text="Keyed, of the words; a draft’s is empty.",
                        max_length=64,
                    ),
                ),
                ("file", models.CharField(max_length=300)),
                ("row", models.PositiveIntegerField()),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported",
                        to="statements.statement",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="archive.importrun",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LegacyRedirect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=500, unique=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="statements.storedfile",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="statements.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("folder", models.CharField(max_length=32, unique=True)),
                ("size", models.PositiveBigIntegerField(help_text="In bytes.")),
                (
                    "mapping",
                    models.TextField(
                        blank=True, help_text="As TOML; empty until one was proposed."
                    ),
                ),
                (
                    "stands",
                    models.CharField(
                        choices=[
                            ("checking", "Dry run"),
                            ("checked", "Dry run made"),
                            ("importing", "Being imported"),
                            ("imported", "Imported"),
                            ("forgotten", "Forgotten"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(help_text="When that, or the import, was asked for.")),
                (
                    "digest",
                    models.CharField(blank=True, help_text="Of the last dry run.", max_length=64),
                ),
                (
                    "rows",
                    models.PositiveBigIntegerField(default=0, help_text="Gone through so far."),
                ),
                (
                    "of_rows",
                    models.PositiveBigIntegerField(
                        default=0, help_text="As the dry run counted them."
                    ),
                ),
                ("summary", models.JSONField(default=dict)),
                (
                    "problem",
                    models.TextField(
                        blank=True, help_text="Why the last run did not end, a sentence."
                    ),
                ),
                ("worker", models.CharField(blank=True, max_length=32)),
                ("beat_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Who had the last dry run made, and brings it in.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="archive.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest",
                    models.CharField(help_text="Of the dry run.", max_length=64),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("digest", "by"),
                        name="importapproval_digest_by_uniq",
                        violation_error_message="You have already approved this import.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("into_empty_site", True),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="importrun_approved_by_check",
                violation_error_message="An import into a site with statements needs a second person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedstatement",
            constraint=models.UniqueConstraint(
                fields=("source", "identifier"),
                name="importedstatement_source_identifier_uniq",
                violation_error_message="This item was already imported from this source.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyredirect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("path__startswith", "/"), models.Q(("path__startswith", "//"), _negated=True)
                ),
                name="legacyredirect_path_check",
                violation_error_message="The old address must be a path on this site.",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stands", "importing")),
                fields=("stands",),
                name="upload_stands_importing_uniq",
                violation_error_message="Another import is running.",
            ),
        ),
    ]
