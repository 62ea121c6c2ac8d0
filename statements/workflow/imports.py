"""Statements that were public elsewhere."""

import datetime as dt
import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F

from bench.sample_data import tables
from statements import readiness
from statements.audit.events import write_event, write_first_events
from statements.content.schema import canonical, digest_of
from statements.models import (
    Action,
    Address,
    Attachment,
    Contribution,
    Edition,
    Fingerprints,
    Passage,
    Rule,
    State,
    Statement,
    Theme,
    ThemedStatement,
)
from statements.publicness import released_since
from statements.readiness import Problem
from statements.roles import MANAGERS, demand
from statements.search import index
from statements.search.precomputed import FoundBy
from statements.workflow.freezing import (
    carry_files,
    freeze,
    frozen,
    root_of,
    slug_problems,
    voices_of,
)
from statements.workflow.scheduling import reconcile
from statements.workflow.transitions import lock, refuse, verb

MOST_ROOTS = 100_000


@dataclass
class Known:
    """What the calls of one import remember from one to the next, and would else ask for again."""

    stems: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)  # the last behind each taken address


@dataclass
class Incoming:
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
    found_by: FoundBy | None = None

    @functools.cached_property
    def text(self) -> str:
        content = self.statement.content(
            passages=self.passages, attachments=self.attachments, as_named=True
        )
        return canonical(content)

    @functools.cached_property
    def _missing(self) -> list[Problem]:
        return readiness.missing_in(json.loads(self.text))

    @functools.cached_property
    def digest(self) -> str:
        return digest_of(self.text)

    def problems(self, at: dt.datetime) -> list[Problem]:
        """Why it could not be published here; a draft may miss anything."""
        if self.released_at is None:
            return []
        return self._missing + _not_public_yet(self.released_at, at)


@verb
def import_statements(
    incoming: Sequence[Incoming],
    *,
    by,
    at: dt.datetime,
    agreed_by=None,
    known: Known | None = None,
) -> list[Edition | None]:
    """Bring in statements that were public elsewhere, many at a time, each since its own time.

    In order: see that nothing is missing, write the working copies and what lies beside them,
    reserve the addresses, freeze each as an edition by the rule `import`, list it, write the
    events. A draft of the source becomes a draft, with `by` as its first hand. `agreed_by` is the
    second person, who agreed to the whole lot; the caller answers for there being one.
    `known` is what earlier calls have learnt already; whoever undoes a call begins a new one.
    """
    demand(by, MANAGERS, "import statements")
    refuse(problem for one in incoming for problem in one.problems(at))
    known = known or Known()
    public = [one for one in incoming if one.released_at is not None]
    slugs = _free_addresses([one.statement for one in public], known.numbers)
    for one, slug in zip(public, slugs, strict=True):
        one.statement.slug = slug
    _write_working_copies(incoming, by=by, at=at)
    tables.add(
        [
            Address(slug=one.statement.slug, statement=one.statement, public_from=one.released_at)
            for one in public
        ]
    )
    editions = [_imported(one, by=by, at=at) for one in public]
    tables.add(editions)
    tables.add(
        [
            voice
            for one, edition in zip(public, editions, strict=True)
            for voice in voices_of(edition, one.passages)
        ]
    )
    for one, edition in zip(public, editions, strict=True):
        if one.attachments:
            carry_files(edition, one.statement)
    write_first_events(
        [
            (edition, one.source, one.detail | _agreed(agreed_by))
            for one, edition in zip(public, editions, strict=True)
        ],
        Action.IMPORTED,
        by=by,
        at=at,
    )
    read = {one.digest: one.found_by for one in public if one.found_by}
    index.write(editions, known.stems, {key: one.terms for key, one in read.items()})
    tables.insert(
        [
            Fingerprints(edition=edition, prints=read[edition.digest].prints)
            if edition.digest in read
            else Fingerprints.of(edition)
            for edition in editions
        ]
    )
    of = {edition.statement_id: edition for edition in editions}
    return [of.get(one.statement.pk) for one in incoming]


def _agreed(agreed_by) -> dict:
    return {"agreed_by": agreed_by.get_username()} if agreed_by else {}


