"""Log what each name of a source was matched to, for a person to check."""

from dataclasses import dataclass, field

CERTAIN, NEW, DOUBTFUL, LEFT_OUT = "certain", "new", "doubtful", "left out"
PERSON, ROLE, ORGANISATION, THEME = "person", "role", "organisation", "theme"


@dataclass
class NameMatch:
    """One name and what it was matched to. A doubtful one was matched to nothing."""

    kind: str
    name: str
    matched_to: str
    how: str
    why: str = ""
    perhaps: tuple[str, ...] = ()
    times: int = 0
    where: str = ""

    @property
    def is_proposal(self) -> bool:
        """Return whether the mapping can decide what becomes of it."""
        return self.kind in (PERSON, ORGANISATION) and self.how in (NEW, DOUBTFUL)


@dataclass
class MatchLog:
    """The matches of a run, in the order in which the names were first read."""

    matches: dict[tuple[str, str], NameMatch] = field(default_factory=dict)

    def add(self, match: NameMatch) -> None:
        """Count a name. What is new stays listed as new although later rows find it."""
        first = self.matches.setdefault((match.kind, match.name), match)
        first.times += 1
        if first.how == DOUBTFUL and match.how == CERTAIN:
            first.how, first.matched_to = CERTAIN, match.matched_to
            first.why, first.perhaps = "Doubtful in another row.", ()
