"""Say until when something is embargoed, on the draft and in the review."""

import datetime as dt
from dataclasses import dataclass

from statements.models import Edition, Statement
from statements.newsdesk.time_format import format_long, format_time_until


@dataclass(frozen=True)
class EmbargoNotice:
    """What the notice says, and the line of the document, perhaps empty."""

    sentence: str
    line: str


def describe_embargo(subject: Statement | Edition, *, at: dt.datetime) -> EmbargoNotice | None:
    """Return the notice of an embargo that has not ended, or None."""
    until = subject.embargo_until
    if not subject.has_embargo or (until is not None and until <= at):
        return None
    if until is None:
        return EmbargoNotice("Embargoed, and nobody has said until when.", subject.embargo_line)
    sentence = f"Embargoed until {format_long(until)}, {format_time_until(until, at)}."
    return EmbargoNotice(sentence, subject.embargo_line)
