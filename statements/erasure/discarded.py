"""Erase the words of a discarded draft: it has no edition, and nobody outside has seen it."""

import datetime as dt

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from statements.content.reading import read_content
from statements.drafting.proposals import discard_proposed_names
from statements.files import storage
from statements.integrity.trigger_rules import DRAFT_TEXT_COLUMNS
from statements.models import Statement
from statements.search import drafts

WORDLESS_COLUMNS = {
    "organisation": None,
    "contact": None,
    "translation_of": None,
    "dated_on": None,
    "requested_release_at": None,
    "embargo_until": None,
    "amendment": "",
}
"""They hold no words, and say what the draft was about."""


def erase_discarded_words(statement: Statement, *, at: dt.datetime) -> list[int]:
    """Erase words, versions, remarks, proposed names and files; return the numbers of the files.

    Autosaves go as well. Call it in the transaction that has locked the statement. What stays is
    the statement with its id, who wrote when, and its events. Files that another draft or an
    edition has stay, and names that another draft proposes.
    """
    erased = _erase_files(statement, at)
    statement.passages.all().delete()
    statement.attachments.all().delete()
    statement.autosaves.all().delete()
    statement.relations.all().delete()
    statement.joint_publishers.all().delete()
    statement.themes.clear()
    discard_proposed_names(statement)
    statement.draft_versions.filter(text_erased_at=None).update(text="", text_erased_at=at)
    statement.remarks.filter(text_erased_at=None).update(text="", text_erased_at=at)
    _erase_admin_log(statement)
    Statement.objects.filter(pk=statement.pk).update(
        **dict.fromkeys(DRAFT_TEXT_COLUMNS, ""), **WORDLESS_COLUMNS, erased_at=at
    )
    drafts.erase_statement(statement)
    return erased


def _erase_files(statement: Statement, at: dt.datetime) -> list[int]:
    digests = set(statement.attachments.values_list("file__digest", flat=True))
    for text in statement.draft_versions.filter(text_erased_at=None).values_list("text", flat=True):
        for file in read_content(text).get("files", []):
            digests |= {entry["digest"] for entry in (file, *file["narrower"])}
    return storage.erase_files_of_draft(statement, digests=digests, at=at)


def _erase_admin_log(statement: Statement) -> None:
    """Empty what a shell or another program wrote: the newsdesk's own lines hold no words."""
    lines = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Statement), object_id=str(statement.pk)
    )
    lines.update(object_repr="", change_message="")
