"""Convert a rich text document (.rtf) to HTML: words, emphasis, links, lists, tables.

An own small reader, because the libraries for the format give plain text, in which 10⁶ is 106 and
struck-through words are back. Lists are written as Word's clipboard has them: the common cleaning
reads those.
"""

import html
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace

from statements.parsing.conversion import Conversion
from statements.parsing.draft import ParseError
from statements.parsing.rtf_control_words import (
    BODY,
    BOX,
    DELETED,
    DESTINATIONS,
    FONTS,
    HEADING_STYLE,
    INSTRUCTION,
    LINK_INSTRUCTION,
    MARKER,
    NOTE,
    PARAGRAPH_ENDS,
    REASONS,
    REMOVED_TEXTS,
    SKIP,
    STYLES,
    SYMBOLS,
)
from statements.parsing.rtf_tokens import (
    CHARSET_CODE_PAGES,
    DEFAULT_CODE_PAGE,
    RtfToken,
    decode_letters,
    find_code_page,
    iter_tokens,
)
from statements.parsing.wording import (
    HIDDEN,
    STRUCK,
    describe_notes,
    describe_pictures,
    describe_tables,
)
from statements.parsing.zip_package import PASTE_HINT

MAX_OPEN_GROUPS = 500
MAX_INSTRUCTION_CHARS = 5_000


@dataclass(slots=True)
class RtfState:
    """What is in force within a group of an RTF file."""

    destination: str = BODY
    bold: bool = False
    italic: bool = False
    position: str = ""  # sup or sub
    struck: bool = False
    hidden: bool = False
    deleted: bool = False
    code_page: str = ""
    fallback_chars: int = 1
    """How many characters follow a \\u for readers without Unicode."""
    field_number: int = -1


@dataclass
class RtfParagraph:
    """The paragraph that is being read."""

    parts: list[str] = field(default_factory=list)
    marker: str = ""
    list_level: int = 0
    heading_level: int = 0
    in_table: bool = False


def convert_rtf(raw: bytes) -> Conversion:
    """Return the HTML of an .rtf. Raises ParseError."""
    return _RtfConverter().convert(raw)


