import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import organisations.accepted_values
import statements.models.fingerprints
import statements.models.search
import statements.models.passage
import taggit.managers
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CacheVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="DocumentFrequencies",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "public",
                    models.PositiveIntegerField(help_text="How many editions were public then."),
                ),
                (
                    "editions",
                    models.PositiveIntegerField(
                        help_text="How many of them were counted: the newest."
                    ),
                ),
                ("keys", models.BinaryField()),
                ("counts", models.BinaryField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=2000, unique=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "checked_at",
                    models.DateTimeField(
                        help_text="Null while the worker has not been.", null=True
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True, help_text="Empty: the link is alive.", max_length=300
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="address")),
                ("description", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="theme_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("stem", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "stem"),
                        name="searchword_language_stem_uniq",
                        violation_error_message="This language already has this stem.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SensitivePeriod",
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
                        help_text="Such as: Pre-election period for the county council election.",
                        max_length=200,
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        validators=[organisations.accepted_values.validate_day], verbose_name="from"
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        help_text="The last day that belongs to it.",
                        validators=[organisations.accepted_values.validate_day],
                        verbose_name="until",
                    ),
                ),
                (
                    "guidance",
                    models.TextField(
                        help_text="What to mind, in a few sentences. It stands in the banner and beside the reason."
                    ),
                ),
                (
                    "organisations",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Publishers that it binds. None chosen means all.",
                        limit_choices_to={"publishes": True},
                        to="organisations.organisation",
                        verbose_name="only for",
                    ),
                ),
            ],
            options={
                "ordering": ["-ends_on", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="sensitiveperiod_ends_on_check",
                        violation_error_message="The last day cannot be before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("guidance", ""), _negated=True),
                        name="sensitiveperiod_guidance_check",
                        violation_error_message="Enter guidance for this period.",
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
                        name="sensitiveperiod_starts_on_ends_on_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SitePage",
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
                        choices=[("accessibility", "Accessibility"), ("privacy", "Privacy")],
                        editable=False,
                        max_length=20,
                        unique=True,
                        verbose_name="page",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="words")),
                ("changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "page about this site",
                "verbose_name_plural": "pages about this site",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__in", ["accessibility", "privacy"])),
                        name="sitepage_name_check",
                        violation_error_message="The page is either accessibility or privacy.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), ("changed_at", None)),
                            models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="sitepage_changed_check",
                        violation_error_message="A changed page records who changed it and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "release_at",
                    models.DateTimeField(
                        help_text="When all members go public. Empty: not agreed yet, or on hold.",
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("release_at", None),
                            (
                                "release_at__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="releasegroup_release_at_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("headline", models.CharField(max_length=500)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "Comment"),
                            ("statement", "Statement"),
                            ("press-release", "Press release"),
                            ("response", "Consultation response"),
                            ("speech", "Speech"),
                            ("letter", "Open letter"),
                        ],
                        default="comment",
                        max_length=20,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences. Lists and search engines show up to 160 characters.",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("cy", "Cymraeg"),
                            ("ga", "Gaeilge"),
                            ("gd", "Gàidhlig"),
                            ("ar", "العربية"),
                            ("bn", "বাংলা"),
                            ("de", "Deutsch"),
                            ("es", "Español"),
                            ("fa", "فارسی"),
                            ("fr", "Français"),
                            ("he", "עברית"),
                            ("pa", "ਪੰਜਾਬੀ"),
                            ("pl", "Polski"),
                            ("ro", "Română"),
                            ("so", "Soomaali"),
                            ("uk", "Українська"),
                            ("ur", "اردو"),
                        ],
                        default="en",
                        max_length=12,
                    ),
                ),
                (
                    "dated_on",
                    models.DateField(
                        blank=True,
                        help_text="The day the words were spoken. Leave empty to use the release date.",
                        null=True,
                        validators=[organisations.accepted_values.validate_day],
                        verbose_name="dated",
                    ),
                ),
                (
                    "responds_to_title",
                    models.CharField(
                        blank=True,
                        help_text="A report, a bill, a decision.",
                        max_length=300,
                        verbose_name="responds to",
                    ),
                ),
                (
                    "responds_to_url",
                    models.URLField(blank=True, max_length=500, verbose_name="its address"),
                ),
                ("notes_to_editors", models.TextField(blank=True)),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Made from the headline when you submit.",
                        max_length=100,
                        verbose_name="address",
                    ),
                ),
                (
                    "leftover_text",
                    models.TextField(
                        blank=True,
                        help_text="What had no place in the draft. It is never published: empty it when you are done.",
                        verbose_name="left out of the draft",
                    ),
                ),
                (
                    "amendment",
                    models.CharField(
                        blank=True,
                        help_text="What the next edition is to the public one before it.",
                        max_length=20,
                        verbose_name="kind of change",
                    ),
                ),
                (
                    "public_note",
                    models.TextField(
                        blank=True,
                        help_text="What was wrong and what is right, for the readers of the next edition.",
                    ),
                ),
                (
                    "requested_release_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When should it go out? The editor decides.",
                        null=True,
                        validators=[organisations.accepted_values.validate_time],
                        verbose_name="requested release",
                    ),
                ),
                (
                    "embargo_line",
                    models.CharField(
                        blank=True,
                        help_text="The line of the document, such as “Embargoed until 00:01 on 2 December”.",
                        max_length=300,
                        verbose_name="embargo in the document",
                    ),
                ),
                (
                    "embargo_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Publishing before this needs a reason. Empty both if there is no embargo.",
                        null=True,
                        validators=[organisations.accepted_values.validate_time],
                    ),
                ),
                (
                    "discarded_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="Since when the draft has been in the bin.",
                        null=True,
                    ),
                ),
                (
                    "erased_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="When the words of a discarded draft went for good.",
                        null=True,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("first_release_at", models.DateTimeField(editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="organisations.contact",
                    ),
                ),
                (
                    "discarded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to={"publishes": True},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_statements",
                        to="organisations.organisation",
                        verbose_name="publish as",
                    ),
                ),
                (
                    "translation_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="translations",
                        to="statements.statement",
                    ),
                ),
                (
                    "release_group",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="statements.releasegroup",
                    ),
                ),
            ],
            options={
                "ordering": ["-changed_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("release_group__isnull", False)),
                        fields=["release_group"],
                        name="statement_release_group_idx",
                    ),
                    models.Index(
                        condition=models.Q(("discarded_at", None)),
                        fields=["-changed_at", "headline"],
                        name="statement_changed_headline_idx",
                    ),
                    models.Index(
                        condition=models.Q(("discarded_at__isnull", False), ("erased_at", None)),
                        fields=["discarded_at"],
                        name="statement_discarded_at_idx",
                    ),
                    models.Index(fields=["kind", "-changed_at"], name="statement_kind_changed_idx"),
                    models.Index(
                        fields=["language", "-changed_at"], name="statement_language_changed_idx"
                    ),
                    models.Index(
                        fields=["organisation", "-changed_at"], name="statement_org_changed_idx"
                    ),
                    models.Index(
                        condition=models.Q(("requested_release_at__isnull", False)),
                        fields=["requested_release_at"],
                        name="statement_requested_idx",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discarded_at", None), ("discarded_by", None)),
                            models.Q(
                                ("discarded_at__isnull", False), ("discarded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="statement_discarded_check",
                        violation_error_message="A discarded draft records who discarded it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at", None),
                            models.Q(
                                ("discarded_at__isnull", False),
                                ("embargo_line", ""),
                                ("headline", ""),
                                ("leftover_text", ""),
                                ("notes_to_editors", ""),
                                ("public_note", ""),
                                ("responds_to_title", ""),
                                ("responds_to_url", ""),
                                ("slug", ""),
                                ("summary", ""),
                            ),
                            _connector="OR",
                        ),
                        name="statement_erased_check",
                        violation_error_message="Only a discarded draft is erased, with all its words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discarded_at", None), ("release_group", None), _connector="OR"
                        ),
                        name="statement_discarded_group_check",
                        violation_error_message="A discarded draft is in no release group.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("discarded_at", None), ("translation_of__isnull", False)
                        ),
                        fields=("translation_of", "language"),
                        name="statement_translation_language_uniq",
                        violation_error_message="There is a translation into this language already.",
                    ),
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="statement_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dated_on", None),
                            (
                                "dated_on__range",
                                (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="statement_dated_on_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requested_release_at", None),
                            (
                                "requested_release_at__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="statement_requested_release_at_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("embargo_until", None),
                            (
                                "embargo_until__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="statement_embargo_until_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("sealed_at", models.DateTimeField()),
                ("document", models.TextField()),
                ("signature", models.CharField(max_length=88)),
                ("key_id", models.CharField(max_length=16)),
                (
                    "timestamp",
                    models.BinaryField(
                        default=b"", help_text="The answer of the authority, as DER."
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        help_text="Its random name in storage.", max_length=100, unique=True
                    ),
                ),
                ("digest", models.CharField(help_text="SHA-256 of the bytes.", max_length=64)),
                ("size", models.PositiveBigIntegerField(help_text="In bytes.")),
                (
                    "content_type",
                    models.CharField(help_text="As our own check found it.", max_length=100),
                ),
                (
                    "width",
                    models.PositiveIntegerField(
                        help_text="In pixels; of pictures alone.", null=True
                    ),
                ),
                ("height", models.PositiveIntegerField(null=True)),
                (
                    "is_tagged",
                    models.BooleanField(
                        help_text="Of PDFs: whether a screen reader finds headings and tables in it.",
                        null=True,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="narrower",
                        to="statements.storedfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["digest"], name="storedfile_digest_idx")],
            },
        ),
        migrations.CreateModel(
            name="StyleRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "avoid",
                    models.CharField(
                        help_text="A word or phrase as it stands in a text, such as PHSE.",
                        max_length=120,
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        blank=True,
                        help_text="What to write instead. Empty means: only point it out.",
                        max_length=120,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="One sentence for the writer.", max_length=300
                    ),
                ),
                (
                    "match_case",
                    models.BooleanField(
                        default=False,
                        help_text="Find it only in exactly these capital and small letters.",
                        verbose_name="capitals matter",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "ordering": ["avoid"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("avoid"),
                        models.F("match_case"),
                        name="stylerule_avoid_match_case_uniq",
                        violation_error_message="There is a rule for this already: change that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("avoid", ""), _negated=True),
                        name="stylerule_avoid_check",
                        violation_error_message="Enter the word or phrase to avoid.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("avoid", models.F("use")), _negated=True),
                        name="stylerule_avoid_use_check",
                        violation_error_message="The word to use must differ from the word to avoid.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="calendar_feed",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="CalendarSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shows_titles",
                    models.BooleanField(
                        default=False, verbose_name="show headlines in calendar feeds"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="calendarsetting_id_check",
                        violation_error_message="There is one calendar setting.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(help_text="The query string of the list.", max_length=1000),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "name"),
                        name="savedview_user_name_uniq",
                        violation_error_message="You already have a view with this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="savedview_name_check",
                        violation_error_message="Give the view a name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="absence",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "until",
                    models.DateField(validators=[organisations.accepted_values.validate_day]),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            (
                                "until__range",
                                (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="absence_until_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SwitchedOffMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="switched_off_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "kind"),
                        name="switchedoffmail_user_kind_uniq",
                        violation_error_message="This kind of mail is switched off already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "submitted",
                                    "asked",
                                    "undecided",
                                    "sent_back",
                                    "approved",
                                    "put_on_hold",
                                    "going_out",
                                    "published",
                                    "withdrawn",
                                    "agreed",
                                    "objected",
                                    "remark",
                                ],
                            )
                        ),
                        name="switchedoffmail_kind_check",
                        violation_error_message="This kind of mail cannot be switched off.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sequence",
                    models.PositiveIntegerField(help_text="Counts what was submitted, from 1."),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content", models.TextField(help_text="The exact text that was hashed.")),
                ("digest", models.CharField(max_length=64)),
                ("headline", models.CharField(max_length=500)),
                ("summary", models.TextField(blank=True)),
                ("byline", models.CharField(blank=True, max_length=500)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "Comment"),
                            ("statement", "Statement"),
                            ("press-release", "Press release"),
                            ("response", "Consultation response"),
                            ("speech", "Speech"),
                            ("letter", "Open letter"),
                        ],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("dated_on", models.DateField(null=True)),
                ("slug", models.SlugField(max_length=100)),
                (
                    "amendment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("typo", "Typo"),
                            ("update", "Update"),
                            ("clarification", "Clarification"),
                            ("correction", "Correction"),
                            ("retraction", "Retraction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("public_note", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_review", "In review"),
                            ("sent_back", "Sent back"),
                            ("approved", "Approved"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="in_review",
                        max_length=20,
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                (
                    "requested_release_at",
                    models.DateTimeField(
                        help_text="When its writers would like it to go out. It binds nobody.",
                        null=True,
                    ),
                ),
                (
                    "embargo_line",
                    models.CharField(blank=True, help_text="As in the document.", max_length=300),
                ),
                (
                    "embargo_until",
                    models.DateTimeField(
                        help_text="A release before it needs a reason. Empty, with a line: not known.",
                        null=True,
                    ),
                ),
                ("contributors", models.TextField(help_text="Who had a hand in the words: ,3,17,")),
                ("countersigned_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ordinary", "Two people"),
                            ("urgent", "Urgent release"),
                            ("import", "Import"),
                        ],
                        max_length=10,
                    ),
                ),
                ("second_look_at", models.DateTimeField(null=True)),
                ("release_at", models.DateTimeField(null=True)),
                (
                    "live_until",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc)
                    ),
                ),
                ("first_release_at", models.DateTimeField(null=True)),
                (
                    "first_released_on",
                    models.DateField(
                        help_text="The day of the first release, where its source gave no time.",
                        null=True,
                    ),
                ),
                ("suppressed_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
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
                    "countersigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erasure_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "second_look_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="statements.statement",
                    ),
                ),
                (
                    "release_group",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The group that it was approved in, which owns its release time.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="statements.releasegroup",
                    ),
                ),
            ],
            options={
                "ordering": ["statement", "sequence"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("release_group__isnull", False)),
                        fields=["release_group"],
                        name="edition_release_group_idx",
                    ),
                    models.Index(
                        condition=models.Q(("release_at__isnull", False)),
                        fields=["-first_release_at", "-statement"],
                        name="edition_first_release_idx",
                    ),
                    models.Index(
                        condition=models.Q(("release_at__isnull", False)),
                        fields=["kind", "-first_release_at", "-statement"],
                        name="edition_kind_first_release_idx",
                    ),
                    models.Index(
                        condition=models.Q(("release_at__isnull", False)),
                        fields=["statement", "release_at"],
                        name="edition_statement_release_idx",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("release_at__isnull", False),
                            models.Q(("amendment", ""), _negated=True),
                        ),
                        fields=["-release_at", "-id"],
                        name="edition_amendment_release_idx",
                    ),
                    models.Index(
                        fields=["state", "release_at"], name="edition_state_release_at_idx"
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "live_until__lt",
                                datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc),
                            )
                        ),
                        fields=["live_until"],
                        name="edition_live_until_idx",
                    ),
                    models.Index(
                        condition=models.Q(("rule", "urgent"), ("second_look_by", None)),
                        fields=["approved_at"],
                        name="edition_second_look_idx",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("erased_at", None), ("erasure_asked_by__isnull", False)
                        ),
                        fields=["id"],
                        name="edition_erasure_asked_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("release_group__isnull", False), ("state", "approved")),
                        fields=("statement", "release_group"),
                        name="edition_statement_group_uniq",
                        violation_error_message="A release group has one edition of each member.",
                    ),
                    models.UniqueConstraint(
                        fields=("statement", "sequence"),
                        name="edition_statement_sequence_uniq",
                        violation_error_message="This statement already has an edition with this number.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_review")),
                        fields=("statement",),
                        name="edition_statement_review_uniq",
                        violation_error_message="Only one edition of a statement can be in review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None),
                            models.Q(("rule", "ordinary"), _negated=True),
                            models.Q(
                                (
                                    "contributors__contains",
                                    django.db.models.functions.text.Concat(
                                        models.Value(","),
                                        django.db.models.functions.comparison.Cast(
                                            models.F("approved_by_id"), models.CharField()
                                        ),
                                        models.Value(","),
                                    ),
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                ("countersigned_by__isnull", False),
                                models.Q(
                                    ("countersigned_by", models.F("approved_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="edition_approved_by_check",
                        violation_error_message="An ordinary approval needs a second person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contributors__endswith", ","),
                            ("contributors__startswith", ","),
                            models.Q(
                                ("rule", "import"),
                                models.Q(("contributors", ","), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="edition_contributors_check",
                        violation_error_message="An edition needs at least one contributor, unless it was imported.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None), ("rule", "")),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("rule__in", ["ordinary", "urgent", "import"]),
                            ),
                            _connector="OR",
                        ),
                        name="edition_approval_check",
                        violation_error_message="An approval records person, time and rule together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("release_at", None),
                                ("state__in", ["in_review", "sent_back"]),
                            ),
                            models.Q(("approved_at__isnull", False), ("state", "approved")),
                            models.Q(("release_at", None), ("state", "cancelled")),
                            _connector="OR",
                        ),
                        name="edition_state_release_at_check",
                        violation_error_message="Only an approved edition has a release time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("release_at", None),
                            ("release_at__gte", models.F("approved_at")),
                            ("rule", "import"),
                            _connector="OR",
                        ),
                        name="edition_release_approved_check",
                        violation_error_message="An edition is not released before its approval, unless it was imported.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("release_at", None),
                            ("live_until__gte", models.F("release_at")),
                            _connector="OR",
                        ),
                        name="edition_live_until_check",
                        violation_error_message="An edition cannot end before its release.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("release_at", None),
                            ("first_release_at__lte", models.F("release_at")),
                            _connector="OR",
                        ),
                        name="edition_first_release_at_check",
                        violation_error_message="The first release of a statement is not later than this release.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("countersigned_at", None), ("countersigned_by", None)),
                            models.Q(
                                ("countersigned_at__isnull", False),
                                ("countersigned_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="edition_countersigned_check",
                        violation_error_message="A countersignature records person and time together.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_look_by", None),
                            models.Q(
                                ("rule", "urgent"),
                                models.Q(
                                    ("second_look_by", models.F("approved_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="edition_second_look_by_check",
                        violation_error_message="The second look at an urgent publication is another person’s.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erased_at", None), ("erased_by", None)),
                            models.Q(
                                ("content", '{"erased":true,"schema":1}'),
                                ("erased_at__isnull", False),
                                models.Q(
                                    ("erased_by", models.F("erasure_asked_by")), _negated=True
                                ),
                                ("erased_by__isnull", False),
                                ("erasure_asked_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="edition_erased_by_check",
                        violation_error_message="An erasure needs two managers.",
                    ),
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="edition_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dated_on", None),
                            (
                                "dated_on__range",
                                (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="edition_dated_on_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_released_on", None),
                            (
                                "first_released_on__range",
                                (datetime.date(1800, 1, 1), datetime.date(2199, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="edition_first_released_on_range_check",
                        violation_error_message="Dates are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_released_on", None),
                            ("rule", "import"),
                            ("sequence__gt", 1),
                            _connector="OR",
                        ),
                        name="edition_first_released_on_check",
                        violation_error_message="Only what was imported came out on a day without a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("requested_release_at", None),
                            (
                                "requested_release_at__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="edition_requested_release_at_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("embargo_until", None),
                            (
                                "embargo_until__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="edition_embargo_until_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("release_at", None),
                            (
                                "release_at__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="edition_release_at_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.CharField(help_text="A template in templates/emails/.", max_length=40),
                ),
                (
                    "time",
                    models.DateTimeField(
                        help_text="The release or requested release that it is about."
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_reminders",
                        to="statements.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "message", "time"),
                        name="sentreminder_edition_message_time_uniq",
                        violation_error_message="This reminder has been sent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("time", None),
                            (
                                "time__range",
                                (
                                    datetime.datetime(
                                        1800, 1, 1, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                    datetime.datetime(
                                        2199, 12, 31, 0, 0, tzinfo=datetime.timezone.utc
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="sentreminder_time_range_check",
                        violation_error_message="Times are in the years 1800 to 2199.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelatedStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "blocked",
                    models.BooleanField(
                        default=False,
                        help_text="Keep this article out of the suggestions.",
                        verbose_name="never suggest",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="statements.statement",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.statement",
                        verbose_name="related article",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "to"),
                        name="relatedstatement_statement_to_uniq",
                        violation_error_message="This related article is already chosen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("statement", models.F("to")), _negated=True),
                        name="relatedstatement_statement_to_check",
                        violation_error_message="A statement cannot be related to itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointPublisher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        limit_choices_to={"publishes": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_publishers",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "organisation"),
                        name="jointpublisher_statement_organisation_uniq",
                        violation_error_message="This organisation publishes the statement already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("typed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="present",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "statement"),
                        name="presence_user_statement_uniq",
                        violation_error_message="This person already has this statement open.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "user"),
                        name="contribution_statement_user_uniq",
                        violation_error_message="This person is already a contributor.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(help_text="Of the statement.")),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True, help_text="The content, as canonical JSON.")),
                ("text_erased_at", models.DateTimeField(null=True)),
                (
                    "restored_from",
                    models.PositiveIntegerField(
                        help_text="The version whose words this one has again.", null=True
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_versions",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "version"),
                        name="draftversion_statement_version_uniq",
                        violation_error_message="This version was saved already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("text_erased_at__isnull", False),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="draftversion_text_check",
                        violation_error_message="A version holds its content, unless it was erased.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Autosave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("data", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="autosaves",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="autosave_saved_at_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "key"),
                        name="autosave_user_key_uniq",
                        violation_error_message="This form already has an autosave.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("public_from", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="statementslug_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "name",
                    models.CharField(help_text="Under which readers save it.", max_length=120),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="What readers see beside it.",
                        max_length=300,
                        verbose_name="title or caption",
                    ),
                ),
                (
                    "alt",
                    models.TextField(
                        blank=True,
                        help_text="Pictures only: what it shows, for people who cannot see it.",
                        verbose_name="description",
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        blank=True, help_text="Who made it, as printed beside it.", max_length=200
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        blank=True,
                        help_text="Such as “Free for editorial use”.",
                        max_length=300,
                        verbose_name="terms of use",
                    ),
                ),
                (
                    "is_accessible_version",
                    models.BooleanField(
                        default=False,
                        help_text="Documents only: the document before it, in a form that more people can read.",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="statements.statement",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="statements.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture or file",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="attachment_name_check",
                        violation_error_message="A file needs a name.",
                    )
                ],
            },
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
                    "merged",
                    models.PositiveBigIntegerField(
                        help_text="The id of the merged row that had this slug; search still knows it.",
                        null=True,
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="statements.theme",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=organisations.accepted_values.IsAsciiSlug("slug"),
                        name="formerthemeslug_slug_check",
                        violation_error_message="An address has only letters A to Z, digits, - and _.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemedStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_release_at", models.DateTimeField(editable=False, null=True)),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="themed",
                        to="statements.statement",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="statements.theme",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["tag", "-first_release_at", "-content_object"],
                        name="themedstatement_tag_first_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_object", "tag"),
                        name="themedstatement_object_tag_uniq",
                        violation_error_message="This statement already has this theme.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="organisations.appointment",
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
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="organisations.speaker",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_names",
                        to="statements.statement",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="statements.theme",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "speaker"),
                        name="proposedname_statement_speaker_uniq",
                        violation_error_message="This draft proposes this already.",
                    ),
                    models.UniqueConstraint(
                        fields=("statement", "appointment"),
                        name="proposedname_statement_appointment_uniq",
                        violation_error_message="This draft proposes this already.",
                    ),
                    models.UniqueConstraint(
                        fields=("statement", "organisation"),
                        name="proposedname_statement_organisation_uniq",
                        violation_error_message="This draft proposes this already.",
                    ),
                    models.UniqueConstraint(
                        fields=("statement", "theme"),
                        name="proposedname_statement_theme_uniq",
                        violation_error_message="This draft proposes this already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("appointment", None),
                                ("organisation", None),
                                ("speaker__isnull", False),
                                ("theme", None),
                            ),
                            models.Q(
                                ("appointment__isnull", False),
                                ("organisation", None),
                                ("speaker", None),
                                ("theme", None),
                            ),
                            models.Q(
                                ("appointment", None),
                                ("organisation__isnull", False),
                                ("speaker", None),
                                ("theme", None),
                            ),
                            models.Q(
                                ("appointment", None),
                                ("organisation", None),
                                ("speaker", None),
                                ("theme__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposedname_one_name_check",
                        violation_error_message="A proposal names exactly one thing.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftSearchRow",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="draft_search_row",
                        serialize=False,
                        to="statements.statement",
                    ),
                ),
                ("words", statements.models.search.TokensField()),
            ],
        ),
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
                ("prints", statements.models.fingerprints.FingerprintField()),
            ],
            options={
                "verbose_name_plural": "fingerprints",
            },
        ),
        migrations.CreateModel(
            name="TermVector",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="gist",
                        serialize=False,
                        to="statements.edition",
                    ),
                ),
                ("keys", models.BinaryField()),
                ("weights", models.BinaryField()),
                (
                    "count",
                    models.PositiveIntegerField(help_text="The word count that it was weighed by."),
                ),
                (
                    "suggested",
                    models.PositiveIntegerField(
                        default=0, help_text="The word count by which its suggestions were found."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "on_behalf_of",
                    models.CharField(
                        blank=True, help_text="An organisation, as printed.", max_length=200
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "requested_release_at",
                    models.DateTimeField(
                        help_text="As it was when the link was made: the reader is told.", null=True
                    ),
                ),
                (
                    "reply_by",
                    models.DateTimeField(help_text="A later reply still counts.", null=True),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "again_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_again",
                        to="statements.previewlink",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="previews",
                        to="statements.edition",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="previews",
                        to="statements.statement",
                    ),
                ),
                (
                    "draft_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="previews",
                        to="statements.draftversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft_version__isnull", False), ("edition", None)),
                            models.Q(("draft_version", None), ("edition__isnull", False)),
                            _connector="OR",
                        ),
                        name="previewlink_one_subject_check",
                        violation_error_message="A preview link shows either an edition or a draft version.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reply_by", None),
                            models.Q(
                                ("reply_by__gt", models.F("made_at")),
                                ("reply_by__lte", models.F("expires_at")),
                            ),
                            _connector="OR",
                        ),
                        name="previewlink_reply_by_check",
                        violation_error_message="A reply is asked for while the link works.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="previewlink_name_check",
                        violation_error_message="A preview link needs the name of its reader.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="previewlink_expires_at_check",
                        violation_error_message="A preview link expires after it is made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="previewlink_revoked_check",
                        violation_error_message="A revoked link records who revoked it and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(
                        help_text="Of the draft, where it is on no edition.", null=True
                    ),
                ),
                (
                    "block_id",
                    models.CharField(
                        blank=True, help_text="The passage. Empty: on the whole.", max_length=32
                    ),
                ),
                (
                    "by_name",
                    models.CharField(help_text="Their user name that day.", max_length=150),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("text_erased_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="statements.edition",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("text_erased_at__isnull", False),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="remark_text_check",
                        violation_error_message="A remark needs text, unless it was erased.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition", None), ("version__isnull", False)),
                            models.Q(("edition__isnull", False), ("version", None)),
                            _connector="OR",
                        ),
                        name="remark_edition_version_check",
                        violation_error_message="A remark is on an edition or on a version of the draft.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at", None), ("resolved_by", None)),
                            models.Q(
                                ("resolved_at__isnull", False), ("resolved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="remark_resolved_check",
                        violation_error_message="A resolved remark records who resolved it and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "block_id",
                    models.CharField(
                        default=statements.models.passage.make_block_id,
                        editable=False,
                        help_text="Names the block in the content of every edition.",
                        max_length=32,
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "heading",
                    models.CharField(blank=True, max_length=200, verbose_name="sub-heading"),
                ),
                (
                    "attribution",
                    models.CharField(
                        blank=True,
                        help_text="The line before the words. Empty means: made from the speaker and the role, where a new speaker begins.",
                        max_length=500,
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="words")),
                (
                    "awaits_speaker",
                    models.BooleanField(
                        default=False,
                        help_text="A quotation; whose words they are is still to be said.",
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty to use the role they held that day.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="organisations.appointment",
                        verbose_name="role",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organisations.speaker",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="statements.statement",
                    ),
                ),
                (
                    "picture",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="place",
                        to="statements.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appointment", None), ("speaker__isnull", False), _connector="OR"
                        ),
                        name="passage_appointment_check",
                        violation_error_message="A role needs a speaker.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("body__endswith", "</tbody></table>"),
                                ("body__startswith", "<table>"),
                                _negated=True,
                            ),
                            ("body__contains", "\n"),
                            ("speaker", None),
                            _connector="OR",
                        ),
                        name="passage_body_speaker_check",
                        violation_error_message="A table has no speaker.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awaits_speaker", False), ("speaker", None), _connector="OR"
                        ),
                        name="passage_awaits_speaker_check",
                        violation_error_message="A quotation that has a speaker waits for none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("picture", None),
                            models.Q(
                                ("attribution", ""),
                                ("awaits_speaker", False),
                                ("body", ""),
                                ("heading", ""),
                                ("speaker", None),
                            ),
                            _connector="OR",
                        ),
                        name="passage_picture_check",
                        violation_error_message="The place of a picture has no words.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Counts the events of one chain, from 1."
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("submitted", "submitted"),
                            ("sent_back", "sent back"),
                            ("asked", "asked somebody to countersign"),
                            ("countersigned", "countersigned"),
                            ("approved", "approved"),
                            ("released", "published"),
                            ("retimed", "rescheduled"),
                            ("held", "put on hold"),
                            ("cancelled", "cancelled"),
                            ("released_urgently", "published urgently"),
                            ("looked_at", "took the second look at"),
                            ("withdrawn", "withdrew"),
                            ("restored", "restored"),
                            ("suppressed", "removed from the site"),
                            ("erasure_asked", "asked to erase"),
                            ("erased", "erased"),
                            ("imported", "imported"),
                            ("shelf_changed", "changed the details of"),
                            ("preview_made", "asked for sign-off of"),
                            ("preview_revoked", "cancelled a link to"),
                            ("agreed", "recorded sign-off of"),
                            ("not_agreed", "recorded an objection to"),
                            ("account_changed", "changed the account"),
                            ("merged", "merged"),
                            ("record_changed", "changed the entry"),
                            ("page_changed", "changed the page"),
                            ("anchored", "sealed the record"),
                            ("discarded", "discarded, and erased after 30 days in the bin,"),
                            ("grouped", "put into a release group"),
                            ("ungrouped", "took out of its release group"),
                            ("file_downloaded", "downloaded the whole file of"),
                            ("baseline", "stated every value of"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "by_name",
                    models.CharField(
                        blank=True, help_text="Their user name that day.", max_length=150
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "format",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "of an earlier version: the hash covers the note itself"),
                            (2, "states resulting values, and texts by their hashes"),
                        ],
                        default=2,
                    ),
                ),
                (
                    "detail",
                    models.TextField(blank=True, help_text="What changed, as canonical JSON."),
                ),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(blank=True, max_length=88)),
                ("key_id", models.CharField(blank=True, max_length=16)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="statements.edition",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["-at"], name="event_at_idx"),
                    models.Index(fields=["action", "-id"], name="event_action_id_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("statement", "number"),
                        name="event_statement_number_uniq",
                        violation_error_message="This statement already has an event with this number.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("statement", None)),
                        fields=("number",),
                        name="event_site_number_uniq",
                        violation_error_message="The site chain already has an event with this number.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionAttribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_release_at", models.DateTimeField(null=True)),
                ("release_at", models.DateTimeField(null=True)),
                (
                    "live_until",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc)
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="voices",
                        to="organisations.appointment",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voices",
                        to="statements.edition",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="organisations.speaker",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("release_at__isnull", False)),
                        fields=["speaker", "-first_release_at", "-statement"],
                        name="editionattribution_speaker_idx",
                    ),
                    models.Index(
                        condition=models.Q(("release_at__isnull", False)),
                        fields=["organisation", "-first_release_at", "-statement"],
                        name="editionattribution_org_idx",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("appointment__isnull", False), ("release_at__isnull", False)
                        ),
                        fields=["appointment", "-first_release_at", "-statement"],
                        name="editionattribution_appt_idx",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "speaker"),
                        name="editionattribution_edition_speaker_uniq",
                        violation_error_message="The edition already lists this speaker.",
                    ),
                    models.UniqueConstraint(
                        fields=("edition", "organisation"),
                        name="editionattribution_edition_organisation_uniq",
                        violation_error_message="The edition already lists this organisation.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", False), ("speaker", None)),
                            models.Q(("organisation", None), ("speaker__isnull", False)),
                            _connector="OR",
                        ),
                        name="editionattribution_speaker_organisation_check",
                        violation_error_message="An attribution names a speaker or an organisation, never both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appointment", None), ("speaker__isnull", False), _connector="OR"
                        ),
                        name="editionattribution_appointment_check",
                        violation_error_message="Only a speaker has a role.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Counts the releases of the statement, from 1."
                    ),
                ),
                ("leaf", models.CharField(max_length=64)),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed",
                        to="statements.edition",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="statements.seal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="sealededition_number_check",
                        violation_error_message="Releases are counted from 1.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="statements.edition",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried",
                        to="statements.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "file"),
                        name="editionfile_edition_file_uniq",
                        violation_error_message="The edition already carries this file.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "edition",
                        "to",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "similarity",
                    models.PositiveSmallIntegerField(
                        help_text="From 0 to 1000, which is the same words."
                    ),
                ),
                ("shared_spans", models.CharField(max_length=60)),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="statements.edition",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggested_beneath",
                        to="statements.edition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("edition", models.F("to")), _negated=True),
                        name="suggestion_edition_to_check",
                        violation_error_message="An edition cannot be suggested beneath itself.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TermPosting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "edition",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.IntegerField()),
                ("weight", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("notice", "The words, under a notice"),
                            ("gone", "Removed from the site"),
                        ],
                        max_length=10,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("notice", models.TextField(help_text="What the public reads in its place.")),
                (
                    "target",
                    models.CharField(
                        blank=True,
                        help_text="Where readers of a gone statement are sent.",
                        max_length=300,
                    ),
                ),
                ("text_erased_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="statements.edition",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["-from_at", "-id"], name="withdrawal_from_at_id_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("text_erased_at__isnull", False),
                            models.Q(("notice", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="withdrawal_notice_check",
                        violation_error_message="A withdrawal needs a notice, unless it was erased.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target", ""), ("kind", "gone"), _connector="OR"),
                        name="withdrawal_target_check",
                        violation_error_message="Only a removed statement redirects.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="statements.edition",
                    ),
                ),
                ("first_release_at", models.DateTimeField()),
                ("release_at", models.DateTimeField()),
                ("live_until", models.DateTimeField()),
                (
                    "headline",
                    models.TextField(help_text="The tokens of the headline, with spaces between."),
                ),
                (
                    "names",
                    models.TextField(
                        help_text="The tokens of speakers, organisations, themes and kind, such as theme:7."
                    ),
                ),
                ("summary", models.TextField(help_text="The tokens of the summary.")),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="statements.statement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["-first_release_at", "-statement"],
                        name="searchrow_first_release_idx",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PreviewToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "preview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="statements.previewlink",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PreviewVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "preview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="statements.previewlink",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("name", models.CharField(max_length=200)),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("agrees", models.BooleanField()),
                ("text", models.TextField(blank=True)),
                ("given_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("text_erased_at", models.DateTimeField(null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="statements.edition",
                    ),
                ),
                (
                    "preview",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="statements.previewlink",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="statements.statement",
                    ),
                ),
                (
                    "draft_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="statements.draftversion",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft_version__isnull", False), ("edition", None)),
                            models.Q(("draft_version", None), ("edition__isnull", False)),
                            _connector="OR",
                        ),
                        name="signoff_one_subject_check",
                        violation_error_message="A reply is about either an edition or a draft.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft_version", None), ("salt", "")),
                            ("text_erased_at__isnull", False),
                            models.Q(
                                ("draft_version__isnull", False),
                                models.Q(("salt", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="signoff_salt_check",
                        violation_error_message="A reply to a draft has a salted digest.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("preview__isnull", False), ("recorded_by", None)),
                            models.Q(("preview", None), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="signoff_preview_recorded_by_check",
                        violation_error_message="A reply comes by a link or is recorded by a colleague, never both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agrees", True),
                            ("text_erased_at__isnull", False),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="signoff_agrees_text_check",
                        violation_error_message="An objection needs a reason, unless it was erased.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_at__lte", models.F("recorded_at"))),
                        name="signoff_given_at_check",
                        violation_error_message="A reply cannot be recorded before it was given.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="“note”, or row and column: withdrawal:7.notice", max_length=200
                    ),
                ),
                (
                    "salt",
                    models.CharField(
                        blank=True, help_text="128 random bits, in hexadecimal.", max_length=32
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="statements.event",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "key"),
                        name="eventtext_event_key_uniq",
                        violation_error_message="This event already has a text with this key.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="statement",
            name="themes",
            field=taggit.managers.TaggableManager(
                blank=True,
                help_text="A comma-separated list of tags.",
                through="statements.ThemedStatement",
                to="statements.Theme",
                verbose_name="themes",
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="related",
            field=models.ManyToManyField(
                blank=True,
                through="statements.RelatedStatement",
                to="statements.statement",
                verbose_name="related articles",
            ),
        ),
    ]
