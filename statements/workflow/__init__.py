"""Change state: only these transitions write what decides what is public.

Each transition runs in one transaction. It locks the statement; checks role, screen and state;
writes; derives all times (`scheduling.reconcile`); and adds its event. It raises PermissionDenied
for the wrong role, Refused with every problem for a broken rule, and StaleVersion if the screen is
out of date. `at` is an aware datetime, read once from `statements.clock` at the edge.

submission.py   submit a draft; hands.py, what nobody saved, and who had a hand in it
decisions.py    send back, countersign, approve, publish, reschedule, hold, cancel
groups.py       release statements together; group_approval.py, approve them in one decision
withdrawal.py   withdraw, restore, suppress, erase
imports.py      import what was public elsewhere
metadata.py     change themes, related articles and contact
information_requests.py  record that somebody downloads everything about a statement
discarding.py   discard a draft, take it back, erase it after 30 days
merging.py      merge two speakers or two themes

They build on transitions.py, the checks that all of them pass; rules.py, what is allowed when;
freezing.py, content as an edition; scheduling.py, release times; release_reasons.py, when a release
needs a reason, because of sensitive_periods.py or embargoes.py; unread_objections.py, which ones to
read first; and redirect_targets.py, where a removed statement may lead.
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
from statements.workflow.discarding import discard, erase_old_drafts, take_back
from statements.workflow.group_approval import approve_group
from statements.workflow.groups import SeenEdition, publish_together, take_out
from statements.workflow.hands import UnconfirmedChanges
from statements.workflow.imports import (
    ImportCache,
    ImportedDraft,
    import_edition,
    import_statements,
)
from statements.workflow.information_requests import download_file
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
    "SeenEdition",
    "StaleVersion",
    "UnconfirmedChanges",
    "approve",
    "approve_group",
    "can_edit_metadata",
    "cancel",
    "countersign",
    "discard",
    "download_file",
    "erase",
    "erase_old_drafts",
    "hold",
    "import_edition",
    "import_statements",
    "publish_now",
    "publish_together",
    "publish_urgently",
    "request_countersignature",
    "request_erasure",
    "reschedule",
    "restore",
    "send_back",
    "submit",
    "suppress",
    "take_back",
    "take_out",
    "take_second_look",
    "time_problems",
    "update_metadata",
    "withdraw",
]
