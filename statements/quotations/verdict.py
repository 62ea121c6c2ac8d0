"""Turn a looked-up quotation into sentences, as plain data for the page. No queries.

Only a yes begins with "Yes": words that are only similar are never a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from statements.content.byline import describe_publishers, describe_role
from statements.content.diff import escape_lines
from statements.content.languages import get_text_direction
from statements.published.statement_context import Release
from statements.quotations.lookup import LookupResult, QuoteHit
from statements.quotations.matching import QuotablePiece, QuoteMatch, TextSpan
from statements.quotations.normalise import has_same_punctuation
from statements.quotations.source import find_source
from statements.release_dates import ReleaseDate

CONTEXT_CHARS = 140  # shown before and after the quotation
MAX_BETWEEN_CHARS = 4_000  # paragraphs shown in full, from the first part to the last
PLACE_LABELS = {  # by the key of the field
    "headline": "in the headline",
    "summary": "in the summary",
    "heading": "as a sub-heading",
    "attribution": "as the line that says who speaks",
    "paragraphs": "in the text, where nobody is quoted",
    "notes_to_editors": "in the notes to editors",
}
VERDICT_TITLES = {  # the best first
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
VERDICT_RANKS = {kind: rank for rank, kind in enumerate(VERDICT_TITLES)}
LEFT_OUT_TITLE = "Yes, with words left out"
CUT_OUT_TITLE = "Yes, the words of the quotation are in our record"


@dataclass(frozen=True)
class VerdictVoice:
    """Who said, quoted or wrote the words (`label` says which), named as on the day."""

    label: str
    name: str
    role: str = ""
    source: str = ""
    lead: str = ""


@dataclass(frozen=True)
class VerdictResult:
    """One statement that contains the words, or the nearest ones."""

    kind: str
    tag: str
    voices: list[VerdictVoice]
    url: str
    current_url: str
    headline: str
    language: str
    direction: str
    published: ReleaseDate
    edition_label: str
    later_releases: Sequence[Release]
    notice: str
    excerpt_html: SafeString
    remarks: list[str]


@dataclass(frozen=True)
class Verdict:
    """The answer; `best` is the result that it is about, None if the words were not found."""

    kind: str
    title: str
    results: list[VerdictResult]
    best: VerdictResult | None = None
    has_more: bool = False
    ignored_text: str = ""
    query_html: SafeString | str = ""


def build_verdict(lookup: LookupResult) -> Verdict:
    """Build the verdict. Of several statements, the best one decides it."""
    ignored = lookup.candidate.ignored_text
    if lookup.hits:
        results = [_build_result(hit, lookup.candidate.text) for hit in lookup.hits]
        best = min(results, key=lambda result: VERDICT_RANKS[result.kind])
        has_omissions = len(lookup.hits[results.index(best)].match.parts) > 1
        title = VERDICT_TITLES[best.kind]
        if best.kind in ("yes", "written") and (has_omissions or ignored):
            title = LEFT_OUT_TITLE if has_omissions else CUT_OUT_TITLE
        return Verdict(best.kind, title, results, best, lookup.has_more, ignored)
    if lookup.nearest:
        hit, nearest = lookup.nearest
        voices = [_build_voice([nearest.piece])]
        result = _to_result(hit, "near", voices, nearest.piece, nearest.recorded_html, [])
        return Verdict(
            "near",
            VERDICT_TITLES["near"],
            [result],
            ignored_text=ignored,
            query_html=nearest.asked_html,
        )
    kind = "none" if lookup.is_sure else "unsure"
    return Verdict(kind, VERDICT_TITLES[kind], [], ignored_text=ignored)


def _build_result(hit: QuoteHit, asked_text: str) -> VerdictResult:
    spans = hit.match.spans
    runs = [list(run) for _, run in groupby(spans, key=lambda span: span.piece.run)]
    return _to_result(
        hit,
        _classify_hit(hit),
        [_build_voice([span.piece for span in run], run) for run in runs],
        spans[0].piece,
        _render_excerpt(hit.match),
        _build_remarks(hit, asked_text),
    )


def _classify_hit(hit: QuoteHit) -> str:
    if not hit.match.is_one_quotation:
        return "split"
    if hit.notice:
        return "withdrawn"
    if _is_retracted(hit):
        return "retracted"
    if not hit.readable.is_current:
        return "changed"
    if hit.match.is_within_quotation:
        return "quoted"
    return "yes" if hit.match.spans[0].piece.speaker else "written"


def _is_retracted(hit: QuoteHit) -> bool:
    return bool(hit.releases) and hit.releases[-1].amendment == "retraction"


def _to_result(
    hit: QuoteHit,
    kind: str,
    voices: list[VerdictVoice],
    piece: QuotablePiece,
    excerpt_html: SafeString,
    remarks: list[str],
) -> VerdictResult:
    edition = hit.readable.edition
    release = next((r for r in hit.releases if r.edition_id == edition.pk), None)
    number = release.number if release else 1
    current_url = url = reverse("statements:detail", kwargs={"slug": edition.slug})
    # The last edition of a withdrawn statement is at the current address, under the notice.
    if not hit.readable.is_current and number < len(hit.releases):
        url = reverse("statements:edition", kwargs={"slug": edition.slug, "number": number})
    publisher = describe_publishers(edition.content_data)
    assert edition.first_released, "A readable edition was released."
    return VerdictResult(
        kind=kind,
        tag=_format_tag(hit),
        voices=[voice if voice.name else replace(voice, name=publisher) for voice in voices],
        url=f"{url}#quote-{piece.number}" if piece.number else url,
        current_url=current_url,
        headline=edition.headline,
        language=edition.language,
        direction=get_text_direction(edition.language),
        published=edition.first_released,
        edition_label=_format_edition_label(hit, release),
        later_releases=[
            r for r in hit.releases if r.number > number or r.amendment == "retraction"
        ],
        notice=hit.notice.text if hit.notice else "",
        excerpt_html=excerpt_html,
        remarks=remarks,
    )


def _format_tag(hit: QuoteHit) -> str:
    if hit.notice:
        return "Withdrawn"
    if _is_retracted(hit):
        return "Retracted"
    return "Stands" if hit.readable.is_current else "Earlier wording"


def _format_edition_label(hit: QuoteHit, release: Release | None) -> str:
    count = len(hit.releases)
    if release is None or count == 1:
        return "The only edition"
    label = f"Edition {release.number} of {count}"
    return f"{label}, the current one" if hit.readable.is_current else label


# --- Voices and remarks ---------------------------------------------------------------------------


def _build_voice(pieces: Sequence[QuotablePiece], spans: Sequence[TextSpan] = ()) -> VerdictVoice:
    first = pieces[0]
    name, role = "", ""
    if first.speaker:
        name, role = first.speaker["name"], describe_role(first.speaker)
    if spans and all(span.is_within_quotation for span in spans):
        source = find_source(spans[0])
        return VerdictVoice("Quoted by", name, role, source.name, source.lead_in)
    if first.speaker:
        return VerdictVoice("Said by", name, role)
    return VerdictVoice("Written by", "", PLACE_LABELS[first.field])


def _build_remarks(hit: QuoteHit, asked_text: str) -> list[str]:
    match = hit.match
    remarks = []
    if len({id(span.piece) for span in match.spans}) > 1:
        remarks.append("These words run over more than one paragraph, or line, of the page.")
    if len(match.parts) > 1 and match.is_one_quotation:
        left_out = (
            "is long, and marked with …: read it in its place to see"
            if _is_long(match)
            else "stands between the marked words: see"
        )
        remarks.append(
            f"The parts stand in this order, in one passage. What was left out {left_out} whether "
            "it changes the meaning."
        )
    elif not has_same_punctuation(asked_text, "\n".join(span.text for span in match.spans)):
        remarks.append("The words are the same; the punctuation is not.")
    if not match.is_within_quotation and any(map(_overlaps_quotation, match.spans)):
        remarks.append(
            "A part of these words stands in quotation marks there: look whose they are."
        )
    return remarks


def _overlaps_quotation(span: TextSpan) -> bool:
    """Tell whether some words of a quotation are in the span, but not all of them."""
    return any(
        a < span.end and span.start < b and not (span.start <= a and b <= span.end)
        for a, b in span.piece.quotations
    )


# --- The excerpt ----------------------------------------------------------------------------------


def _render_excerpt(match: QuoteMatch) -> SafeString:
    """Return the paragraphs with the words marked, cut before the first and after the last.

    If the parts are in one passage, everything between them is shown, unless it is too long.
    """
    spans_by_piece = {
        piece: list(spans) for piece, spans in groupby(match.spans, lambda span: span.piece)
    }
    in_full = [] if _is_long(match) else _spanned_paragraphs(match)
    paragraphs = []
    for piece in in_full or list(spans_by_piece):
        text, position = "", 0
        for span in spans_by_piece.get(piece, ()):
            before = piece.text[position : span.start]
            is_between = position or (in_full and piece is not in_full[0])
            text += escape_lines(before if is_between else _shorten_before(before))
            text += f"<mark>{escape_lines(span.text)}</mark>"
            position = span.end
        after = piece.text[position:]
        is_last = not in_full or piece is in_full[-1]
        text += escape_lines(_shorten_after(after) if is_last else after)
        paragraphs.append(f"<p>{text}</p>")
    return mark_safe("\n".join(paragraphs))  # noqa: S308 - every text in it was escaped here


def _is_long(match: QuoteMatch) -> bool:
    return sum(len(piece.text) for piece in _spanned_paragraphs(match)) > MAX_BETWEEN_CHARS


def _spanned_paragraphs(match: QuoteMatch) -> list[QuotablePiece]:
    if not match.voice_pieces:
        return []
    first, last = (match.voice_pieces.index(match.spans[end].piece) for end in (0, -1))
    return match.voice_pieces[first : last + 1]


def _shorten_before(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else "… " + text[-CONTEXT_CHARS:].partition(" ")[2]


def _shorten_after(text: str) -> str:
    return text if len(text) <= CONTEXT_CHARS else text[:CONTEXT_CHARS].rpartition(" ")[0] + " …"
