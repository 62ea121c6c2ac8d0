"""Find the speaker that a document names. Where that is not certain, a person chooses."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from organisations.models import Speaker, begins_with
from organisations.name_keys import make_family_key, make_given_key
from statements.drafting.matching import ANY, filter_by_role, name_key
from statements.drafting.name_comparison import (
    has_first_name_and_surname,
    have_other_titles,
    is_similar_name,
    strip_titles,
)

MAX_NAMES_IN_MESSAGE = 3
MAX_CANDIDATES = 500


@dataclass(frozen=True)
class SpeakerSearch:
    """The speaker found, or nobody; `may_be_new` where nobody known could be meant."""

    speaker: Speaker | None
    message: str = ""
    may_be_new: bool = False


def search_speaker(name: str, role: str = "", usable: Q = ANY) -> SpeakerSearch:
    """Return the one speaker of this name, or a message that says why nobody was chosen.

    The condition leaves out those that may not be used.
    """
    speakers = _load_candidates(name, usable)
    exact = [speaker for speaker in speakers if name_key(speaker.name) == name_key(name)]
    bare = strip_titles(name)
    if not exact and " " in bare:
        exact = [
            speaker
            for speaker in speakers
            if strip_titles(speaker.name) == bare and not have_other_titles(speaker.name, name)
        ]
    if exact:
        return _choose(exact, name, role)
    if not has_first_name_and_surname(name):
        return _search_part(name, speakers)
    similar = [speaker for speaker in speakers if is_similar_name(strip_titles(speaker.name), bare)]
    if similar:
        return SpeakerSearch(
            None,
            _("“%(name)s” may be %(names)s. Choose the speaker.")
            % {"name": name, "names": _list_names(similar)},
        )
    return SpeakerSearch(None, may_be_new=True)


def _load_candidates(name: str, usable: Q) -> list[Speaker]:
    """Return the speakers who have the same last word in their name, found by the index."""
    condition = Q(given_key=make_given_key(name))
    if family_name := make_family_key(name).split()[:1]:
        condition |= Q(family_key=family_name[0]) | begins_with("family_key", f"{family_name[0]} ")
    rows = Speaker.objects.filter(condition).filter(usable).order_by("pk")
    return list(rows.prefetch_related("appointments")[:MAX_CANDIDATES])


def _choose(speakers: list[Speaker], name: str, role: str) -> SpeakerSearch:
    if len(speakers) == 1:
        return SpeakerSearch(
            speakers[0], _("%(speakers)s was found among the speakers.") % {"speakers": speakers[0]}
        )
    in_role = [
        speaker for speaker in speakers if role and filter_by_role(speaker.appointments.all(), role)
    ]
    if len(in_role) == 1:
        return SpeakerSearch(
            in_role[0],
            _("%(count)d speakers are called %(name)s: the one with this role was taken.")
            % {"count": len(speakers), "name": in_role[0]},
        )
    said = _("%(count)d speakers are called %(name)s. Choose the speaker.")
    return SpeakerSearch(None, said % {"count": len(speakers), "name": name})


def _search_part(name: str, speakers: list[Speaker]) -> SpeakerSearch:
    """Find somebody by a surname, if only one person has it."""
    words = strip_titles(name).split()
    is_surname = len(words) == 1
    same_surname = [
        speaker
        for speaker in speakers
        if words and strip_titles(speaker.name).split()[-1:] == words[-1:]
    ]
    if is_surname and len(same_surname) == 1 and not have_other_titles(same_surname[0].name, name):
        found = same_surname[0]
        return SpeakerSearch(
            found,
            _("“%(name)s” was taken for %(found)s, the only speaker of that surname: check it.")
            % {"name": name, "found": found},
        )
    said = (
        _("“%(name)s” is no full name. It may be %(names)s. Choose the speaker.")
        if same_surname
        else _("“%(name)s” is no full name. Choose the speaker.")
    )
    return SpeakerSearch(None, said % {"name": name, "names": _list_names(same_surname)})


def _list_names(speakers: list[Speaker]) -> str:
    return _(" or ").join(speaker.name for speaker in speakers[:MAX_NAMES_IN_MESSAGE])