class _RtfConverter:
    def __init__(self) -> None:
        self.state, self.groups = RtfState(), list[RtfState]()
        self.paragraph = RtfParagraph()
        self.blocks: list[str] = []
        self.cells: list[str] = []
        self.rows: list[str] = []
        self.leftovers: list[tuple[str, str]] = []
        self.beside: list[str] = []  # words of the note, header, comment or box that is being read
        self.floating: list[str] = []  # blocks of boxes, to follow their paragraph
        self.code_page = DEFAULT_CODE_PAGE
        self.fonts: dict[int, str] = {}
        self.heading_styles: dict[int, int] = {}
        self.instructions: list[str] = []
        self.letters = b""
        self.skipped_chars = 0  # characters still to skip after a \u
        self.number = 0  # of the font or style that is being defined
        self.note_count = self.picture_count = self.insertions = self.table_count = 0

    def convert(self, raw: bytes) -> Conversion:
        for token in iter_tokens(raw):
            if token.text:
                self._read_letters(token)
                continue
            self._flush_letters()
            if token.word == "{":
                self._open_group()
            elif token.word == "}":
                self._close_group()
            else:
                self._read_word(token.word, token.number)
        self._flush_letters()
        self._end_paragraph()
        self._end_table()
        leftovers = [(_join_surrogates(text), reason) for text, reason in self.leftovers]
        return Conversion("".join(self.blocks), self._write_messages(), leftovers)

    # --- Groups ---

    def _open_group(self) -> None:
        if len(self.groups) >= MAX_OPEN_GROUPS:
            raise ParseError(f"The document is nested too deeply to be read. {PASTE_HINT}")
        self.groups.append(self.state)
        self.state = copy(self.state)
        self.skipped_chars = 0

    def _close_group(self) -> None:
        ended = self.state
        self.state = self.groups.pop() if self.groups else RtfState(destination=SKIP)
        self.skipped_chars = 0
        if ended.destination == self.state.destination:
            return
        lines = "".join(self.beside).split("\n")
        if ended.destination in REASONS:
            text = " ".join(" ".join(lines).split())
            entry = (text, REASONS[ended.destination].format(self.note_count))
            if text and entry not in self.leftovers:
                self.leftovers.append(entry)
            self.beside = []
        elif ended.destination == BOX:
            self.floating += [f"<p>{html.escape(line, quote=False)}</p>\n" for line in lines]
            self.beside = []

    def _start_destination(self, word: str) -> None:
        destination, outer = DESTINATIONS[word], self.state.destination.lstrip("*")
        if outer == SKIP:
            return  # what lies in a part that is skipped is skipped as well
        if destination == BOX and outer in REASONS:
            destination = outer  # a box in a page header is no box among the words
        self.note_count += destination == NOTE
        self.picture_count += word in ("pict", "shppict")
        if destination != outer and (destination in REASONS or destination == BOX):
            self.beside = []
        self.state.destination = destination

    # --- Control words ---

    def _read_word(self, word: str, number: int | None) -> None:
        if self.skipped_chars and word in SYMBOLS:
            self.skipped_chars -= 1
            return
        self.skipped_chars = 0
        if word == "*":  # a group to ignore, unless its first word is one that we know
            self.state.destination = "*" + self.state.destination.lstrip("*")
        elif word in DESTINATIONS:
            self._start_destination(word)
        elif word == "u" and number is not None:
            self._add_text(chr(number % 65536))
            self.skipped_chars = self.state.fallback_chars
        elif word in SYMBOLS:
            self._add_text(SYMBOLS[word])
        elif word == "line":
            self._add_markup("<br>")
        elif word in PARAGRAPH_ENDS:
            self._end_line_or_paragraph()
        elif setter := SETTERS.get(word):
            setter(self, number)

    def _end_line_or_paragraph(self) -> None:
        if self.state.destination == BODY:
            self._end_paragraph()
        else:
            self._add_text("\n")

    def set_look(self, number: int | None, **look: object) -> None:
        """Switch a look on, or off if the number is 0."""
        is_on = number != 0
        for key, value in look.items():
            setattr(self.state, key, value if is_on else type(value)())

    def reset_look(self) -> None:
        state = self.state
        self.state = RtfState(
            destination=state.destination,
            code_page=self.code_page,
            fallback_chars=state.fallback_chars,
            field_number=state.field_number,
        )

    def set_font(self, number: int | None) -> None:
        if self.state.destination == FONTS:
            self.number = number or 0
        else:
            self.state.code_page = self.fonts.get(number or 0, self.code_page)

    def set_style(self, number: int | None) -> None:
        if self.state.destination == STYLES:
            self.number = number or 0
        elif self.state.destination == BODY:
            self.paragraph.heading_level = self.heading_styles.get(number or 0, 0)

    def start_field(self) -> None:
        self.instructions.append("")
        self.state.field_number = len(self.instructions) - 1

    def count_insertion(self, number: int | None) -> None:
        self.insertions += number != 0

    # --- Text ---

    def _read_letters(self, token: RtfToken) -> None:
        letters = token.text
        if self.skipped_chars:
            skipped = min(self.skipped_chars, len(letters))
            self.skipped_chars -= skipped
            letters = letters[skipped:]
        self.letters += letters

    def _flush_letters(self) -> None:
        if self.letters:
            letters, self.letters = self.letters, b""
            self._add_text(decode_letters(letters, self.state.code_page or self.code_page))

    def _add_text(self, text: str) -> None:
        destination = self.state.destination
        if destination in (BODY, BOX) and (reason := self._find_removal()):
            self._leave_over(text, reason)
        elif destination == BODY:
            self._add_words(text)
        elif destination == MARKER:
            self.paragraph.marker += text
        elif destination == INSTRUCTION and self.state.field_number >= 0:
            instruction = self.instructions[self.state.field_number] + text
            self.instructions[self.state.field_number] = instruction[:MAX_INSTRUCTION_CHARS]
        elif destination in REASONS or destination == BOX:
            self.beside.append(text)
        elif destination == STYLES and (match := HEADING_STYLE.match(text)):
            self.heading_styles[self.number] = int(match[1] or 1)

    def _add_words(self, text: str) -> None:
        state = self.state
        escaped = html.escape(text, quote=False)
        for tag in filter(None, (state.position, "em" * state.italic, "strong" * state.bold)):
            escaped = f"<{tag}>{escaped}</{tag}>"
        if state.field_number >= 0:
            link = LINK_INSTRUCTION.search(self.instructions[state.field_number])
            if link:
                escaped = f'<a href="{html.escape(link[1])}">{escaped}</a>'
        self.paragraph.parts.append(escaped)

    def _find_removal(self) -> str:
        """Return why the words that follow are none of the statement; "" if they are."""
        if self.state.deleted:
            return DELETED
        return STRUCK if self.state.struck else HIDDEN if self.state.hidden else ""

    def _leave_over(self, text: str, reason: str) -> None:
        if self.leftovers and self.leftovers[-1][1] == reason and self.paragraph.parts[-1:] == [""]:
            text = f"{self.leftovers.pop()[0]}{text}"
        if text:
            self.leftovers.append((text, reason))
            self.paragraph.parts.append("")  # the next piece of the run joins this one

    def _add_markup(self, tag: str) -> None:
        if self.state.destination == BODY:
            self.paragraph.parts.append(tag)

    # --- Blocks ---

    def _end_paragraph(self) -> None:
        paragraph = self.paragraph
        inner = _join_surrogates("".join(paragraph.parts))
        self.paragraph = replace(paragraph, parts=[], marker="")
        blocks, self.floating = self.floating, []
        if inner.strip():
            blocks = [_render_paragraph(inner, paragraph), *blocks]
        if paragraph.in_table:
            self.cells += blocks
        elif blocks:
            self._end_table()
            self.blocks += blocks

    def end_cell(self) -> None:
        if self.state.destination == BODY:
            self.paragraph.in_table = True
            self._end_paragraph()
            self.cells.append("</td><td>")
        else:
            self._add_text("\n")

    def end_row(self) -> None:
        if self.cells:
            row = "".join(self.cells).removesuffix("</td><td>")
            self.rows.append(f"<tr><td>{row}</td></tr>")
            self.cells = []

    def _end_table(self) -> None:
        self.end_row()
        if self.rows:
            self.table_count += 1
            self.blocks.append(f"<table>{''.join(self.rows)}</table>\n")
            self.rows = []

    def reset_paragraph(self) -> None:
        if self.state.destination == BODY:
            self.paragraph = RtfParagraph(self.paragraph.parts, self.paragraph.marker)

    def set_paragraph(self, **values: object) -> None:
        if self.state.destination == BODY:
            self.paragraph = replace(self.paragraph, **values)  # type: ignore[arg-type]

    # --- Messages ---

    def _write_messages(self) -> list[str]:
        reasons = {reason for _, reason in self.leftovers}
        insertions = "Tracked insertions were taken as accepted."
        return [
            *([insertions] if self.insertions else []),
            *(sentence for reason, sentence in REMOVED_TEXTS.items() if reason in reasons),
            *describe_notes(self.note_count, "footnote"),
            *describe_tables(self.table_count),
            *describe_pictures(self.picture_count),
        ]


