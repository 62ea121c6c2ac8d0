"""A statement's own page, once it was submitted: where it stands, and what can be done now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from statements import workflow
from statements.audit import verification
from statements.content.reading import same_words_and_slug
from statements.models import Edition, State, Statement
from statements.newsdesk import presence, signoff, timeline, translations
from statements.newsdesk.group_page import build_group_context
from statements.newsdesk.hub_actions import list_actions
from statements.newsdesk.release_words import describe_release_time
from statements.newsdesk.request_values import get_user
from statements.newsdesk.sent_back import find_sent_back_note
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.status import EditionStatus, get_edition_status
from statements.newsdesk.time_format import format_long

MAX_EVENTS = 12
SELECT_RELATED_FIELDS = ("organisation", "submitted_by", "approved_by", "second_look_by")


@dataclass(frozen=True)
class EditionRow:
    """An edition in the list of editions."""

    edition: Edition
    status: EditionStatus
    previous: int | None
    can_reuse: bool

    @property
    def change(self) -> str:
        """Say what the edition is to the one before it."""
        if self.edition.amendment:
            return self.edition.get_amendment_display()
        return "" if self.previous else _("First edition")


@require_safe
def show_statement(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm("statements.view_edition"):
        raise PermissionDenied(_("To read what is in review you need to be on the newsdesk."))
    people = ("organisation", "contact", "contact__organisation", "release_group")
    statement = get_object_or_404(Statement.objects.select_related(*people), pk=pk)
    editions = _load_editions(statement)
    if not editions:
        return redirect("admin:statements_statement_change", pk)
    context = _build_context(
        statement, editions, by=get_user(request), at=get_time(request), request=request
    )
    return TemplateResponse(request, "admin/newsdesk/hub.html", context)


def _load_editions(statement: Statement) -> list[Edition]:
    """Return the editions in order, each with this statement."""
    rows = statement.editions.select_related(*SELECT_RELATED_FIELDS).defer("content")
    editions = list(rows.prefetch_related("withdrawals").order_by("sequence"))
    for edition in editions:
        edition.statement = statement
    return editions


def _build_context(
    statement: Statement,
    editions: list[Edition],
    *,
    by: User,
    at: dt.datetime,
    request: HttpRequest,
) -> dict[str, Any]:
    lead = find_lead_edition(editions, at)
    can_write = is_on_newsdesk(request)
    actions = list_actions(lead, by=by, at=at, can_write=can_write)
    sent_back = find_sent_back_note(editions[-1])
    return {
        **admin.site.each_context(request),
        **_build_record_context(statement),
        **signoff.build_context(lead, at=at),
        **build_group_context(statement, by=by, at=at, can_write=can_write),
        "family": translations.build_rows(statement, user=by, at=at),
        "title": lead.headline,
        "statement": statement,
        "edition": lead,
        "status": get_edition_status(lead, at=at),
        "at": at,
        "is_public": lead.is_public(at),
        **_build_release_context(lead, at),
        "actions": [action for action in actions if not action.is_rare],
        "rare_actions": [action for action in actions if action.is_rare],
        "others": _list_others(editions, lead, at),
        "sent_back_note": sent_back.text if sent_back else "",
        "has_unsubmitted_content": _has_unsubmitted_content(statement, editions[-1]),
        "rows": _list_rows(editions, at=at, can_write=can_write),
        "present": presence.list_others(statement, by=by, at=at),
        "can_edit_details": can_write and workflow.can_edit_metadata(statement, by=by, at=at),
        "can_write": can_write,
        "pinned": [
            relation.to
            for relation in statement.relations.filter(blocked=False).select_related("to")[:5]
        ],
        "themes": list(statement.themes.all()),
    }


def _build_release_context(lead: Edition, at: dt.datetime) -> dict[str, Any]:
    if not lead.release_at or not lead.is_scheduled(at):
        return {}
    return {
        "release_at": lead.release_at,
        "release_words": describe_release_time(lead.release_at, at),
    }


def find_lead_edition(editions: list[Edition], at: dt.datetime) -> Edition:
    """Return the edition that the page is about: the public one, or the newest that counts."""
    public = [edition for edition in editions if edition.is_public(at)]
    current = [edition for edition in editions if edition.state != State.CANCELLED]
    return (public or current or editions)[-1]


@dataclass(frozen=True)
class OtherEdition:
    """An edition that is under way beside the one that leads, or was withdrawn before it."""

    edition: Edition
    status: EditionStatus
    is_earlier: bool
    release: str


def _list_others(editions: list[Edition], lead: Edition, at: dt.datetime) -> list[OtherEdition]:
    return [
        OtherEdition(
            edition,
            get_edition_status(edition, at=at),
            is_earlier=edition.sequence < lead.sequence,
            release=format_long(edition.release_at) if edition.release_at else "",
        )
        for edition in editions
        if edition != lead and _is_under_way(edition, editions[-1], at)
    ]


def _is_under_way(edition: Edition, newest: Edition, at: dt.datetime) -> bool:
    if edition.state == State.SENT_BACK:
        return edition == newest
    if edition.state == State.APPROVED:
        return not edition.is_released(at)
    return edition.state == State.IN_REVIEW


def _has_unsubmitted_content(statement: Statement, newest: Edition) -> bool:
    if newest.erased_at:
        return False
    return not same_words_and_slug(statement.content(), newest.content_data)


def _list_rows(editions: list[Edition], *, at: dt.datetime, can_write: bool) -> list[EditionRow]:
    rows: list[EditionRow] = []
    for previous, edition in zip([None, *editions], editions, strict=False):
        is_readable = edition.erased_at is None and edition.suppressed_at is None
        row = EditionRow(
            edition,
            get_edition_status(edition, at=at),
            previous.sequence if previous else None,
            can_reuse=can_write and is_readable,
        )
        rows.insert(0, row)
    return rows


def _build_record_context(statement: Statement) -> dict[str, Any]:
    return {
        "entries": timeline.list_entries(statement, limit=MAX_EVENTS),
        "event_count": statement.events.aggregate(last=Max("number"))["last"] or 0,
        "record_problems": verification.verify_statement(statement),
    }
