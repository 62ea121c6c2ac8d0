"""Find the speakers and roles that a document names, or propose those that are certain.

`messages` says what was found, made or left to the person who drafts.
"""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from organisations.models import Appointment, Organisation, Speaker
from statements.drafting.matching import find_organisation, search_role
from statements.drafting.proposals import Proposer
from statements.drafting.speaker_search import search_speaker
from statements.parsing.draft import DraftPassage
from statements.parsing.name_shapes import (
    has_organisation_in_role,
    has_organisation_word,
    is_named_organisation,
)

MAX_NAME_CHARS = 200
NO_SPEAKER = _lazy(
    "Quoted words without a speaker keep their quotation marks as typed. Once you choose the "
    "speaker, the page sets the marks itself."
)


class DocumentNames:
    """The people and organisations of one document."""

    def __init__(self, proposer: Proposer, *, day: dt.date) -> None:
        self.proposer, self.day = proposer, day
        self.messages: list[str] = []

    def find_speaker(self, passage: DraftPassage) -> Speaker | None:
        """Return the speaker of a quotation, new if the full name is certain, else nobody."""
        name = passage.speaker_name
        if not 0 < len(name) <= MAX_NAME_CHARS:
            self.messages.append(str(NO_SPEAKER))
            return None
        search = search_speaker(name, passage.role)
        if search.may_be_new and not passage.doubt and not has_organisation_word(name):
            return self._create_speaker(passage)
        doubt = (
            _("%(doubt)s Choose the speaker.") % {"doubt": passage.doubt} if passage.doubt else ""
        )
        message = search.message or _("“%(name)s” may not be a person. Choose the speaker.") % {
            "name": name
        }
        self.messages.append(message if search.speaker or not doubt else doubt)
        return search.speaker and self.proposer.share("speaker", search.speaker)

    def find_appointment(self, speaker: Speaker, passage: DraftPassage) -> Appointment | None:
        """Return the role that the document gives, new if its organisation is certain."""
        role, name = passage.role, passage.organisation_name
        if not role or not name or max(len(role), len(name)) > MAX_NAME_CHARS:
            return None
        organisation = self._find_organisation(passage)
        if organisation is None:
            return None
        appointment, is_in_force = search_role(speaker, role, organisation, day=self.day)
        if appointment is None:
            self.messages.append(
                _(
                    "%(speaker)s is now recorded as %(role)s of %(in_text)s, without dates: check "
                    "the dates."
                )
                % {"speaker": speaker, "role": role, "in_text": organisation.in_text}
            )
            return self.proposer.propose_appointment(speaker, role, organisation, from_on=None)
        if not is_in_force:
            self.messages.append(
                _(
                    "%(speaker)s is not recorded as %(role)s of %(in_text)s on %(day)s: check the "
                    "dates."
                )
                % {
                    "speaker": speaker,
                    "role": role,
                    "in_text": organisation.in_text,
                    "day": f"{self.day:%-d %B %Y}",
                }
            )
        return self.proposer.share("appointment", appointment)

    def _create_speaker(self, passage: DraftPassage) -> Speaker:
        speaker = self.proposer.propose_speaker(
            passage.speaker_name, words=[passage.organisation_name, passage.role]
        )
        self.messages.append(_("%(speaker)s is new among the speakers.") % {"speaker": speaker})
        return speaker

    def _find_organisation(self, passage: DraftPassage) -> Organisation | None:
        name = passage.organisation_name
        existing = find_organisation(name, passage.organisation_in_text)
        if existing is not None:
            return self.proposer.share("organisation", existing)
        is_certain = is_named_organisation(name, passage.organisation_in_text)
        if passage.doubt or has_organisation_in_role(passage.role) or not is_certain:
            self.messages.append(
                _(
                    "“%(name)s” is not among the organisations, so no role is chosen: the line "
                    "before the words stays. Choose or add the role."
                )
                % {"name": name}
            )
            return None
        organisation = self.proposer.propose_organisation(
            name, name_in_text=passage.organisation_in_text[: MAX_NAME_CHARS + 10]
        )
        self.messages.append(
            _(
                "%(organisation)s is new among the organisations, and does not publish: a manager "
                "can change that."
            )
            % {"organisation": organisation}
        )
        return organisation
