"""Read the files of the test database, as somebody who steals the disk would."""

import subprocess
from pathlib import Path


def read_bytes(path: Path) -> bytes:
    """Return what a file of a database holds, read by a process of its own.

    A process that closes any file of an SQLite database gives up its locks on it. The next process
    that opens the database then deletes the write-ahead log that this one still uses.
    """
    return subprocess.run(["cat", path], capture_output=True, check=True).stdout
