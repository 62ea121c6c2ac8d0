"""A calendar as RFC 5545 wants it: whatever a headline holds, a program reads back the same."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from statements.newsdesk.icalendar import (
    MAX_LINE_BYTES,
    CalendarEvent,
    escape_text,
    fold_line,
    write_calendar,
)

NOON = dt.datetime(2044, 3, 1, 12, 0, tzinfo=dt.UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def unfold(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescape(value: str) -> str:
    """Read a value as a calendar program does, one character after the other."""
    characters, result = iter(value), []
    for character in characters:
        if character == "\\":
            character = {"n": "\n", "N": "\n"}.get(following := next(characters), following)
        result.append(character)
    return "".join(result)


def as_read(text: str) -> str:
    """Lines end in one way, and there are no control characters but tabs."""
    lines = "\n".join(text.splitlines())
    return "".join(c for c in lines if c in "\t\n" or (c >= " " and c != "\x7f"))


@given(TEXTS)
def test_a_text_comes_back_as_it_was(text):
    value = escape_text(text)
    assert unescape(value) == as_read(text)
    assert not {"\r", "\n"} & set(value)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_a_folded_line_is_short_and_comes_back_as_it_was(line):
    folded = fold_line(line)
    parts = folded.split("\r\n")
    assert max(len(part.encode()) for part in parts) <= MAX_LINE_BYTES
    assert parts[0] + "".join(part.removeprefix(" ") for part in parts[1:]) == line
    assert all(part.startswith(" ") for part in parts[1:])


@given(TEXTS)
def test_no_headline_can_add_a_property_to_a_calendar(headline):
    event = CalendarEvent("a@b", headline, NOON)
    names = [
        line.partition(":")[0].partition(";")[0]
        for line in unfold(write_calendar("Statements", [event], at=NOON))
    ]
    assert names == [
        *("BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "REFRESH-INTERVAL"),
        *("BEGIN", "UID", "DTSTAMP", "DTSTART", "SUMMARY", "STATUS", "TRANSP", "CLASS", "END"),
        "END",
    ]


def test_a_calendar_has_utc_times_and_whole_days():
    events = [
        CalendarEvent("a@b", "Scheduled", NOON, description="Agreed; at last", url="https://x/"),
        CalendarEvent("p@b", "Election", dt.date(2044, 3, 1), dt.date(2044, 3, 10)),
    ]
    assert unfold(write_calendar("Statements", events, at=NOON))[7:] == [
        "BEGIN:VEVENT",
        "UID:a@b",
        "DTSTAMP:20440301T120000Z",
        "DTSTART:20440301T120000Z",
        "SUMMARY:Scheduled",
        "DESCRIPTION:Agreed\\; at last",
        "URL:https://x/",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:p@b",
        "DTSTAMP:20440301T120000Z",
        "DTSTART;VALUE=DATE:20440301",
        "DTEND;VALUE=DATE:20440311",
        "SUMMARY:Election",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
