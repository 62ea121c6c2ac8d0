"""Match the names of people with known speakers. A doubtful name makes nobody new."""

import re
from dataclasses import dataclass

from archive.mapping import Mapping
from archive.matching.match_log import CERTAIN, DOUBTFUL, LEFT_OUT, NEW, PERSON, MatchLog, NameMatch
from archive.matching.new_objects import MAX_NAME_CHARS, NewObjects
from organisations.models import Speaker
from statements.drafting.matching import filter_by_role, name_key
from statements.drafting.name_comparison import (
    has_first_name_and_surname,
    have_other_titles,
    is_similar_name,
    strip_titles,
)
from statements.parsing.name_shapes import has_organisation_word, is_name_like

MAX_SUGGESTIONS = 3
GLUED_VERB = re.compile(r"[a-z](?:said|says|added)$|[a-z][A-Z][a-z]+[A-Z]")
"""As where an export lost the space after a link: Dr David Clarkesaid, MinisterEdVaizey."""
NO_FULL_NAME = "It is no full name."


@dataclass(frozen=True)
class SpeakerHint:
    """What a source says of somebody who speaks; `doubt` says why the name is not certain."""

    name: str
    role: str = ""
    organisation: str = ""
    doubt: str = ""


class SpeakerMatcher:
    """Know every speaker by name; the database is read once."""

    def __init__(self, mapping: Mapping, log: MatchLog, new_objects: NewObjects) -> None:
        self.mapping, self.log, self.new_objects = mapping, log, new_objects
        self._by_name: dict[str, list[Speaker]] = {}
        self._by_bare_name: dict[str, list[Speaker]] = {}
        self._source_names: set[str] = set()
        self._by_name_part: dict[str, dict[str, None]] = {}  # → names as printed
        for speaker in Speaker.objects.order_by("pk"):
            self._register(speaker)

    def match(self, hint: SpeakerHint, *, where: str) -> tuple[Speaker | None, str]:
        """Return the speaker, or nobody and why; "" where the mapping leaves the name out."""
        mapped = self.mapping.people.get(hint.name)
        if mapped == "":
            self._log(hint.name, LEFT_OUT, where, why="The mapping says so.")
            return None, ""
        name = mapped or hint.name
        speaker, why = self._find(name, hint.role)
        if speaker is None and not why:
            why = "" if mapped else self._find_doubt(hint)
            speaker = None if why else self._create(name, hint)
            if speaker is not None:
                self._log(hint.name, NEW, where, speaker.name)
                return speaker, ""
        if speaker is None:
            perhaps = self.suggest(name)
            self._log(hint.name, DOUBTFUL, where, why=why, perhaps=perhaps)
            return None, _join_sentences(why, perhaps)
        self._log(hint.name, CERTAIN, where, speaker.name, why=why)
        return speaker, ""

    def is_known(self, name: str) -> bool:
        bare = strip_titles(name)
        return (
            name in self.mapping.people or bare in self._by_bare_name or bare in self._source_names
        )

    def learn_source_name(self, name: str) -> None:
        """Remember a name from a field for people."""
        if has_first_name_and_surname(name) and not has_organisation_word(name):
            self._source_names.add(strip_titles(name))
        self._learn_parts(name)

    def _learn_parts(self, name: str) -> None:
        for part in strip_titles(name).split():
            self._by_name_part.setdefault(part, {})[name] = None

    def suggest(self, name: str) -> tuple[str, ...]:
        """Return full names that this name may be a part or another form of."""
        bare = strip_titles(name)
        words = bare.split()
        if not words:
            return ()
        names = self._by_name_part.get(words[-1], {})
        if len(words) > 1:
            names = {known: None for known in names if is_similar_name(strip_titles(known), bare)}
        return tuple(known for known in names if known != name)[:MAX_SUGGESTIONS]

    def _find(self, name: str, role: str) -> tuple[Speaker | None, str]:
        """Return the one known speaker of this name, or why none of several is certain."""
        if exact := self._by_name.get(name_key(name)):
            return self._choose(exact, role)
        bare = strip_titles(name)
        if " " not in bare:  # a surname alone is not enough
            return None, ""
        similar = self._by_bare_name.get(bare, [])
        if len(similar) == 1 and not have_other_titles(similar[0].name, name):
            return similar[0], "The names differ in titles or letters after the name."
        return None, ""

    def _choose(self, speakers: list[Speaker], role: str) -> tuple[Speaker | None, str]:
        if len(speakers) == 1:
            return speakers[0], ""
        in_role = [
            speaker
            for speaker in speakers
            if role and speaker.pk and filter_by_role(speaker.appointments.all(), role)
        ]
        if len(in_role) == 1:
            return in_role[0], f"{len(speakers)} are called so: the one with this role was taken."
        return None, f"{len(speakers)} speakers are called so."

    def _find_doubt(self, hint: SpeakerHint) -> str:
        """Return why nobody new may be made of this name."""
        if hint.doubt:
            return hint.doubt
        if not has_first_name_and_surname(hint.name):
            return NO_FULL_NAME
        if has_organisation_word(hint.name) or not is_name_like(re.split(r"[\s,]+", hint.name)):
            return "It may not be a person."
        if GLUED_VERB.search(hint.name):
            return "Words of the source ran together in it."
        if self.suggest(hint.name):
            return "It may be somebody we know."
        return "" if self.mapping.make_names else "The mapping makes nobody new."

    def _create(self, name: str, hint: SpeakerHint) -> Speaker:
        name = name[:MAX_NAME_CHARS]
        slug = self.new_objects.choose_slug(Speaker, name, words=[hint.organisation, hint.role])
        speaker = Speaker(name=name, slug=slug)
        self._register(speaker)
        self.new_objects.add(speaker)
        return speaker

    def _register(self, speaker: Speaker) -> None:
        self._by_name.setdefault(name_key(speaker.name), []).append(speaker)
        self._by_bare_name.setdefault(strip_titles(speaker.name), []).append(speaker)
        self._learn_parts(speaker.name)

    def _log(
        self,
        name: str,
        how: str,
        where: str,
        matched_to: str = "",
        *,
        why: str = "",
        perhaps: tuple[str, ...] = (),
    ) -> None:
        self.log.add(NameMatch(PERSON, name, matched_to, how, why, perhaps, where=where))


def _join_sentences(why: str, perhaps: tuple[str, ...]) -> str:
    return f"{why} Perhaps {' or '.join(perhaps)}." if perhaps else why
