"""The house-style panel next to the form: findings about the saved text or the typed text.

Checking typed text saves nothing: no version, no contributor, no draft.
"""

import datetime as dt
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
from statements.newsdesk.request_values import get_user, parse_number
from statements.newsdesk.rich_text import (
    MAX_LONG_TEXT_CHARS,
    MAX_TEXT_BYTES,
    count_bytes,
    to_blocks,
)
from statements.newsdesk.statement_form import MAX_STATEMENT_BYTES, with_anchors
from statements.readiness import RECOMMENDED_HEADLINE_CHARS, RECOMMENDED_SUMMARY_CHARS
from statements.roles import NEWSDESK, is_in_group

READING_WORDS_PER_MINUTE, SPEAKING_WORDS_PER_MINUTE = 220, 130
MAX_PASSAGES = 200


@require_POST
def check_typed(request: HttpRequest) -> HttpResponse:
    """Return the panel for the text that is in the form now, and save nothing."""
    if not is_in_group(get_user(request), NEWSDESK):
        raise PermissionDenied("To check a draft you need to be on the newsdesk.")
    at = clock.now()
    draft = text_from_form(request.POST, at)
    if "_check_links" in request.POST:
        tasks.enqueue_link_checks(checks.list_urls(draft.content), at=at)
        draft = text_from_form(request.POST, at)  # an immediate task has stored its results
    return render(request, "admin/newsdesk/_house_style.html", build_panel(draft))


# --- The panel ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LengthCount:
    """The length of a field, and its recommended maximum."""

    label: str
    chars: int
    max_chars: int

    @property
    def is_over(self) -> bool:
        return self.chars > self.max_chars


def build_panel(draft: CheckedDraft) -> dict[str, Any]:
    content = draft.content
    words = [
        count_words(passage["paragraphs"], passage["heading"])
        for passage in schema.list_passages(content)
    ]
    links = checks.list_urls(content)
    return {
        "findings": with_anchors(checks.check_draft(draft, load_word_list())),
        "counts": [
            LengthCount("Headline", len(content["headline"]), RECOMMENDED_HEADLINE_CHARS),
            LengthCount("Summary", len(content["summary"]), RECOMMENDED_SUMMARY_CHARS),
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
    """Count words; in a script without spaces, each character counts as one."""
    lines = [heading, *(line for block in blocks for line in split_lines(block))]
    return sum(
        len(SPACELESS.findall(word)) or 1
        for line in lines
        for word in line.split()
        if any(map(str.isalnum, word))
    )


def format_minutes(words: int, pace: int) -> str:
    """Return how long the words take, to the half minute up to five minutes."""
    if words < pace / 2:
        return "under half a minute" if words else "no time"
    halves = round(words / pace * 2)
    if halves == 1:
        return "half a minute"
    if halves < 10 and halves % 2:
        return f"{halves // 2}½ minutes"
    whole = round(words / pace)
    return "1 minute" if whole == 1 else f"{whole} minutes"


# --- The checked text -----------------------------------------------------------------------------


def text_from_statement(statement: Statement, at: dt.datetime) -> CheckedDraft:
    """Return the draft as it is in the database."""
    if not statement.pk:
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
    """Return the text of a form that nobody has saved; any part may be missing."""
    columns = {
        column: _to_column_value(field, form.get(column, ""))
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


def _to_column_value(field: schema.Field, text: str) -> str | dt.date | None:
    if field.type is schema.DATE:
        return _parse_date(text)
    if field.type is schema.PARAGRAPHS:
        return _normalise_blocks(text)
    return text[:MAX_LONG_TEXT_CHARS]


def _normalise_blocks(text: str) -> str:
    return "\n".join(to_blocks(text[:MAX_TEXT_BYTES]))


def _read_passages(form: QueryDict, statement: Statement) -> tuple[list[str], list[Passage]]:
    number = min(parse_number(form.get("passages-TOTAL_FORMS")) or 0, MAX_PASSAGES)
    speakers = Speaker.objects.in_bulk(_parse_ids(form, number, "speaker"))
    roles = Appointment.objects.select_related("organisation").in_bulk(
        _parse_ids(form, number, "appointment")
    )
    prefixes, passages = [], []
    remaining = MAX_STATEMENT_BYTES  # the form refuses more
    for prefix in (f"passages-{index}" for index in range(number)):
        body = form.get(f"{prefix}-body", "")
        if (remaining := remaining - count_bytes(body)) < 0:
            break
        columns: dict[str, Any] = {
            column: _to_column_value(field, form.get(f"{prefix}-{column}", ""))
            for field in schema.PASSAGE_FIELDS
            if field.type.freeze
            for column in field.columns
        }
        speaker = speakers.get(parse_number(form.get(f"{prefix}-speaker")) or 0)
        if form.get(f"{prefix}-DELETE") or not (columns["body"] or speaker):
            continue
        role = roles.get(parse_number(form.get(f"{prefix}-appointment")) or 0)
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
    ids = (parse_number(form.get(f"passages-{index}-{name}")) for index in range(number))
    return {pk for pk in ids if pk}


def _parse_date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def _build_text(
    content: schema.Content, passages: list[Passage], *, day: dt.date, **metadata: Any
) -> CheckedDraft:
    for passage_content, passage in zip(schema.list_passages(content), passages, strict=True):
        passage_content["not_in_office"] = _describe_tenure_gap(passage, day)
    dead_links = tasks.load_link_problems(checks.list_urls(content))
    return CheckedDraft(content, dead_links=dead_links, **metadata)


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
    """Return the findings about the frozen text: metadata can still change after approval."""
    content = edition.content_data
    draft = CheckedDraft(content, dead_links=tasks.load_link_problems(checks.list_urls(content)))
    fields = {text.field for text in collect_texts(draft)} | {"responds_to_url"}
    findings = checks.check_draft(draft, load_word_list())
    return [finding for finding in findings if finding.field in fields]
