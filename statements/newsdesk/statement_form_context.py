"""What the statement form shows around its fields: status, problems and house style."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User

from organisations.models import Organisation
from statements.drafting.from_document import has_left_out_words
from statements.models import Amendment, DraftVersion, Statement
from statements.newsdesk import autosave, checklist, presence
from statements.newsdesk.field_words import AMENDMENT_HINTS
from statements.newsdesk.sent_back import find_sent_back_note
from statements.newsdesk.status import describe_status
from statements.newsdesk.timeline import list_entries
from statements.newsdesk.typed_draft import collect_typed_draft, read_saved_draft
from statements.newsdesk.user_names import get_initials
from statements.objections import find_objections
from statements.workflow import discarding, groups

MAX_VERSIONS = 5
MAX_ENTRIES = 6


def build_status_context(statement: Statement, *, by: User, at: dt.datetime) -> dict[str, Any]:
    """Return what the bar and the panel of activity say; the queries are constant."""
    editions = list(statement.editions.defer("content").order_by("sequence"))
    versions = statement.draft_versions.select_related("by").defer("text").order_by("-version")
    newest_versions = list(versions[:MAX_VERSIONS])
    return {
        "status": describe_status(editions, at),
        "can_discard": not discarding.discard_problems(statement)
        and discarding.can_use_bin(statement, by=by),
        "can_join": not groups.approved_problems(statement),
        "together_with": groups.name_others(statement)
        if groups.find_open_group(statement, at)
        else "",
        "newest_edition": editions[-1] if editions else None,
        "has_left_out_words": not editions and has_left_out_words(statement.leftover_text),
        "sent_back": find_sent_back_note(editions[-1] if editions else None),
        "objections": find_objections(statement),
        "others": presence.list_others(statement, by=by, at=at),
        "own_initials": get_initials(by),
        "draft_versions": newest_versions,
        "last_saved": _format_last_saved(newest_versions, at),
        "entries": list_entries(statement, limit=MAX_ENTRIES),
    }


def _format_last_saved(versions: list[DraftVersion], at: dt.datetime) -> str:
    return autosave.format_recent_time(versions[0].at, at) if versions else ""


def build_checklist_context(
    form: Any, formsets: list[Any], statement: Statement | None, at: dt.datetime
) -> dict[str, Any]:
    """Check the words on the page: the typed ones if the form was refused."""
    if form.is_bound:
        draft = collect_typed_draft(form, formsets)
    else:
        draft = read_saved_draft(statement or _make_new_statement(form))
    return checklist.build_checklist(draft, at=at)


def build_amendment_context(form: Any) -> dict[str, Any]:
    """Return the kinds of amendment with their hints, and what readers will see of the chosen."""
    kind = form["amendment"].value() or ""
    has_note = kind in Amendment.values and kind != Amendment.TYPO
    return {
        "amendment_choices": [
            {"radio": radio, "hint": AMENDMENT_HINTS[radio.data["value"]]}
            for radio in form["amendment"]
        ],
        "amendment_shown": Amendment(kind).public_label if has_note else "",
    }


def _make_new_statement(form: Any) -> Statement:
    """Return the statement that the form of a new one begins with."""
    return Statement(
        organisation=Organisation.objects.filter(pk=form["organisation"].value()).first()
    )
