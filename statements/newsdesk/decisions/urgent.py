"""Publish on one person's word, when it cannot wait for a second."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements import workflow
from statements.models import Action, Edition, State
from statements.newsdesk import repeated_reason
from statements.newsdesk.decisions.base import ScreenState, make_password_field, make_text_field
from statements.newsdesk.decisions.confirmed import ConfirmedDecision
from statements.readiness import Problem
from statements.workflow.groups import alone_problems
from statements.workflow.rules import problems_for


class PublishUrgently(ConfirmedDecision):
    key = "publish-urgently"
    transition = "publish_urgently"
    title = _lazy("Publish urgently on your own")
    button = _lazy("Publish urgently now")
    tone = "stop"
    asks_reason = False
    reason = make_text_field(
        _lazy("Why can this not wait?"),
        _lazy("Editors and managers read this at once. It stays in the history. Never published."),
    )
    still_true = forms.BooleanField(label=_lazy("Yes, it is still true here"), required=False)
    checked = forms.BooleanField(
        label=_lazy("I have checked this: every word, name and number"), required=False
    )
    password = make_password_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        if not self.data.get("still_true"):
            self._still_true_field = self.fields.pop("still_true")

    def clean(self) -> dict[str, Any]:
        """Ask for the tick, and once to confirm a reason that is the same as last time."""
        cleaned = super().clean()
        if not cleaned.get("checked"):
            self.add_error("checked", _("Check every word, name and number, then tick this."))
        if cleaned.get("still_true"):
            return cleaned
        reminder = repeated_reason.build_reminder(
            Action.PUBLISHED_URGENTLY, cleaned.get("reason") or "", by=self.by
        )
        if reminder:
            self.fields["still_true"] = self._still_true_field
            self.order_fields(["reason", "still_true", "checked", "password"])
            self.add_error("reason", reminder)
        return cleaned

    def _check_embargo_tick(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("embargo_read"):
            self.add_error("embargo_read", _("Read the embargo line, then tick it."))

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        """Offer it only where nobody can approve: otherwise no second look is needed."""
        if problems := super().problems_for(edition, by=by, at=at):
            return problems
        if problems := alone_problems(edition, at):
            return problems
        if not problems_for("approve", edition, by=by, at=at) or edition.state == State.APPROVED:
            return [Problem("", _("You do not need this: two people have agreed to these words."))]
        return workflow.time_problems(edition, at, at)

    def perform(self, seen: ScreenState) -> None:
        workflow.publish_urgently(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            reason=self.cleaned_data["reason"],
            password=self.cleaned_data["password"],
            objections_read=self.objections_read,
        )

    def success_message(self, edition: Edition) -> str:
        return _("Edition %(number)s is on the site now. Ask someone to take the second look.") % {
            "number": edition.sequence
        }
