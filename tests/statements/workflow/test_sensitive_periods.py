"""Sensitive periods: a release in one needs a reason, and nothing else is in anybody's way."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from statements import workflow
from statements.models import Action, Event, SensitivePeriod
from statements.newsdesk.timeline import describe_event
from statements.workflow import sensitive_periods
from tests.assertions import assert_database_refuses, assert_refused, read_detail
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_statement,
    refetch_edition,
    submit_statement,
)

FIRST, LAST = dt.date(2044, 2, 20), dt.date(2044, 3, 2)
ASKED = (
    "That time falls into a sensitive period: Council election, until 2 March 2044. "
    "Say why it must go out then, or choose a time after it."
)
REASON = "Voters need the polling places."


@pytest.fixture
def period(db) -> SensitivePeriod:
    return SensitivePeriod.objects.create(
        name="Council election",
        starts_on=FIRST,
        ends_on=LAST,
        guidance="Ask the monitoring officer.",
    )


@pytest.fixture
def edition(ann):
    return submit_statement(make_statement(ann), by=ann)


def approve(edition, ed, release_at, reason=""):
    workflow.approve(
        edition,
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_at=release_at,
        release_reason=reason,
    )


def last_event() -> Event:
    return Event.objects.exclude(statement=None).order_by("-pk")[0]


@pytest.mark.parametrize("reason", ["", "  \n\t "])
def test_to_approve_for_a_time_in_a_period_needs_a_reason_in_words(edition, ed, period, reason):
    with assert_refused(ASKED):
        approve(edition, ed, NOON + HOUR, reason)


def test_the_reason_stands_on_the_record_and_the_timeline_names_the_period(edition, ed, period):
    approve(edition, ed, NOON + HOUR, REASON)

    event = last_event()
    assert (event.action, event.note) == (Action.APPROVED, REASON)
    assert json.loads(event.detail)["sensitive"] == ["Council election"]
    assert describe_event(event) == (
        "Ed (ed) approved edition 1 for Tuesday 1 March 2044, 13:00 GMT. "
        "That is in a sensitive period: Council election."
    )


def test_a_period_ends_with_its_last_day_in_the_houses_zone(edition, ed, period):
    last = timezone.make_aware(dt.datetime.combine(LAST, dt.time(23, 59)))

    with assert_refused(ASKED):
        approve(edition, ed, last)
    approve(edition, ed, last + dt.timedelta(minutes=1), "typed for another time")

    assert last_event().note == ""


def test_to_hold_to_cancel_and_to_withdraw_need_no_reason(edition, ann, ed, period):
    approve(edition, ed, None)
    assert refetch_edition(edition).is_on_hold
    workflow.publish_now(
        refetch_edition(edition),
        by=ed,
        at=NOON,
        seen_digest=edition.digest,
        release_reason=REASON,
    )
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=NOON + HOUR, kind="notice", notice="Wrong."
    )
    scheduled = submit_statement(make_statement(ann), by=ann)
    approve(scheduled, ed, NOON + HOUR, REASON)
    workflow.hold(refetch_edition(scheduled), by=ann, at=NOON)
    workflow.cancel(refetch_edition(scheduled), by=ann, at=NOON)


def test_to_publish_and_to_reschedule_ask_too(edition, ed, period):
    approve(edition, ed, None)
    held = refetch_edition(edition)

    with assert_refused(ASKED):
        workflow.publish_now(held, by=ed, at=NOON, seen_digest=held.digest)
    with assert_refused(ASKED):
        workflow.reschedule(held, by=ed, at=NOON, seen_digest=held.digest, release_at=NOON + HOUR)
    workflow.reschedule(
        held,
        by=ed,
        at=NOON,
        seen_digest=held.digest,
        release_at=NOON + HOUR,
        release_reason=REASON,
    )

    assert (last_event().action, last_event().note) == (Action.RESCHEDULED, REASON)
    workflow.publish_now(
        refetch_edition(edition), by=ed, at=NOON, seen_digest=held.digest, release_reason=REASON
    )
    assert (last_event().action, last_event().note) == (Action.PUBLISHED_NOW, REASON)


def test_the_reason_of_an_urgent_publication_is_the_reason(ann, ed, period):
    edition = submit_statement(make_statement(ed), by=ed)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Flood.", password=PASSWORD
    )

    event = last_event()
    assert event.note == "Flood."
    assert read_detail(event) == {"sensitive": ["Council election"]}


def test_a_period_binds_the_publishers_that_it_names_and_no_other(edition, ed, period):
    period.organisations.add(make_organisation("Another council"))
    assert sensitive_periods.periods_at(edition, NOON) == []

    period.organisations.add(edition.organisation)
    assert sensitive_periods.periods_at(edition, NOON) == [period]
    with assert_refused(ASKED):
        approve(edition, ed, NOON)


def test_two_periods_that_overlap_are_both_named(edition, ed, period):
    SensitivePeriod.objects.create(
        name="By-election", starts_on=FIRST, ends_on=LAST + DAY, guidance="Care."
    )
    with assert_refused(
        f"That time falls into a sensitive period: By-election, until 3 March 2044. "
        f"Say why it must go out then, or choose a time after it. {ASKED}"
    ):
        approve(edition, ed, NOON)
    approve(edition, ed, NOON, REASON)
    assert json.loads(last_event().detail)["sensitive"] == ["By-election", "Council election"]


def test_the_newsdesk_hears_a_fortnight_before_and_until_the_last_day(period):
    def near(day: dt.date) -> list[SensitivePeriod]:
        return sensitive_periods.relevant_periods(
            timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
        )

    assert [near(FIRST - n * DAY) for n in (15, 14)] == [[], [period]]
    assert [near(LAST + n * DAY) for n in (0, 1)] == [[period], []]


def test_a_period_turned_round_or_without_guidance_is_no_period(db):
    turned = SensitivePeriod(name="X", starts_on=LAST, ends_on=FIRST, guidance="Care.")
    with pytest.raises(ValidationError) as said:
        turned.clean()
    assert said.value.message_dict == {
        "ends_on": [
            "This period would end on 20 February 2044, before it begins on 2 March 2044. "
            "Change one of the two dates."
        ]
    }
    with assert_database_refuses("sensitiveperiod_ends_on_check"):
        turned.save()
    with assert_database_refuses("sensitiveperiod_guidance_check"):
        SensitivePeriod.objects.create(name="X", starts_on=FIRST, ends_on=LAST, guidance="")


# --- The newsdesk ---------------------------------------------------------------------------------


def test_the_confirmation_asks_where_the_time_falls_in_one(client, edition, ed, period, frozen):
    frozen(NOON)
    client.force_login(ed)
    address = f"/admin/statements/edition/{edition.pk}/"

    assert "Ask the monitoring officer." in client.get(f"{address}review/").text
    page = client.get(f"{address}decide/approve-now/")
    assert 'name="release_reason"' in page.text
    assert "Ask the monitoring officer." in page.text

    data = {"seen_digest": edition.digest, "seen_version": edition.statement.version + 1}
    edition.statement.refresh_from_db()
    data["seen_version"] = edition.statement.version
    answer = client.post(f"{address}decide/approve-now/", data)
    assert answer.status_code == 422
    assert answer.context["refused"].errors == {"release_reason": [ASKED]}
    answer = client.post(f"{address}decide/approve-now/", data | {"release_reason": REASON})
    assert answer.status_code == 302
    assert refetch_edition(edition).release_at == NOON


def test_a_typed_time_in_a_later_period_comes_back_with_the_question(
    client, edition, ed, period, frozen
):
    frozen(NOON - 60 * DAY)
    client.force_login(ed)
    address = f"/admin/statements/edition/{edition.pk}/"
    assert 'name="release_reason"' not in client.get(f"{address}decide/approve-now/").text

    edition.statement.refresh_from_db()
    data = {
        "seen_digest": edition.digest,
        "seen_version": edition.statement.version,
        "release_at": "2044-03-01T09:00",
    }
    answer = client.post(f"{address}decide/approve-and-schedule/", data)
    assert answer.status_code == 422
    form = answer.context["refused"]
    assert form.errors == {"release_reason": [ASKED]}
    assert "Ask the monitoring officer." in answer.text
    answer = client.post(
        f"{address}decide/approve-and-schedule/", data | {"release_reason": REASON}
    )
    assert answer.status_code == 302


def test_the_dashboard_shows_the_period_calmly(client, ann, period, frozen):
    frozen(NOON)
    client.force_login(ann)
    assert client.get("/admin/").text.count("Ask the monitoring officer.") == 1
    frozen(NOON + 30 * DAY)
    assert "Ask the monitoring officer." not in client.get("/admin/").text


def test_managers_keep_the_periods_and_others_read_them(client, ann, max, period):
    fields = {"name": "X", "starts_on": "2044-05-01", "ends_on": "2044-05-09", "guidance": ""}
    client.force_login(ann)
    assert client.post("/admin/statements/sensitiveperiod/add/", fields).status_code == 403
    assert client.get("/admin/statements/sensitiveperiod/").status_code == 200
    client.force_login(max)
    answer = client.post("/admin/statements/sensitiveperiod/add/", fields)
    assert "Say in a sentence or two what to look out for in this period." in answer.text
    client.post("/admin/statements/sensitiveperiod/add/", fields | {"guidance": "Care."})
    assert SensitivePeriod.objects.filter(name="X").exists()


def test_an_approved_release_in_a_period_that_came_later_is_pointed_out(ann, ed):
    edition = approve_edition(
        submit_statement(make_statement(ann), by=ann), by=ed, release_at=NOON + 90 * DAY
    )
    late = SensitivePeriod.objects.create(
        name="Late",
        starts_on=(NOON + 89 * DAY).date(),
        ends_on=(NOON + 99 * DAY).date(),
        guidance="C.",
    )
    assert sensitive_periods.relevant_periods(NOON, edition) == [late]
    assert sensitive_periods.relevant_periods(NOON) == []
