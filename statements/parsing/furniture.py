"""Recognise lines around the words: dates, embargoes, ENDS, notes, parts of a web page."""

import re
from datetime import date

from statements.parsing.dates import find_date, split_date
from statements.parsing.embargo import EMBARGO_REASON, is_embargo_line

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
UNDATED_RELEASE_LINE = re.compile(
    r"^(?:(?:press|media|news) (?:release|statement|notice)\W+)?(?:for )?immediate "
    r"(?:release|publication)\W*$|^(?:for (?:release|publication)|i['’]w ryddhau\b.{0,80})\W*$",
    re.IGNORECASE,
)
RELEASE_LABEL = re.compile(
    r"^(?:press (?:release|statement)|media (?:release|statement)|news release"
    r"|datganiad i['’]r wasg)[\W_]*$",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|dydd \w+)"  # optional before a day
AROUND_DATE = re.compile(
    rf"^(?:(?:date|dated|published|released?|issued|dyddiad|cyhoeddwyd|on"
    rf"|ar)\b\s*+(?::\s*+)?)*+{_WEEKDAY}?,?\s*$",
    re.IGNORECASE,
)
DATE_REASON = "It was taken as the date of the statement."
AMBIGUOUS_DATE_REASON = (
    "It can be read with the day first or with the month first, so it was not taken as the date."
)


OWN_CONTENT_HEADING = re.compile(
    r"^(?:related (?:documents?|content|links?|pages?)|read more)\s*:?$", re.IGNORECASE
)
"""Headings that also stand above words: they count where nothing but links follows."""


def is_furniture(line: str) -> bool:
    """Say whether the line is never part of a paragraph, even without an empty line."""
    return is_end_line(line) or is_old_page_heading(line) or split_notes_heading(line) is not None


def is_end_line(line: str) -> bool:
    return len(line) <= MAX_FURNITURE_CHARS and END_LINE.match(line) is not None


def is_old_page_heading(line: str) -> bool:
    return len(line) <= MAX_FURNITURE_CHARS and OLD_PAGE_HEADING.match(line) is not None


def may_head_own_content(line: str) -> bool:
    """Return whether a heading of the old page is as likely one of the words."""
    return OWN_CONTENT_HEADING.match(line) is not None


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
    if is_embargo_line(line):
        return find_date(line), EMBARGO_REASON
    if UNDATED_RELEASE_LINE.match(line):
        return None, "A time of release is agreed at approval; it is no part of the words."
    if RELEASE_LABEL.match(line):
        return None, "Every statement is headed as what it is by the product."
    parts = split_date(line)
    if parts and AROUND_DATE.match(parts[1]):
        return parts[0], DATE_REASON if parts[0] else AMBIGUOUS_DATE_REASON
    return None
