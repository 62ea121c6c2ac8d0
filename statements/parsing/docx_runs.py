"""Prepare the runs of a .docx for the converter: take out what nobody reads, and raise the rest."""

from xml.etree import ElementTree as ET

from statements.parsing.docx_styles import DocxStyles
from statements.parsing.docx_xml import W, read_value
from statements.parsing.wording import HIDDEN, STRUCK

MIN_RAISED_HALF_POINTS = 4
MAX_RAISED_CHARS = 6
"""Raised by hand, a footnote number or a power is short; a longer text is placed for the look."""


def prepare_runs(body: ET.Element, styles: DocxStyles) -> list[tuple[str, str]]:
    """Empty struck and hidden runs, and return their words with the reason.

    A run that a style or somebody's hand sets high or low becomes a superscript or subscript. Moved
    words stand where they were moved to.
    """
    removed: list[tuple[str, str]] = []
    for moved in body.iter(f"{W}moveTo"):
        moved.tag = f"{W}ins"
    for paragraph in body.iter(f"{W}p"):
        style = read_value(paragraph.find(f"{W}pPr"), "pStyle")
        last_reason = ""
        for run in _list_runs(paragraph):
            reason = _find_reason(run, style, styles)
            text = _read_text(run)
            if reason and text:
                if reason == last_reason:
                    text = removed.pop()[0] + text
                removed.append((text, reason))
            if reason:
                _empty_run(run)
            elif text:
                _set_script(run, style, styles, text)
            last_reason = reason if text else last_reason
    joined = [(" ".join(text.split()), reason) for text, reason in removed]
    return [(text, reason) for text, reason in joined if text]


def _list_runs(paragraph: ET.Element) -> list[ET.Element]:
    """Return the runs of the paragraph, without those of paragraphs in a text box in it."""
    runs, stack = [], list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag == f"{W}r":
            runs.append(element)
        elif element.tag != f"{W}p":
            stack += reversed(element)
    return runs


def _find_reason(run: ET.Element, style: str, styles: DocxStyles) -> str:
    if styles.is_on(run, style, "vanish"):
        return HIDDEN
    is_struck = styles.is_on(run, style, "strike") or styles.is_on(run, style, "dstrike")
    return STRUCK if is_struck else ""


def _read_text(run: ET.Element) -> str:
    return "".join(
        child.text or "" if child.tag == f"{W}t" else " "
        for child in run
        if child.tag in (f"{W}t", f"{W}tab", f"{W}br", f"{W}cr")
    )


def _empty_run(run: ET.Element) -> None:
    for child in list(run):
        if child.tag in (f"{W}t", f"{W}sym", f"{W}noBreakHyphen", f"{W}softHyphen"):
            run.remove(child)


def _set_script(run: ET.Element, style: str, styles: DocxStyles, text: str) -> None:
    align = styles.find_value(run, style, "vertAlign")
    position = styles.find_value(run, style, "position")
    if not align and len(text.strip()) <= MAX_RAISED_CHARS and position.lstrip("-").isdecimal():
        half_points = int(position)
        if abs(half_points) >= MIN_RAISED_HALF_POINTS:
            align = "superscript" if half_points > 0 else "subscript"
    if not align:
        return
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = ET.Element(f"{W}rPr")
        run.insert(0, properties)
    direct = properties.find(f"{W}vertAlign")
    if direct is None:
        direct = ET.SubElement(properties, f"{W}vertAlign")
    direct.set(f"{W}val", align)
