"""Apply what events state: from events to the values that the database should hold.

Replay applies and never derives. A later version may have other rules for times or addresses; the
record of today stays as it was stated.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


Pair = tuple[int, int]


@dataclass
class Merges:
    """Which speakers and appointments became which, in the order of the merges."""

    speakers: list[Pair] = field(default_factory=list)
    appointments: list[Pair] = field(default_factory=list)

    def add(self, detail: Mapping[str, Any]) -> None:
        """Add the merge that an event states. Merged themes are in no row that is compared."""
        if detail.get("what") != "speaker" or "from_id" not in detail:
            return
        self.speakers.append((detail["from_id"], detail["to_id"]))
        self.appointments += [(old, new) for old, new in detail["appointment_ids"]]

    def follow_speaker(self, pk: int) -> int:
        """Return the speaker that this one is by now."""
        for old, new in self.speakers:
            pk = new if pk == old else pk
        return pk

    def merge_rows(self, speakers: dict[int, Row]) -> None:
        """Merge what lists one edition: where it names both speakers, the other one's row stays."""
        for old, new in self.speakers:
            if old in speakers:
                speakers.setdefault(new, speakers.pop(old))

    def follow_appointment(self, pk: int | None) -> int | None:
        """Return the appointment that this one is by now."""
        for old, new in self.appointments:
            pk = new if pk == old else pk
        return pk


@dataclass
class SiteFacts:
    """What the site chain says about other chains: names of people, and merges."""

    usernames: Mapping[int, str]
    former_names: dict[str, set[str]] = field(default_factory=dict)
    """User name → the names that this person had before."""
    merges: Merges = field(default_factory=Merges)

    def name_user(self, pk: int | None) -> str:
        """Return the user name of today; "" for nobody, as events write it."""
        return "" if pk is None else self.usernames.get(pk, f"user {pk}")

    def rename(self, old: str, new: str) -> None:
        """Remember that somebody has another user name."""
        self.former_names[new] = self.former_names.pop(old, set()) | {old}

    def is_same_person(self, stated: str | None, current: str | None) -> bool:
        """Return whether this user name was, or is, that of the person with the current one."""
        return stated == current or stated in self.former_names.get(current or "", ())


class ExpectedState:
    """The values that the events of one chain state so far."""

    def __init__(self, merges: Merges | None = None) -> None:
        self.rows: dict[str, Row] = {}
        self.merges = merges or Merges()

    def apply(self, stated: Mapping[str, Row | None], *, is_baseline: bool = False) -> None:
        """Apply the rows of the next event. A baseline states everything there is."""
        if is_baseline:
            self.rows = {}
        for key, columns in stated.items():
            if columns is None:
                self._remove(key)
            elif key in self.rows:
                self.rows[key] |= columns
            else:
                self.rows[key] = dict(columns)

    def rename(self, old_key: str, new_key: str) -> None:
        """Keep a row under another key: an account whose user name changed."""
        if old_key in self.rows:
            self.rows[new_key] = self.rows.pop(old_key)

    def resolve(self) -> dict[str, Row]:
        """Return the rows, with speakers and appointments that were merged as they are by now."""
        if not self.merges.speakers:
            return self.rows
        resolved: dict[str, Row] = {}
        speakers_of: dict[str, dict[int, Row]] = defaultdict(dict)
        for key, row in self.rows.items():
            if (name := _read_speaker_key(key)) is None:
                resolved[key] = row
            else:
                edition_uuid, speaker = name
                appointment = self.merges.follow_appointment(row["appointment_id"])
                speakers_of[edition_uuid][speaker] = row | {"appointment_id": appointment}
        for edition_uuid, speakers in speakers_of.items():
            self.merges.merge_rows(speakers)
            resolved |= {f"attribution:{edition_uuid}:{pk}:": row for pk, row in speakers.items()}
        return resolved

    def _remove(self, key: str) -> None:
        """Remove a row, and those that became one with it when speakers were merged."""
        self.rows.pop(key, None)
        if not self.merges.speakers or (name := _read_speaker_key(key)) is None:
            return
        edition_uuid, speaker = name
        for other in [key for key in self.rows if key.startswith(f"attribution:{edition_uuid}:")]:
            other_name = _read_speaker_key(other)
            if other_name and self.merges.follow_speaker(other_name[1]) == speaker:
                del self.rows[other]


def _read_speaker_key(key: str) -> tuple[str, int] | None:
    """Return edition and speaker of the row that lists an edition under a speaker."""
    if not key.startswith("attribution:"):
        return None
    _, edition_uuid, speaker, _ = key.split(":")
    return (edition_uuid, int(speaker)) if speaker else None
