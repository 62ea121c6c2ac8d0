"""Quotation marks: which ones a language uses, and which way each typed one faces."""

import re
from dataclasses import dataclass

# What may stand straight before an opening mark and straight after a closing one, besides a space.
CHARS_BEFORE_OPENING = "([{<¡¿/–—-‘“„«‚'\""
CHARS_AFTER_CLOSING = ".,;:!?…)]}>/–—-’”»'\"،؛؟。"
# Words that lose their beginning: Word turns their apostrophe into an opening mark.
ELISION = re.compile(r"\d|(?:til|tis|twas|twere|em|cause|cos|bout|round|n)\b", re.IGNORECASE)


@dataclass(frozen=True)
class QuotationMarks:
    """Outer and inner marks, spaces that belong to them included."""

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
    """The marks of a BCP 47 language; those of English where we know no better."""
    return MARKS_BY_LANGUAGE.get(language.lower().partition("-")[0], QuotationMarks())


@dataclass(frozen=True)
class DoubleMark:
    """A double mark as it stands in a text."""

    position: int
    opens: bool
    depth: int  # how many quotations are open just after it


def find_double_marks(text: str, doubles: str = '"“”„«»', *, depth: int = 0) -> list[DoubleMark]:
    """Every double quotation mark and its direction; those of inches and in Hebrew words are none.

    Where the place is plain (a space on one side, a letter on the other) the place decides, so that
    mixed, straight and wrongly turned marks are read as they were meant; elsewhere the character
    does.
    """
    found: list[DoubleMark] = []
    pending = ["?"] * depth  # the character that opened each quotation
    for match in re.finditer(f"[{re.escape(doubles)}]", text):
        at, char = match.start(), match[0]
        opens = _detect_direction(text, at, bool(pending))
        if opens is None or (not opens and _is_inch(text, at, pending)):
            continue
        if opens:
            pending.append(char)
        elif pending:
            pending.pop()
        found.append(DoubleMark(at, opens, len(pending)))
    return found


def _detect_direction(text: str, at: int, pending: bool) -> bool | None:
    """True for an opening mark, False for a closing one, None for no quotation mark at all."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    may_open = not before or before.isspace() or before in CHARS_BEFORE_OPENING
    may_close = not after or after.isspace() or after in CHARS_AFTER_CLOSING
    if may_open != may_close:
        return may_open
    if char == '"':
        return not pending if may_open else None
    return char in "“„«"


def _is_inch(text: str, at: int, pending: list[str]) -> bool:
    """12" is a length: after a figure a straight mark closes only what a straight one opened.

    The last mark of a text closes it all the same.
    """
    if text[at] != '"' or not text[at - 1 : at].isdigit():
        return False
    return not pending or (pending[-1] not in '"?' and at + 1 < len(text))


def apply_inner_marks(text: str, marks: QuotationMarks) -> list[str]:
    """The characters of quoted words, with double marks among them turned to inner ones.

    The list is as long as the text (an entry may be empty or hold two), so that tags can be put
    back between. Marks inside a quotation within the quotation alternate again. Apostrophes stay
    what they are.
    """
    chars = list(text)
    doubles = {
        mark.position: mark.opens for mark in find_double_marks(text, _list_double_chars(marks))
    }
    if not doubles:  # single marks decide only how double ones among them are written
        return chars
    opened: list[tuple[str, bool]] = []  # (double or single, written as outer mark)
    for at, char in enumerate(text):
        if at in doubles:
            outer = _update_open_marks(opened, doubles[at])
            _replace_mark(chars, at, _choose_glyph(marks, outer=outer, opens=doubles[at]))
        elif char == "‘" and _opens_single(text, at):
            opened.append(("single", False))
        elif (
            char == "’"
            and opened
            and opened[-1][0] == "single"
            and not text[at + 1 : at + 2].isalnum()
        ):
            opened.pop()
    return chars


def quote_headline(headline: object) -> str:
    """A headline as a sentence of the newsdesk names it; marks of its own become inner ones."""
    marks = QuotationMarks()
    return marks.opening + "".join(apply_inner_marks(str(headline), marks)) + marks.closing


def _list_double_chars(marks: QuotationMarks) -> str:
    return '"“”' + "".join(
        mark for mark in (marks.opening.strip(), marks.closing.strip()) if mark not in "“”"
    )


def _update_open_marks(opened: list[tuple[str, bool]], opens: bool) -> bool:
    """Keep the stack of open quotations; say whether this mark is written as an outer one."""
    if opens:
        outer = len(opened) % 2 == 1
        opened.append(("double", outer))
        return outer
    while opened:
        kind, outer = opened.pop()
        if kind == "double":
            return outer
    return False


def _opens_single(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    begins = not before or before.isspace() or before in CHARS_BEFORE_OPENING
    return begins and bool(after.strip()) and not ELISION.match(text, at + 1)


def _choose_glyph(marks: QuotationMarks, *, outer: bool, opens: bool) -> str:
    if outer:
        return marks.opening if opens else marks.closing
    return marks.inner_opening if opens else marks.inner_closing


def _replace_mark(chars: list[str], at: int, glyph: str) -> None:
    """Write the mark; guillemets that go take along the spaces that stood inside them."""
    if chars[at] == "«" and glyph != "«" and "".join(chars[at + 1 : at + 2]).isspace():
        chars[at + 1] = ""
    if chars[at] == "»" and glyph != "»" and chars[at - 1].isspace() and at:
        chars[at - 1] = ""
    chars[at] = glyph
