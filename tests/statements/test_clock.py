"""Test that the product's clock is the earlier of two, and that no jump makes it early."""

import datetime as dt
from types import SimpleNamespace

import pytest

from statements import clock
from statements.caching import version
from tests.cast import DAY, HOUR, NOON, approve_edition, make_statement, submit_statement

SECOND = dt.timedelta(seconds=1)


class Clocks:
    """This process's clock, its monotonic clock and the database's, as a test sets them."""

    def __init__(self) -> None:
        self.process = self.database = NOON
        self.monotonic = 1000.0
        self.questions = 0

    def pass_seconds(self, seconds: float) -> None:
        self.process += seconds * SECOND
        self.database += seconds * SECOND
        self.monotonic += seconds

    def read_database(self) -> dt.datetime:
        self.questions += 1
        return self.database


@pytest.fixture
def clocks(monkeypatch) -> Clocks:
    """A process beside a database server, whatever the database of the tests is."""
    clocks = Clocks()
    now = SimpleNamespace(now=lambda zone: clocks.process)
    monkeypatch.setattr(
        clock, "dt", SimpleNamespace(datetime=now, UTC=dt.UTC, timedelta=dt.timedelta)
    )
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: clocks.monotonic))
    monkeypatch.setattr(clock, "connection", SimpleNamespace(vendor="postgresql"))
    monkeypatch.setattr(clock, "read_database_clock", clocks.read_database)
    monkeypatch.setattr(clock, "_reading", (clock.FOREVER, float("-inf")))
    return clocks


def test_it_is_the_earlier_of_two(clocks):
    assert clock.now() == NOON
    clocks.process += HOUR
    clocks.pass_seconds(1)
    assert clock.now() == NOON + SECOND
    clocks.process -= 2 * HOUR
    clocks.pass_seconds(1)
    assert clock.now() == NOON - HOUR + 2 * SECOND


def test_the_database_is_asked_four_times_a_second(clocks):
    clock.now()
    clocks.pass_seconds(0.24)
    assert clock.now() == NOON + 0.24 * SECOND
    assert clocks.questions == 1
    clocks.pass_seconds(0.01)
    clock.now()
    assert clocks.questions == 2


def test_a_jump_ahead_between_two_questions_releases_nothing(clocks):
    clock.now()
    clocks.pass_seconds(0.1)
    clocks.process += DAY
    assert clock.now() == NOON + 0.1 * SECOND
    assert clocks.questions == 1


def test_a_jump_back_is_followed_at_once(clocks):
    clock.now()
    clocks.process -= DAY
    assert clock.now() == NOON - DAY


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_pages")
def test_a_kept_page_of_before_a_jump_is_not_sent_after_it(client, frozen, ann, ed):
    """The clock jumps a day ahead, and back again: each time the right page comes."""
    edition = submit_statement(make_statement(ann, "Tomorrow's words"), by=ann)
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    path = f"/statements/{edition.slug}/"
    statuses = []
    for at in (NOON, NOON + DAY, NOON, NOON + HOUR - SECOND, NOON + HOUR, NOON - DAY):
        frozen(at)
        statuses.append((client.get(path).status_code, "Tomorrow" in client.get("/").text))

    assert statuses == [
        (404, False),
        (200, True),
        (404, False),
        (404, False),
        (200, True),
        (404, False),
    ]
    assert version._cached_version.since == NOON - DAY
