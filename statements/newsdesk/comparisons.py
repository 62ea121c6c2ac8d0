"""What changed between two editions, or between an edition and the draft."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.content.diff import ContentChange, diff_content
from statements.models import Edition, State
from statements.newsdesk.content_labels import translate_label
from statements.publicness import released_by


@dataclass(frozen=True)
class ChangeGroup:
    """The changes since one earlier edition, under a title."""

    title: str
    changes: list[ContentChange]

    @property
    def summary(self) -> str:
        """Return a line such as “3 changes: headline, attribution, words”."""
        labels = ", ".join(
            dict.fromkeys(translate_label(change.label).lower() for change in self.changes)
        )
        count = len(self.changes)
        said = ngettext("%(count)d change: %(labels)s", "%(count)d changes: %(labels)s", count)
        return said % {"count": count, "labels": labels}


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
        title = _("What changed since edition %(number)s was public") % {
            "number": last_public.sequence
        }
        groups.append(ChangeGroup(title, _diff_editions(last_public, edition)))
    last = (
        edition.statement.editions.filter(sequence__lt=edition.sequence, erased_at=None)
        .order_by("-sequence")
        .first()
    )
    if last and last != last_public and not edition.erased_at:
        titles = {
            State.SENT_BACK: _("What changed since edition %(number)s, which was sent back"),
            State.CANCELLED: _("What changed since edition %(number)s, which was replaced"),
        }
        approved = _("What changed since edition %(number)s, which was approved")
        title = titles.get(State(last.state), approved) % {"number": last.sequence}
        groups.append(ChangeGroup(title, _diff_editions(last, edition)))
    return groups


def compare_with_newer(edition: Edition, newer: Edition | None) -> ChangeGroup | None:
    """Compare the edition on the screen with the newer one, or else with the draft."""
    if edition.erased_at:
        return None
    name = _("edition %(number)s") % {"number": newer.sequence} if newer else _("the draft")
    content = newer.content_data if newer else edition.statement.content()
    title = _("What %(name)s says instead") % {"name": name}
    return ChangeGroup(title, diff_content(edition.content_data, content))


def _diff_editions(before: Edition, edition: Edition) -> list[ContentChange]:
    if edition.erased_at:
        return []
    return diff_content(before.content_data, edition.content_data, with_edition_fields=True)
