"""Every button that is shown works, and no button is shown that would be refused."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from statements import workflow
from statements.models import Edition, StaleVersion, State, Statement
from statements.newsdesk.decisions import DECISIONS, ScreenState
from statements.newsdesk.time_format import (
    format_long,
    format_time_until,
    parse_local,
    suggest_times,
)
from statements.workflow import Refused
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

NOW = NOON + HOUR
TYPED = {
    "note": "Because.",
    "reason": "Because.",
    "notice": "It was wrong.",
    "kind": "gone",
    "password": PASSWORD,
    "release_at": "2044-03-09T09:00",
    "checked": "on",
}


# --- States ---------------------------------------------------------------------------------------


def in_review(ann, ed, max) -> Edition:
    return submit_statement(make_statement(ann, f"Comment {Statement.objects.count()}"), by=ann)


def edited_by_ed(ann, ed, max) -> Edition:
    statement = make_statement(ann)
    rewrite_passage(statement, "We all welcome it.", by=ed)
    return submit_statement(statement, by=ann)


def edited_by_ed_and_countersigned(ann, ed, max) -> Edition:
    edition = edited_by_ed(ann, ed, max)
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    return edition


def sent_back(ann, ed, max) -> Edition:
    edition = in_review(ann, ed, max)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Shorter.")
    return edition


def cancelled(ann, ed, max) -> Edition:
    edition = in_review(ann, ed, max)
    workflow.cancel(edition, by=ed, at=NOON)
    return edition


def on_hold(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed, release_at=None)


def scheduled(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed, release_at=NOON + DAY)


def public(ann, ed, max) -> Edition:
    return approve_edition(in_review(ann, ed, max), by=ed)


def under_notice(ann, ed, max) -> Edition:
    edition = public(ann, ed, max)
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="notice", notice="Wrong.")
    return edition


def gone(ann, ed, max) -> Edition:
    edition = public(ann, ed, max)
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="gone", notice="Wrong.")
    return edition


def corrected(ann, ed, max) -> Edition:
    """The earlier of two editions."""
    edition = public(ann, ed, max)
    rewrite_passage(edition.statement, "We do not.", by=ann)
    later = submit_statement(
        edition.statement, by=ann, amendment="correction", public_note="We do not."
    )
    approve_edition(later, by=ed, release_at=NOON + MINUTE, at=NOON)
    return edition


def suppressed(ann, ed, max) -> Edition:
    edition = corrected(ann, ed, max)
    workflow.suppress(edition, by=max, at=NOON + MINUTE, reason="A name.")
    return edition


def unmarked_change(ann, ed, max) -> Edition:
    """Submitted without a kind of change, because the edition before was not yet public."""
    first = approve_edition(in_review(ann, ed, max), by=ed, release_at=NOON + MINUTE)
    return submit_statement(rewrite_passage(first.statement, "We do not.", by=ann), by=ann)


def unmarked_change_on_hold(ann, ed, max) -> Edition:
    return approve_edition(unmarked_change(ann, ed, max), by=ed, at=NOON, release_at=None)


def urgent(ann, ed, max) -> Edition:
    edition = in_review(ann, ed, max)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Now.", password=PASSWORD
    )
    return edition


def erasure_requested(ann, ed, max) -> Edition:
    edition = cancelled(ann, ed, max)
    workflow.request_erasure(edition, by=max, at=NOON, reason="Order 12.")
    return edition


def same_text_in_review_again(ann, ed, max) -> Edition:
    """Withdrawn and restored, with an erasure requested for the first edition."""
    edition = gone(ann, ed, max)
    workflow.request_erasure(edition, by=max, at=NOON + MINUTE, reason="Order 12.")
    workflow.restore(edition, by=ed, at=NOON + MINUTE)
    return edition


STATES = [
    *(in_review, edited_by_ed, edited_by_ed_and_countersigned, sent_back, cancelled, on_hold),
    *(scheduled, public, under_notice, gone, corrected, suppressed, unmarked_change),
    *(unmarked_change_on_hold, urgent, erasure_requested, same_text_in_review_again),
]


# --- Buttons --------------------------------------------------------------------------------------


def find_buttons(client, edition: Edition) -> set[str]:
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert page.status_code == 200
    return set(re.findall(rf"/edition/{edition.pk}/decide/([a-z-]+)/", page.content.decode()))


def succeeds(key: str, edition: Edition, person) -> bool:
    """Return whether the transition behind a button runs; undo it again."""
    edition = refetch_edition(edition)
    asked = "ann" if person.username == "ed" else "ed"
    decision = DECISIONS[key](TYPED | {"person": asked}, edition=edition, by=person, at=NOW)
    assert decision.is_valid(), decision.errors
    with transaction.atomic():
        try:
            decision.perform(ScreenState(edition.digest, edition.statement.version))
        except (Refused, StaleVersion, PermissionDenied):
            return False
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("person", ["ann", "ed", "max"])
@pytest.mark.parametrize("state", STATES)
def test_a_button_is_shown_exactly_when_its_transition_would_run(
    client, frozen, request, ann, ed, max, state, person
):
    frozen(NOW)
    edition = refetch_edition(state(ann, ed, max))
    person = request.getfixturevalue(person)
    client.force_login(person)

    would_run = {key for key in DECISIONS if succeeds(key, edition, person)}
    if would_run & {"approve-now", "approve-and-hold", "publish-now"} or edition.is_on_hold:
        would_run.discard("publish-urgently")  # not offered where somebody can approve

    assert find_buttons(client, edition) == would_run


def test_the_matrix_tries_every_button(client, frozen, ann, ed, max):
    frozen(NOW)
    assert len(set(STATES)) == 17
    seen = set()
    for state in (edited_by_ed, on_hold, scheduled, urgent, gone, corrected):
        edition = state(ann, ed, max)
        for person in (ann, ed, max):
            client.force_login(person)
            seen |= find_buttons(client, edition)
    assert set(DECISIONS) - seen == {"erase"}  # which needs a second manager: see test_review


# --- Release times --------------------------------------------------------------------------------


@pytest.fixture
def london(settings):
    settings.TIME_ZONE = "Europe/London"


def test_a_time_is_in_the_zone_of_the_site(london):
    assert parse_local("2026-11-12T00:01") == dt.datetime(2026, 11, 12, 0, 1, tzinfo=dt.UTC)
    assert parse_local(" 2026-07-12 00:01 ") == dt.datetime(2026, 7, 11, 23, 1, tzinfo=dt.UTC)
    assert format_long(parse_local("2026-11-12T00:01")) == "Thursday 12 November 2026, 00:01 GMT"
    assert format_long(parse_local("2026-07-12T00:01")) == "Sunday 12 July 2026, 00:01 BST"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "2026-03-29T01:30",
            "01:30 on 29 March 2026 does not exist here: the clocks go forward and skip it. "
            "Choose 00:30 or 02:30.",
        ),
        (
            "2026-10-25T01:30",
            "01:30 on 25 October 2026 comes twice here, as the clocks go back: first as BST, then "
            "as GMT. Choose one of the two.",
        ),
        ("tomorrow", "“tomorrow” is not a date and time. Write it like 12 November 2026 00:01."),
        (
            "2026-11-12",
            "“2026-11-12” is not a date and time. Write it like 12 November 2026 00:01.",
        ),
        (
            "2026-02-30T10:00",
            "“2026-02-30T10:00” is not a date and time. Write it like 12 November 2026 00:01.",
        ),
        (
            "٢٠٢٦-11-12T00:01",
            "“٢٠٢٦-11-12T00:01” is not a date and time. Write it like 12 November 2026 00:01.",
        ),
    ],
)
def test_an_impossible_time_gets_a_sentence(london, typed, sentence):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        parse_local(typed)
    assert refused.value.messages == [sentence]


def test_a_time_that_comes_twice_needs_which(london):
    assert parse_local("2026-10-25T01:30", which="first").utcoffset() == HOUR
    assert parse_local("2026-10-25T01:30", which="second").utcoffset() == 0 * HOUR


@pytest.mark.parametrize(("typed", "year"), [("0001-01-01T00:00", 1), ("9999-12-31T23:59", 9999)])
def test_a_year_that_nobody_means_gets_a_sentence(london, typed, year):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        parse_local(typed)
    assert refused.value.messages == [
        f"The year {year} is outside the years 1800 to 2199. Check the year, with all its four "
        "digits."
    ]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (dt.timedelta(seconds=20), "in less than a minute"),
        (MINUTE, "in 1 minute"),
        (2 * HOUR + 5 * MINUTE, "in 2 hours, 5 minutes"),
        (3 * DAY, "in 3 days"),
    ],
)
def test_the_time_until_a_release_in_words(after, words):
    assert format_time_until(NOON + after, NOON) == words


def test_the_top_of_the_hour_and_one_past_midnight_are_offered(london):
    at = dt.datetime(2026, 11, 11, 14, 20, 7, tzinfo=dt.UTC)
    assert [format_long(time) for time in suggest_times(at)] == [
        "Wednesday 11 November 2026, 15:00 GMT",
        "Thursday 12 November 2026, 00:01 GMT",
    ]


def test_the_states_have_their_names(ann, ed, max):
    assert refetch_edition(sent_back(ann, ed, max)).state == State.SENT_BACK
    assert refetch_edition(on_hold(ann, ed, max)).is_on_hold
    assert refetch_edition(scheduled(ann, ed, max)).is_scheduled(NOW)
    assert refetch_edition(public(ann, ed, max)).is_public(NOW)
    assert not refetch_edition(gone(ann, ed, max)).is_public(NOW)
