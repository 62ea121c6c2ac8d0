"""Have every objection that stands read before a decision makes words public.

An objection blocks nothing. The person who decides ticks that it was read, and the event keeps
which ones were.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from statements.models import Statement
from statements.objections import find_objections
from statements.readiness import Problem

FIELD = "objections_read"


def unread_problems(statement: Statement, objections_read: Sequence[int]) -> list[Problem]:
    """Return a problem for each objection that stands and was not ticked as read."""
    return [
        Problem(
            FIELD,
            _("Read the objection of %(name)s, then tick it.") % {"name": objection.display_name},
        )
        for objection in find_objections(statement)
        if objection.pk not in objections_read
    ]


def event_detail(statement: Statement) -> dict[str, list[int]]:
    """Return the ids of the objections that were read, for the detail of the event."""
    ids = [objection.pk for objection in find_objections(statement)]
    return {FIELD: ids} if ids else {}
