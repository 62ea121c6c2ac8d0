"""Verify the site chain: accounts, pages and merges. `seals` has the seals in it."""

import json
from collections.abc import Callable, Generator, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from statements.audit.chains import Chain, LoggedEvent, Texts, read_events, read_texts
from statements.audit.compared import ACCOUNT, PAGE
from statements.audit.comparison import compare_state
from statements.audit.replay import Row, SiteFacts
from statements.audit.state import State, make_key, read_object, read_usernames
from statements.models import Action, Event, SitePage

BATCH_EVENTS = 500
FACT_ACTIONS = (Action.ACCOUNT_CHANGED, Action.MERGED)


def read_facts() -> SiteFacts:
    """Read what the site chain says about names and merges, without verifying it."""
    facts = SiteFacts(read_usernames())
    events = Event.objects.filter(statement=None, action__in=FACT_ACTIONS).order_by("number")
    for action, detail in events.values_list("action", "detail"):
        _add_fact(facts, action, json.loads(detail) if detail else {})
    return facts


def _add_fact(facts: SiteFacts, action: str, detail: dict[str, Any]) -> None:
    if action == Action.MERGED:
        facts.merges.add(detail)
    elif "renamed" in detail:
        facts.rename(*detail["renamed"])


def verify_site(progress: Callable[[], None]) -> Generator[str, None, SiteFacts]:
    """Yield a sentence for each problem of the site chain; return what it says about others."""
    facts = read_facts()
    chain = Chain("the site", facts)
    for event, texts in _read_site_events():
        progress()
        detail = json.loads(event.detail) if event.detail else {}
        if "renamed" in detail:
            old, new = (make_key(ACCOUNT, [name]) for name in detail["renamed"])
            chain.expected.rename(old, new)
        yield from chain.add(event, texts)
    yield from compare_state(*_align_groups(chain.expected.rows, read_site()), facts, "the site")
    return facts


def _read_site_events() -> Iterator[tuple[LoggedEvent, Texts]]:
    site_events = Event.objects.filter(statement=None)
    number = 0
    while batch := read_events(
        site_events.filter(number__gt=number).order_by("number")[:BATCH_EVENTS]
    ):
        texts = read_texts(Q(event__in=[event.pk for event in batch]))
        yield from ((event, texts[event.pk]) for event in batch)
        number = batch[-1].number


def read_site() -> State:
    """Return accounts with their groups, and the pages that somebody changed."""
    usernames = read_usernames()
    rows = dict(read_object(ACCOUNT, user, usernames) for user in get_user_model().objects.all())
    memberships = get_user_model().objects.filter(groups__isnull=False)
    for username, group in memberships.values_list("username", "groups__name"):
        rows[make_key(ACCOUNT, [username])][f"group:{group}"] = True
    for page in SitePage.objects.exclude(body="", changed_at=None):
        key, row = read_object(PAGE, page, usernames)
        rows[key] = row
    return rows


def _align_groups(expected: dict[str, Row], actual: State) -> tuple[dict[str, Row], State]:
    """Give both the same groups: one that no event names was never given, or never taken."""
    for key in expected.keys() & actual.keys():
        for rows, others in ((expected, actual), (actual, expected)):
            for name in others[key]:
                if name.startswith("group:"):
                    rows[key].setdefault(name, False)
    return expected, actual
