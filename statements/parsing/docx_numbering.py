"""Number the lists of a .docx as Word does: the converter only knows that they are lists.

Each numbered paragraph gets its number as a mark before its words. The converter keeps it as text,
and `write_list_numbers` turns it into the `value` and `type` of the item. A number that no list of
a web page shows, such as “Article 1” or “2.1”, becomes words.
"""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from statements.content.numbering import format_number
from statements.parsing.docx_styles import DocxStyles
from statements.parsing.docx_xml import W, parse_xml, read_switch, read_value
from statements.parsing.zip_package import ZipPackage

NUMBERING_PART = "word/numbering.xml"
MAX_LEVELS = 9
LIST_TYPES = {
    "decimal": "", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
}  # fmt: skip
MAX_LETTER = 27  # Word counts z, aa, bb, and web pages z, aa, ab
MAX_WORD_LETTER = 26 * 30  # Word repeats a letter thirty times at most
PLAIN_LABEL = re.compile(r"[(\[]?%\d[.):\]]{0,2}")
LEVEL_NUMBER = re.compile(r"%(\d)")
MARK_START, MARK_END = "\ue0f0", "\ue0f1"
MARK = re.compile(
    rf"(<li>)?((?:<(?:strong|em|p)>)*){MARK_START}([aAiI]?)\|(-?\d+)\|([^<{MARK_END}]*){MARK_END}"
)


@dataclass
class _Level:
    number_format: str = "decimal"
    start: int = 1
    label: str = ""
    restarts_after: int | None = None  # None: after any level above it
    is_legal: bool = False


@dataclass
class _Numbering:
    """The definitions of all lists: by `w:numId`, and by the id of what it is an instance of."""

    abstract_of: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # by w:numId
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)


def number_lists(body: ET.Element, package: ZipPackage, styles: DocxStyles) -> None:
    """Put a mark with its number before the words of each numbered paragraph."""
    if NUMBERING_PART not in package:
        return
    numbering = _read_numbering(parse_xml(package.parts[NUMBERING_PART]), styles)
    counter = _Counter(numbering)
    for paragraph in body.iter(f"{W}p"):
        place = _find_place(paragraph, numbering, styles)
        if place is None:
            continue
        number_id, level = place
        definition = numbering.levels[number_id].get(level, _Level())
        number = counter.count(number_id, level)
        _set_place(paragraph, number_id, level)
        if definition.number_format == "bullet":
            continue
        label = counter.format_label(number_id, level)
        list_type = LIST_TYPES.get(definition.number_format)
        is_plain = list_type is not None and (list_type not in ("a", "A") or number <= MAX_LETTER)
        if is_plain and _is_plain_label(definition, level):
            _insert_text(paragraph, f"{MARK_START}{list_type}|{number}|{label}{MARK_END}")
        else:
            _set_place(paragraph, "0", 0)
            _insert_text(paragraph, f"{label} " if label else "")


def write_list_numbers(converted: str) -> str:
    """Turn the marks in the converted HTML into attributes of their items, or into words."""

    def write(mark: re.Match[str]) -> str:
        item, tags, list_type, number, label = mark.groups()
        if not item:
            return f"{tags}{label} " if label else tags
        attribute = f' type="{list_type}"' if list_type else ' type="1"'
        return f'<li value="{number}"{attribute}>{tags}'

    return MARK.sub(write, converted)


def _is_plain_label(definition: _Level, level: int) -> bool:
    return bool(PLAIN_LABEL.fullmatch(definition.label)) and f"%{level + 1}" in definition.label


# --- The definitions ------------------------------------------------------------------------------


def _read_numbering(root: ET.Element, styles: DocxStyles) -> _Numbering:
    abstracts = {
        element.get(f"{W}abstractNumId", ""): element for element in root.iter(f"{W}abstractNum")
    }
    instances = {element.get(f"{W}numId", ""): element for element in root.findall(f"{W}num")}
    numbering = _Numbering()
    for number_id, instance in instances.items():
        abstract = abstracts.get(read_value(instance, "abstractNumId"))
        if abstract is not None and (link := read_value(abstract, "numStyleLink")):
            abstract = _follow_style(link, instances, abstracts, styles)
        if abstract is None:
            continue
        numbering.abstract_of[number_id] = abstract.get(f"{W}abstractNumId", "")
        numbering.levels[number_id] = {
            _read_level_index(level): _read_level(level) for level in abstract.iter(f"{W}lvl")
        }
        for level in abstract.iter(f"{W}lvl"):
            if style := read_value(level, "pStyle"):
                numbering.by_style.setdefault(style, (number_id, _read_level_index(level)))
        _read_overrides(numbering, number_id, instance)
    return numbering


def _follow_style(
    style: str,
    instances: dict[str, ET.Element],
    abstracts: dict[str, ET.Element],
    styles: DocxStyles,
) -> ET.Element | None:
    for properties in styles.iter_properties(style, "pPr"):
        number_id = read_value(properties.find(f"{W}numPr"), "numId")
        if instance := instances.get(number_id):
            return abstracts.get(read_value(instance, "abstractNumId"))
    return None


