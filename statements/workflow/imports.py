"""Statements that were public elsewhere."""

import datetime as dt
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import F

from bench.sample_data import tables
from statements import readiness
from statements.audit.events import write_event, write_first_events
from statements.content.schema import canonical, digest_of
from statements.models import (
    Action,
    ApprovalRule,
    Attachment,
    Contribution,
    Edition,
    Fingerprints,
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
    slug_base,
    slug_problems,
)
from statements.workflow.scheduling import reconcile
from statements.workflow.transitions import lock_statement, raise_if, transition

MAX_CACHED_SLUG_BASES = 100_000


@dataclass
class ImportCache:
    """What the calls of one import remember from one to the next, and would else ask for again."""

    known_stems: set[str] = field(default_factory=set)
    last_slug_numbers: dict[str, int] = field(
        default_factory=dict
    )  # the last behind each taken address


@dataclass
class ImportedDraft:
    """A statement on its way in from elsewhere, with its words; no row of it is in the database.

    `released_at` is when it came out there, None for a draft. `source` and `detail` go on the
    record: file, file digest and row.
    """

    statement: Statement
    passages: list[Passage]
    released_at: dt.datetime | None
    source: str
    detail: dict = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    index_data: IndexData | None = None

    @functools.cached_property
    def canonical_json(self) -> str:
        content = self.statement.content(
            passages=self.passages, attachments=self.attachments, explicit_roles_only=True
        )
        return canonical(content)

    @functools.cached_property
    def _content_problems(self) -> list[Problem]:
        return readiness.content_problems(json.loads(self.canonical_json))

    @functools.cached_property
    def digest(self) -> str:
        return digest_of(self.canonical_json)

    def find_problems(self, at: dt.datetime) -> list[Problem]:
        """Why it could not be published here; a draft may miss anything."""
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
    """Bring in statements that were public elsewhere, many at a time, each since its own time.

    In order: see that nothing is missing, write the working copies and what lies beside them,
    reserve the addresses, freeze each as an edition by the rule `import`, list it, write the
    events. A draft of the source becomes a draft, with `by` as its first hand. `agreed_by` is the
    second person, who agreed to the whole lot; the caller answers for there being one.
    `known` is what earlier calls have learnt already; whoever undoes a call begins a new one.
    """
    require_group(by, MANAGERS, "import statements")
    raise_if(problem for one in drafts for problem in one.find_problems(at))
    cache = cache or ImportCache()
    public = [one for one in drafts if one.released_at is not None]
    slugs = _assign_slugs([one.statement for one in public], cache.last_slug_numbers)
    for one, slug in zip(public, slugs, strict=True):
        one.statement.slug = slug
    _write_drafts(drafts, by=by, at=at)
    tables.insert_numbered(
        [
            StatementSlug(
                slug=one.statement.slug, statement=one.statement, public_from=one.released_at
            )
            for one in public
        ]
    )
    editions = [_build_imported_edition(one, by=by, at=at) for one in public]
    tables.insert_numbered(editions)
    tables.insert_numbered(
        [
            voice
            for one, edition in zip(public, editions, strict=True)
            for voice in build_attributions(edition, one.passages)
        ]
    )
    for one, edition in zip(public, editions, strict=True):
        if one.attachments:
            attach_files(edition, one.statement)
    write_first_events(
        [
            (edition, one.source, one.detail | _approver_detail(approved_by))
            for one, edition in zip(public, editions, strict=True)
        ],
        Action.IMPORTED,
        by=by,
        at=at,
    )
    read = {one.digest: one.index_data for one in public if one.index_data}
    index.index_editions(editions, cache.known_stems, {key: one.terms for key, one in read.items()})
    tables.insert_rows(
        [
            Fingerprints(edition=edition, prints=read[edition.digest].fingerprints)
            if edition.digest in read
            else make_fingerprints(edition)
            for edition in editions
        ]
    )
    of = {edition.statement_id: edition for edition in editions}
    return [of.get(one.statement.pk) for one in drafts]


def _approver_detail(approved_by: User | None) -> dict:
    return {"agreed_by": approved_by.get_username()} if approved_by else {}


