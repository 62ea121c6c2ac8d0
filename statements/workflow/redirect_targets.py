"""Check the address that readers of a removed statement are redirected to."""

import datetime as dt
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from statements.models import Edition, Statement, StatementSlug, Withdrawal
from statements.publicness import address_open_at
from statements.published.editions import load_gone_notice, public_editions, withdrawn_editions
from statements.readiness import Problem

MAX_TARGET_CHARS = 300  # as the column has it
MAX_HOPS = 20
STATEMENT_PATH = re.compile(r"/statements/([-\w]+)(?:/|\.txt$)")


def target_problems(
    statement: Statement, kind: str, target: str, *, at: dt.datetime
) -> list[Problem]:
    """Return why readers of this statement cannot be sent to this address."""
    if kind not in Withdrawal.Kind.values:
        return [Problem("kind", _("Choose whether the words stay under the notice or are gone."))]
    if not target:
        return []
    if kind != Withdrawal.Kind.GONE:
        return [
            Problem("target", _("Only a statement that is gone can send its readers elsewhere."))
        ]
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    hostile = any(c.isspace() or not c.isprintable() for c in target)
    if hostile or not (local or target.startswith("https://")) or not _is_address(target):
        return [
            Problem(
                "target",
                _("“%(target)s” is neither a path on this site nor an https address.")
                % {"target": target},
                _("Begin with / or https://."),
            )
        ]
    if len(target) > MAX_TARGET_CHARS:
        return [
            Problem(
                "target",
                _("That address is longer than %(most)s characters.") % {"most": MAX_TARGET_CHARS},
            )
        ]
    return _redirect_chain_problems(statement, target, at)


def _is_address(target: str) -> bool:
    """Return whether it can be taken apart: Django cannot redirect to https://[ at all."""
    try:
        return bool(urlsplit(target).path or urlsplit(target).hostname)
    except ValueError:
        return False


def _redirect_chain_problems(statement: Statement, target: str, at: dt.datetime) -> list[Problem]:
    """Follow the redirects that readers would follow, over other removed statements."""
    address = target
    for _hop in range(MAX_HOPS):
        slug = _extract_slug(address)
        if slug is None:
            return []
        owner = StatementSlug.objects.filter(address_open_at(at), slug=slug).first()
        if owner and owner.statement_id == statement.pk:
            return [_loop_problem(target, own=address == target)]
        if owner and _is_readable(owner, at):
            return []
        notice = load_gone_notice(slug, at=at) if owner else None
        if notice is None:
            return [
                Problem(
                    "target",
                    _("No public statement stands at “%(address)s” now.") % {"address": address},
                    _("Check the address, or send readers elsewhere."),
                )
            ]
        if not notice.target:
            return [
                Problem(
                    "target",
                    _("The statement at “%(address)s” is gone itself.") % {"address": address},
                    _("Send readers to one that stands."),
                )
            ]
        address = notice.target
    return [_loop_problem(target, own=False)]


def _extract_slug(target: str) -> str | None:
    path = target.removeprefix(settings.SITE_URL.rstrip("/"))
    match = STATEMENT_PATH.match(path) if path.startswith("/") else None
    return match[1] if match else None


def _is_readable(slug: StatementSlug, at: dt.datetime) -> bool:
    editions = Edition.objects.filter(statement=slug.statement_id).values("pk")
    public, withdrawn = public_editions(at=at), withdrawn_editions(at=at)
    return public.filter(pk__in=editions).exists() or withdrawn.filter(pk__in=editions).exists()


def _loop_problem(target: str, *, own: bool) -> Problem:
    if own:
        message = _(
            "“%(target)s” is this statement’s own address: readers would go in a circle."
        ) % {"target": target}
    else:
        message = _("“%(target)s” leads back to this statement: readers would go in a circle.") % {
            "target": target
        }
    return Problem("target", message, _("Send them elsewhere, or nowhere."))
