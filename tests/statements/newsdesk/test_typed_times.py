"""Dates and times as people in Britain type them, in one form whatever the browser's language."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from statements.newsdesk.time_fields import DayField, LocalTimeField
from statements.newsdesk.typed_times import parse_day, parse_day_and_time

DAY = dt.date(2026, 11, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "12 November 2026",
        " 12 nov 2026 ",
        "12 Nov, 2026",
        "Thursday 12 November 2026",
        "Thu, 12 November 2026",
        "12/11/2026",
        "12.11.2026",
        "12-Nov-2026",
        "2026-11-12",
    ],
)
def test_a_day_is_read_however_it_is_written_and_never_with_the_month_first(typed):
    assert parse_day(typed) == DAY
    assert DayField().clean(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        "12 November 2026 00:01",
        "12 November 2026, 00:01",
        "Thursday 12 November 2026 at 0.01",
        "12/11/2026 00:01",
        "2026-11-12T00:01",
        "2026-11-12 00:01:00",
        "12 November 2026 12.01am",
        "00:01 on 12 November 2026",
        "12.01 am, Thursday 12 November 2026",
    ],
)
def test_a_time_is_read_however_it_is_written(typed):
    assert parse_day_and_time(typed).isoformat() == "2026-11-12T00:01:00"


@pytest.mark.parametrize(
    "typed", ["soon", "11/13/2026", "31 November 2026", "12 N 2026", "12/11/26", "٢/11/2026"]
)
def test_what_is_no_day_gets_a_sentence_with_an_example(typed):
    with pytest.raises(ValidationError) as refused:
        parse_day(typed)
    assert refused.value.messages == [f"“{typed}” is not a date. Write it like 12 November 2026."]


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("12 November 2026 9am", 9),
        ("12 November 2026 at 9 pm", 21),
        ("9am on 12 November 2026", 9),
        ("9 p.m., 12/11/2026", 21),
        ("12 November 2026 12pm", 12),
        ("12 November 2026 12am", 0),
    ],
)
def test_morning_and_afternoon_are_read(typed, hour):
    assert parse_day_and_time(typed) == dt.datetime.combine(DAY, dt.time(hour))


@pytest.mark.parametrize(
    "typed",
    [
        *("12 November 2026", "12 November 2026 24:01", "00:01", "12 November 2026 9"),
        *("9 12 November 2026", "12 November 2026 13pm", "0am on 12 November 2026"),
    ],
)
def test_what_is_no_time_gets_a_sentence_with_an_example(typed):
    with pytest.raises(ValidationError) as refused:
        parse_day_and_time(typed)
    assert refused.value.messages == [
        f"“{typed}” is not a date and time. Write it like 12 November 2026 00:01."
    ]


def test_a_day_of_the_week_that_is_wrong_is_a_slip_in_the_date():
    for parse, typed in (
        (parse_day, "Friday 12 November 2026"),
        (parse_day_and_time, "Fri 12 Nov 2026 at 10:00"),
    ):
        with pytest.raises(ValidationError) as refused:
            parse(typed)
        assert refused.value.messages == ["12 November 2026 is a Thursday. Check the date."]


def test_fields_show_the_form_that_nobody_takes_for_another_day():
    assert DayField().prepare_value(dt.date(2026, 12, 1)) == "1 December 2026"
    at = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)
    assert LocalTimeField().prepare_value(at) == "1 July 2026 09:30"
    assert not LocalTimeField().has_changed(at, "1 July 2026 09:30")
    assert not DayField().has_changed(DAY, "12/11/2026")
    for field in (DayField(), LocalTimeField()):
        assert 'type="text"' in field.widget.render("when", None)
