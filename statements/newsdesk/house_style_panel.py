"""House style beside the form: what it says of the words as saved, and of those being typed.

Looking at typed words keeps nothing: no version, no contributor, no draft.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from organisations.models import Appointment, Speaker
from statements import clock
from statements.content import schema
from statements.house_style import checks
from statements.house_style.checks import Draft, Finding
from statements.house_style.word_list import SPACELESS, Rule, StyleList
from statements.links import tasks
from statements.models import Edition, LinkCheck, Passage, Statement, StyleRule
from statements.newsdesk.rich_text import MOST_BYTES, blocks_of
from statements.newsdesk.statement_form import linked
from statements.readiness import LONG_HEADLINE, LONG_SUMMARY
from statements.roles import NEWSDESK, holds

READ, SPOKEN = 220, 130
"""Words a minute: read in silence, and spoken to a room."""

MOST_PASSAGES = 200
IDENTIFIER = re.compile(r"\d{1,18}", re.ASCII)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """The panel for the words in the form as they are now, nothing of which is kept."""
    if not holds(request.user, NEWSDESK):
        raise PermissionDenied("To look at a draft you need to be on the newsdesk.")
    at = clock.now()
    draft = typed(request.POST, at)
    asked = "_check_links" in request.POST
    if asked:
        tasks.ask(checks.addresses(draft.content), at=at)
        draft = typed(request.POST, at)  # a worker within this process has been already
    return render(request, "admin/newsdesk/_house_style.html", panel(draft))


# --- What it shows --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """So many of so many, as guidance."""

    what: str
    field: str
    count: int
    most: int

    @property
    def is_over(self) -> bool:
        return self.count > self.most


def panel(draft: Draft) -> dict:
    content = draft.content
    words = [words_in(passage["blocks"], passage["heading"]) for passage in content["passages"]]
    links = checks.addresses(content)
    return {
        "findings": linked(checks.findings(draft, style_list())),
        "counts": [
            Count("Headline", "headline", len(content["headline"]), LONG_HEADLINE),
            Count("Summary", "summary", len(content["summary"]), LONG_SUMMARY),
        ],
        "words": sum(words),
        "passages": list(zip(map(draft.prefix, range(len(words))), words, strict=True)),
        "reading": minutes(sum(words), READ),
        "speaking": minutes(sum(words), SPOKEN) if content["kind"] == "speech" else "",
        "links": links,
        "waiting": LinkCheck.objects.filter(url__in=links, checked_at=None).count() if links else 0,
    }


def style_list() -> StyleList:
    rules = StyleRule.objects.filter(active=True)
    return StyleList(Rule(*row) for row in rules.values_list("avoid", "use", "why", "match_case"))


def words_in(blocks: list[str], heading: str = "") -> int:
    """Words as a person counts them; where a script writes no spaces, each character is one."""
    lines = [heading, *(line for block in blocks for line in checks._lines(block))]
    return sum(
        len(SPACELESS.findall(word)) or 1
        for line in lines
        for word in line.split()
        if any(map(str.isalnum, word))
    )


def minutes(words: int, pace: int) -> str:
    """How long that takes, to the half minute while it is short."""
    if words < pace / 2:
        return "under half a minute" if words else "no time"
    halves = round(words / pace * 2)
    if halves == 1:
        return "half a minute"
    if halves < 10 and halves % 2:
        return f"{halves // 2}½ minutes"
    whole = round(words / pace)
    return "1 minute" if whole == 1 else f"{whole} minutes"


# --- What is looked at ----------------------------------------------------------------------------


def saved(statement: Statement, at: dt.datetime) -> Draft:
    """The working copy as it is in the database."""
    if statement._state.adding:
        return typed(QueryDict(), at)
    passages = list(statement.passages.in_order())
    content = statement.content()
    return _draft(
        content,
        passages,
        day=statement.dated_on or timezone.localdate(at),
        has_contact=statement.contact_id is not None,
        has_themes=statement.themes.exists(),
    )


def typed(form: QueryDict, at: dt.datetime) -> Draft:
    """The words of a form that nobody has saved, however incomplete."""
    columns = {
        column: _typed_value(field, form.get(column, ""))
        for field in schema.PLAIN_FIELDS
        for column in field.columns
    }
    statement = Statement(**columns | {"language": columns["language"] or "en"})
    prefixes, passages = _typed_passages(form, statement)
    content = statement.content(passages=passages, attachments=())
    return _draft(
        content,
        passages,
        day=statement.dated_on or timezone.localdate(at),
        has_contact="contact" not in form or bool(form["contact"]),
        has_themes="themes" in form or "_typed_themes" not in form,
        prefixes=prefixes,
    )


def _typed_value(field: schema.Field, text: str) -> str | dt.date | None:
    """What the column would hold if the form were saved."""
    if field.type is schema.DATE:
        return _date(text)
    return _typed_blocks(text) if field.type is schema.BLOCKS else text


def _typed_blocks(text: str) -> str:
    return "\n".join(blocks_of(text[:MOST_BYTES]))


def _typed_passages(form: QueryDict, statement: Statement) -> tuple[list[str], list[Passage]]:
    total = form.get("passages-TOTAL_FORMS", "0")
    number = min(int(total), MOST_PASSAGES) if IDENTIFIER.fullmatch(total) else 0
    speakers = Speaker.objects.in_bulk(_identifiers(form, number, "speaker"))
    roles = Appointment.objects.select_related("organisation").in_bulk(
        _identifiers(form, number, "appointment")
    )
    prefixes, passages = [], []
    for prefix in (f"passages-{index}" for index in range(number)):
        columns: dict[str, Any] = {
            column: _typed_value(field, form.get(f"{prefix}-{column}", ""))
            for field in schema.PASSAGE_FIELDS
            if field.type.freeze
            for column in field.columns
        }
        speaker = speakers.get(_identifier(form, f"{prefix}-speaker"))
        if form.get(f"{prefix}-DELETE") or not (columns["body"] or speaker):
            continue
        role = roles.get(_identifier(form, f"{prefix}-appointment"))
        prefixes.append(prefix)
        passages.append(
            Passage(
                statement=statement,
                speaker=speaker,
                appointment=role if role and speaker and role.speaker_id == speaker.pk else None,
                **columns,
            )
        )
    return prefixes, passages


def _identifiers(form: QueryDict, number: int, name: str) -> set[int]:
    return {_identifier(form, f"passages-{index}-{name}") for index in range(number)} - {0}


def _identifier(form: QueryDict, name: str) -> int:
    value = form.get(name, "")
    return int(value) if IDENTIFIER.fullmatch(value) else 0


def _date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _draft(content: dict, passages: list[Passage], *, day: dt.date, **beside) -> Draft:
    for frozen_passage, passage in zip(content["passages"], passages, strict=True):
        frozen_passage["not_in_office"] = _not_in_office(passage, day)
    checked = tasks.problems(checks.addresses(content))
    return Draft(content, day=day, dead_links=checked, **beside)


def _not_in_office(passage: Passage, day: dt.date) -> str:
    role = passage.appointment
    if role is None or passage.speaker is None:
        return ""
    too_early = role.starts_on is not None and role.starts_on > day
    too_late = role.ends_on is not None and role.ends_on < day
    if not (too_early or too_late):
        return ""
    term = f"from {role.starts_on:%-d %B %Y}" if too_early else f"until {role.ends_on:%-d %B %Y}"
    return f"{passage.speaker} is {role.role} {term}: not on {day:%-d %B %Y}."


def advice(edition: Edition) -> list[Finding]:
    """What an approver sees of it: the frozen words alone, for the rest can still be changed."""
    words = edition.words
    draft = Draft(words, dead_links=tasks.problems(checks.addresses(words)))
    fields = {text.field for text in checks.texts(draft)} | {"responds_to_url"}
    return [one for one in checks.findings(draft, style_list()) if one.field in fields]
