"""Read the XML parts of a .docx."""

from xml.etree import ElementTree as ET

from statements.parsing.draft import ParseError
from statements.parsing.zip_package import PASTE_HINT

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# "Strict Open XML" documents use this other namespace for the same elements.
STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL_NAMESPACE = W[1:-1].encode()
OFF_VALUES = {"0", "false", "off", "none"}


def parse_xml(data: bytes) -> ET.Element:
    """Return the root of a part. Raises ParseError if it is damaged."""
    try:
        # unpack_docx has refused entities and document types.
        return ET.fromstring(data.replace(STRICT_NAMESPACE, TRANSITIONAL_NAMESPACE))  # noqa: S314
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
        raise ParseError(
            "The document is damaged: its words cannot be read. Save it again in Word. "
            f"{PASTE_HINT}"
        ) from error


def read_value(parent: ET.Element | None, tag: str) -> str:
    """Return the `w:val` of a child, such as `read_value(properties, "vertAlign")`; or ""."""
    child = None if parent is None else parent.find(W + tag)
    return "" if child is None else (child.get(f"{W}val") or "").strip()


def read_switch(parent: ET.Element | None, tag: str) -> bool | None:
    """Return whether a property such as `w:strike` is on or off; None where it is not set."""
    child = None if parent is None else parent.find(W + tag)
    return None if child is None else (child.get(f"{W}val") or "true") not in OFF_VALUES
