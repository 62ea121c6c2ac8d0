"""Beside a changed passage of a correction: what the public reads now, and a way back to it."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from statements.content.diff import ContentChange, diff_passage
from statements.content.schema import list_passages
from statements.content.tables import is_table_block
from statements.drafting.restore_edition import build_restored_passage
from statements.models import Edition, Passage, Statement
from statements.newsdesk.block_actions import PUT_BACK
from statements.newsdesk.passage_form import BlockKind
from statements.newsdesk.request_values import parse_number
from statements.newsdesk.typed_draft import TypedDraft

PREFIX = re.compile(r"passages-\d{1,4}", re.ASCII)


@dataclass(frozen=True)
class ChangedPassage:
    """What differs between a passage and the words on the site."""

    changes: list[ContentChange]
    was_quotation: bool


def list_changed_passages(draft: TypedDraft, before: Edition | None) -> dict[str, ChangedPassage]:
    """Return what differs in each passage that is on the site too, by the prefix of its form."""
    public = {block["id"]: block for block in _list_public(before)}
    typed = {block["id"]: block for block in list_passages(draft.content)}
    changed: dict[str, ChangedPassage] = {}
    for prefix, passage in draft.text_rows:
        key = passage.block_id
        if key in public and key in typed and (changes := diff_passage(public[key], typed[key])):
            was_quotation = public[key]["speaker"] is not None
            changed.setdefault(prefix, ChangedPassage(changes, was_quotation))
    return changed


def put_back(posted: QueryDict, statement: Statement, before: Edition | None) -> QueryDict:
    """Return what was posted, with the passage that a button names as it is on the site."""
    data, prefix = posted.copy(), posted.get(PUT_BACK, "")
    passage_id = parse_number(data.get(f"{prefix}-id")) if PREFIX.fullmatch(prefix) else None
    passage = Passage.objects.filter(statement=statement, pk=passage_id or 0).first()
    for frozen in _list_public(before):
        if passage and frozen["id"] == passage.block_id:
            restored = build_restored_passage(statement, frozen)
            for name, value in _read(restored).items():
                data[f"{prefix}-{name}"] = value
    return data


def _list_public(before: Edition | None) -> list[dict[str, Any]]:
    """Return the passages on the site that a passage of the draft can be compared with."""
    if before is None or before.erased_at:
        return []
    return [block for block in list_passages(before.content_data) if block["id"]]


def _read(passage: Passage) -> dict[str, str]:
    told = BlockKind.TABLE if is_table_block(passage.body) else BlockKind.TELL
    return {
        "speaker": str(passage.speaker_id or ""),
        "appointment": str(passage.appointment_id or ""),
        "heading": passage.heading,
        "attribution": passage.attribution,
        "body": passage.body,
        "kind": BlockKind.QUOTE if passage.speaker_id else told,
    }
