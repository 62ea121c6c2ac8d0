"""Decisions on words that wait for an editor."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

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
from statements.newsdesk.decisions.sensitive_periods import (
    SensitivePeriodDecision,
    SensitiveReleaseTimeDecision,
)
from statements.readiness import Problem
from statements.roles import EDITORS, NEWSDESK, is_in_group
from statements.workflow.rules import problems_for


class _Approval(Decision):
    transition = "approve"
    tone = "go"

    @classmethod
    def problems_for(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().problems_for(edition, by=by, at=at) or workflow.time_problems(
            edition, at, at
        )

    def _approve(
        self, seen: ScreenState, release_at: dt.datetime | None, sensitive_reason: str = ""
    ) -> None:
        workflow.approve(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=release_at,
            sensitive_reason=sensitive_reason,
        )


class ApproveFor(SensitiveReleaseTimeDecision, _Approval):
    key = "approve-for"
    title = "Approve for a time"
    offer_label = "Or approve for"
    action_label = "Approve for"
    button = "Approve for this time"

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.cleaned_data["instant"], self.reason)

    def success_message(self, edition: Edition) -> str:
        return f"Approved. {describe_release(edition)}"


class ApproveNow(SensitivePeriodDecision, _Approval):
    key = "approve-now"
    title = "Approve and release now"
    button = "Approve and release now"
    help = "The public reads it at once."

    def perform(self, seen: ScreenState) -> None:
        self._approve(seen, self.at, self.reason)

    def success_message(self, edition: Edition) -> str:
        return f"Approved and released: edition {edition.sequence} is public now."


class ApproveAndHold(_Approval):
    key = "approve-and-hold"
    title = "Approve and hold"
    button = "Approve and hold"
    help = "The words are agreed. Nothing is public until somebody names a time."
    tone = ""

    @classmethod
    def problems_for(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
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
    note = make_text_field("What should change?", "Its writers read this on their front page.")

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
    help = (
        "Agree to exactly these words as a second person, so that one of their writers may approve."
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
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
    """The way on for a writer who may not approve alone: somebody else is asked to countersign."""

    key = "ask"
    transition = "request_countersignature"
    title = "Ask somebody to countersign"
    button = "Ask them"
    help = "They get a link by mail, and find it on their front page."
    is_folded = True
    person = forms.ChoiceField(label="Whom?", required=False)

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        self.people = {one.get_username(): one for one in _list_colleagues(by)}
        field: Any = self.fields["person"]
        field.choices = [("", "Choose…")] + [
            (name, one.get_full_name() or name) for name, one in self.people.items()
        ]
        # Where the person on screen may not approve, this is what they came for.
        self.is_folded = not problems_for("approve", edition, by=by, at=at) or not _is_editor(by)

    def perform(self, seen: ScreenState) -> None:
        workflow.request_countersignature(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            person=self.people.get(self.cleaned_data["person"]),
        )

    def success_message(self, edition: Edition) -> str:
        person = self.people[self.cleaned_data["person"]]
        return f"{person.get_full_name() or person} was asked to countersign."


def _list_colleagues(by):
    users = get_user_model().objects.filter(is_active=True, groups__name__in=NEWSDESK)
    return users.exclude(pk=by.pk).distinct().order_by("first_name", "last_name", "username")


def _is_editor(by) -> bool:
    return is_in_group(by, EDITORS)


class PublishUrgently(Decision):
    key = "release-urgently"
    transition = "publish_urgently"
    title = "Urgent release, without a second person"
    button = "Release urgently"
    is_folded = True
    tone = "grave"
    consequences = (
        "The words are public at once, though nobody but their writers has agreed to them.",
        "Everybody on the newsdesk is told by mail.",
        "It stays on the front page until a second person has looked at what went out.",
        "Your name and your reason stay on the record for ever.",
    )
    reason = make_text_field("Why can it not wait?")
    still_true = forms.BooleanField(label="Yes, it is still true here", required=False)
    password = make_password_field()

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        if not self.data.get("still_true"):
            self.still_true_field = self.fields.pop("still_true")

    def clean(self) -> dict:
        """A reason repeated from last time comes back once, with a box to confirm it."""
        cleaned = super().clean() or {}
        if cleaned.get("still_true"):
            return cleaned
        said = repeated_reason.build_reminder(
            Action.PUBLISHED_URGENTLY, cleaned.get("reason") or "", by=self.by
        )
        if said:
            self.fields["still_true"] = self.still_true_field
            self.order_fields(["reason", "still_true", "password"])
            self.add_error("reason", said)
        return cleaned

    @classmethod
    def problems_for(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        """Where the ordinary way is open, no debt is made."""
        if found := super().problems_for(edition, by=by, at=at):
            return found
        if not problems_for("approve", edition, by=by, at=at) or edition.state == State.APPROVED:
            return [Problem("", "There is no need: two people stand behind these words.")]
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
