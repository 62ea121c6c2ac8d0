"""Decisions on words that are agreed: when they go out, and whether."""

import datetime as dt

from statements import workflow
from statements.models import Edition
from statements.newsdesk.decisions.base import Decision, Seen, goes_out, words_field
from statements.newsdesk.decisions.sensitive_periods import (
    ReleasesInPeriod,
    ReleasesLaterInPeriod,
)
from statements.readiness import Problem


class ReleaseNow(ReleasesInPeriod):
    key = "release-now"
    verb = "release_now"
    title = "Release now"
    button = "Release now"
    help = "The public reads it at once."
    tone = "go"

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().obstacles(edition, by=by, at=at) or workflow.time_problems(edition, at, at)

    def act(self, seen: Seen) -> None:
        workflow.release_now(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            sensitive_reason=self.reason,
        )

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} is public now."


class Retime(ReleasesLaterInPeriod):
    key = "retime"
    verb = "retime"
    title = "Set the release time"
    button = "Release at this time"

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return super().obstacles(edition, by=by, at=at) or workflow.time_problems(edition, at, at)

    def act(self, seen: Seen) -> None:
        workflow.retime(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            seen_version=seen.version,
            release_at=self.cleaned_data["instant"],
            sensitive_reason=self.reason,
        )

    def done(self, edition: Edition) -> str:
        return goes_out(edition)


class Hold(Decision):
    key = "hold"
    verb = "hold"
    title = "Hold"
    button = "Hold"
    help = "It does not go out. It stays approved until somebody names a new time."
    tone = "stop"
    note = words_field("Why? (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.hold(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def done(self, edition: Edition) -> str:
        return goes_out(edition)


class Cancel(Decision):
    key = "cancel"
    verb = "cancel"
    title = "Cancel this edition"
    button = "Cancel this edition"
    own_page = True
    tone = "stop"
    note = words_field("Why? (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.cancel(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def done(self, edition: Edition) -> str:
        return f"Edition {edition.sequence} was cancelled."


class SecondLook(Decision):
    key = "second-look"
    verb = "second_look"
    title = "Second look"
    button = "I have read these words"
    help = "One person released them alone. If they are wrong, withdraw them or start a correction."
    tone = "go"
    note = words_field("Remark (you may leave this empty)", rows=2)

    def act(self, seen: Seen) -> None:
        workflow.second_look(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def done(self, edition: Edition) -> str:
        return f"You took the second look at edition {edition.sequence}."
