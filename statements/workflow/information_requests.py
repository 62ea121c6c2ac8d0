"""Record that somebody takes everything about a statement out of the newsdesk."""

import datetime as dt
import logging

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.models import Action, Statement
from statements.readiness import Problem
from statements.roles import EDITORS, require_group
from statements.workflow.reauthentication import password_problems
from statements.workflow.transitions import raise_if, transition

logger = logging.getLogger(__name__)


def download_file(statement: Statement, *, by: User, at: dt.datetime, password: str) -> None:
    """Let an editor download the whole file of a statement, who gives the password again."""
    require_group(by, EDITORS, _("download the whole file of a statement"))
    problems = password_problems(by, password, at=at)  # before the transaction
    _record_download(statement, by=by, at=at, problems=problems)


@transition
def _record_download(
    statement: Statement, *, by: User, at: dt.datetime, problems: list[Problem]
) -> None:
    statement = lock_and_read(statement.pk)
    if statement.erased_at:
        problems = [Problem("", _("The words of this draft are gone."))]
    raise_if(problems)
    write_event(statement, Action.FILE_DOWNLOADED, by=by, at=at)
    logger.info("Statement %d: whole file downloaded by user %d", statement.pk, by.pk)
