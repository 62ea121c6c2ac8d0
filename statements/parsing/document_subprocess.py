"""Convert a document in a separate process: document in, JSON out.

conversion.py starts it as `python -m statements.parsing.document_subprocess FORMAT`. Before it
reads the document it limits itself to a few seconds, little memory and no written files.
"""

import importlib
import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from statements.parsing import document_formats as formats
from statements.parsing.draft import ParseError
from statements.parsing.zip_package import PASTE_HINT

MAX_CPU_SECONDS = 10
MAX_MEMORY_BYTES = 1_000_000_000
CONVERTERS = {
    formats.DOCX: ("docx_conversion", "convert_docx"),
    formats.ODT: ("odt", "convert_odt"),
    formats.FLAT_ODT: ("odt", "convert_flat_odt"),
    formats.RTF: ("rtf", "convert_rtf"),
    formats.PDF: ("pdf", "convert_pdf"),
    formats.PDF_TAGS: ("pdf_tags", "read_pdf_tags"),
    formats.EMAIL: ("email_message", "convert_email"),
    formats.PAGE: ("page", "convert_page"),
    formats.ZIPPED_PAGE: ("page", "convert_zipped_page"),
}
"""Format to the module and function that converts it; only the one needed is imported."""


def main(document_format: str) -> None:
    _limit_resources()
    result: dict[str, Any]
    try:
        result = asdict(find_converter(document_format)(sys.stdin.buffer.read()))
    except ParseError as error:
        result = {"error": str(error)}
    except RecursionError:
        result = {"error": f"The document is nested too deeply to be read. {PASTE_HINT}"}
    sys.stdout.write(json.dumps(result))


def find_converter(document_format: str) -> Any:
    module, function = CONVERTERS[document_format]
    return getattr(importlib.import_module(f"statements.parsing.{module}"), function)


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1])
