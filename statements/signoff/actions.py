"""Ask people outside the newsdesk to sign off one exact text, and record their replies.

A quoted speaker, a partner organisation or a lawyer reads an edition or a saved draft by a link,
without an account, and replies; the reply is bound to the digest. It is advice: nothing here
changes an edition, and no transition in `workflow` depends on it. These functions raise what
transitions raise: PermissionDenied, Refused, StaleVersion.
"""

import datetime as dt
import logging
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from statements.audit.events import write_event
from statements.models import (
    Action,
    DraftVersion,
    Edition,
    PreviewLink,
    PreviewToken,
    PreviewVisit,
    SignOff,
    StaleVersion,
)
from statements.models.sign_off import digest_draft
from statements.notifications import signoff
from statements.readiness import Problem
from statements.signoff.rules import (
    check_days,
    check_duplicate_link,
    check_email,
    check_name,
    check_newest,
    check_phone,
    check_reason,
    check_reply_by,
    check_reply_time,
    normalise_line,
    raise_if,
    trim_text,
)
from statements.signoff.subjects import Subject, closed_reasons, lock_subject, lock_subject_for

SALT_BYTES = 16

logger = logging.getLogger(__name__)


# --- Links ----------------------------------------------------------------------------------------


@transaction.atomic
def request_signoff(
    row: Edition | DraftVersion,
    *,
    by: User,
    at: dt.datetime,
    name: str,
    on_behalf_of: str = "",
    email: str = "",
    phone: str = "",
    reply_by: dt.datetime | None = None,
    days: int = 7,
) -> tuple[PreviewLink, str]:
    """Create a link by which one named person reads these words and replies.

    Return it with its token, which is stored nowhere. The worker mails another link to `email`.
    """
    subject = lock_subject_for(row, by=by, action=_("ask for sign-off"))
    name, on_behalf_of = normalise_line(name), normalise_line(on_behalf_of)
    email, phone = email.strip(), normalise_line(phone)
    raise_if(
        closed_reasons(subject, at)
        + check_newest(subject)
        + check_name(name, on_behalf_of)
        + check_email(email)
        + check_phone(phone)
        + check_days(days)
    )
    lifetime = dt.timedelta(days=days)
    raise_if(
        check_reply_by(reply_by, at, at + lifetime)
        + check_duplicate_link(subject, name, on_behalf_of, at)
    )
    link = PreviewLink(
        **subject.columns,
        name=name,
        on_behalf_of=on_behalf_of,
        email=email,
        phone=phone,
        reply_by=reply_by,
    )
    return _create_link(link, subject, lifetime=lifetime, by=by, at=at)


@transaction.atomic
def resend_link(
    old_link: PreviewLink, *, to: Edition | DraftVersion, by: User, at: dt.datetime
) -> tuple[PreviewLink, str]:
    """Ask the same person about these words, by a new link that is valid for as long.

    Old links to the same words end; one to earlier words says that there is a newer edition. The
    time to reply by is asked for again as far as it is still to come.
    """
    subject = lock_subject_for(to, by=by, action=_("ask for sign-off"))
    old_link = PreviewLink.objects.get(pk=old_link.pk)
    if old_link.statement_id != subject.statement.pk:
        raise_if([Problem("", _("That link was for another statement."))])
    raise_if(closed_reasons(subject, at) + check_newest(subject))
    person = {"name": old_link.name, "on_behalf_of": old_link.on_behalf_of}
    subject.links.filter(**person, revoked_at=None).update(revoked_by=by, revoked_at=at)
    lifetime = old_link.expires_at - old_link.made_at
    reply_by = old_link.reply_by
    link = PreviewLink(
        **subject.columns,
        **person,
        email=old_link.email,
        phone=old_link.phone,
        reply_by=reply_by if reply_by and at < reply_by <= at + lifetime else None,
        again_of=old_link,
    )
    return _create_link(link, subject, lifetime=lifetime, by=by, at=at)


@transaction.atomic
def revoke_link(link: PreviewLink, *, by: User, at: dt.datetime) -> None:
    """End a link now. Replies that were given by it stay on the record."""
    link = _get_link(link)
    subject = lock_subject_for(Subject.of(link), by=by, action=_("cancel a link"))
    link.refresh_from_db(fields=["revoked_at"])
    if link.revoked_at:
        said = _("The link of %(name)s was cancelled already.")
        raise_if([Problem("", said % {"name": link.display_name})])
    PreviewLink.objects.filter(pk=link.pk).update(revoked_by=by, revoked_at=at)
    _write_signoff_event(subject, Action.PREVIEW_REVOKED, link, by=by, at=at)


