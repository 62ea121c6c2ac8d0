"""Keep to the embargo of a document: a release before it needs a reason."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from statements.models import Edition
from statements.publicness import is_listed
from statements.readiness import Problem


def breaks_embargo(edition: Edition, release_at: dt.datetime | None) -> bool:
    """Return whether a release at that time comes before the embargo ends, or may do so.

    An embargo whose end nobody knows holds until the statement has been public once.
    """
    if release_at is None or not edition.has_embargo:
        return False
    if edition.embargo_until is not None:
        return release_at < edition.embargo_until
    return not is_listed(edition.statement, release_at)


def reason_problems(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Return the problem that a reason must answer, if the release breaks the embargo."""
    if not breaks_embargo(edition, release_at):
        return []
    if edition.embargo_until is None:
        message = _("The document says “%(embargo_line)s”, and nobody has said when that ends.") % {
            "embargo_line": edition.embargo_line
        }
        hint = _("Send it back for the time of the embargo, or say why it may go out.")
        return [Problem("release_reason", message, hint)]
    until = timezone.localtime(edition.embargo_until)
    message = _("That is before the embargo ends, on %(until)s.") % {
        "until": f"{until:%-d %B %Y at %H:%M}"
    }
    return [
        Problem(
            "release_reason", message, _("Choose a later time, or say why it may go out before.")
        )
    ]


def event_detail(edition: Edition, release_at: dt.datetime | None) -> dict[str, str]:
    """Return the end of a broken embargo for the detail of a release event; it holds no words."""
    if not breaks_embargo(edition, release_at):
        return {}
    until = edition.embargo_until
    return {"embargo_until": until.astimezone(dt.UTC).isoformat() if until else "unknown"}
