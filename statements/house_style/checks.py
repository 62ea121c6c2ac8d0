"""House style: what a careful colleague would point out about words, as advice and never a wall.

Pure functions over content (schema 1, as a dict) and the style list. Each finding names the field
of the form, the very words, and which of several equal ones they are, so that the page can jump
there. A check that is often wrong is worse than none: each has its tests for what it leaves alone.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from statements.content import schema
from statements.content.quotation_marks import find_double_marks
from statements.house_style.word_list import WordList
from statements.readiness import (
    MAX_HEADLINE_CHARS,
    RECOMMENDED_HEADLINE_CHARS,
    RECOMMENDED_SUMMARY_CHARS,
    Problem,
)

Content = Mapping[str, Any]

MAX_FINDINGS = 100
TAG = re.compile(r"(<[^>]*>)")
BLOCK_END = re.compile(r"</(?:p|ul|ol|li)>")
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
# "a)", "iv)" and "12)" at the start of a line or after a stop are the marks of a list.
LIST_MARK = re.compile(r"(?:^|[\s;:,.])\(?[a-zA-Z0-9]{1,4}$")
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


@dataclass(frozen=True)
class Finding(Problem):
    """Advice on one place: the exact words there, counted from 0 among equal ones of the field."""

    blocks: bool = False
    excerpt: str = ""
    nth: int = 0
    replacement: str = ""
    position: int = 0


@dataclass(frozen=True)
class CheckedDraft:
    """What is looked at. `prefixes` are those of the passages on the form, in their order."""

    content: Content
    day: dt.date | None = None
    has_contact: bool = True
    has_themes: bool = True
    dead_links: Mapping[str, str] = field(default_factory=dict)
    prefixes: Sequence[str] = ()

    def get_prefix(self, index: int) -> str:
        return self.prefixes[index] if self.prefixes else f"passages-{index}"


@dataclass(frozen=True)
class FieldText:
    """The words of one field as plain text, its blocks divided by line ends."""

    field: str
    blocks: tuple[str, ...]
    html_blocks: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return "\n".join(self.blocks)

    def make_finding(
        self, sentence: str, hint: str, *, position: int, words: str, replacement=""
    ) -> Finding:
        nth = self.whole.count(words, 0, position) if words else 0
        return Finding(
            self.field,
            sentence,
            hint,
            excerpt=words,
            nth=nth,
            replacement=replacement,
            position=position,
        )

    def iter_blocks(self) -> Iterator[tuple[int, str]]:
        at = 0
        for block in self.blocks:
            yield at, block
            at += len(block) + 1


def collect_texts(draft: CheckedDraft) -> list[FieldText]:
    """Every field that carries words, in the order of the page."""
    found = []
    for entry in schema.FIELDS:
        if entry.is_style_checked and entry.type is schema.PASSAGES:
            for index, passage in enumerate(draft.content["passages"]):
                parts = [part for part in schema.PASSAGE_FIELDS if part.is_style_checked]
                found += [_text(part, passage, f"{draft.get_prefix(index)}-") for part in parts]
        elif entry.is_style_checked:
            found.append(_text(entry, draft.content))
    return found


def _text(entry: schema.Field, content: Content, prefix: str = "") -> FieldText:
    """The value of a field, under the name that it has in the form."""
    [column] = entry.columns
    value = entry.value_in(content)
    if entry.type is schema.BLOCKS:
        return _make_field_text(prefix + column, value)
    return FieldText(prefix + column, (value,))


def _make_field_text(name: str, blocks: Sequence[str]) -> FieldText:
    return FieldText(
        name, tuple(line for block in blocks for line in _split_lines(block)), tuple(blocks)
    )


def _split_lines(block: str) -> list[str]:
    """The text of a block as the editor shows it, line by line; links and stress leave no trace."""
    parts = [
        html.unescape(piece)
        if i % 2 == 0
        else "\n"
        if piece == "<br>" or BLOCK_END.match(piece)
        else ""
        for i, piece in enumerate(TAG.split(block))
    ]
    return [line for line in "".join(parts).split("\n") if line]


def check_draft(draft: CheckedDraft, style: WordList) -> list[Finding]:
    """Everything worth a look, in the order of the page, MOST_FINDINGS at the most."""
    every = collect_texts(draft)
    english = draft.content["language"].partition("-")[0] == "en"
    found = [*_check_headline(draft.content["headline"]), *_check_summary(draft.content["summary"])]
    for text in every:
        for check in CHECKS + (ENGLISH_CHECKS if english else ()):
            found += check(text)
        found += _check_avoided_words(text, style)
        found += _check_links(text, draft)
    found += _check_speakers(draft.content, draft) + _check_metadata(draft)
    order = {text.field: place for place, text in enumerate(every)}
    found.sort(key=lambda one: (order.get(one.field, _sort_key(one.field, order)), one.position))
    return found[:MAX_FINDINGS]


def _sort_key(name: str, order: Mapping[str, int]) -> int:
    """A field without words stands with its passage, else at the end."""
    return order.get(f"{name.rpartition('-')[0]}-body", len(order))


# --- Headline, summary, what lies beside ----------------------------------------------------------


def _check_headline(headline: str) -> list[Finding]:
    found = []
    size = len(headline)
    if RECOMMENDED_HEADLINE_CHARS < size <= MAX_HEADLINE_CHARS:
        found.append(
            Finding(
                "headline",
                f"The headline has {size} characters: search engines cut it after about "
                f"{RECOMMENDED_HEADLINE_CHARS}.",
            )
        )
    letters = [char for char in headline if char.isalpha() and char.upper() != char.lower()]
    if len(letters) >= 10 and all(map(str.isupper, letters)) and len(headline.split()) >= 3:
        found.append(
            Finding("headline", "The headline is all in capitals.", "Write it as a sentence.")
        )
    last = headline.split()[-1] if headline.split() else ""
    if last.endswith(".") and not last.endswith("..") and "." not in last[:-1] and len(last) > 4:
        found.append(
            Finding(
                "headline",
                "The headline ends with a full stop.",
                "Leave it out.",
                excerpt=last,
                nth=headline.count(last) - 1,
                replacement=last[:-1],
            )
        )
    return found


def _check_summary(summary: str) -> list[Finding]:
    if not summary.strip():
        return [Finding("summary", "There is no summary for lists and search engines.")]
    if len(summary) > RECOMMENDED_SUMMARY_CHARS:
        return [
            Finding(
                "summary",
                f"The summary has {len(summary)} characters: {RECOMMENDED_SUMMARY_CHARS} is what is shown.",
            )
        ]
    return []


def _check_metadata(draft: CheckedDraft) -> list[Finding]:
    found = []
    if not draft.has_contact:
        found.append(Finding("contact", "There is no contact for journalists."))
    if not draft.has_themes:
        found.append(Finding("themes", "There are no themes: related articles are found by them."))
    return found


# --- Who speaks -----------------------------------------------------------------------------------


def _check_speakers(content: Content, draft: CheckedDraft) -> list[Finding]:
    """Roles that are missing, or not held on the day, and lines that announce somebody else."""
    found = []
    names = {p["speaker"]["name"] for p in content["passages"] if p["speaker"]}
    for index, passage in enumerate(content["passages"]):
        voice, prefix = passage["speaker"], draft.get_prefix(index)
        if voice is None:
            continue
        if not voice["role"]:
            found.append(
                Finding(
                    f"{prefix}-appointment",
                    f"{voice['name']} speaks in no role: none, or more than one, is on our books "
                    "for the day.",
                    "Choose the role under “speaking as”.",
                )
            )
        elif passage.get("not_in_office"):
            found.append(
                Finding(f"{prefix}-appointment", passage["not_in_office"], "Check who speaks.")
            )
        line = passage["attribution"]
        others = [name for name in names if name != voice["name"] and name in line]
        if others and voice["name"].split()[-1] not in line:
            found.append(
                Finding(
                    f"{prefix}-attribution",
                    f"The line before the words names {others[0]}, and {voice['name']} speaks.",
                    "Change the line, or the speaker.",
                    excerpt=others[0],
                )
            )
    return found


# --- The words ------------------------------------------------------------------------------------


def _check_quotation_marks(text: FieldText) -> list[Finding]:
    """Marks without a partner. A quotation that goes on opens each of its paragraphs anew."""
    found = []
    blocks = list(text.iter_blocks())
    for number, (start, block) in enumerate(blocks):
        opened: list[int] = []
        for mark in find_double_marks(block):
            if mark.opens:
                opened.append(mark.position)
            elif opened:
                opened.pop()
            else:
                found.append(_report_unpaired_mark(text, start, block, mark.position, "opens"))
        if opened and not _continues_in_next(blocks, number, opened):
            found.append(_report_unpaired_mark(text, start, block, opened[-1], "closes"))
    return found


def _continues_in_next(blocks: list[tuple[int, str]], number: int, opened: list[int]) -> bool:
    following = blocks[number + 1][1] if number + 1 < len(blocks) else ""
    return len(opened) == 1 and following[:1] in tuple('"“„«')


def _report_unpaired_mark(
    text: FieldText, start: int, block: str, at: int, missing: str
) -> Finding:
    words = _find_word_around(block, at)
    return text.make_finding(
        f"This quotation mark has no partner that {missing}: {words}",
        "Add the other one, or take it out.",
        position=start + block.index(words, max(0, at - len(words))),
        words=words,
    )


def _find_word_around(block: str, at: int) -> str:
    """The mark with the word that it touches."""
    start, end = at, at + 1
    while start > 0 and not block[start - 1].isspace():
        start -= 1
    while end < len(block) and not block[end].isspace():
        end += 1
    return block[start:end]


def _check_brackets(text: FieldText) -> list[Finding]:
    found = []
    for start, block in text.iter_blocks():
        opened: list[int] = []
        for at, char in enumerate(block):
            if char in "([{":
                opened.append(at)
            elif char in BRACKET_PAIRS:
                if opened and block[opened[-1]] == BRACKET_PAIRS[char]:
                    opened.pop()
                elif not LIST_MARK.search(block[:at]):
                    found.append(_report_unpaired_bracket(text, start, block, at))
        found += [_report_unpaired_bracket(text, start, block, at) for at in opened]
    return found


def _report_unpaired_bracket(text: FieldText, start: int, block: str, at: int) -> Finding:
    words = _find_word_around(block, at)
    return text.make_finding(
        f"This bracket has no partner: {words}",
        "Add the other one, or take it out.",
        position=start + block.rindex(words, 0, at + len(words)),
        words=words,
    )


def _check_spaces(text: FieldText) -> list[Finding]:
    if match := re.search(r"(?<=\S)[ \t]{2,}(?=\S)", text.whole):
        return [
            text.make_finding(
                "There are two spaces in a row.",
                "One is enough.",
                position=match.start(),
                words=match[0],
                replacement=" ",
            )
        ]
    return []


def _check_doubled_words(text: FieldText) -> list[Finding]:
    return [
        text.make_finding(
            f"“{match[1]}” stands there twice.",
            "Take one out.",
            position=match.start(),
            words=match[0],
            replacement=match[1],
        )
        for match in DOUBLED_WORD.finditer(text.whole)
    ]


def _check_dates(text: FieldText) -> list[Finding]:
    found = []
    for match in WEEKDAY_DATE.finditer(text.whole):
        month = MONTHS.index((match["month"] or match["month2"]).lower()) + 1
        try:
            day = dt.date(int(match["year"]), month, int(match["day"] or match["day2"]))
        except ValueError:
            sentence, cure, instead = f"There is no {match[0]}.", "Check the date.", ""
        else:
            if WEEKDAYS[day.weekday()] == match["weekday"].capitalize():
                continue
            sentence = f"{day.day} {day:%B %Y} is a {day:%A}, not a {match['weekday']}."
            cure, instead = "Check the day and the date.", ""
        found.append(
            text.make_finding(
                sentence, cure, position=match.start(), words=match[0], replacement=instead
            )
        )
    return found


CHECKS: tuple[Callable[[FieldText], list[Finding]], ...] = (
    _check_quotation_marks,
    _check_brackets,
    _check_spaces,
)
ENGLISH_CHECKS: tuple[Callable[[FieldText], list[Finding]], ...] = (
    _check_doubled_words,
    _check_dates,
)


def _check_avoided_words(text: FieldText, style: WordList) -> list[Finding]:
    """One finding for a rule and field, at the first of its places."""
    hits = style.find_matches(text.whole)
    times: dict[object, int] = {}
    for hit in hits:
        times[hit.rule] = times.get(hit.rule, 0) + 1
    found = []
    for hit in hits:
        if (count := times.pop(hit.rule, 0)) == 0:
            continue
        often = f" ({count} times)" if count > 1 else ""
        use = (
            f"Write “{hit.replacement}”, not “{hit.words}”"
            if hit.replacement
            else f"Avoid “{hit.words}”"
        )
        found.append(
            text.make_finding(
                f"{use}{often}.",
                hit.rule.why,
                position=hit.position,
                words=hit.words,
                replacement=hit.replacement,
            )
        )
    return found


# --- Links ----------------------------------------------------------------------------------------


def list_urls(content: Content) -> list[str]:
    """Every web address that the words link to, each once."""
    blocks = [b for p in content["passages"] for b in p["blocks"]] + content["notes_to_editors"]
    found = [html.unescape(href) for block in blocks for href, _ in LINK.findall(block)]
    if content["responds_to"] and content["responds_to"]["url"]:
        found.append(content["responds_to"]["url"])
    return list(dict.fromkeys(a for a in found if a.lower().startswith(("http://", "https://"))))


def _check_links(text: FieldText, draft: CheckedDraft) -> list[Finding]:
    found = []
    if text.field == "notes_to_editors" and draft.content["responds_to"]:
        address = draft.content["responds_to"]["url"]
        found += [
            Finding("responds_to_url", s, c)
            for s, c in _describe_link_problems(address, draft)
            if address
        ]
    for block in text.html_blocks:
        for href, inner in LINK.findall(block):
            words = html.unescape(TAG.sub("", inner)).split("\n")[0]
            for sentence, cure in _describe_link_problems(html.unescape(href), draft):
                found.append(
                    text.make_finding(sentence, cure, position=text.whole.find(words), words=words)
                )
    return found


def _describe_link_problems(address: str, draft: CheckedDraft) -> Iterator[tuple[str, str]]:
    if address.lower().startswith("http://"):
        yield f"{address} is not encrypted.", "Link to its https address if there is one."
    if problem := draft.dead_links.get(address):
        yield f"{address}: {problem}", "Check the address."
