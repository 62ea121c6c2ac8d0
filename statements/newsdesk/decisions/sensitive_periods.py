"""The reason that a release in a sensitive period needs, asked only where it can be needed."""

import datetime as dt

from django import forms

from statements.models import Edition, SensitivePeriod
from statements.newsdesk.decisions.base import Decision, ReleaseTimeDecision, make_text_field
from statements.readiness import Problem
from statements.workflow import sensitive_periods


class SensitivePeriodDecision(Decision):
    """A decision that can put words out: with a field for the reason while a period is near."""

    sensitive_reason = make_text_field("Why must it go out in the sensitive period?", rows=2)

    def __init__(self, data=None, *, edition: Edition, by, at: dt.datetime):
        super().__init__(data, edition=edition, by=by, at=at)
        self._reason_field: forms.Field = self.fields.pop("sensitive_reason")
        periods = self._find_periods()
        if periods or self.data.get("sensitive_reason"):
            self._show_reason_field(periods)

    def _find_periods(self) -> list[SensitivePeriod]:
        """What to ask about before a time is chosen: periods on now, or at a time offered here."""
        return sensitive_periods.periods_at(self.edition, self.at)

    def _show_reason_field(self, periods: list[SensitivePeriod]) -> None:
        self._reason_field.help_text = " ".join(
            f"{period.name}, until {period.ends_on:%-d %B %Y}: {period.guidance}"
            for period in periods
        )
        self.fields["sensitive_reason"] = self._reason_field

    @property
    def reason(self) -> str:
        return self.cleaned_data.get("sensitive_reason", "")

    def add_problems(self, problems: list[Problem]) -> None:
        """A time that was typed can fall into a period that nobody was asked about."""
        if any(problem.field == "sensitive_reason" for problem in problems):
            time = self.cleaned_data.get("instant", self.at)
            self._show_reason_field(sensitive_periods.periods_at(self.edition, time))
        super().add_problems(problems)


class SensitiveReleaseTimeDecision(SensitivePeriodDecision, ReleaseTimeDecision):
    """The same at a time to choose: asked if that of the field, or one offered, can fall in one."""

    def _find_periods(self) -> list[SensitivePeriod]:
        offered = [dt.datetime.fromisoformat(value) for value, _ in self.offered_times]
        times = [time for time in (self.default_time, *offered) if time]
        found = [one for time in times for one in sensitive_periods.periods_at(self.edition, time)]
        return list(dict.fromkeys(found))
