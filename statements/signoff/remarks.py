"""Add remarks of the newsdesk on an edition or on a draft, and resolve them."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from statements.audit.state import lock_and_read
from statements.content.reading import read_content
from statements.content.schema import Content
from statements.models import DraftVersion, Edition, Remark, Statement
from statements.notifications import signoff
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group
from statements.signoff.rules import check_length, raise_if, trim_text
from statements.signoff.subjects import lock_subject_for


@transaction.atomic
def add_remark(
    edition: Edition, *, by: User, at: dt.datetime, text: str, block_id: str = ""
) -> Remark:
    """Add a remark, and notify the people who work on the statement."""
    locked = lock_subject_for(edition, by=by, action=_("remark on an edition")).edition
    assert locked, "It is an edition that was locked."
    edition = locked
    if edition.erased_at:
        raise_if([Problem("text", _("These words were erased, and the remarks on them."))])
    text = _check(text, block_id, edition.content_data)
    remark = Remark.objects.create(
        statement=edition.statement,
        edition=edition,
        block_id=block_id,
        by=by,
        by_name=by.get_username(),
        at=at,
        text=text,
    )
    signoff.notify_remark(remark)
    return remark


@transaction.atomic
def add_draft_remark(
    statement: Statement, *, by: User, at: dt.datetime, text: str, block_id: str = ""
) -> Remark:
    """Add a remark on the draft as it was saved last."""
    require_group(by, NEWSDESK, _("remark on a draft"))
    statement = lock_and_read(statement.pk)
    version = statement.draft_versions.order_by("-version").first()
    if version is None or statement.discarded_at:
        raise_if([Problem("text", _("There is no draft to remark on."), _("Save it first."))])
    assert version, "Without one it was refused."
    return Remark.objects.create(
        statement=statement,
        version=version.version,
        block_id=block_id,
        by=by,
        by_name=by.get_username(),
        at=at,
        text=_check(text, block_id, _read(version)),
    )


def _read(version: DraftVersion) -> Content:
    return read_content(version.text) if version.text else {"blocks": []}


def _check(text: str, block_id: str, content: Content) -> str:
    """Return the text as it is stored; refuse an empty one, or a passage that is not there."""
    text = trim_text(text)
    if not text:
        raise_if([Problem("text", _("The remark is empty."), _("Write it first."))])
    raise_if(check_length(text))
    if block_id and block_id not in {block["id"] for block in content["blocks"]}:
        raise_if([Problem("block_id", _("That passage is gone."), _("Choose another."))])
    return text


def resolve_remark(remark: Remark, *, by: User, at: dt.datetime) -> None:
    """Say that a remark is dealt with. Anybody on the newsdesk may, and may reopen it."""
    _mark(remark, by=by, resolved_by=by, resolved_at=at)


def reopen_remark(remark: Remark, *, by: User) -> None:
    _mark(remark, by=by, resolved_by=None, resolved_at=None)


def _mark(
    remark: Remark, *, by: User, resolved_by: User | None, resolved_at: dt.datetime | None
) -> None:
    require_group(by, NEWSDESK, _("resolve a remark"))
    if Statement.objects.filter(pk=remark.statement_id, discarded_at__isnull=False).exists():
        raise PermissionDenied(_("This draft is in the bin: take it back first."))
    Remark.objects.filter(pk=remark.pk).update(resolved_by=resolved_by, resolved_at=resolved_at)
