"""Test that no script runs twice: one that another imports has the name that pages give it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = sorted(Path(settings.BASE_DIR, "static").rglob("*.js"))
STATEMENT = re.compile(r"""^(?:import|export)\b[^;]*?["']\./[^"']+["'].?""", re.MULTILINE)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_each_import_ends_with_a_semicolon(script):
    """Django gives no hashed name to one without, and its script would be loaded a second time."""
    imports = [match[0] for match in STATEMENT.finditer(script.read_text())]
    assert [text for text in imports if not text.endswith(";")] == []


def test_the_check_sees_imports():
    text = (Path(settings.BASE_DIR) / "static/newsdesk/blocks.js").read_text()
    assert len(STATEMENT.findall(text)) > 1
