"""Convert documents in this process: tests of what becomes of the words need no other."""

from dataclasses import asdict

import pytest

from statements.parsing import document
from statements.parsing.conversion import Conversion
from statements.parsing.document_subprocess import find_converter
from statements.parsing.draft import ParseError


def convert_here(document_format: str, raw: bytes) -> Conversion:
    try:
        return Conversion(**asdict(find_converter(document_format)(raw)))
    except RecursionError as error:
        raise ParseError("The document is nested too deeply to be read.") from error


@pytest.fixture
def in_this_process(monkeypatch):
    """Read documents faster; each format is read in its own process by one test."""
    monkeypatch.setattr(document, "convert_in_subprocess", convert_here)
