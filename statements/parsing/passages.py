"""Paragraphs -> passages, each of one voice, in the order in which they stood."""

import re
from dataclasses import dataclass, field

from statements.content import html
from statements.content.quotation_marks import Marks, nested
from statements.parsing.attribution import Voice, read_attribution, surname
from statements.parsing.draft import DraftPassage
from statements.parsing.paragraphs import NUMBER, OPENING, Lines
from statements.parsing.quoted_paragraphs import Kind, closes_quotation, read_quoted

LONGEST_HEADING = 80
LONGEST_STYLED_HEADING = 200
SENTENCE_LIKE = re.compile(r"[.,;:!?…”\"’»،؛؟。]$")
ON_ONE_LINE = re.compile(r"^(?P<line>[^“”\"„«»]{3,400}:)\s+(?P<words>[“\"„«].*)$", re.DOTALL)


def read_passages(paragraphs: list[Lines]) -> tuple[list[DraftPassage], list[str]]:
    """The passages, and notices of what was changed and what needs a look."""
    reader = _PassageReader(paragraphs)
    for place in range(len(paragraphs)):
        reader.read(place)
    reader.finish()
    return [passage.frozen() for passage in reader.passages], list(dict.fromkeys(reader.notices))


def looks_like_attribution(paragraphs: list[Lines], place: int) -> bool:
    """Whether the paragraph says who speaks the next one: then it is no headline."""
    following = _text(paragraphs, place + 1)
    line = paragraphs[place].text
    return (
        bool(OPENING.match(following) and not OPENING.match(line))
        and line.endswith(":")
        and bool(read_attribution(line, {}, before_quotation=True))
    )


@dataclass
class _Passage:
    quoted: bool
    heading: str = ""
    attribution: str = ""
    voice: Voice = field(default_factory=Voice)
    blocks: list[str] = field(default_factory=list)

    def frozen(self) -> DraftPassage:
        return DraftPassage(
            heading=self.heading,
            attribution=self.attribution,
            speaker_name=self.voice.name,
            role=self.voice.role,
            organisation_name=self.voice.organisation_name,
            organisation_in_text=self.voice.organisation_in_text,
            quoted=self.quoted,
            blocks=tuple(self.blocks),
        )


