"""Find the statement in an e-mail, between greeting, older mails, signature and disclaimer.

Where that is not certain, nothing is cut and there is a doubt.
"""

import html
import re
from dataclasses import dataclass, field

from statements.parsing import furniture
from statements.parsing.dates import find_date
from statements.parsing.draft import ParseError
from statements.parsing.embargo import is_embargo_line
from statements.parsing.html_paragraphs import split_html_paragraphs
from statements.parsing.paragraphs import Paragraph

MAX_LINES_TO_HEADLINE = 12
MAX_GREETING_WORDS = 12
MAX_COVERING_WORDS = 60
MAX_DISCLAIMER_WORDS = 250
MIN_SHARED_CHARS = 20
HEADER_NAMES = (
    "from|sent|date|to|cc|bcc|subject|reply-to|attachments?|importance"
    "|von|gesendet|datum|an|betreff|anlagen?|de|envoyé|objet|à|pièces? jointes?"
)
HEADER_LINE = re.compile(
    rf"^\W{{0,3}}(?P<name>{HEADER_NAMES})\s?:\W{{0,3}}\s?(?P<value>.*)$", re.IGNORECASE
)
SUBJECT_NAMES, DATE_NAMES = {"subject", "betreff", "objet"}, {"date", "sent", "datum", "gesendet"}
FORWARD_MARK = re.compile(
    r"^[\s_*>-]*(?:begin )?(?:forwarded message|weitergeleitete nachricht|message transféré)"
    r"[\s:_*-]*$",
    re.IGNORECASE,
)
REPLY_MARK = re.compile(
    r"^\W*(?:original message|ursprüngliche nachricht|message d'origine)\W*$"
    r"|^(?:on|am|le)\b.{4,150}\b(?:wrote|schrieb|a écrit)\s?:$",
    re.IGNORECASE,
)
SUBJECT_PREFIX = re.compile(
    r"^(?:(?:re|fwd?|fw|aw|wg|tr|sv|vs|antw|rif|res|enc|i|r)(?:\[\d+\])?\s?:\s*"
    r"|\[(?!.{0,20}(?:embargo|not for|hold))[^\]]{1,30}\]\s*)",
    re.IGNORECASE,
)
FORWARD_PREFIX = re.compile(r"^\W*(?:fwd?|fw|wg|tr|i|enc)\s?:", re.IGNORECASE)
RELEASE_PREFIX = re.compile(
    r"^(?:for immediate release|(?:press|media|news) (?:release|statement|notice)|news|statement"
    r"|pressemitteilung|communiqué de presse|datganiad i['’]r wasg)\s*(?:[:|–—]|\s-)\s*",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^(?:dear (?:all|both|team|colleagues?|editors?|journalists?|friends?|sirs?\b|madam|news ?desk"
    r"|reporters?|press)|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings"
    r"|sehr geehrte damen und herren|guten tag|bonjour|hola|annwyl (?:bawb|olygydd))\b",
    re.IGNORECASE,
)
"""A greeting of nobody in particular. “Dear Prime Minister” may begin an open letter."""
COVERING = re.compile(
    r"\b(?:please (?:find|see)|(?:find|see) (?:below|attached)|is attached|pasted? below"
    r"|(?:statement|release|comment) (?:is )?(?:below|attached)|happy to (?:discuss|help))\b",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^\W*(?:this e-?mail|this message|the information (?:contained )?in this (?:e-?mail|message)"
    r"|the contents? of this e-?mail|if you (?:have received this|are not the intended|no longer)"
    r"|caution\W+(?:this|external)|external (?:e-?mail|sender)|you (?:are|have been|have)? ?receiv"
    r"|please consider the environment|view (?:this|it|in) |sent from my |unsubscribe"
    r"|to unsubscribe|update your preferences|diese e-?mail|disclaimer\b|confidentiality notice)",
    re.IGNORECASE,
)
EMBARGO_END = re.compile(r"[\])|]\s*|:\s+(?=\D)|\s[–—-]\s")
SIGNATURE_MARK = re.compile(r"^--\s*$")
SENDERS_REASON = "It is on each e-mail of its sender."


@dataclass
class EmailWords:
    """What is left of an e-mail as the statement, and what was set aside."""

    paragraphs: list[Paragraph]
    subject: str
    dated_on: str
    leftovers: list[tuple[str, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def find_statement(paragraphs: list[Paragraph], subject: str, dated_on: str) -> EmailWords:
    """Return the paragraphs of the statement, its headline first. Raises ParseError without any."""
    words = EmailWords(paragraphs, clean_subject(subject), dated_on)
    _cut_other_mails(words, is_forward=bool(FORWARD_PREFIX.match(subject)))
    _cut_signature(words)
    _cut_disclaimers(words)
    if not any(char.isalnum() for item in words.paragraphs for char in item.text):
        raise ParseError("The e-mail is empty: there is not one word of a statement in it.")
    _place_headline(words)
    return words


def clean_subject(subject: str) -> str:
    """Return a subject without “Fwd:”, “[External]” and “PRESS RELEASE:”."""
    before = None
    while before != subject:
        before = subject
        subject = SUBJECT_PREFIX.sub("", subject.strip())
    while match := RELEASE_PREFIX.match(subject):
        subject = subject[match.end() :]
    return subject.strip()


def split_embargo(subject: str) -> tuple[str, str]:
    """Split “EMBARGOED UNTIL 00:01 2 May 2012: Quay is open” into embargo and headline."""
    for match in EMBARGO_END.finditer(subject):
        embargo = subject[: match.start()].strip("[( ")
        if is_embargo_line(embargo) and any(char.isdigit() for char in embargo):
            return embargo, subject[match.end() :].strip()
    return ("", subject) if not is_embargo_line(subject.strip("[( ")) else (subject, "")


def _is_header(paragraph: Paragraph) -> bool:
    return all(HEADER_LINE.match(line) or FORWARD_MARK.match(line) for line in paragraph.lines)


def _find_header_blocks(paragraphs: list[Paragraph]) -> list[tuple[int, int]]:
    """Return where each run of “From: … Sent: … Subject: …” begins and ends."""
    blocks: list[tuple[int, int]] = []
    start = None
    for index, paragraph in enumerate([*paragraphs, Paragraph(("",))]):
        if _is_header(paragraph):
            start = index if start is None else start
        elif start is not None:
            names = _read_header_values(paragraphs[start:index])
            if len(names) >= 3 or (len(names) == 2 and start == 0):
                blocks.append((start, index))
            start = None
    return blocks


def _read_header_values(paragraphs: list[Paragraph]) -> dict[str, str]:
    return {
        match["name"].casefold(): match["value"]
        for paragraph in paragraphs
        for line in paragraph.lines
        if (match := HEADER_LINE.match(line))
    }


def _cut_other_mails(words: EmailWords, *, is_forward: bool) -> None:
    paragraphs = words.paragraphs
    blocks = _find_header_blocks(paragraphs)
    marks = [i for i, paragraph in enumerate(paragraphs) if REPLY_MARK.match(paragraph.text)]
    is_forward |= any(FORWARD_MARK.match(paragraph.text) for paragraph in paragraphs)
    if blocks and (is_forward or blocks[0][0] == 0):
        start, end = blocks[-1]
        values = _read_header_values(paragraphs[start:end])
        words.leftovers += [
            (item.text, "It stood above the forwarded e-mail.") for item in paragraphs[:end]
        ]
        words.paragraphs = paragraphs[end:]
        words.subject = next(
            (clean_subject(values[name]) for name in SUBJECT_NAMES if values.get(name)),
            words.subject,
        )
        sent = next((values[name] for name in DATE_NAMES if name in values), "")
        day = find_date(sent)
        words.dated_on = day.isoformat() if day else ""
        words.doubts.append("The e-mail was forwarded: check what is part of the statement.")
    elif older := [*(start for start, _ in blocks), *marks]:
        words.leftovers += [
            (item.text, "It was an earlier e-mail.") for item in paragraphs[min(older) :]
        ]
        words.paragraphs = paragraphs[: min(older)]
        words.doubts.append("The e-mail answers another one: check what is part of the statement.")
    elif is_forward:
        words.dated_on = ""
        words.doubts.append("The e-mail was forwarded: check what is part of the statement.")


def _cut_signature(words: EmailWords) -> None:
    for index, paragraph in enumerate(words.paragraphs):
        if index and SIGNATURE_MARK.match(paragraph.lines[0]):
            words.leftovers += [
                (item.text, "It was the signature of the e-mail.")
                for item in words.paragraphs[index:]
                if item.text.strip("- ")
            ]
            words.paragraphs = words.paragraphs[:index]
            return


def _cut_disclaimers(words: EmailWords) -> None:
    kept = []
    for paragraph in words.paragraphs:
        is_short = len(paragraph.text.split()) <= MAX_DISCLAIMER_WORDS
        if is_short and DISCLAIMER.match(paragraph.text):
            words.leftovers.append((paragraph.text, SENDERS_REASON))
        else:
            kept.append(paragraph)
    words.paragraphs = kept


def _place_headline(words: EmailWords) -> None:
    """Begin with the headline, and set aside the greeting and covering lines above it."""
    embargo, words.subject = split_embargo(words.subject)
    if embargo:
        words.paragraphs.insert(0, Paragraph((embargo,)))
    key = _comparison_key(words.subject)
    start = _find_start(words.paragraphs)
    for index, paragraph in enumerate(words.paragraphs[:MAX_LINES_TO_HEADLINE]):
        if _is_same_headline(key, _comparison_key(paragraph.text)):
            _set_aside(words, index)
            return
    if start < len(words.paragraphs) and words.paragraphs[start].is_heading:
        _set_aside(words, start)
        words.leftovers.append((words.subject, "It was the subject of the e-mail."))
        return
    _set_aside(words, start)
    if words.subject:
        heading = html.escape(words.subject, quote=False)
        position = next(
            (i for i, item in enumerate(words.paragraphs) if not _is_head_line(item)), 0
        )
        words.paragraphs[position:position] = split_html_paragraphs(f"<h1>{heading}</h1>")
        words.messages.append("The subject of the e-mail was taken as the headline.")


def _find_start(paragraphs: list[Paragraph]) -> int:
    """Return the index after the greeting and the covering lines under it."""
    start = 0
    while start < min(len(paragraphs), MAX_LINES_TO_HEADLINE):
        text, count = paragraphs[start].text, len(paragraphs[start].text.split())
        is_greeting = count <= MAX_GREETING_WORDS and GREETING.match(text)
        if not is_greeting and not (count <= MAX_COVERING_WORDS and COVERING.search(text)):
            break
        start += 1
    return start


def _set_aside(words: EmailWords, index: int) -> None:
    above = words.paragraphs[:index]
    kept = [item for item in above if _is_head_line(item)]
    words.leftovers += [
        (item.text, "It stood above the headline of the e-mail.")
        for item in above
        if item not in kept
    ]
    words.paragraphs = [*kept, *words.paragraphs[index:]]


def _is_head_line(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return is_embargo_line(text) or furniture.parse_head_line(text) is not None


def _comparison_key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_same_headline(subject: str, line: str) -> bool:
    if not subject or not line:
        return False
    shorter, longer = sorted((subject, line), key=len)
    return shorter == longer or (
        len(shorter) >= MIN_SHARED_CHARS
        and len(longer) < 2 * len(shorter)
        and longer.startswith(shorter)
    )
