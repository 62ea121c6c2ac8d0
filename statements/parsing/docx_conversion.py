"""Convert a .docx to HTML; document_subprocess.py calls it."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import mammoth
from mammoth import documents, transforms

from statements.parsing.conversion import Conversion
from statements.parsing.docx_extras import collect_extras, parse_body
from statements.parsing.docx_numbering import number_lists, write_list_numbers
from statements.parsing.docx_runs import prepare_runs
from statements.parsing.docx_styles import DocxStyles
from statements.parsing.draft import ParseError
from statements.parsing.wording import describe_removed_words
from statements.parsing.zip_package import DOCUMENT_PART, ZipPackage, unpack_docx

STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def convert_docx(raw: bytes) -> Conversion:
    """Return the HTML of the words and the extras. Raises ParseError."""
    package = unpack_docx(raw)
    body = parse_body(package)
    styles = DocxStyles(package)
    removed = prepare_runs(body, styles)
    extras = collect_extras(package, body)
    number_lists(body, package, styles)
    package.parts[DOCUMENT_PART] = ET.tostring(body)
    messages = [*extras.messages, *describe_removed_words(removed)]
    try:
        result = mammoth.convert_to_html(
            _repack_words(package),
            transform_document=_strip_references,
            convert_image=lambda image: [],
            style_map=STYLE_MAP,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:  # mammoth fails in many ways on a damaged document
        raise ParseError(
            "The document is damaged or made in a way that cannot be read. Save it again in Word. "
            "Or open it and paste its words here."
        ) from error
    return Conversion(
        write_list_numbers(result.value),
        messages,
        [*removed, *extras.leftovers],
        extras.paragraphs,
    )


def _repack_words(package: ZipPackage) -> io.BytesIO:
    """Pack the checked XML parts again, without pictures, for mammoth."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in package.parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def _strip_references(document: Any) -> Any:
    """Remove references to footnotes, which are kept apart from the words."""
    strip = transforms.element_of_type(documents.NoteReference, lambda _: documents.text(""))
    return strip(document)
