"""Keep a migrated SQLite database, so that not every run of the tests migrates one anew.

Migrating takes ten seconds. The template is thrown away when a migration or a trigger changes; the
triggers are made again in each run in any case.
"""

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

SOURCES = ("*/migrations/*.py", "statements/integrity/*.py", "requirements*.txt")


def find_template() -> Path:
    """Return where the template of the present migrations is, or will be."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            digest.update(path.read_bytes())
    return settings.VAR_DIR / f"template-{digest.hexdigest()[:16]}.sqlite3"


def copy_template(target: Path) -> bool:
    """Copy the template to this path; return whether there is one."""
    try:
        shutil.copyfile(find_template(), target)
    except FileNotFoundError:
        return False
    return True


def save_template() -> None:
    """Keep the test database, which was just migrated, as the template, and no other one."""
    template = find_template()
    if template.exists():
        return
    for former in template.parent.glob("template-*.sqlite3"):
        former.unlink(missing_ok=True)
    unfinished = template.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.replace(template)


def delete_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
