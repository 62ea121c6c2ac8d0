"""A form field for a date and time: typed as local time, returned with its zone."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from statements.newsdesk.time_format import parse_local


class LocalTimeInput(forms.TextInput):
    input_type = "datetime-local"


def format_local_input(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


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
