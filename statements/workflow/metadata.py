"""Change the metadata of a statement: themes, related articles, contact."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.models import Action, Statement, ThemedStatement
from statements.publicness import is_listed
from statements.roles import EDITORS, NEWSDESK, is_in_group
from statements.search import index
from statements.workflow.transitions import transition


def can_edit_metadata(statement: Statement, *, by: User, at: dt.datetime) -> bool:
    """Return whether this person may change metadata: once a statement is public, only editors."""
    return is_in_group(by, EDITORS if is_listed(statement, at) else NEWSDESK)


@transition
def update_metadata(
    statement: Statement, *, by: User, at: dt.datetime, change: Callable[[], dict[str, Any]]
) -> None:
    """Run `change`, which changes metadata and returns what it changed for the event."""
    statement = lock_and_read(statement.pk)
    if not can_edit_metadata(statement, by=by, at=at):
        raise PermissionDenied(
            _(
                "Once a statement is public, only editors change its themes, contact and related "
                "articles. Ask an editor."
            )
        )
    if detail := change():
        ThemedStatement.objects.filter(content_object=statement).update(
            first_release_at=statement.first_release_at
        )
        index.update_statement(statement, at=at)
        write_event(statement, Action.METADATA_CHANGED, by=by, at=at, detail=detail)
