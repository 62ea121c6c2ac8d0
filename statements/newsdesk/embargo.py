"""Say until when something is embargoed: on the draft, in the review, and against a release."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from statements.models import Edition, Statement
from statements.newsdesk.release_words import format_day_and_time
from statements.newsdesk.time_format import format_long, format_time_until
from statements.workflow import embargoes


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
        sentence = _("Embargoed, and nobody has said until when.")
        return EmbargoNotice(sentence, subject.embargo_line)
    sentence = _("Embargoed until %(time)s, %(time_until)s.") % {
        "time": format_long(until),
        "time_until": format_time_until(until, at),
    }
    return EmbargoNotice(sentence, subject.embargo_line)


@dataclass(frozen=True)
class EmbargoCheck:
    """The line of the document against a release time."""

    line: str
    verdict: str
    tone: str
    """The class of the flag; `late` for a red one."""
    is_broken: bool

    @property
    def is_red(self) -> bool:
        return self.tone == "late"


def check_embargo(
    edition: Edition, release_at: dt.datetime | None, *, at: dt.datetime
) -> EmbargoCheck:
    """Compare a release with the embargo: before it takes a tick and a reason, after it is said."""
    until, line = edition.embargo_until, edition.embargo_line
    if not line and until:
        line = _("Embargoed until %(time)s") % {"time": format_day_and_time(until)}
    is_broken = embargoes.breaks_embargo(edition, release_at)
    verdict, tone = _judge(edition, release_at, is_broken, at)
    return EmbargoCheck(line, verdict, tone, is_broken)


def _judge(
    edition: Edition, release_at: dt.datetime | None, is_broken: bool, at: dt.datetime
) -> tuple[str, str]:
    until = edition.embargo_until
    if not edition.has_embargo:
        return _("No embargo in the document"), ""
    if until is None:
        said = _("Nobody has said when the embargo ends") if release_at else ""
        return said, "late" if is_broken else "embargo"
    if release_at is None or until <= at:
        return _("The embargo has ended") if until <= at else "", "embargo"
    if release_at == until:
        return _("Embargo says the same"), "embargo"
    said = _("You would publish later than the embargo says, %(time)s")
    if is_broken:
        said = _("You would publish before the embargo ends, on %(time)s")
    return said % {"time": format_day_and_time(until)}, "late"
