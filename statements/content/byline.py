"""Who speaks or publishes, in one line. Every place that names them in a line calls these."""

from collections.abc import Mapping
from typing import Any

MAX_BYLINE_CHARS = 500


def make_byline(content: Mapping[str, Any]) -> str:
    """Return who speaks, for lists: one person with the role, several by name."""
    passages = [block for block in content["blocks"] if block.get("speaker")]
    speakers = {passage["speaker"]["slug"]: passage["speaker"] for passage in passages}
    if len(speakers) == 1:
        [speaker] = speakers.values()
        return _join(speaker["name"], speaker["role"])[:MAX_BYLINE_CHARS]
    return ", ".join(speaker["name"] for speaker in speakers.values())[:MAX_BYLINE_CHARS]


def describe_speaker(speaker: Mapping[str, Any]) -> str:
    """Return the name, the role and the organisation of a frozen speaker."""
    return _join(speaker["name"], describe_role(speaker))


def describe_role(speaker: Mapping[str, Any]) -> str:
    """Return the role and the organisation of a frozen speaker, as far as they are known."""
    return _join(speaker["role"], (speaker["organisation"] or {}).get("name", ""))


def describe_publishers(content: Mapping[str, Any]) -> str:
    """Return who publishes, as in a sentence: “A”, “A and B”, “A, B and C”."""
    names = [publisher["name"] for publisher in content.get("organisations", ())]
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
