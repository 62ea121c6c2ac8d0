"""Test that any transitions in any order make public exactly what a small model says."""

import datetime as dt
from collections import Counter
from typing import ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from statements import workflow
from statements.audit import verification
from statements.models import ApprovalRule, Edition, ReleaseGroup, StaleVersion, State
from statements.published.editions import public_editions
from statements.roles import AUTHOR, EDITOR, MANAGER
from statements.workflow import Refused, SeenEdition, groups
from tests.cast import (
    MINUTE,
    NOON,
    PASSWORD,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)
from tests.hypothesis_profiles import scale_examples

SECOND = dt.timedelta(seconds=1)
OFTEN = {"approve", "approve_group", "hold", "reschedule", "publish_urgently", "withdraw"}
GROUPS = [AUTHOR, AUTHOR, EDITOR, EDITOR, MANAGER, MANAGER]

people = st.integers(0, len(GROUPS) - 1)
deciders = st.integers(2, len(GROUPS) - 1)
statements = st.integers(0, 1)
ages = st.sampled_from([0, 0, 0, 1, 2])  # how many editions back
waits = st.sampled_from([None, 0, 1, 2, 5])  # minutes; None is held


class Newsroom(RuleBasedStateMachine):
    """Two statements, six people, one clock. `approved` and `ended` are the model."""

    succeeded: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize()
    def open(self) -> None:
        self.at = NOON
        self.people = [make_user(f"p{i}", group) for i, group in enumerate(GROUPS)]
        self.statements = [make_statement(self.people[0], f"Number {i}") for i in range(2)]
        self.last_writer = dict.fromkeys((s.pk for s in self.statements), self.people[0].pk)
        self.words = 0
        # The model: by statement, edition → its release time, and edition → when it was withdrawn.
        self.approved: dict[int, dict[int, dt.datetime | None]] = {
            s.pk: {} for s in self.statements
        }
        self.ended: dict[int, dt.datetime] = {}
        self.together: set[int] = set()  # the editions that were approved in the last group

    def teardown(self) -> None:
        try:
            assert list(verification.verify()) == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- The model, and how transitions update it -------------------------------------------------------

    def public(self, at: dt.datetime) -> set[int]:
        found = set()
        for approved in self.approved.values():
            out = [(release, pk) for pk, release in approved.items() if release and release <= at]
            if out and self.ended.get(max(out)[1], at + SECOND) > at:
                found.add(max(out)[1])
        return found

    def releases(self, edition: Edition, release_at: dt.datetime | None) -> None:
        """Older words that are not out yet never follow newer ones."""
        approved = self.approved[edition.statement_id]
        stops = approved.get(edition.pk) is not None and release_at is None
        approved[edition.pk] = release_at
        for older, theirs in list(approved.items()):
            waits = theirs is None or theirs > self.at
            newer = [r for pk, r in approved.items() if pk > older]
            overtaken = newer and (theirs is None or any(r and r <= theirs for r in newer))
            if waits and overtaken and not stops:
                del approved[older]

    def moves(self, edition: Edition, release_at: dt.datetime | None) -> None:
        """What was approved together moves together."""
        for statement, approved in self.approved.items():
            for pk in list(approved):
                if pk == edition.pk or {pk, edition.pk} <= self.together:
                    self.releases(Edition(pk=pk, statement_id=statement), release_at)

    def tried(self, transition, *args, **kwargs):
        """Return what the transition returned, or None if it refused and changed nothing."""
        try:
            with transaction.atomic():
                return transition(*args, at=self.at, **kwargs) or True
        except (Refused, StaleVersion, PermissionDenied) as refusal:
            assert str(refusal)  # noqa: PT017 - which transition refuses is up to chance
            return None

    def edition(self, statement: int, age: int, transition: str) -> Edition | None:
        """The newest, or an older one; of a transition that chance would seldom aim well, the newest that
        it may be meant for."""
        newest_first = self.statements[statement].editions.order_by("-sequence")
        if age == 0 and transition in ("hold", "reschedule", "publish_now", "cancel"):
            meant = newest_first.not_yet_public(self.at).first()
        elif age == 0 and transition == "withdraw":
            meant = newest_first.filter(release_at__lte=self.at, live_until__gt=self.at).first()
        else:
            meant = None
        return meant or newest_first[age : age + 1].first()

    def decide(self, name: str, who: int, statement: int, age: int, **more) -> Edition | None:
        """The edition, if the transition did what it was asked."""
        edition = self.edition(statement, age, name)
        if edition is None:
            return None
        done = self.tried(getattr(workflow, name), edition, by=self.people[who], **more)
        self.succeeded.update([name] if done else [])
        return edition if done else None

    def seen(self, statement: int, age: int, transition: str) -> dict:
        edition = self.edition(statement, age, transition)
        return {"seen_digest": edition.digest if edition else ""}

    # --- What people do ---------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 30, 60, 120, 600]))
    def time_passes(self, seconds: int) -> None:
        self.at += dt.timedelta(seconds=seconds)

    @rule(who=people, which=statements)
    def write(self, who: int, which: int) -> None:
        self.words += 1
        rewrite_passage(
            self.statements[which], f"Words, version {self.words}.", by=self.people[who]
        )
        self.last_writer[self.statements[which].pk] = self.people[who].pk

    @rule(who=people, which=statements)
    def submit(self, who: int, which: int) -> None:
        statement = self.statements[which]

        def send(*, at):
            amends = any(r and r <= at for r in self.approved[statement.pk].values())
            amendment = "typo" if amends else ""
            return submit_statement(statement, by=self.people[who], at=at, amendment=amendment)

        edition = self.tried(send)
        if edition is not None:
            assert self.last_writer[statement.pk] in edition.contributor_ids

    @rule(who=st.integers(0, 1), by=deciders, which=statements, wait=waits)
    def write_submit_and_approve(self, who: int, by: int, which: int, wait: int | None) -> None:
        """The whole way at once, as chance alone would seldom go it."""
        self.write(who, which)
        self.submit(who, which)
        self._time("approve", by, which, 0, wait)

    @rule(who=st.integers(0, 1), by=deciders, which=statements)
    def write_submit_and_release_urgently(self, who: int, by: int, which: int) -> None:
        self.write(who, which)
        self.submit(who, which)
        self.release_urgently(by, which, 0)

    @rule(who=people, by=deciders, which=statements, wait=st.sampled_from([1, 2, 5]))
    def hold_and_set_a_new_time(self, who: int, by: int, which: int, wait: int) -> None:
        self.hold(who, which, 0)
        self.retime(by, which, 0, wait)

    @rule(who=deciders, which=statements, age=ages)
    def send_back(self, who: int, which: int, age: int) -> None:
        self.decide("send_back", who, which, age, note="Who?", **self.seen(which, age, "send_back"))

    @rule(who=people, which=statements, age=ages)
    def countersign(self, who: int, which: int, age: int) -> None:
        self.decide("countersign", who, which, age, **self.seen(which, age, "countersign"))

    @rule(who=deciders, which=statements, age=ages, wait=waits)
    def approve(self, who: int, which: int, age: int, wait: int | None) -> None:
        self._time("approve", who, which, age, wait)

    @rule(who=deciders, which=statements, age=ages, wait=st.sampled_from([1, 2, 5]))
    def retime(self, who: int, which: int, age: int, wait: int) -> None:
        self._time("reschedule", who, which, age, wait)

    def _time(self, transition: str, who: int, which: int, age: int, wait: int | None) -> None:
        release = self._choose_time(wait)
        seen = self.seen(which, age, transition)
        if edition := self.decide(transition, who, which, age, release_at=release, **seen):
            if transition == "approve":
                self.releases(edition, release)
            else:
                self.moves(edition, release)

    def _choose_time(self, wait: int | None) -> dt.datetime | None:
        if wait:
            return self.at.replace(second=0) + wait * MINUTE
        return self.at if wait == 0 else None

    @rule(who=deciders, which=statements, age=ages)
    def release_now(self, who: int, which: int, age: int) -> None:
        if edition := self.decide(
            "publish_now", who, which, age, **self.seen(which, age, "publish_now")
        ):
            self.moves(edition, self.at)

    @rule(who=deciders, which=statements, age=ages)
    def release_urgently(self, who: int, which: int, age: int) -> None:
        more = {"reason": "Flood", "password": PASSWORD}
        more |= self.seen(which, age, "publish_urgently")
        if edition := self.decide("publish_urgently", who, which, age, **more):
            self.releases(edition, self.at)

    @rule(who=deciders, which=statements, age=ages)
    def second_look(self, who: int, which: int, age: int) -> None:
        self.decide(
            "take_second_look", who, which, age, **self.seen(which, age, "take_second_look")
        )

    @rule(who=people, which=statements, age=ages)
    def hold(self, who: int, which: int, age: int) -> None:
        if edition := self.decide("hold", who, which, age):
            self.moves(edition, None)

    @rule(who=people, which=statements, age=ages)
    def cancel(self, who: int, which: int, age: int) -> None:
        if edition := self.decide("cancel", who, which, age):
            self.approved[edition.statement_id].pop(edition.pk, None)

    @rule(who=deciders, which=statements, age=ages, kind=st.sampled_from(["gone", "notice"]))
    def withdraw(self, who: int, which: int, age: int, kind: str) -> None:
        if edition := self.decide("withdraw", who, which, age, kind=kind, notice="Sorry."):
            self.ended.setdefault(edition.pk, self.at)
            approved = self.approved[edition.statement_id]
            for pk, release in approved.items():
                if release and release > self.at:
                    approved[pk] = None

    @rule(who=deciders, which=statements, age=ages)
    def restore(self, who: int, which: int, age: int) -> None:
        self.decide("restore", who, which, age)

    @rule(who=st.integers(4, 5), which=statements, age=ages)
    def suppress(self, who: int, which: int, age: int) -> None:
        self.decide("suppress", who, which, age, reason="Order")

    # --- Together ---------------------------------------------------------------------------------

    @rule(who=people)
    def publish_together(self, who: int) -> None:
        self.tried(workflow.publish_together, *self.statements, by=self.people[who])

    @rule(who=people, which=statements)
    def take_out(self, who: int, which: int) -> None:
        self.tried(workflow.take_out, self.statements[which], by=self.people[who])

    @rule(who=deciders, wait=waits)
    def approve_together(self, who: int, wait: int | None) -> None:
        group = ReleaseGroup.objects.filter(members__in=self.statements).first()
        members = groups.list_members(group) if group else []
        seen = {
            member.edition.pk: SeenEdition(member.edition.digest, member.statement.version)
            for member in members
            if member.edition
        }
        about = {"by": self.people[who], "seen": seen, "release_at": self._choose_time(wait)}
        if group and self.tried(workflow.approve_group, group, **about):
            self.succeeded.update(["approve_group"])
            for member in members:
                approved = self.approved[member.statement.pk]
                for pk in self.together & approved.keys():
                    del approved[pk]
                approved[member.edition.pk] = about["release_at"]
            self.together = set(seen)

    @rule(by=deciders, wait=waits)
    def write_submit_and_approve_together(self, by: int, wait: int | None) -> None:
        for which in (0, 1):
            self.write(which, which)
        self.publish_together(0)
        for which in (0, 1):
            self.submit(which, which)
        self.approve_together(by, wait)

    # --- What always holds ------------------------------------------------------------------------

    @invariant()
    def what_is_public_is_what_the_model_says(self) -> None:
        times = {r for approved in self.approved.values() for r in approved.values() if r}
        for at in {self.at, *times, *(r - SECOND for r in times), self.at + 60 * MINUTE}:
            found = list(public_editions(at=at).values_list("pk", flat=True))
            assert len(found) == len(set(found))
            assert set(found) == self.public(at), at

    @invariant()
    def what_was_approved_together_has_one_time(self) -> None:
        rows = Edition.objects.approved().filter(release_group__isnull=False)
        times = set(rows.values_list("release_group", "release_at", "release_group__release_at"))
        assert len({group for group, _, _ in times}) == len(times)
        assert all(own == shared for _, own, shared in times)

    @invariant()
    def two_people_stand_behind_what_goes_out(self) -> None:
        for edition in Edition.objects.filter(release_at__isnull=False, rule=ApprovalRule.ORDINARY):
            assert edition.state == State.APPROVED
            others = edition.contributor_ids - {edition.approved_by_id}
            others |= {edition.countersigned_by_id} - {None, edition.approved_by_id}
            assert others
            if edition.approved_by_id in edition.contributor_ids:
                assert edition.countersigned_by_id not in (None, edition.approved_by_id)


@pytest.mark.django_db
def test_whatever_people_do_the_public_reads_what_the_model_says():
    for _ in range(3):  # chance may pass a transition by once
        run_state_machine_as_test(
            Newsroom,
            settings=settings(
                max_examples=scale_examples(30),
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        if set(Newsroom.succeeded) >= OFTEN:
            break
    # Else chance has only heard refusals, and nothing was tried.
    assert set(Newsroom.succeeded) >= OFTEN
