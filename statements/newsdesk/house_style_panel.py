"""House style beside the words: findings about what is saved or typed, and its length."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements import readiness
from statements.content import schema
from statements.house_style import checks
from statements.house_style.field_text import (
    CheckedDraft,
    Finding,
    split_lines,
)
from statements.house_style.word_list import SPACELESS, WordList, WordRule
from statements.links import tasks
from statements.models import Edition, LinkCheck, Passage, StyleRule
from statements.newsdesk.statement_form import with_anchors
from statements.newsdesk.typed_draft import TypedDraft
from statements.readiness import RECOMMENDED_HEADLINE_CHARS, RECOMMENDED_SUMMARY_CHARS

READING_WORDS_PER_MINUTE, SPEAKING_WORDS_PER_MINUTE = 220, 130


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


def build_panel(draft: TypedDraft, at: dt.datetime) -> dict[str, Any]:
    """Return advice on these words and their length; the checklist says more of the contact."""
    content = draft.content
    checked = make_checked_draft(draft, at)
    tagged = {file.file.digest: file.file.is_tagged for file in draft.attachments}
    findings = checks.check_draft(checked, load_word_list())
    findings += _find_untagged(content, draft.file_prefixes, tagged)
    words = [
        count_words(passage["paragraphs"], passage["heading"])
        for passage in schema.list_passages(content)
    ]
    links = checks.list_urls(content)
    return {
        "findings": with_anchors([found for found in findings if found.field != "contact"]),
        "counts": [
            LengthCount(_("Headline"), len(content["headline"]), RECOMMENDED_HEADLINE_CHARS),
            LengthCount(_("Summary"), len(content["summary"]), RECOMMENDED_SUMMARY_CHARS),
        ],
        "words": sum(words),
        "passages": list(zip(checked.prefixes, words, strict=True)),
        "reading": format_minutes(sum(words), READING_WORDS_PER_MINUTE),
        "speaking": format_minutes(sum(words), SPEAKING_WORDS_PER_MINUTE),
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
        return _("under half a minute") if words else _("no time")
    halves = round(words / pace * 2)
    if halves == 1:
        return _("half a minute")
    if halves < 10 and halves % 2:
        return _("%(minutes)s½ minutes") % {"minutes": halves // 2}
    whole = round(words / pace)
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", whole) % {"minutes": whole}


# --- Files ----------------------------------------------------------------------------------------


def _find_untagged(
    content: schema.Content, prefixes: Iterable[str], tagged: Mapping[str, bool | None]
) -> list[Finding]:
    """Advise on each PDF without tags that no accessible version follows.

    `tagged` says by digest whether a file has tags.
    """
    untagged: dict[str, schema.Content] = {}
    document = ""
    for prefix, file in zip(prefixes, content.get("files", []), strict=True):
        if file.get("is_accessible_version"):
            untagged.pop(document, None)
        elif not file["type"].startswith("image/"):
            document = prefix
        if tagged.get(file["digest"]) is False:
            untagged[prefix] = file
    return [_advise_on_tags(prefix, file) for prefix, file in untagged.items()]


def _advise_on_tags(prefix: str, file: schema.Content) -> Finding:
    said = _("The PDF “%(name)s” has no tags, so people who use a screen reader may not follow it.")
    return Finding(
        f"{prefix}-upload",
        said % {"name": file["title"] or file["name"]},
        _("Save it again as a tagged PDF, or attach an accessible version right after it."),
    )


# --- The checked text -----------------------------------------------------------------------------


def make_checked_draft(draft: TypedDraft, at: dt.datetime) -> CheckedDraft:
    """Return what house style reads of a draft, saved or typed."""
    day = draft.statement.dated_on or timezone.localdate(at)
    passages = schema.list_passages(draft.content)
    for passage_content, (_prefix, passage) in zip(passages, draft.text_rows, strict=True):
        passage_content["not_in_office"] = _describe_tenure_gap(passage, day)
    return CheckedDraft(
        draft.content,
        has_contact=draft.statement.contact_id is not None,
        has_themes=bool(draft.themes),
        dead_links=tasks.load_link_problems(checks.list_urls(draft.content)),
        prefixes=[prefix for prefix, _ in draft.text_rows],
    )


def _describe_tenure_gap(passage: Passage, day: dt.date) -> str:
    role = passage.appointment
    if role is None or passage.speaker is None:
        return ""
    too_early = role.starts_on is not None and role.starts_on > day
    too_late = role.ends_on is not None and role.ends_on < day
    if not (too_early or too_late):
        return ""
    said = (
        _("%(speaker)s is %(role)s from %(start)s: not on %(day)s.")
        if too_early
        else _("%(speaker)s is %(role)s until %(end)s: not on %(day)s.")
    )
    return said % {
        "speaker": passage.speaker,
        "role": role.role,
        "start": role.starts_on and f"{role.starts_on:%-d %B %Y}",
        "end": role.ends_on and f"{role.ends_on:%-d %B %Y}",
        "day": f"{day:%-d %B %Y}",
    }


def find_advice(
    edition: Edition, release_at: dt.datetime | None, *, at: dt.datetime
) -> list[readiness.Problem]:
    """Return for the approver what the checklist told the author about these words.

    Roles are judged by the day of release. The contact is no finding here: it has its own line.
    """
    content = edition.content_data
    draft = CheckedDraft(
        content,
        has_themes=edition.statement.themes.exists(),
        dead_links=tasks.load_link_problems(checks.list_urls(content)),
    )
    files = content.get("files", [])
    prefixes = [f"attachments-{index}" for index in range(len(files))]
    carried = edition.files.values_list("file__digest", "file__is_tagged")
    tagged = dict(carried) if files else {}
    return [
        *readiness.release_warnings(edition, release_at, at=at),
        *readiness.file_warnings(content),
        *checks.check_draft(draft, load_word_list()),
        *_find_untagged(content, prefixes, tagged),
    ]
