"""Group paragraphs into passages, each by one voice, in order.

A quotation is an attribution with the quoted words directly below it, up to the mark that closes
them. Everything else is narration, as typed: quoted words below anything but an attribution belong
to nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from statements.content import html
from statements.parsing.attribution import AttributedSpeaker, EarlierSpeakers, parse_attribution
from statements.parsing.draft import DraftPassage
from statements.parsing.headings import is_heading
from statements.parsing.paragraphs import Paragraph
from statements.parsing.quoted_paragraphs import (
    ANY_MARK_FIRST,
    Quotation,
    QuoteKind,
    parse_quoted_paragraph,
    read_block_quotation,
    read_quotation,
)

INLINE_ATTRIBUTION = re.compile(
    r"^(?P<line>[^“”\"„«»]{3,400}:)\s+(?P<words>[“”\"„«].*)$", re.DOTALL
)
TWO_CAPITALISED_WORDS = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'-]+\s+[^\W\d_a-zß-öø-ÿ][\w’'-]+")


def parse_passages(paragraphs: Sequence[Paragraph]) -> tuple[list[DraftPassage], list[str]]:
    """Return the passages, and messages about changes and things to check."""
    parser = _PassageParser(paragraphs)
    index = 0
    while index < len(paragraphs):
        index = parser.parse_from(index)
    parser.end_narration()
    return parser.passages, list(dict.fromkeys(parser.messages))


def looks_like_attribution(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Say whether the paragraph is the attribution of the next one, so not a headline."""
    attribution = _find_attribution(paragraphs, index, EarlierSpeakers())
    return attribution is not None and attribution.line.endswith(":")


@dataclass(frozen=True)
class _Attribution:
    """A line that introduces quoted words, and where these begin."""

    line: str
    speaker: AttributedSpeaker
    words_index: int
    words: str  # the first paragraph of the words
    is_inline: bool = False


