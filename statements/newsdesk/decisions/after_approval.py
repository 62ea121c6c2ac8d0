"""Decisions about an approved edition: when to publish it, or not to."""

import datetime as dt

from django.contrib.auth.models import User

from statements import workflow
from statements.models import Edition
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    describe_release,
    make_text_field,
)
from statements.newsdesk.decisions.release_reasons import (
    ReasonedDecision,
    ReasonedReleaseTimeDecision,
)
from statements.readiness import Problem


class PublishNow(ReasonedDecision):
    key = "publish-now"
    transition = "publish_now"
    title = "Publish now"
    button = "Publish now"
    help = "The public reads it at once."
    tone = "go"

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return super().problems_for(edition, by=by, at=at) or workflow.time_problems(
            edition, at, at
        )

    def perform(self, seen: ScreenState) -> None:
        workflow.publish_now(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_reason=self.reason,
        )

    def success_message(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} is public now."


class Reschedule(ReasonedReleaseTimeDecision):
    key = "reschedule"
    transition = "reschedule"
    title = "Set the release time"
    button = "Publish at this time"

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return super().problems_for(edition, by=by, at=at) or workflow.time_problems(
            edition, at, at
        )

    def perform(self, seen: ScreenState) -> None:
        workflow.reschedule(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=self.cleaned_data["instant"],
            release_reason=self.reason,
        )

    def success_message(self, edition: Edition) -> str:
        return describe_release(edition)


class Hold(Decision):
    key = "hold"
    transition = "hold"
    title = "Hold"
    button = "Hold"
    help = "It is not published. It stays approved until somebody sets a new time."
    tone = "stop"
    note = make_text_field("Why? (you may leave this empty)", rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.hold(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def success_message(self, edition: Edition) -> str:
        return describe_release(edition)


class Cancel(Decision):
    key = "cancel"
    transition = "cancel"
    title = "Cancel this edition"
    button = "Cancel this edition"
    has_own_page = True
    tone = "stop"
    note = make_text_field("Why? (you may leave this empty)", rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.cancel(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def success_message(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} was cancelled."


class SecondLook(Decision):
    key = "second-look"
    transition = "take_second_look"
    title = "Second look"
    button = "I have read this edition"
    help = "One person published this alone. If it is wrong, withdraw it or start a correction."
    tone = "go"
    note = make_text_field("Remark (you may leave this empty)", rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.take_second_look(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def success_message(self, edition: Edition) -> str:
        return f"You took the second look at edition {edition.sequence}."
