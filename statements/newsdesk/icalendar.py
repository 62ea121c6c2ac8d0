"""Write a calendar as RFC 5545 wants it: escaped texts, folded lines, times in UTC."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LINE_BYTES = 75
"""Without the line break; a longer line goes on in the next, after a space."""
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class CalendarEvent:
    """One event: at an instant, or from one day to another, both included."""

    uid: str
    summary: str
    begins: dt.datetime | dt.date
    ends: dt.date | None = None
    status: str = "CONFIRMED"
    """CONFIRMED, TENTATIVE or CANCELLED."""
    description: str = ""
    url: str = ""


def write_calendar(name: str, events: Iterable[CalendarEvent], *, at: dt.datetime) -> str:
    """Return the text of a calendar; `at` is when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//On the Record//Newsdesk//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for event in events for line in _write_event(event, at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{fold_line(line)}\r\n" for line in lines)


def _write_event(event: CalendarEvent, at: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape_text(event.uid)}"
    yield f"DTSTAMP:{format_time(at)}"
    yield from _write_times(event)
    yield f"SUMMARY:{escape_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escape_text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{event.status}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _write_times(event: CalendarEvent) -> Iterator[str]:
    if isinstance(event.begins, dt.datetime):
        yield f"DTSTART:{format_time(event.begins)}"
        return
    yield f"DTSTART;VALUE=DATE:{event.begins:%Y%m%d}"
    last = event.ends or event.begins
    yield f"DTEND;VALUE=DATE:{last + dt.timedelta(days=1):%Y%m%d}"  # the end is not included


def format_time(at: dt.datetime) -> str:
    """Return an instant in UTC: 20261201T000100Z."""
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escape_text(text: str) -> str:
    """Return a text as a value: no character of it can end the value or the line."""
    text = "\n".join(text.splitlines())
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    text = text.replace("\n", "\\n")
    return CONTROL_CHARACTERS.sub("", text)


def fold_line(line: str) -> str:
    """Return a line in parts of at most 75 bytes, none of which ends within a character."""
    parts, part, size = [], "", 0
    for character in line:
        length = len(character.encode())
        if size + length > MAX_LINE_BYTES:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + length
    return "\r\n".join([*parts, part])
