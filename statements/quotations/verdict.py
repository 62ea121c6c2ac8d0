"""The answer to a quotation that was checked, in sentences: plain data for the page. No queries.

A yes begins with Yes, and nothing else does: near is never a yes.
"""

import datetime as dt
import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from statements.content.byline import describe_role
from statements.content.languages import direction
from statements.published.statement_context import Release
from statements.quotations.lookup import Answer, Said
from statements.quotations.matching import Found, Piece, Stretch
from statements.quotations.normalise import same_punctuation
from statements.quotations.source import source_of

CONTEXT = 140  # characters shown before and after the words
MOST_BETWEEN = 4_000  # characters shown from the first words to the last, where some were left out
WRITTEN_IN = {
    "headline": "in the headline",
    "summary": "in the summary",
    "heading": "as a sub-heading",
    "attribution": "as the line that says who speaks",
    "words": "in the text, where nobody is quoted",
    "notes": "in the notes to editors",
}
TITLES = {
    "yes": "Yes, these words are in our record",
    "written": "Yes, these words are in our record",
    "quoted": "Yes, but quoted there from somebody else",
    "changed": "Yes, but this wording was changed since",
    "withdrawn": "Yes, but the statement was withdrawn",
    "retracted": "Yes, but the statement was retracted",
    "split": "Not as one quotation",
    "near": "No, not in these words",
    "none": "Not found in our record",
    "unsure": "We cannot tell",
}
LEFT_OUT = "Yes, with words left out"
CUT_OUT = "Yes, the words of the quotation are in our record"


@dataclass(frozen=True)
class Voice:
    """Who said it, named as on the day, or wrote it; `how` says which."""

    how: str
    name: str
    role: str = ""
    source: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Result:
    """One statement in which the words stand, or the nearest ones."""

    kind: str
    tag: str
    voices: list[Voice]
    address: str
    current_address: str
    headline: str
    language: str
    direction: str
    published: dt.datetime
    edition: str
    since: Sequence[Release]
    notice: str
    shown: SafeString
    remarks: list[str]


@dataclass(frozen=True)
class Verdict:
    """`best` is the result that the verdict is about, none where the words were not found."""

    kind: str
    title: str
    results: list[Result]
    best: Result | None = None
    more: bool = False
    aside: str = ""
    asked: SafeString | str = ""


def verdict(answer: Answer) -> Verdict:
    """Of several statements, the verdict is about the one in which the words stand best."""
    aside = answer.asked.aside
    if answer.said:
        results = [_result(said, answer.asked.text) for said in answer.said]
        best = min(results, key=lambda one: [*TITLES].index(one.kind))
        left_out = len(answer.said[results.index(best)].found.parts) > 1
        title = TITLES[best.kind]
        if best.kind in ("yes", "written") and (left_out or aside):
            title = LEFT_OUT if left_out else CUT_OUT
        return Verdict(best.kind, title, results, best, answer.more, aside)
    if answer.near:
        said, near = answer.near
        result = _placed(said, "near", [_voice([near.piece])], near.piece, near.recorded, [])
        return Verdict("near", TITLES["near"], [result], aside=aside, asked=near.asked)
    kind = "none" if answer.is_sure else "unsure"
    return Verdict(kind, TITLES[kind], [], aside=aside)


def _result(said: Said, asked: str) -> Result:
    stretches = said.found.stretches
    voices = [
        _voice([one.piece for one in run], list(run))
        for _, run in (
            (key, list(run)) for key, run in groupby(stretches, key=lambda one: one.piece.run)
        )
    ]
    return _placed(
        said,
        _kind(said),
        voices,
        stretches[0].piece,
        _shown(said.found),
        _remarks(said, asked),
    )


def _kind(said: Said) -> str:
    if not said.found.is_one_quotation:
        return "split"
    if said.notice:
        return "withdrawn"
    if said.releases and said.releases[-1].amendment == "retraction":
        return "retracted"
    if not said.standing.is_current:
        return "changed"
    if said.found.is_within_quotation:
        return "quoted"
    return "yes" if said.found.stretches[0].piece.speaker else "written"


