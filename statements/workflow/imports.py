"""Import statements that were public elsewhere."""

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from organisations.models import Organisation
from statements import readiness
from statements.audit.events import write_event, write_first_events
from statements.audit.state import lock_and_read
from statements.content.schema import canonical, complete_content
from statements.models import (
    Action,
    ApprovalRule,
    Attachment,
    Contribution,
    DraftVersion,
    Edition,
    EditionAttribution,
    Fingerprints,
    JointPublisher,
    Passage,
    State,
    Statement,
    StatementSlug,
    Theme,
    ThemedStatement,
)
from statements.publicness import released_since
from statements.quotations.fingerprint_index import make_fingerprints
from statements.readiness import Problem
from statements.roles import MANAGERS, require_group
from statements.search import index
from statements.search.precomputed import IndexData
from statements.workflow.freezing import (
    attach_files,
    build_attributions,
    build_edition,
    create_edition,
)
from statements.workflow.proposed_names import confirm_names
from statements.workflow.rules import find_current_edition
from statements.workflow.scheduling import reconcile
from statements.workflow.slugs import assign_slugs, choose_slug, slug_problems
from statements.workflow.transitions import raise_if, transition

INSERT_ROWS = 500


@dataclass
class ImportCache:
    """What the calls of one import remember, so that they do not query it again."""

    known_stems: set[str] = field(default_factory=set)


@dataclass
class ImportedDraft:
    """A statement to import, with its passages; none of it is in the database.

    `released_at` is when it was published at its source, None for a draft. Where the source gives
    a day without a time, `released_on` is that day, and `released_at` its first instant. The event
    records `source` and `detail`: file, file digest and row.
    """

    statement: Statement
    passages: list[Passage]
    released_at: dt.datetime | None
    source: str
    released_on: dt.date | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    joint_publishers: list[Organisation] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    index_data: IndexData | None = None

    @property
    def publishers(self) -> list[Organisation]:
        """Who publishes it, the first publisher first."""
        return list(filter(None, (self.statement.organisation, *self.joint_publishers)))

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        return self.statement.content(
            passages=self.passages,
            attachments=self.attachments,
            publishers=self.publishers,
            explicit_roles_only=True,
        )

    @functools.cached_property
    def _content_problems(self) -> list[Problem]:
        return readiness.content_problems(self.content, is_import=True)

    def find_problems(self, at: dt.datetime) -> list[Problem]:
        """Return why it could not be published here; a draft may be incomplete."""
        if self.released_at is None:
            return []
        return self._content_problems + _release_time_problems(self.released_at, at)


@transition
def import_statements(
    drafts: Sequence[ImportedDraft],
    *,
    by: User,
    at: dt.datetime,
    approved_by: User | None = None,
    cache: ImportCache | None = None,
) -> list[Edition | None]:
    """Import many statements at once, each public since its own time.

    In order: check that nothing is missing; write the drafts and their metadata; reserve the
    slugs; freeze each draft as an edition by the rule `import`; list it; write the events. A draft
    of the source stays a draft, with `by` as its contributor. `approved_by` is the second person,
    who approved the whole import source: the caller makes sure that there is one.

    Pass the same `cache` to all calls of one import. After a rollback, begin a new one.
    """
    require_group(by, MANAGERS, _("import statements"))
    raise_if(problem for draft in drafts for problem in draft.find_problems(at))
    cache = cache or ImportCache()
    public = [draft for draft in drafts if draft.released_at is not None]
    slugs = assign_slugs(
        [(draft.statement, draft.released_at) for draft in public if draft.released_at]
    )
    for draft, slug in zip(public, slugs, strict=True):
        draft.statement.slug = slug
    _write_drafts(drafts, by=by, at=at)
    _write_slugs(public)
    editions = _write_editions(public, by=by, at=at)
    write_first_events(
        [
            (edition, draft.source, draft.detail | _approver_detail(approved_by))
            for draft, edition in zip(public, editions, strict=True)
        ],
        Action.IMPORTED,
        by=by,
        at=at,
    )
    _write_indexes(public, editions, cache)
    edition_of = {edition.statement_id: edition for edition in editions}
    return [edition_of.get(draft.statement.pk) for draft in drafts]


def _approver_detail(approved_by: User | None) -> dict[str, str]:
    return {"agreed_by": approved_by.get_username()} if approved_by else {}


def _write_drafts(drafts: Sequence[ImportedDraft], *, by: User, at: dt.datetime) -> None:
    for draft in drafts:
        draft.statement.version = 2
        draft.statement.first_release_at = draft.released_at
    statements = [draft.statement for draft in drafts]
    Statement.objects.bulk_create(statements, batch_size=INSERT_ROWS)
    _backdate(statements, at)
    for draft in drafts:
        for position, passage in enumerate(draft.passages):
            passage.statement, passage.position = draft.statement, position
        for attachment in draft.attachments:
            attachment.statement = draft.statement
    Passage.objects.bulk_create(
        [passage for draft in drafts for passage in draft.passages], batch_size=INSERT_ROWS
    )
    JointPublisher.objects.bulk_create(
        JointPublisher(statement=draft.statement, organisation=organisation, position=position)
        for draft in drafts
        for position, organisation in enumerate(draft.joint_publishers)
    )
    Attachment.objects.bulk_create(
        attachment for draft in drafts for attachment in draft.attachments
    )
    ThemedStatement.objects.bulk_create(
        [
            ThemedStatement(
                tag=theme, content_object=draft.statement, first_release_at=draft.released_at
            )
            for draft in drafts
            for theme in draft.themes
        ],
        batch_size=INSERT_ROWS,
    )
    remaining = [draft for draft in drafts if draft.released_at is None]
    Contribution.objects.bulk_create(
        Contribution(statement=draft.statement, user=by, version=2) for draft in remaining
    )
    DraftVersion.objects.bulk_create(
        DraftVersion(
            statement=draft.statement, version=2, by=by, at=at, text=canonical(draft.content)
        )
        for draft in remaining
    )


