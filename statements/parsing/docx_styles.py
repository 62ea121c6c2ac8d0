"""Read the styles of a .docx: what they say about hidden, deleted and raised words and lists."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from statements.parsing.docx_xml import W, parse_xml, read_switch, read_value
from statements.parsing.zip_package import ZipPackage

STYLES_PART = "word/styles.xml"
MAX_STYLE_DEPTH = 20  # styles based on each other; a file may let them refer in a circle


class DocxStyles:
    """The styles of a document by their id, each with those that it is based on."""

    def __init__(self, package: ZipPackage) -> None:
        root = parse_xml(package.parts[STYLES_PART]) if STYLES_PART in package else None
        elements = [] if root is None else root.iter(f"{W}style")
        self._styles = {element.get(f"{W}styleId", ""): element for element in elements}
        self._defaults = {
            element.get(f"{W}type", ""): element.get(f"{W}styleId", "")
            for element in self._styles.values()
            if (element.get(f"{W}default") or "0") not in ("0", "false")
        }

    def iter_properties(self, style_id: str, tag: str) -> Iterator[ET.Element]:
        """Yield the `w:rPr` or `w:pPr` of the style and of those that it is based on."""
        for _ in range(MAX_STYLE_DEPTH):
            style = self._styles.get(style_id)
            if style is None:
                return
            if (properties := style.find(W + tag)) is not None:
                yield properties
            style_id = read_value(style, "basedOn")

    def iter_run_properties(self, run: ET.Element, paragraph_style: str) -> Iterator[ET.Element]:
        """Yield what decides the look of a run, the nearest first."""
        direct = run.find(f"{W}rPr")
        if direct is not None:
            yield direct
        yield from self.iter_properties(read_value(direct, "rStyle"), "rPr")
        yield from self.iter_properties(
            paragraph_style or self._defaults.get("paragraph", ""), "rPr"
        )

    def is_on(self, run: ET.Element, paragraph_style: str, tag: str) -> bool:
        """Return whether a property such as `w:strike` is on for the run."""
        switches = (
            read_switch(properties, tag)
            for properties in self.iter_run_properties(run, paragraph_style)
        )
        return next((switch for switch in switches if switch is not None), False)

    def find_value(self, run: ET.Element, paragraph_style: str, tag: str) -> str:
        """Return the nearest value of a property such as `w:vertAlign`, or ""."""
        values = (
            read_value(properties, tag)
            for properties in self.iter_run_properties(run, paragraph_style)
        )
        return next(filter(None, values), "")
