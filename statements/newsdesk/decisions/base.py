"""The base class of decisions, and the form fields that they share."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from statements.models import Edition, State
from statements.newsdesk.rich_text import LongTextField
from statements.newsdesk.time_fields import LocalTimeInput, format_local_input
from statements.newsdesk.time_format import format_long, parse_local, suggest_times
from statements.publicness import released_after
from statements.readiness import Problem
from statements.workflow import embargoes
from statements.workflow.rules import problems_for


@dataclass(frozen=True)
class ScreenState:
    """The digest and version that were on the screen when somebody pressed the button."""

    digest: str
    version: int


class Decision(forms.Form):
    """One button and its fields.

    A folded decision is opened first and says what follows. A grave one has its own page.
    """

    key: ClassVar[str]
    transition: ClassVar[str]
    button: ClassVar[str]
    title = ""
    help = ""
    consequences: tuple[str, ...] = ()
    is_folded = False
    has_own_page = False
    tone = ""
    result: Edition | None = None  # what `perform` returned

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")
        self.edition, self.by, self.at = edition, by, at

    @classmethod
    def problems_for(cls, edition: Edition, *, by: User, at: dt.datetime) -> list[Problem]:
        return problems_for(cls.transition, edition, by=by, at=at)

    def perform(self, seen: ScreenState) -> Edition | None:
        """Call the transition; return the edition to show next if it is another one."""
        raise NotImplementedError

    def success_message(self, edition: Edition) -> str:
        """Say what happened, from the edition as it is now."""
        raise NotImplementedError

    def add_problems(self, problems: list[Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, str(problem))

    def get_typed_texts(self) -> list[str]:
        """Return the texts that the person typed, to show them when the form is gone."""
        return [
            self.data[name]
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.Textarea) and self.data.get(name, "").strip()
        ]

    @property
    def is_open(self) -> bool:
        return self.is_bound or not self.is_folded

    @property
    def offered_times(self) -> list[tuple[str, str]]:
        return []


# --- Fields ---------------------------------------------------------------------------------------


def make_text_field(label: str, help_text: str = "", rows: int = 3) -> LongTextField:
    return LongTextField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea({"rows": rows}),
    )


def make_password_field() -> forms.CharField:
    return forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class ReleaseTimeDecision(Decision):
    """A decision with a release time: typed as local time, or one of the offered times."""

    offer_label = "Or publish at"
    action_label = "Publish at"
    release_at = forms.CharField(
        label="Release time", required=False, widget=LocalTimeInput, max_length=40
    )
    which = forms.ChoiceField(
        label="This time comes twice. Which one?",
        choices=[("first", "The first time"), ("second", "The second time")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        zone, now = timezone.get_default_timezone_name(), timezone.localtime(at)
        field = self.fields["release_at"]
        field.help_text = f"In the time of {zone}, where it is {now:%H:%M %Z} now."
        # For release_time.js: only the server knows the zone and when its clocks change.
        field.widget.attrs["data-describe-url"] = reverse("admin:statements_describe_time")
        field.widget.attrs["data-action-label"] = self.action_label
        self.default_time = _find_default_time(edition, at)
        if self.default_time:
            self.initial["release_at"] = format_local_input(self.default_time)
        if not self.data.get("which"):
            self._which_field = self.fields.pop("which")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "release_at" in self.errors:
            return cleaned
        try:
            cleaned["instant"] = self._parse_release_time(cleaned.get("release_at", ""))
        except ValidationError as error:
            self.add_error("release_at", error)
            if error.code == "twice":
                self.fields["which"] = self._which_field
        return cleaned

    def _parse_release_time(self, typed: str) -> dt.datetime:
        if offered := self.data.get("offered_time"):
            return _parse_offered_time(offered)
        if not typed:
            raise ValidationError("Choose a release time.")
        return parse_local(typed, which=self.cleaned_data.get("which", ""))

    @property
    def offered_times(self) -> list[tuple[str, str]]:
        """Return value and label of the time buttons, the time agreed or requested first."""
        has_new_default = self.default_time and self.default_time != self.edition.release_at
        times = [self.default_time] if self.default_time and has_new_default else []
        times += [
            time
            for time in suggest_times(self.at)
            if time not in times and not embargoes.breaks_embargo(self.edition, time)
        ]
        return [(time.astimezone(dt.UTC).isoformat(), format_long(time)) for time in times]


def _parse_offered_time(value: str) -> dt.datetime:
    problem = ValidationError("That time was not offered. Choose a release time.")
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise problem from error
    if timezone.is_naive(time):
        raise problem
    return time


def _find_default_time(edition: Edition, at: dt.datetime) -> dt.datetime | None:
    """Return the edition's own time, else an earlier edition's, else the requested release.

    A requested release before the end of the embargo is moved to it.
    """
    if edition.release_at:
        return edition.release_at
    scheduled = edition.statement.editions.approved().filter(released_after(at))
    agreed = scheduled.order_by("release_at").values_list("release_at", flat=True).first()
    if agreed:
        return agreed
    requested = [time for time in (edition.requested_release_at, edition.embargo_until) if time]
    return max(requested) if requested and max(requested) > at else None


def describe_release(edition: Edition) -> str:
    if edition.state == State.CANCELLED:
        return f"Edition {edition.sequence} was cancelled: a newer edition takes its place."
    if edition.release_at is None:
        return (
            f"Edition {edition.sequence} is on hold: nothing is public until somebody publishes it."
        )
    return f"Edition {edition.sequence} goes out on {format_long(edition.release_at)}."
