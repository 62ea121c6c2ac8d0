"""What every decision is made of: a small form with one button, and its parts."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from statements.models import Edition, State
from statements.newsdesk.time_fields import LocalTimeInput, format_local_input
from statements.newsdesk.time_format import format_long, parse_local, suggest_times
from statements.publicness import released_after
from statements.readiness import Problem
from statements.workflow.rules import problems_for


@dataclass(frozen=True)
class ScreenState:
    """What was on the screen that a decision comes from."""

    digest: str
    version: int


class Decision(forms.Form):
    """One button. `folded` ones open first, and say what will follow; the gravest on own pages."""

    key: str
    transition: str
    button: str
    title = ""
    help = ""
    consequences: tuple[str, ...] = ()
    is_folded = False
    has_own_page = False  # the review page links to a page that states what will follow
    tone = ""
    result: Edition | None = None  # what `act` returned

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")
        self.edition, self.by, self.at = edition, by, at

    @classmethod
    def problems_for(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return problems_for(cls.transition, edition, by=by, at=at)

    def perform(self, seen: ScreenState) -> Edition | None:
        """Call the verb; returns the edition to look at next if it is another one."""
        raise NotImplementedError

    def success_message(self, edition: Edition) -> str:
        """What happened, told from the edition as it is now."""
        raise NotImplementedError

    def add_problems(self, problems: list[Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, str(problem))

    def get_typed_texts(self) -> list[str]:
        """What the person wrote, passwords apart: shown again when the form itself is gone."""
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


# --- Parts ----------------------------------------------------------------------------------------


def make_text_field(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
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
    """A decision that names a release time: typed in the house's zone, or one of those offered."""

    offer_label = "Or release at"
    action_label = "Release at"
    release_at = forms.CharField(
        label="Release time", required=False, widget=LocalTimeInput, max_length=40
    )
    which = forms.ChoiceField(
        label="This time comes twice. Which one?",
        choices=[("first", "The first time"), ("second", "The second time")],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        zone = timezone.get_default_timezone_name()
        now = timezone.localtime(at)
        self.fields[
            "release_at"
        ].help_text = f"In the time of {zone}, where it is {now:%H:%M %Z} now."
        # The page's script says the typed time in words, on the button too; the server says which.
        self.fields["release_at"].widget.attrs.update(
            {"data-said-by": reverse("admin:statements_said"), "data-deed": self.action_label}
        )
        self.default_time = _find_default_time(edition, at)
        if self.default_time:
            self.initial["release_at"] = format_local_input(self.default_time)
        if not self.data.get("which"):
            self.which_field = self.fields.pop("which")

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "release_at" in self.errors:
            return cleaned
        try:
            cleaned["instant"] = self._parse_release_time(cleaned.get("release_at", ""))
        except ValidationError as error:
            self.add_error("release_at", error)
            if error.code == "twice":
                self.fields["which"] = self.which_field
        return cleaned

    def _parse_release_time(self, typed: str) -> dt.datetime:
        if offered := self.data.get("offered"):
            return _parse_offered_time(offered)
        if not typed:
            raise ValidationError("Choose a release time.")
        return parse_local(typed, which=self.cleaned_data.get("which", ""))

    @property
    def offered_times(self) -> list[tuple[str, str]]:
        """Value and label of the times offered as buttons, the agreed one first."""
        offered = (
            [self.default_time]
            if self.default_time and self.default_time != self.edition.release_at
            else []
        )
        offered += [time for time in suggest_times(self.at) if time not in offered]
        return [(time.astimezone(dt.UTC).isoformat(), format_long(time)) for time in offered]


def _parse_offered_time(value: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or timezone.is_naive(time):
        raise ValidationError("That time was not offered. Choose a release time.")
    return time


def _find_default_time(edition: Edition, at: dt.datetime) -> dt.datetime | None:
    """The time this edition has, else that of an earlier one still waiting, else the one wanted."""
    if edition.release_at:
        return edition.release_at
    scheduled = edition.statement.editions.approved().filter(released_after(at))
    agreed = scheduled.order_by("release_at").values_list("release_at", flat=True).first()
    wanted = (
        edition.requested_release_at
        if edition.requested_release_at and edition.requested_release_at > at
        else None
    )
    return agreed or wanted


def describe_release(edition: Edition) -> str:
    if edition.state == State.CANCELLED:
        return f"Edition {edition.sequence} was cancelled: a newer edition takes its place."
    if edition.release_at is None:
        return f"Edition {edition.sequence} is held: nothing is public until somebody releases it."
    return f"Edition {edition.sequence} goes out on {format_long(edition.release_at)}."