class _PassageReader:
    """Goes through the paragraphs once, remembering what the next one belongs to."""

    def __init__(self, paragraphs: list[Lines]) -> None:
        self.paragraphs = paragraphs
        self.passages: list[_Passage] = []
        self.notices: list[str] = []
        self._heading = ""
        self._attribution = ""
        self._voice = Voice()  # who speaks the next quoted words
        self._known: dict[str, Voice] = {}  # by surname, the latest last
        self._unclosed = ""  # how the quotation begins that is still open
        self._open_until = -1  # the paragraph which closes it although those between do not open

    def read(self, place: int) -> None:
        paragraph = self.paragraphs[place]
        following = _text(self.paragraphs, place + 1)
        if paragraph.is_list or not self._read_line(paragraph, following):
            self._read_words(paragraph, place)

    def finish(self) -> None:
        self._end_run()
        self._keep_lines_as_narration()

    def _read_line(self, paragraph: Lines, following: str) -> bool:
        """Take an attribution or a sub-heading; say whether the paragraph was one."""
        text = paragraph.text
        if OPENING.match(text):
            return False
        opens = bool(OPENING.match(following))
        voice = read_attribution(text, self._known, before_quotation=opens)
        if voice is not None:
            self._end_run()
            self._take_attribution(text, voice)
        elif _is_heading(paragraph, following):
            self._end_run()
            self._keep_lines_as_narration()
            self._heading = text
        elif found := ON_ONE_LINE.match(text):
            return self._read_attribution_and_words(paragraph, found["line"], found["words"])
        else:
            return False
        return True

    def _read_attribution_and_words(self, paragraph: Lines, line: str, words: str) -> bool:
        voice = read_attribution(line, self._known, before_quotation=True)
        if voice is None or not voice.name or read_quoted(words).kind is Kind.PLAIN:
            return False
        self._end_run()
        self._take_attribution(line, voice)
        self.notices.append(
            f"“{line}” stood on one line with the quotation; it has a line of its own now."
        )
        self._read_quoted_words(paragraph, words)
        return True

    def _take_attribution(self, line: str, voice: Voice) -> None:
        if self._attribution:
            self._keep_lines_as_narration()
        self._attribution, self._voice = line, voice
        if voice.name:
            self._known.pop(surname(voice), None)
            self._known[surname(voice)] = voice

    def _read_words(self, paragraph: Lines, place: int) -> None:
        text = paragraph.text
        if not paragraph.is_list and self._read_quoted_words(paragraph, text):
            return
        if self._unclosed and self._is_still_quoted(place):
            last = closes_quotation(paragraph.lines[-1] if paragraph.is_list else text)
            self._add(_without_closing(paragraph, last), quoted=True)
            if not paragraph.is_list:
                self.notices.append(
                    f"“{_beginning(last or text)}” has no opening mark, but the quotation around "
                    "it is closed only there or later: it was read as a part of it."
                )
            if last is not None:
                self._unclosed = ""
            return
        self._end_run()
        if self._attribution:
            self.notices.append(
                f"What follows “{self._attribution}” has no quotation marks around it. It is "
                "kept as narration; choose the speaker if these are spoken words."
            )
        self._add(paragraph.block(), quoted=False)

    def _read_quoted_words(self, paragraph: Lines, text: str) -> bool:
        reading = read_quoted(text)
        if reading.kind is Kind.PLAIN:
            return False
        goes_on = (
            self.passages and self.passages[-1].quoted and not (self._heading or self._attribution)
        )
        if goes_on and not self._unclosed:
            self.notices.append(
                "Quoted paragraphs that follow one another were each closed; only the last of "
                "them is closed now."
            )
        self._unclosed = (
            "" if reading.kind is Kind.CLOSED else self._unclosed or _beginning(reading.inner)
        )
        self._tell_about_marks(text, reading.inner, reading.moved)
        self._add(paragraph.part(reading.inner), quoted=True)
        return True

    def _tell_about_marks(self, text: str, inner: str, moved: bool) -> None:
        if text[0] == '"' or (text[-1] == '"' and not inner.endswith('"')):
            self.notices.append("Straight quotation marks around the words are set as “ and ” now.")
        if moved:
            self.notices.append(
                f"The stop after the closing mark of “{_beginning(inner)}” stands before it now."
            )
        if text[0] in '“"' and "".join(nested(inner, Marks())) != inner:
            self.notices.append(
                f"The double marks inside of “{_beginning(inner)}” are set as ‘ and ’ on the page."
            )

    def _is_still_quoted(self, place: int) -> bool:
        """Whether a later paragraph closes the quotation before anything else begins."""
        if self._open_until >= place:
            return True
        for later in range(place, len(self.paragraphs)):
            paragraph = self.paragraphs[later]
            if (
                closes_quotation(paragraph.lines[-1] if paragraph.is_list else paragraph.text)
                is not None
            ):
                self._open_until = later
                return True
            if paragraph.is_list:
                continue
            following = _text(self.paragraphs, later + 1)
            if OPENING.match(paragraph.text):
                # The next paragraph opens again: the lists before it belong to the quotation.
                return later > place and all(one.is_list for one in self.paragraphs[place:later])
            if _is_heading(paragraph, following) or read_attribution(
                paragraph.text, self._known, before_quotation=bool(OPENING.match(following))
            ):
                return False
        return False

    def _add(self, block: str, *, quoted: bool) -> None:
        if not block:
            return
        last = self.passages[-1] if self.passages else None
        if last is None or last.quoted != quoted or self._heading or self._attribution:
            last = self._begin(quoted)
        last.blocks.append(block)

    def _begin(self, quoted: bool) -> _Passage:
        voice = self._voice if quoted or self._attribution else Voice()
        if quoted:
            self._tell_about_voice(voice)
        passage = _Passage(quoted, self._heading, self._attribution, voice)
        self._heading = self._attribution = ""
        self.passages.append(passage)
        return passage

    def _tell_about_voice(self, voice: Voice) -> None:
        if not voice.name and not self._attribution:
            self.notices.append("No line says who speaks the quoted words: choose the speaker.")
        elif not voice.name:
            self.notices.append(
                f"“{self._attribution}” does not tell one person’s name: choose the speaker."
            )
        elif not self._attribution and self.passages and not self.passages[-1].quoted:
            self.notices.append(
                f"Quoted words after narration have no line that says who speaks; they were "
                f"given to {voice.name}."
            )

    def _end_run(self) -> None:
        if self._unclosed:
            self.notices.append(
                f"The quotation that begins “{self._unclosed}” was never closed; it is closed "
                f"after its last paragraph."
            )
        self._unclosed = ""

    def _keep_lines_as_narration(self) -> None:
        """An attribution or heading over nothing is a paragraph like any other."""
        lines = [line for line in (self._heading, self._attribution) if line]
        self._heading = self._attribution = ""
        for line in lines:
            self._add(html.paragraph(line), quoted=False)


def _is_heading(paragraph: Lines, following: str) -> bool:
    """A short line without an end, over something that is more than one."""
    text = paragraph.text
    if paragraph.is_heading:
        return bool(following) and len(text) <= LONGEST_STYLED_HEADING
    return (
        bool(following)
        and any(char.isalpha() for char in text)  # else it is a figure, as of a table's last cell
        and _is_short_line(text, len(paragraph.lines))
        and not _is_short_line(following, 1)
    )


def _is_short_line(text: str, lines: int) -> bool:
    return (
        lines == 1
        and len(text) <= LONGEST_HEADING
        and not SENTENCE_LIKE.search(text)
        and not OPENING.match(text)
        and not NUMBER.match(text)
    )


def _without_closing(paragraph: Lines, last: str | None) -> str:
    return paragraph.block() if last is None else paragraph.without_closing(last)


def _text(paragraphs: list[Lines], place: int) -> str:
    return paragraphs[place].text if place < len(paragraphs) else ""


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:6])[:80] + ("…" if len(words) > 6 else "")
