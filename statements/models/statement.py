"""Statements: lasting identity and draft, with contributors and related articles."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from taggit.managers import TaggableManager

from organisations.accepted_values import (
    date_constraint,
    slug_constraint,
    time_constraint,
    validate_day,
    validate_time,
)
from organisations.models import Contact, Organisation
from statements import clock
from statements.content import schema
from statements.content.kinds import KINDS
from statements.content.languages import LANGUAGES
from statements.content.slugs import DEFAULT_SLUG, slug_base
from statements.integrity.trigger_rules import DRAFT_TEXT_COLUMNS
from statements.models.release_group import ReleaseGroup
from statements.models.theme import ThemedStatement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from statements.models.attachment import Attachment
    from statements.models.passage import Passage


class StatementKind(models.TextChoices):
    """The kinds of statement, labelled as in content/kinds.py."""

    COMMENT = "comment", KINDS["comment"]
    STATEMENT = "statement", KINDS["statement"]
    PRESS_RELEASE = "press-release", KINDS["press-release"]
    RESPONSE = "response", KINDS["response"]
    SPEECH = "speech", KINDS["speech"]
    LETTER = "letter", KINDS["letter"]


class StaleVersion(Exception):
    """The screen is out of date: somebody saved or decided in the meantime."""


def lock_statement(pk: int) -> "Statement":
    """Return the statement as it is now, locked until the transaction ends."""
    # no_key: a row that merely refers to this statement need not wait. Otherwise two editors who
    # relate two statements to each other would lock each other out.
    return Statement.objects.select_for_update(no_key=True).get(pk=pk)


class StatementQuerySet(models.QuerySet["Statement"]):
    def not_discarded(self) -> "StatementQuerySet":
        """Leave out drafts in the bin: every list, search and choice of the newsdesk does."""
        return self.filter(discarded_at=None)


class Statement(models.Model):  # type: ignore[django-manager-missing]  # taggit's untyped base
    """The lasting identity of a statement, and its one draft.

    Mutable: the newsdesk types here, and nothing here is public. The public reads the editions that
    `workflow.submit` freezes. Themes, related statements and contact are metadata: outside the
    approved content, and shown as they are now.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    headline = models.CharField(max_length=500)
    kind = models.CharField(max_length=20, choices=StatementKind, default=StatementKind.COMMENT)
    summary = models.TextField(
        blank=True,
        help_text=_lazy(
            "One or two sentences. Lists and search engines show up to 160 characters."
        ),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_statements",
        limit_choices_to={"publishes": True},
        verbose_name=_lazy("publish as"),
    )
    language = models.CharField(max_length=12, choices=LANGUAGES, default="en")
    dated_on = models.DateField(
        "dated",
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_lazy("The day the words were spoken. Leave empty to use the release date."),
    )
    responds_to_title = models.CharField(
        _lazy("responds to"),
        max_length=300,
        blank=True,
        help_text=_lazy("A report, a bill, a decision."),
    )
    responds_to_url = models.URLField(_lazy("its address"), max_length=500, blank=True)
    notes_to_editors = models.TextField(blank=True)
    slug = models.SlugField(
        "address",
        max_length=100,
        blank=True,
        help_text=_lazy("Made from the headline when you submit."),
    )
    translation_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="translations"
    )
    release_group = models.ForeignKey(
        ReleaseGroup,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="members",
        db_index=False,
    )

    # Part of the draft, and not of its content.
    leftover_text = models.TextField(
        _lazy("left out of the draft"),
        blank=True,
        help_text=_lazy(
            "What had no place in the draft. It is never published: empty it when you are done."
        ),
    )
    amendment = models.CharField(
        _lazy("kind of change"),
        max_length=20,
        blank=True,
        help_text=_lazy("What the next edition is to the public one before it."),
    )
    public_note = models.TextField(
        blank=True,
        help_text=_lazy("What was wrong and what is right, for the readers of the next edition."),
    )

    requested_release_at = models.DateTimeField(
        _lazy("requested release"),
        null=True,
        blank=True,
        validators=[validate_time],
        help_text=_lazy("When should it go out? The editor decides."),
    )

    embargo_line = models.CharField(
        _lazy("embargo in the document"),
        max_length=300,
        blank=True,
        help_text=_lazy("The line of the document, such as “Embargoed until 00:01 on 2 December”."),
    )
    embargo_until = models.DateTimeField(
        null=True,
        blank=True,
        validators=[validate_time],
        help_text=_lazy(
            "Publishing before this needs a reason. Empty both if there is no embargo."
        ),
    )

    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True)
    themes = TaggableManager(
        through=ThemedStatement, blank=True, verbose_name=_lazy("themes"), help_text=""
    )
    related = models.ManyToManyField(
        "self",
        through="statements.RelatedStatement",
        symmetrical=False,
        blank=True,
        verbose_name=_lazy("related articles"),
    )

    state_before: dict[str, dict[str, Any]] | None = None
    """The compared values when it was locked; no column. See `statements.audit.state`."""

    discarded_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when the draft has been in the bin."
    )
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    erased_at = models.DateTimeField(
        null=True, editable=False, help_text="When the words of a discarded draft went for good."
    )

    version = models.PositiveIntegerField(default=1, editable=False)
    first_release_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            slug_constraint("statement"),
            date_constraint("statement", "dated_on"),
            time_constraint("statement", "requested_release_at"),
            time_constraint("statement", "embargo_until"),
            models.CheckConstraint(
                condition=Q(discarded_at=None, discarded_by=None)
                | Q(discarded_at__isnull=False, discarded_by__isnull=False),
                name="statement_discarded_check",
                violation_error_message=_lazy(
                    "A discarded draft records who discarded it and when."
                ),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(discarded_at__isnull=False, **dict.fromkeys(DRAFT_TEXT_COLUMNS, "")),
                name="statement_erased_check",
                violation_error_message=_lazy(
                    "Only a discarded draft is erased, with all its words."
                ),
            ),
            models.CheckConstraint(
                condition=Q(discarded_at=None) | Q(release_group=None),
                name="statement_discarded_group_check",
                violation_error_message="A discarded draft is in no release group.",
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False, discarded_at=None),
                name="statement_translation_language_uniq",
                violation_error_message="There is a translation into this language already.",
            ),
        ]
        indexes = [
            # What was changed last, for the newsdesk's list. Its search reads headlines from the
            # index alone; on PostgreSQL, statement_headline_trgm_idx helps as well.
            models.Index(
                fields=["-changed_at", "headline"],
                name="statement_changed_headline_idx",
                condition=Q(discarded_at=None),
            ),
            # The bin: what lies in it, and what has lain in it for long enough.
            models.Index(
                fields=["discarded_at"],
                name="statement_discarded_at_idx",
                condition=Q(discarded_at__isnull=False, erased_at=None),
            ),
            # What was changed last of one kind, language or publisher, for the filters of the list.
            models.Index(fields=["kind", "-changed_at"], name="statement_kind_changed_idx"),
            models.Index(fields=["language", "-changed_at"], name="statement_language_changed_idx"),
            models.Index(fields=["organisation", "-changed_at"], name="statement_org_changed_idx"),
            # The members of a release group.
            models.Index(
                fields=["release_group"],
                name="statement_release_group_idx",
                condition=Q(release_group__isnull=False),
            ),
            # What is requested for a month, for the calendar.
            models.Index(
                fields=["requested_release_at"],
                name="statement_requested_idx",
                condition=Q(requested_release_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.headline or _("Untitled")

    @property
    def has_embargo(self) -> bool:
        return bool(self.embargo_line or self.embargo_until)

    def record_save(self, *, by: User, seen_version: int, restored_from: int | None = None) -> None:
        """Count a save by this person, who becomes a contributor, and store what it says now.

        Call it in the transaction that saves, after everything is saved. Raises StaleVersion if
        somebody saved after seen_version, or discarded the draft.
        """
        updated = Statement.objects.not_discarded().filter(pk=self.pk, version=seen_version)
        if not updated.update(version=F("version") + 1):
            raise StaleVersion(
                _(
                    "Somebody else saved this statement while you had it open. Your words are "
                    "still in the form: compare them with the saved ones, then save again."
                )
            )
        self.version = seen_version + 1
        Contribution.objects.update_or_create(
            statement=self, user=by, defaults={"version": self.version}
        )
        self.store_version(by=by, restored_from=restored_from)

    def store_version(self, *, by: User | None, restored_from: int | None = None) -> None:
        """Store the saved draft as a version; without a person it is the workflow's."""
        saved = Statement.objects.get(pk=self.pk)
        self.draft_versions.create(
            version=saved.version,
            by=by,
            at=clock.now(),
            text=schema.canonical(saved.content()),
            restored_from=restored_from,
        )

    def content(
        self,
        *,
        passages: "Iterable[Passage] | None" = None,
        attachments: "Iterable[Attachment] | None" = None,
        publishers: "Iterable[Organisation] | None" = None,
        explicit_roles_only: bool = False,
    ) -> dict[str, Any]:
        """Return the draft as it would be frozen now: plain data, see `content.schema`.

        What submission adds is missing: the salt and the edition that it is based on.

        Pass passages, attachments and publishers, in their order, if they are not in the database
        yet. With `explicit_roles_only`, a speaker has a role only if one was chosen, as imports
        need it.
        """
        if attachments is None:
            attachments = self.attachments.in_order()
        if passages is None:
            passages = self.passages.in_order()
        if publishers is None:
            publishers = self.list_publishers()
        return schema.build_content(
            schema.read_columns(schema.FIELDS, self)
            | {
                "slug": self.slug or slug_base(self.headline, default=DEFAULT_SLUG),
                "organisations": [publisher_content(o) for o in publishers],
                "blocks": self._blocks_content(passages, explicit_roles_only),
                "files": [attachment.content() for attachment in attachments],
            }
        )

    def list_publishers(self, joint: "Iterable[Organisation] | None" = None) -> list[Organisation]:
        """Return who publishes this, the first publisher first; pass those not saved yet."""
        if joint is None:
            rows = self.joint_publishers.select_related("organisation") if self.pk else ()
            joint = [row.organisation for row in rows]
        return list(dict.fromkeys(filter(None, (self.organisation, *joint))))

    def _blocks_content(
        self, passages: "Iterable[Passage]", explicit_roles_only: bool
    ) -> list[dict[str, Any]]:
        """Freeze the passages; an attribution line is generated only where the speaker changes."""
        last_speaker, frozen = None, []
        for passage in passages:
            passage.statement = self
            new_voice = passage.speaker != last_speaker
            frozen.append(
                passage.content(new_voice=new_voice, explicit_roles_only=explicit_roles_only)
            )
            last_speaker = passage.speaker or last_speaker
        return frozen


def publisher_content(organisation: Organisation) -> dict[str, Any]:
    """Return the publishing organisation as it would be frozen now."""
    fields = schema.PUBLISHER_FIELDS
    return schema.freeze(fields, schema.read_columns(fields, organisation))


class Contribution(models.Model):
    """A person who had a hand in the draft, last at this version. Append-only."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="contributions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "user"],
                name="contribution_statement_user_uniq",
                violation_error_message=_lazy("This person is already a contributor."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in version {self.version}"


class RelatedStatement(models.Model):
    """A related article that an editor chose, or blocked. Mutable."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="relations")
    to = models.ForeignKey(
        Statement, models.CASCADE, related_name="+", verbose_name=_lazy("related article")
    )
    position = models.PositiveIntegerField(default=0)
    blocked = models.BooleanField(
        _lazy("never suggest"),
        default=False,
        help_text=_lazy("Keep this article out of the suggestions."),
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "to"],
                name="relatedstatement_statement_to_uniq",
                violation_error_message=_lazy("This related article is already chosen."),
            ),
            models.CheckConstraint(
                condition=~Q(statement=F("to")),
                name="relatedstatement_statement_to_check",
                violation_error_message=_lazy("A statement cannot be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} → {self.to}"
