"""Remember what a dry run made of each row, so that an import makes nothing else of it.

Time passes between the two, and names and publishers change: a row may come out otherwise than in
the report that a second manager has read. One short keyed hash is kept for each row, by its place
in the source.
"""

import hashlib
from typing import Any

from archive.planner import ImportPlan
from statements.content.reading import canonical_words
from statements.content.schema import canonical
from statements.integrity.keys import keyed_hash

HASH_BYTES = 12
OTHERWISE = (
    "It would not come in as the dry run said that was approved: somebody has changed a name, a "
    "role, a publisher or a statement here since. Make a dry run again."
)


class OutcomeLog:
    """The outcome of each row that would be written, as hashes of one length in a row."""

    def __init__(self, hashes: bytes | memoryview = b"") -> None:
        self._hashes = bytearray(hashes)

    def __bytes__(self) -> bytes:
        return bytes(self._hashes)

    def record(self, plan: ImportPlan) -> None:
        place = plan.position * HASH_BYTES
        self._hashes.extend(bytes(max(0, place - len(self._hashes))))
        self._hashes[place : place + HASH_BYTES] = _hash_outcome(plan)

    def holds(self, plan: ImportPlan) -> bool:
        """Return whether the dry run made exactly this of the row."""
        place = plan.position * HASH_BYTES
        return self._hashes[place : place + HASH_BYTES] == _hash_outcome(plan)

    def digest(self) -> str:
        return hashlib.sha256(self._hashes).hexdigest()


def _hash_outcome(plan: ImportPlan) -> bytes:
    """Hash the words, the times and the place of a row. Its files are part of the source."""
    draft = plan.draft
    assert draft, "A row without a draft is refused, and never written."
    outcome: dict[str, Any] = {
        "words": canonical_words(_without_files(draft.content)),
        "released_at": draft.released_at.isoformat() if draft.released_at else "",
        "released_on": draft.released_on.isoformat() if draft.released_on else "",
        "is_update": plan.is_update,
        "themes": [theme.slug for theme in draft.themes],
        "redirects": plan.redirect_paths,
    }
    return bytes.fromhex(keyed_hash("import outcome", canonical(outcome)))[:HASH_BYTES]


def _without_files(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out the files, which a dry run checks and does not store."""
    return {key: value for key, value in content.items() if key != "files"}
