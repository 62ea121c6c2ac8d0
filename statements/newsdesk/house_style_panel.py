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
from statements.house_style.field_text import (
    CheckedDraft,
    Finding,
    collect_texts,
    split_lines,
)
from statements.house_style.word_list import SPACELESS, WordList, WordRule
from statements.links import tasks
from statements.models import Edition, LinkCheck, Passage, Statement, StyleRule
from statements.newsdesk.rich_text import MAX_TEXT_BYTES, to_blocks
from statements.newsdesk.statement_form import with_anchors
from statements.readiness import RECOMMENDED_HEADLINE_CHARS, RECOMMENDED_SUMMARY_CHARS
from statements.roles import NEWSDESK, is_in_group

READING_WORDS_PER_MINUTE, SPEAKING_WORDS_PER_MINUTE = 220, 130
"""Words a minute: read in silence, and spoken to a room."""

MAX_PASSAGES = 200
ID_PATTERN = re.compile(r"\d{1,18}", re.ASCII)


@require_POST
def check_typed(request: HttpRequest) -> HttpResponse:
    """The panel for the words in the form as they are now, nothing of which is kept."""
    if not is_in_group(request.user, NEWSDESK):
        raise PermissionDenied("To look at a draft you need to be on the newsdesk.")
    at = clock.now()
    draft = text_from_form(request.POST, at)
    asked = "_check_links" in request.POST
    if asked:
        tasks.enqueue_link_checks(checks.list_urls(draft.content), at=at)
        draft = text_from_form(request.POST, at)  # a worker within this process has been already
    return render(request, "admin/newsdesk/_house_style.html", build_panel(draft))


# --- What it shows --------------------------------------------------------------------------------


@dataclass(frozen=True)
class LengthCount:
    """So many of so many, as guidance."""

    label: str
    field: str
    chars: int
    max_chars: int

    @property
    def is_over(self) -> bool:
        return self.chars > self.max_chars


def build_panel(draft: CheckedDraft) -> dict:
    content = draft.content
    words = [count_words(passage["blocks"], passage["heading"]) for passage in content["passages"]]
    links = checks.list_urls(content)
    return {
        "findings": with_anchors(checks.check_draft(draft, load_word_list())),
        "counts": [
            LengthCount(
                "Headline", "headline", len(content["headline"]), RECOMMENDED_HEADLINE_CHARS
            ),
            LengthCount("Summary", "summary", len(content["summary"]), RECOMMENDED_SUMMARY_CHARS),
        ],
        "words": sum(words),
        "passages": list(zip(map(draft.get_prefix, range(len(words))), words, strict=True)),
        "reading": format_minutes(sum(words), READING_WORDS_PER_MINUTE),
        "speaking": format_minutes(sum(words), SPEAKING_WORDS_PER_MINUTE)
        if content["kind"] == "speech"
        else "",
        "links": links,
        "waiting": LinkCheck.objects.filter(url__in=links, checked_at=None).count() if links else 0,
    }


def load_word_list() -> WordList:
    rules = StyleRule.objects.filter(active=True)
    return WordList(
        WordRule(*row) for row in rules.values_list("avoid", "use", "why", "match_case")
    )


def count_words(blocks: list[str], heading: str = "") -> int:
    """Words as a person counts them; where a script writes no spaces, each character is one."""
    lines = [heading, *(line for block in blocks for line in split_lines(block))]
    return sum(
        len(SPACELESS.findall(word)) or 1
        for line in lines
        for word in line.split()
        if any(map(str.isalnum, word))
    )


def format_minutes(words: int, pace: int) -> str:
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


def text_from_statement(statement: Statement, at: dt.datetime) -> CheckedDraft:
    """The working copy as it is in the database."""
    if statement._state.adding:
        return text_from_form(QueryDict(), at)
    passages = list(statement.passages.in_order())
    content = statement.content()
    return _build_text(
        content,
        passages,
        day=statement.dated_on or timezone.localdate(at),
        has_contact=statement.contact_id is not None,
        has_themes=statement.themes.exists(),
    )


def text_from_form(form: QueryDict, at: dt.datetime) -> CheckedDraft:
    """The words of a form that nobody has saved, however incomplete."""
    columns = {
        column: _typed_value(field, form.get(column, ""))
        for field in schema.PLAIN_FIELDS
        for column in field.columns
    }
    statement = Statement(**columns | {"language": columns["language"] or "en"})
    prefixes, passages = _read_passages(form, statement)
    content = statement.content(passages=passages, attachments=())
    return _build_text(
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
        return _parse_date(text)
    return _typed_blocks(text) if field.type is schema.BLOCKS else text


def _typed_blocks(text: str) -> str:
    return "\n".join(to_blocks(text[:MAX_TEXT_BYTES]))


def _read_passages(form: QueryDict, statement: Statement) -> tuple[list[str], list[Passage]]:
    total = form.get("passages-TOTAL_FORMS", "0")
    number = min(int(total), MAX_PASSAGES) if ID_PATTERN.fullmatch(total) else 0
    speakers = Speaker.objects.in_bulk(_parse_ids(form, number, "speaker"))
    roles = Appointment.objects.select_related("organisation").in_bulk(
        _parse_ids(form, number, "appointment")
    )
    prefixes, passages = [], []
    for prefix in (f"passages-{index}" for index in range(number)):
        columns: dict[str, Any] = {
            column: _typed_value(field, form.get(f"{prefix}-{column}", ""))
            for field in schema.PASSAGE_FIELDS
            if field.type.freeze
            for column in field.columns
        }
        speaker = speakers.get(_parse_id(form, f"{prefix}-speaker"))
        if form.get(f"{prefix}-DELETE") or not (columns["body"] or speaker):
            continue
        role = roles.get(_parse_id(form, f"{prefix}-appointment"))
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


def _parse_ids(form: QueryDict, number: int, name: str) -> set[int]:
    return {_parse_id(form, f"passages-{index}-{name}") for index in range(number)} - {0}


def _parse_id(form: QueryDict, name: str) -> int:
    value = form.get(name, "")
    return int(value) if ID_PATTERN.fullmatch(value) else 0


def _parse_date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _build_text(content: dict, passages: list[Passage], *, day: dt.date, **beside) -> CheckedDraft:
    for frozen_passage, passage in zip(content["passages"], passages, strict=True):
        frozen_passage["not_in_office"] = _describe_tenure_gap(passage, day)
    checked = tasks.load_link_problems(checks.list_urls(content))
    return CheckedDraft(content, dead_links=checked, **beside)


def _describe_tenure_gap(passage: Passage, day: dt.date) -> str:
    role = passage.appointment
    if role is None or passage.speaker is None:
        return ""
    too_early = role.starts_on is not None and role.starts_on > day
    too_late = role.ends_on is not None and role.ends_on < day
    if not (too_early or too_late):
        return ""
    term = f"from {role.starts_on:%-d %B %Y}" if too_early else f"until {role.ends_on:%-d %B %Y}"
    return f"{passage.speaker} is {role.role} {term}: not on {day:%-d %B %Y}."


def find_advice(edition: Edition) -> list[Finding]:
    """What an approver sees of it: the frozen words alone, for the rest can still be changed."""
    words = edition.content_data
    draft = CheckedDraft(words, dead_links=tasks.load_link_problems(checks.list_urls(words)))
    fields = {text.field for text in collect_texts(draft)} | {"responds_to_url"}
    return [one for one in checks.check_draft(draft, load_word_list()) if one.field in fields]
