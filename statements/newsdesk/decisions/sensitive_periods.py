"""Ask why an edition must be published in a sensitive period, where that can happen."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from statements.models import Edition, SensitivePeriod
from statements.newsdesk.decisions.base import Decision, ReleaseTimeDecision, make_text_field
from statements.readiness import Problem
from statements.workflow import sensitive_periods


class SensitivePeriodDecision(Decision):
    """A decision that can publish, with a field for the reason while a period is near."""

    sensitive_reason = make_text_field("Why must it go out in the sensitive period?", rows=2)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self._reason_field = self.fields.pop("sensitive_reason")
        periods = self._find_periods()
        if periods or self.data.get("sensitive_reason"):
            self._show_reason_field(periods)

    def _find_periods(self) -> list[SensitivePeriod]:
        return sensitive_periods.periods_at(self.edition, self.at)

    def _show_reason_field(self, periods: list[SensitivePeriod]) -> None:
        self._reason_field.help_text = " ".join(
            f"{period.name}, until {period.ends_on:%-d %B %Y}: {period.guidance}"
            for period in periods
        )
        self.fields["sensitive_reason"] = self._reason_field

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("sensitive_reason", ""))

    def add_problems(self, problems: list[Problem]) -> None:
        """Show the reason field if the typed time falls into a period found only now."""
        if any(problem.field == "sensitive_reason" for problem in problems):
            time = self.cleaned_data.get("instant", self.at)
            self._show_reason_field(sensitive_periods.periods_at(self.edition, time))
        super().add_problems(problems)


class SensitiveReleaseTimeDecision(SensitivePeriodDecision, ReleaseTimeDecision):
    """The same with a time to choose: the default and offered times are checked first."""

    def _find_periods(self) -> list[SensitivePeriod]:
        offered = [dt.datetime.fromisoformat(value) for value, _ in self.offered_times]
        times = [time for time in (self.default_time, *offered) if time]
        return list(
            dict.fromkeys(
                period
                for time in times
                for period in sensitive_periods.periods_at(self.edition, time)
            )
        )
