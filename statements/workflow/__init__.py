"""The verbs: the only writer of state.

Each verb locks the statement, asks whether role and state allow it, guards against a stale
screen, writes, derives all times anew (`times.reconcile`) and adds its event, in one transaction.
It raises PermissionDenied for the wrong role, Refused with every problem in sentences for a broken
rule, and Stale when somebody was quicker. `at` is an aware datetime, read once from
`statements.clock` at the edge. To go takes two people, to stop takes one.

submitting.py    from the working copy to the editors
deciding.py      sent back, countersigned, approved, released, held, cancelled
taking_back.py   withdrawn, restored, suppressed, erased
moving_in.py     brought in from elsewhere
shelf.py         themes, related articles, contact

Beneath them: gates.py, what every verb passes; freezing.py, words becoming an edition; times.py,
when it may go out and what follows from that.
"""

from statements.models import StaleVersion
from statements.workflow.decisions import (
    approve,
    cancel,
    countersign,
    hold,
    publish_now,
    publish_urgently,
    request_countersignature,
    reschedule,
    send_back,
    take_second_look,
)
from statements.workflow.imports import (
    ImportCache,
    ImportedDraft,
    import_edition,
    import_statements,
)
from statements.workflow.metadata import can_edit_metadata, update_metadata
from statements.workflow.scheduling import MAX_SCHEDULE_AHEAD, time_problems
from statements.workflow.submission import submit
from statements.workflow.transitions import Refused
from statements.workflow.withdrawal import erase, request_erasure, restore, suppress, withdraw

__all__ = [
    "MAX_SCHEDULE_AHEAD",
    "ImportCache",
    "ImportedDraft",
    "Refused",
    "StaleVersion",
    "approve",
    "can_edit_metadata",
    "cancel",
    "countersign",
    "erase",
    "hold",
    "import_edition",
    "import_statements",
    "publish_now",
    "publish_urgently",
    "request_countersignature",
    "request_erasure",
    "reschedule",
    "restore",
    "send_back",
    "submit",
    "suppress",
    "take_second_look",
    "time_problems",
    "update_metadata",
    "withdraw",
]
