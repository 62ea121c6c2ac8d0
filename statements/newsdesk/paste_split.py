"""Split a paste by voice, for the form to fill in, as in “3 passages by Dave Hill”.

Nothing is saved and nobody is added: a person who is not among the speakers stays in the line
before the words.
"""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

from organisations.models import Speaker
from statements.content.source_html import clean_html
from statements.drafting.matching import match_speaker
from statements.models import Passage, Statement
from statements.newsdesk.rich_text import MAX_TEXT_BYTES
from statements.parsing.draft import DraftPassage
from statements.parsing.html_paragraphs import split_html_paragraphs
from statements.parsing.passages import parse_passages


def split_paste(request: HttpRequest, *, day: dt.date) -> HttpResponseBase:
    """Return the passages of a posted text, the speakers it names, and messages about both."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    source = request.POST.get("text", "")
    if len(source.encode(errors="replace")) > MAX_TEXT_BYTES:
        return JsonResponse({"passages": [], "sentence": "", "messages": []})
    passages, messages = parse_passages(split_html_paragraphs(clean_html(source)))
    rows = []
    voice = None
    statement = Statement(language=request.POST.get("language") or "en")  # never saved
    for passage in passages:
        row, speaker = _build_row(passage, statement, voice, day)
        voice = speaker or voice
        rows.append(row)
        if passage.is_quoted and passage.speaker_name and speaker is None:
            messages.append(
                f"{passage.speaker_name} is not among the speakers, so nobody is chosen: the line "
                "before the words stays. Choose or add the speaker."
            )
    return JsonResponse(
        {
            "passages": rows if _is_worth_splitting(passages) else [],
            "sentence": _describe_passages(passages),
            "messages": list(dict.fromkeys(messages)),
        }
    )


def _build_row(
    draft: DraftPassage, statement: Statement, voice: Speaker | None, day: dt.date
) -> tuple[dict[str, Any], Speaker | None]:
    speaker, role = match_speaker(draft, day=day)
    shown = draft if speaker is not None else draft.without_speaker()
    row = {
        "heading": shown.heading,
        "attribution": shown.attribution,
        "speaker": speaker and {"id": speaker.pk, "text": str(speaker)},
        "appointment": role and {"id": role.pk, "text": str(role)},
        "body": "\n".join(shown.blocks),
    }
    if speaker is not None:
        passage = Passage(statement=statement, speaker=speaker, appointment=role)
        default = passage.content(new_voice=speaker != voice)["attribution"]
        if default == draft.attribution:
            row["attribution"] = ""  # the page writes the same line by itself
    return row, speaker


def _is_worth_splitting(passages: list[DraftPassage]) -> bool:
    return len(passages) > 1 or any(
        passage.is_quoted and (passage.attribution or passage.heading) for passage in passages
    )


def _describe_passages(passages: list[DraftPassage]) -> str:
    names = list(dict.fromkeys(row.speaker_name for row in passages if row.speaker_name))
    count = "one passage" if len(passages) == 1 else f"{len(passages)} passages"
    if not names:
        return f"This looks like {count}."
    by = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    narration = "" if all(passage.is_quoted for passage in passages) else " and narration"
    return f"This looks like {count} by {by}{narration}."
