"""Withdraw, restore, suppress and erase editions."""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.content.characters import normalise_text
from statements.content.schema import SCHEMA, canonical, complete_content, digest_of
from statements.erasure.place import Erasure
from statements.erasure.plan import find_scope
from statements.erasure.register import REGISTER
from statements.erasure.tasks import rewrite_database
from statements.models import (
    Action,
    Amendment,
    Edition,
    EditionAttribution,
    EditionFile,
    Withdrawal,
    make_block_id,
)
from statements.notifications import newsdesk
from statements.publicness import released_after
from statements.readiness import Problem
from statements.related import term_vectors
from statements.search import index
from statements.workflow.freezing import find_next_sequence
from statements.workflow.groups import lock_members
from statements.workflow.reauthentication import password_problems
from statements.workflow.redirect_targets import target_problems
from statements.workflow.rules import find_current_edition, in_use_problems
from statements.workflow.scheduling import reconcile
from statements.workflow.submission import replace_in_review
from statements.workflow.transitions import (
    lock_for,
    missing_text_problems,
    raise_if,
    require_role,
    transition,
)

logger = logging.getLogger(__name__)


@transition
def withdraw(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    kind: str,
    notice: str,
    target: str = "",
    together: Iterable[Edition] = (),
) -> Withdrawal:
    """Withdraw the public edition with a notice, or remove it. Any one editor may.

    Editions scheduled to follow it are put on hold, so that nothing brings the statement back by
    itself. An edition withdrawn with a notice can still be removed. Those in `together`, which were
    released with it, go in the same way: all of them or none.
    """
    require_role("withdraw", by)
    editions = [edition, *together]
    lock_members(*(row.statement_id for row in editions))
    withdrawals = [
        _withdraw(row, by=by, at=at, kind=kind, notice=notice, target=target) for row in editions
    ]
    return withdrawals[0]


def _withdraw(
    edition: Edition, *, by: User, at: dt.datetime, kind: str, notice: str, target: str
) -> Withdrawal:
    edition = lock_for("withdraw", edition, by=by, at=at)
    notice, target = normalise_text(notice).strip(), target.strip()
    raise_if(
        missing_text_problems("notice", notice, _("Say what readers should know."))
        + target_problems(edition.statement, kind, target, at=at)
    )
    raise_if(_repeated_withdrawal_problems(edition, kind))
    withdrawal = Withdrawal.objects.create(
        edition=edition,
        statement=edition.statement,
        kind=kind,
        from_at=at,
        notice=notice,
        target=target,
        by=by,
    )
    followers = edition.statement.editions.approved().filter(released_after(at))
    no_times = dict.fromkeys(followers.values_list("pk", flat=True), None)
    for follower in followers:
        write_event(
            edition.statement,
            Action.PUT_ON_HOLD,
            by=by,
            at=at,
            edition=follower,
            note="Put on hold because the public edition was withdrawn.",
        )
        newsdesk.notify(Action.PUT_ON_HOLD, follower, by=by)
    reconcile(edition.statement, by=by, at=at, new_release_times=no_times)
    write_event(
        edition.statement,
        Action.WITHDRAWN,
        by=by,
        at=at,
        edition=edition,
        note=notice,
        detail={"kind": kind},
        texts={"target": target},
    )
    logger.info("Edition %d withdrawn by user %d (%s)", edition.pk, by.pk, kind)
    newsdesk.notify(Action.WITHDRAWN, edition, by=by)
    return withdrawal


def _repeated_withdrawal_problems(edition: Edition, kind: str) -> list[Problem]:
    last = edition.withdrawals.last()
    if last and last.kind == kind:
        return [Problem("kind", _("It is withdrawn in this way already."))]
    return []


