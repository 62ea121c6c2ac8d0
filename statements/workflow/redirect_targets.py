"""Where the readers of a statement that is gone are sent, and why they may not be sent there."""

import datetime as dt
import re

from django.conf import settings

from statements.models import Address, Edition, Statement, Withdrawal
from statements.publicness import address_open_at
from statements.published.editions import gone, public_editions, withdrawn_editions
from statements.readiness import Problem

LONGEST: int = Withdrawal._meta.get_field("target").max_length or 0
MOST_HOPS = 20
ON_A_STATEMENT = re.compile(r"/statements/([-\w]+)(?:/|\.txt$)")


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
    if len(target) > LONGEST:
        return [Problem("target", f"That address is longer than {LONGEST} characters.")]
    return _dead_end(statement, target, at)


def _dead_end(statement: Statement, target: str, at: dt.datetime) -> list[Problem]:
    """Follow the way that readers would go, over statements that are gone themselves."""
    onward = target
    for _ in range(MOST_HOPS):
        slug = _slug_in(onward)
        if slug is None:
            return []
        holder = Address.objects.filter(address_open_at(at), slug=slug).first()
        if holder and holder.statement_id == statement.pk:
            return [_circle(target, own=onward == target)]
        if holder and _stands(holder, at):
            return []
        notice = gone(slug, at=at) if holder else None
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
    return [_circle(target, own=False)]


def _slug_in(target: str) -> str | None:
    """The statement that an address of ours speaks of; None for every other address."""
    path = target.removeprefix(settings.SITE_URL.rstrip("/"))
    found = ON_A_STATEMENT.match(path) if path.startswith("/") else None
    return found[1] if found else None


def _stands(address: Address, at: dt.datetime) -> bool:
    own = Edition.objects.filter(statement=address.statement_id).values("pk")
    standing = public_editions(at=at).filter(pk__in=own)
    return standing.exists() or withdrawn_editions(at=at).filter(pk__in=own).exists()


def _circle(target: str, *, own: bool) -> Problem:
    if own:
        sentence = f"“{target}” is this statement’s own address: readers would go in a circle."
    else:
        sentence = f"“{target}” leads back to this statement: readers would go in a circle."
    return Problem("target", sentence, "Send them elsewhere, or nowhere.")
