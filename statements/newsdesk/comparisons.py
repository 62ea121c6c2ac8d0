"""What changed between two editions, or between an edition and the draft."""

import datetime as dt
from dataclasses import dataclass

from statements.content.diff import ContentChange, diff_content
from statements.models import Edition, State
from statements.publicness import released_by


@dataclass(frozen=True)
class ChangeGroup:
    """The changes since one earlier edition, under a title."""

    title: str
    changes: list[ContentChange]

    @property
    def summary(self) -> str:
        """Return a line such as “3 changes: headline, attribution, words”."""
        labels = ", ".join(dict.fromkeys(change.label.lower() for change in self.changes))
        return f"{len(self.changes)} change{'s'[: len(self.changes) != 1]}: {labels}"


def find_last_public(edition: Edition, *, at: dt.datetime) -> Edition | None:
    """Return the last earlier edition that was public and that nobody erased."""
    earlier = edition.statement.editions.approved().filter(
        released_by(at), sequence__lt=edition.sequence, erased_at=None
    )
    return earlier.order_by("-release_at").first()


def build_comparisons(last_public: Edition | None, edition: Edition) -> list[ChangeGroup]:
    """Compare with the last public edition, and with the last submitted one if it differs."""
    groups = []
    if last_public:
        title = f"What changed since edition {last_public.sequence} was public"
        groups.append(ChangeGroup(title, _diff_editions(last_public, edition)))
    last = (
        edition.statement.editions.filter(sequence__lt=edition.sequence, erased_at=None)
        .order_by("-sequence")
        .first()
    )
    if last and last != last_public and not edition.erased_at:
        outcomes = {State.SENT_BACK: "was sent back", State.CANCELLED: "was replaced"}
        outcome = outcomes.get(State(last.state), "was approved")
        title = f"What changed since edition {last.sequence}, which {outcome}"
        groups.append(ChangeGroup(title, _diff_editions(last, edition)))
    return groups


def compare_with_newer(edition: Edition, newer: Edition | None) -> ChangeGroup | None:
    """Compare the edition on the screen with the newer one, or else with the draft."""
    if edition.erased_at:
        return None
    name = f"edition {newer.sequence}" if newer else "the draft"
    content = newer.content_data if newer else edition.statement.content()
    return ChangeGroup(f"What {name} says instead", diff_content(edition.content_data, content))


def _diff_editions(before: Edition, edition: Edition) -> list[ContentChange]:
    if edition.erased_at:
        return []
    return diff_content(before.content_data, edition.content_data, with_edition_fields=True)