@transition
def restore(edition: Edition, *, by: User, at: dt.datetime) -> Edition:
    """Submit a withdrawn edition's words again, as a new edition.

    No word changes, so the correction note is not repeated, except for a retraction.
    """
    edition = lock_for("restore", edition, by=by, at=at)
    statement = edition.statement
    replace_in_review(statement, by=by, at=at)
    content = _restored_content(edition, find_current_edition(statement, at))
    text = canonical(content)
    attributions = edition.voices.values("speaker_id", "organisation_id", "appointment_id")
    restored = Edition.objects.create(
        statement=statement,
        sequence=find_next_sequence(statement),
        submitted_by=by,
        submitted_at=at,
        **{
            name: getattr(edition, name)
            for name in (
                *("headline", "summary", "byline", "kind", "organisation", "language"),
                *("dated_on", "slug", "first_released_on"),
            )
        },
        content=text,
        digest=digest_of(text),
        amendment=content["amendment"],
        public_note=content["note"],
        # Nobody here wrote an imported edition: the person who restores it is responsible.
        contributors=edition.contributors if edition.contributor_ids else f",{by.pk},",
    )
    EditionAttribution.objects.bulk_create(
        EditionAttribution(edition=restored, statement=statement, **attribution)
        for attribution in attributions
    )
    EditionFile.objects.bulk_create(
        EditionFile(edition=restored, **file) for file in edition.files.values("file_id", "name")
    )
    write_event(statement, Action.RESTORED, by=by, at=at, edition=restored)
    return restored


def _restored_content(edition: Edition, current: Edition | None) -> dict[str, Any]:
    content = edition.content_data
    is_retraction = edition.amendment == Amendment.RETRACTION
    about = {
        "schema": SCHEMA,
        "amendment": edition.amendment if is_retraction else "",
        "note": edition.public_note if is_retraction else "",
        "blocks": [{**block, "id": block["id"] or make_block_id()} for block in content["blocks"]],
    }
    return complete_content(
        content | about, slug=edition.slug, based_on=str(current.uuid) if current else ""
    )


@transition
def suppress(edition: Edition, *, by: User, at: dt.datetime, reason: str) -> None:
    """Take an earlier edition's words from the public for good. One manager may."""
    edition = lock_for("suppress", edition, by=by, at=at)
    raise_if(missing_text_problems("reason", reason, _("Say why.")))
    Edition.objects.filter(pk=edition.pk).update(suppressed_at=at)
    index.update_statement(edition.statement, at=at)
    term_vectors.delete_vectors([edition])
    write_event(edition.statement, Action.SUPPRESSED, by=by, at=at, edition=edition, note=reason)


@transition
def request_erasure(edition: Edition, *, by: User, at: dt.datetime, reason: str) -> None:
    """Ask, as the first of two managers, that an edition be erased: for legal reasons."""
    edition = lock_for("request_erasure", edition, by=by, at=at)
    raise_if(missing_text_problems("reason", reason, _("Name the order or the request.")))
    Edition.objects.filter(pk=edition.pk).update(erasure_asked_by=by)
    write_event(
        edition.statement, Action.ERASURE_REQUESTED, by=by, at=at, edition=edition, note=reason
    )


def erase(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, password: str) -> None:
    """Erase, as the second manager, every edition with the same words, and every copy of them.

    `erasure.register` lists the copies. What stays is the edition's number, its digest, the people
    and the times. The worker then rewrites the database, which still has the words in free space.
    """
    require_role("erase", by)
    problems = password_problems(by, password, at=at)  # before the transaction
    _erase(edition, by=by, at=at, seen_digest=seen_digest, problems=problems)


@transition
def _erase(
    edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, problems: list[Problem]
) -> None:
    edition = lock_for("erase", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(problems)
    assert edition.erasure_asked_by, "Without a first manager, the rule has refused it."
    scope = find_scope(edition)
    raise_if(
        problem
        for equal_edition in scope.editions
        for problem in in_use_problems(equal_edition, at)
    )
    erasure = Erasure(**vars(scope), asked_by=edition.erasure_asked_by, by=by, at=at)
    REGISTER.erase(erasure)
    for equal_edition in scope.editions:
        write_event(edition.statement, Action.ERASED, by=by, at=at, edition=equal_edition)
    REGISTER.erase_history(erasure)
    transaction.on_commit(rewrite_database.enqueue, robust=True)
    logger.info("Statement %d: editions erased by user %d", edition.statement_id, by.pk)
