"""The small cast of the tests, and what they work on.

ann writes, ed edits, max manages, sam is a stranger to the newsdesk. Transitions take a time: NOON is
far in the future, so that the database's own clock has nothing to say about it.
"""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.utils.text import slugify

from organisations.models import Appointment, Organisation, Speaker
from statements import clock, workflow
from statements.content.characters import normalise_text
from statements.models import Edition, Passage, Statement
from statements.objections import find_objections
from statements.roles import AUTHOR, EDITOR, MANAGER

NOON = dt.datetime(2044, 3, 1, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PASSWORD = "correct horse battery staple"


def make_user(name: str, group: str = "") -> User:
    user = User.objects.create_user(
        name, f"{name}@example.org", PASSWORD, is_staff=bool(group), first_name=name.title()
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def ann(db) -> User:
    return make_user("ann", AUTHOR)


@pytest.fixture
def ed(db) -> User:
    return make_user("ed", EDITOR)


@pytest.fixture
def max(db) -> User:  # noqa: A001 - he is called Max
    return make_user("max", MANAGER)


@pytest.fixture
def sam(db) -> User:
    return make_user("sam")


@pytest.fixture
def frozen(monkeypatch):
    """Set the product's clock: frozen(NOON). Pages then answer as at that instant."""

    def set_clock(at: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)
        monkeypatch.setattr(clock, "now_if_known", lambda: at)

    return set_clock


def make_organisation(name: str = "Association of Directors", **fields) -> Organisation:
    slug = fields.pop("slug", slugify(name))
    fields = {"name_in_text": f"the {name}", "publishes": True} | fields
    return Organisation.objects.get_or_create(slug=slug, defaults={"name": name} | fields)[0]


def make_speaker(name: str = "Dave Hill", *, role: str = "President", organisation=None) -> Speaker:
    speaker, made = Speaker.objects.get_or_create(
        slug=slugify(name)[-100:], defaults={"name": name}
    )
    if made and role:
        Appointment.objects.create(
            speaker=speaker, organisation=organisation or make_organisation(), role=role
        )
    return speaker


def make_statement(
    by: User, headline: str = "A comment", *, words: str = "", **fields
) -> Statement:
    """A draft by this person: one passage by Dave Hill, ready to submit."""
    fields = {"organisation": make_organisation()} | fields
    statement = Statement.objects.create(headline=headline, **fields)
    Passage.objects.create(
        statement=statement,
        speaker=make_speaker(),
        body=f"<p>{words or 'We welcome the report.'}</p>",
    )
    statement.record_save(by=by, seen_version=1)
    return statement


def rewrite_passage(statement: Statement, words: str, *, by: User) -> Statement:
    """Somebody types over the first passage and saves."""
    statement.passages.update(body=f"<p>{words}</p>")
    statement.refresh_from_db()
    statement.record_save(by=by, seen_version=statement.version)
    return statement


def set_amendment(statement: Statement, amendment: str, public_note: str = "", *, by: User) -> None:
    """Somebody saves what kind of change the next edition is, as the form cleans it."""
    Statement.objects.filter(pk=statement.pk).update(
        amendment=amendment, public_note=normalise_text(public_note)
    )
    statement.refresh_from_db()
    statement.record_save(by=by, seen_version=statement.version)


def submit_statement(
    statement: Statement,
    *,
    by: User,
    at: dt.datetime = NOON,
    amendment: str = "",
    public_note: str = "",
    editor: User | None = None,
) -> Edition:
    """Submit, and confirm what changed; an amendment or a note is saved before by this person."""
    if amendment or public_note:
        set_amendment(statement, amendment, public_note, by=by)
    statement.refresh_from_db()
    arguments = {"by": by, "at": at, "seen_version": statement.version, "editor": editor}
    try:
        return workflow.submit(statement, **arguments)
    except workflow.UnconfirmedChanges as unconfirmed:
        token = unconfirmed.changes.token
        return workflow.submit(statement, **arguments, confirmed_changes=token)


def approve_edition(
    edition: Edition, *, by: User, at: dt.datetime = NOON, release_at: dt.datetime | None = NOON
) -> Edition:
    """Approved for release_at, None means held, with each objection ticked as read."""
    workflow.approve(
        edition,
        by=by,
        at=at,
        seen_digest=edition.digest,
        release_at=release_at,
        objections_read=[objection.pk for objection in find_objections(edition.statement)],
    )
    return refetch_edition(edition)


def refetch_edition(edition: Edition) -> Edition:
    return Edition.objects.get(pk=edition.pk)