class _PassageParser:
    """Go through the paragraphs once and keep the state for the next one."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.passages: list[DraftPassage] = []
        self.messages: list[str] = []
        self._heading = ""
        self._narration: list[str] = []
        self._earlier = EarlierSpeakers(tuple(paragraph.text for paragraph in paragraphs))

    def parse_from(self, index: int) -> int:
        """Read one quotation, heading or paragraph, and return the index of what follows."""
        attribution = _find_attribution(self.paragraphs, index, self._earlier)
        if attribution is not None:
            if (quotation := self._read_words(attribution)) is not None:
                self._add_quotation(attribution, quotation)
                return quotation.end
        elif is_heading(self.paragraphs, index):
            self.end_narration()
            self._heading = self.paragraphs[index].text
            return index + 1
        self._add_narration(index)
        return index + 1

    def end_narration(self) -> None:
        """Make a passage of the narration so far; a heading above nothing is a paragraph of it."""
        if self._heading and not self._narration:
            self._heading, self._narration = "", [html.make_paragraph(self._heading)]
            if self.passages and not self.passages[-1].is_quoted:
                last = self.passages.pop()
                self._heading, self._narration[:0] = last.heading, last.blocks
        if self._narration:
            self.passages.append(DraftPassage(heading=self._heading, blocks=tuple(self._narration)))
        self._heading, self._narration = "", []

    def _read_words(self, attribution: _Attribution) -> Quotation | None:
        """Return the quoted words if it is certain where they end and that somebody is named."""
        start, line = attribution.words_index, attribution.line
        if not attribution.speaker.name:
            self.messages.append(f"“{line}” does not tell one person’s name: choose the speaker.")
            return None
        if ANY_MARK_FIRST.match(attribution.words):
            quotation = read_quotation(self.paragraphs, start, attribution.words)
        else:
            quotation = read_block_quotation(self.paragraphs, start)
        if quotation is None:
            self.messages.append(
                f"It is not clear where the words below “{line}” end, or whose they are. They "
                "stay as typed: choose the speaker."
            )
        return quotation

    def _add_quotation(self, attribution: _Attribution, quotation: Quotation) -> None:
        speaker = attribution.speaker
        if self._narration:
            self.end_narration()
        self.messages += quotation.messages
        if attribution.is_inline:
            self.messages.append(
                f"“{attribution.line}” stood on one line with the quotation; it has a line of its "
                "own now."
            )
        passages = [
            DraftPassage(
                heading=part.heading if place else self._heading,
                attribution="" if place else attribution.line,
                speaker_name=speaker.name,
                role=speaker.role,
                organisation_name=speaker.organisation_name,
                organisation_in_text=speaker.organisation_in_text,
                is_quoted=True,
                blocks=tuple(part.blocks),
                doubt=speaker.doubt,
                typed_blocks=tuple(part.typed_blocks),
                continues_quotation=place > 0,
                is_attribution_inline=attribution.is_inline,
            )
            for place, part in enumerate(quotation.parts)
        ]
        self.passages += passages
        self._heading = ""
        words = [block for passage in passages for block in passage.blocks]
        self._remember(speaker, attribution.line, words)

    def _remember(self, speaker: AttributedSpeaker, line: str, blocks: list[str]) -> None:
        """Keep the speaker for lines below; “She added:” needs that nobody else is named."""
        self._earlier.only_one = None
        if speaker.doubt:
            return
        self._earlier.add(speaker)
        for part in (speaker.name, speaker.role, speaker.organisation_name):
            line = line.replace(part, "")
        if not any(map(TWO_CAPITALISED_WORDS.search, (line, *blocks))):
            self._earlier.only_one = speaker

    def _add_narration(self, index: int) -> None:
        paragraph = self.paragraphs[index]
        self._earlier.only_one = None
        if block := paragraph.render_block():
            self._narration.append(block)
        if _has_words_without_marks(self.paragraphs, index, self._earlier):
            self.messages.append(
                f"What follows “{paragraph.text}” has no quotation marks around it. It is kept as "
                "narration; choose the speaker if these are spoken words."
            )
        elif _is_quoted(paragraph.text):
            self.messages.append("No line says who speaks the quoted words: choose the speaker.")


def _find_attribution(
    paragraphs: Sequence[Paragraph], index: int, earlier: EarlierSpeakers
) -> _Attribution | None:
    paragraph, text = paragraphs[index], paragraphs[index].text
    if paragraph.is_list or ANY_MARK_FIRST.match(text):
        return None
    if _begins_words(paragraphs, index + 1):
        speaker = parse_attribution(text, earlier)
        if speaker is not None:
            return _Attribution(text, speaker, index + 1, paragraphs[index + 1].text)
    if match := INLINE_ATTRIBUTION.match(text):
        line, words = match["line"], match["words"]
        speaker = parse_attribution(line, earlier)
        if speaker is not None and parse_quoted_paragraph(words).kind is not QuoteKind.PLAIN:
            return _Attribution(line, speaker, index, words, is_inline=True)
    return None


def _begins_words(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Say whether quoted words begin here: with a mark, or as a block quotation after a colon."""
    if index >= len(paragraphs) or paragraphs[index].is_list:
        return False
    if ANY_MARK_FIRST.match(paragraphs[index].text):
        return True
    line, words = paragraphs[index - 1 : index + 1]
    return words.quotation_number not in (0, line.quotation_number) and line.text.endswith(":")


def _has_words_without_marks(
    paragraphs: Sequence[Paragraph], index: int, earlier: EarlierSpeakers
) -> bool:
    """Say whether the line introduces somebody and the words below it have no marks."""
    line = paragraphs[index]
    is_line = line.text.endswith(":") and " " in line.text and not line.is_list
    if not is_line or index + 1 >= len(paragraphs):
        return False
    if _begins_words(paragraphs, index + 1):
        return False
    speaker = parse_attribution(line.text, earlier)
    return speaker is not None and bool(speaker.name)


def _is_quoted(text: str) -> bool:
    is_marked = ANY_MARK_FIRST.match(text)
    return bool(is_marked) and parse_quoted_paragraph(text).kind is not QuoteKind.PLAIN
