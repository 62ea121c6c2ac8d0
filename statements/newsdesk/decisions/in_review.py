"""Decisions about an edition in review."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet

from statements import workflow
from statements.models import Action, Edition, State
from statements.newsdesk import repeated_reason
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    describe_release,
    make_password_field,
    make_text_field,
)
from statements.newsdesk.decisions.release_reasons import (
    ReasonedDecision,
    ReasonedReleaseTimeDecision,
)
from statements.newsdesk.user_names import get_display_name
from statements.readiness import Problem
from statements.roles import EDITORS, NEWSDESK, is_in_group
from statements.workflow.rules import problems_for


class _Approval(Decision):
    transition = "approve"
    tone = "go"

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return super().problems_for(edition, by=by, at=at) or workflow.time_problems(
            edition, at, at
        )

    def _approve(
        self, seen: ScreenState, release_at: dt.datetime | None, release_reason: str = ""
    ) -> None:
        workflow.approve(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=release_at,
            release_reason=release_reason,
        )


class ApproveAndSchedule(ReasonedReleaseTimeDecision, _Approval):
    key = "approve-and-schedule"
    title = "Approve and schedule"
    offer_label = "Or approve for"
    action_label = "Approve for"
    button = "Approve for this time"

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.cleaned_data["instant"], self.reason)

    def success_message(self, edition: Edition) -> str:
        return f"Approved. {describe_release(edition)}"


class ApproveNow(ReasonedDecision, _Approval):
    key = "approve-now"
    title = "Approve and publish now"
    button = "Approve and publish now"
    help = "The public reads it at once."

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.at, self.reason)

    def success_message(self, edition: Edition) -> str:
        return f"Approved and published: edition {edition.sequence} is public now."


class ApproveAndHold(_Approval):
    key = "approve-and-hold"
    title = "Approve and hold"
    button = "Approve and hold"
    help = "The text is approved. Nothing is public until somebody sets a time."
    tone = ""

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return problems_for("approve", edition, by=by, at=at)

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, None)

    def success_message(self, edition: Edition) -> str:
        return f"Approved. {describe_release(edition)}"


class SendBack(Decision):
    key = "send-back"
    transition = "send_back"
    title = "Send back"
    button = "Send back with this note"
    note = make_text_field("What should change?", "The writers read this on their dashboard.")

    def perform(self, seen: ScreenState) -> None:
        workflow.send_back(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def success_message(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} was sent back with your note."


class Countersign(Decision):
    key = "countersign"
    transition = "countersign"
    title = "Countersign"
    button = "Countersign"
    help = "Agree to exactly this text as a second person, so that one of its writers may approve."

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        if edition.countersigned_by:
            self.help = (
                f"{edition.countersigned_by} has countersigned already. "
                "Your name would replace theirs."
            )

    def perform(self, seen: ScreenState) -> None:
        workflow.countersign(self.edition, by=self.by, at=self.at, seen_digest=seen.digest)

    def success_message(self, edition: Edition) -> str:
        return f"You countersigned edition {edition.sequence}."


class RequestCountersignature(Decision):
    """Ask a colleague to countersign, because a writer cannot approve alone."""

    key = "request-countersignature"
    transition = "request_countersignature"
    title = "Ask a colleague to countersign"
    button = "Ask them"
    help = "They get a link by e-mail and see it on their dashboard."
    is_folded = True
    person = forms.ChoiceField(label="Who?", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self._colleagues = {user.get_username(): user for user in _list_colleagues(by)}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField), "The person is chosen from a list."
        field.choices = [("", "Choose…")] + [
            (username, get_display_name(user)) for username, user in self._colleagues.items()
        ]
        # An editor who cannot approve this edition needs the request: it is open for them.
        self.is_folded = not problems_for("approve", edition, by=by, at=at) or not _is_editor(by)

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
        return f"You asked {get_display_name(person)} to countersign."


def _list_colleagues(by: User) -> QuerySet[User]:
    users = User.objects.filter(is_active=True, groups__name__in=NEWSDESK)
    return users.exclude(pk=by.pk).distinct().order_by("first_name", "last_name", "username")


def _is_editor(by: User) -> bool:
    return is_in_group(by, EDITORS)


class PublishUrgently(Decision):
    key = "publish-urgently"
    transition = "publish_urgently"
    title = "Publish urgently, without a second person"
    button = "Publish urgently"
    is_folded = True
    tone = "grave"
    consequences = (
        "The statement is public at once, although only its writers have agreed to it.",
        "Everybody on the newsdesk gets an e-mail.",
        "It stays on the dashboard until a second person has looked at what was published.",
        "Your name and your reason stay in the record for ever.",
    )
    reason = make_text_field("Why can it not wait?")
    still_true = forms.BooleanField(label="Yes, it is still true here", required=False)
    password = make_password_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        if not self.data.get("still_true"):
            self._still_true_field = self.fields.pop("still_true")

    def clean(self) -> dict[str, Any]:
        """Ask once to confirm a reason that is the same as last time."""
        cleaned = super().clean() or {}
        if cleaned.get("still_true"):
            return cleaned
        reminder = repeated_reason.build_reminder(
            Action.PUBLISHED_URGENTLY, cleaned.get("reason") or "", by=self.by
        )
        if reminder:
            self.fields["still_true"] = self._still_true_field
            self.order_fields(["reason", "still_true", "password"])
            self.add_error("reason", reminder)
        return cleaned

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        """Offer it only where nobody can approve: otherwise no second look is needed."""
        if problems := super().problems_for(edition, by=by, at=at):
            return problems
        if not problems_for("approve", edition, by=by, at=at) or edition.state == State.APPROVED:
            return [Problem("", "You don’t need this: two people have agreed to this text.")]
        return workflow.time_problems(edition, at, at)

    def perform(self, seen: ScreenState) -> None:
        workflow.publish_urgently(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            reason=self.cleaned_data["reason"],
            password=self.cleaned_data["password"],
        )

    def success_message(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} is public now. Ask somebody to take the second look."
