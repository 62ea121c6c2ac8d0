"""Decisions about an approved edition: when to publish it, or not to."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements import workflow
from statements.models import Edition
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    describe_release,
    make_text_field,
)
from statements.newsdesk.decisions.confirmed import ConfirmedDecision
from statements.newsdesk.decisions.release_time import ReleaseTimeDecision
from statements.readiness import Problem


class PublishNow(ConfirmedDecision):
    key = "publish-now"
    transition = "publish_now"
    title = _lazy("Check before you publish")
    link = _lazy("Publish now")
    group_link = _lazy("Publish %(all)s now")
    button = _lazy("Publish now")
    help = _lazy("It appears on the site straight away.")
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
            release_reason=self.typed_reason,
            objections_read=self.objections_read,
        )

    def success_message(self, edition: Edition) -> str:
        return _("Edition %(number)s is on the site now.") % {"number": edition.sequence}


class Reschedule(ReleaseTimeDecision):
    key = "reschedule"
    transition = "reschedule"
    title = _lazy("Check the new time")
    link = _lazy("Change time")
    group_link = _lazy("Change time for %(all)s")
    button = _lazy("Publish at this time")
    not_yet = _lazy("You have not changed anything yet.")
    tone = "go"
    icon = "clock"
    is_usual = True

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
            release_reason=self.typed_reason,
            objections_read=self.objections_read,
        )

    def success_message(self, edition: Edition) -> str:
        return describe_release(edition)


class Hold(Decision):
    """Put on hold: it acts at once, because to stop takes one step."""

    key = "hold"
    transition = "hold"
    title = _lazy("Put on hold")
    button = _lazy("Put on hold")
    group_link = _lazy("Put %(all)s on hold")
    help = _lazy("It stays approved. Nothing is published until someone sets a time.")
    icon = "pause"
    is_usual = True
    note = make_text_field(_lazy("Why? (optional)"), rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.hold(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def success_message(self, edition: Edition) -> str:
        return describe_release(edition)


class Cancel(Decision):
    key = "cancel"
    transition = "cancel"
    title = _lazy("Cancel this edition")
    button = _lazy("Cancel this edition")
    has_own_page = True
    tone = "stop"
    note = make_text_field(_lazy("Why? (optional)"), rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.cancel(self.edition, by=self.by, at=self.at, note=self.cleaned_data["note"])

    def success_message(self, edition: Edition) -> str:
        return _("Edition %(number)s was cancelled. It will not be published.") % {
            "number": edition.sequence
        }


class SecondLook(Decision):
    key = "second-look"
    transition = "take_second_look"
    title = _lazy("Second look")
    button = _lazy("I have read it and it is right")
    help = _lazy(
        "One person published this alone. Read it. If it is wrong, withdraw it or start a "
        "correction."
    )
    tone = "go"
    is_usual = True
    note = make_text_field(_lazy("Remark (optional)"), rows=2)

    def perform(self, seen: ScreenState) -> None:
        workflow.take_second_look(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            note=self.cleaned_data["note"],
        )

    def success_message(self, edition: Edition) -> str:
        return _("You confirmed that edition %(number)s is right.") % {"number": edition.sequence}
