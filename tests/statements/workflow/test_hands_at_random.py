"""Whatever three people do on the newsdesk, nobody publishes alone what they alone wrote."""

import re
from collections import Counter, defaultdict
from typing import ClassVar

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from statements import clock
from statements.content.schema import canonical
from statements.models import ApprovalRule, Edition, Statement
from statements.roles import EDITOR, MANAGER
from tests.cast import make_organisation, make_speaker, make_statement, make_user
from tests.hypothesis_profiles import scale_examples
from tests.make_files import attach_file
from tests.statements.newsdesk.form_data import change_url, read_form

TOKEN = re.compile(r"tok\d+")
OFTEN = {"saved", "confirmed", "submitted", "approved"}
TEXT_FIELDS = (
    *("headline", "summary", "slug", "public_note", "notes_to_editors", "responds_to_title"),
    *("passages-0-heading", "passages-0-attribution", "passages-0-body"),
    *("attachments-0-title", "attachments-0-credit", "attachments-0-alt"),
)
people = st.integers(0, 2)
fields = st.sampled_from(TEXT_FIELDS)


class Newsdesk(RuleBasedStateMachine):
    """One statement and three people who may all write and approve.

    Every text that somebody types holds a token. `savers` says who saved or submitted content that
    held it: what the promise is about.
    """

    succeeded: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize()
    def open(self) -> None:
        self.people = [
            make_user(name, group)
            for name, group in (("ann", EDITOR), ("ed", MANAGER), ("max", MANAGER))
        ]
        self.clients = [self._sign_in(person) for person in self.people]
        self.savers: dict[str, set[int]] = defaultdict(set)
        self.tokens = 0
        self.organisation = make_organisation()
        self.speaker = make_speaker(role="")
        statement = make_statement(self.people[0], self.token())
        attach_file(statement, self.people[0])
        statement.record_save(by=self.people[0], seen_version=statement.version)
        self.pk = statement.pk
        self.note_saved(0)

    def _sign_in(self, person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- What the test knows by itself ------------------------------------------------------------

    def token(self) -> str:
        self.tokens += 1
        return f"tok{self.tokens}"

    @property
    def statement(self) -> Statement:
        return Statement.objects.get(pk=self.pk)

    def note_saved(self, who: int) -> None:
        for token in TOKEN.findall(canonical(self.statement.content())):
            self.savers[token].add(self.people[who].pk)

    def post(self, who: int, url: str, data: dict):
        """Send a form; whoever changes the draft with it has saved what it says now."""
        before = self.statement
        response = self.clients[who].post(url, data)
        assert response.status_code < 500
        after = self.statement
        if after.version != before.version or after.content() != before.content():
            self.note_saved(who)
            self.succeeded["saved"] += 1
        return response

    # --- Writing ----------------------------------------------------------------------------------

    def fill_form(self, who: int) -> dict:
        return read_form(self.clients[who].get(change_url(self.statement)))

    @rule(who=people, field=fields, submits=st.booleans())
    def save(self, who: int, field: str, submits: bool) -> None:
        data = self.fill_form(who)
        if field not in data:
            return
        text = self.token()
        data[field] = f"<p>{text}</p>" if field.endswith(("body", "editors")) else text
        self.send(who, data, submits=submits)

    @rule(who=people)
    def write_note(self, who: int) -> None:
        data = self.fill_form(who)
        if "public_note" in data:
            note = {"amendment": "correction", "public_note": self.token()}
            self.send(who, data | note, submits=False)

    @rule(who=people)
    def submit_unchanged(self, who: int) -> None:
        self.send(who, self.fill_form(who), submits=True)

    def send(self, who: int, data: dict, *, submits: bool) -> None:
        editions = Edition.objects.count()
        button = "_submit" if submits else "_continue"
        response = self.post(who, change_url(self.statement), data | {button: "1"})
        confirmation = reverse("admin:statements_statement_submit", args=[self.pk])
        if response.status_code == 302 and response.url == confirmation:
            self.confirm(who, confirmation)
        self.succeeded["submitted"] += Edition.objects.count() > editions

    def confirm(self, who: int, url: str) -> None:
        page = self.clients[who].get(url)
        typed = {"seen_version": self.statement.version, "confirmed": page.context["token"]}
        tokens = TOKEN.findall(canonical(self.statement.content()))
        if self.clients[who].post(url, typed).url == reverse("admin:index"):
            self.succeeded["confirmed"] += 1
            for token in tokens:
                self.savers[token].add(self.people[who].pk)

    @rule(
        who=people,
        start=st.sampled_from(["public", "draft"]),
    )
    def start_correction(self, who: int, start: str) -> None:
        url = reverse("admin:statements_statement_correct", args=[self.pk])
        self.post(who, url, {"start_from": start, "seen_version": self.statement.version})

    @rule(who=people, age=st.integers(0, 2))
    def restore_to_draft(self, who: int, age: int) -> None:
        if edition := self.edition(age):
            url = reverse("admin:statements_edition_restore", args=[edition.pk])
            self.post(who, url, {"seen_version": self.statement.version})

    # --- Records that the content copies from -----------------------------------------------------

    @rule(
        who=people,
        column=st.sampled_from(["name", "short_name", "boilerplate", "reuse_terms"]),
        submitter=people,
        approver=people,
    )
    def change_organisation(self, who: int, column: str, submitter: int, approver: int) -> None:
        self.change_record(who, "organisation", self.organisation.pk, column)
        self.submit_unchanged(submitter)
        self.approve(approver)

    @rule(who=people)
    def rename_speaker(self, who: int) -> None:
        self.change_record(who, "speaker", self.speaker.pk, "name")

    def change_record(self, who: int, model: str, pk: int, column: str) -> None:
        url = reverse(f"admin:organisations_{model}_change", args=[pk])
        page = self.clients[who].get(url)
        if page.context and "adminform" in page.context:
            self.clients[who].post(url, read_form(page) | {column: self.token()})

    @rule(who=people, submitter=people, approver=people)
    def add_appointment(self, who: int, submitter: int, approver: int) -> None:
        self.clients[who].post(
            reverse("admin:organisations_appointment_add"),
            {
                "speaker": self.speaker.pk,
                "organisation": self.organisation.pk,
                "role": self.token(),
            },
        )
        self.submit_unchanged(submitter)
        self.approve(approver)

    # --- Deciding ---------------------------------------------------------------------------------

    def edition(self, age: int) -> Edition | None:
        return Edition.objects.order_by("-sequence")[age : age + 1].first()

    def decide(self, who: int, age: int, key: str, **typed) -> None:
        if edition := self.edition(age):
            url = reverse("admin:statements_edition_decide", args=[edition.pk, key])
            data = {"seen_digest": edition.digest, "seen_version": self.statement.version}
            assert self.clients[who].post(url, data | typed).status_code < 500

    @rule(who=people, countersigner=st.none() | people)
    def approve(self, who: int, countersigner: int | None = None) -> None:
        """One after the other tries, until somebody may."""
        before = Edition.objects.approved().count()
        if countersigner is not None:
            self.decide(countersigner, 0, "countersign")
        for turn in range(len(self.people)):
            self.decide((who + turn) % len(self.people), 0, "approve-now")
        self.succeeded["approved"] += Edition.objects.approved().count() > before

    @rule(who=people, key=st.sampled_from(["countersign", "cancel", "hold", "publish-now"]))
    def decide_simply(self, who: int, key: str) -> None:
        self.decide(who, 0, key)

    @rule(who=people)
    def send_back(self, who: int) -> None:
        self.decide(who, 0, "send-back", note="Shorter.")

    @rule(who=people, age=st.integers(0, 1), kind=st.sampled_from(["gone", "notice"]))
    def withdraw_and_restore(self, who: int, age: int, kind: str) -> None:
        self.decide(who, age, "withdraw", kind=kind, notice="Sorry.")
        self.decide(who, age, "restore")

    @rule(who=people, way=st.sampled_from(["boilerplate", "note", "slug"]))
    def try_it_all_alone(self, who: int, way: str) -> None:
        """One person changes something, submits it and approves it."""
        if way == "boilerplate":
            self.change_record(who, "organisation", self.organisation.pk, "boilerplate")
        elif way == "note":
            self.write_note(who)
        else:
            self.save(who, "slug", False)
        self.submit_unchanged(who)
        self.decide(who, 0, "approve-now")

    # --- The promise ------------------------------------------------------------------------------

    @invariant()
    def nobody_alone_stands_behind_what_is_public(self) -> None:
        released = Edition.objects.filter(
            release_at__lte=clock.now(), rule=ApprovalRule.ORDINARY, erased_at=None
        )
        for edition in released:
            if edition.countersigned_by_id not in (None, edition.approved_by_id):
                continue
            for token in TOKEN.findall(edition.content):
                assert self.savers[token] - {edition.approved_by_id}, (token, edition.content)


@pytest.mark.django_db
def test_no_byte_is_public_that_only_its_approver_saved_or_submitted():
    for _ in range(3):  # chance may pass an action by once
        run_state_machine_as_test(
            Newsdesk,
            settings=settings(
                max_examples=scale_examples(8),
                stateful_step_count=15,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        if set(+Newsdesk.succeeded) >= OFTEN:
            break
    # Else chance has only heard refusals, and nothing was tried.
    assert set(+Newsdesk.succeeded) >= OFTEN
