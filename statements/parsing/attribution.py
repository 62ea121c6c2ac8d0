"""Parse an attribution into name, role and organisation.

Only what the line states plainly is read. The line itself is kept word for word, so a part that is
left empty loses nothing, and a wrong one would be a claim that the document does not make.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from organisations.name_words import HONORIFICS, OTHER_WORDS, POST_NOMINALS, ROLE
from statements.parsing.person_names import (
    is_full_name,
    is_long_name,
    is_name_without_capitals,
    is_part_of_name,
    split_titles,
)
from statements.parsing.roles import MODIFIERS, is_organisation, split_description

MAX_ATTRIBUTION_CHARS = 400
SPEECH_VERBS = (
    "said|says|commented|comments|added|adds|stated|states|explained|explains|responded"
    "|continued|concluded|replied"
    "|declared|remarked|noted|argued|warned|told [^,:]+|wrote(?: to [^,:]+)?"
    "|a déclaré|a dit|a ajouté|sagte|erklärte|dijo|ha dichiarato"
)
BEFORE_VERB = r"(?:(?:has|have|also|then|today|further|later)\s+)*"
SUBJECT_FIRST = re.compile(
    rf"^(?P<who>.+?)(?P<comma>,?)\s+{BEFORE_VERB}(?:{SPEECH_VERBS})"
    r"(?P<rest>\s+(?:in|on|at|after|before|during|today|yesterday|this|last|to)\b[^:]{0,150})?"
    r"\s*(?P<colon>[:,–—-]?)$",
    re.IGNORECASE,
)
VERB_FIRST = re.compile(
    r"^(?:.*[,،]\s*)?(?:(?:dywedodd|meddai|ychwanegodd|dwedodd)"
    r"|و?(?:قالت?|صرحت?|صرّحت?|أضافت?))\s+(?P<who>.+?)\s*:$",
    re.IGNORECASE,
)
GLUED_VERB = re.compile(r"(?:said|says|added)$", re.IGNORECASE)  # "Ann Leesaid:"
OTHERS_WORDS = re.compile(rf"\b(?:that|behalf|{SPEECH_VERBS})\b", re.IGNORECASE)
PRONOUNS = {"he", "she", "they", "he or she", "ef", "hi", "fe"}
PARTIAL_NAME_DOUBT = "“{}” is only a part of a name."
LABEL_DOUBT = "“{}:” does not say that somebody speaks."
LONG_NAME_DOUBT = "“{}” may be more than a name."
SCRIPT_DOUBT = "“{}” is in a script that does not mark names."


@dataclass(frozen=True)
class AttributedSpeaker:
    """The speaker of an attribution; a part that the line does not give is empty.

    With a `doubt` the name is only a hint.
    """

    name: str = ""
    role: str = ""
    organisation_name: str = ""
    organisation_in_text: str = ""
    doubt: str = ""


@dataclass
class EarlierSpeakers:
    """Who was named so far, for “She added:” and “Mr Hill said:”."""

    texts: tuple[str, ...] = ()  # the whole document, which may name others with that surname
    only_one: AttributedSpeaker | None = None  # who a pronoun means: nobody else was named since
    _by_name: dict[str, AttributedSpeaker] = field(default_factory=dict)
    _by_surname: dict[str, dict[str, AttributedSpeaker]] = field(default_factory=dict)

    def add(self, speaker: AttributedSpeaker) -> None:
        _, words = split_titles(speaker.name.casefold())
        self._by_name[" ".join(words)] = speaker
        self._by_surname.setdefault(words[-1], {})[" ".join(words)] = speaker

    def find(self, who: str) -> AttributedSpeaker | None:
        """Return the speaker that a full name or a surname means, if there is only one."""
        _, words = split_titles(who.casefold())
        if len(words) != 1:
            return self._by_name.get(" ".join(words))
        same_surname = list(self._by_surname.get(words[0], {}).values())
        if len(same_surname) != 1:
            return None
        _, names = split_titles(same_surname[0].name.casefold())
        others = self._words_before_names.get(words[0], set()) - {*names}
        return None if others else same_surname[0]

    @cached_property
    def _words_before_names(self) -> dict[str, set[str]]:
        """Return the capitalised words before each capitalised word of the document."""
        found: dict[str, set[str]] = {}
        for text in self.texts:
            words = re.findall(r"[\w’'-]+|[^\w\s.]", text)
            for before, word in pairwise(words):
                if word[0].isupper() and before[0].isupper():
                    name = re.sub(r"[’']s?$", "", word.casefold())
                    found.setdefault(name, set()).add(before.casefold())
        ignored = HONORIFICS | OTHER_WORDS
        return {name: befores - ignored for name, befores in found.items()}


@dataclass(frozen=True)
class _SentenceSubject:
    """The words before (or after) the verb of a line."""

    text: str
    has_comma_after: bool = True  # "Dave Hill, President, said": nothing is left open
    has_colon: bool = True
    has_verb: bool = True


def parse_attribution(
    line: str, earlier: EarlierSpeakers | None = None
) -> AttributedSpeaker | None:
    """Return the speaker that the line before a quotation introduces, None if it is no such line.

    A line that introduces somebody without naming one person gives a speaker without a name.
    """
    if len(line) > MAX_ATTRIBUTION_CHARS or (subject := _find_subject(line)) is None:
        return None
    earlier = earlier or EarlierSpeakers()
    if subject.text.casefold() in PRONOUNS:
        return earlier.only_one or AttributedSpeaker()
    speaker = _parse_subject(subject)
    if not speaker.name:
        return speaker
    known = earlier.find(speaker.name)
    if known is None or (not speaker.doubt and speaker.role):
        return speaker
    return known


def _find_subject(line: str) -> _SentenceSubject | None:
    if match := VERB_FIRST.match(line):
        return _SentenceSubject(match["who"])
    if match := SUBJECT_FIRST.match(line):
        if OTHERS_WORDS.search(match["rest"] or ""):
            return _SentenceSubject("")  # somebody speaks, and perhaps of what another said
        return _SentenceSubject(
            match["who"].strip(), bool(match["comma"]), has_colon=match["colon"] in (":", ",")
        )
    if line.endswith(":"):
        label = line[:-1].strip()
        return _SentenceSubject("" if GLUED_VERB.search(label) else label, has_verb=False)
    return None


def _parse_subject(subject: _SentenceSubject) -> AttributedSpeaker:
    text = re.sub(r"^([^,(]+) \(([^()]+)\)$", r"\1, \2", subject.text)  # "Dave Hill (President)"
    segments = [part.strip() for part in re.split(r"[,،]\s+", text) if part.strip()]
    named = {
        index: speaker
        for index, segment in enumerate(segments)
        if (speaker := _parse_named_segment(segment, subject))
    }
    if len(named) != 1 or _names_another(segments):
        return AttributedSpeaker()
    [(place, speaker)] = named.items()
    before, after = segments[:place], segments[place + 1 :]
    if len(after) > 1 and POST_NOMINALS.match(after[0]):
        after = after[1:]
    if before and (not subject.has_colon or not subject.has_verb):
        return AttributedSpeaker()
    if after and not speaker.doubt and not _describes_speaker(subject, before, after):
        return AttributedSpeaker()
    if not after and not speaker.role and is_long_name(speaker.name):
        speaker = replace(speaker, doubt=LONG_NAME_DOUBT.format(speaker.name))
    if after and speaker.role:
        return replace(speaker, role="")  # "Prime Minister Ann Lee, Leader of the Party"
    if not after and len(before) == 1 and subject.has_comma_after:
        return _add_description(speaker, before[0])
    return _add_description(speaker, ", ".join(after))


def _parse_named_segment(text: str, subject: _SentenceSubject) -> AttributedSpeaker | None:
    """Parse "Dave Hill", "Dave Hill of the ADCS", "Prime Minister Ann Lee" or "Mr Hill"."""
    bare = re.sub(r"^the\s+", "", text, flags=re.IGNORECASE)
    if is_full_name(bare):
        is_label = not subject.has_verb and subject.text == text
        return AttributedSpeaker(bare, doubt=LABEL_DOUBT.format(bare) if is_label else "")
    match = re.fullmatch(r"(.+?) (?:of|from|at) (.+)", bare)
    if match and is_full_name(match[1]) and is_organisation(match[2]):
        return _make_speaker(match[1], "", match[2])
    if speaker := _parse_role_and_name(bare):
        return speaker
    if subject.has_verb and is_part_of_name(bare) and subject.text == text:
        return AttributedSpeaker(bare, doubt=PARTIAL_NAME_DOUBT.format(bare))
    if is_name_without_capitals(bare) and subject.text.startswith(text):
        return AttributedSpeaker(bare, doubt=SCRIPT_DOUBT.format(bare))
    return None


def _parse_role_and_name(text: str) -> AttributedSpeaker | None:
    """Parse "Prime Minister Ann Lee". Of "ADCS President Ann Lee" only the name is certain."""
    words = text.split()
    places = [index for index, word in enumerate(words) if ROLE.fullmatch(word)]
    if not places:
        return None
    start = places[-1] + 1
    if words[start : start + 1] == ["General"]:  # an Attorney General, no officer
        start += 1
    title, name = words[:start], " ".join(words[start:])
    titles, bare_name = split_titles(name)
    if not is_full_name(name) or not (titles or len(bare_name) == 2):
        return None
    if not all(_is_title_word(word) for word in title):
        return None
    is_role_alone = all(ROLE.fullmatch(word) or word.casefold() in MODIFIERS for word in title)
    return AttributedSpeaker(name, " ".join(title) if is_role_alone else "")


def _is_title_word(word: str) -> bool:
    return word[0].isupper() or bool(ROLE.fullmatch(word)) or word.casefold() in MODIFIERS


def _names_another(segments: list[str]) -> bool:
    """Say whether a segment ends with another person: "…, and Jane Smith", "… with Jane Smith"."""
    ends = [re.split(r"\b(?:and|with|alongside|a|ac|et|und)\s+", part)[1:] for part in segments]
    if any(_begins_with_person(part) for part in segments[:-1]):
        return True
    return any(
        is_full_name(end) or _parse_role_and_name(end) is not None
        for parts in ends
        for end in parts
    )


def _begins_with_person(text: str) -> bool:
    """Say whether words before the name are those of another: "Ann Lee and the Chair, …"."""
    start, *rest = re.split(r"\s+(?:and|with|alongside|a|ac|et|und)\s+", text, maxsplit=1)
    return bool(rest) and is_full_name(start)


def _describes_speaker(subject: _SentenceSubject, before: list[str], after: list[str]) -> bool:
    """Say whether what follows the name says who that is, and not who speaks instead."""
    description = ", ".join(after)
    if not subject.has_verb:
        return any(split_description(description))
    if subject.has_comma_after:
        return True
    return not before and not re.match(r"an?\s", description) and _is_role_description(description)


def _is_role_description(text: str) -> bool:
    return any(split_description(text)) or bool(ROLE.search(text.partition(",")[0]))


def _add_description(speaker: AttributedSpeaker, description: str) -> AttributedSpeaker:
    role, organisation = split_description(description)
    if not role and not organisation:
        return speaker
    return replace(_make_speaker(speaker.name, role, organisation), doubt=speaker.doubt)


def _make_speaker(name: str, role: str, organisation: str) -> AttributedSpeaker:
    in_text = re.sub(r"^The ", "the ", organisation)
    bare = re.sub(r"^the |\s*\([^()]*\)$", "", in_text)
    return AttributedSpeaker(name, role, bare, in_text)
