"""Discard a draft, take it back from the bin, and erase it once it has lain there for 30 days.

A draft has no record before it is submitted, and neither has the bin: who discarded it stands in
its row. What is recorded is that its words went for good.
"""

import datetime as dt
import logging
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.erasure.discarded import erase_discarded_words
from statements.models import Action, StaleVersion, Statement
from statements.readiness import Problem
from statements.roles import EDITORS, NEWSDESK, is_in_group, require_group
from statements.search import drafts
from statements.workflow.groups import leave, lock_members
from statements.workflow.transitions import raise_if, transition

DAYS_IN_BIN = 30
MAX_ERASED_AT_ONCE = 1_000

logger = logging.getLogger(__name__)


def can_use_bin(statement: Statement, *, by: User) -> bool:
    """Return whether this person may discard the draft or take it back: a writer or an editor."""
    if is_in_group(by, EDITORS):
        return True
    return is_in_group(by, NEWSDESK) and statement.contributions.filter(user=by).exists()


def discard_problems(statement: Statement) -> list[Problem]:
    """Return why this draft can never be discarded; empty if it can."""
    if statement.editions.exists():
        return [
            Problem(
                "",
                _("This statement was submitted, so it cannot be discarded."),
                _("Cancel it, or withdraw it."),
            )
        ]
    if statement.previews.exists() or statement.answers.exists():
        return [Problem("", _("This draft was sent for sign-off, so it cannot be discarded."))]
    return []


def is_in_bin(statement: Statement) -> bool:
    """Return whether the draft was discarded and its words are still there."""
    return statement.discarded_at is not None and statement.erased_at is None


def find_end_in_bin(statement: Statement) -> dt.datetime:
    """Return when the words of a discarded draft go for good."""
    assert statement.discarded_at, "Only a discarded draft lies in the bin."
    return statement.discarded_at + dt.timedelta(days=DAYS_IN_BIN)


@transition
def discard(statement: Statement, *, by: User, at: dt.datetime, seen_version: int) -> None:
    """Put a draft in the bin, which was never submitted and never sent for sign-off.

    It leaves its release group.
    """
    _require_bin(statement, by=by)
    locked = lock_members(statement.pk)
    statement = locked[statement.pk]
    if statement.discarded_at:
        return
    if statement.version != seen_version:
        raise StaleVersion(
            _(
                "Somebody saved this draft after you opened this page. Nothing was discarded: look "
                "at it again, then decide."
            )
        )
    raise_if(discard_problems(statement))
    leave(statement, locked, by=by, at=at)
    Statement.objects.filter(pk=statement.pk).update(discarded_at=at, discarded_by=by)
    drafts.update_statement(statement)
    logger.info("Draft %d discarded by user %d", statement.pk, by.pk)


@transition
def take_back(statement: Statement, *, by: User) -> None:
    """Take a draft back from the bin, as it was."""
    _require_bin(statement, by=by)
    statement = lock_and_read(statement.pk)
    if statement.erased_at:
        raise_if(
            [Problem("", _("The words of this draft are gone: it was in the bin for 30 days."))]
        )
    raise_if(_taken_language_problems(statement))
    Statement.objects.filter(pk=statement.pk).update(discarded_at=None, discarded_by=None)
    drafts.update_statement(statement)
    logger.info("Draft %d taken back by user %d", statement.pk, by.pk)


def _taken_language_problems(statement: Statement) -> list[Problem]:
    """Refuse a translation if another into its language was made while it lay in the bin."""
    rows = Statement.objects.not_discarded().filter(language=statement.language)
    original = statement.translation_of_id
    if original and rows.filter(Q(pk=original) | Q(translation_of=original)).exists():
        return [
            Problem("", _("There is another translation into this language now. Discard it first."))
        ]
    return []


def _require_bin(statement: Statement, *, by: User) -> None:
    require_group(by, NEWSDESK, _("discard a draft or take it back"))
    if not can_use_bin(statement, by=by):
        raise PermissionDenied(
            _("Only its authors and the editors can discard this draft or take it back.")
        )


def erase_old_drafts(*, at: dt.datetime) -> int:
    """Erase every draft that has been in the bin for 30 days; return how many. Safe to repeat."""
    ended = Statement.objects.filter(
        discarded_at__lte=at - dt.timedelta(days=DAYS_IN_BIN), erased_at=None
    )
    pks = list(ended.order_by("discarded_at").values_list("pk", flat=True)[:MAX_ERASED_AT_ONCE])
    return sum(_erase(pk, at=at) for pk in pks)


@transition
def _erase(pk: int, *, at: dt.datetime) -> bool:
    """Erase one draft, unless somebody took it back just now."""
    statement = lock_and_read(pk)
    if not is_in_bin(statement) or find_end_in_bin(statement) > at:
        return False
    detail = {**_describe_discarding(statement), "files": erase_discarded_words(statement, at=at)}
    write_event(statement, Action.DISCARDED, by=None, at=at, detail=detail)
    logger.info("Draft %d was in the bin for %d days and was erased", pk, DAYS_IN_BIN)
    return True


def _describe_discarding(statement: Statement) -> dict[str, Any]:
    by, discarded_at = statement.discarded_by, statement.discarded_at
    assert by, "A constraint holds that it is set."
    assert discarded_at, "A constraint holds that it is set."
    return {
        "discarded_by": by.get_username(),
        "discarded_at": discarded_at.astimezone(dt.UTC).isoformat(),
        "versions": statement.draft_versions.count(),
    }
