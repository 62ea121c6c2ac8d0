"""Parse plain text into a Draft: headline, passages, notes to editors."""

import re
from dataclasses import replace
from datetime import date

from statements.parsing import furniture
from statements.parsing.dates import find_date
from statements.parsing.decoding import decode_text
from statements.parsing.draft import Draft
from statements.parsing.embargo import EMBARGO_REASON, is_embargo_line, is_time_of_embargo
from statements.parsing.paragraphs import OPENING_MARK, Paragraph, split_paragraphs
from statements.parsing.passages import looks_like_attribution, parse_passages

SENTENCE_ENDING = re.compile(r"[.!?…:;][”’\"')\]]*\s*$")
MAX_OLD_PAGE_LINE_CHARS = 120  # of a title under "Related Articles"; a longer line is content


def parse_text(source: bytes | str) -> Draft:
    """Parse a document without losing a word.

    Raises ParseError if it is empty, too big or not text.
    """
    text, messages = decode_text(source)
    return parse_paragraphs(split_paragraphs(text), messages)


def parse_paragraphs(paragraphs: list[Paragraph], messages: list[str] | None = None) -> Draft:
    """Parse paragraphs into a Draft with headline and date."""
    draft = Draft(messages=tuple(messages or ()))
    draft, paragraphs = _split_old_page(draft, paragraphs)
    draft, paragraphs = _split_head(draft, paragraphs)
    draft, paragraphs = _split_embargo_lines(draft, paragraphs)
    draft, paragraphs = _split_notes(draft, paragraphs)
    passages, passage_messages = parse_passages(paragraphs)
    return replace(
        draft, passages=tuple(passages), messages=draft.messages + tuple(passage_messages)
    )


def parse_body(paragraphs: list[Paragraph]) -> Draft:
    """Parse paragraphs whose headline and date are already known."""
    draft, paragraphs = _split_old_page(Draft(), paragraphs)
    draft, paragraphs = _split_notes(draft, paragraphs)
    passages, messages = parse_passages(paragraphs)
    return replace(draft, passages=tuple(passages), messages=draft.messages + tuple(messages))


def _split_old_page(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    start = _find_old_page(paragraphs)
    texts = [paragraph.text for paragraph in paragraphs[start:]]
    headings = tuple(text for text in texts if furniture.is_old_page_heading(text))
    under = tuple(
        (text, f"It stood under “{texts[0]}”, which is no part of the words.")
        for text in texts
        if not furniture.is_old_page_heading(text)
    )
    messages = tuple(
        f"The line “{text}” at the end was left out: it is a heading of the old page."
        for text in headings
    )
    draft = replace(
        draft,
        omitted_lines=headings,
        leftovers=under,
        messages=draft.messages + tuple(dict.fromkeys(messages)),
    )
    return draft, paragraphs[:start]


def _find_old_page(paragraphs: list[Paragraph]) -> int:
    """Return where the links of the old page begin: at the very end, and nothing else follows."""
    start, only_links = len(paragraphs), True
    for index in range(len(paragraphs) - 1, 0, -1):
        paragraph = paragraphs[index]
        if furniture.is_old_page_heading(paragraph.text):
            if furniture.may_head_own_content(paragraph.text) and not only_links:
                break
            start = index
        elif _is_title_of_page(paragraph):
            only_links &= paragraph.is_link
        else:
            break
    return start


def _is_title_of_page(paragraph: Paragraph) -> bool:
    """Return whether a paragraph may be the title of another page: it is no sentence."""
    if paragraph.has_link and not paragraph.is_link:
        return False
    return not any(
        len(line) > MAX_OLD_PAGE_LINE_CHARS
        or OPENING_MARK.match(line)
        or furniture.is_furniture(line)
        or (SENTENCE_ENDING.search(line) and not paragraph.is_link)
        for line in paragraph.lines
    )


def _split_head(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    above = _parse_head_lines(paragraphs)
    headline = len(above)
    if headline == len(paragraphs):  # only such lines: the first one must be the headline
        above, headline = [], 0
    if paragraphs[headline].is_list or looks_like_attribution(paragraphs, headline):
        label = "a list" if paragraphs[headline].is_list else "who speaks"
        message = f"The document begins with {label}: it has no headline, write one."
        draft, body = replace(draft, messages=(*draft.messages, message)), headline
    else:
        draft, body = replace(draft, headline=paragraphs[headline].text), headline + 1
    under = _parse_head_lines(paragraphs[body:])
    dates = [day for day, _ in above + under if day]
    reasons = [reason for _, reason in above + under]
    lines = paragraphs[: len(above)] + paragraphs[body : body + len(under)]
    leftovers = tuple((line.text, reason) for line, reason in zip(lines, reasons, strict=True))
    draft = replace(
        draft, dated_on=dates[0] if dates else None, leftovers=leftovers + draft.leftovers
    )
    return draft, paragraphs[body + len(under) :]


def _parse_head_lines(paragraphs: list[Paragraph]) -> list[tuple[date | None, str]]:
    parsed = []
    previous = ""
    for paragraph in paragraphs:
        if is_time_of_embargo(paragraph.text, previous):
            parts: tuple[date | None, str] | None = (find_date(paragraph.text), EMBARGO_REASON)
        else:
            parts = furniture.parse_head_line(paragraph.text)
        if parts is None:
            break
        parsed.append(parts)
        previous = paragraph.text
    return parsed


def _split_embargo_lines(
    draft: Draft, paragraphs: list[Paragraph]
) -> tuple[Draft, list[Paragraph]]:
    """Take out the embargo lines that stand further down, such as after the words."""
    words: list[Paragraph] = []
    lines: list[str] = []
    previous = ""
    for paragraph in paragraphs:
        text = paragraph.text
        if is_embargo_line(text) or is_time_of_embargo(text, previous):
            lines.append(text)
        else:
            words.append(paragraph)
        previous = text
    leftovers = tuple((line, EMBARGO_REASON) for line in lines)
    return replace(draft, leftovers=draft.leftovers + leftovers), words


def _split_notes(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    """Split words and notes, without the lines between that the product generates."""
    words: list[Paragraph] = []
    notes: list[Paragraph] = []
    omitted_lines = list(draft.omitted_lines)
    has_ended = has_heading = False
    for paragraph in paragraphs:
        if furniture.is_end_line(paragraph.text):
            has_ended = True
            omitted_lines.append(paragraph.text)
        elif parts := furniture.split_notes_heading(paragraph.text):
            has_heading = True
            heading, rest = parts
            omitted_lines.append(heading)
            notes += [Paragraph((rest,))] if rest else []
        else:
            (notes if has_ended or has_heading else words).append(paragraph)
    messages = list(draft.messages)
    if has_ended and not notes:
        messages.append(
            "The line that says that the words end was left out: the page shows where they end."
        )
    elif has_ended and not has_heading:
        messages.append("What stood after the end of the words was put under the notes to editors.")
    blocks = tuple(block for note in notes if (block := note.render_block(keep_lines=True)))
    draft = replace(
        draft, notes_to_editors=blocks, omitted_lines=tuple(omitted_lines), messages=tuple(messages)
    )
    return draft, words
