"""Test two people at one instant, with real threads and connections: one is refused.

On PostgreSQL alone: the tests' SQLite lives in memory with one connection, and a file of it has one
writer at a time by its own lock, taken when the transaction begins.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Model

from statements import workflow
from statements.audit import verification
from statements.models import Edition, ReleaseGroup, StaleVersion, State, Statement, Theme
from statements.roles import EDITOR
from statements.workflow import Refused, groups, merging
from tests.cast import (
    DAY,
    NOON,
    approve_edition,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

PATIENCE = 20  # seconds


@pytest.fixture
def eve(db):
    return make_user("eve", EDITOR)


@pytest.fixture
def edition(ann) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


@contextmanager
def everybody_waits_for(row: Model, people: int) -> Iterator[None]:
    """Holds the row's lock until so many others wait for it; then they run into each other."""
    with transaction.atomic():
        type(row).objects.select_for_update().get(pk=row.pk)
        yield
        pause = threading.Event()
        for _ in range(PATIENCE * 100):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid <> "
                    "pg_backend_pid()"
                )
                if cursor.fetchone()[0] >= people:
                    return
            pause.wait(0.01)
        pytest.fail(f"{people} people should wait for the lock, and do not.")


def together(row: Model, *acts: Callable[[], object]) -> list[str]:
    """What became of each act, run at the same time: “done”, or the sentence that refused it."""
    said: dict[int, str] = {}
    crashes: list[BaseException] = []

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            act()
            said[place] = "done"
        except (Refused, StaleVersion, PermissionDenied) as refusal:
            said[place] = f"{type(refusal).__name__}: {refusal}"
        except BaseException as crash:  # noqa: BLE001 - the test raises it in its own thread
            crashes.append(crash)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    with everybody_waits_for(row, len(acts)):
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert crashes == []
    return [said[place] for place in range(len(acts))]


def one_wins(outcomes: list[str], *refusals: str) -> None:
    assert outcomes.count("done") == 1, outcomes
    (told,) = [said for said in outcomes if said != "done"]
    assert any(refusal in told for refusal in refusals), told
    assert list(verification.verify()) == []


def approve(edition: Edition, by, release_at=NOON, **screen) -> Callable[[], None]:
    return lambda: workflow.approve(
        edition, by=by, at=NOON, seen_digest=edition.digest, release_at=release_at, **screen
    )


def test_two_approvals(edition, ed, eve):
    one_wins(
        together(edition.statement, approve(edition, ed), approve(edition, eve)),
        "Edition 1 is no longer in review",
    )
    assert refetch_edition(edition).approved_by in (ed, eve)


def test_approval_against_a_save_by_somebody_else(edition, ed, ann):
    """A contributor slips in while an editor has the words on screen."""
    statement = edition.statement
    statement.refresh_from_db()
    version = statement.version

    def save() -> None:
        with transaction.atomic():
            Statement.objects.select_for_update().get(pk=statement.pk)
            mine = Statement.objects.get(pk=statement.pk)
            mine.record_save(by=ann, seen_version=version)

    one_wins(
        together(statement, approve(edition, ed, seen_version=version), save),
        "The words have moved",
        "Somebody else saved this statement while you had it open.",
    )


def test_an_approver_who_becomes_a_contributor_of_the_next_words_binds_only_the_old_ones(
    edition, ann, ed
):
    rewrite_passage(edition.statement, "Words with the comma mended.", by=ed)
    newer = submit_statement(edition.statement, by=ann)
    with pytest.raises(Refused):
        approve(newer, ed)()
    assert newer.contributor_ids == {ann.pk, ed.pk}


def test_two_releases(edition, ed, eve):
    held = approve_edition(edition, by=ed, release_at=None)

    def release(by) -> Callable[[], None]:
        return lambda: workflow.publish_now(held, by=by, at=NOON, seen_digest=held.digest)

    one_wins(together(held.statement, release(ed), release(eve)), "Edition 1 went out")


def test_hold_against_release(edition, ann, ed):
    scheduled = approve_edition(edition, by=ed, release_at=NOON + DAY)
    statement = scheduled.statement
    statement.refresh_from_db()
    version = statement.version
    outcomes = together(
        statement,
        lambda: workflow.hold(scheduled, by=ann, at=NOON),
        lambda: workflow.publish_now(
            scheduled, by=ed, at=NOON, seen_digest=scheduled.digest, seen_version=version
        ),
    )
    one_wins(outcomes, "Edition 1 went out", "Something happened while you were deciding")
    assert refetch_edition(scheduled).release_at == (None if outcomes[0] == "done" else NOON)


