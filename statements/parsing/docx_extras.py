"""What stands in a .docx beside the words: comments, tracked changes, notes, tables, pictures.

`survey` looks at the XML itself, because the converter drops these without a word.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from statements.parsing.docx_package import DOCUMENT_PART, PASTE_HINT, DocxPackage
from statements.parsing.draft import ParseError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Documents saved as "Strict Open XML" say the same under another name.
STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL_NAMESPACE = W[1:-1].encode()
CHOICE_TAG = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
RELATIONSHIP_TAG = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAX_TABLES = 500
MAX_PARAGRAPHS = 5_000
"""A book; reading takes time that grows with the square of them."""
MAX_ELEMENTS = 400_000
DELETED_TAGS = (f"{W}del", f"{W}moveFrom")
HEADER_OR_FOOTER = re.compile(r"word/(header|footer)\d*\.xml")


@dataclass
class DocxExtras:
    """Sentences, and words that belong to no passage with the reason."""

    messages: list[str] = field(default_factory=list)
    leftovers: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)  # as the page shows them
    changed_by: dict[str, Counter] = field(default_factory=dict)


def collect_extras(package: DocxPackage) -> DocxExtras:
    """All that a person should know about. Raises Unreadable for what is broken or too much."""
    found = DocxExtras()
    body = _parse_xml(package.parts[DOCUMENT_PART])
    _refuse_oversized(body)
    found.paragraphs = [text for text in _iter_paragraphs(body) if text]
    _collect_tracked_changes(body, found)
    _collect_comments(package, found)
    _collect_notes(package, body, found)
    _collect_headers_and_footers(package, found)
    _collect_tables_and_boxes(body, found)
    _collect_pictures(package, body, found)
    _collect_dropped_formatting(body, found)
    return found


def _parse_xml(data: bytes) -> ET.Element:
    try:
        # Entities and document types were refused by now.
        return ET.fromstring(data.replace(STRICT_NAMESPACE, TRANSITIONAL_NAMESPACE))  # noqa: S314
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
        raise ParseError(
            f"The document is damaged: its words cannot be read. Save it again in Word. {PASTE_HINT}"
        ) from error


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
    """Text that shows; `inner` walks into paragraphs that stand within this one."""
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
    """The words of all its paragraphs, on one line."""
    parts = [text for text in _iter_paragraphs(element) if text]
    return " ".join(parts or ["".join(_iter_text(element)).strip()])


def _format_count(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"


def _format_authors(names: Counter) -> str:
    people = list(names)
    known = ", ".join(people[:5]) + (" and others" if len(people) > 5 else "")
    return f" (by {known})" if known else ""


def _count_authors(elements: list[ET.Element]) -> Counter:
    return Counter(name for one in elements if (name := (one.get(f"{W}author") or "").strip()))


def _collect_tracked_changes(body: ET.Element, found: DocxExtras) -> None:
    added = [one for tag in ("ins", "moveTo") for one in body.iter(W + tag)]
    gone = [one for tag in DELETED_TAGS for one in body.iter(tag)]
    added = [one for one in added if "".join(_iter_text(one)).strip()]
    gone = [one for one in gone if "".join(_iter_text(one)).strip()]
    if added:
        were = "was" if len(added) == 1 else "were"
        found.messages.append(
            f"{_format_count(len(added), 'tracked insertion')}{_format_authors(_count_authors(added))} {were} taken as "
            "accepted."
        )
    if gone:
        were = "was" if len(gone) == 1 else "were"
        found.messages.append(
            f"{_format_count(len(gone), 'tracked deletion')}{_format_authors(_count_authors(gone))} {were} carried out; "
            "the words are under “Left over”."
        )
    for one in gone:
        who = (one.get(f"{W}author") or "").strip() or "somebody"
        found.leftovers.append(
            ("".join(_iter_text(one)).strip(), f"It was deleted by {who} as a tracked change.")
        )


def _collect_comments(package: DocxPackage, found: DocxExtras) -> None:
    if "word/comments.xml" not in package:
        return
    comments = list(_parse_xml(package.parts["word/comments.xml"]).iter(f"{W}comment"))
    comments = [one for one in comments if _join_text(one)]
    for one in comments:
        who = (one.get(f"{W}author") or "").strip() or "somebody"
        found.leftovers.append((_join_text(one), f"A comment by {who}, never published."))
    if comments:
        were = "was" if len(comments) == 1 else "were"
        found.messages.append(
            f"{_format_count(len(comments), 'comment')}{_format_authors(_count_authors(comments))} {were} taken out of the "
            "words and kept under “Left over”."
        )


def _collect_notes(package: DocxPackage, body: ET.Element, found: DocxExtras) -> None:
    for kind in ("footnote", "endnote"):
        name = f"word/{kind}s.xml"
        used = [one.get(f"{W}id") for one in body.iter(f"{W}{kind}Reference")]
        if name not in package:
            continue
        notes = {one.get(f"{W}id"): _join_text(one) for one in _parse_xml(package.parts[name])}
        kept = [(number, notes.get(key, "")) for number, key in enumerate(used, 1)]
        for number, text in kept:
            if text:
                found.leftovers.append((text, f"It was {kind} {number}."))
        if kept:
            were = "was" if len(kept) == 1 else "were"
            found.messages.append(
                f"{_format_count(len(kept), kind)} {were} taken out of the words and kept under “Left "
                "over”: put into the notes to editors what readers need."
            )


def _collect_headers_and_footers(package: DocxPackage, found: DocxExtras) -> None:
    seen: dict[str, str] = {}
    for name, data in package.parts.items():
        if (match := HEADER_OR_FOOTER.fullmatch(name)) and (text := _join_text(_parse_xml(data))):
            seen.setdefault(text, match[1])
    for text, kind in seen.items():
        found.leftovers.append((text, f"It was the {kind} of each page."))
    if seen:
        found.messages.append(
            "Headers and footers of the pages were left out; their words are under “Left over”."
        )


def _collect_tables_and_boxes(body: ET.Element, found: DocxExtras) -> None:
    tables = sum(1 for _ in body.iter(f"{W}tbl"))
    if tables:
        found.messages.append(
            f"{_format_count(tables, 'table')} became plain paragraphs, one for each cell: read "
            "them again."
        )
    boxes = sum(1 for one in _iter_outside_choice(body) if one.tag == f"{W}txbxContent")
    if boxes:
        found.messages.append(
            f"The words of {_format_count(boxes, 'text box', 'text boxes')} were put among the others: "
            "see that they are in the right place."
        )


def _iter_outside_choice(element: ET.Element) -> Iterator[ET.Element]:
    """Word writes a drawing twice, for new and for old readers; the old one is read."""
    for child in element:
        if child.tag != CHOICE_TAG:
            yield child
            yield from _iter_outside_choice(child)


def _collect_pictures(package: DocxPackage, body: ET.Element, found: DocxExtras) -> None:
    shown = sum(
        1
        for one in _iter_outside_choice(body)
        if one.tag.rpartition("}")[2] in ("blip", "imagedata")
    )
    relations = _parse_xml(package.parts.get("word/_rels/document.xml.rels", b"<none/>"))
    outside = [
        one.get("Target", "")
        for one in relations.iter(RELATIONSHIP_TAG)
        if one.get("TargetMode") == "External" and one.get("Type", "").endswith("/image")
    ]
    if number := max(shown, len(outside)):
        were, them = ("was", "it") if number == 1 else ("were", "them")
        found.messages.append(
            f"{_format_count(number, 'picture')} {were} left out: attach {them} to the statement, with a "
            "description."
        )
    for address in outside:
        found.messages.append(f"The picture at {address[:200]} was not fetched.")
    objects = sum(
        1
        for one in _iter_outside_choice(body)
        if one.tag.rpartition("}")[2] in ("OLEObject", "chart")
    )
    if objects:
        found.messages.append(f"{_format_count(objects, 'embedded object')} could not be kept.")
    formulas = sum(1 for one in body.iter() if one.tag.endswith("/math}oMath"))
    if formulas:
        found.messages.append(
            f"{_format_count(formulas, 'formula', 'formulas')} could not be kept."
        )


DROPPED_FORMATTING = {
    "u": "underlining",
    "strike": "struck-through words, which are plain words now",
    "highlight": "highlighting",
    "vanish": "hidden words, which show now",
    "caps": "small or full capitals",
    "smallCaps": "small or full capitals",
    "color": "colours",
}


def _collect_dropped_formatting(body: ET.Element, found: DocxExtras) -> None:
    dropped = []
    for properties in body.iter(f"{W}rPr"):
        for child in properties:
            what = DROPPED_FORMATTING.get(child.tag.removeprefix(W))
            if what and child.get(f"{W}val") not in ("none", "0", "false", "auto", "000000"):
                dropped.append(what)
    if dropped:
        listed = "; ".join(dict.fromkeys(dropped))
        found.messages.append(
            f"The page has no place for these looks, and they were dropped: {listed}."
        )