def _get_link(link: PreviewLink) -> PreviewLink:
    links = PreviewLink.objects.select_related("statement", "edition", "draft_version")
    return links.get(pk=link.pk)


def _create_link(
    link: PreviewLink, subject: Subject, *, lifetime: dt.timedelta, by: User, at: dt.datetime
) -> tuple[PreviewLink, str]:
    link.made_by, link.made_at, link.expires_at = by, at, at + lifetime
    link.requested_release_at = (subject.edition or subject.statement).requested_release_at
    link.save()
    token = PreviewToken.objects.create_token(link)
    _write_signoff_event(subject, Action.SIGNOFF_REQUESTED, link, by=by, at=at)
    signoff.enqueue_invitation(link)
    logger.info(
        "Sign-off of statement %s requested, by preview link %s", link.statement_id, link.pk
    )
    return link, token


def log_visit(link: PreviewLink, *, at: dt.datetime) -> None:
    """Record that the reader pressed “Open”: a program that only fetches the page does not."""
    PreviewVisit.objects.create(preview=link, at=at)


# --- Replies --------------------------------------------------------------------------------------


@transaction.atomic
def record_reply(
    link: PreviewLink, *, at: dt.datetime, seen_digest: str, agrees: bool, text: str = ""
) -> SignOff:
    """Record the reply of the person this link is for. Their newest reply counts.

    The same reply sent twice, by a second press of the button, is one reply.
    """
    link = _get_link(link)
    subject = lock_subject(Subject.of(link))
    link.refresh_from_db(fields=["revoked_at", "expires_at"])
    if not link.is_active(at):
        raise_if(
            [
                Problem(
                    "",
                    _("This link no longer works."),
                    _("Ask the person who sent it for a new one."),
                )
            ]
        )
    raise_if(closed_reasons(subject, at))
    if seen_digest != subject.digest:
        raise StaleVersion(
            _("The words on your screen are not these words. Read them again, then answer.")
        )
    text = "" if agrees else trim_text(text)
    raise_if(check_reason(text, agrees=agrees))
    last = link.answers.last()
    if last and (last.agrees, last.text) == (agrees, text):
        return last
    person = {"preview": link, "name": link.name, "on_behalf_of": link.on_behalf_of}
    reply = _create_reply(
        subject, at=at, **person, agrees=agrees, text=text, given_at=at, recorded_by=None
    )
    signoff.notify_reply(reply)
    return reply


@transaction.atomic
def record_phone_reply(
    row: Edition | DraftVersion,
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
    subject = lock_subject_for(row, by=by, action=_("record a phone call"))
    if seen_digest != subject.digest:
        raise StaleVersion(
            _("The words on your screen are not these words. Look again, then record.")
        )
    name, on_behalf_of = normalise_line(name), normalise_line(on_behalf_of)
    text, given_at = trim_text(text), given_at or at
    raise_if(
        closed_reasons(subject, at)
        + check_newest(subject)
        + check_name(name, on_behalf_of)
        + check_reason(text, agrees=agrees)
        + check_reply_time(subject, given_at, at)
    )
    person = {"name": name, "on_behalf_of": on_behalf_of}
    reply = _create_reply(
        subject, at=at, **person, agrees=agrees, text=text, given_at=given_at, recorded_by=by
    )
    signoff.notify_reply(reply)
    return reply


def _create_reply(
    subject: Subject, *, at: dt.datetime, recorded_by: User | None, **columns: Any
) -> SignOff:
    salt = secrets.token_hex(SALT_BYTES) if subject.draft_version else ""
    digest = digest_draft(subject.draft_version, salt) if subject.draft_version else subject.digest
    reply = SignOff.objects.create(
        **subject.columns,
        **columns,
        digest=digest,
        salt=salt,
        recorded_by=recorded_by,
        recorded_at=at,
    )
    action = Action.AGREED if reply.agrees else Action.OBJECTED
    _write_signoff_event(subject, action, reply, by=recorded_by, at=at)
    logger.info("Sign-off reply %s on statement %s recorded", reply.pk, reply.statement_id)
    return reply


def _write_signoff_event(
    subject: Subject,
    action: Action,
    person: PreviewLink | SignOff,
    *,
    by: User | None,
    at: dt.datetime,
) -> None:
    # The name alone: the text of a reply may quote the content.
    texts = {"name": person.name, "on_behalf_of": person.on_behalf_of}
    version = subject.draft_version
    detail = {"draft_version": version.version} if version else {}
    write_event(
        subject.statement, action, by=by, at=at, edition=subject.edition, detail=detail, texts=texts
    )
