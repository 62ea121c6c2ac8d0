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
from statements.content.languages import get_text_direction
from statements.published.statement_context import Release
from statements.quotations.lookup import LookupResult, QuoteHit
from statements.quotations.matching import QuotablePiece, QuoteMatch, TextSpan
from statements.quotations.normalise import has_same_punctuation
from statements.quotations.source import find_source

CONTEXT_CHARS = 140  # characters shown before and after the words
MAX_BETWEEN_CHARS = (
    4_000  # characters shown from the first words to the last, where some were left out
)
PLACE_LABELS = {
    "headline": "in the headline",
    "summary": "in the summary",
    "heading": "as a sub-heading",
    "attribution": "as the line that says who speaks",
    "words": "in the text, where nobody is quoted",
    "notes": "in the notes to editors",
}
VERDICT_TITLES = {
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
LEFT_OUT_TITLE = "Yes, with words left out"
CUT_OUT_TITLE = "Yes, the words of the quotation are in our record"


@dataclass(frozen=True)
class VerdictVoice:
    """Who said it, named as on the day, or wrote it; `how` says which."""

    label: str
    name: str
    role: str = ""
    source: str = ""
    lead: str = ""


@dataclass(frozen=True)
class VerdictResult:
    """One statement in which the words stand, or the nearest ones."""

    kind: str
    tag: str
    voices: list[VerdictVoice]
    url: str
    current_url: str
    headline: str
    language: str
    direction: str
    published_at: dt.datetime
    edition_label: str
    later_releases: Sequence[Release]
    notice: str
    excerpt_html: SafeString
    remarks: list[str]


@dataclass(frozen=True)
class Verdict:
    """`best` is the result that the verdict is about, none where the words were not found."""

    kind: str
    title: str
    results: list[VerdictResult]
    best: VerdictResult | None = None
    has_more: bool = False
    ignored_text: str = ""
    query_html: SafeString | str = ""


def build_verdict(answer: LookupResult) -> Verdict:
    """Of several statements, the verdict is about the one in which the words stand best."""
    aside = answer.candidate.ignored_text
    if answer.hits:
        results = [_build_result(said, answer.candidate.text) for said in answer.hits]
        best = min(results, key=lambda one: [*VERDICT_TITLES].index(one.kind))
        left_out = len(answer.hits[results.index(best)].match.parts) > 1
        title = VERDICT_TITLES[best.kind]
        if best.kind in ("yes", "written") and (left_out or aside):
            title = LEFT_OUT_TITLE if left_out else CUT_OUT_TITLE
        return Verdict(best.kind, title, results, best, answer.has_more, aside)
    if answer.nearest:
        said, near = answer.nearest
        result = _to_result(
            said, "near", [_build_voice([near.piece])], near.piece, near.recorded_html, []
        )
        return Verdict(
            "near", VERDICT_TITLES["near"], [result], ignored_text=aside, query_html=near.asked_html
        )
    kind = "none" if answer.is_sure else "unsure"
    return Verdict(kind, VERDICT_TITLES[kind], [], ignored_text=aside)


def _build_result(said: QuoteHit, asked: str) -> VerdictResult:
    stretches = said.match.spans
    voices = [
        _build_voice([one.piece for one in run], list(run))
        for _, run in (
            (key, list(run)) for key, run in groupby(stretches, key=lambda one: one.piece.run)
        )
    ]
    return _to_result(
        said,
        _classify_hit(said),
        voices,
        stretches[0].piece,
        _render_excerpt(said.match),
        _build_remarks(said, asked),
    )


def _classify_hit(said: QuoteHit) -> str:
    if not said.match.is_one_quotation:
        return "split"
    if said.notice:
        return "withdrawn"
    if said.releases and said.releases[-1].amendment == "retraction":
        return "retracted"
    if not said.readable.is_current:
        return "changed"
    if said.match.is_within_quotation:
        return "quoted"
    return "yes" if said.match.spans[0].piece.speaker else "written"


def _to_result(
    said: QuoteHit,
    kind: str,
    voices: list[VerdictVoice],
    piece: QuotablePiece,
    shown: SafeString,
    remarks: list[str],
) -> VerdictResult:
    edition = said.readable.edition
    place = next((r for r in said.releases if r.edition_id == edition.pk), None)
    number = place.number if place else 1
    current = address = reverse("statements:detail", kwargs={"slug": edition.slug})
    if not said.readable.is_current and number < len(said.releases):  # not under a notice itself
        address = reverse("statements:edition", kwargs={"slug": edition.slug, "number": number})
    publisher = edition.content_data["organisation"]["name"]
    assert edition.first_release_at, "What may be read was released."
    return VerdictResult(
        kind=kind,
        tag=_format_tag(said),
        voices=[one if one.name else _with_name(one, publisher) for one in voices],
        url=f"{address}#quote-{piece.number}" if piece.number else address,
        current_url=current,
        headline=edition.headline,
        language=edition.language,
        direction=get_text_direction(edition.language),
        published_at=edition.first_release_at,
        edition_label=_format_edition_label(said, place),
        later_releases=[
            r for r in said.releases if r.number > number or r.amendment == "retraction"
        ],
        notice=said.notice.text if said.notice else "",
        excerpt_html=shown,
        remarks=remarks,
    )


def _with_name(voice: VerdictVoice, publisher: str) -> VerdictVoice:
    return VerdictVoice(voice.label, publisher, voice.role, voice.source, voice.lead)


def _format_tag(said: QuoteHit) -> str:
    """Whether the edition stands, in a word or two."""
    if said.notice:
        return "Withdrawn"
    if said.releases and said.releases[-1].amendment == "retraction":
        return "Retracted"
    return "Stands" if said.readable.is_current else "Earlier wording"


def _format_edition_label(said: QuoteHit, place: Release | None) -> str:
    count = len(said.releases)
    if place is None or count == 1:
        return "The only edition"
    which = f"Edition {place.number} of {count}"
    return f"{which}, the current one" if said.readable.is_current else which


# --- Who ------------------------------------------------------------------------------------------


def _build_voice(
    pieces: Sequence[QuotablePiece], stretches: Sequence[TextSpan] = ()
) -> VerdictVoice:
    first = pieces[0]
    within = bool(stretches) and all(one.is_within_quotation for one in stretches)
    name, role = "", ""
    if first.speaker:
        name, role = first.speaker["name"], describe_role(first.speaker)
    if within:
        source = find_source(stretches[0])
        return VerdictVoice("Quoted by", name, role, source.name, source.lead_in)
    if first.speaker:
        return VerdictVoice("Said by", name, role)
    return VerdictVoice("Written by", "", PLACE_LABELS[first.kind])


def _build_remarks(said: QuoteHit, asked: str) -> list[str]:
    found = []
    if len({id(one.piece) for one in said.match.spans}) > 1:
        found.append("These words run over more than one paragraph, or line, of the page.")
    if len(said.match.parts) > 1 and said.match.is_one_quotation:
        left_out = (
            "is long, and marked with …: read it in its place to see"
            if _is_long(said.match)
            else "stands between the marked words: see"
        )
        found.append(
            f"The parts stand in this order, in one passage. What was left out {left_out} whether "
            "it changes the meaning."
        )
    elif not has_same_punctuation(asked, "\n".join(one.text for one in said.match.spans)):
        found.append("The words are the same; the punctuation is not.")
    if not said.match.is_within_quotation and any(
        a < one.end and one.start < b and not (one.start <= a and b <= one.end)
        for one in said.match.spans
        for a, b in one.piece.quotations
    ):
        found.append("A part of these words stands in quotation marks there: look whose they are.")
    return found


# --- The words ------------------------------------------------------------------------------------


def _render_excerpt(found: QuoteMatch) -> SafeString:
    """The words as they stand, marked, with all that stands between them in one passage, and a
    little of what is round them."""
    marked = {piece: list(run) for piece, run in groupby(found.spans, lambda one: one.piece)}
    through = _shown_paragraphs(found)
    pieces, paragraphs = through or list(marked), []
    for piece in pieces:
        said, at = "", 0
        for one in marked.get(piece, ()):
            before = piece.text[at : one.start]
            is_between = at or (through and piece is not through[0])
            said += _escape(before if is_between else _shorten_before(before))
            said += f"<mark>{_escape(one.text)}</mark>"
            at = one.end
        after = piece.text[at:]
        goes_on = through and piece is not through[-1]
        said += _escape(after if goes_on else _shorten_after(after))
        paragraphs.append(f"<p>{said}</p>")
    return mark_safe("\n".join(paragraphs))  # noqa: S308 - every text in it was escaped here


def _shown_paragraphs(found: QuoteMatch) -> list[QuotablePiece]:
    """The paragraphs from the first words to the last, where they are not too many to be shown."""
    return [] if _is_long(found) else _spanned_paragraphs(found)


def _is_long(found: QuoteMatch) -> bool:
    return sum(len(piece.text) for piece in _spanned_paragraphs(found)) > MAX_BETWEEN_CHARS


def _spanned_paragraphs(found: QuoteMatch) -> list[QuotablePiece]:
    """Nothing where nobody said it all in one passage."""
    if not found.voice_pieces:
        return []
    first, last = (found.voice_pieces.index(found.spans[end].piece) for end in (0, -1))
    return found.voice_pieces[first : last + 1]


def _shorten_before(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else "… " + text[-CONTEXT_CHARS:].partition(" ")[2]


def _shorten_after(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[:CONTEXT_CHARS].rpartition(" ")[0] + " …"


def _escape(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
