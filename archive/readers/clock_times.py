"""Read the time of day and the time zone that follow a date in a source."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CLOCK = re.compile(
    r"(?<![\d:.])T?(?P<hour>\d{1,2})"
    r"(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s?(?P<half>[ap]\.?m\b\.?)?\s?(?P<unit>hrs|hours|uhr|o['’]clock)?(?![\d:])",
    re.IGNORECASE,
)
NAMED_CLOCK = re.compile(r"\b(?:12 ?)?(?P<name>noon|midday|midnight)\b", re.IGNORECASE)
OFFSET = re.compile(
    r"(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)", re.IGNORECASE
)
REGION = re.compile(r"\[?(?P<name>[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?)\]?")
ABBREVIATION = re.compile(r"\(?(?P<name>[A-Z]{2,5}|Z)\b\)?")
CERTAIN_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5,
    "AWST": 8, "NZST": 12, "NZDT": 13, "JST": 9, "KST": 9, "SGT": 8, "HKT": 8,
    "EDT": -4, "MDT": -6, "PDT": -7, "AKST": -9, "AKDT": -8,
}  # fmt: skip
RFC_822_HOURS = {"EST": -5, "CST": -6, "CDT": -5, "MST": -7, "PST": -8}
"""What these mean in feeds and e-mails by RFC 822; elsewhere they have several meanings."""


class UnclearTime(ValueError):
    """The time or its zone cannot be told; the message says so in a sentence."""


@dataclass(frozen=True)
class TimeOfDay:
    """A time of day and its zone; the zone is None where the source names none."""

    clock: time
    zone: tzinfo | None

    def on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, self.clock, self.zone or zone)


def split_time(text: str, zone: ZoneInfo, *, is_rfc_822: bool) -> tuple[TimeOfDay | None, str]:
    """Return the time of day in a text, and the text without it. Raises UnclearTime.

    `zone` is the zone of the source: an abbreviation that it uses itself means this zone.
    """
    if match := NAMED_CLOCK.search(text):
        if match["name"].casefold() == "midnight":
            raise UnclearTime("“Midnight” can begin or end a day.")
        clock = time(12)
    else:
        match = next((found for found in CLOCK.finditer(text) if _names_time(found)), None)
        if match is None:
            return None, text
        clock = _to_clock(match)
    named_zone, after = _split_zone(text[match.end() :], zone, is_rfc_822=is_rfc_822)
    return TimeOfDay(clock, named_zone), f"{text[: match.start()]} {after}"


def _names_time(match: re.Match[str]) -> bool:
    return bool(match["minute"] or match["half"] or match["unit"])


def _to_clock(match: re.Match[str]) -> time:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    half = (match["half"] or "").casefold()[:1]
    if half == "p" and hour < 12:
        hour += 12
    if half == "a":
        hour = 0 if hour == 12 else hour if hour < 12 else 99
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UnclearTime(f"“{match[0].strip()}” is no time of day.") from None


def _split_zone(text: str, zone: ZoneInfo, *, is_rfc_822: bool) -> tuple[tzinfo | None, str]:
    """Return the zone with which the text begins, and the text after it."""
    text = text.lstrip(" ,")
    for pattern, convert in ((REGION, _from_region), (OFFSET, _from_offset)):
        if match := pattern.match(text):
            # Of “+0100 (BST)” the number counts.
            return convert(match), ABBREVIATION.sub("", text[match.end() :], count=1)
    if match := ABBREVIATION.match(text):
        named_zone = _from_abbreviation(match["name"], zone, is_rfc_822=is_rfc_822)
        return named_zone, text[match.end() :]
    return None, text


def _from_region(match: re.Match[str]) -> tzinfo:
    try:
        return ZoneInfo(match["name"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnclearTime(f"“{match['name']}” is no time zone that we know.") from None


def _from_offset(match: re.Match[str]) -> tzinfo:
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    if minutes > 14 * 60 or int(match["minutes"] or 0) > 59:
        raise UnclearTime(f"“{match[0].strip()}” is no time zone.")
    return timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes))


def _from_abbreviation(name: str, zone: ZoneInfo, *, is_rfc_822: bool) -> tzinfo:
    for month in (1, 7):  # winter and summer
        at = datetime(2020, month, 1, tzinfo=zone)
        if at.tzname() == name:
            return timezone(at.utcoffset() or timedelta())
    hours = CERTAIN_HOURS.get(name)
    if hours is None and is_rfc_822:
        hours = RFC_822_HOURS.get(name)
    if hours is None:
        raise UnclearTime(f"The time zone “{name}” has several meanings, or none that we know.")
    return timezone(timedelta(hours=hours)) if hours else UTC
