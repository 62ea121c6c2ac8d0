"""Convert an OpenDocument text (.odt, .fodt) to HTML: words, lists, tables, links, emphasis.

An own small reader, because the libraries for the format write documents and give plain text: they
know neither 10⁶ from 106 nor a deleted word from one that stands.
"""

import html
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from statements.parsing.conversion import Conversion
from statements.parsing.draft import ParseError
from statements.parsing.odt_extras import INDEXED, OdtExtras
from statements.parsing.odt_styles import ListLevel, OdtStyles, TextLook, expand_name, to_number
from statements.parsing.wording import HIDDEN, STRUCK
from statements.parsing.zip_package import LOCKED_MESSAGE, PASTE_HINT, unpack_xml_parts

MAX_ELEMENTS = 400_000
MAX_PARAGRAPHS = 5_000
MAX_REPEATED_CELLS = 50
MAX_REPEATED_CHARS = 200
MAX_SPACES = 100
SKIPPED_TAGS = {
    expand_name(tag)
    for tag in (
        "text:tracked-changes", "text:sequence-decls", "text:variable-decls",
        "text:user-field-decls", "office:forms", "text:dde-connection-decls",
        "table:table-column", "table:table-columns",
        "text:alphabetical-index-mark", "text:toc-mark", "svg:title", "svg:desc", "text:script",
        "office:annotation-end", "table:table-header-columns",
    )
}  # fmt: skip
SPACES = {
    expand_name("text:s"): " ",
    expand_name("text:tab"): " ",
    expand_name("text:line-break"): "<br>",
}
INDEX_TAGS = {
    expand_name(f"text:{kind}")
    for kind in (
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
        "alphabetical-index", "bibliography",
    )
}  # fmt: skip


def convert_odt(raw: bytes) -> Conversion:
    """Return the HTML of an .odt. Raises ParseError."""
    package = unpack_xml_parts(raw, ("content.xml", "styles.xml"))
    content = package.parts.get("content.xml", b"")
    if "encrypted-package" in package.names or not content.lstrip(b"\xef\xbb\xbf \r\n").startswith(
        b"<"
    ):
        raise ParseError(LOCKED_MESSAGE)
    parts = [_parse_xml(content)]
    if "styles.xml" in package.parts:
        parts.append(_parse_xml(package.parts["styles.xml"]))
    return _convert_parts(parts)


def convert_flat_odt(raw: bytes) -> Conversion:
    """Return the HTML of an .fodt, which is one XML file. Raises ParseError."""
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ParseError(
            f"The document declares entities of its own. It was not read. {PASTE_HINT}"
        )
    return _convert_parts([_parse_xml(raw)])


def _parse_xml(data: bytes) -> ET.Element:
    try:
        return ET.fromstring(data)  # noqa: S314 - entities and document types were refused
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ParseError(
            "The document is damaged: its words cannot be read. Save it again in the program that "
            f"made it. {PASTE_HINT}"
        ) from error


def _convert_parts(parts: list[ET.Element]) -> Conversion:
    body = parts[0].find(f"{expand_name('office:body')}/{expand_name('office:text')}")
    if body is None:
        raise ParseError(f"The file is OpenDocument, but not a text. {PASTE_HINT}")
    _refuse_oversized(body)
    styles = OdtStyles()
    for part in parts:
        styles.read(part)
    extras = OdtExtras()
    for part in parts:
        extras.collect_headers_and_footers(part)
    extras.collect_tracked_changes(body)
    converted = "".join(_OdtConverter(styles, extras).convert_blocks(body))
    return Conversion(converted, extras.write_messages(), extras.leftovers)


def _refuse_oversized(body: ET.Element) -> None:
    elements = paragraphs = 0
    for element in body.iter():
        elements += 1
        paragraphs += element.tag == expand_name("text:p")
    if paragraphs > MAX_PARAGRAPHS or elements > MAX_ELEMENTS:
        raise ParseError(
            f"The document has {paragraphs:,} paragraphs in {elements:,} pieces, and the limits "
            f"are {MAX_PARAGRAPHS:,} and {MAX_ELEMENTS:,}. {PASTE_HINT}"
        )


