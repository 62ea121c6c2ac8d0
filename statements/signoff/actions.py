"""Agreement from outside the newsdesk, and the newsdesk's own remarks: verbs beside `workflow`.

A quoted speaker, a partner body or a lawyer is asked about one exact edition, reads it by a link
without an account, and answers; the answer is bound to the digest. It advises and never blocks:
nothing here changes what an edition is, and no verb of `workflow` asks for it. The verbs refuse as
those do: PermissionDenied, Refused with sentences, Stale.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from statements.audit.events import write_event
from statements.content import html
from statements.models import (
    Action,
    Edition,
    PreviewLink,
    PreviewToken,
    PreviewVisit,
    Remark,
    SignOff,
    StaleVersion,
    State,
    Statement,
)
from statements.notifications import signoff
from statements.readiness import Problem
from statements.roles import NEWSDESK, require_group
from statements.workflow import Refused

MAX_LINK_DAYS = 90
MAX_NAME_CHARS = 200
MAX_TEXT_CHARS = 10_000


# --- Asking ---------------------------------------------------------------------------------------


@transaction.atomic
def request_signoff(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    name: str,
    on_behalf_of: str = "",
    email: str = "",
    days: int = 7,
) -> tuple[PreviewLink, str]:
    """Let one named person read this edition and answer; returns the link's token, once.

    The worker mails a link of its own to `email`. Whoever has a link that works is not asked twice.
    """
    edition = _lock_for(edition, by=by, action="ask for agreement")
    name, on_behalf_of, email = _normalise_line(name), _normalise_line(on_behalf_of), email.strip()
    _raise_if(
        closed_reasons(edition, at)
        + _name_problems(name, on_behalf_of)
        + _email_problems(email)
        + _days_problems(days)
    )
    _raise_if(_duplicate_link_problems(edition, name, on_behalf_of, at))
    return _create_link(edition, name, on_behalf_of, email, dt.timedelta(days=days), by=by, at=at)


@transaction.atomic
def resend_link(
    preview: PreviewLink, *, edition: Edition, by, at: dt.datetime
) -> tuple[PreviewLink, str]:
    """Ask the same person about this edition, by a new link that works as long as the old one did.

    An old link to the same edition ends; one to an earlier edition says that there is a newer one.
    """
    edition = _lock_for(edition, by=by, action="ask for agreement")
    preview = PreviewLink.objects.select_related("edition").get(pk=preview.pk)
    if preview.edition.statement_id != edition.statement_id:
        _raise_if([Problem("", "That link was for another statement.", "Ask them about this one.")])
    _raise_if(closed_reasons(edition, at))
    for old in edition.previews.filter(
        name=preview.name, on_behalf_of=preview.on_behalf_of, revoked_at=None
    ):
        PreviewLink.objects.filter(pk=old.pk).update(revoked_by=by, revoked_at=at)
    lasting = preview.expires_at - preview.made_at
    name, on_behalf_of, email = preview.name, preview.on_behalf_of, preview.email
    return _create_link(edition, name, on_behalf_of, email, lasting, by=by, at=at, again_of=preview)


@transaction.atomic
def revoke_link(preview: PreviewLink, *, by, at: dt.datetime) -> None:
    """Let a link end now. What was answered by it stays on the record."""
    preview = PreviewLink.objects.select_related("edition__statement").get(pk=preview.pk)
    edition = _lock_for(preview.edition, by=by, action="revoke a link")
    preview.refresh_from_db(fields=["revoked_at"])
    if preview.revoked_at:
        _raise_if([Problem("", f"The link of {preview.display_name} was revoked already.")])
    PreviewLink.objects.filter(pk=preview.pk).update(revoked_by=by, revoked_at=at)
    _write_signoff_event(edition, Action.PREVIEW_REVOKED, preview, by=by, at=at)


def _create_link(
    edition: Edition,
    name: str,
    on_behalf_of: str,
    email: str,
    lifetime: dt.timedelta,
    *,
    by,
    at: dt.datetime,
    again_of: PreviewLink | None = None,
) -> tuple[PreviewLink, str]:
    preview = PreviewLink.objects.create(
        edition=edition,
        name=name,
        on_behalf_of=on_behalf_of,
        email=email,
        made_by=by,
        made_at=at,
        expires_at=at + lifetime,
        again_of=again_of,
    )
    token = PreviewToken.objects.create_token(preview)
    _write_signoff_event(edition, Action.SIGNOFF_REQUESTED, preview, by=by, at=at)
    signoff.enqueue_invitation(preview)
    return preview, token


# --- Reading and answering ------------------------------------------------------------------------


def log_visit(preview: PreviewLink, *, at: dt.datetime) -> None:
    PreviewVisit.objects.create(preview=preview, at=at)


def find_newer_edition(edition: Edition) -> Edition | None:
    """The newest edition after this one that was not dropped."""
    later = edition.statement.editions.filter(sequence__gt=edition.sequence)
    return later.exclude(state=State.CANCELLED).order_by("-sequence").first()


def closed_reasons(edition: Edition, at: dt.datetime) -> list[Problem]:
    """Why nobody can agree to these words any more; empty while they are to be agreed."""
    if edition.erased_at:
        return [Problem("", "These words were erased.")]
    if newer := find_newer_edition(edition):
        return [Problem("", f"There is a newer edition of these words: edition {newer.sequence}.")]
    if edition.is_released(at):
        return [Problem("", "These words have been published.")]
    if edition.state == State.SENT_BACK:
        return [Problem("", "These words went back to their writers, to be changed.")]
    if edition.state == State.CANCELLED:
        return [Problem("", "These words were dropped.")]
    return []


@transaction.atomic
def record_reply(
    preview: PreviewLink, *, at: dt.datetime, seen_digest: str, agrees: bool, text: str = ""
) -> SignOff:
    """Take the answer of the person whom this preview is for. Their newest answer counts.

    The same answer given again, by a second press of the button, is the same answer.
    """
    preview = PreviewLink.objects.select_related("edition").get(pk=preview.pk)
    edition = _lock_edition(preview.edition)
    preview.refresh_from_db(fields=["revoked_at", "expires_at"])
    if not preview.is_active(at):
        _raise_if([Problem("", "This link no longer works.", "Ask whoever sent it for a new one.")])
    _raise_if(closed_reasons(edition, at))
    if seen_digest != edition.digest:
        raise StaleVersion(
            "The words on your screen are not these words. Read them again, then answer."
        )
    text = "" if agrees else _normalise_text(text)
    _raise_if(_text_problems(text, agrees))
    last = preview.answers.last()
    if last and (last.agrees, last.text) == (agrees, text):
        return last
    given = SignOff.objects.create(
        edition=edition,
        digest=edition.digest,
        preview=preview,
        name=preview.name,
        on_behalf_of=preview.on_behalf_of,
        agrees=agrees,
        text=text,
        given_at=at,
        recorded_at=at,
    )
    _write_signoff_event(edition, _reply_action(agrees), given, by=None, at=at)
    signoff.notify_reply(given)
    return given


@transaction.atomic
def record_phone_reply(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    name: str,
    on_behalf_of: str = "",
    agrees: bool,
    text: str = "",
    given_at: dt.datetime | None = None,
) -> SignOff:
    """Put down what somebody answered by telephone; given_at None means just now."""
    edition = _lock_for(edition, by=by, action="record an agreement")
    if seen_digest != edition.digest:
        raise StaleVersion("The words on your screen are not these words. Look again, then record.")
    name, on_behalf_of, text = (
        _normalise_line(name),
        _normalise_line(on_behalf_of),
        _normalise_text(text),
    )
    given_at = given_at or at
    _raise_if(
        closed_reasons(edition, at)
        + _name_problems(name, on_behalf_of)
        + _text_problems(text, agrees)
        + _reply_time_problems(edition, given_at, at)
    )
    given = SignOff.objects.create(
        edition=edition,
        digest=edition.digest,
        name=name,
        on_behalf_of=on_behalf_of,
        agrees=agrees,
        text=text,
        given_at=given_at,
        recorded_by=by,
        recorded_at=at,
    )
    _write_signoff_event(edition, _reply_action(agrees), given, by=by, at=at)
    return given


def _reply_action(agrees: bool) -> Action:
    return Action.AGREED if agrees else Action.OBJECTED


# --- Remarks --------------------------------------------------------------------------------------


@transaction.atomic
def add_remark(edition: Edition, *, by, at: dt.datetime, text: str) -> Remark:
    """Add a line to the thread of an edition, and tell those who are concerned."""
    edition = _lock_for(edition, by=by, action="remark on an edition")
    text = _normalise_text(text)
    if edition.erased_at:
        _raise_if([Problem("text", "These words were erased, and the remarks on them.")])
    if not text:
        _raise_if([Problem("text", "The remark is empty.", "Write it first.")])
    _raise_if(_length_problems(text))
    said = Remark.objects.create(
        edition=edition, by=by, by_name=by.get_username(), at=at, text=text
    )
    signoff.notify_remark(said)
    return said


# --- Gates ----------------------------------------------------------------------------------------


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _lock_for(edition: Edition, *, by, action: str) -> Edition:
    require_group(by, NEWSDESK, action)
    return _lock_edition(edition)


def _lock_edition(edition: Edition) -> Edition:
    """The edition as it is now, its statement locked as `workflow` locks it."""
    statement = Statement.objects.select_for_update(no_key=True).get(pk=edition.statement_id)
    edition = Edition.objects.get(pk=edition.pk)
    edition.statement = statement
    return edition


def _write_signoff_event(
    edition: Edition, action: Action, whom: PreviewLink | SignOff, *, by, at
) -> None:
    """Who was asked or answered; what they wrote may quote the words and stays out of it."""
    detail = {"name": whom.name, "on_behalf_of": whom.on_behalf_of}
    write_event(edition.statement, action, by=by, at=at, edition=edition, detail=detail)


def _normalise_line(typed: str) -> str:
    return " ".join(html.normalise_text(typed).split())


def _normalise_text(typed: str) -> str:
    return html.normalise_text(typed).strip()


def _name_problems(name: str, on_behalf_of: str) -> list[Problem]:
    found = []
    if not name:
        found.append(Problem("name", "Nobody is named.", "Write who is to agree."))
    for field, value in (("name", name), ("on_behalf_of", on_behalf_of)):
        if len(value) > MAX_NAME_CHARS:
            found.append(Problem(field, f"That is longer than {MAX_NAME_CHARS} characters."))
    return found


def _email_problems(email: str) -> list[Problem]:
    if not email:
        return []
    try:
        validate_email(email)
    except ValidationError:
        return [Problem("email", f"“{email[:80]}” is no e-mail address.", "Correct or empty it.")]
    return []


def _days_problems(days: int) -> list[Problem]:
    if 1 <= days <= MAX_LINK_DAYS:
        return []
    return [Problem("days", f"A link works for 1 to {MAX_LINK_DAYS} days.")]


def _duplicate_link_problems(edition: Edition, name: str, on_behalf_of: str, at) -> list[Problem]:
    working = edition.previews.filter(revoked_at=None, expires_at__gt=at)
    if not working.filter(name__iexact=name, on_behalf_of__iexact=on_behalf_of).exists():
        return []
    return [
        Problem(
            "name",
            f"{name} has a link to this edition that works.",
            "Send it again: that makes a new link and ends the old one.",
        )
    ]


def _text_problems(text: str, agrees: bool) -> list[Problem]:
    if not agrees and not text:
        return [Problem("text", "There is no reason yet.", "Say what should change.")]
    return _length_problems(text)


def _length_problems(text: str) -> list[Problem]:
    if len(text) <= MAX_TEXT_CHARS:
        return []
    return [Problem("text", f"That is longer than {MAX_TEXT_CHARS:,} characters.", "Shorten it.")]


def _reply_time_problems(edition: Edition, given_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if given_at > at:
        return [Problem("given_at", "That time is still to come.", "Say when they answered.")]
    if given_at < edition.submitted_at.replace(second=0, microsecond=0):
        was = timezone.localtime(edition.submitted_at)
        return [
            Problem(
                "given_at",
                f"These words were submitted on {was:%-d %B %Y at %H:%M}, later than that.",
                "Nobody can have agreed to them before.",
            )
        ]
    return []
