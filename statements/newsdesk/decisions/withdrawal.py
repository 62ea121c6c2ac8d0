"""Decisions that withdraw, remove or erase an edition."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User

from statements import workflow
from statements.erasure.lapse import find_lapse_date
from statements.models import Edition, Withdrawal
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    make_password_field,
    make_text_field,
)
from statements.newsdesk.rich_text import LineField


class Withdraw(Decision):
    key = "withdraw"
    transition = "withdraw"
    title = "Withdraw"
    button = "Withdraw"
    has_own_page = True
    tone = "grave"
    kind = forms.ChoiceField(
        label="How?", choices=Withdrawal.Kind.choices, required=False, widget=forms.RadioSelect
    )
    notice = make_text_field("What should readers know?", "The public reads this.")
    target = LineField(
        label="Send readers to",
        help_text="Optional, and only if you remove the words: type words of a headline to choose "
        "a public statement, or type any https:// address.",
        required=False,
        max_length=300,
        widget=forms.TextInput({"list": "redirect-targets"}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        if edition.withdrawals.exists():  # it has a notice already: it can only be removed
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField), "The kind is chosen from a list."
            kind.choices = [(Withdrawal.Kind.GONE, Withdrawal.Kind.GONE.label)]

    def perform(self, seen: ScreenState) -> None:
        workflow.withdraw(self.edition, by=self.by, at=self.at, **self.cleaned_data)

    def success_message(self, edition: Edition) -> str:
        if edition.withdrawals.filter(kind=Withdrawal.Kind.GONE).exists():
            return f"Edition {edition.sequence} was withdrawn: its words are gone."
        return f"Edition {edition.sequence} was withdrawn: its words stay under your notice."


class Restore(Decision):
    key = "restore"
    transition = "restore"
    title = "Restore"
    button = "Put this text in review again"
    has_own_page = True

    def perform(self, seen: ScreenState) -> Edition:
        return workflow.restore(self.edition, by=self.by, at=self.at)

    def success_message(self, edition: Edition) -> str:
        return f"This text is in review again, as edition {edition.sequence}."


class Suppress(Decision):
    key = "suppress"
    transition = "suppress"
    title = "Remove this earlier wording"
    button = "Remove it for good"
    has_own_page = True
    tone = "grave"
    reason = make_text_field("Why?", "This stays in the record.")

    def perform(self, seen: ScreenState) -> None:
        workflow.suppress(self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"])

    def success_message(self, edition: Edition) -> str:
        return f"The public no longer reads edition {edition.sequence}."


class RequestErasure(Decision):
    key = "request-erasure"
    transition = "request_erasure"
    title = "Ask for an erasure"
    button = "Ask for the erasure"
    has_own_page = True
    tone = "grave"
    reason = make_text_field(
        "Which order or request?", "This stays in the record: do not repeat the words."
    )

    def perform(self, seen: ScreenState) -> None:
        workflow.request_erasure(
            self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"]
        )

    def success_message(self, edition: Edition) -> str:
        return "You asked for the erasure. Another manager decides."


class Erase(Decision):
    key = "erase"
    transition = "erase"
    title = "Erase these words"
    button = "Erase these words for ever"
    has_own_page = True
    tone = "grave"
    password = make_password_field()

    def perform(self, seen: ScreenState) -> None:
        workflow.erase(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            password=self.cleaned_data["password"],
        )

    def success_message(self, edition: Edition) -> str:
        lapses = find_lapse_date(self.at)
        return (
            f"The words of edition {edition.sequence} were erased. The worker now writes the "
            f"database anew; backups from before have the words until {lapses:%-d %B %Y}."
        )
