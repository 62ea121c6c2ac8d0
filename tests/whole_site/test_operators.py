"""Test that docs/operators.md and deploy/ name only things that exist, and all settings."""

import re
import shutil
import sys
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/operators.md").read_text()
UNITS = ROOT / "deploy/systemd"


def test_every_command_that_is_named_exists():
    files = [
        *(ROOT / "docs").glob("*.md"),
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *UNITS.iterdir(),
    ]
    texts = "\n".join(file.read_text() for file in files)
    named = set(re.findall(r"(?:manage\.py |onrecord-manage@)([a-z]\w+)", texts))
    named |= set(re.findall(r"^onrecord ([a-z]\w+)", GUIDE, re.MULTILINE))
    assert {"migrate", "verify_record", "update_related", "import_statements"} <= named
    assert named - set(get_commands()) == set()


def test_every_setting_is_documented_and_every_documented_one_is_read():
    settings = (ROOT / "config/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))
    in_example = set(
        re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/onrecord.env").read_text(), re.MULTILINE)
    )
    assert documented == read
    assert in_example - documented == set()


def test_every_file_of_deploy_that_is_named_exists():
    named = {name.rstrip("/.") for name in re.findall(r"deploy/[\w./@-]*\w", GUIDE)}
    assert "deploy/onrecord-backup" in named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_timer_starts_a_unit_that_is_there():
    for timer in UNITS.glob("*.timer"):
        starts = re.search(r"^Unit=(.*)", timer.read_text(), re.MULTILINE)
        unit = starts[1] if starts else f"{timer.stem}.service"
        assert (UNITS / re.sub(r"@\w+", "@", unit)).exists(), timer.name


def test_every_program_that_a_unit_starts_is_there():
    """Look in the clone under /srv/onrecord, in its .venv, and where the guide installs it."""
    for unit in UNITS.glob("*.service"):
        for line in re.findall(r"^ExecStart\w*=(.*)", unit.read_text(), re.MULTILINE):
            program, *arguments = line.split()
            if found := re.fullmatch(r"/srv/onrecord/\.venv/bin/(\w+)", program):
                assert shutil.which(found[1], path=Path(sys.executable).parent), line
            else:
                folder, name = program.rsplit("/", 1)
                installed = rf"^install .*deploy/{name}\b.* {folder}/$"
                assert re.search(installed, GUIDE, re.MULTILINE), line
            files = [name for name in arguments if name.endswith(".py")]
            assert [name for name in files if not (ROOT / name).exists()] == [], line
