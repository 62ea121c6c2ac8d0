"""Add remarks of the newsdesk to the thread of an edition."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from statements.models import Edition, Remark
from statements.notifications import signoff
from statements.readiness import Problem
from statements.signoff.rules import check_length, raise_if, trim_text
from statements.signoff.subjects import lock_subject_for


@transaction.atomic
def add_remark(edition: Edition, *, by: User, at: dt.datetime, text: str) -> Remark:
    """Add a remark, and notify the people who work on the statement."""
    locked = lock_subject_for(edition, by=by, action="remark on an edition").edition
    assert locked, "It is an edition that was locked."
    edition = locked
    text = trim_text(text)
    if edition.erased_at:
        raise_if([Problem("text", "These words were erased, and the remarks on them.")])
    if not text:
        raise_if([Problem("text", "The remark is empty.", "Write it first.")])
    raise_if(check_length(text))
    remark = Remark.objects.create(
        statement=edition.statement,
        edition=edition,
        by=by,
        by_name=by.get_username(),
        at=at,
        text=text,
    )
    signoff.notify_remark(remark)
    return remark