class _OdtConverter:
    """Writes HTML block by block; what lies beside the words goes to the extras."""

    def __init__(self, styles: OdtStyles, extras: OdtExtras) -> None:
        self.styles, self.extras = styles, extras
        self._floating: list[str] = []  # blocks of text boxes, to follow their paragraph
        self._last_numbers: dict[tuple[str, int], int] = {}

    # --- Blocks ---

    def convert_blocks(self, parent: ET.Element) -> Iterator[str]:
        for element in parent:
            yield from self._convert_block(element)

    def _convert_block(self, element: ET.Element) -> Iterator[str]:
        if element.tag in SKIPPED_TAGS:
            return
        if element.tag in (expand_name("text:p"), expand_name("text:h")):
            yield from self._convert_paragraph(element)
        elif element.tag == expand_name("text:list"):
            yield from self._convert_list(element, style_name="", depth=1)
        elif element.tag == expand_name("table:table"):
            yield from self._convert_table(element)
        elif element.tag in INDEX_TAGS:
            self.extras.leave_over(element, INDEXED)
        elif element.get(expand_name("text:display")) == "none":
            self.extras.leave_over(element, HIDDEN)
        elif element.tag == expand_name("draw:text-box"):
            yield from self.convert_blocks(element)
        elif element.tag.startswith(expand_name("draw:")) or element.tag == expand_name(
            "office:annotation"
        ):
            self._convert_inline_child(element, TextLook())
            yield from self._take_floating()
        else:
            yield from self.convert_blocks(element)

    def _convert_paragraph(self, element: ET.Element) -> Iterator[str]:
        style_name = element.get(expand_name("text:style-name"), "")
        level = self.styles.find_heading_level(style_name)
        if element.tag == expand_name("text:h"):
            level = min(
                6, to_number(element.get(expand_name("text:outline-level"), ""), default=1) or 1
            )
        look = self.styles.find_look("paragraph", style_name, TextLook())
        if level:  # a heading is bold as such
            look = TextLook(struck=look.struck, hidden=look.hidden)
        inner = self._convert_inline(element, look)
        tag = f"h{level}" if level else "p"
        yield f"<{tag}>{inner}</{tag}>\n"
        yield from self._take_floating()

    def _take_floating(self) -> list[str]:
        blocks, self._floating = self._floating, []
        return blocks

    def _convert_list(self, element: ET.Element, *, style_name: str, depth: int) -> Iterator[str]:
        style_name = element.get(expand_name("text:style-name")) or style_name
        level = self.styles.find_list_level(style_name, depth)
        items = [child for child in element if child.tag == expand_name("text:list-item")]
        if items and all(_holds_headings(item) for item in items):
            for item in items:  # LibreOffice numbers headings by lists around them
                yield from self.convert_blocks(item)
            return
        start = self._find_start(element, items, level, (style_name, depth))
        yield _open_list(level, start)
        for child in element:
            inner = "".join(self._convert_item(child, style_name, depth))
            yield f"<li>{inner}</li>"
        yield f"</{level.tag}>\n"
        self._last_numbers[style_name, depth] = start + len(items) - 1

    def _convert_item(self, item: ET.Element, style_name: str, depth: int) -> Iterator[str]:
        for child in item:
            if child.tag == expand_name("text:list"):
                yield from self._convert_list(child, style_name=style_name, depth=depth + 1)
            else:
                yield from self._convert_block(child)

    def _find_start(
        self, element: ET.Element, items: list[ET.Element], level: ListLevel, key: tuple[str, int]
    ) -> int:
        if items and (value := items[0].get(expand_name("text:start-value"))):
            return to_number(value, default=level.start)
        continues = element.get(expand_name("text:continue-numbering")) == "true"
        if (
            continues or element.get(expand_name("text:continue-list"))
        ) and key in self._last_numbers:
            return self._last_numbers[key] + 1
        return level.start

    # --- Tables ---

    def _convert_table(self, table: ET.Element) -> Iterator[str]:
        self.extras.tables += 1
        yield "<table>"
        for row, is_header in _iter_rows(table, is_header=False):
            if row.get(expand_name("table:visibility")) in ("collapse", "filter"):
                self.extras.leave_over(row, "It was in a hidden row of a table.")
                continue
            yield f"<tr>{''.join(self._convert_cells(row, is_header=is_header))}</tr>"
        yield "</table>\n"

    def _convert_cells(self, row: ET.Element, *, is_header: bool) -> Iterator[str]:
        tag = "th" if is_header else "td"
        for cell in row:
            if cell.tag != expand_name("table:table-cell"):
                continue
            spans = "".join(
                f' {attribute}="{count}"'
                for attribute, source in (("colspan", "columns"), ("rowspan", "rows"))
                if (count := _get_count(cell, f"table:number-{source}-spanned")) > 1
            )
            inner = "".join(self.convert_blocks(cell))
            count = _get_count(cell, "table:number-columns-repeated")
            is_repeated = count <= MAX_REPEATED_CELLS and len(inner) <= MAX_REPEATED_CHARS
            yield f"<{tag}{spans}>{inner}</{tag}>" * (count if is_repeated else 1)

    # --- Inside a paragraph ---

    def _convert_inline(self, element: ET.Element, look: TextLook) -> str:
        parts = [self._convert_text(element.text, look)]
        for child in element:
            parts.append(self._convert_inline_child(child, look))
            parts.append(self._convert_text(child.tail, look))
        return "".join(parts)

    def _convert_text(self, text: str | None, look: TextLook) -> str:
        if not text:
            return ""
        if look.struck or look.hidden:
            self.extras.leave_over_text(text, STRUCK if look.struck else HIDDEN)
            return ""
        return look.wrap(html.escape(text, quote=False))

    def _convert_inline_child(self, child: ET.Element, look: TextLook) -> str:
        if child.tag in SKIPPED_TAGS:
            return ""
        if child.tag in SPACES:
            count = min(to_number(child.get(expand_name("text:c"), ""), default=1), MAX_SPACES)
            return SPACES[child.tag] * count
        if child.tag.startswith(expand_name("draw:")):
            return self._convert_drawing(child)
        if self._leave_out(child):
            return ""
        if child.tag == expand_name("text:span"):
            style_name = child.get(expand_name("text:style-name"), "")
            look = self.styles.find_look("text", style_name, look)
        inner = self._convert_inline(child, look)
        if child.tag == expand_name("text:a"):
            return f'<a href="{html.escape(child.get(expand_name("xlink:href"), ""))}">{inner}</a>'
        return f"({inner})" if child.tag == expand_name("text:ruby-text") else inner

    def _leave_out(self, child: ET.Element) -> bool:
        """Leave out what stands within a paragraph and is none of its words."""
        if child.tag == expand_name("text:note"):
            self.extras.collect_note(child)
        elif child.tag == expand_name("office:annotation"):
            self.extras.collect_comment(child)
        elif child.tag == expand_name("text:hidden-text"):
            self.extras.leave_over(child, HIDDEN)
        else:
            return False
        return True

    def _convert_drawing(self, drawing: ET.Element) -> str:
        """Put the words of boxes after the paragraph, and count pictures and objects."""
        tags = {element.tag for element in drawing.iter()}
        if tags & {expand_name("draw:object"), expand_name("draw:object-ole")}:
            self.extras.objects += 1
        elif expand_name("text:p") in tags:
            self.extras.boxes += 1
            outer, self._floating = self._floating, []
            blocks = list(self.convert_blocks(drawing))
            self._floating = [*outer, *blocks]
        elif expand_name("draw:image") in tags:
            self.extras.pictures += 1
        return ""


def _holds_headings(item: ET.Element) -> bool:
    return all(child.tag == expand_name("text:h") for child in item) and len(item) > 0


def _open_list(level: ListLevel, start: int) -> str:
    if level.tag == "ul":
        return "<ul>"
    kind = f' type="{level.kind}"' if level.kind not in ("", "1") else ""
    return f"<ol{kind}>" if start == 1 else f'<ol{kind} start="{start}">'


def _iter_rows(parent: ET.Element, *, is_header: bool) -> Iterator[tuple[ET.Element, bool]]:
    for child in parent:
        if child.tag == expand_name("table:table-row"):
            yield child, is_header
        elif child.tag == expand_name("table:table-header-rows"):
            yield from _iter_rows(child, is_header=True)
        elif child.tag in (expand_name("table:table-rows"), expand_name("table:table-row-group")):
            yield from _iter_rows(child, is_header=is_header)


def _get_count(cell: ET.Element, attribute: str) -> int:
    return to_number(cell.get(expand_name(attribute), ""), default=1)
