"""Split a paste by voice, for the form to fill in, as in “3 passages by Dave Hill”.

Nothing is saved and nobody is added: a person who is not among the speakers stays in the line
before the words.
"""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from organisations.models import Speaker
from organisations.name_keys import make_given_key
from statements.content.source_html import clean_html
from statements.drafting.matching import find_organisation, search_role
from statements.drafting.speaker_search import search_speaker
from statements.models import Passage, Statement, is_usable_in
from statements.newsdesk.request_values import parse_number
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
    usable = is_usable_in(parse_number(request.POST.get("statement")))
    statement = Statement(language=request.POST.get("language") or "en")  # never saved
    for passage in passages:
        speaker, message = _find_speaker(passage, usable)
        rows.append(_build_row(passage, statement, speaker, voice, day, usable))
        voice = speaker or voice
        messages += [message] if message else []
    return JsonResponse(
        {
            "passages": rows if _is_worth_splitting(passages) else [],
            "sentence": _describe_passages(passages),
            "messages": list(dict.fromkeys(messages)),
        }
    )


def _find_speaker(draft: DraftPassage, usable: Q) -> tuple[Speaker | None, str]:
    """Return the speaker of a quotation, and what to tell the person who pastes."""
    if not draft.is_quoted or not draft.speaker_name:
        return None, ""
    search = search_speaker(draft.speaker_name, draft.role, usable)
    if search.speaker is not None:
        is_full = search.speaker.given_key == make_given_key(draft.speaker_name)
        return search.speaker, "" if is_full else search.message
    unknown = _(
        "%(name)s is not among the speakers, so nobody is chosen: the line before the "
        "words stays. Choose or add the speaker."
    ) % {"name": draft.speaker_name}
    return None, search.message or unknown


def _build_row(
    draft: DraftPassage,
    statement: Statement,
    speaker: Speaker | None,
    voice: Speaker | None,
    day: dt.date,
    usable: Q,
) -> dict[str, Any]:
    role = None
    if speaker is not None:
        organisation = find_organisation(draft.organisation_name, draft.organisation_in_text)
        role, _ = search_role(speaker, draft.role, organisation, day=day, usable=usable)
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
    return row


def _is_worth_splitting(passages: list[DraftPassage]) -> bool:
    return len(passages) > 1 or any(
        passage.is_quoted and (passage.attribution or passage.heading) for passage in passages
    )


def _describe_passages(passages: list[DraftPassage]) -> str:
    names = list(dict.fromkeys(row.speaker_name for row in passages if row.speaker_name))
    if len(passages) == 1:
        count = _("one passage")
    else:
        count = _("%(count)d passages") % {"count": len(passages)}
    if not names:
        return _("This looks like %(passages)s.") % {"passages": count}
    if not all(passage.is_quoted for passage in passages):
        said = _("This looks like %(passages)s by %(names)s and narration.")
    else:
        said = _("This looks like %(passages)s by %(names)s.")
    return said % {"passages": count, "names": _join_names(names)}


def _join_names(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