SETTERS: dict[str, Callable[[_RtfConverter, int | None], None]] = {
    "b": lambda reader, number: reader.set_look(number, bold=True),
    "i": lambda reader, number: reader.set_look(number, italic=True),
    "strike": lambda reader, number: reader.set_look(number, struck=True),
    "striked": lambda reader, number: reader.set_look(number, struck=True),
    "v": lambda reader, number: reader.set_look(number, hidden=True),
    "deleted": lambda reader, number: reader.set_look(number, deleted=True),
    "revised": lambda reader, number: reader.count_insertion(number),
    "super": lambda reader, number: reader.set_look(number, position="sup"),
    "sub": lambda reader, number: reader.set_look(number, position="sub"),
    "up": lambda reader, number: reader.set_look(number, position="sup"),
    "dn": lambda reader, number: reader.set_look(number, position="sub"),
    "nosupersub": lambda reader, number: reader.set_look(0, position="sup"),
    "plain": lambda reader, number: reader.reset_look(),
    "f": lambda reader, number: reader.set_font(number),
    "fcharset": lambda reader, number: reader.fonts.update(
        {reader.number: CHARSET_CODE_PAGES.get(number or 0, reader.code_page)}
    ),
    "ansicpg": lambda reader, number: setattr(reader, "code_page", find_code_page(number)),
    "mac": lambda reader, number: setattr(reader, "code_page", "mac_roman"),
    "pc": lambda reader, number: setattr(reader, "code_page", "cp437"),
    "pca": lambda reader, number: setattr(reader, "code_page", "cp850"),
    "uc": lambda reader, number: setattr(reader.state, "fallback_chars", min(number or 0, 10)),
    "s": lambda reader, number: reader.set_style(number),
    "field": lambda reader, number: reader.start_field(),
    "pard": lambda reader, number: reader.reset_paragraph(),
    "intbl": lambda reader, number: reader.set_paragraph(in_table=True),
    "ilvl": lambda reader, number: reader.set_paragraph(list_level=min(number or 0, 8)),
    "outlinelevel": lambda reader, number: reader.set_paragraph(
        heading_level=min((number or 0) + 1, 6) if (number or 0) < 9 else 0
    ),
    "cell": lambda reader, number: reader.end_cell(),
    "row": lambda reader, number: reader.end_row(),
}


def _render_paragraph(inner: str, paragraph: RtfParagraph) -> str:
    if paragraph.heading_level:
        return f"<h{paragraph.heading_level}>{inner}</h{paragraph.heading_level}>\n"
    marker = html.escape(_join_surrogates(paragraph.marker).strip(), quote=False)
    if not marker:
        return f"<p>{inner}</p>\n"
    return (
        f'<p style="mso-list:l0 level{paragraph.list_level + 1} lfo1">'
        f'<span style="mso-list:Ignore">{marker}</span>{inner}</p>\n'
    )


def _join_surrogates(text: str) -> str:
    """Join the two halves in which RTF writes letters such as 😀."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
