"""Clean HTML -> paragraphs for the same reading as text, each with its links and emphasis kept."""

import html
import re
from dataclasses import dataclass

from statements.content import html as content_html
from statements.parsing.draft import Draft, ParseError
from statements.parsing.paragraphs import Paragraph
from statements.parsing.text import parse_paragraphs

HEADING = re.compile(r"(<h[1-6]\b[^>]*>.*?</h[1-6]>)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"(<[^>]*>)")
ITEM_TAG = re.compile(r"<li>|</?(?:ul|ol)>|</?p>")
SKIPPABLE_MARKS = '"“”„«»'


@dataclass(frozen=True)
class HtmlParagraph(Paragraph):
    """A paragraph or list that came as canonical HTML; `lines` is its text."""

    html: str = ""
    from_heading: bool = False

    @property
    def is_list(self) -> bool:
        return not self.html.startswith("<p>")

    @property
    def is_numbered(self) -> bool:
        return self.html.startswith("<ol>")

    def render_block(self, *, keep_lines: bool = False) -> str:
        return self.html

    def render_part(self, text: str) -> str:
        return cut_block(self.html, text)

    @property
    def is_heading(self) -> bool:
        return self.from_heading

    def render_without_closing(self, last: str) -> str:
        """A list keeps its items; of a paragraph, `last` is all its text."""
        if not self.is_list:
            return self.render_part(last)
        return cut_block(self.html, " ".join([*self.lines[:-1], last]))


def split_html_paragraphs(source: str) -> list[Paragraph]:
    """The blocks of any HTML as paragraphs; headings know that they are."""
    found: list[Paragraph] = []
    for piece in HEADING.split(source):
        heading = bool(HEADING.fullmatch(piece))
        found += [
            HtmlParagraph(tuple(_split_lines(block)), html=block, from_heading=heading)
            for block in content_html.clean_blocks(piece)
        ]
    return found


def parse_html(source: str, notices: list[str] | None = None) -> Draft:
    """A whole document. Raises Unreadable when there is no word in it."""
    paragraphs = split_html_paragraphs(source)
    if not any(char.isalnum() for one in paragraphs for char in one.text):
        raise ParseError("The document is empty: there is not one word in it.")
    return parse_paragraphs(paragraphs, notices)


def _split_lines(block: str) -> list[str]:
    pieces = ITEM_TAG.sub("\n", block) if not block.startswith("<p>") else block
    text = html.unescape(TAG.sub("", pieces.replace("<br>", "\n")))
    lines = [
        line for part in text.split("\n") if (line := content_html.collapse_spaces(part).strip())
    ]
    return lines or [""]


def cut_block(block: str, text: str) -> str:
    """The block cut down to this text, which is its own but for marks and spaces; tags stay.

    Plain when the text is another.
    """
    if block.count("<") == 2:  # a paragraph without a tag in it
        return content_html.make_paragraph(text)
    tokens, wanted = TAG.split(block), [char for char in text if not char.isspace()]
    at = 0
    for i in range(0, len(tokens), 2):
        kept = []
        for char in html.unescape(tokens[i]):
            if char.isspace():
                kept.append(char)
            elif at < len(wanted) and char == wanted[at]:
                kept.append(char)
                at += 1
            elif char not in SKIPPABLE_MARKS:
                return content_html.make_paragraph(text)
        tokens[i] = html.escape("".join(kept), quote=False)
    if at < len(wanted):
        return content_html.make_paragraph(text)
    return "".join(content_html.clean_blocks("".join(tokens)))
