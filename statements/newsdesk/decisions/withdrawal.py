"""Decisions that take words back, for a while or for good."""

import datetime as dt
from typing import Any

from django import forms

from statements import workflow
from statements.models import Edition, Withdrawal
from statements.newsdesk.decisions.base import Decision, Seen, password_field, words_field


class Withdraw(Decision):
    key = "withdraw"
    verb = "withdraw"
    title = "Withdraw"
    button = "Withdraw"
    own_page = True
    tone = "grave"
    kind = forms.ChoiceField(
        label="How?", choices=Withdrawal.Kind.choices, required=False, widget=forms.RadioSelect
    )
    notice = words_field("What should readers know?", "The public reads this.")
    target = forms.CharField(
        label="Send readers to",
        help_text="Only for what is gone, and only if you like: type words of a headline to choose "
        "a public statement, or any https:// address.",
        required=False,
        max_length=300,
        widget=forms.TextInput({"list": "offered"}),
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        if edition.withdrawals.exists():  # under a notice: it can only go further
            kind: Any = self.fields["kind"]
            kind.choices = [(Withdrawal.Kind.GONE, Withdrawal.Kind.GONE.label)]

    def act(self, seen: Seen) -> None:
        workflow.withdraw(self.edition, by=self.by, at=self.at, **self.cleaned_data)

    def done(self, edition: Edition) -> str:
        if edition.withdrawals.filter(kind=Withdrawal.Kind.GONE).exists():
            return f"Edition {edition.sequence} was withdrawn: its words are gone."
        return f"Edition {edition.sequence} was withdrawn: its words stand under your notice."


class Restore(Decision):
    key = "restore"
    verb = "restore"
    title = "Restore"
    button = "Put these words in review again"
    own_page = True

    def act(self, seen: Seen) -> Edition:
        return workflow.restore(self.edition, by=self.by, at=self.at)

    def done(self, edition: Edition) -> str:
        return f"These words are in review again, as edition {edition.sequence}."


class Suppress(Decision):
    key = "suppress"
    verb = "suppress"
    title = "Remove this earlier wording"
    button = "Remove it for good"
    own_page = True
    tone = "grave"
    reason = words_field("Why?", "This stays on the record.")

    def act(self, seen: Seen) -> None:
        workflow.suppress(self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"])

    def done(self, edition: Edition) -> str:
        return f"The public no longer reads edition {edition.sequence}."


class AskErasure(Decision):
    key = "ask-erasure"
    verb = "ask_erasure"
    title = "Ask for an erasure"
    button = "Ask for the erasure"
    own_page = True
    tone = "grave"
    reason = words_field(
        "Which order or request?", "This stays on the record: do not repeat the words."
    )

    def act(self, seen: Seen) -> None:
        workflow.ask_erasure(
            self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"]
        )

    def done(self, edition: Edition) -> str:
        return "You asked for the erasure. Another manager decides."


class Erase(Decision):
    key = "erase"
    verb = "erase"
    title = "Erase these words"
    button = "Erase these words for ever"
    own_page = True
    tone = "grave"
    password = password_field()

    def act(self, seen: Seen) -> None:
        workflow.erase(
            self.edition,
            by=self.by,
            at=self.at,
            seen_digest=seen.digest,
            password=self.cleaned_data["password"],
        )

    def done(self, edition: Edition) -> str:
        return f"The words of edition {edition.sequence} were erased."
