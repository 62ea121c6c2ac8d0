"""Plain text -> Draft: headline, who speaks, the words without their marks, notes to editors."""

from dataclasses import replace
from datetime import date

from statements.parsing import furniture
from statements.parsing.decoding import decode_text
from statements.parsing.draft import Draft
from statements.parsing.paragraphs import OPENING_MARK, Paragraph, split_paragraphs
from statements.parsing.passages import looks_like_attribution, parse_passages

MAX_OLD_PAGE_LINE_CHARS = (
    200  # after "Related Articles" come titles; anything longer or quoted is a part of the words
)


def parse_text(source: bytes | str) -> Draft:
    """Take a document apart without losing a word of it.

    Raises Unreadable, with a sentence for a person, for what is empty, too big, or no text.
    """
    text, notices = decode_text(source)
    return parse_paragraphs(split_paragraphs(text), notices)


def parse_paragraphs(paragraphs: list[Paragraph], notices: list[str] | None = None) -> Draft:
    """The same for paragraphs that another reader found."""
    draft = Draft(messages=tuple(notices or ()))
    draft, paragraphs = _split_old_page(draft, paragraphs)
    draft, paragraphs = _split_head(draft, paragraphs)
    draft, paragraphs = _split_notes(draft, paragraphs)
    passages, told = parse_passages(paragraphs)
    return replace(draft, passages=tuple(passages), messages=draft.messages + tuple(told))


def parse_body(paragraphs: list[Paragraph]) -> Draft:
    """The same for the words under a headline and a date that are known already."""
    draft, paragraphs = _split_old_page(Draft(), paragraphs)
    draft, paragraphs = _split_notes(draft, paragraphs)
    passages, told = parse_passages(paragraphs)
    return replace(draft, passages=tuple(passages), messages=draft.messages + tuple(told))


def _split_old_page(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    """Cut off "Related Articles" and what is under it, if that is nothing but titles."""
    start = len(paragraphs)
    for place in range(len(paragraphs) - 1, 0, -1):
        text = paragraphs[place].text
        if furniture.OLD_PAGE_HEADING.match(text):
            start = place
        elif (
            len(text) > MAX_OLD_PAGE_LINE_CHARS
            or OPENING_MARK.match(text)
            or furniture.is_furniture(text)
        ):
            break
    cut = [paragraph.text for paragraph in paragraphs[start:]]
    heads = tuple(text for text in cut if furniture.OLD_PAGE_HEADING.match(text))
    under = tuple(
        (text, f"It stood under “{cut[0]}”, which is no part of the words.")
        for text in cut
        if not furniture.OLD_PAGE_HEADING.match(text)
    )
    told = tuple(
        f"The line “{text}” at the end was left out: it is a heading of the old page."
        for text in heads
    )
    draft = replace(
        draft,
        omitted_lines=heads,
        leftovers=under,
        messages=draft.messages + tuple(dict.fromkeys(told)),
    )
    return draft, paragraphs[:start]


def _split_head(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    """Headline and date; lines above and under it such as an embargo go to left_over."""
    above = _parse_head_lines(paragraphs)
    headline = len(above)
    if headline == len(
        paragraphs
    ):  # nothing but such lines: the first of them has to be the headline
        above, headline = [], 0
    if paragraphs[headline].is_list or looks_like_attribution(paragraphs, headline):
        what = "a list" if paragraphs[headline].is_list else "who speaks"
        told = f"The document begins with {what}: it has no headline, write one."
        draft, body = replace(draft, messages=(*draft.messages, told)), headline
    else:
        draft, body = replace(draft, headline=paragraphs[headline].text), headline + 1
    under = _parse_head_lines(paragraphs[body:])
    dates = [when for when, _ in above + under if when]
    reasons = [why for _, why in above + under]
    lines = paragraphs[: len(above)] + paragraphs[body : body + len(under)]
    left_over = tuple((line.text, why) for line, why in zip(lines, reasons, strict=True))
    draft = replace(
        draft, dated_on=dates[0] if dates else None, leftovers=left_over + draft.leftovers
    )
    return draft, paragraphs[body + len(under) :]


def _parse_head_lines(paragraphs: list[Paragraph]) -> list[tuple[date | None, str]]:
    found = []
    for paragraph in paragraphs:
        if (head := furniture.parse_head_line(paragraph.text)) is None:
            break
        found.append(head)
    return found


def _split_notes(draft: Draft, paragraphs: list[Paragraph]) -> tuple[Draft, list[Paragraph]]:
    """Part the words from the notes, without the lines between that the product writes."""
    words: list[Paragraph] = []
    notes: list[Paragraph] = []
    left_out = list(draft.omitted_lines)
    ended = headed = False
    for paragraph in paragraphs:
        if furniture.END_LINE.match(paragraph.text):
            ended = True
            left_out.append(paragraph.text)
        elif found := furniture.NOTES_HEADING.match(paragraph.text):
            headed = True
            rest = found["rest"] or ""
            left_out.append(paragraph.text.removesuffix(rest).strip())
            notes += [Paragraph((rest,))] if rest else []
        else:
            (notes if ended or headed else words).append(paragraph)
    notices = list(draft.messages)
    if ended and not notes:
        notices.append(
            "The line that says that the words end was left out: the page shows where they end."
        )
    elif ended and not headed:
        notices.append("What stood after the end of the words was put under the notes to editors.")
    blocks = tuple(block for note in notes if (block := note.render_block(keep_lines=True)))
    draft = replace(
        draft, notes_to_editors=blocks, omitted_lines=tuple(left_out), messages=tuple(notices)
    )
    return draft, words
