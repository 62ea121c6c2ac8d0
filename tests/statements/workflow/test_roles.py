"""Test what all transitions share: groups, one event in the same transaction, all or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied

from statements import workflow
from statements.audit import events, verification
from statements.models import Edition, Event, State, Statement
from statements.roles import AUTHOR, EDITOR, MANAGER
from statements.workflow.rules import RULES, problems_for
from tests.assertions import assert_denied, read_all_rows
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    submit_statement,
)

LATER = NOON + HOUR
NEWSDESK = {AUTHOR, EDITOR, MANAGER}
EDITORS = {EDITOR, MANAGER}


def in_review(ann, ed, max) -> Edition:
    return submit_statement(make_statement(ann), by=ann)


def on_hold(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed, release_at=None)


def scheduled(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed, release_at=LATER + HOUR)


def public(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed)


def urgent(ann, ed, max) -> Edition:
    edition = in_review(ann, ed, max)
    workflow.publish_urgently(
        edition, by=max, at=NOON, seen_digest=edition.digest, reason="Flood", password=PASSWORD
    )
    return refetch_edition(edition)


def gone(ann, ed, max) -> Edition:
    edition = public(ann, ed, max)
    workflow.withdraw(edition, by=ed, at=NOON, kind="gone", notice="Sorry.")
    return refetch_edition(edition)


def asked_to_erase(ann, ed, max) -> Edition:
    edition = gone(ann, ed, max)
    workflow.request_erasure(edition, by=max, at=NOON, reason="Order")
    return refetch_edition(edition)


@dataclass
class Scene:
    """A transition: the state before it, who may, and the event afterwards."""

    begins: Callable[..., Edition]
    groups: set[str]
    action: str
    more: dict


SCENES = {
    "send_back": Scene(in_review, EDITORS, "sent_back", {"note": "Who?"}),
    "request_countersignature": Scene(
        in_review, NEWSDESK, "asked", {"person": lambda: User.objects.get(username="max")}
    ),
    "countersign": Scene(in_review, NEWSDESK, "countersigned", {}),
    "approve": Scene(in_review, EDITORS, "approved", {"release_at": None}),
    "publish_urgently": Scene(
        in_review, EDITORS, "released_urgently", {"reason": "Flood", "password": PASSWORD}
    ),
    "take_second_look": Scene(urgent, EDITORS, "looked_at", {}),
    "publish_now": Scene(on_hold, EDITORS, "released", {}),
    "reschedule": Scene(scheduled, EDITORS, "retimed", {"release_at": LATER + HOUR}),
    "hold": Scene(scheduled, NEWSDESK, "held", {}),
    "cancel": Scene(scheduled, NEWSDESK, "cancelled", {}),
    "withdraw": Scene(public, EDITORS, "withdrawn", {"kind": "gone", "notice": "Sorry."}),
    "restore": Scene(gone, EDITORS, "restored", {}),
    "suppress": Scene(gone, {MANAGER}, "suppressed", {"reason": "Order"}),
    "request_erasure": Scene(gone, {MANAGER}, "erasure_asked", {"reason": "Order"}),
    "erase": Scene(asked_to_erase, {MANAGER}, "erased", {"password": PASSWORD}),
}
WITHOUT_SCREEN = {"hold", "cancel", "withdraw", "restore", "suppress", "request_erasure"}


def act(transition: str, edition: Edition, *, by) -> None:
    screen = {} if transition in WITHOUT_SCREEN else {"seen_digest": edition.digest}
    more = {name: one() if callable(one) else one for name, one in SCENES[transition].more.items()}
    getattr(workflow, transition)(edition, by=by, at=LATER, **screen, **more)


@pytest.fixture(params=SCENES)
def transition(request) -> str:
    return request.param


@pytest.fixture
def edition(transition, ann, ed, max) -> Edition:
    return SCENES[transition].begins(ann, ed, max)


@pytest.fixture
def eve(transition) -> User:
    """Somebody of a group that may, who had no part in the story so far."""
    return make_user("eve", MANAGER)


def test_every_transition_has_its_scene():
    assert set(SCENES) == set(RULES)


def test_a_transition_writes_one_event_of_its_own_on_its_digest(transition, edition, eve):
    before = Event.objects.count()
    assert problems_for(transition, edition, by=eve, at=LATER) == []
    act(transition, edition, by=eve)
    assert Event.objects.count() == before + 1
    event = Event.objects.last()
    assert (event.action, event.by, event.by_name, event.digest, event.at, event.statement_id) == (
        SCENES[transition].action,
        eve,
        "eve",
        event.edition.digest,
        LATER,
        edition.statement_id,
    )
    is_new = transition == "restore"  # a new edition, with a digest of its own
    assert (event.edition == edition) != is_new
    assert list(verification.verify()) == []


def test_without_its_event_nothing_happens(transition, edition, eve, monkeypatch):
    def full_disk(self, **kwargs):
        raise OSError("No space left on device")

    before = read_all_rows()
    with monkeypatch.context() as patch:
        patch.setattr(Event, "save", full_disk)
        with pytest.raises(OSError, match="No space left"):
            act(transition, edition, by=eve)
    assert read_all_rows() == before


@pytest.mark.parametrize("group", ["", AUTHOR, EDITOR, MANAGER])
def test_who_may_and_the_button_knows(transition, edition, group):
    who = make_user("who", group)
    allowed = group in SCENES[transition].groups
    reasons = problems_for(transition, edition, by=who, at=LATER)
    assert [problem.field for problem in reasons] == ([] if allowed else ["role"])
    if allowed:
        act(transition, edition, by=who)
    else:
        with assert_denied(str(reasons[0])):
            act(transition, edition, by=who)


def test_nobody_acts_who_is_not_on_the_newsdesk_now(transition, edition, eve):
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    left = make_user("left", MANAGER)
    left.is_active = False
    for who in (root, left, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            act(transition, edition, by=who)
    eve.groups.clear()
    with pytest.raises(PermissionDenied):
        act(transition, edition, by=eve)


def test_a_transition_looks_at_the_edition_as_it_is_now(transition, edition, eve, max):
    """The object in hand is an old picture; what is refused is decided under the lock."""
    act(transition, edition, by=eve)
    stands_again = {
        "request_countersignature": eve,
        "countersign": max,
        "reschedule": eve,
    }  # what may be done twice
    if transition in stands_again:
        act(transition, edition, by=stands_again[transition])
    else:
        with pytest.raises(workflow.Refused):
            act(transition, edition, by=make_user("zoe", MANAGER))


def test_the_sentence_for_the_wrong_role_says_whom_to_ask(ann, sam):
    statement = make_statement(ann)
    with assert_denied(
        "To submit a statement you need to be an Author or an Editor or a Manager. Ask a manager."
    ):
        submit_statement(statement, by=sam)


# --- Submit, import and metadata, which take a statement -------------------------------------------


def test_submitting_and_its_event_are_one(ann, monkeypatch):
    statement = make_statement(ann)
    before = read_all_rows()
    with monkeypatch.context() as patch:
        patch.setattr(events.Event, "save", lambda self, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            submit_statement(statement, by=ann)
    assert read_all_rows() == before
    submit_statement(statement, by=ann)
    assert Event.objects.filter(statement=statement).count() == 1


@pytest.mark.parametrize("group", ["", AUTHOR, EDITOR, MANAGER])
def test_only_managers_import(ann, group):
    statement = make_statement(ann)
    who = make_user("who", group)

    def bring_in():
        workflow.import_edition(statement, by=who, at=NOON, released_at=NOON - HOUR, source="a:1")

    if group == MANAGER:
        bring_in()
    else:
        with assert_denied("To import statements you need to be a Manager. Ask a manager."):
            bring_in()


def test_an_inactive_author_submits_nothing(ann):
    statement = make_statement(ann)
    ann.is_active = False
    with pytest.raises(PermissionDenied):
        submit_statement(statement, by=ann)
    assert not Edition.objects.exists()


def test_groups_are_asked_for_by_name_and_permissions_count_for_nothing(ann, sam):
    sam.user_permissions.set(Group.objects.get(name=MANAGER).permissions.all())
    edition = submit_statement(make_statement(ann), by=ann)
    with assert_denied(
        "To approve a statement you need to be an Editor or a Manager. Ask a manager."
    ):
        approve_edition(edition, by=sam)
    assert refetch_edition(edition).state == State.IN_REVIEW
    assert Statement.objects.get().first_release_at is None
