"""Check the house style of a draft: what a careful colleague would point out, as advice only.

Pure functions over content and the list of avoided words. Each finding names the field of the form
and the exact text, so that the page can jump to it. A check that is often wrong is worse than none:
the tests of each check say what it must leave alone.
"""

import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from django.utils.translation import gettext as _

from statements.content import schema
from statements.content.languages import base_language
from statements.content.links import name_detour
from statements.content.quotation_marks import find_double_marks
from statements.content.tables import is_table_block, parse_table
from statements.house_style.field_text import (
    TAG,
    CheckedDraft,
    Content,
    FieldText,
    Finding,
    collect_texts,
)
from statements.house_style.publisher_check import check_publisher
from statements.house_style.word_list import WordList
from statements.readiness import (
    MAX_HEADLINE_CHARS,
    RECOMMENDED_HEADLINE_CHARS,
    RECOMMENDED_SUMMARY_CHARS,
)

MAX_FINDINGS = 100  # on the page, and of one check of one field
MAX_WORD_CHARS = 80  # shown on each side of a mark or bracket
MIN_CAPITALS = 10  # a shorter headline in capitals may be an abbreviation
MIN_CAPITAL_WORDS = 3
MIN_SENTENCE_END_CHARS = 5  # a shorter last word with a full stop may be an abbreviation
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
# "a)", "iv)" and "12)" at the start of a line or after a stop number the items of a list.
LIST_MARK = re.compile(r"(?:^|[\s;:,.])\(?[a-zA-Z0-9]{1,4}$")
MAX_LIST_MARK_CHARS = 6
BRACKET_PAIRS = {")": "(", "]": "[", "}": "{"}
DOUBLED_WORD = re.compile(
    r"\b(the|a|an|and|of|to|for|with|we|are|at|by|our|from|be|this)[^\S\n]+\1\b(?!-)", re.IGNORECASE
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = "|".join(WEEKDAYS)
_MONTH = "|".join(MONTHS)
WEEKDAY_DATE = re.compile(
    rf"\b(?P<weekday>{_DAY}),?\s+(?:the\s+)?(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH}),?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?"
    rf")\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)


def check_draft(draft: CheckedDraft, style: WordList) -> list[Finding]:
    """Return all advice on a draft in the order of the page, at most MAX_FINDINGS."""
    texts = collect_texts(draft)
    is_english = base_language(draft.content["language"]) == "en"
    findings = _check_headline(draft.content["headline"])
    findings += _check_summary(draft.content["summary"])
    for text in texts:
        for check in CHECKS + (ENGLISH_CHECKS if is_english else ()):
            findings += islice(check(text), MAX_FINDINGS)
        findings += islice(_check_avoided_words(text, style), MAX_FINDINGS)
        findings += islice(_check_links(text, draft), MAX_FINDINGS)
    findings += _check_responds_to(draft) + _check_speakers(draft) + _check_metadata(draft)
    findings += check_publisher(draft.content)
    order = {text.field: place for place, text in enumerate(texts)}
    findings.sort(key=lambda finding: (_field_place(finding.field, order), finding.position))
    return findings[:MAX_FINDINGS]


def _field_place(name: str, order: Mapping[str, int]) -> int:
    """Return the place of a field; one without text follows its passage, or is at the end."""
    if name in order:
        return order[name]
    return order.get(f"{name.rpartition('-')[0]}-body", len(order))


# --- Headline, summary, metadata ------------------------------------------------------------------


def _check_headline(headline: str) -> list[Finding]:
    findings = []
    size = len(headline)
    if RECOMMENDED_HEADLINE_CHARS < size <= MAX_HEADLINE_CHARS:
        findings.append(
            Finding(
                "headline",
                _(
                    "The headline has %(size)s characters: search engines cut it after about "
                    "%(most)s."
                )
                % {"size": size, "most": RECOMMENDED_HEADLINE_CHARS},
            )
        )
    words = headline.split()
    letters = [char for char in headline if char.isalpha() and char.upper() != char.lower()]
    is_long = len(letters) >= MIN_CAPITALS and len(words) >= MIN_CAPITAL_WORDS
    if is_long and all(map(str.isupper, letters)):
        findings.append(
            Finding("headline", _("The headline is all in capitals."), _("Write it as a sentence."))
        )
    last = words[-1] if words else ""
    if last.endswith(".") and "." not in last[:-1] and len(last) >= MIN_SENTENCE_END_CHARS:
        findings.append(
            Finding(
                "headline",
                _("The headline ends with a full stop."),
                _("Leave it out."),
                excerpt=last,
                nth=headline.count(last) - 1,
                replacement=last[:-1],
            )
        )
    return findings


def _check_summary(summary: str) -> list[Finding]:
    if not summary.strip():
        return [Finding("summary", _("There is no summary for lists and search engines."))]
    if len(summary) > RECOMMENDED_SUMMARY_CHARS:
        return [
            Finding(
                "summary",
                _("The summary has %(count)s characters: %(most)s is what is shown.")
                % {"count": len(summary), "most": RECOMMENDED_SUMMARY_CHARS},
            )
        ]
    return []


def _check_metadata(draft: CheckedDraft) -> list[Finding]:
    findings = []
    if not draft.has_contact:
        findings.append(Finding("contact", _("There is no contact for journalists.")))
    if not draft.has_themes:
        findings.append(
            Finding("themes", _("There are no themes: related articles are found by them."))
        )
    return findings


# --- Speakers -------------------------------------------------------------------------------------


def _check_speakers(draft: CheckedDraft) -> list[Finding]:
    passages = schema.list_passages(draft.content)
    names = {passage["speaker"]["name"] for passage in passages if passage["speaker"]}
    findings = []
    for index, passage in enumerate(passages):
        if passage["speaker"]:
            prefix = draft.get_prefix(index)
            findings += _check_role(passage, f"{prefix}-appointment")
            findings += _check_attribution(passage, f"{prefix}-attribution", names)
    return findings


def _check_role(passage: Content, field: str) -> list[Finding]:
    if not passage["speaker"]["role"]:
        message = _(
            "%(name)s speaks without a role: we know of none, or of more than one, for this day."
        ) % {"name": passage["speaker"]["name"]}
        return [Finding(field, message, _("Choose the role beside the name."))]
    if gap := passage.get("not_in_office"):  # added to the content by the newsdesk
        return [Finding(field, gap, _("Check who speaks."))]
    return []


def _check_attribution(passage: Content, field: str, names: set[str]) -> list[Finding]:
    line, speaker = passage["attribution"], passage["speaker"]["name"]
    others = [name for name in sorted(names) if name != speaker and name in line]
    if not others or speaker.split()[-1] in line:
        return []
    message = _("The line before the words names %(others)s, and %(speaker)s speaks.") % {
        "others": others[0],
        "speaker": speaker,
    }
    return [Finding(field, message, _("Change the line, or the speaker."), excerpt=others[0])]


# --- Text -----------------------------------------------------------------------------------------


def _check_quotation_marks(text: FieldText) -> Iterator[Finding]:
    for number, (start, line) in enumerate(text.iter_lines()):
        opened: list[int] = []
        for mark in find_double_marks(line):
            if mark.opens:
                opened.append(mark.position)
            elif opened:
                opened.pop()
            else:
                yield _report_unpaired_mark(text, start, line, mark.position, "opens")
        if opened and not (len(opened) == 1 and _continues_after(text.lines, number)):
            yield _report_unpaired_mark(text, start, line, opened[-1], "closes")


def _continues_after(lines: tuple[str, ...], number: int) -> bool:
    """Tell whether a quotation continues: each of its paragraphs begins with an opening mark."""
    return number + 1 < len(lines) and lines[number + 1].startswith(tuple('"“„«'))


def _report_unpaired_mark(
    text: FieldText, start: int, line: str, position: int, missing: str
) -> Finding:
    excerpt = _find_word_around(line, position)
    said = (
        _("This quotation mark has no partner that opens: %(excerpt)s")
        if missing == "opens"
        else _("This quotation mark has no partner that closes: %(excerpt)s")
    )
    return text.make_finding(
        said % {"excerpt": excerpt},
        _("Add the other one, or take it out."),
        position=start + line.index(excerpt, max(0, position - len(excerpt))),
        excerpt=excerpt,
    )


def _find_word_around(line: str, position: int) -> str:
    first, last = max(0, position - MAX_WORD_CHARS), position + MAX_WORD_CHARS
    before = line[first:position].split()
    start = position - len(before[-1]) if before and not line[position - 1].isspace() else position
    after = line[position:last].split()
    return line[start : position + len(after[0])]


def _check_brackets(text: FieldText) -> Iterator[Finding]:
    for start, line in text.iter_lines():
        for position in _find_unpaired_brackets(line):
            yield _report_unpaired_bracket(text, start, line, position)


def _find_unpaired_brackets(line: str) -> list[int]:
    opened: list[int] = []
    unpaired: list[int] = []
    for position, char in enumerate(line):
        if char in "([{":
            opened.append(position)
        elif char in BRACKET_PAIRS:
            if opened and line[opened[-1]] == BRACKET_PAIRS[char]:
                opened.pop()
            elif not LIST_MARK.search(line, max(0, position - MAX_LIST_MARK_CHARS), position):
                unpaired.append(position)
    return unpaired + opened


def _report_unpaired_bracket(text: FieldText, start: int, line: str, position: int) -> Finding:
    excerpt = _find_word_around(line, position)
    return text.make_finding(
        _("This bracket has no partner: %(excerpt)s") % {"excerpt": excerpt},
        _("Add the other one, or take it out."),
        position=start + line.rindex(excerpt, 0, position + len(excerpt)),
        excerpt=excerpt,
    )


def _check_spaces(text: FieldText) -> Iterator[Finding]:
    if match := re.search(r"(?<=\S)[ \t]{2,}(?=\S)", text.whole):
        yield text.make_finding(
            _("There are two spaces in a row."),
            _("One is enough."),
            position=match.start(),
            excerpt=match[0],
            replacement=" ",
        )


def _check_doubled_words(text: FieldText) -> Iterator[Finding]:
    for match in DOUBLED_WORD.finditer(text.whole):
        yield text.make_finding(
            _("“%(match)s” stands there twice.") % {"match": match[1]},
            _("Take one out."),
            position=match.start(),
            excerpt=match[0],
            replacement=match[1],
        )


def _check_dates(text: FieldText) -> Iterator[Finding]:
    for match in WEEKDAY_DATE.finditer(text.whole):
        if problem := _describe_date_problem(match):
            yield text.make_finding(*problem, position=match.start(), excerpt=match[0])


def _describe_date_problem(match: re.Match[str]) -> tuple[str, str] | None:
    month = MONTHS.index((match["month"] or match["month2"]).lower()) + 1
    try:
        day = dt.date(int(match["year"]), month, int(match["day"] or match["day2"]))
    except ValueError:
        return _("There is no %(match)s.") % {"match": match[0]}, _("Check the date.")
    if WEEKDAYS[day.weekday()] == match["weekday"].capitalize():
        return None
    message = _("%(day)s %(month)s is a %(right)s, not a %(weekday)s.") % {
        "day": day.day,
        "month": f"{day:%B %Y}",
        "right": f"{day:%A}",
        "weekday": match["weekday"],
    }
    return message, _("Check the day and the date.")


def _check_tables(text: FieldText) -> Iterator[Finding]:
    for table in map(parse_table, filter(is_table_block, text.html_blocks)):
        if not table.header and not table.has_row_headers:
            yield text.make_finding(
                _("A table has no header row."),
                _(
                    "If its first row names the columns, make it the header row: people who listen "
                    "to the page hear these names."
                ),
                position=0,
                excerpt="",
            )


CHECKS: tuple[Callable[[FieldText], Iterator[Finding]], ...] = (
    _check_quotation_marks,
    _check_brackets,
    _check_spaces,
    _check_tables,
)
ENGLISH_CHECKS: tuple[Callable[[FieldText], Iterator[Finding]], ...] = (
    _check_doubled_words,
    _check_dates,
)


def _check_avoided_words(text: FieldText, style: WordList) -> Iterator[Finding]:
    matches = style.find_matches(text.whole)
    counts = Counter(match.rule for match in matches)
    for match in matches:
        count = counts.pop(match.rule, 0)
        if not count:
            continue
        times = _(" (%(count)d times)") % {"count": count} if count > 1 else ""
        advice = (
            _("Write “%(replacement)s”, not “%(words)s”")
            % {"replacement": match.replacement, "words": match.words}
            if match.replacement
            else _("Avoid “%(words)s”") % {"words": match.words}
        )
        yield text.make_finding(
            f"{advice}{times}.",
            match.rule.why,
            position=match.position,
            excerpt=match.words,
            replacement=match.replacement,
        )


# --- Links ----------------------------------------------------------------------------------------


def list_urls(content: Content) -> list[str]:
    """Return every web address that the content links to, each once."""
    urls = [
        html.unescape(href)
        for entry, owner, _ in schema.walk_fields(content)
        if entry.type is schema.PARAGRAPHS
        for block in entry.value_in(owner)
        for href, _ in LINK.findall(block)
    ]
    if content["responds_to"]:
        urls.append(content["responds_to"]["url"])
    return list(dict.fromkeys(u for u in urls if u.lower().startswith(("http://", "https://"))))


def _check_links(text: FieldText, draft: CheckedDraft) -> Iterator[Finding]:
    for block in text.html_blocks:
        for href, inner in LINK.findall(block):
            excerpt = html.unescape(TAG.sub("", inner)).split("\n", maxsplit=1)[0]
            position = text.whole.find(excerpt)
            for message, hint in _describe_link_problems(html.unescape(href), draft):
                yield text.make_finding(message, hint, position=position, excerpt=excerpt)


def _check_responds_to(draft: CheckedDraft) -> list[Finding]:
    link = draft.content["responds_to"]
    if not link or not link["url"]:
        return []
    return [
        Finding("responds_to_url", message, hint)
        for message, hint in _describe_link_problems(link["url"], draft)
    ]


def _describe_link_problems(url: str, draft: CheckedDraft) -> Iterator[tuple[str, str]]:
    if url.lower().startswith("http://"):
        yield (
            _("%(url)s is not encrypted.") % {"url": url},
            _("Link to its https address if there is one."),
        )
    if service := name_detour(url):
        yield (
            _("%(url)s leads through %(service)s, which sees who follows it.")
            % {"url": url, "service": service},
            _("Link to the page itself."),
        )
    if problem := draft.dead_links.get(url):
        yield f"{url}: {problem}", _("Check the address.")
