"""What stands in a .docx beside the words: comments, tracked changes, notes, tables, pictures.

`survey` looks at the XML itself, because the converter drops these without a word.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from statements.parsing.docx_package import DOCUMENT, PASTE, Package
from statements.parsing.draft import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Documents saved as "Strict Open XML" say the same under another name.
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
USUAL = W[1:-1].encode()
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MOST_TABLES = 500
MOST_PARAGRAPHS = 5_000
"""A book; reading takes time that grows with the square of them."""
MOST_ELEMENTS = 400_000
GONE = (f"{W}del", f"{W}moveFrom")
MARGINS = re.compile(r"word/(header|footer)\d*\.xml")


@dataclass
class Survey:
    """Sentences, and words that belong to no passage with the reason."""

    told: list[str] = field(default_factory=list)
    left_over: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)  # as the page shows them
    changed_by: dict[str, Counter] = field(default_factory=dict)


def survey(package: Package) -> Survey:
    """All that a person should know about. Raises Unreadable for what is broken or too much."""
    found = Survey()
    body = _tree(package.parts[DOCUMENT])
    _refuse_much(body)
    found.paragraphs = [text for text in _paragraphs(body) if text]
    _tracked(body, found)
    _comments(package, found)
    _notes(package, body, found)
    _margins(package, found)
    _tables_and_boxes(body, found)
    _pictures(package, body, found)
    _looks(body, found)
    return found


def _tree(data: bytes) -> ET.Element:
    try:
        # Entities and document types were refused by now.
        return ET.fromstring(data.replace(STRICT, USUAL))  # noqa: S314
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
        raise Unreadable(
            f"The document is damaged: its words cannot be read. Save it again in Word. {PASTE}"
        ) from error


def _refuse_much(body: ET.Element) -> None:
    tables = elements = paragraphs = 0
    for element in body.iter():
        elements += 1
        tables += element.tag == f"{W}tbl"
        paragraphs += element.tag == f"{W}p"
    if tables > MOST_TABLES:
        raise Unreadable(
            f"The document has {tables:,} tables, and the limit is {MOST_TABLES}. {PASTE}"
        )
    if paragraphs > MOST_PARAGRAPHS:
        raise Unreadable(
            f"The document has {paragraphs:,} paragraphs, and the limit is {MOST_PARAGRAPHS:,}. "
            f"{PASTE}"
        )
    if elements > MOST_ELEMENTS:
        raise Unreadable(
            f"The document is made of {elements:,} pieces, and the limit is {MOST_ELEMENTS:,}. "
            f"{PASTE}"
        )


def _paragraphs(root: ET.Element) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        yield "".join(_words(paragraph, inner=False)).strip()


def _words(element: ET.Element, *, inner: bool = True) -> Iterator[str]:
    """Text that shows; `inner` walks into paragraphs that stand within this one."""
    for child in element:
        if child.tag in GONE or child.tag == CHOICE or (not inner and child.tag == f"{W}p"):
            continue
        if child.tag in (f"{W}t", f"{W}delText"):
            yield child.text or ""
        elif child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            yield " "
        else:
            yield from _words(child, inner=inner)


def _text(element: ET.Element) -> str:
    """The words of all its paragraphs, on one line."""
    parts = [text for text in _paragraphs(element) if text]
    return " ".join(parts or ["".join(_words(element)).strip()])


def _count(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"


def _by(names: Counter) -> str:
    people = list(names)
    known = ", ".join(people[:5]) + (" and others" if len(people) > 5 else "")
    return f" (by {known})" if known else ""


def _authors(elements: list[ET.Element]) -> Counter:
    return Counter(name for one in elements if (name := (one.get(f"{W}author") or "").strip()))


def _tracked(body: ET.Element, found: Survey) -> None:
    added = [one for tag in ("ins", "moveTo") for one in body.iter(W + tag)]
    gone = [one for tag in GONE for one in body.iter(tag)]
    added = [one for one in added if "".join(_words(one)).strip()]
    gone = [one for one in gone if "".join(_words(one)).strip()]
    if added:
        were = "was" if len(added) == 1 else "were"
        found.told.append(
            f"{_count(len(added), 'tracked insertion')}{_by(_authors(added))} {were} taken as "
            "accepted."
        )
    if gone:
        were = "was" if len(gone) == 1 else "were"
        found.told.append(
            f"{_count(len(gone), 'tracked deletion')}{_by(_authors(gone))} {were} carried out; "
            "the words are under “Left over”."
        )
    for one in gone:
        who = (one.get(f"{W}author") or "").strip() or "somebody"
        found.left_over.append(
            ("".join(_words(one)).strip(), f"It was deleted by {who} as a tracked change.")
        )


def _comments(package: Package, found: Survey) -> None:
    if "word/comments.xml" not in package:
        return
    comments = list(_tree(package.parts["word/comments.xml"]).iter(f"{W}comment"))
    comments = [one for one in comments if _text(one)]
    for one in comments:
        who = (one.get(f"{W}author") or "").strip() or "somebody"
        found.left_over.append((_text(one), f"A comment by {who}, never published."))
    if comments:
        were = "was" if len(comments) == 1 else "were"
        found.told.append(
            f"{_count(len(comments), 'comment')}{_by(_authors(comments))} {were} taken out of the "
            "words and kept under “Left over”."
        )


def _notes(package: Package, body: ET.Element, found: Survey) -> None:
    for kind in ("footnote", "endnote"):
        name = f"word/{kind}s.xml"
        used = [one.get(f"{W}id") for one in body.iter(f"{W}{kind}Reference")]
        if name not in package:
            continue
        notes = {one.get(f"{W}id"): _text(one) for one in _tree(package.parts[name])}
        kept = [(number, notes.get(key, "")) for number, key in enumerate(used, 1)]
        for number, text in kept:
            if text:
                found.left_over.append((text, f"It was {kind} {number}."))
        if kept:
            were = "was" if len(kept) == 1 else "were"
            found.told.append(
                f"{_count(len(kept), kind)} {were} taken out of the words and kept under “Left "
                "over”: put into the notes to editors what readers need."
            )


def _margins(package: Package, found: Survey) -> None:
    seen: dict[str, str] = {}
    for name, data in package.parts.items():
        if (match := MARGINS.fullmatch(name)) and (text := _text(_tree(data))):
            seen.setdefault(text, match[1])
    for text, kind in seen.items():
        found.left_over.append((text, f"It was the {kind} of each page."))
    if seen:
        found.told.append(
            "Headers and footers of the pages were left out; their words are under “Left over”."
        )


def _tables_and_boxes(body: ET.Element, found: Survey) -> None:
    tables = sum(1 for _ in body.iter(f"{W}tbl"))
    if tables:
        found.told.append(
            f"{_count(tables, 'table')} became plain paragraphs, one for each cell: read "
            "them again."
        )
    boxes = sum(1 for one in _outside_choice(body) if one.tag == f"{W}txbxContent")
    if boxes:
        found.told.append(
            f"The words of {_count(boxes, 'text box', 'text boxes')} were put among the others: "
            "see that they are in the right place."
        )


def _outside_choice(element: ET.Element) -> Iterator[ET.Element]:
    """Word writes a drawing twice, for new and for old readers; the old one is read."""
    for child in element:
        if child.tag != CHOICE:
            yield child
            yield from _outside_choice(child)


def _pictures(package: Package, body: ET.Element, found: Survey) -> None:
    shown = sum(
        1 for one in _outside_choice(body) if one.tag.rpartition("}")[2] in ("blip", "imagedata")
    )
    relations = _tree(package.parts.get("word/_rels/document.xml.rels", b"<none/>"))
    outside = [
        one.get("Target", "")
        for one in relations.iter(REL)
        if one.get("TargetMode") == "External" and one.get("Type", "").endswith("/image")
    ]
    if number := max(shown, len(outside)):
        were, them = ("was", "it") if number == 1 else ("were", "them")
        found.told.append(
            f"{_count(number, 'picture')} {were} left out: attach {them} to the statement, with a "
            "description."
        )
    for address in outside:
        found.told.append(f"The picture at {address[:200]} was not fetched.")
    objects = sum(
        1 for one in _outside_choice(body) if one.tag.rpartition("}")[2] in ("OLEObject", "chart")
    )
    if objects:
        found.told.append(f"{_count(objects, 'embedded object')} could not be kept.")
    formulas = sum(1 for one in body.iter() if one.tag.endswith("/math}oMath"))
    if formulas:
        found.told.append(f"{_count(formulas, 'formula', 'formulas')} could not be kept.")


LOOKS = {
    "u": "underlining",
    "strike": "struck-through words, which are plain words now",
    "highlight": "highlighting",
    "vanish": "hidden words, which show now",
    "caps": "small or full capitals",
    "smallCaps": "small or full capitals",
    "color": "colours",
}


def _looks(body: ET.Element, found: Survey) -> None:
    dropped = []
    for properties in body.iter(f"{W}rPr"):
        for child in properties:
            what = LOOKS.get(child.tag.removeprefix(W))
            if what and child.get(f"{W}val") not in ("none", "0", "false", "auto", "000000"):
                dropped.append(what)
    if dropped:
        listed = "; ".join(dict.fromkeys(dropped))
        found.told.append(
            f"The page has no place for these looks, and they were dropped: {listed}."
        )
