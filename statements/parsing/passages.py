"""Group paragraphs into passages, each by one voice, in order."""

import re
from dataclasses import dataclass, field

from statements.content import html
from statements.content.quotation_marks import QuotationMarks, apply_inner_marks
from statements.parsing.attribution import AttributedSpeaker, get_surname, parse_attribution
from statements.parsing.draft import DraftPassage
from statements.parsing.paragraphs import NUMBER, OPENING_MARK, Paragraph
from statements.parsing.quoted_paragraphs import (
    QuoteKind,
    parse_quoted_paragraph,
    strip_closing_mark,
)

MAX_HEADING_CHARS = 80
MAX_STYLED_HEADING_CHARS = 200
SENTENCE_END_MARK = re.compile(r"[.,;:!?…”\"’»،؛؟。]$")
INLINE_ATTRIBUTION = re.compile(r"^(?P<line>[^“”\"„«»]{3,400}:)\s+(?P<words>[“\"„«].*)$", re.DOTALL)


def parse_passages(paragraphs: list[Paragraph]) -> tuple[list[DraftPassage], list[str]]:
    """Return the passages, and messages about changes and things to check."""
    parser = _PassageParser(paragraphs)
    for index in range(len(paragraphs)):
        parser.parse_paragraph(index)
    parser.finish()
    return [passage.to_draft_passage() for passage in parser.passages], list(
        dict.fromkeys(parser.messages)
    )


def looks_like_attribution(paragraphs: list[Paragraph], index: int) -> bool:
    """Say whether the paragraph is the attribution of the next one, so not a headline."""
    following = _get_text(paragraphs, index + 1)
    line = paragraphs[index].text
    return (
        bool(OPENING_MARK.match(following) and not OPENING_MARK.match(line))
        and line.endswith(":")
        and bool(parse_attribution(line, {}, before_quotation=True))
    )


@dataclass
class _OpenPassage:
    is_quoted: bool
    heading: str = ""
    attribution: str = ""
    speaker: AttributedSpeaker = field(default_factory=AttributedSpeaker)
    blocks: list[str] = field(default_factory=list)

    def to_draft_passage(self) -> DraftPassage:
        return DraftPassage(
            heading=self.heading,
            attribution=self.attribution,
            speaker_name=self.speaker.name,
            role=self.speaker.role,
            organisation_name=self.speaker.organisation_name,
            organisation_in_text=self.speaker.organisation_in_text,
            is_quoted=self.is_quoted,
            blocks=tuple(self.blocks),
        )


