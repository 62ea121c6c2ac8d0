"""Ask why an edition may go out in spite of an embargo or a sensitive period."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from statements.models import Edition
from statements.newsdesk.decisions.base import Decision, ReleaseTimeDecision, make_text_field
from statements.newsdesk.time_format import format_long
from statements.readiness import Problem
from statements.workflow import embargoes, sensitive_periods


class ReasonedDecision(Decision):
    """A decision that can publish, with a field for the reason where it needs one."""

    release_reason = make_text_field("Why may it go out then?", rows=2)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, by: User, at: dt.datetime
    ) -> None:
        super().__init__(data, edition=edition, by=by, at=at)
        self._reason_field = self.fields.pop("release_reason")
        obstacles = self._describe_obstacles(self._list_times())
        if obstacles or self.data.get("release_reason"):
            self._show_reason_field(obstacles)

    def _list_times(self) -> list[dt.datetime]:
        return [self.at]

    def _describe_obstacles(self, times: list[dt.datetime]) -> list[str]:
        """Return what a reason must answer at any of these times."""
        sentences = [
            _describe_embargo(self.edition)
            for time in times
            if embargoes.breaks_embargo(self.edition, time)
        ]
        sentences += [
            f"{period.name}, until {period.ends_on:%-d %B %Y}: {period.guidance}"
            for time in times
            for period in sensitive_periods.periods_at(self.edition, time)
        ]
        return list(dict.fromkeys(sentences))

    def _show_reason_field(self, obstacles: list[str]) -> None:
        self._reason_field.help_text = " ".join(obstacles)
        self.fields["release_reason"] = self._reason_field

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("release_reason", ""))

    def add_problems(self, problems: list[Problem]) -> None:
        """Show the reason field if the typed time turns out to need one."""
        if any(problem.field == "release_reason" for problem in problems):
            time = self.cleaned_data.get("instant", self.at)
            self._show_reason_field(self._describe_obstacles([time]))
        super().add_problems(problems)


class ReasonedReleaseTimeDecision(ReasonedDecision, ReleaseTimeDecision):
    """The same with a time to choose: the default and offered times are checked first."""

    def _list_times(self) -> list[dt.datetime]:
        offered = [dt.datetime.fromisoformat(value) for value, _ in self.offered_times]
        return [time for time in (self.default_time, *offered) if time]


def _describe_embargo(edition: Edition) -> str:
    if edition.embargo_until is None:
        return f"The document says “{edition.embargo_line}”, and no time is known."
    return f"Embargoed until {format_long(edition.embargo_until)}."
