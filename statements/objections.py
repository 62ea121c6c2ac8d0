"""Objections: who outside does not agree to a statement, and has not answered again.

An objection stays, also on later editions, until that person answers again: by agreeing to an
edition or, if it was to a draft, to a draft. An agreement to a draft never ends an objection to an
edition. Nothing is blocked by one. The newsdesk shows it wherever the words are still to come out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from statements.models import PreviewLink, SignOff, Statement

MAX_REPLIES = 5_000
"""How many replies are read for one list: a list has at most some hundred statements."""

PersonKey = tuple[int, str, str]


@dataclass(frozen=True)
class Objection:
    """One person's objection, and how to reach them. `pk` is that of the `SignOff`."""

    pk: int
    statement_id: int
    edition_id: int | None
    name: str
    role: str
    """On whose behalf they answered; "" if nobody said so."""
    words: str
    """The reason; "" once it was erased."""
    given_at: dt.datetime
    subject: str
    """What they answered about: “edition 2” or “draft version 6”."""
    recorded_by: str
    """The user name of the colleague who took it by telephone; "" if it came by a link."""
    phone: str
    email: str

    @property
    def display_name(self) -> str:
        return f"{self.name} ({self.role})" if self.role else self.name

    @property
    def phone_href(self) -> str:
        """The number as a `tel:` address has it; "" without one."""
        digits = "".join(sign for sign in self.phone if sign.isdecimal() or sign == "+")
        return f"tel:{digits}" if digits else ""

    @property
    def link(self) -> str:
        """Where all replies about the statement stand."""
        return reverse("admin:statements_statement_signoff", args=[self.statement_id])


def find_objections(statement: Statement) -> list[Objection]:
    """Return the objections that stand, the oldest first. Two queries, or one if there is none."""
    return find_objections_of([statement.pk]).get(statement.pk, [])


def find_objections_of(statement_ids: Iterable[int]) -> dict[int, list[Objection]]:
    """Return the objections that stand, by statement, without those that have none.

    Two queries for any number of statements, or one if nobody objects.
    """
    ids = list(statement_ids)
    standing = _find_standing(ids) if ids else []
    ways = _find_ways({reply.statement_id for reply in standing})
    found: dict[int, list[Objection]] = defaultdict(list)
    for reply in standing:
        found[reply.statement_id].append(_make_objection(reply, ways[make_person_key(reply)]))
    return dict(found)


def _find_standing(statement_ids: list[int]) -> list[SignOff]:
    objecting = SignOff.objects.filter(statement__in=statement_ids, agrees=False)
    replies = (
        SignOff.objects.filter(statement__in=objecting.values("statement"))
        .select_related("edition", "draft_version", "recorded_by")
        .defer("edition__content", "draft_version__text")
    )
    newest = list(replies.order_by("-pk")[:MAX_REPLIES])
    by_person: dict[PersonKey, list[SignOff]] = defaultdict(list)
    for reply in reversed(newest):
        by_person[make_person_key(reply)].append(reply)
    standing = [last for replies in by_person.values() if (last := find_standing(replies))]
    return sorted(standing, key=lambda reply: reply.pk)


def find_standing(replies: Iterable[SignOff]) -> SignOff | None:
    """Return the objection that stands after one person's replies, in the order of recording."""
    standing: list[SignOff] = []
    for reply in replies:
        standing = [earlier for earlier in standing if not _ends(reply, earlier)]
        if not reply.agrees:
            standing.append(reply)
    return standing[-1] if standing else None


def _ends(reply: SignOff, objection: SignOff) -> bool:
    """Tell whether an agreement is the later answer to an objection, on words that count."""
    # A phone call is noted to the minute. One from before the objection answers nothing.
    is_later = reply.given_at >= objection.given_at.replace(second=0, microsecond=0)
    return reply.agrees and is_later and (bool(reply.edition_id) or not objection.edition_id)


def make_person_key(row: PreviewLink | SignOff) -> PersonKey:
    """Return what tells people apart: there is no account."""
    return row.statement_id, row.name.casefold(), row.on_behalf_of.casefold()


def _find_ways(statement_ids: set[int]) -> dict[PersonKey, dict[str, str]]:
    """Return the newest telephone number and e-mail address of each person."""
    ways: dict[PersonKey, dict[str, str]] = defaultdict(lambda: {"phone": "", "email": ""})
    if not statement_ids:
        return ways
    links = PreviewLink.objects.filter(statement__in=statement_ids).exclude(email="", phone="")
    for link in links.order_by("pk"):
        known = ways[make_person_key(link)]
        known["phone"] = link.phone or known["phone"]
        known["email"] = link.email or known["email"]
    return ways


def _make_objection(reply: SignOff, ways: dict[str, str]) -> Objection:
    return Objection(
        pk=reply.pk,
        statement_id=reply.statement_id,
        edition_id=reply.edition_id,
        name=reply.name,
        role=reply.on_behalf_of,
        words=reply.text,
        given_at=reply.given_at,
        subject=reply.subject,
        recorded_by=reply.recorded_by.get_username() if reply.recorded_by else "",
        phone=ways["phone"],
        email=ways["email"],
    )
