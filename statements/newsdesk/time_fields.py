"""A date and time as a field: typed in the house's zone, an instant afterwards."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from statements.newsdesk.time_format import parse_local


class LocalTimeInput(forms.TextInput):
    input_type = "datetime-local"


def format_local_input(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


class LocalTimeField(forms.Field):
    """A wish, and so optional, and the first of two where the clocks go back."""

    widget = LocalTimeInput

    def __init__(self, **kwargs) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        return format_local_input(value) if isinstance(value, dt.datetime) else value

    def to_python(self, value) -> dt.datetime | None:
        if not value:
            return None
        return parse_local(value, which="first").replace(second=0)

    def has_changed(self, initial, data) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