def _write_drafts(drafts: Sequence[ImportedDraft], *, by: User, at: dt.datetime) -> None:
    for one in drafts:
        one.statement.version = 2
        one.statement.first_release_at = one.released_at
        # They were worked on in their own time, and are no news to the newsdesk.
        one.statement.created_at = one.statement.changed_at = one.released_at or at
    tables.insert_numbered([one.statement for one in drafts])
    for one in drafts:
        for position, piece in enumerate(one.passages):
            piece.statement, piece.position = one.statement, position
        for attachment in one.attachments:
            attachment.statement = one.statement
    tables.insert_numbered([piece for one in drafts for piece in one.passages])
    Attachment.objects.bulk_create(piece for one in drafts for piece in one.attachments)
    tables.insert_numbered(
        [
            ThemedStatement(
                tag=theme, content_object=one.statement, first_release_at=one.released_at
            )
            for one in drafts
            for theme in one.themes
        ]
    )
    Contribution.objects.bulk_create(
        Contribution(statement=one.statement, user=by, version=2)
        for one in drafts
        if one.released_at is None
    )


def _build_imported_edition(one: ImportedDraft, *, by: User, at: dt.datetime) -> Edition:
    return build_edition(
        one.statement,
        one.canonical_json,
        sequence=1,
        slug=one.statement.slug,
        submitted_by=by,
        submitted_at=at,
        contributors=",",
        state=State.APPROVED,
        approved_by=by,
        approved_at=at,
        rule=ApprovalRule.IMPORT,
        release_at=one.released_at,
        first_release_at=one.released_at,
    )


def _assign_slugs(statements: Sequence[Statement], last: dict[str, int]) -> list[str]:
    """One each: its own where that is free, else one made from the headline, or numbered.

    `last` is the number of the last that was given away for each root.
    """
    roots = [one.slug or slug_base(one.headline) for one in statements]
    taken = set(StatementSlug.objects.filter(slug__in=set(roots)).values_list("slug", flat=True))
    slugs: list[str] = []
    if len(last) > MAX_CACHED_SLUG_BASES:
        last.clear()
    for root in roots:
        slug = root
        if root in taken:
            number = last.get(root) or _find_last_number(root)
            while (slug := f"{root[:90]}-{number + 1}") in taken:
                number += 1
            last[root] = number + 1
        taken.add(slug)
        slugs.append(slug)
    return slugs


def _find_last_number(base: str) -> int:
    """The highest that stands behind this root among the addresses; 1 where none does.

    Found by doubling and halving: a thousand statements may be called “Press release”.
    """

    def is_taken(number: int) -> bool:
        return StatementSlug.objects.filter(slug=f"{base[:90]}-{number}").exists()

    high = 2
    while is_taken(high):
        high *= 2
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return low


@transition
def import_edition(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime,
    released_at: dt.datetime,
    source: str,
    detail: dict | None = None,
    approved_by: User | None = None,
) -> Edition:
    """Freeze the working copy as an edition that was public elsewhere since released_at.

    Rule `import`: no second person, and a release before its approval. `source` names where it
    came from: file, file digest and row. Of many new ones, import_statements is the quick way.
    """
    require_group(by, MANAGERS, "import statements")
    statement = lock_statement(statement)
    raise_if(
        readiness.blocking(readiness.submission_problems(statement)) + slug_problems(statement)
    )
    raise_if(_import_problems(statement, released_at, at))
    text = canonical(statement.content(explicit_roles_only=True))
    decision = {
        "state": State.APPROVED,
        "approved_by": by,
        "approved_at": at,
        "rule": ApprovalRule.IMPORT,
    }
    edition = create_edition(
        statement, text, by=by, at=at, amendment="", public_note="", **decision
    )
    Statement.objects.filter(pk=statement.pk).update(version=F("version") + 1, slug=edition.slug)
    reconcile(statement, by=by, at=at, new_release_times={edition.pk: released_at})
    write_event(
        statement,
        Action.IMPORTED,
        by=by,
        at=at,
        edition=edition,
        note=source,
        detail=(detail or {}) | _approver_detail(approved_by),
    )
    return edition


def _release_time_problems(released_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if released_at <= at:
        return []
    return [Problem("released_at", "What is imported as public has been public already.")]


def _import_problems(
    statement: Statement, released_at: dt.datetime, at: dt.datetime
) -> list[Problem]:
    """The way in is no way round two people: only a statement from elsewhere takes an import."""
    if problems := _release_time_problems(released_at, at):
        return problems
    if statement.editions.exclude(rule=ApprovalRule.IMPORT).exists():
        return [Problem("", "This statement was written here.", "Submit the words instead.")]
    if statement.editions.filter(released_since(released_at)).exists():
        return [
            Problem(
                "released_at",
                "An edition that came out then or later was imported already.",
                "Import the oldest edition first.",
            )
        ]
    return []
