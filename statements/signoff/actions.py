"""Ask people outside the newsdesk to sign off one exact edition, and record their replies.

A quoted speaker, a partner organisation or a lawyer reads the edition by a link, without an
account, and replies; the reply is bound to the digest. It is advice: nothing here changes an
edition, and no transition in `workflow` depends on it. These functions raise what transitions
raise: PermissionDenied, Refused, StaleVersion.
"""

import datetime as dt
import logging

from django.contrib.auth.models import User
from django.db import transaction

from statements.audit.events import write_event
from statements.models import (
    Action,
    Edition,
    PreviewLink,
    PreviewToken,
    PreviewVisit,
    SignOff,
    StaleVersion,
)
from statements.notifications import signoff
from statements.readiness import Problem
from statements.signoff.rules import (
    check_days,
    check_duplicate_link,
    check_email,
    check_name,
    check_reason,
    check_reply_time,
    closed_reasons,
    lock_edition,
    lock_edition_for,
    normalise_line,
    raise_if,
    trim_text,
)

logger = logging.getLogger(__name__)


# --- Links ----------------------------------------------------------------------------------------


@transaction.atomic
def request_signoff(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    name: str,
    on_behalf_of: str = "",
    email: str = "",
    days: int = 7,
) -> tuple[PreviewLink, str]:
    """Create a link by which one named person reads this edition and replies.

    Return it with its token, which is stored nowhere. The worker mails another link to `email`.
    """
    edition = lock_edition_for(edition, by=by, action="ask for agreement")
    name, on_behalf_of, email = normalise_line(name), normalise_line(on_behalf_of), email.strip()
    raise_if(
        closed_reasons(edition, at)
        + check_name(name, on_behalf_of)
        + check_email(email)
        + check_days(days)
    )
    raise_if(check_duplicate_link(edition, name, on_behalf_of, at))
    link = PreviewLink(edition=edition, name=name, on_behalf_of=on_behalf_of, email=email)
    return _create_link(link, lifetime=dt.timedelta(days=days), by=by, at=at)


@transaction.atomic
def resend_link(
    old_link: PreviewLink, *, edition: Edition, by: User, at: dt.datetime
) -> tuple[PreviewLink, str]:
    """Ask the same person about this edition, by a new link that is valid for as long.

    Old links to the same edition end; one to an earlier edition says that there is a newer one.
    """
    edition = lock_edition_for(edition, by=by, action="ask for agreement")
    old_link = PreviewLink.objects.select_related("edition").get(pk=old_link.pk)
    if old_link.edition.statement_id != edition.statement_id:
        raise_if([Problem("", "That link was for another statement.", "Ask them about this one.")])
    raise_if(closed_reasons(edition, at))
    edition.previews.filter(
        name=old_link.name, on_behalf_of=old_link.on_behalf_of, revoked_at=None
    ).update(revoked_by=by, revoked_at=at)
    link = PreviewLink(
        edition=edition,
        name=old_link.name,
        on_behalf_of=old_link.on_behalf_of,
        email=old_link.email,
        again_of=old_link,
    )
    return _create_link(link, lifetime=old_link.expires_at - old_link.made_at, by=by, at=at)


@transaction.atomic
def revoke_link(link: PreviewLink, *, by: User, at: dt.datetime) -> None:
    """End a link now. Replies that were given by it stay on the record."""
    link = PreviewLink.objects.select_related("edition__statement").get(pk=link.pk)
    edition = lock_edition_for(link.edition, by=by, action="revoke a link")
    link.refresh_from_db(fields=["revoked_at"])
    if link.revoked_at:
        raise_if([Problem("", f"The link of {link.display_name} was revoked already.")])
    PreviewLink.objects.filter(pk=link.pk).update(revoked_by=by, revoked_at=at)
    _write_signoff_event(edition, Action.PREVIEW_REVOKED, link, by=by, at=at)


def _create_link(
    link: PreviewLink, *, lifetime: dt.timedelta, by: User, at: dt.datetime
) -> tuple[PreviewLink, str]:
    link.made_by, link.made_at, link.expires_at = by, at, at + lifetime
    link.save()
    token = PreviewToken.objects.create_token(link)
    _write_signoff_event(link.edition, Action.SIGNOFF_REQUESTED, link, by=by, at=at)
    signoff.enqueue_invitation(link)
    logger.info("Sign-off of edition %s requested, by preview link %s", link.edition_id, link.pk)
    return link, token


def log_visit(link: PreviewLink, *, at: dt.datetime) -> None:
    PreviewVisit.objects.create(preview=link, at=at)


# --- Replies --------------------------------------------------------------------------------------


@transaction.atomic
def record_reply(
    link: PreviewLink, *, at: dt.datetime, seen_digest: str, agrees: bool, text: str = ""
) -> SignOff:
    """Record the reply of the person this link is for. Their newest reply counts.

    The same reply sent twice, by a second press of the button, is one reply.
    """
    link = PreviewLink.objects.select_related("edition").get(pk=link.pk)
    edition = lock_edition(link.edition)
    link.refresh_from_db(fields=["revoked_at", "expires_at"])
    if not link.is_active(at):
        raise_if(
            [Problem("", "This link no longer works.", "Ask the person who sent it for a new one.")]
        )
    raise_if(closed_reasons(edition, at))
    if seen_digest != edition.digest:
        raise StaleVersion(
            "The words on your screen are not these words. Read them again, then answer."
        )
    text = "" if agrees else trim_text(text)
    raise_if(check_reason(text, agrees=agrees))
    last = link.answers.last()
    if last and (last.agrees, last.text) == (agrees, text):
        return last
    reply = SignOff.objects.create(
        edition=edition,
        digest=edition.digest,
        preview=link,
        name=link.name,
        on_behalf_of=link.on_behalf_of,
        agrees=agrees,
        text=text,
        given_at=at,
        recorded_at=at,
    )
    _write_signoff_event(edition, _reply_action(agrees), reply, by=None, at=at)
    signoff.notify_reply(reply)
    logger.info("Sign-off reply %s on edition %s recorded", reply.pk, edition.pk)
    return reply


@transaction.atomic
def record_phone_reply(
    edition: Edition,
    *,
    by: User,
    at: dt.datetime,
    seen_digest: str,
    name: str,
    on_behalf_of: str = "",
    agrees: bool,
    text: str = "",
    given_at: dt.datetime | None = None,
) -> SignOff:
    """Record what somebody replied by telephone; without `given_at`, just now."""
    edition = lock_edition_for(edition, by=by, action="record an agreement")
    if seen_digest != edition.digest:
        raise StaleVersion("The words on your screen are not these words. Look again, then record.")
    name, on_behalf_of = normalise_line(name), normalise_line(on_behalf_of)
    text, given_at = trim_text(text), given_at or at
    raise_if(
        closed_reasons(edition, at)
        + check_name(name, on_behalf_of)
        + check_reason(text, agrees=agrees)
        + check_reply_time(edition, given_at, at)
    )
    reply = SignOff.objects.create(
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
    _write_signoff_event(edition, _reply_action(agrees), reply, by=by, at=at)
    logger.info("Sign-off reply %s on edition %s recorded", reply.pk, edition.pk)
    return reply


def _reply_action(agrees: bool) -> Action:
    return Action.AGREED if agrees else Action.OBJECTED


def _write_signoff_event(
    edition: Edition,
    action: Action,
    person: PreviewLink | SignOff,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    # The name alone: the text of a reply may quote the content.
    texts = {"name": person.name, "on_behalf_of": person.on_behalf_of}
    write_event(edition.statement, action, by=by, at=at, edition=edition, texts=texts)
