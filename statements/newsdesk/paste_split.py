"""“This looks like 3 passages by Dave Hill”: what was pasted, by voice, for the form to fill in.

Nothing is written and nobody is made: a person who is not on the books stays in the line before
the words.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

from statements.drafting.matching import match_speaker
from statements.models import Passage, Statement
from statements.newsdesk.rich_text import MAX_TEXT_BYTES
from statements.parsing.clipboard import clean_html
from statements.parsing.draft import DraftPassage
from statements.parsing.html_paragraphs import split_html_paragraphs
from statements.parsing.passages import parse_passages


def split_paste(request: HttpRequest, *, day: dt.date) -> HttpResponseBase:
    """The passages of the POSTed words, the people matched, and sentences about both."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    source = request.POST.get("words", "")
    if len(source.encode(errors="replace")) > MAX_TEXT_BYTES:
        return JsonResponse({"passages": [], "sentence": "", "told": []})
    passages, told = parse_passages(split_html_paragraphs(clean_html(source)))
    rows = []
    speaking = None
    statement = Statement(language=request.POST.get("language") or "en")  # never saved
    for piece in passages:
        row, speaking = _build_row(piece, statement, speaking, told, day)
        rows.append(row)
    return JsonResponse(
        {
            "passages": rows if _is_worth_splitting(passages) else [],
            "sentence": _describe_passages(passages),
            "told": list(dict.fromkeys(told)),
        }
    )


def _build_row(piece: DraftPassage, statement: Statement, speaking, told: list[str], day: dt.date):
    speaker, role = match_speaker(piece, day=day)
    if piece.is_quoted and piece.speaker_name and speaker is None:
        told.append(
            f"{piece.speaker_name} is not among the speakers, so nobody is chosen: the line "
            "before the words stays. Choose or add the speaker."
        )
    row = {
        "heading": piece.heading,
        "attribution": piece.attribution,
        "speaker": speaker and {"id": speaker.pk, "text": str(speaker)},
        "appointment": role and {"id": role.pk, "text": str(role)},
        "body": "\n".join(piece.blocks),
    }
    if speaker is not None:
        passage = Passage(statement=statement, speaker=speaker, appointment=role)
        written = passage.content(new_voice=speaker != speaking)["attribution"]
        if written == piece.attribution:
            row["attribution"] = ""  # the page writes the same by itself
    elif piece.is_quoted:
        row["body"] = "\n".join(_add_quotation_marks(piece))
    return row, speaker or speaking


def _add_quotation_marks(piece: DraftPassage) -> list[str]:
    """Words without a speaker keep marks, or nobody would see that they are quoted."""
    last = len(piece.blocks) - 1
    return [
        block.replace("<p>", "<p>“", 1).replace("</p>", "”</p>" if place == last else "</p>", 1)
        for place, block in enumerate(piece.blocks)
    ]


def _is_worth_splitting(passages: list[DraftPassage]) -> bool:
    return len(passages) > 1 or any(
        piece.is_quoted and (piece.attribution or piece.heading) for piece in passages
    )


def _describe_passages(passages: list[DraftPassage]) -> str:
    names = list(dict.fromkeys(one.speaker_name for one in passages if one.speaker_name))
    number = "one passage" if len(passages) == 1 else f"{len(passages)} passages"
    if not names:
        return f"This looks like {number}."
    by = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    narrated = " and narration" if any(not one.is_quoted for one in passages) else ""
    return f"This looks like {number} by {by}{narrated}."
