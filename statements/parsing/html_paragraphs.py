"""Split clean HTML into paragraphs that keep links and emphasis, and parse them."""

import html
import re
from dataclasses import dataclass
from functools import cached_property

from statements.content import html as content_html
from statements.content.characters import collapse_spaces
from statements.content.scripts import format_script, write_scripts_as_text
from statements.content.tables import flatten_table, is_table_block
from statements.parsing.draft import Draft, ParseError
from statements.parsing.paragraphs import Paragraph
from statements.parsing.text import parse_paragraphs

TAG = re.compile(r"(<[^>]*>)")
LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
LINK_TO_FILE = re.compile(
    r'href="[^"?#]*\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|zip)["?#]', re.IGNORECASE
)
ITEM_TAG = re.compile(r"<li>|</?(?:ul|ol)\b[^>]*>|</?p>|</(?:caption|td|th)>")
MERGED_CELL = re.compile(r"<t[dh]\b[^<>]*\b(?:col|row)span=[\"']?0*(?:[2-9]|1\d)", re.IGNORECASE)
SKIPPABLE_MARKS = '"“”„«»'


@dataclass(frozen=True)
class HtmlParagraph(Paragraph):
    """A paragraph, list or table in canonical HTML; `lines` is its text, a line for each cell."""

    html: str = ""
    from_heading: bool = False
    from_quotation: int = 0

    @cached_property
    def is_list(self) -> bool:
        return not self.html.startswith("<p>")

    @property
    def is_numbered(self) -> bool:
        return self.html.startswith("<ol")

    def render_block(self, *, keep_lines: bool = False) -> str:
        return self.html

    def render_part(self, text: str) -> str:
        return cut_block(self.html, text)

    @property
    def is_heading(self) -> bool:
        return self.from_heading

    @property
    def has_link(self) -> bool:
        return "<a " in self.html

    @property
    def is_link(self) -> bool:
        if not self.has_link or LINK_TO_FILE.search(self.html):
            return False
        return not any(map(str.isalnum, html.unescape(TAG.sub("", LINK.sub("", self.html)))))

    @property
    def quotation_number(self) -> int:
        return self.from_quotation

    @property
    def is_table(self) -> bool:
        return is_table_block(self.html)

    def render_without_closing(self, last: str) -> str:
        """Return the block with `last` as its last line; a paragraph has no other line."""
        if not self.is_list:
            return self.render_part(last)
        return cut_block(self.html, " ".join([*self.lines[:-1], last]))


def split_html_paragraphs(source: str) -> list[Paragraph]:
    """Return the blocks of any HTML as paragraphs, and mark headings and block quotations."""
    return [
        _make_paragraph(
            block.html, is_heading=block.is_heading, quotation_number=block.quotation_number
        )
        for block in content_html.read_blocks(source)
    ]


def _make_paragraph(
    block: str, *, is_heading: bool = False, quotation_number: int = 0
) -> HtmlParagraph:
    return HtmlParagraph(
        tuple(_split_lines(block)),
        html=block,
        from_heading=is_heading,
        from_quotation=quotation_number,
    )


def describe_merged_cells(source: str) -> list[str]:
    """Return a message if a table of the HTML has cells over several rows or columns."""
    if not MERGED_CELL.search(source):
        return []
    return [
        "Cells of a table that were merged stand apart now: read the table again, above all its "
        "first row."
    ]


def _open_first_tables(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Make paragraphs of a table at the very top: it only places date, embargo or headline."""
    while isinstance(first := next(iter(paragraphs), None), HtmlParagraph) and is_table_block(
        first.html
    ):
        cells = [_make_paragraph(block) for block in flatten_table(first.html)]
        paragraphs = [*cells, *paragraphs[1:]]
    return paragraphs


def parse_html(source: str, messages: list[str] | None = None) -> Draft:
    """Parse a whole document. Raises ParseError if it has no words."""
    paragraphs = _open_first_tables(split_html_paragraphs(source))
    messages = [*(messages or []), *describe_merged_cells(source)]
    if not any(char.isalnum() for paragraph in paragraphs for char in paragraph.text):
        raise ParseError("The document is empty: there is not one word in it.")
    return parse_paragraphs(paragraphs, messages)


def _split_lines(block: str) -> list[str]:
    block = write_scripts_as_text(block)
    pieces = ITEM_TAG.sub("\n", block) if not block.startswith("<p>") else block
    text = html.unescape(TAG.sub("", pieces.replace("<br>", "\n")))
    lines = [line for part in text.split("\n") if (line := collapse_spaces(part).strip())]
    return lines or [""]


def cut_block(block: str, text: str) -> str:
    """Cut the block to this text, which may only lack quotation marks and spaces; keep tags.

    If the text is different, return a plain paragraph of it.
    """
    if block.count("<") == 2:  # a paragraph without a tag in it
        return content_html.make_paragraph(text)
    tokens, letters = TAG.split(block), [char for char in text if not char.isspace()]
    count = 0
    for i in range(0, len(tokens), 2):
        if i and (tag := tokens[i - 1]) in ("<sup>", "<sub>"):
            plain = format_script(tag[1:-1], html.unescape(tokens[i]), before=tokens[i - 2][-1:])
            script = [char for char in plain if not char.isspace()]
            if letters[count : count + len(script)] != script:
                return content_html.make_paragraph(text)
            count += len(script)
            continue
        chars = []
        for char in html.unescape(tokens[i]):
            if char.isspace():
                chars.append(char)
            elif count < len(letters) and char == letters[count]:
                chars.append(char)
                count += 1
            elif char not in SKIPPABLE_MARKS:
                return content_html.make_paragraph(text)
        tokens[i] = html.escape("".join(chars), quote=False)
    if count < len(letters):
        return content_html.make_paragraph(text)
    return "".join(content_html.clean_blocks("".join(tokens)))
