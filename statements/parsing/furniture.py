"""Recognise lines around the words: dates, embargoes, ENDS, notes, parts of a web page."""

import re
from datetime import date

from organisations.years import FIRST_YEAR, LAST_YEAR

MAX_FURNITURE_CHARS = 200  # a longer line is text: no expression below reads it
END_LINE = re.compile(
    r"^[\W_]*(?:ends?|diwedd|end of (?:release|statement)|#{3,})[\W_]*$|^#{3,}$", re.IGNORECASE
)
NOTES_HEADING = re.compile(
    r"^[\W_]*(?:(?:notes? (?:to|for) (?:the )?editors?|editors?['’]?s? notes?"
    r"|(?:nodiadau|nodyn) i(?:['’]r)? (?:olygyddion|olygydd"
    r"|golygyddion))\s*(?:[:–—-]+\s*(?P<rest>\S.*)?)?[\W_]*)$",
    re.IGNORECASE,
)
OLD_PAGE_HEADING = re.compile(
    r"^(?:related (?:articles?|content|news|links?|stories|pages?|documents?)|share this(?: page"
    r"| article| story)?"
    r"|back to top|read more|more news|latest news|print this page|you may also like"
    r"|erthyglau cysylltiedig|rhannwch y dudalen hon)\s*:?$",
    re.IGNORECASE,
)
EMBARGO_LINE = re.compile(
    r"^(?:(?:press|media|news) (?:release|statement|notice)\W+)?"
    r"(?:strictly |under )*(?:embargo(?:ed)?\b.*(?:until|till|:|\d)|not for (?:publication"
    r"|release|broadcast) before\b"
    r"|for (?:immediate )?(?:release|publication)\b|i['’]w ryddhau\b|dan embargo\b).{0,80}$",
    re.IGNORECASE,
)
RELEASE_LABEL = re.compile(
    r"^(?:press (?:release|statement)|media (?:release|statement)|news release"
    r"|datganiad i['’]r wasg)[\W_]*$",
    re.IGNORECASE,
)
MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    )
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|dydd \w+)"  # optional before a day
DAY_MONTH_YEAR = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|ain|fed|eg|af)? ({_MONTH})\.?,? (\d{{4}})\b", re.IGNORECASE
)
MONTH_DAY_YEAR = re.compile(
    rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")  # day first
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
AROUND_DATE = re.compile(
    rf"^(?:(?:date|dated|published|released?|issued|dyddiad|cyhoeddwyd|on"
    rf"|ar)\b\s*+(?::\s*+)?)*+{_WEEKDAY}?,?\s*$",
    re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Say whether the line is never part of a paragraph, even without an empty line."""
    return is_end_line(line) or is_old_page_heading(line) or split_notes_heading(line) is not None


def is_end_line(line: str) -> bool:
    return len(line) <= MAX_FURNITURE_CHARS and END_LINE.match(line) is not None


def is_old_page_heading(line: str) -> bool:
    return len(line) <= MAX_FURNITURE_CHARS and OLD_PAGE_HEADING.match(line) is not None


def split_notes_heading(line: str) -> tuple[str, str] | None:
    """Return the heading of the notes and what follows it on its line, or None."""
    start, following = line[:MAX_FURNITURE_CHARS], line[MAX_FURNITURE_CHARS:]
    match = NOTES_HEADING.match(start)
    if match is None or (following and not match["rest"]):
        return None
    rest = match["rest"] or ""
    return start.removesuffix(rest).strip(), rest + following


def parse_head_line(line: str) -> tuple[date | None, str] | None:
    """Return the date in a line above the words and the reason to leave it out, or None."""
    if len(line) > MAX_FURNITURE_CHARS:
        return None
    if EMBARGO_LINE.match(line):
        reason = "A time of release is agreed at approval; it is no part of the words."
        return find_date(line), reason
    if RELEASE_LABEL.match(line):
        return None, "Every statement is headed as what it is by the product."
    parts = _split_date(line)
    if parts and AROUND_DATE.match(parts[1]):
        return parts[0], "It was taken as the date of the statement."
    return None


def find_date(line: str) -> date | None:
    """Return the first date in the line, or None, also for 31 February and the year 26."""
    return parts[0] if (parts := _split_date(line)) else None


def _split_date(line: str) -> tuple[date, str] | None:
    for pattern, order in (
        (DAY_MONTH_YEAR, (3, 2, 1)),
        (MONTH_DAY_YEAR, (3, 1, 2)),
        (NUMERIC_DATE, (3, 2, 1)),
        (ISO_DATE, (1, 2, 3)),
    ):
        if match := pattern.search(line):
            year, month, day = (match[group] for group in order)
            try:
                day_of_line = date(int(year), MONTHS.get(month.casefold()) or int(month), int(day))
            except ValueError:
                return None
            if not FIRST_YEAR <= day_of_line.year <= LAST_YEAR:
                return None
            return day_of_line, (line[: match.start()] + line[match.end() :]).strip(" .")
    return None
