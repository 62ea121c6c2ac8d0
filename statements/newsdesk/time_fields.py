"""Form fields for a day and for a day with a time, typed and shown in one British form."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from statements.newsdesk.time_format import parse_local
from statements.newsdesk.typed_times import format_day_input, format_time_input, parse_day


class DayInput(forms.TextInput):
    """A line for a date; a script offers the calendar of the browser beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-calendar": "day"} | (attrs or {}))


class LocalTimeInput(forms.TextInput):
    """A line for a date and a time."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "data-calendar": "time"} | (attrs or {}))


def format_local_input(at: dt.datetime) -> str:
    return format_time_input(timezone.localtime(at))


class DayField(forms.DateField):
    """A day; see `typed_times` for the forms it reads."""

    widget = DayInput

    def prepare_value(self, value: Any) -> Any:
        return format_day_input(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value
        return parse_day(str(value))


class LocalTimeField(forms.Field):
    """An optional time; where the clocks go back it means the first of two."""

    widget = LocalTimeInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_local_input(value) if isinstance(value, dt.datetime) else value

    def to_python(self, value: str | None) -> dt.datetime | None:
        if not value:
            return None
        return parse_local(value, which="first").replace(second=0)

    def has_changed(self, initial: dt.datetime | None, data: str | None) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