def _placed(
    said: Said,
    kind: str,
    voices: list[Voice],
    piece: Piece,
    shown: SafeString,
    remarks: list[str],
) -> Result:
    edition = said.standing.edition
    place = next((r for r in said.releases if r.edition_id == edition.pk), None)
    number = place.number if place else 1
    current = address = reverse("statements:detail", kwargs={"slug": edition.slug})
    if not said.standing.is_current and number < len(said.releases):  # not under a notice itself
        address = reverse("statements:edition", kwargs={"slug": edition.slug, "number": number})
    publisher = edition.words["organisation"]["name"]
    assert edition.first_release_at, "What may be read was released."
    return Result(
        kind=kind,
        tag=_tag(said),
        voices=[one if one.name else _by(one, publisher) for one in voices],
        address=f"{address}#quote-{piece.number}" if piece.number else address,
        current_address=current,
        headline=edition.headline,
        language=edition.language,
        direction=direction(edition.language),
        published=edition.first_release_at,
        edition=_edition(said, place),
        since=[r for r in said.releases if r.number > number or r.amendment == "retraction"],
        notice=said.notice.text if said.notice else "",
        shown=shown,
        remarks=remarks,
    )


def _by(voice: Voice, publisher: str) -> Voice:
    return Voice(voice.how, publisher, voice.role, voice.source, voice.lead)


def _tag(said: Said) -> str:
    """Whether the edition stands, in a word or two."""
    if said.notice:
        return "Withdrawn"
    if said.releases and said.releases[-1].amendment == "retraction":
        return "Retracted"
    return "Stands" if said.standing.is_current else "Earlier wording"


def _edition(said: Said, place: Release | None) -> str:
    count = len(said.releases)
    if place is None or count == 1:
        return "The only edition"
    which = f"Edition {place.number} of {count}"
    return f"{which}, the current one" if said.standing.is_current else which


# --- Who ------------------------------------------------------------------------------------------


def _voice(pieces: Sequence[Piece], stretches: Sequence[Stretch] = ()) -> Voice:
    first = pieces[0]
    within = bool(stretches) and all(one.is_within_quotation for one in stretches)
    name, role = "", ""
    if first.speaker:
        name, role = first.speaker["name"], describe_role(first.speaker)
    if within:
        source = source_of(stretches[0])
        return Voice("Quoted by", name, role, source.who, source.sentence)
    if first.speaker:
        return Voice("Said by", name, role)
    return Voice("Written by", "", WRITTEN_IN[first.what])


def _remarks(said: Said, asked: str) -> list[str]:
    found = []
    if len({id(one.piece) for one in said.found.stretches}) > 1:
        found.append("These words run over more than one paragraph, or line, of the page.")
    if len(said.found.parts) > 1 and said.found.is_one_quotation:
        left_out = (
            "is long, and marked with …: read it in its place to see"
            if _is_long(said.found)
            else "stands between the marked words: see"
        )
        found.append(
            f"The parts stand in this order, in one passage. What was left out {left_out} whether "
            "it changes the meaning."
        )
    elif not same_punctuation(asked, "\n".join(one.said for one in said.found.stretches)):
        found.append("The words are the same; the punctuation is not.")
    if not said.found.is_within_quotation and any(
        a < one.end and one.start < b and not (one.start <= a and b <= one.end)
        for one in said.found.stretches
        for a, b in one.piece.quotations
    ):
        found.append("A part of these words stands in quotation marks there: look whose they are.")
    return found


# --- The words ------------------------------------------------------------------------------------


def _shown(found: Found) -> SafeString:
    """The words as they stand, marked, with all that stands between them in one passage, and a
    little of what is round them."""
    marked = {piece: list(run) for piece, run in groupby(found.stretches, lambda one: one.piece)}
    through = _through(found)
    pieces, paragraphs = through or list(marked), []
    for piece in pieces:
        said, at = "", 0
        for one in marked.get(piece, ()):
            before = piece.text[at : one.start]
            is_between = at or (through and piece is not through[0])
            said += _escaped(before if is_between else _end_of(before))
            said += f"<mark>{_escaped(one.said)}</mark>"
            at = one.end
        after = piece.text[at:]
        goes_on = through and piece is not through[-1]
        said += _escaped(after if goes_on else _start_of(after))
        paragraphs.append(f"<p>{said}</p>")
    return mark_safe("\n".join(paragraphs))  # noqa: S308 - every text in it was escaped here


def _through(found: Found) -> list[Piece]:
    """The paragraphs from the first words to the last, where they are not too many to be shown."""
    return [] if _is_long(found) else _from_first_to_last(found)


def _is_long(found: Found) -> bool:
    return sum(len(piece.text) for piece in _from_first_to_last(found)) > MOST_BETWEEN


def _from_first_to_last(found: Found) -> list[Piece]:
    """Nothing where nobody said it all in one passage."""
    if not found.row:
        return []
    first, last = (found.row.index(found.stretches[end].piece) for end in (0, -1))
    return found.row[first : last + 1]


def _end_of(text: str) -> str:
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].partition(" ")[2]


def _start_of(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rpartition(" ")[0] + " …"


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
