"""Collect comments, tracked changes, notes, tables and pictures of a .docx.

`collect_extras` reads the XML, because the converter drops these without notice.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from statements.parsing.docx_xml import W, parse_xml
from statements.parsing.draft import ParseError
from statements.parsing.wording import describe_tables, format_authors, format_count
from statements.parsing.zip_package import DOCUMENT_PART, PASTE_HINT, ZipPackage

CHOICE_TAG = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
RELATIONSHIP_TAG = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAX_TABLES = 500
MAX_PARAGRAPHS = 5_000
"""Parsing time grows with the square of this number."""
MAX_ELEMENTS = 400_000
DELETED_TAGS = (f"{W}del", f"{W}moveFrom")
HEADER_OR_FOOTER = re.compile(r"word/(header|footer)\d*\.xml")


@dataclass
class DocxExtras:
    """Messages, and texts that belong to no passage, each with the reason."""

    messages: list[str] = field(default_factory=list)
    leftovers: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)  # as the page shows them


def parse_body(package: ZipPackage) -> ET.Element:
    """Return the words of a document. Raises ParseError if they are damaged or too many."""
    body = parse_xml(package.parts[DOCUMENT_PART])
    _refuse_oversized(body)
    return body


def collect_extras(package: ZipPackage, body: ET.Element) -> DocxExtras:
    """Return the extras of a document whose unseen words were removed. Raises ParseError."""
    extras = DocxExtras()
    extras.paragraphs = [text for text in _iter_paragraphs(body) if text]
    _collect_tracked_changes(body, extras)
    _collect_comments(package, extras)
    _collect_notes(package, body, extras)
    _collect_headers_and_footers(package, extras)
    _collect_tables_and_boxes(body, extras)
    _collect_pictures(package, body, extras)
    _collect_dropped_formatting(body, extras)
    return extras


def _refuse_oversized(body: ET.Element) -> None:
    tables = elements = paragraphs = 0
    for element in body.iter():
        elements += 1
        tables += element.tag == f"{W}tbl"
        paragraphs += element.tag == f"{W}p"
    if tables > MAX_TABLES:
        raise ParseError(
            f"The document has {tables:,} tables, and the limit is {MAX_TABLES}. {PASTE_HINT}"
        )
    if paragraphs > MAX_PARAGRAPHS:
        raise ParseError(
            f"The document has {paragraphs:,} paragraphs, and the limit is {MAX_PARAGRAPHS:,}. "
            f"{PASTE_HINT}"
        )
    if elements > MAX_ELEMENTS:
        raise ParseError(
            f"The document is made of {elements:,} pieces, and the limit is {MAX_ELEMENTS:,}. "
            f"{PASTE_HINT}"
        )


def _iter_paragraphs(root: ET.Element) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        yield "".join(_iter_text(paragraph, inner=False)).strip()


def _iter_text(element: ET.Element, *, inner: bool = True) -> Iterator[str]:
    """Yield the visible text; `inner` includes paragraphs within the element."""
    for child in element:
        if (
            child.tag in DELETED_TAGS
            or child.tag == CHOICE_TAG
            or (not inner and child.tag == f"{W}p")
        ):
            continue
        if child.tag in (f"{W}t", f"{W}delText"):
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            yield " "
        else:
            yield from _iter_text(child, inner=inner)


def _join_text(element: ET.Element) -> str:
    parts = [text for text in _iter_paragraphs(element) if text]
    return " ".join(parts or ["".join(_iter_text(element)).strip()])


def _count_authors(elements: list[ET.Element]) -> Counter[str]:
    return Counter(
        name for element in elements if (name := (element.get(f"{W}author") or "").strip())
    )


def _collect_tracked_changes(body: ET.Element, extras: DocxExtras) -> None:
    added = [element for tag in ("ins", "moveTo") for element in body.iter(W + tag)]
    deleted = [element for tag in DELETED_TAGS for element in body.iter(tag)]
    added = [element for element in added if "".join(_iter_text(element)).strip()]
    deleted = [element for element in deleted if "".join(_iter_text(element)).strip()]
    if added:
        were = "was" if len(added) == 1 else "were"
        extras.messages.append(
            f"{format_count(len(added), 'tracked insertion')}"
            f"{format_authors(_count_authors(added))} {were} taken as accepted."
        )
    if deleted:
        were = "was" if len(deleted) == 1 else "were"
        extras.messages.append(
            f"{format_count(len(deleted), 'tracked deletion')}"
            f"{format_authors(_count_authors(deleted))} {were} carried out; the words are under "
            "“Left out of the draft”."
        )
    for element in deleted:
        author = (element.get(f"{W}author") or "").strip() or "somebody"
        extras.leftovers.append(
            (
                "".join(_iter_text(element)).strip(),
                f"It was deleted by {author} as a tracked change.",
            )
        )


def _collect_comments(package: ZipPackage, extras: DocxExtras) -> None:
    if "word/comments.xml" not in package:
        return
    comments = list(parse_xml(package.parts["word/comments.xml"]).iter(f"{W}comment"))
    comments = [element for element in comments if _join_text(element)]
    for element in comments:
        author = (element.get(f"{W}author") or "").strip() or "somebody"
        extras.leftovers.append((_join_text(element), f"A comment by {author}, never published."))
    if comments:
        were = "was" if len(comments) == 1 else "were"
        extras.messages.append(
            f"{format_count(len(comments), 'comment')}{format_authors(_count_authors(comments))} "
            f"{were} taken out of the words and kept under “Left out of the draft”."
        )


def _collect_notes(package: ZipPackage, body: ET.Element, extras: DocxExtras) -> None:
    for kind in ("footnote", "endnote"):
        name = f"word/{kind}s.xml"
        used = [element.get(f"{W}id") for element in body.iter(f"{W}{kind}Reference")]
        if name not in package:
            continue
        notes = {
            element.get(f"{W}id"): _join_text(element) for element in parse_xml(package.parts[name])
        }
        texts = [(number, notes.get(key, "")) for number, key in enumerate(used, 1)]
        for number, text in texts:
            if text:
                extras.leftovers.append((text, f"It was {kind} {number}."))
        if texts:
            were = "was" if len(texts) == 1 else "were"
            extras.messages.append(
                f"{format_count(len(texts), kind)} {were} taken out of the words and kept under "
                "“Left out of the draft”: put into the notes to editors what readers need."
            )


def _collect_headers_and_footers(package: ZipPackage, extras: DocxExtras) -> None:
    seen: dict[str, str] = {}
    for name, data in package.parts.items():
        if (match := HEADER_OR_FOOTER.fullmatch(name)) and (text := _join_text(parse_xml(data))):
            seen.setdefault(text, match[1])
    for text, kind in seen.items():
        extras.leftovers.append((text, f"It was the {kind} of each page."))
    if seen:
        extras.messages.append(
            "Headers and footers of the pages were left out; their words are under “Left out of "
            "the draft”."
        )


def _collect_tables_and_boxes(body: ET.Element, extras: DocxExtras) -> None:
    tables = sum(1 for _ in body.iter(f"{W}tbl"))
    extras.messages += describe_tables(tables)
    boxes = sum(1 for element in _iter_outside_choice(body) if element.tag == f"{W}txbxContent")
    if boxes:
        extras.messages.append(
            f"The words of {format_count(boxes, 'text box', 'text boxes')} were put among the "
            "others: see that they are in the right place."
        )


def _iter_outside_choice(element: ET.Element) -> Iterator[ET.Element]:
    """Yield elements outside mc:Choice: Word writes each drawing twice."""
    for child in element:
        if child.tag != CHOICE_TAG:
            yield child
            yield from _iter_outside_choice(child)


def _collect_pictures(package: ZipPackage, body: ET.Element, extras: DocxExtras) -> None:
    shown_count = sum(
        1
        for element in _iter_outside_choice(body)
        if element.tag.rpartition("}")[2] in ("blip", "imagedata")
    )
    relations = parse_xml(package.parts.get("word/_rels/document.xml.rels", b"<none/>"))
    external = [
        element.get("Target", "")
        for element in relations.iter(RELATIONSHIP_TAG)
        if element.get("TargetMode") == "External" and element.get("Type", "").endswith("/image")
    ]
    if count := max(shown_count, len(external)):
        were, them = ("was", "it") if count == 1 else ("were", "them")
        extras.messages.append(
            f"{format_count(count, 'picture')} {were} left out: attach {them} to the statement, "
            "with a description."
        )
    for address in external:
        extras.messages.append(f"The picture at {address[:200]} was not fetched.")
    object_count = sum(
        1
        for element in _iter_outside_choice(body)
        if element.tag.rpartition("}")[2] in ("OLEObject", "chart")
    )
    if object_count:
        extras.messages.append(
            f"{format_count(object_count, 'embedded object')} could not be kept."
        )
    formula_count = sum(1 for element in body.iter() if element.tag.endswith("/math}oMath"))
    if formula_count:
        extras.messages.append(
            f"{format_count(formula_count, 'formula', 'formulas')} could not be kept."
        )


DROPPED_FORMATTING = {
    "u": "underlining",
    "highlight": "highlighting",
    "caps": "small or full capitals",
    "smallCaps": "small or full capitals",
    "color": "colours",
}


def _collect_dropped_formatting(body: ET.Element, extras: DocxExtras) -> None:
    dropped = []
    for properties in body.iter(f"{W}rPr"):
        for child in properties:
            label = DROPPED_FORMATTING.get(child.tag.removeprefix(W))
            if label and child.get(f"{W}val") not in ("none", "0", "false", "auto", "000000"):
                dropped.append(label)
    if dropped:
        listed = "; ".join(dict.fromkeys(dropped))
        extras.messages.append(
            f"The page has no place for these looks, and they were dropped: {listed}."
        )
