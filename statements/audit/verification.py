"""Verify that the record is as it was written: events, and every value that they state.

Works through the statements in batches, so that memory stays flat.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from statements.audit import site_chain
from statements.audit.chains import Chain, LoggedEvent, find_last_erasure, read_events, read_texts
from statements.audit.compared import ATTRIBUTION, STATED_TABLES, THEMED_STATEMENT, WITHDRAWAL
from statements.audit.comparison import (
    check_content,
    check_copies,
    compare_state,
    find_first_release,
)
from statements.audit.file_facts import check_files
from statements.audit.replay import SiteFacts
from statements.audit.seals import find_seal_problems
from statements.audit.signatures import find_signature_problems
from statements.audit.state import State, group_by_statement, read_rows, select_statements
from statements.files import storage
from statements.models import (
    Action,
    Contribution,
    Event,
    Statement,
)

BATCH_STATEMENTS = 500
Progress = Callable[[], None]


def verify(progress: Progress = lambda: None, *, every_signature: bool = False) -> Iterator[str]:
    """Yield a sentence for each place where the record does not verify.

    Calls `progress` once for each edition and each event.
    """
    facts = yield from site_chain.verify_site(progress)
    last_pk = 0
    while batch := _read_batch(Statement.objects.filter(pk__gt=last_pk)):
        last_pk = batch[-1].pk
        yield from _verify_batch(batch, facts, progress)
    yield from storage.find_undeleted_files()
    yield from find_signature_problems(Event.objects.all(), every=every_signature)
    yield from find_seal_problems()


def verify_statement(statement: Statement) -> list[str]:
    """Return a sentence for each place where the record of one statement does not hold."""
    batch = _read_batch(Statement.objects.filter(pk=statement.pk))
    problems = _verify_batch(batch, site_chain.read_facts(), lambda: None)
    events = Event.objects.filter(statement=statement)
    return [*problems, *find_signature_problems(events, every=False)]


def describe_baselines(statement: Statement | None = None) -> str:
    """Say since when values are proved, where an older export was restored; else ""."""
    events = Event.objects.filter(action=Action.BASELINE, statement__isnull=False)
    if statement:
        events = events.filter(statement=statement)
    found = events.aggregate(last=Max("at"), count=Count("statement", distinct=True))
    if not found["count"]:
        return ""
    subject = "This statement was" if statement else f"{found['count']:,} of the statements were"
    return (
        f"{subject} restored from an export. The record proves the values since "
        f"{_format_day(found['last'])}, and not what they were before."
    )


def _format_day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y}"


# --- Statements -----------------------------------------------------------------------------------


class StatementFacts(NamedTuple):
    pk: int
    first_release_at: dt.datetime | None


class _Batch(NamedTuple):
    """Everything that the verification of some statements reads."""

    events: dict[int, list[LoggedEvent]]
    states: dict[int, State]
    texts: dict[int, Any]
    hands: dict[int, set[str]]


def _read_batch(statements: QuerySet[Statement]) -> list[StatementFacts]:
    rows = statements.order_by("pk").values_list("pk", "first_release_at")[:BATCH_STATEMENTS]
    return [StatementFacts._make(row) for row in rows]


def _verify_batch(
    statements: Sequence[StatementFacts], facts: SiteFacts, progress: Progress
) -> Iterator[str]:
    pks = range(statements[0].pk, statements[-1].pk + 1)
    batch = _load_batch(pks, facts)
    for statement in statements:
        yield from _verify_one(statement, batch, facts, progress)
    for table in (ATTRIBUTION, WITHDRAWAL, THEMED_STATEMENT):
        yield from check_copies(table, pks)
    yield from check_files(batch.states.values())


def _load_batch(pks: range, facts: SiteFacts) -> _Batch:
    events: dict[int, list[LoggedEvent]] = defaultdict(list)
    selected = Event.objects.filter(select_statements("statement_id", pks))
    for event in read_events(selected.order_by("number")):
        events[event.statement_id or 0].append(event)
    states: dict[int, State] = defaultdict(dict)
    for table in STATED_TABLES.values():
        for pk, rows in group_by_statement(read_rows(table, pks, facts.usernames)).items():
            states[pk] |= rows
    hands: dict[int, set[str]] = defaultdict(set)
    contributions = Contribution.objects.filter(select_statements("statement_id", pks))
    for pk, user_id in contributions.values_list("statement_id", "user_id"):
        hands[pk].add(facts.name_user(user_id))
    return _Batch(events, states, read_texts(select_statements("event__statement_id", pks)), hands)


def _format_time(time: dt.datetime | None) -> str | None:
    return time.astimezone(dt.UTC).isoformat() if time else None


def _verify_one(
    statement: StatementFacts, batch: _Batch, facts: SiteFacts, progress: Progress
) -> Iterator[str]:
    where = f"statement {statement.pk}"
    events, state = batch.events[statement.pk], batch.states[statement.pk]
    chain = Chain(where, facts, find_last_erasure(events))
    for event in events:
        progress()
        yield from chain.add(event, batch.texts[event.pk])
    yield from compare_state(chain.expected.resolve(), state, facts, where)
    yield from _verify_editions(state, chain, batch.hands[statement.pk], where, progress)
    if _format_time(statement.first_release_at) != find_first_release(state):
        yield f"The first release of {where} is not that of its editions."


def _verify_editions(
    state: State, chain: Chain, hands: set[str], where: str, progress: Progress
) -> Iterator[str]:
    for key, row in state.items():
        if not key.startswith("edition:"):
            continue
        progress()
        name = f"edition {row['sequence']} of {where}"
        yield from check_content(row, name)
        if key.partition(":")[2] in chain.submitted and not hands.issuperset(row["contributors"]):
            yield f"Somebody who had a hand in {name} is not listed as a contributor any more."
