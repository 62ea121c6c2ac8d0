import datetime
import django.db.models.deletion
import organisations.accepted_values
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text="As used in lists and on small screens, such as ADCS.",
                        max_length=60,
                    ),
                ),
                (
                    "name_in_text",
                    models.CharField(
                        blank=True,
                        help_text="With its article, as in “President of …”: the Association of Directors of Children’s Services. Empty means the plain name.",
                        max_length=210,
                        verbose_name="name in running text",
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("website", models.URLField(blank=True)),
                (
                    "publishes",
                    models.BooleanField(
                        default=False,
                        help_text="Statements can be published in this organisation’s name.",
                    ),
                ),
                (
                    "boilerplate",
                    models.TextField(
                        blank=True, help_text="“About us”, printed under the notes to editors."
                    ),
                ),
                (
                    "reuse_terms",
                    models.TextField(
                        blank=True, help_text="What journalists may reuse, and with which credit."
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="organisation_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="As printed: Dame Jane Smith DBE.", max_length=200),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "sorted_under",
                    models.CharField(
                        blank=True,
                        help_text="As the list of speakers prints it: Pemberton, Cllr Ruth. Empty means: made from the name.",
                        max_length=250,
                    ),
                ),
                ("biography", models.TextField(blank=True)),
                ("given_key", models.CharField(db_index=True, editable=False, max_length=250)),
                ("family_key", models.CharField(db_index=True, editable=False, max_length=250)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="speaker_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerOrganisationSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "merged",
                    models.PositiveBigIntegerField(
                        help_text="The id of the merged row that had this slug; search still knows it.",
                        null=True,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="formerorganisationslug_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerSpeakerSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                (
                    "merged",
                    models.PositiveBigIntegerField(
                        help_text="The id of the merged row that had this slug; search still knows it.",
                        null=True,
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="organisations.speaker",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="formerspeakerslug_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="A person or an office: ADCS press office.", max_length=200
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "out_of_hours_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="out-of-hours phone"),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="New statements of this organisation name this contact.",
                        verbose_name="usual press contact",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__name", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("organisation",),
                        name="contact_organisation_default_uniq",
                        violation_error_message="An organisation has one usual press contact.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", ""), ("out_of_hours_phone", ""), ("phone", ""), _negated=True
                        ),
                        name="contact_email_phone_check",
                        violation_error_message="Give at least one way to reach this contact: e-mail or a phone.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(help_text="Such as President.", max_length=200)),
                (
                    "starts_on",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[organisations.accepted_values.validate_day],
                        verbose_name="from",
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day in office. Leave empty while it continues.",
                        null=True,
                        validators=[organisations.accepted_values.validate_day],
                        verbose_name="to",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="organisations.speaker",
                    ),
                ),
            ],
            options={
                "ordering": [
                    "speaker__name",
                    models.OrderBy(models.F("starts_on"), descending=True, nulls_last=True),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="appointment_ends_on_check",
                        violation_error_message="An appointment cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("starts_on", None),
                                (
                                    "starts_on__range",
                                    (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("ends_on", None),
                                (
                                    "ends_on__range",
                                    (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="appointment_starts_on_ends_on_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    ),
                ],
            },
        ),
    ]
