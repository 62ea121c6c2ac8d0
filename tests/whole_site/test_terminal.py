"""Commands print on any terminal, also on one that knows no quotation marks."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.terminal import write_any_character


def run_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings_test"} | environment,
        capture_output=True,
        text=True,
        encoding="latin-1",
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_command_prints_plain_characters_where_there_are_no_others(encoding):
    done = run_command("approve_import", "ü", "--by", "mo", PYTHONIOENCODING=encoding)
    name = {"ascii": "u", "latin-1": "ü"}[encoding]
    assert done.stderr.strip().endswith(
        f'CommandError: "{name}" is no digest: copy the 64 letters of the dry run.'
    )
    assert done.returncode == 1


def test_every_character_has_a_plain_form(monkeypatch, tmp_path):
    with (tmp_path / "out").open("w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        write_any_character()
        print("“Straße” für 5 € – naïve… → ﬁt 日\ud800", end="", file=stream)
    assert (tmp_path / "out").read_text("ascii") == '"Stra?e" fur 5 EUR  - naive... -> fit ??'
