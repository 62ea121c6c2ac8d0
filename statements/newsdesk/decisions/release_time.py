"""Decisions with a release time to choose: typed as local time, or one of the offered times."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.models import Edition
from statements.newsdesk.decisions.confirmed import ConfirmedDecision
from statements.newsdesk.release_words import describe_zone, format_day_and_time, format_short
from statements.newsdesk.time_fields import LocalTimeInput, format_local_input
from statements.newsdesk.time_format import parse_local, suggest_times
from statements.newsdesk.typed_times import format_time_input
from statements.publicness import released_after
from statements.workflow import embargoes

EXAMPLE_AHEAD, NINE = dt.timedelta(days=2), dt.time(9)
TIME_FIELDS = ("release_at", "offered_time")


class ReleaseTimeDecision(ConfirmedDecision):
    """A decision about a time. The page offers the default; another is chosen on it."""

    action_label = _lazy("Publish at")
    release_at = forms.CharField(
        label=_lazy("Release time"), required=False, widget=LocalTimeInput, max_length=40
    )
    which = forms.ChoiceField(
        label=_lazy("This time comes twice. Which one?"),
        choices=[("first", _lazy("The first time")), ("second", _lazy("The second time"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        now = timezone.localtime(at)
        field = self.fields["release_at"]
        field.help_text = _("%(zone)s. It is %(time)s now. For example %(example)s.") % {
            "zone": describe_zone(now),
            "time": f"{now:%H:%M}",
            "example": format_time_input(dt.datetime.combine(now + EXAMPLE_AHEAD, NINE)),
        }
        # For release_time.js: only the server knows the zone and when its clocks change.
        field.widget.attrs["data-describe-url"] = reverse("admin:statements_describe_time")
        self.default_time = find_default_time(edition, at)
        if self.default_time:
            self.initial["release_at"] = format_local_input(self.default_time)
        if not self.data.get("which"):
            self._which_field = self.fields.pop("which")

    @property
    def chosen_time(self) -> dt.datetime | None:
        if not self.is_bound:
            return self.default_time
        return getattr(self, "cleaned_data", {}).get("instant")

    @property
    def confirm_label(self) -> str:
        time = format_short(self.chosen_time) if self.chosen_time else ""
        return f"{self.action_label} {time}".strip()

    def clean(self) -> dict[str, Any]:
        self._clean_time()
        return super().clean()

    def _clean_time(self) -> None:
        if "release_at" in self.errors:
            return
        try:
            self.cleaned_data["instant"] = self._parse_release_time()
        except ValidationError as error:
            self.add_error("release_at", error)
            if error.code == "twice":
                self.fields["which"] = self._which_field

    def _parse_release_time(self) -> dt.datetime:
        if offered := self.data.get("offered_time"):
            return _parse_offered_time(offered)
        typed = self.cleaned_data.get("release_at", "")
        if not typed:
            raise ValidationError(_("Choose a release time."))
        return parse_local(typed, which=self.cleaned_data.get("which", ""))

    @property
    def chosen_value(self) -> str:
        """The chosen time as the form of the page sends it back."""
        return format_value(self.chosen_time) if self.chosen_time else ""

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
        return [
            (format_value(time), format_day_and_time(time))
            for time in times
            if time != self.chosen_time
        ]


def format_value(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat()


def _parse_offered_time(value: str) -> dt.datetime:
    problem = ValidationError(_("That time was not offered. Choose a release time."))
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise problem from error
    if timezone.is_naive(time):
        raise problem
    return time


def find_default_time(edition: Edition, at: dt.datetime) -> dt.datetime | None:
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
