"""What every decision is made of: a small form with one button, and its parts."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from statements.models import Edition, State
from statements.newsdesk.time_fields import LocalTimeInput, as_typed
from statements.newsdesk.time_format import instant, quick_choices, said
from statements.publicness import released_after
from statements.readiness import Problem
from statements.workflow.rules import obstacles


@dataclass(frozen=True)
class Seen:
    """What was on the screen that a decision comes from."""

    digest: str
    version: int


class Decision(forms.Form):
    """One button. `folded` ones open first, and say what will follow; the gravest on own pages."""

    key: str
    verb: str
    button: str
    title = ""
    help = ""
    consequences: tuple[str, ...] = ()
    folded = False
    own_page = False  # the review page links to a page that states what will follow
    tone = ""
    onward: Edition | None = None  # what `act` returned

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, auto_id=f"{self.key}-%s", label_suffix="")
        self.edition, self.by, self.at = edition, by, at

    @classmethod
    def obstacles(cls, edition: Edition, *, by, at: dt.datetime) -> list[Problem]:
        return obstacles(cls.verb, edition, by=by, at=at)

    def act(self, seen: Seen) -> Edition | None:
        """Call the verb; returns the edition to look at next if it is another one."""
        raise NotImplementedError

    def done(self, edition: Edition) -> str:
        """What happened, told from the edition as it is now."""
        raise NotImplementedError

    def refuse(self, problems: list[Problem]) -> None:
        for problem in problems:
            field = problem.field if problem.field in self.fields else None
            self.add_error(field, str(problem))

    def typed(self) -> list[str]:
        """What the person wrote, passwords apart: shown again when the form itself is gone."""
        return [
            self.data[name]
            for name, field in self.fields.items()
            if isinstance(field.widget, forms.Textarea) and self.data.get(name, "").strip()
        ]

    @property
    def is_open(self) -> bool:
        return self.is_bound or not self.folded

    @property
    def times(self) -> list[tuple[str, str]]:
        return []


# --- Parts ----------------------------------------------------------------------------------------


def words_field(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.Textarea({"rows": rows}),
    )


def password_field() -> forms.CharField:
    return forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class ReleasesLater(Decision):
    """A decision that names a release time: typed in the house's zone, or one of those offered."""

    offer = "Or release at"
    deed = "Release at"
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
            {"data-said-by": reverse("admin:statements_said"), "data-deed": self.deed}
        )
        self.agreed = _agreed_time(edition, at)
        if self.agreed:
            self.initial["release_at"] = as_typed(self.agreed)
        if not self.data.get("which"):
            self.which_field = self.fields.pop("which")

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "release_at" in self.errors:
            return cleaned
        try:
            cleaned["instant"] = self._instant(cleaned.get("release_at", ""))
        except ValidationError as error:
            self.add_error("release_at", error)
            if error.code == "twice":
                self.fields["which"] = self.which_field
        return cleaned

    def _instant(self, typed: str) -> dt.datetime:
        if offered := self.data.get("offered"):
            return _offered(offered)
        if not typed:
            raise ValidationError("Choose a release time.")
        return instant(typed, which=self.cleaned_data.get("which", ""))

    @property
    def times(self) -> list[tuple[str, str]]:
        """Value and label of the times offered as buttons, the agreed one first."""
        offered = [self.agreed] if self.agreed and self.agreed != self.edition.release_at else []
        offered += [time for time in quick_choices(self.at) if time not in offered]
        return [(time.astimezone(dt.UTC).isoformat(), said(time)) for time in offered]


def _offered(value: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError:
        time = None
    if time is None or timezone.is_naive(time):
        raise ValidationError("That time was not offered. Choose a release time.")
    return time


def _agreed_time(edition: Edition, at: dt.datetime) -> dt.datetime | None:
    """The time this edition has, else that of an earlier one still waiting, else the one wanted."""
    if edition.release_at:
        return edition.release_at
    scheduled = edition.statement.editions.approved().filter(released_after(at))
    agreed = scheduled.order_by("release_at").values_list("release_at", flat=True).first()
    wanted = edition.wanted_at if edition.wanted_at and edition.wanted_at > at else None
    return agreed or wanted


def goes_out(edition: Edition) -> str:
    if edition.state == State.CANCELLED:
        return f"Edition {edition.sequence} was cancelled: a newer edition takes its place."
    if edition.release_at is None:
        return f"Edition {edition.sequence} is held: nothing is public until somebody releases it."
    return f"Edition {edition.sequence} goes out on {said(edition.release_at)}."
