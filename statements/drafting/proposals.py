"""Propose names in a draft: people, roles, organisations and themes that nobody has confirmed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import User

from organisations.models import Appointment, Organisation, Speaker
from statements.drafting.matching import find_organisation, name_key
from statements.drafting.name_slugs import find_free_slug
from statements.models import ProposedName, Statement, Theme

KINDS = ("theme", "appointment", "speaker", "organisation")
"""In the order in which they are deleted: an organisation stays while there are roles at it."""


Name = TypeVar("Name", Speaker, Appointment, Organisation, Theme)


@dataclass(frozen=True)
class Proposer:
    """Makes names for one draft. What exists already is used, and not proposed again."""

    statement: Statement
    by: User
    at: dt.datetime

    def propose_speaker(self, name: str, *, words: list[str] | None = None) -> Speaker:
        """Create a speaker; the words, such as an organisation, tell namesakes' slugs apart."""
        slug = find_free_slug(Speaker, name, words=words or [])
        return self._propose("speaker", Speaker(name=name, slug=slug))

    def propose_organisation(self, name: str, *, name_in_text: str = "") -> Organisation:
        """Return the organisation of this name, new if there is none."""
        existing = find_organisation(name, name_in_text)
        if existing is not None:
            return self.share("organisation", existing)
        slug = find_free_slug(Organisation, name)
        organisation = Organisation(name=name, name_in_text=name_in_text, slug=slug)
        return self._propose("organisation", organisation)

    def propose_appointment(
        self, speaker: Speaker, role: str, organisation: Organisation, *, from_on: dt.date | None
    ) -> Appointment:
        """Return the speaker's role, new from this day on unless it is there and goes on."""
        for row in speaker.appointments.filter(organisation=organisation, ends_on=None):
            if name_key(row.role) == name_key(role):
                return self.share("appointment", row)
        appointment = Appointment(
            speaker=speaker, organisation=organisation, role=role, starts_on=from_on
        )
        return self._propose("appointment", appointment)

    def propose_theme(self, name: str) -> Theme:
        """Return the theme of this name, new if there is none."""
        existing = Theme.objects.filter(name__iexact=name).first()
        if existing is not None:
            return self.share("theme", existing)
        return self._propose("theme", Theme(name=name, slug=find_free_slug(Theme, name)))

    def share(self, kind: str, row: Name) -> Name:
        """Return the row; propose it here as well if only other drafts propose it."""
        columns: dict[str, Any] = {kind: row}
        if ProposedName.objects.filter(**columns).exists():
            ProposedName.objects.get_or_create(
                statement=self.statement, **columns, defaults={"by": self.by, "at": self.at}
            )
        return row

    def _propose(self, kind: str, row: Name) -> Name:
        row.save()
        columns: dict[str, Any] = {kind: row}
        ProposedName.objects.create(statement=self.statement, by=self.by, at=self.at, **columns)
        return row


def find_proposed_names(statement: Statement) -> list[ProposedName]:
    """Return what the draft proposes, in the order in which it was added."""
    rows = statement.proposed_names.select_related(
        "speaker",
        "appointment__speaker",
        "appointment__organisation",
        "organisation",
        "theme",
        "by",
    )
    return list(rows)


def discard_proposed_names(statement: Statement) -> None:
    """Delete what a discarded draft proposes and no other draft does; this confirms nothing.

    Call it after the passages and themes of the draft are gone. An organisation at which somebody
    has a role by now stays as it is: proposed, and offered by no other draft.
    """
    for proposal in sorted(find_proposed_names(statement), key=lambda row: KINDS.index(row.kind)):
        others = ProposedName.objects.filter(**{proposal.kind: proposal.name})
        if others.exclude(statement=statement).exists():
            proposal.delete()
        elif proposal.organisation is None or not proposal.organisation.appointments.exists():
            proposal.name.delete()
