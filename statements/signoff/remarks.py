"""Add remarks of the newsdesk to the thread of an edition."""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction

from statements.models import Edition, Remark
from statements.notifications import signoff
from statements.readiness import Problem
from statements.signoff.rules import check_length, lock_edition_for, raise_if, trim_text


@transaction.atomic
def add_remark(edition: Edition, *, by: User, at: dt.datetime, text: str) -> Remark:
    """Add a remark, and notify the people who work on the statement."""
    edition = lock_edition_for(edition, by=by, action="remark on an edition")
    text = trim_text(text)
    if edition.erased_at:
        raise_if([Problem("text", "These words were erased, and the remarks on them.")])
    if not text:
        raise_if([Problem("text", "The remark is empty.", "Write it first.")])
    raise_if(check_length(text))
    remark = Remark.objects.create(
        edition=edition, by=by, by_name=by.get_username(), at=at, text=text
    )
    signoff.notify_remark(remark)
    return remark