class _PassageParser:
    """Go through the paragraphs once and keep the state for the next one."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.passages: list[_OpenPassage] = []
        self.messages: list[str] = []
        self._heading = ""
        self._attribution = ""
        self._speaker = AttributedSpeaker()  # the speaker of the next quotation
        self._known: dict[str, AttributedSpeaker] = {}  # by surname, the latest last
        self._unclosed = ""  # the first words of the open quotation
        self._open_until = -1  # the index of the paragraph that closes it

    def parse_paragraph(self, index: int) -> None:
        paragraph = self.paragraphs[index]
        following = _get_text(self.paragraphs, index + 1)
        if paragraph.is_list or not self._parse_line(paragraph, following):
            self._parse_words(paragraph, index)

    def finish(self) -> None:
        self._end_quotation()
        self._keep_lines_as_narration()

    def _parse_line(self, paragraph: Paragraph, following: str) -> bool:
        text = paragraph.text
        if OPENING_MARK.match(text):
            return False
        opens = bool(OPENING_MARK.match(following))
        speaker = parse_attribution(text, self._known, before_quotation=opens)
        if speaker is not None:
            self._end_quotation()
            self._start_attribution(text, speaker)
        elif _is_heading(paragraph, following):
            self._end_quotation()
            self._keep_lines_as_narration()
            self._heading = text
        elif match := INLINE_ATTRIBUTION.match(text):
            return self._parse_attribution_and_words(paragraph, match["line"], match["words"])
        else:
            return False
        return True

    def _parse_attribution_and_words(self, paragraph: Paragraph, line: str, words: str) -> bool:
        speaker = parse_attribution(line, self._known, before_quotation=True)
        if (
            speaker is None
            or not speaker.name
            or parse_quoted_paragraph(words).kind is QuoteKind.PLAIN
        ):
            return False
        self._end_quotation()
        self._start_attribution(line, speaker)
        self.messages.append(
            f"“{line}” stood on one line with the quotation; it has a line of its own now."
        )
        self._parse_quoted_words(paragraph, words)
        return True

    def _start_attribution(self, line: str, speaker: AttributedSpeaker) -> None:
        if self._attribution:
            self._keep_lines_as_narration()
        self._attribution, self._speaker = line, speaker
        if speaker.name:
            self._known.pop(get_surname(speaker), None)
            self._known[get_surname(speaker)] = speaker

    def _parse_words(self, paragraph: Paragraph, index: int) -> None:
        text = paragraph.text
        if not paragraph.is_list and self._parse_quoted_words(paragraph, text):
            return
        if self._unclosed and self._is_still_quoted(index):
            last = strip_closing_mark(paragraph.lines[-1] if paragraph.is_list else text)
            self._add_block(_render_without_closing(paragraph, last), quoted=True)
            if not paragraph.is_list:
                self.messages.append(
                    f"“{_shorten(last or text)}” has no opening mark, but the quotation around "
                    "it is closed only there or later: it was read as a part of it."
                )
            if last is not None:
                self._unclosed = ""
            return
        self._end_quotation()
        if self._attribution:
            self.messages.append(
                f"What follows “{self._attribution}” has no quotation marks around it. It is "
                "kept as narration; choose the speaker if these are spoken words."
            )
        self._add_block(paragraph.render_block(), quoted=False)

    def _parse_quoted_words(self, paragraph: Paragraph, text: str) -> bool:
        quoted_paragraph = parse_quoted_paragraph(text)
        if quoted_paragraph.kind is QuoteKind.PLAIN:
            return False
        continues = (
            self.passages
            and self.passages[-1].is_quoted
            and not (self._heading or self._attribution)
        )
        if continues and not self._unclosed:
            self.messages.append(
                "Quoted paragraphs that follow one another were each closed; only the last of "
                "them is closed now."
            )
        self._unclosed = (
            ""
            if quoted_paragraph.kind is QuoteKind.CLOSED
            else self._unclosed or _shorten(quoted_paragraph.inner_text)
        )
        self._add_mark_messages(text, quoted_paragraph.inner_text, quoted_paragraph.has_moved_stop)
        self._add_block(paragraph.render_part(quoted_paragraph.inner_text), quoted=True)
        return True

    def _add_mark_messages(self, text: str, inner: str, moved: bool) -> None:
        if text[0] == '"' or (text[-1] == '"' and not inner.endswith('"')):
            self.messages.append(
                "Straight quotation marks around the words are set as “ and ” now."
            )
        if moved:
            self.messages.append(
                f"The stop after the closing mark of “{_shorten(inner)}” stands before it now."
            )
        if text[0] in '“"' and "".join(apply_inner_marks(inner, QuotationMarks())) != inner:
            self.messages.append(
                f"The double marks inside of “{_shorten(inner)}” are set as ‘ and ’ on the page."
            )

    def _is_still_quoted(self, index: int) -> bool:
        if self._open_until >= index:
            return True
        for later in range(index, len(self.paragraphs)):
            paragraph = self.paragraphs[later]
            if (
                strip_closing_mark(paragraph.lines[-1] if paragraph.is_list else paragraph.text)
                is not None
            ):
                self._open_until = later
                return True
            if paragraph.is_list:
                continue
            following = _get_text(self.paragraphs, later + 1)
            if OPENING_MARK.match(paragraph.text):
                # A later paragraph opens again, so lists before it belong to the quotation.
                between = self.paragraphs[index:later]
                return later > index and all(item.is_list for item in between)
            if _is_heading(paragraph, following) or parse_attribution(
                paragraph.text, self._known, before_quotation=bool(OPENING_MARK.match(following))
            ):
                return False
        return False

    def _add_block(self, block: str, *, quoted: bool) -> None:
        if not block:
            return
        last = self.passages[-1] if self.passages else None
        if last is None or last.is_quoted != quoted or self._heading or self._attribution:
            last = self._begin_passage(quoted)
        last.blocks.append(block)

    def _begin_passage(self, quoted: bool) -> _OpenPassage:
        speaker = self._speaker if quoted or self._attribution else AttributedSpeaker()
        if quoted:
            self._add_speaker_messages(speaker)
        passage = _OpenPassage(quoted, self._heading, self._attribution, speaker)
        self._heading = self._attribution = ""
        self.passages.append(passage)
        return passage

    def _add_speaker_messages(self, speaker: AttributedSpeaker) -> None:
        if not speaker.name and not self._attribution:
            self.messages.append("No line says who speaks the quoted words: choose the speaker.")
        elif not speaker.name:
            self.messages.append(
                f"“{self._attribution}” does not tell one person’s name: choose the speaker."
            )
        elif not self._attribution and self.passages and not self.passages[-1].is_quoted:
            self.messages.append(
                f"Quoted words after narration have no line that says who speaks; they were "
                f"given to {speaker.name}."
            )

    def _end_quotation(self) -> None:
        if self._unclosed:
            self.messages.append(
                f"The quotation that begins “{self._unclosed}” was never closed; it is closed "
                f"after its last paragraph."
            )
        self._unclosed = ""

    def _keep_lines_as_narration(self) -> None:
        """Keep an attribution or heading without words under it as a paragraph."""
        lines = [line for line in (self._heading, self._attribution) if line]
        self._heading = self._attribution = ""
        for line in lines:
            self._add_block(html.make_paragraph(line), quoted=False)


def _is_heading(paragraph: Paragraph, following: str) -> bool:
    text = paragraph.text
    if paragraph.is_heading:
        return bool(following) and len(text) <= MAX_STYLED_HEADING_CHARS
    return (
        bool(following)
        and any(char.isalpha() for char in text)  # not a number, as from a table's last cell
        and _is_short_line(text, len(paragraph.lines))
        and not _is_short_line(following, 1)
    )


def _is_short_line(text: str, lines: int) -> bool:
    return (
        lines == 1
        and len(text) <= MAX_HEADING_CHARS
        and not SENTENCE_END_MARK.search(text)
        and not OPENING_MARK.match(text)
        and not NUMBER.match(text)
    )


def _render_without_closing(paragraph: Paragraph, last: str | None) -> str:
    return paragraph.render_block() if last is None else paragraph.render_without_closing(last)


def _get_text(paragraphs: list[Paragraph], index: int) -> str:
    return paragraphs[index].text if index < len(paragraphs) else ""


def _shorten(text: str) -> str:
    words = text.split()
    return " ".join(words[:6])[:80] + ("…" if len(words) > 6 else "")
