"""Write plans to the database, a batch in one transaction; one bad row does not stop the others."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from archive.models import ImportedStatement, ImportRun, LegacyRedirect
from archive.planner import ImportPlan
from archive.report import DRAFT, LEFT_ALONE, MADE, NEW_EDITION, REFUSED, UNCHANGED
from statements import workflow
from statements.content import schema
from statements.content.reading import canonical_words
from statements.integrity.keys import keyed_hash
from statements.models import (
    ApprovalRule,
    Attachment,
    Edition,
    Passage,
    Statement,
    lock_statement,
)
from statements.publicness import released_since
from statements.workflow import ImportCache, ImportedDraft

WriteOutcome = tuple[ImportPlan, str, str]
"""A plan, its outcome, and the reason."""
INSERT_ROWS = 500
MAX_STEMS = 300_000
"""Word stems to remember; the names in a million statements would fill the memory."""
WRITE_ERRORS = (DatabaseError, workflow.Refused, ValueError)


@dataclass
class Writer:
    """Write plans in the name of one person, as part of one run."""

    run: ImportRun
    by: User
    at: dt.datetime
    cache: ImportCache = field(default_factory=ImportCache)

    def create(self, plans: list[ImportPlan]) -> Iterator[WriteOutcome]:
        """Write all plans at once; where that fails one by one, to find and name the bad one."""
        if not plans:
            return
        if len(self.cache.known_stems) > MAX_STEMS:
            self.cache = ImportCache()
        try:
            self._write_batch(plans)
        except WRITE_ERRORS as error:
            self.cache = ImportCache()  # it knows rows that were rolled back
            if len(plans) == 1:
                yield plans[0], REFUSED, _format_refusal(error)
                return
            for plan in plans:
                yield from self.create([_reset_pks(plan)])
        else:
            yield from ((plan, DRAFT if plan.is_draft else MADE, "") for plan in plans)

    @transaction.atomic
    def _write_batch(self, plans: list[ImportPlan]) -> None:
        drafts = [plan.draft for plan in plans if plan.draft]
        editions = workflow.import_statements(
            drafts, by=self.by, at=self.at, approved_by=self.run.approved_by, cache=self.cache
        )
        ImportedStatement.objects.bulk_create(
            [
                ImportedStatement(
                    source=plan.source,
                    identifier=plan.identifier,
                    row_digest=plan.digest,
                    statement=draft.statement,
                    version=draft.statement.version,
                    words_hash=_hash_words(draft) if edition else "",
                    run=self.run,
                    file=plan.row.file[:300],
                    row=plan.row.number,
                )
                for plan, draft, edition in zip(plans, drafts, editions, strict=True)
            ],
            batch_size=INSERT_ROWS,
        )
        LegacyRedirect.objects.bulk_create(
            [
                LegacyRedirect(path=path, statement=draft.statement)
                for plan, draft in zip(plans, drafts, strict=True)
                for path in plan.redirect_paths
            ]
            + [
                LegacyRedirect(path=path, statement=draft.statement, file=file)
                for plan, draft in zip(plans, drafts, strict=True)
                for path, file in plan.file_redirect_paths.items()
            ],
            ignore_conflicts=True,  # the first statement with an address keeps it
        )

    def update(self, plan: ImportPlan, previous: ImportedStatement) -> WriteOutcome:
        """Write a row that changed at its source: a new edition, unless its text is the same."""
        assert plan.draft, "A plan that is refused has no draft and is never written."
        try:
            return plan, *self._update_statement(plan, plan.draft, previous)
        except WRITE_ERRORS as error:
            return plan, REFUSED, _format_refusal(error)

    @transaction.atomic
    def _update_statement(
        self, plan: ImportPlan, draft: ImportedDraft, previous: ImportedStatement
    ) -> tuple[str, str]:
        statement = lock_statement(previous.statement_id)
        if statement.version != previous.version:
            return LEFT_ALONE, "It was edited here since."
        previous.row_digest = plan.digest
        words_hash = _hash_words(draft)
        if words_hash == previous.words_hash:
            previous.save(update_fields=["row_digest"])
            return UNCHANGED, "What changed at its source is none of the words."
        _replace_content(statement, draft)
        if draft.released_at is None and not previous.words_hash:
            statement.record_save(by=self.by, seen_version=statement.version)
            outcome = DRAFT
        else:
            self._create_edition(statement, plan, draft)
            previous.words_hash, outcome = words_hash, NEW_EDITION
            statement.refresh_from_db(fields=["version"])
        previous.version = statement.version
        previous.save(update_fields=["row_digest", "words_hash", "version"])
        return outcome, ""

    def _create_edition(
        self, statement: Statement, plan: ImportPlan, draft: ImportedDraft
    ) -> Edition:
        """Create an edition, public since the source changed it where the source says when."""
        updated_at = plan.row.updated if statement.first_release_at else None
        released_at = updated_at or draft.released_at or self.at
        if statement.editions.filter(released_since(released_at)).exists():
            released_at = self.at
        edition: Edition = workflow.import_edition(
            statement,
            by=self.by,
            at=self.at,
            released_at=min(released_at, self.at),
            released_on=draft.released_on,
            source=draft.source,
            detail=draft.detail,
            approved_by=self.run.approved_by,
        )
        return edition


def find_local_change(imported: ImportedStatement) -> str:
    """Return why an imported statement must not be overwritten; "" where it may be."""
    statement = imported.statement
    if statement.version != imported.version:
        return "It was edited here since."
    if statement.editions.exclude(rule=ApprovalRule.IMPORT).exists():
        return "It was edited here since."
    if statement.withdrawals.exists():
        return "It was withdrawn here."
    if statement.editions.filter(erased_at__isnull=False).exists():
        return "Words of it were erased here."
    return ""


def _replace_content(statement: Statement, draft: ImportedDraft) -> None:
    names = [*schema.columns_of(schema.FIELDS), "leftover_text"]
    for name in names:
        setattr(statement, name, getattr(draft.statement, name))
    statement.save(update_fields=names)
    statement.passages.all().delete()
    for position, passage in enumerate(draft.passages):
        passage.statement, passage.position = statement, position
    Passage.objects.bulk_create(draft.passages)
    statement.attachments.all().delete()
    for attachment in draft.attachments:
        attachment.statement = statement
    Attachment.objects.bulk_create(draft.attachments)


def _reset_pks(plan: ImportPlan) -> ImportPlan:
    """Remove the primary keys that a batch gave the rows of a plan before it was rolled back."""
    assert plan.draft, "Only a plan with a draft is written."
    draft = plan.draft
    for row in (draft.statement, *draft.passages, *draft.attachments):
        row.pk = None
        row._state.adding = True  # noqa: SLF001 - public in Django, despite its name
    for passage in draft.passages:
        passage.statement = draft.statement
    draft.statement.slug = ""
    return plan


def _format_refusal(error: Exception) -> str:
    return f"The database refused it: {str(error).strip().split(chr(10))[0][:300]}"


def _hash_words(draft: ImportedDraft) -> str:
    """Hash the words with a key, so that what is kept of erased words confirms no guess."""
    return keyed_hash("imported words", canonical_words(draft.content))
