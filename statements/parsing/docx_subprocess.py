"""The process of its own in which a .docx is taken apart: document in, JSON out, nothing else.

Started by word.py as `python -m statements.parsing.docx_subprocess`. It binds itself to a few
seconds,
little memory and no written byte before it looks at the document.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

import mammoth
from mammoth import documents, transforms

from statements.parsing.docx_extras import survey
from statements.parsing.docx_package import Package, unpack
from statements.parsing.draft import Unreadable

SECONDS = 10
MEMORY = 1_000_000_000
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def main() -> None:
    _bind()
    try:
        answer = read(sys.stdin.buffer.read())
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    sys.stdout.write(json.dumps(answer))


def _bind() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(raw: bytes) -> dict[str, Any]:
    """HTML of the words, and what stands beside them. Raises Unreadable."""
    package = unpack(raw)
    found = survey(package)
    try:
        result = mammoth.convert_to_html(
            _words_alone(package),
            transform_document=_without_references,
            convert_image=lambda image: [],
            style_map=STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:  # mammoth trusts a document to be whole, and fails in many ways
        raise Unreadable(
            "The document is damaged or made in a way that cannot be read. Save it again in Word. "
            "Or open it and paste its words here."
        ) from error
    return {
        "html": result.value,
        "told": found.told,
        "left_over": found.left_over,
        "paragraphs": found.paragraphs,
    }


def _words_alone(package: Package) -> io.BytesIO:
    """The XML parts packed anew: what mammoth reads is what was counted, and no picture."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in package.parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def _without_references(document: Any) -> Any:
    """Footnotes are kept beside the words, so nothing among the words points to them."""
    gone = transforms.element_of_type(documents.NoteReference, lambda _: documents.text(""))
    return gone(document)


if __name__ == "__main__":
    main()
