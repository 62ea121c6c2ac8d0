"""Decisions that withdraw, remove or erase an edition."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements import workflow
from statements.content.quotation_marks import quote_headline
from statements.erasure.lapse import find_lapse_date
from statements.models import Edition, Withdrawal
from statements.newsdesk.decisions.base import (
    Decision,
    ScreenState,
    make_password_field,
    make_text_field,
)
from statements.newsdesk.rich_text import LineField
from statements.workflow.groups import list_released_together

KIND_CHOICES = [
    (Withdrawal.Kind.NOTICE, _lazy("The words, under a notice")),
    (Withdrawal.Kind.GONE, _lazy("Remove from the site")),
]
KIND_HINTS: dict[str, Any] = {
    Withdrawal.Kind.NOTICE: _lazy(
        "The page stays. It leaves every list and search within 5 seconds. Feeds and Corrections "
        "say that it was withdrawn."
    ),
    Withdrawal.Kind.GONE: _lazy(
        "The words go. Readers find a notice that it was removed. You can send them to another "
        "page."
    ),
}


class Withdraw(Decision):
    key = "withdraw"
    transition = "withdraw"
    title = _lazy("Withdraw this statement")
    link = _lazy("Withdraw")
    button = _lazy("Withdraw now")
    has_own_page = True
    tone = "stop"
    kind = forms.ChoiceField(
        label=_lazy("What should readers find?"),
        choices=KIND_CHOICES,
        required=False,
        widget=forms.RadioSelect,
    )
    notice = make_text_field(
        _lazy("Tell readers why"),
        _lazy("The public reads this. Say what happened in one or two sentences."),
    )
    target = LineField(
        label=_lazy("Send readers to another page (optional)"),
        help_text=_lazy(
            "Only if you remove the words. Type words of a headline to choose a published "
            "statement, or any https:// address."
        ),
        required=False,
        max_length=300,
        widget=forms.TextInput({"list": "redirect-targets"}),
    )
    together = forms.MultipleChoiceField(
        label=_lazy("Withdraw these as well?"),
        help_text=_lazy("They were published together with it. What stays ticked goes too."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self.initial["kind"] = Withdrawal.Kind.NOTICE
        self._offer_together()
        if edition.withdrawals.exists():  # it has a notice already: it can only be removed
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField), "The kind is chosen from a list."
            kind.choices = KIND_CHOICES[1:]
            self.initial["kind"] = Withdrawal.Kind.GONE

    def _offer_together(self) -> None:
        """List what was released in one group with this, ticked.

        What is withdrawn already can only be removed: whether others go was decided then.
        """
        is_first = not self.edition.withdrawals.exists()
        found = list_released_together(self.edition.statement, self.at) if is_first else []
        self._others = {str(edition.pk): edition for edition in found}
        if not self._others:
            del self.fields["together"]
            return
        field = self.fields["together"]
        assert isinstance(field, forms.MultipleChoiceField), "They are chosen from a list."
        field.choices = [(pk, edition.headline) for pk, edition in self._others.items()]
        self.initial["together"] = list(self._others)

    @property
    def kind_options(self) -> list[tuple[Any, str]]:
        """Return each way to withdraw, with what it does."""
        return [(option, str(KIND_HINTS[option.data["value"]])) for option in self["kind"]]

    @property
    def together_options(self) -> list[Any]:
        """Return a tick for each that was released together with this."""
        return list(self["together"]) if "together" in self.fields else []

    @property
    def _chosen_others(self) -> list[Edition]:
        return [self._others[pk] for pk in self.cleaned_data.get("together", ())]

    def perform(self, seen: ScreenState) -> None:
        data = {name: value for name, value in self.cleaned_data.items() if name != "together"}
        workflow.withdraw(
            self.edition, by=self.by, at=self.at, together=self._chosen_others, **data
        )

    def success_message(self, edition: Edition) -> str:
        said = self._describe_kind(edition)
        if not (names := [quote_headline(row.headline) for row in self._chosen_others]):
            return said
        return f"{said} " + _("The same holds for %(others)s.") % {"others": ", ".join(names)}

    def _describe_kind(self, edition: Edition) -> str:
        if edition.withdrawals.filter(kind=Withdrawal.Kind.GONE).exists():
            return _("Removed from the site. Readers find your notice.")
        return _("Withdrawn. The words stay under your notice.")


class Restore(Decision):
    key = "restore"
    transition = "restore"
    title = _lazy("Restore these words")
    button = _lazy("Put these words in review again")
    has_own_page = True

    def perform(self, seen: ScreenState) -> Edition:
        return workflow.restore(self.edition, by=self.by, at=self.at)

    def success_message(self, edition: Edition) -> str:
        return _("These words are in review again, as edition %(number)s.") % {
            "number": edition.sequence
        }


class Suppress(Decision):
    key = "suppress"
    transition = "suppress"
    title = _lazy("Remove these earlier words")
    button = _lazy("Remove them for good")
    has_own_page = True
    tone = "stop"
    reason = make_text_field(_lazy("Why?"), _lazy("Kept in the history. Never published."))

    def perform(self, seen: ScreenState) -> None:
        workflow.suppress(self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"])

    def success_message(self, edition: Edition) -> str:
        return _("Edition %(number)s was removed from the site.") % {"number": edition.sequence}


class RequestErasure(Decision):
    key = "request-erasure"
    transition = "request_erasure"
    title = _lazy("Ask for an erasure")
    button = _lazy("Ask for the erasure")
    has_own_page = True
    tone = "stop"
    reason = make_text_field(
        _lazy("Which order or request?"),
        _lazy("This stays in the history. Do not repeat the words."),
    )

    def perform(self, seen: ScreenState) -> None:
        workflow.request_erasure(
            self.edition, by=self.by, at=self.at, reason=self.cleaned_data["reason"]
        )

    def success_message(self, edition: Edition) -> str:
        return _("You asked for the erasure. Another manager decides.")


class Erase(Decision):
    key = "erase"
    transition = "erase"
    title = _lazy("Erase these words")
    button = _lazy("Erase these words for ever")
    has_own_page = True
    tone = "stop"
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
        return _(
            "The words of edition %(number)s were erased. The worker now writes the database anew. "
            "Backups from before have the words until %(day)s."
        ) % {"number": edition.sequence, "day": f"{lapses:%-d %B %Y}"}
