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

from statements.models import Stale
from statements.workflow.decisions import (
    approve,
    ask,
    cancel,
    countersign,
    hold,
    release_now,
    release_urgently,
    retime,
    second_look,
    send_back,
)
from statements.workflow.imports import Incoming, Known, import_edition, import_statements
from statements.workflow.metadata import change_shelf, may_change_shelf
from statements.workflow.scheduling import HORIZON, time_problems
from statements.workflow.submission import submit
from statements.workflow.transitions import Refused
from statements.workflow.withdrawal import ask_erasure, erase, restore, suppress, withdraw

__all__ = [
    "HORIZON",
    "Incoming",
    "Known",
    "Refused",
    "Stale",
    "approve",
    "ask",
    "ask_erasure",
    "cancel",
    "change_shelf",
    "countersign",
    "erase",
    "hold",
    "import_edition",
    "import_statements",
    "may_change_shelf",
    "release_now",
    "release_urgently",
    "restore",
    "retime",
    "second_look",
    "send_back",
    "submit",
    "suppress",
    "time_problems",
    "withdraw",
]