def test_two_submits_of_the_same_words(ann, ed):
    statement = make_statement(ann)
    statement.refresh_from_db()

    def submit(by) -> Callable[[], Edition]:
        return lambda: workflow.submit(statement, by=by, at=NOON, seen_version=statement.version)

    one_wins(together(statement, submit(ann), submit(ed)), "in review", "saved")
    assert statement.editions.filter(state=State.IN_REVIEW).count() == 1


def test_approval_against_sending_back(edition, ed, eve):
    one_wins(
        together(
            edition.statement,
            approve(edition, ed),
            lambda: workflow.send_back(
                edition, by=eve, at=NOON, seen_digest=edition.digest, note="Who?"
            ),
        ),
        "Edition 1 is no longer in review",
    )


@pytest.mark.parametrize(
    ("merge", "make_row"),
    [
        (merging.merge_speakers, make_speaker),
        (merging.merge_themes, lambda name: Theme.objects.create(name=name)),
    ],
)
def test_two_managers_who_merge_two_entries_into_each_other(merge, make_row, max):
    first, second = make_row("Dave Hill"), make_row("David Hill")
    pks = {first.pk, second.pk}
    min_row = first if first.pk < second.pk else second  # which both lock first
    outcomes = together(
        min_row,
        lambda: merge(first, second, by=max, at=NOON),
        lambda: merge(second, first, by=max, at=NOON),
    )
    one_wins(
        outcomes,
        *(
            f"Refused: {row} is gone: somebody merged or deleted it in the meantime. Nothing was "
            "merged. Look at the list as it is now, and choose again."
            for row in ("Dave Hill", "David Hill")
        ),
    )
    left = type(min_row).objects.filter(pk__in=pks)
    assert list(left) == [second if outcomes[0] == "done" else first]


# --- Release groups -------------------------------------------------------------------------------


@pytest.fixture
def pair(ann) -> list[Edition]:
    statements = [make_statement(ann, "Bridge"), make_statement(ann, "Pont", language="cy")]
    workflow.publish_together(*statements, by=ann, at=NOON)
    return [submit_statement(statement, by=ann) for statement in statements]


def approve_group(group: ReleaseGroup, by) -> Callable[[], None]:
    seen = {
        member.edition.pk: workflow.SeenEdition(member.edition.digest, member.statement.version)
        for member in groups.list_members(group)
        if member.edition
    }
    return lambda: workflow.approve_group(group, by=by, at=NOON, seen=seen, release_at=NOON + DAY)


def test_two_approvals_of_a_group(pair, ed, eve):
    group = ReleaseGroup.objects.get()
    one_wins(
        together(group, approve_group(group, ed), approve_group(group, eve)),
        "The release group is not as you read it",
    )
    assert len({edition.approved_by_id for edition in Edition.objects.all()}) == 1


def test_a_member_is_taken_out_while_the_group_is_approved(pair, ann, ed):
    group = ReleaseGroup.objects.get()
    one_wins(
        together(
            group,
            approve_group(group, ed),
            lambda: workflow.take_out(pair[1].statement, by=ann, at=NOON),
        ),
        "The release group is not as you read it",
        "is approved already, or goes public with what is",
    )


def test_two_people_who_act_on_two_members_never_wait_for_each_other(pair, ann, ed):
    group = ReleaseGroup.objects.get()
    approve_group(group, ed)()
    one_wins(
        together(
            group,
            lambda: workflow.hold(pair[0], by=ann, at=NOON),
            lambda: workflow.hold(pair[1], by=ed, at=NOON),
        ),
        "Edition 1 is on hold already.",
    )
    assert set(Edition.objects.values_list("release_at", flat=True)) == {None}


def test_a_hold_of_one_member_against_a_cancellation_of_the_other(pair, ann, ed):
    group = ReleaseGroup.objects.get()
    approve_group(group, ed)()
    outcomes = together(
        group,
        lambda: workflow.hold(pair[0], by=ann, at=NOON),
        lambda: workflow.cancel(pair[1], by=ed, at=NOON),
    )

    assert outcomes == ["done", "done"]
    assert refetch_edition(pair[0]).is_on_hold
    assert refetch_edition(pair[1]).state == State.CANCELLED
    assert list(verification.verify()) == []
