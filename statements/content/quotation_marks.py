"""Choose the quotation marks of a language, and tell opening from closing marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from statements.content.languages import base_language

# Characters that may come directly before an opening mark or after a closing one, like a space.
CHARS_BEFORE_OPENING = "([{<¡¿/–—-‘“„«‚'\""
CHARS_AFTER_CLOSING = ".,;:!?…)]}>/–—-’”»'\"،؛؟。"
# Words whose beginning is left out: Word turns their apostrophe into an opening mark.
ELISION = re.compile(r"\d|(?:til|tis|twas|twere|em|cause|cos|bout|round|n)\b", re.IGNORECASE)


@dataclass(frozen=True)
class QuotationMarks:
    """The outer and inner marks of a language, with the spaces that belong to them."""

    opening: str = "“"
    closing: str = "”"
    inner_opening: str = "‘"
    inner_closing: str = "’"


_GUILLEMETS = QuotationMarks("«", "»", "“", "”")
_LOW_HIGH = QuotationMarks("„", "“", "‚", "‘")
MARKS_BY_LANGUAGE = {
    "ar": _GUILLEMETS,
    "cs": _LOW_HIGH,
    "de": _LOW_HIGH,
    "es": _GUILLEMETS,
    "fa": _GUILLEMETS,
    "fr": QuotationMarks("«\u202f", "\u202f»", "“", "”"),
    "it": _GUILLEMETS,
    "pl": QuotationMarks("„", "”", "«", "»"),
    "pt": _GUILLEMETS,
    "ru": QuotationMarks("«", "»", "„", "“"),
    "sk": _LOW_HIGH,
    "uk": QuotationMarks("«", "»", "„", "“"),
}


def get_marks(language: str) -> QuotationMarks:
    """Return the marks of a BCP 47 language; English ones if it is not in the table."""
    return MARKS_BY_LANGUAGE.get(base_language(language), QuotationMarks())


@dataclass(frozen=True)
class DoubleMark:
    """A double quotation mark in a text."""

    position: int
    opens: bool
    depth: int  # how many quotations are open just after it


def find_double_marks(text: str, doubles: str = '"“”„«»', *, depth: int = 0) -> list[DoubleMark]:
    """Return every double quotation mark, with its direction.

    The place decides if it is clear (a space on one side, a letter on the other), so that mixed,
    straight and wrong marks are read as they were meant. Otherwise the character decides. Marks of
    inches and inside Hebrew words do not count.
    """
    marks: list[DoubleMark] = []
    open_marks = ["?"] * depth  # the character that opened each quotation
    for match in re.finditer(f"[{re.escape(doubles)}]", text):
        index, char = match.start(), match[0]
        opens = _detect_direction(text, index, bool(open_marks))
        if opens is None or (not opens and _is_inch(text, index, open_marks)):
            continue
        if opens:
            open_marks.append(char)
        elif open_marks:
            open_marks.pop()
        marks.append(DoubleMark(index, opens, len(open_marks)))
    return marks


def find_double_quoted(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the outer quotations in double marks, marks included.

    The end of a quotation that is not closed is after the text, because it may continue in the next
    paragraph.
    """
    start = None
    for mark in find_double_marks(text):
        if mark.opens and mark.depth == 1:
            start = mark.position
        elif start is not None and not mark.opens and mark.depth == 0:
            yield start, mark.position + 1
            start = None
    if start is not None:
        yield start, len(text) + 1


def _detect_direction(text: str, index: int, is_quotation_open: bool) -> bool | None:
    """Return True for an opening mark, False for a closing one, None for another sign."""
    char, before, after = text[index], text[index - 1 : index], text[index + 1 : index + 2]
    may_open = not before or before.isspace() or before in CHARS_BEFORE_OPENING
    may_close = not after or after.isspace() or after in CHARS_AFTER_CLOSING
    if may_open != may_close:
        return may_open
    if char == '"':
        return not is_quotation_open if may_open else None
    return char in "“„«"


def _is_inch(text: str, index: int, open_marks: list[str]) -> bool:
    """Tell 12" from a quotation: after a digit, a straight mark only closes a straight one.

    At the end of the text it closes any.
    """
    if text[index] != '"' or not text[index - 1 : index].isdigit():
        return False
    return not open_marks or (open_marks[-1] not in '"?' and index + 1 < len(text))


def apply_inner_marks(text: str, marks: QuotationMarks) -> list[str]:
    """Return the characters of a quoted text, with its double marks turned into inner ones.

    The list is as long as the text (an entry may have no or two characters), so that tags can be
    put back between them. Marks at deeper levels alternate. Apostrophes stay unchanged.
    """
    chars = list(text)
    doubles = {
        mark.position: mark.opens for mark in find_double_marks(text, _list_double_chars(marks))
    }
    if not doubles:  # single marks only matter for double ones inside them
        return chars
    open_marks: list[tuple[str, bool]] = []  # (double or single, written as outer mark)
    for index, char in enumerate(text):
        if index in doubles:
            outer = _update_open_marks(open_marks, doubles[index])
            _replace_mark(chars, index, _choose_glyph(marks, outer=outer, opens=doubles[index]))
        elif char == "‘" and _opens_single(text, index):
            open_marks.append(("single", False))
        elif (
            char == "’"
            and open_marks
            and open_marks[-1][0] == "single"
            and not text[index + 1 : index + 2].isalnum()
        ):
            open_marks.pop()
    return chars


def quote_headline(headline: object) -> str:
    """Return a headline in quotation marks, with its own marks turned into inner ones."""
    marks = QuotationMarks()
    return marks.opening + "".join(apply_inner_marks(str(headline), marks)) + marks.closing


def _list_double_chars(marks: QuotationMarks) -> str:
    return '"“”' + "".join(
        mark for mark in (marks.opening.strip(), marks.closing.strip()) if mark not in "“”"
    )


def _update_open_marks(open_marks: list[tuple[str, bool]], opens: bool) -> bool:
    """Update the stack of open quotations; tell whether this mark is written as an outer one."""
    if opens:
        outer = len(open_marks) % 2 == 1
        open_marks.append(("double", outer))
        return outer
    while open_marks:
        kind, outer = open_marks.pop()
        if kind == "double":
            return outer
    return False


def _opens_single(text: str, index: int) -> bool:
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    begins = not before or before.isspace() or before in CHARS_BEFORE_OPENING
    return begins and bool(after.strip()) and not ELISION.match(text, index + 1)


def _choose_glyph(marks: QuotationMarks, *, outer: bool, opens: bool) -> str:
    if outer:
        return marks.opening if opens else marks.closing
    return marks.inner_opening if opens else marks.inner_closing


def _replace_mark(chars: list[str], index: int, glyph: str) -> None:
    """Replace the mark, and remove the space inside of a guillemet that is replaced."""
    if chars[index] == "«" and glyph != "«" and "".join(chars[index + 1 : index + 2]).isspace():
        chars[index + 1] = ""
    if chars[index] == "»" and glyph != "»" and chars[index - 1].isspace() and index:
        chars[index - 1] = ""
    chars[index] = glyph
