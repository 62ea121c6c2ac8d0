"""Propose a mapping that names every new person and organisation of a dry run."""

from collections.abc import Iterable
from dataclasses import replace

from archive.mapping import Mapping, format_entry
from archive.matching.match_log import NEW, PERSON, NameMatch


def propose_mapping(
    mapping: Mapping,
    matches: Iterable[NameMatch],
    notes: dict[str, list[str]] | None = None,
) -> str:
    """Return the mapping as TOML: certain new names are in it, doubtful ones are comments.

    The import makes the same of it as of the mapping it comes from. `notes` are comments on its
    settings.
    """
    people, organisations = dict(mapping.people), dict(mapping.organisations)
    notes = (notes or {}) | {"people": [], "organisations": []}
    for match in matches:
        if not match.is_proposal:
            continue
        table, entries = (
            ("people", people) if match.kind == PERSON else ("organisations", organisations)
        )
        if match.how == NEW:
            entries.setdefault(match.name, match.matched_to)
        else:
            proposed = match.perhaps[0] if match.perhaps else match.name
            notes[table].append(f"{format_entry(match.name, proposed)}  # {match.why}")
    return replace(mapping, people=people, organisations=organisations).to_toml(notes)
