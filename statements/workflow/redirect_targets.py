"""Where the readers of a statement that is gone are sent, and why they may not be sent there."""

import datetime as dt
import re

from django.conf import settings

from statements.models import Edition, Statement, StatementSlug, Withdrawal
from statements.publicness import address_open_at
from statements.published.editions import load_gone_notice, public_editions, withdrawn_editions
from statements.readiness import Problem

MAX_TARGET_CHARS: int = Withdrawal._meta.get_field("target").max_length or 0
MAX_HOPS = 20
STATEMENT_PATH = re.compile(r"/statements/([-\w]+)(?:/|\.txt$)")


def target_problems(
    statement: Statement, kind: str, target: str, *, at: dt.datetime
) -> list[Problem]:
    """Why readers of this statement cannot be sent to this address; empty means: they can."""
    if kind not in Withdrawal.Kind.values:
        return [Problem("kind", "Choose whether the words stay under the notice or are gone.")]
    if not target:
        return []
    if kind != Withdrawal.Kind.GONE:
        return [Problem("target", "Only a statement that is gone can send its readers elsewhere.")]
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    hostile = any(c.isspace() or not c.isprintable() for c in target)
    if hostile or not (local or target.startswith("https://")):
        return [
            Problem(
                "target",
                f"“{target}” is neither a path on this site nor an https address.",
                "Begin with / or https://.",
            )
        ]
    if len(target) > MAX_TARGET_CHARS:
        return [Problem("target", f"That address is longer than {MAX_TARGET_CHARS} characters.")]
    return _redirect_chain_problems(statement, target, at)


def _redirect_chain_problems(statement: Statement, target: str, at: dt.datetime) -> list[Problem]:
    """Follow the way that readers would go, over statements that are gone themselves."""
    onward = target
    for _ in range(MAX_HOPS):
        slug = _extract_slug(onward)
        if slug is None:
            return []
        holder = StatementSlug.objects.filter(address_open_at(at), slug=slug).first()
        if holder and holder.statement_id == statement.pk:
            return [_loop_problem(target, own=onward == target)]
        if holder and _is_readable(holder, at):
            return []
        notice = load_gone_notice(slug, at=at) if holder else None
        if notice is None:
            return [
                Problem(
                    "target",
                    f"No public statement stands at “{onward}” now.",
                    "Check the address, or send readers elsewhere.",
                )
            ]
        if not notice.target:
            return [
                Problem(
                    "target",
                    f"The statement at “{onward}” is gone itself.",
                    "Send readers to one that stands.",
                )
            ]
        onward = notice.target
    return [_loop_problem(target, own=False)]


def _extract_slug(target: str) -> str | None:
    """The statement that an address of ours speaks of; None for every other address."""
    path = target.removeprefix(settings.SITE_URL.rstrip("/"))
    found = STATEMENT_PATH.match(path) if path.startswith("/") else None
    return found[1] if found else None


def _is_readable(address: StatementSlug, at: dt.datetime) -> bool:
    own = Edition.objects.filter(statement=address.statement_id).values("pk")
    standing = public_editions(at=at).filter(pk__in=own)
    return standing.exists() or withdrawn_editions(at=at).filter(pk__in=own).exists()


def _loop_problem(target: str, *, own: bool) -> Problem:
    if own:
        sentence = f"“{target}” is this statement’s own address: readers would go in a circle."
    else:
        sentence = f"“{target}” leads back to this statement: readers would go in a circle."
    return Problem("target", sentence, "Send them elsewhere, or nowhere.")
