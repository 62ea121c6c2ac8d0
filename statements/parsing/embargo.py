"""Read embargo lines: “STRICTLY EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 DECEMBER 2026”.

The line itself always counts. Its time counts only if it names one instant without a doubt: a
weekday that contradicts the date, a missing date or two times leave it open, and the reason says
why.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from organisations.years import FIRST_YEAR, LAST_YEAR
from statements.parsing.dates import find_date
from statements.parsing.month_names import ANY_MONTH, ANY_WEEKDAY, MONTHS, WEEKDAYS

MAX_EMBARGO_LINE_CHARS = 300
EMBARGO_REASON = "The embargo is kept beside the words; it is no part of them."
RELEASE_WORDS = r"(?:publi(?:cation|shed|sh)|releas(?:ed|e)|broadcast|use[d]?|transmission)"
_LABEL = r"(?:(?:press|media|news) (?:release|statement|notice|embargo)\W+)?"
EMBARGO_LINE = re.compile(
    rf"^\W*{_LABEL}(?:this (?:press |news |media )?(?:release|statement|notice|document|report"
    r"|announcement|text|material) is (?:under )?)?"
    r"(?:(?:strictly|strict|under|full|total|media|press|global|sous|es gilt) )*"
    r"(?:embargo(?:ed)?\b(?!.*\b(?:lifted|has ended|is over)\b).*"
    r"(?:until|till?|to|for|before|:|\d|jusqu|lifts?|ends|expires)"
    rf"|(?:hold|held) (?:for {RELEASE_WORDS} )?(?:until|till)\b"
    rf"|(?:no|not (?:for|to be)) {RELEASE_WORDS}(?:[ ,/]+(?:or )?{RELEASE_WORDS})* "
    r"(?:before|until|till|prior to)\b"
    r"|for (?:publication|release|broadcast|use)\b.*\d"
    r"|sperrfrist\b|gesperrt bis\b|i['’]w ryddhau\b.*\d|dan embargo\b)",
    re.IGNORECASE,
)
NO_EMBARGO = re.compile(r"\b(?:immediate(?:ly)?|no embargo|not embargoed)\b", re.IGNORECASE)
EMBARGO_PHRASE = re.compile(
    r"(?:(?:strictly |strict |under )*embargo(?:ed)? (?:until|till|to)\b"
    r"|not for (?:publication|release|broadcast) before\b).*",
    re.IGNORECASE | re.DOTALL,
)
EMBARGO_WORD = re.compile(
    r"embargo|sperrfrist|gesperrt bis|\b(?:not for|not to be|no|hold for|for) "
    r"(?:publi|release|broadcast|use)",
    re.IGNORECASE,
)
EMBARGO_OF_GOODS = re.compile(r"\b(?:arms|trade|oil|weapons|export) embargo", re.IGNORECASE)

CLOCK = re.compile(
    r"(?<![\d/.:-])(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})|(?P<joined>\d{2})(?=\s*(?:hrs?|hours?)\b)"
    r"|(?=\s*(?:[ap]\.?\s?m\b|uhr|o['’]?clock|noon|midday|midnight|h\b)))"
    r"(?![\d/]|\.\d)\s*(?:hrs?\b|hours?\b|uhr\b|h\b|o['’]?clock\b)?\s*"
    r"(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
JOINED_CLOCK = re.compile(r"(?<![\d/.:-])(?P<hour>[01]\d|2[0-4])(?P<minute>[0-5]\d)(?![\d/.:-])")
NOON = re.compile(r"\b(?:(?:12 )?noon|(?:12 )?midday|midi)\b", re.IGNORECASE)
MIDNIGHT = re.compile(r"\b(?:(?:12 )?midnight|minuit)\b", re.IGNORECASE)

FIXED_OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT)\s*|(?<=:\d\d)\s*)([+\u2212-])(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE
)
ZONES = {
    "bst": dt.timezone(dt.timedelta(hours=1)),
    "gmt": dt.UTC,
    "utc": dt.UTC,
    "cet": dt.timezone(dt.timedelta(hours=1)),
    "cest": dt.timezone(dt.timedelta(hours=2)),
    "eet": dt.timezone(dt.timedelta(hours=2)),
    "eest": dt.timezone(dt.timedelta(hours=3)),
    "est": dt.timezone(dt.timedelta(hours=-5)),
    "edt": dt.timezone(dt.timedelta(hours=-4)),
    "cdt": dt.timezone(dt.timedelta(hours=-5)),
    "mst": dt.timezone(dt.timedelta(hours=-7)),
    "mdt": dt.timezone(dt.timedelta(hours=-6)),
    "pst": dt.timezone(dt.timedelta(hours=-8)),
    "pdt": dt.timezone(dt.timedelta(hours=-7)),
    "aest": dt.timezone(dt.timedelta(hours=10)),
    "aedt": dt.timezone(dt.timedelta(hours=11)),
    "nzst": dt.timezone(dt.timedelta(hours=12)),
    "nzdt": dt.timezone(dt.timedelta(hours=13)),
    "sgt": dt.timezone(dt.timedelta(hours=8)),
    "jst": dt.timezone(dt.timedelta(hours=9)),
}
PLACES = {
    "uk": "Europe/London",
    "london": "Europe/London",
    "british": "Europe/London",
    "irish": "Europe/Dublin",
    "dublin": "Europe/Dublin",
    "brussels": "Europe/Brussels",
    "paris": "Europe/Paris",
    "berlin": "Europe/Berlin",
    "geneva": "Europe/Zurich",
    "new york": "America/New_York",
    "us eastern": "America/New_York",
    "eastern": "America/New_York",
    "et": "America/New_York",
    "washington": "America/New_York",
    "pacific": "America/Los_Angeles",
    "sydney": "Australia/Sydney",
    "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland",
    "singapore": "Asia/Singapore",
    "tokyo": "Asia/Tokyo",
    "delhi": "Asia/Kolkata",
    "indian": "Asia/Kolkata",
}
ZONE_NAME = re.compile(rf"(?<![a-z])({'|'.join(ZONES)})(?![a-z])", re.IGNORECASE)
PLACE_NAME = re.compile(
    rf"\b({'|'.join(sorted(PLACES, key=len, reverse=True))})"
    r"(?:(?: daylight| standard| summer)? time)\b|\b(ET)\b",
    re.IGNORECASE,
)
OTHER_ZONE = re.compile(r"\b(?:local time|[A-Z]{2,5}T)\b|\b\w+ time\b")

WEEKDAY = re.compile(rf"\b(?:dydd )?({ANY_WEEKDAY})\b", re.IGNORECASE)
_YEAR = r"(?:,? (?P<{}>\d{{4}})\b)?"
DAY_AND_MONTH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\.?(?: of)? (?P<month>{ANY_MONTH})\b\.?"
    + _YEAR.format("year")
    + rf"|(?P<month_first>{ANY_MONTH})\.? (?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?\b"
    + _YEAR.format("year_last")
    + ")",
    re.IGNORECASE,
)
EVENT = re.compile(
    r"\b(?:end|close|closes|conclusion|start|starts|beginning|after|delivery|delivered|speech|meeting"
    r"|vote|announcement|earlier|later|tbc|subject to|confirmed|publication of|launch)\b",
    re.IGNORECASE,
)
FILLER = re.compile(r"\b(?:on|at|the|of|\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})\b|\W", re.IGNORECASE)
AMBIGUOUS_DATE = re.compile(r"(?<!\d)(0?\d|1[0-2])[/.](0?\d|1[0-2])[/.]\d{2,4}(?!\d)")


@dataclass(frozen=True)
class Embargo:
    """The line of a document, and its time; without a time, `doubt` says why in a sentence."""

    line: str
    until: dt.datetime | None = None
    doubt: str = ""


class _UnclearEmbargo(ValueError):
    """The line names no single instant; the message says why."""


def is_embargo_line(line: str) -> bool:
    """Say whether a line tells readers to wait; “For immediate release” does not."""
    return (
        len(line) <= MAX_EMBARGO_LINE_CHARS
        and not NO_EMBARGO.search(line)
        and not EMBARGO_OF_GOODS.search(line)
        and EMBARGO_LINE.match(line) is not None
    )


def mentions_embargo(text: str) -> bool:
    """Say quickly whether a text is worth a closer look."""
    return EMBARGO_WORD.search(text) is not None


def find_embargo(lines: Iterable[str], *, at: dt.datetime, zone: dt.tzinfo) -> Embargo | None:
    """Return the embargo that the lines of a document set; of several, the one that ends last.

    If the end of one of them is in doubt, that one counts. A time on the next line belongs to a
    line that has none: “EMBARGOED UNTIL / 00:01 on 2 December 2026”.
    """
    texts = [_cut_to_embargo(" ".join(line.split())) for line in lines]
    embargoes = []
    for index, text in enumerate(texts):
        if is_embargo_line(text):
            following = texts[index + 1] if index + 1 < len(texts) else ""
            embargoes.append(_read_line(text, following, at=at, zone=zone))
    return max(embargoes, key=_order_by_end, default=None)


def _cut_to_embargo(text: str) -> str:
    """Cut off what stands before the embargo, as in a page header, and later sentences."""
    if is_embargo_line(text):
        return text
    match = EMBARGO_PHRASE.search(text)
    if match is None or EMBARGO_OF_GOODS.search(text):
        return text
    return re.split(r"[.;] (?=[A-Z])", match[0])[0][:MAX_EMBARGO_LINE_CHARS]


def is_time_of_embargo(line: str, previous: str) -> bool:
    """Say whether a line only completes the embargo line before it with a time."""
    return is_embargo_line(previous) and not _has_time(previous) and _is_only_a_time(line)


def _order_by_end(embargo: Embargo) -> dt.datetime:
    return embargo.until or dt.datetime.max.replace(tzinfo=dt.UTC)


def _read_line(line: str, following: str, *, at: dt.datetime, zone: dt.tzinfo) -> Embargo:
    if is_time_of_embargo(following, line):
        line = f"{line} {following}"
    try:
        return Embargo(line, _parse_until(line, at=at, zone=zone))
    except _UnclearEmbargo as error:
        return Embargo(line, doubt=str(error))


def _has_time(line: str) -> bool:
    return bool(CLOCK.search(line) or _find_day_text(line))


def _is_only_a_time(line: str) -> bool:
    if len(line) > 80 or not _has_time(line):
        return False
    patterns = (FIXED_OFFSET, PLACE_NAME, ZONE_NAME, CLOCK, DAY_AND_MONTH, WEEKDAY)
    for pattern in patterns:
        line = pattern.sub(" ", line)
    return not FILLER.sub("", line)


# --- The instant ----------------------------------------------------------------------------------


def _parse_until(line: str, *, at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if match := EVENT.search(line):
        raise _UnclearEmbargo(f"Its time depends on “{match[0]}”.")
    zone = _find_zone(line) or zone
    day = _find_day(line, at.astimezone(zone).date())
    hour, minute = _find_clock(line)
    midnight = dt.datetime.combine(day, dt.time(), zone)
    if hour == 24:
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, minute), zone)
    return midnight.replace(hour=hour, minute=minute)


def _find_zone(line: str) -> dt.tzinfo | None:
    if match := FIXED_OFFSET.search(line):
        sign = 1 if match[1] == "+" else -1
        offset = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset > dt.timedelta(hours=14):
            raise _UnclearEmbargo("Its time zone is none that exists.")
        return dt.timezone(sign * offset)
    if match := PLACE_NAME.search(line):
        return ZoneInfo(PLACES[(match[1] or match[2]).casefold()])
    if match := ZONE_NAME.search(line):
        return ZONES[match[1].casefold()]
    if match := OTHER_ZONE.search(line):
        raise _UnclearEmbargo(f"We don’t know the time zone “{match[0]}”.")
    return None


def _find_day(line: str, today: dt.date) -> dt.date:
    weekdays = {WEEKDAYS[name.casefold()] for name in _list_weekdays(line)}
    if AMBIGUOUS_DATE.search(line) and not _is_same_both_ways(line) and not weekdays:
        raise _UnclearEmbargo("Its date can be read with the day first or with the month first.")
    day = _find_written_day(line, today, weekdays) or find_date(line)
    if day is None:
        raise _UnclearEmbargo("It doesn’t name a date.")
    if weekdays and weekdays != {day.weekday()}:
        raise _UnclearEmbargo(f"{day:%-d %B %Y} is a {day:%A}, and the line names another day.")
    return day


def _list_weekdays(line: str) -> list[str]:
    """Return the weekdays; the Welsh “Mawrth” is also a month."""
    return [
        match[1]
        for match in WEEKDAY.finditer(line)
        if match[1].casefold() not in MONTHS or match[0].casefold().startswith("dydd")
    ]


def _is_same_both_ways(line: str) -> bool:
    match = AMBIGUOUS_DATE.search(line)
    return match is not None and int(match[1]) == int(match[2])


def _find_day_text(line: str) -> str:
    match = DAY_AND_MONTH.search(line)
    return match[0] if match else (str(find_date(line) or ""))


def _find_written_day(line: str, today: dt.date, weekdays: set[int]) -> dt.date | None:
    """Return the day with the name of its month; without a year, the next such day."""
    matches = list(DAY_AND_MONTH.finditer(line))
    if not matches:
        return None
    days = {_to_day(match, today, weekdays) for match in matches}
    if len(days) > 1:
        raise _UnclearEmbargo("It names more than one date.")
    return days.pop()


def _to_day(match: re.Match[str], today: dt.date, weekdays: set[int]) -> dt.date:
    month = MONTHS[(match["month"] or match["month_first"]).casefold()]
    number, year = int(match["day"] or match["day_last"]), match["year"] or match["year_last"]
    years = [int(year)] if year else [today.year, today.year + 1]
    days = [day for year in years if (day := _make_day(year, month, number))]
    if not days:
        raise _UnclearEmbargo("Its date doesn’t exist.")
    if year:
        return days[0]
    for day in days:
        if day >= today and (not weekdays or day.weekday() in weekdays):
            return day
    raise _UnclearEmbargo("Its date has no year, and we can’t tell which year is meant.")


def _make_day(year: int, month: int, day: int) -> dt.date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _find_clock(line: str) -> tuple[int, int]:
    """Return hour and minute; without a time of day the day begins at 00:00."""
    clocks = {_to_clock(match) for match in CLOCK.finditer(line)}
    clocks |= {(12, 0)} if NOON.search(line) else set()
    if MIDNIGHT.search(line):  # whose end is meant is never clear, so it is the later one
        clocks = (clocks - {(0, 0), (12, 0), (24, 0)}) | {(24, 0)}
    if not clocks:
        clocks = {
            (int(match["hour"]), int(match["minute"]))
            for match in JOINED_CLOCK.finditer(_without_years(line))
        }
    if len(clocks) > 1:
        raise _UnclearEmbargo("It names more than one time.")
    hour, minute = next(iter(clocks), (0, 0))
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise _UnclearEmbargo("Its time of day doesn’t exist.")
    return hour, minute


def _without_years(line: str) -> str:
    """Return the line without the year of its date, which looks like a time: “2 December 2026”."""
    return re.sub(rf"(?:{ANY_MONTH}|\d)\W+(?:19|20|21)\d\d\b", "", line, flags=re.IGNORECASE)


def _to_clock(match: re.Match[str]) -> tuple[int, int]:
    hour, minute = int(match["hour"]), int(match["minute"] or match["joined"] or 0)
    half = re.sub(r"[^apm]", "", (match["half"] or "").casefold())
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return hour, minute
