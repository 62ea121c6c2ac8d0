"""Publish statements together: the members of a group, and the pages that change them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from statements import workflow
from statements.models import Edition, StaleVersion, State, Statement
from statements.newsdesk import signoff
from statements.newsdesk.decisions.base import name_all
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.restore_edition import require_writer
from statements.newsdesk.staff_request import get_time
from statements.newsdesk.statement_links import get_statement_url
from statements.newsdesk.status import EditionStatus, get_edition_status
from statements.newsdesk.user_names import get_display_name
from statements.objections import Objection, find_objections_of
from statements.workflow import Refused
from statements.workflow.groups import (
    Member,
    approved_problems,
    find_open_group,
    list_members,
    list_together,
)

MAX_CHOICES = 100


@dataclass(frozen=True)
class GroupMember:
    """A member as the pages list it; `hand` says whether this person helped write it."""

    statement: Statement
    edition: Edition | None
    url: str
    status: EditionStatus
    is_this: bool
    hand: str = ""
    has_hand: bool = False
    countersigned: str = ""
    agreed_count: int = 0
    asked_count: int = 0
    objections: Sequence[Objection] = ()

    @property
    def headline(self) -> str:
        return self.edition.headline if self.edition else str(self.statement)

    @property
    def language(self) -> str:
        name = self.statement.get_language_display()
        if self.statement.translation_of_id:
            return _("%(language)s, a translation") % {"language": name}
        return name

    @property
    def awaits_signoff(self) -> int:
        return self.asked_count - self.agreed_count - len(self.objections)


def build_group_context(
    statement: Statement, *, by: User, at: dt.datetime, can_write: bool
) -> dict[str, Any]:
    """Return the members of a statement's group for its page and its review; empty without one."""
    group = statement.release_group
    context = {"can_join": can_write and not approved_problems(statement)}
    if group is None:
        return context
    members = list_members(group)
    if len(members) < 2:
        return context
    is_open = find_open_group(statement, at) is not None
    objections = find_objections_of([member.statement.pk for member in members])
    return context | {
        "group_members": [
            _describe_member(
                member,
                statement,
                objections.get(member.statement.pk, []) if is_open else [],
                by=by,
                at=at,
            )
            for member in members
        ],
        "group_is_open": is_open,
        "can_take_out": is_open and context["can_join"],
        "all_members": name_all(len(members)),
    }


def _describe_member(
    member: Member,
    current: Statement,
    objections: Sequence[Objection],
    *,
    by: User,
    at: dt.datetime,
) -> GroupMember:
    statement, edition = member.statement, member.edition
    about: dict[str, Any] = {
        "statement": statement,
        "edition": edition,
        "url": get_statement_url(statement, by),
        "status": _find_status(member, at),
        "is_this": statement.pk == current.pk,
        "objections": objections,
    }
    if edition is None:
        return GroupMember(**about)
    replies = signoff.build_context(edition, at=at)
    return GroupMember(
        **about,
        **_describe_hand(edition, by),
        agreed_count=replies["agreed_count"],
        asked_count=len(replies["signoff_rows"]),
    )


def _find_status(member: Member, at: dt.datetime) -> EditionStatus:
    edition = member.edition or member.statement.editions.order_by("-sequence").first()
    if edition is None:
        return EditionStatus(_("Draft"), "draft", _("It was not submitted yet."))
    return get_edition_status(edition, at=at)


def _describe_hand(edition: Edition, by: User) -> dict[str, Any]:
    if edition.state != State.IN_REVIEW:
        return {}
    countersigned = edition.countersigned_by
    return {
        "has_hand": by.pk in edition.contributor_ids,
        "hand": _("You helped write it")
        if by.pk in edition.contributor_ids
        else _("You did not help write it"),
        "countersigned": get_display_name(countersigned) if countersigned else "",
    }


def describe_others(edition: Edition, at: dt.datetime) -> str:
    """Say in a few words with which others an edition goes public; "" if with none."""
    others = [row.headline for row in list_together(edition, at) if row.pk != edition.pk]
    return ", ".join(others)


# --- Pages ----------------------------------------------------------------------------------------


class TogetherForm(forms.Form):
    """The statement to publish together with this one."""

    other = forms.ChoiceField(label=_lazy("Publish it together with"), required=False)

    def __init__(self, data: Any = None, *, choices: list[tuple[int, str]]) -> None:
        super().__init__(data, label_suffix="")
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField), "It is chosen from a list."
        field.choices = [("", _("Choose a statement…")), *choices]


@require_http_methods(["GET", "HEAD", "POST"])
def publish_together(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a statement on GET; on POST put both into a release group."""
    require_writer(request)
    statement = get_object_or_404(
        Statement.objects.not_discarded().select_related("release_group"), pk=pk
    )
    by, at = get_user(request), get_time(request)
    choices = _list_choices(statement)
    form = TogetherForm(request.POST if request.method == "POST" else None, choices=choices)
    status = 200
    if form.is_bound:
        status = _put_together(form, statement, by=by, at=at)
        if status == 200:
            messages.success(
                request, _("They go public together now: one approval and one time for all.")
            )
            return redirect(get_statement_url(statement, by))
    context = {
        **admin.site.each_context(request),
        "title": _("Publish together with another statement"),
        "statement": statement,
        "form": form,
        "choices": choices,
        "problems": approved_problems(statement),
        "back_url": get_statement_url(statement, by),
    }
    return TemplateResponse(request, "admin/newsdesk/together.html", context, status=status)


def _put_together(form: TogetherForm, statement: Statement, *, by: User, at: dt.datetime) -> int:
    """Put the chosen statement into the group, or add the reasons why not; return the status."""
    chosen = parse_number(form.data.get("other"))
    other = Statement.objects.not_discarded().filter(pk=chosen or 0).first()
    if not form.is_valid() or other is None:
        form.add_error("other", _("Choose a statement."))
        return 422
    try:
        workflow.publish_together(statement, other, by=by, at=at)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error("other", str(problem))
        return 422
    except StaleVersion as stale:
        form.add_error("other", str(stale))
        return 409
    return 200


def _list_choices(statement: Statement) -> list[tuple[int, str]]:
    """Return the statements of the same publisher that nobody has approved, translations first."""
    approved = Edition.objects.approved().filter(statement=OuterRef("pk"))
    rows = Statement.objects.not_discarded().filter(
        ~Exists(approved), organisation=statement.organisation_id
    )
    rows = rows.exclude(pk=statement.pk)
    if statement.release_group_id:
        rows = rows.filter(release_group=None)
    newest = list(rows.order_by("-changed_at")[:MAX_CHOICES])
    family = {statement.pk, statement.translation_of_id}
    newest.sort(key=lambda row: row.pk not in family and row.translation_of_id not in family)
    return [(row.pk, f"{row} ({row.get_language_display()})") for row in newest]


@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a statement out of its release group."""
    require_writer(request)
    statement = get_object_or_404(Statement, pk=pk)
    by, at = get_user(request), get_time(request)
    try:
        workflow.take_out(statement, by=by, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
    except StaleVersion as stale:
        messages.error(request, str(stale))
    else:
        messages.success(request, _("It is decided on by itself now."))
    return redirect(get_statement_url(statement, by))
