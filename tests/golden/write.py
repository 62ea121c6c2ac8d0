"""Write the golden files anew, or the bytes behind them into a folder.

python -m tests.golden.write        the golden files, to be committed
python -m tests.golden.write DIR    every body into DIR, to compare two trees with `diff -r`
"""

import logging
import os
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import django

MAX_NAME_CHARS = 150


def main(folder: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    django.setup()
    logging.disable()  # of addresses that are not found, on purpose
    from django.test.runner import DiscoverRunner

    from tests.golden.manifests import GOLDENS, read_entries

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        for database in GOLDENS:
            for name, entries in read_entries(database).items():
                _write(name, entries, folder)
    finally:
        runner.teardown_databases(databases)


def golden_path(name: str) -> Path:
    return Path(__file__).parent / f"{name}.txt"


def _write(name: str, entries: list, folder: str) -> None:
    if folder:
        _write_bodies(entries, Path(folder) / name)
    else:
        golden_path(name).write_text("".join(f"{entry.line}\n" for entry in entries))


def _write_bodies(entries, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        (folder / _file_name(entry.name)).write_bytes(entry.body)


def _file_name(name: str) -> str:
    """The address as one name; a long one ends with its own digest."""
    written = quote(name, safe=" ?=&#,").strip()
    if len(written) <= MAX_NAME_CHARS:
        return written
    return written[:MAX_NAME_CHARS] + sha256(name.encode()).hexdigest()[:12]


if __name__ == "__main__":
    main(*sys.argv[1:])
