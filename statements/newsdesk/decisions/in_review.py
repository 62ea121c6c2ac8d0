"""Decisions about an edition in review."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements import workflow
from statements.models import Edition, State
from statements.newsdesk.ask_editor import find_away, label_person
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    describe_release,
    make_text_field,
)
from statements.newsdesk.decisions.confirmed import ConfirmedDecision
from statements.newsdesk.decisions.release_time import ReleaseTimeDecision
from statements.newsdesk.user_names import get_display_name
from statements.readiness import Problem
from statements.roles import EDITORS, NEWSDESK, is_in_group
from statements.workflow.groups import (
    approval_problems,
    find_open_group,
    list_members,
    list_together,
)
from statements.workflow.rules import problems_for

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class _Approval(ConfirmedDecision):
    """Approves an edition, or with it all that go public together."""

    transition = "approve"
    title = _lazy("Check before you approve")
    not_yet = _lazy("You have not approved anything yet.")
    tone = "go"

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        if problems := cls._approval_problems(edition, by=by, at=at):
            return problems
        return [
            problem
            for row in list_together(edition, at)
            for problem in workflow.time_problems(row, at, at)
        ]

    @staticmethod
    def _approval_problems(edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        group = find_open_group(edition.statement, at)
        if group and edition.state == State.IN_REVIEW:
            return approval_problems(list_members(group), by=by, at=at)
        return problems_for("approve", edition, by=by, at=at)

    def _approve(self, seen: ScreenState, release_at: dt.datetime | None) -> None:
        about: dict[str, Any] = {
            "by": self.by,
            "at": self.at,
            "release_at": release_at,
            "release_reason": self.typed_reason,
            "objections_read": self.objections_read,
        }
        if group := find_open_group(self.edition.statement, self.at):
            workflow.approve_group(group, seen=seen.members, **about)
            return
        workflow.approve(self.edition, seen_digest=seen.digest, seen_version=seen.version, **about)


class ApproveAndSchedule(ReleaseTimeDecision, _Approval):
    key = "approve-and-schedule"
    link = _lazy("Approve")
    group_link = _lazy("Approve %(all)s")
    action_label = _lazy("Approve for")
    button = _lazy("Approve")
    is_usual = True

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.cleaned_data["instant"])

    def success_message(self, edition: Edition) -> str:
        return _("Approved. %(release)s You do not need to do anything else.") % {
            "release": describe_release(edition)
        }


class ApproveNow(_Approval):
    key = "approve-now"
    link = _lazy("Approve and publish now")
    group_link = _lazy("Approve %(all)s and publish now")
    button = _lazy("Approve and publish now")
    link_tone = ""  # one primary button a page

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        # Who requests no time wants it out as soon as it is approved.
        self.is_usual = edition.requested_release_at is None

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.at)

    def success_message(self, edition: Edition) -> str:
        return _("Approved. Edition %(number)s is on the site now.") % {"number": edition.sequence}


class ApproveAndHold(_Approval):
    key = "approve-and-hold"
    link = _lazy("Approve and put on hold")
    group_link = _lazy("Approve %(all)s and put on hold")
    button = _lazy("Approve and put on hold")
    icon = "pause"

    @property
    def chosen_time(self) -> dt.datetime | None:
        return None

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return cls._approval_problems(edition, by=by, at=at)

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, None)

    def success_message(self, edition: Edition) -> str:
        return _("Approved. %(release)s") % {"release": describe_release(edition)}


class SendBack(Decision):
    key = "send-back"
    transition = "send_back"
    title = _lazy("Send back")
    button = _lazy("Send back")
    has_own_page = True
    is_usual = True
    note = make_text_field(
        _lazy("What needs to change?"), _lazy("The authors see this on their dashboard.")
    )

    def perform(self, seen: ScreenState) -> None:
        workflow.send_back(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def success_message(self, edition: Edition) -> str:
        return _("Edition %(number)s was sent back with your note.") % {"number": edition.sequence}


class Countersign(Decision):
    key = "countersign"
    transition = "countersign"
    title = _lazy("Countersign")
    button = _lazy("Countersign")
    help: "StrOrPromise" = _lazy(
        "Agree to exactly these words as a second person, so that an author may approve."
    )
    is_usual = True

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self.is_usual = not is_in_group(by, EDITORS)
        if edition.countersigned_by:
            self.help = _("%(name)s has countersigned already. Your name would replace theirs.") % {
                "name": get_display_name(edition.countersigned_by)
            }

    def perform(self, seen: ScreenState) -> None:
        workflow.countersign(self.edition, by=self.by, at=self.at, seen_digest=seen.digest)

    def success_message(self, edition: Edition) -> str:
        return _("You countersigned edition %(number)s.") % {"number": edition.sequence}


class RequestCountersignature(Decision):
    """Ask a colleague to countersign, because a writer cannot approve alone."""

    key = "request-countersignature"
    transition = "request_countersignature"
    title = _lazy("Ask a colleague to countersign")
    button = _lazy("Ask them")
    help = _lazy("They get a link by email and see it on their dashboard.")
    is_folded = True
    person = forms.ChoiceField(label=_lazy("Who?"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self._colleagues = {user.get_username(): user for user in _list_colleagues(by)}
        away = find_away(self._colleagues.values(), at=at)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField), "The person is chosen from a list."
        field.choices = [("", _("Choose…"))] + [
            (username, label_person(user, away)) for username, user in self._colleagues.items()
        ]
        # An editor who cannot approve this edition needs the request: it is open for them.
        can_approve = not problems_for("approve", edition, by=by, at=at)
        self.is_usual = not can_approve and is_in_group(by, EDITORS)
        self.is_folded = not self.is_usual

    def perform(self, seen: ScreenState) -> None:
        workflow.request_countersignature(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            person=self._colleagues.get(self.cleaned_data["person"]),
        )

    def success_message(self, edition: Edition) -> str:
        person = self._colleagues[self.cleaned_data["person"]]
        return _("You asked %(name)s to countersign.") % {"name": get_display_name(person)}


def _list_colleagues(by: User) -> QuerySet[User]:
    users = User.objects.filter(is_active=True, groups__name__in=NEWSDESK)
    return users.exclude(pk=by.pk).distinct().order_by("first_name", "last_name", "username")
