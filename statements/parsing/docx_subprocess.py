"""Convert a .docx in a separate process: document in, JSON out.

docx.py starts it as `python -m statements.parsing.docx_subprocess`. Before it reads the document it
limits itself to a few seconds, little memory and no written files.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

import mammoth
from mammoth import documents, transforms

from statements.parsing.docx_extras import collect_extras
from statements.parsing.docx_package import DocxPackage, unpack_docx
from statements.parsing.draft import ParseError

MAX_CPU_SECONDS = 10
MAX_MEMORY_BYTES = 1_000_000_000
STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def main() -> None:
    _limit_resources()
    try:
        result = convert_docx(sys.stdin.buffer.read())
    except ParseError as error:
        result = {"error": str(error)}
    sys.stdout.write(json.dumps(result))


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def convert_docx(raw: bytes) -> dict[str, Any]:
    """Return the HTML of the words and the extras. Raises ParseError."""
    package = unpack_docx(raw)
    extras = collect_extras(package)
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
    return {
        "html": result.value,
        "messages": extras.messages,
        "leftovers": extras.leftovers,
        "paragraphs": extras.paragraphs,
    }


def _repack_words(package: DocxPackage) -> io.BytesIO:
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


if __name__ == "__main__":
    main()
