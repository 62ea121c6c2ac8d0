"""Match names in a source with known people, organisations and themes, or propose new ones.

Every match is listed for a person to check. A new name is made where it is certain or the mapping
says so; a doubtful one makes nobody new, and its words stay as the source has them. New objects
stay in memory until `save` writes them, so a dry run writes nothing.
"""

from collections.abc import Collection, Iterable

from django.db import models

from archive.mapping import Mapping
from archive.matching.issuers import ORGANISATION as ISSUING_ORGANISATION
from archive.matching.issuers import UNCLEAR, IssuerColumn, split_pieces
from archive.matching.match_log import DOUBTFUL, NEW, PERSON, ROLE, MatchLog, NameMatch
from archive.matching.new_objects import MAX_NAME_CHARS, NewObjects
from archive.matching.organisations import OrganisationMatcher
from archive.matching.source_names import SourceNames
from archive.matching.speakers import SpeakerHint, SpeakerMatcher
from archive.matching.themes import ThemeMatcher
from archive.readers.row import Label
from organisations.models import Appointment, Organisation, Speaker
from statements.drafting.matching import name_key
from statements.models import Theme
from statements.parsing.draft import DraftPassage
from statements.parsing.name_shapes import has_organisation_in_role

RoleKey = tuple[str, str, str]


class NameMatcher:
    """Match each name of a run; the database is read once."""

    def __init__(self, mapping: Mapping) -> None:
        self.log, self.new_objects = MatchLog(), NewObjects()
        self.speakers = SpeakerMatcher(mapping, self.log, self.new_objects)
        self.organisations = OrganisationMatcher(mapping, self.log, self.new_objects)
        self.themes = ThemeMatcher(mapping, self.log, self.new_objects)
        self.issuer_column = IssuerColumn(self.organisations.is_known, self.speakers.is_known)
        self._roles: dict[RoleKey, Appointment] = {}
        for role in Appointment.objects.select_related("organisation", "speaker").order_by("-pk"):
            self._roles[_role_key(role)] = role

    @property
    def matches(self) -> dict[tuple[str, str], NameMatch]:
        """Return the matches, with names that came later for what was only a part of one."""
        for match in self.log.matches.values():
            if match.kind == PERSON and match.how == DOUBTFUL and not match.perhaps:
                match.perhaps = self.speakers.suggest(match.name)
        return self.log.matches

    def learn_names(self, names: SourceNames) -> None:
        """Use what the whole source says about who is an organisation and who is a person."""
        for person in names.people:
            self.speakers.learn_source_name(person)
        self.organisations.source_names |= {
            name_key(name) for name in names.organisations if len(split_pieces(name)) == 1
        }
        self.issuer_column.learn_names(names.issuers | names.organisations)
        self.organisations.names_alone = self.organisations.source_names | {
            name_key(name) for name in self.issuer_column.names
        }

    def pop_new(self) -> list[models.Model]:
        """Return the new objects since the last call, in the order in which to save them."""
        return self.new_objects.pop()

    def save(self, new: list[models.Model]) -> None:
        self.new_objects.save(new)

    def match_speaker(self, passage: DraftPassage, *, where: str) -> tuple[Speaker | None, str]:
        """Return the speaker of a quotation, or nobody and why."""
        if not 0 < len(passage.speaker_name) <= MAX_NAME_CHARS:
            return None, passage.doubt
        hint = SpeakerHint(
            passage.speaker_name, passage.role, passage.organisation_name, passage.doubt
        )
        return self.speakers.match(hint, where=where)

    def match_role(
        self, speaker: Speaker, passage: DraftPassage, *, where: str
    ) -> tuple[Appointment | None, str]:
        """Return the role in which the speaker speaks, or none and why."""
        role, name = passage.role, passage.organisation_name
        if not role or not name or max(len(role), len(name)) > MAX_NAME_CHARS:
            return None, ""
        if passage.doubt:
            return None, passage.doubt
        if has_organisation_in_role(role) and not self.organisations.is_known(name):
            return None, "The role may name the organisation already."
        organisation, why = self.organisations.match_of_role(
            name, in_text=passage.organisation_in_text, where=where
        )
        if organisation is None:
            return None, why
        wanted = Appointment(speaker=speaker, organisation=organisation, role=role)
        known = self._roles.get(_role_key(wanted))
        if known is None:
            known = self._roles[_role_key(wanted)] = wanted
            self.new_objects.add(wanted)
            why = "Without dates: check them."
            self.log.add(NameMatch(ROLE, str(wanted), str(wanted), NEW, why, where=where))
        return known, ""

    def is_list(self, name: str) -> bool:
        """Return whether the source shows that an organisation field names several."""
        return len(self.issuer_column.split(name)) > 1

    def match_issuers(
        self, text: str, *, people: Collection[str], where: str
    ) -> tuple[list[Organisation], list[str], list[str]]:
        """Return the organisations in a text that mixes names, the people, and every doubt."""
        organisations: list[Organisation] = []
        issuing_people: list[str] = []
        doubts: list[str] = []
        for issuer in self.issuer_column.split(text, people=people):
            if issuer.kind == UNCLEAR:
                doubts += self._doubt_issuer(issuer.name, where=where)
            elif issuer.kind == ISSUING_ORGANISATION:
                organisation, why = self.organisations.match_publisher(issuer.name, where=where)
                organisations += [organisation] if organisation else []
                doubts += [f"“{issuer.name}” issued it: {why}"] if why else []
            else:
                issuing_people.append(issuer.name)
        return organisations, issuing_people, doubts

    def _doubt_issuer(self, name: str, *, where: str) -> list[str]:
        why = "It may be an organisation, a person, or several of them."
        name = name[:MAX_NAME_CHARS]
        self.organisations.add_doubt(name, why, where=where)
        return [f"“{name}” issued it. {why}"]

    def match_themes(self, labels: Iterable[Label], *, where: str) -> list[Theme]:
        return self.themes.match(labels, where=where)


def _role_key(role: Appointment) -> RoleKey:
    return (name_key(role.speaker.name), name_key(role.organisation.name), name_key(role.role))
