"""Remember on disk, not in memory, what a run has met so far."""

import hashlib
import sqlite3


class DuplicateIndex:
    """Identifiers and texts of one run, each with the place where it came first."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")
        self._connection.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, place TEXT) WITHOUT ROWID"
        )

    def find_or_record(self, key: str, place: str) -> str:
        """Return the first place of this key; "" if it is new, and then record the place."""
        short = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12).digest()
        row = self._connection.execute("SELECT place FROM seen WHERE key = ?", [short]).fetchone()
        if row is None:
            self._connection.execute("INSERT INTO seen VALUES (?, ?)", [short, place])
            return ""
        return str(row[0])

    def close(self) -> None:
        self._connection.close()