def _backdate(statements: Sequence[Statement], at: dt.datetime) -> None:
    """Date the drafts by their release, so that the newsdesk does not list them as new work.

    An update of its own, because an insert sets both columns to the present.
    """
    released_or_now = Coalesce("first_release_at", Value(at, DateTimeField()))
    Statement.objects.filter(pk__in=[statement.pk for statement in statements]).update(
        created_at=released_or_now, changed_at=released_or_now
    )
    for statement in statements:
        statement.created_at = statement.changed_at = statement.first_release_at or at


def _write_slugs(drafts: Sequence[ImportedDraft]) -> None:
    StatementSlug.objects.bulk_create(
        [
            StatementSlug(
                slug=draft.statement.slug, statement=draft.statement, public_from=draft.released_at
            )
            for draft in drafts
        ],
        batch_size=INSERT_ROWS,
    )


def _write_editions(drafts: Sequence[ImportedDraft], *, by: User, at: dt.datetime) -> list[Edition]:
    editions = [_build_imported_edition(draft, by=by, at=at) for draft in drafts]
    Edition.objects.bulk_create(editions, batch_size=INSERT_ROWS)
    EditionAttribution.objects.bulk_create(
        [
            attribution
            for draft, edition in zip(drafts, editions, strict=True)
            for attribution in build_attributions(
                edition, draft.passages, publishers=draft.publishers
            )
        ],
        batch_size=INSERT_ROWS,
    )
    for draft, edition in zip(drafts, editions, strict=True):
        if draft.attachments:
            attach_files(edition, draft.statement)
    return editions


def _write_indexes(
    drafts: Sequence[ImportedDraft], editions: list[Edition], cache: ImportCache
) -> None:
    """Write search terms and fingerprints, those that a worker process computed included."""
    computed = {draft.statement.pk: draft.index_data for draft in drafts if draft.index_data}
    index.index_editions(
        editions, cache.known_stems, {pk: data.terms for pk, data in computed.items()}
    )
    Fingerprints.objects.bulk_create(
        [
            Fingerprints(edition=edition, prints=computed[edition.statement_id].fingerprints)
            if edition.statement_id in computed
            else make_fingerprints(edition)
            for edition in editions
        ],
        batch_size=INSERT_ROWS,
    )


def _build_imported_edition(draft: ImportedDraft, *, by: User, at: dt.datetime) -> Edition:
    return build_edition(
        draft.statement,
        complete_content(draft.content, slug=draft.statement.slug, based_on=""),
        sequence=1,
        submitted_by=by,
        submitted_at=at,
        contributors=",",
        state=State.APPROVED,
        approved_by=by,
        approved_at=at,
        rule=ApprovalRule.IMPORT,
        release_at=draft.released_at,
        first_release_at=draft.released_at,
        first_released_on=draft.released_on,
    )


@transition
def import_edition(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime,
    released_at: dt.datetime,
    source: str,
    released_on: dt.date | None = None,
    detail: dict[str, Any] | None = None,
    approved_by: User | None = None,
) -> Edition:
    """Freeze the draft as an edition that was public elsewhere since released_at.

    By the rule `import`: no second person, and the release comes before the approval. `source`
    names file, file digest and row. `released_on` is the day of a first release without a time.
    For many new statements, import_statements is faster.
    """
    require_group(by, MANAGERS, _("import statements"))
    statement = lock_and_read(statement.pk)
    raise_if(
        readiness.content_problems(statement.content(), is_import=True) + slug_problems(statement)
    )
    raise_if(_import_problems(statement, released_at, at))
    current = find_current_edition(statement, at)
    content = complete_content(
        statement.content(explicit_roles_only=True),
        slug=choose_slug(statement, released_at),
        based_on=str(current.uuid) if current else "",
    )
    decision: dict[str, Any] = {
        "state": State.APPROVED,
        "approved_by": by,
        "approved_at": at,
        "rule": ApprovalRule.IMPORT,
    }
    if released_on and statement.first_release_at is None:
        decision["first_released_on"] = released_on
    edition = create_edition(statement, content, by=by, at=at, **decision)
    Statement.objects.filter(pk=statement.pk).update(version=F("version") + 1, slug=edition.slug)
    confirmed = confirm_names(edition)
    reconcile(statement, by=by, at=at, new_release_times={edition.pk: released_at})
    write_event(
        statement,
        Action.IMPORTED,
        by=by,
        at=at,
        edition=edition,
        note=source,
        detail=(detail or {}) | _approver_detail(approved_by) | confirmed,
    )
    return edition


def _release_time_problems(released_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if released_at <= at:
        return []
    return [Problem("released_at", _("What is imported as public has been public already."))]


def _import_problems(
    statement: Statement, released_at: dt.datetime, at: dt.datetime
) -> list[Problem]:
    """Refuse to import into a statement that was written here: publishing takes two people."""
    if problems := _release_time_problems(released_at, at):
        return problems
    if statement.editions.exclude(rule=ApprovalRule.IMPORT).exists():
        return [Problem("", _("This statement was written here."), _("Submit the words instead."))]
    if statement.editions.filter(released_since(released_at)).exists():
        return [
            Problem(
                "released_at",
                _("An edition that came out then or later was imported already."),
                _("Import the oldest edition first."),
            )
        ]
    return []
