"""The versions of a draft: list them, compare any two, and restore one."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from statements.content.diff import ContentChange
from statements.content.reading import read_content
from statements.content.schema import Content
from statements.drafting.restore_edition import restore_version
from statements.models import DraftVersion, StaleVersion, Statement
from statements.newsdesk import unsaved_text
from statements.newsdesk.autosave import format_recent_time
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.restore_edition import read_seen_version, require_writer
from statements.newsdesk.staff_request import get_time, is_on_newsdesk
from statements.newsdesk.user_names import get_display_name
from statements.newsdesk.version_summary import compare_drafts, summarise_changes
from statements.workflow import discarding

PAGE_ROWS = 40
UNSAVED = "unsaved"
"""What stands for the text that this person has not saved yet, in place of a number."""


@dataclass(frozen=True)
class VersionRow:
    """One version in the list, or what is not saved yet."""

    key: str
    title: str
    facts: str
    summary: str = ""
    is_erased: bool = False
    can_restore: bool = False
    is_from: bool = False
    is_to: bool = False


@dataclass(frozen=True)
class VersionComparison:
    title: str
    facts: str
    changes: list[ContentChange]


@dataclass(frozen=True)
class VersionRestoration:
    """What would happen if this version were restored."""

    number: int
    next_number: int
    saves_unsaved: bool
    lost_files: list[str]


@require_safe
def list_versions(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, _get_statement(request, pk))


def _get_statement(request: HttpRequest, pk: int) -> Statement:
    if not request.user.has_perm("statements.view_statement"):
        raise PermissionDenied(_("To read a draft you need to be on the newsdesk."))
    return get_object_or_404(Statement.objects.not_discarded(), pk=pk)


def _render(request: HttpRequest, statement: Statement, stale: str = "") -> HttpResponse:
    at, by = get_time(request), get_user(request)
    unsaved = unsaved_text.find(request, statement, at=at) if is_on_newsdesk(request) else None
    rows = _load_page(request, statement)
    chosen = _choose(request, statement, rows)
    can_write = is_on_newsdesk(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Draft versions"),
        "statement": statement,
        "rows": _build_rows(statement, rows, chosen, unsaved, by=by, at=at, can_write=can_write),
        "older": rows[PAGE_ROWS - 1].version if len(rows) > PAGE_ROWS else None,
        "is_continued": "before" in request.GET,
        "comparison": _compare(statement, chosen, unsaved, by=by, at=at),
        "restoration": _describe_restoration(request, statement, unsaved) if can_write else None,
        "can_discard": discarding.can_use_bin(statement, by=by)
        and not discarding.discard_problems(statement),
        "stale": stale,
    }
    return TemplateResponse(
        request, "admin/newsdesk/draft_versions.html", context, status=409 if stale else 200
    )


def _load_page(request: HttpRequest, statement: Statement) -> list[DraftVersion]:
    """Return the newest versions, or those before a number, and one more to compare with."""
    versions = statement.draft_versions.select_related("by").order_by("-version")
    if (before := parse_number(request.GET.get("before"))) is not None:
        versions = versions.filter(version__lt=before)
    return list(versions[: PAGE_ROWS + 1])


def _choose(
    request: HttpRequest, statement: Statement, rows: list[DraftVersion]
) -> dict[str, str | DraftVersion]:
    """Return what to compare: as asked, or else the last two versions."""
    asked = {name: request.GET.get(name, "") for name in ("from", "to")}
    if not any(asked.values()) and "restore" not in request.GET and len(rows) > 1:
        return {"from": rows[1], "to": rows[0]}
    numbers = {number for value in asked.values() if (number := parse_number(value)) is not None}
    found = {row.version: row for row in rows}
    if missing := numbers - found.keys():
        others = statement.draft_versions.filter(version__in=missing).select_related("by")
        found |= {row.version: row for row in others}
    chosen: dict[str, str | DraftVersion] = {}
    for name, value in asked.items():
        number = parse_number(value)
        if value == UNSAVED:
            chosen[name] = UNSAVED
        elif number in found:
            chosen[name] = found[number]
    return chosen


# --- The list -------------------------------------------------------------------------------------


def _build_rows(
    statement: Statement,
    page: list[DraftVersion],
    chosen: dict[str, str | DraftVersion],
    unsaved: unsaved_text.UnsavedDraft | None,
    *,
    by: User,
    at: dt.datetime,
    can_write: bool,
) -> list[VersionRow]:
    marks = {name: _key_of(value) for name, value in chosen.items()}
    rows = []
    if unsaved:
        facts = _("Autosaved %(time)s. Only you can see it.") % {"time": unsaved.when}
        rows.append(_mark(VersionRow(UNSAVED, _("Not saved yet"), facts), marks))
    listed = page[:PAGE_ROWS]
    before = {row.version: older for row, older in pairwise(page)}
    others = {value for value in chosen.values() if isinstance(value, DraftVersion)} - {*listed}
    for version in sorted({*listed, *others}, key=lambda row: -row.version):
        older = before.get(version.version)
        row = VersionRow(
            key=str(version.version),
            title=_("Version %(number)d") % {"number": version.version},
            facts=_describe_save(version, by=by, at=at),
            summary=_summarise(older, version) if older else "",
            is_erased=not version.text,
            can_restore=can_write and bool(version.text) and version.version != statement.version,
        )
        rows.append(_mark(row, marks))
    return rows


def _key_of(value: str | DraftVersion) -> str:
    return value if isinstance(value, str) else str(value.version)


def _mark(row: VersionRow, marks: dict[str, str]) -> VersionRow:
    values = vars(row) | {
        "is_from": marks.get("from") == row.key,
        "is_to": marks.get("to") == row.key,
    }
    return VersionRow(**values)


def _describe_save(version: DraftVersion, *, by: User, at: dt.datetime) -> str:
    when = format_recent_time(version.at, at)
    who = _name(version.by, by)
    if version.restored_from:
        return _("%(who)s, %(when)s. Restored from version %(number)d.") % {
            "who": who,
            "when": when,
            "number": version.restored_from,
        }
    return f"{who}, {when}"


def _name(user: User | None, by: User) -> str:
    if user is None:
        return _("After it was submitted")
    return _("You") if user == by else get_display_name(user)


def _summarise(older: DraftVersion, version: DraftVersion) -> str:
    if version.restored_from or not (older.text and version.text):
        return ""
    return summarise_changes(read_content(older.text), read_content(version.text))


# --- The comparison -------------------------------------------------------------------------------


def _compare(
    statement: Statement,
    chosen: dict[str, str | DraftVersion],
    unsaved: unsaved_text.UnsavedDraft | None,
    *,
    by: User,
    at: dt.datetime,
) -> VersionComparison | None:
    contents = {name: _read(value, unsaved) for name, value in chosen.items()}
    before, after = contents.get("from"), contents.get("to")
    if before is None or after is None:
        return None
    changes = compare_drafts(before, after)
    title = _("From %(before)s to %(after)s") % {
        "before": _name_version(chosen["from"]),
        "after": _name_version(chosen["to"]),
    }
    return VersionComparison(title, _count_changes(changes), changes)


def _read(value: str | DraftVersion, unsaved: unsaved_text.UnsavedDraft | None) -> Content | None:
    if isinstance(value, DraftVersion):
        return read_content(value.text) if value.text else None
    return unsaved.content if unsaved else None


def _name_version(value: str | DraftVersion) -> str:
    if isinstance(value, str):
        return _("what is not saved yet")
    return _("version %(number)d") % {"number": value.version}


def _count_changes(changes: list[ContentChange]) -> str:
    if not changes:
        return _("The words are the same.")
    return ngettext("%(count)d change", "%(count)d changes", len(changes)) % {"count": len(changes)}


# --- Restoring ------------------------------------------------------------------------------------


def _describe_restoration(
    request: HttpRequest, statement: Statement, unsaved: unsaved_text.UnsavedDraft | None
) -> VersionRestoration | None:
    number = parse_number(request.GET.get("restore"))
    version = statement.draft_versions.filter(version=number or 0).exclude(text="").first()
    if version is None or version.version == statement.version:
        return None
    kept = {file["digest"] for file in read_content(version.text).get("files", [])}
    attachments = statement.attachments.select_related("file")
    saves_unsaved = unsaved is not None
    return VersionRestoration(
        number=version.version,
        next_number=statement.version + (2 if saves_unsaved else 1),
        saves_unsaved=saves_unsaved,
        lost_files=[str(row) for row in attachments if row.file.digest not in kept],
    )


@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Save what this person has not saved yet, then restore the version; both are versions."""
    require_writer(request)
    statement, at, by = _get_statement(request, pk), get_time(request), get_user(request)
    version = get_object_or_404(statement.draft_versions.exclude(text=""), version=number)
    seen_version = read_seen_version(request)
    try:
        if statement.version == seen_version:
            seen_version = unsaved_text.save(request, statement, at=at)
        result = restore_version(version, by=by, at=at, seen_version=seen_version)
    except (StaleVersion, unsaved_text.NotSaved) as error:
        return _render(request, statement, str(error))
    messages.success(
        request, _("The draft has the words of version %(number)d again.") % {"number": number}
    )
    for sentence in result.messages:
        messages.info(request, sentence)
    return redirect(reverse("admin:statements_statement_change", args=[pk]))