def _read_overrides(numbering: _Numbering, number_id: str, instance: ET.Element) -> None:
    for override in instance.iter(f"{W}lvlOverride"):
        index = _read_level_index(override)
        if (level := override.find(f"{W}lvl")) is not None:
            numbering.levels[number_id][index] = _read_level(level)
        if override.find(f"{W}startOverride") is not None:
            start = _read_integer(read_value(override, "startOverride"), 1)
            numbering.restarts[number_id, index] = start


def _read_level(element: ET.Element) -> _Level:
    restart = read_value(element, "lvlRestart")
    return _Level(
        read_value(element, "numFmt") or "decimal",
        _read_integer(read_value(element, "start"), 1),
        read_value(element, "lvlText"),
        _read_integer(restart, 0) if restart else None,
        is_legal=bool(read_switch(element, "isLgl")),
    )


def _read_level_index(element: ET.Element) -> int:
    return min(_read_integer(element.get(f"{W}ilvl", "0"), 0), MAX_LEVELS - 1)


def _read_integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


# --- The paragraphs -------------------------------------------------------------------------------


def _find_place(
    paragraph: ET.Element, numbering: _Numbering, styles: DocxStyles
) -> tuple[str, int] | None:
    """Return the list and level of a paragraph, which its style may give."""
    properties = paragraph.find(f"{W}pPr")
    direct = None if properties is None else properties.find(f"{W}numPr")
    number_id, level = read_value(direct, "numId"), read_value(direct, "ilvl")
    style = read_value(properties, "pStyle")
    if not number_id:
        for inherited in styles.iter_properties(style, "pPr"):
            place = inherited.find(f"{W}numPr")
            number_id = number_id or read_value(place, "numId")
            level = level or read_value(place, "ilvl")
        linked = numbering.by_style.get(style)
        if linked and (not number_id or linked[0] == number_id):
            return linked
    if number_id not in numbering.levels:
        return None
    return number_id, min(_read_integer(level, 0), MAX_LEVELS - 1)


def _set_place(paragraph: ET.Element, number_id: str, level: int) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = ET.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    if (old := properties.find(f"{W}numPr")) is not None:
        properties.remove(old)
    place = ET.SubElement(properties, f"{W}numPr")
    ET.SubElement(place, f"{W}ilvl", {f"{W}val": str(level)})
    ET.SubElement(place, f"{W}numId", {f"{W}val": number_id})


def _insert_text(paragraph: ET.Element, text: str) -> None:
    if not text:
        return
    run = ET.Element(f"{W}r")
    words = ET.SubElement(run, f"{W}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1, run)  # after its properties


class _Counter:
    """Counts as Word does: instances of one list go on counting, if none has a start of its own."""

    def __init__(self, numbering: _Numbering) -> None:
        self._numbering = numbering
        self._numbers: dict[str, list[int | None]] = {}  # by the abstract list
        self._started: set[tuple[str, int]] = set()

    def count(self, number_id: str, level: int) -> int:
        """Return the number of the next paragraph of this list and level."""
        numbers = self._get_numbers(number_id)
        definitions = self._numbering.levels[number_id]
        definition = definitions.get(level, _Level())
        restart = self._numbering.restarts.get((number_id, level))
        last = numbers[level]
        if restart is not None and (number_id, level) not in self._started:
            number = restart
        else:
            number = definition.start if last is None else last + 1
        self._started.add((number_id, level))
        numbers[level] = number
        for deeper in range(level + 1, MAX_LEVELS):
            restarts_after = definitions.get(deeper, _Level()).restarts_after
            if restarts_after is None or level < restarts_after:
                numbers[deeper] = None
        return number

    def format_label(self, number_id: str, level: int) -> str:
        """Return what Word writes before the words, such as “2.1” or “Article 3”."""
        definitions = self._numbering.levels[number_id]
        numbers = self._get_numbers(number_id)
        definition = definitions.get(level, _Level())

        def write(place: re.Match[str]) -> str:
            index = int(place[1]) - 1
            other = definitions.get(index, _Level())
            number = numbers[index] if 0 <= index < MAX_LEVELS else None
            kind = "" if definition.is_legal else LIST_TYPES.get(other.number_format, "")
            return _format_number(other.start if number is None else number, kind)

        return LEVEL_NUMBER.sub(write, definition.label).strip()

    def _get_numbers(self, number_id: str) -> list[int | None]:
        abstract = self._numbering.abstract_of[number_id]
        return self._numbers.setdefault(abstract, [None] * MAX_LEVELS)


def _format_number(number: int, list_type: str) -> str:
    if list_type not in ("a", "A") or number <= MAX_LETTER:
        return format_number(number, list_type)
    if number > MAX_WORD_LETTER:
        return str(number)
    times, letter = divmod(number - 1, 26)
    return chr(ord(list_type) + letter) * (times + 1)