def _write_working_copies(incoming: Sequence[Incoming], *, by, at: dt.datetime) -> None:
    for one in incoming:
        one.statement.version = 2
        one.statement.first_release_at = one.released_at
        # They were worked on in their own time, and are no news to the newsdesk.
        one.statement.created_at = one.statement.changed_at = one.released_at or at
    tables.add([one.statement for one in incoming])
    for one in incoming:
        for position, piece in enumerate(one.passages):
            piece.statement, piece.position = one.statement, position
        for attachment in one.attachments:
            attachment.statement = one.statement
    tables.add([piece for one in incoming for piece in one.passages])
    Attachment.objects.bulk_create(piece for one in incoming for piece in one.attachments)
    tables.add(
        [
            ThemedStatement(
                tag=theme, content_object=one.statement, first_release_at=one.released_at
            )
            for one in incoming
            for theme in one.themes
        ]
    )
    Contribution.objects.bulk_create(
        Contribution(statement=one.statement, user=by, version=2)
        for one in incoming
        if one.released_at is None
    )


def _imported(one: Incoming, *, by, at: dt.datetime) -> Edition:
    return frozen(
        one.statement,
        one.text,
        sequence=1,
        slug=one.statement.slug,
        submitted_by=by,
        submitted_at=at,
        contributors=",",
        state=State.APPROVED,
        approved_by=by,
        approved_at=at,
        rule=Rule.IMPORT,
        release_at=one.released_at,
        first_release_at=one.released_at,
    )


def _free_addresses(statements: Sequence[Statement], last: dict[str, int]) -> list[str]:
    """One each: its own where that is free, else one made from the headline, or numbered.

    `last` is the number of the last that was given away for each root.
    """
    roots = [one.slug or root_of(one.headline) for one in statements]
    taken = set(Address.objects.filter(slug__in=set(roots)).values_list("slug", flat=True))
    slugs: list[str] = []
    if len(last) > MOST_ROOTS:
        last.clear()
    for root in roots:
        slug = root
        if root in taken:
            number = last.get(root) or _last_number(root)
            while (slug := f"{root[:90]}-{number + 1}") in taken:
                number += 1
            last[root] = number + 1
        taken.add(slug)
        slugs.append(slug)
    return slugs


def _last_number(root: str) -> int:
    """The highest that stands behind this root among the addresses; 1 where none does.

    Found by doubling and halving: a thousand statements may be called “Press release”.
    """

    def is_taken(number: int) -> bool:
        return Address.objects.filter(slug=f"{root[:90]}-{number}").exists()

    high = 2
    while is_taken(high):
        high *= 2
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return low


@verb
def import_edition(
    statement: Statement,
    *,
    by,
    at: dt.datetime,
    released_at: dt.datetime,
    source: str,
    detail: dict | None = None,
    agreed_by=None,
) -> Edition:
    """Freeze the working copy as an edition that was public elsewhere since released_at.

    Rule `import`: no second person, and a release before its approval. `source` names where it
    came from: file, file digest and row. Of many new ones, import_statements is the quick way.
    """
    demand(by, MANAGERS, "import statements")
    statement = lock(statement)
    refuse(readiness.walls(readiness.before_submit(statement)) + slug_problems(statement))
    refuse(_import_problems(statement, released_at, at))
    text = canonical(statement.content(as_named=True))
    decision = {
        "state": State.APPROVED,
        "approved_by": by,
        "approved_at": at,
        "rule": Rule.IMPORT,
    }
    edition = freeze(statement, text, by=by, at=at, amendment="", public_note="", **decision)
    Statement.objects.filter(pk=statement.pk).update(version=F("version") + 1, slug=edition.slug)
    reconcile(statement, by=by, at=at, wanted={edition.pk: released_at})
    write_event(
        statement,
        Action.IMPORTED,
        by=by,
        at=at,
        edition=edition,
        note=source,
        detail=(detail or {}) | _agreed(agreed_by),
    )
    return edition


def _not_public_yet(released_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if released_at <= at:
        return []
    return [Problem("released_at", "What is imported as public has been public already.")]


def _import_problems(statement: Statement, released_at: dt.datetime, at) -> list[Problem]:
    """The way in is no way round two people: only a statement from elsewhere takes an import."""
    if problems := _not_public_yet(released_at, at):
        return problems
    if statement.editions.exclude(rule=Rule.IMPORT).exists():
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
