"""The calendar and its feeds: what is requested and agreed, and for whom."""

import datetime as dt
import logging
import re

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from config.security import RedactPreviewTokens
from statements import workflow
from statements.models import CalendarFeed, CalendarSetting, Event, SensitivePeriod, Statement
from tests.cast import DAY, NOON, approve_edition, make_statement, submit_statement

CALENDAR = "/admin/calendar/"


def read_calendar(client, month: str = "2044-03") -> str:
    return client.get(f"{CALENDAR}?month={month}").content.decode()


def list_events(page: str) -> list[tuple[str, str]]:
    """Return the class and the text of each event of the month."""
    found = re.findall(r'<a class="ev ([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [(tone, " ".join(strip_tags(text).split())) for tone, text in found]


@pytest.fixture
def signed_in(client, ann, frozen):
    frozen(NOON)
    client.force_login(ann)
    return client


def request_release(statement: Statement, at: dt.datetime) -> Statement:
    Statement.objects.filter(pk=statement.pk).update(requested_release_at=at)
    statement.refresh_from_db()
    return statement


# --- The month ------------------------------------------------------------------------------------


def test_the_month_shows_requested_and_agreed_times_each_in_its_way(signed_in, ann, ed):
    request_release(make_statement(ann, "A draft"), NOON + DAY)
    submit_statement(request_release(make_statement(ann, "Reviewed"), NOON + 2 * DAY), by=ann)
    approve_edition(
        submit_statement(make_statement(ann, "Agreed"), by=ann), by=ed, release_at=NOON + 3 * DAY
    )
    approve_edition(submit_statement(make_statement(ann, "Out"), by=ann), by=ed)
    make_statement(ann, "No time")
    page = read_calendar(signed_in)
    assert list_events(page) == [
        ("published", "12:00 Out, Published"),
        ("draft", "12:00 A draft, Draft"),
        ("review", "12:00 Reviewed, In review"),
        ("scheduled", "12:00 Agreed, Scheduled"),
    ]
    assert "3 statements planned." in page
    assert list_events(read_calendar(signed_in, "2044-05")) == []


def test_an_empty_month_leads_to_the_next_that_has_something(signed_in, ann):
    request_release(make_statement(ann), NOON + 40 * DAY)
    page = read_calendar(signed_in)
    assert "Nothing is planned for March" in page
    assert '<a class="button" href="?month=2044-04">Go to April 2044</a>' in page


def test_sensitive_periods_are_named_on_their_first_day_and_each_monday(signed_in):
    SensitivePeriod.objects.create(
        name="By-election", starts_on="2044-03-10", ends_on="2044-03-15", guidance="Take care."
    )
    page = read_calendar(signed_in)
    assert page.count('<span class="period-name">By-election</span>') == 2
    assert len(re.findall(r'<td class="[^"]*period', page)) == 6


@pytest.mark.parametrize("month", ["", "2044-13", "never", "0000-00", "9999-12", "2044-3"])
def test_a_month_that_does_not_exist_is_this_one(signed_in, month):
    assert "<h1>March 2044</h1>" in read_calendar(signed_in, month)


def test_the_calendar_takes_the_same_queries_however_many_releases(signed_in, ann):
    read_calendar(signed_in)
    counts = []
    for _number in range(3):
        request_release(make_statement(ann), NOON + DAY)
        with CaptureQueriesContext(connection) as queries:
            read_calendar(signed_in)
        counts.append(len(queries))
    assert counts[0] == counts[2]


# --- The feed -------------------------------------------------------------------------------------


def make_address(client) -> str:
    page = client.post(f"{CALENDAR}address/")
    assert "no-store" in page["Cache-Control"]
    return re.search(r"/admin/calendar/[\w-]+\.ics", page.content.decode())[0]


def read_feed(client, address: str) -> str:
    """Return the feed as a program reads it, which is not signed in."""
    client.logout()
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    return response.content.decode().replace("\r\n ", "")


def list_summaries(feed: str) -> list[tuple[str, str]]:
    return re.findall(r"SUMMARY:(.*)\r\n(?:.*\r\n)*?STATUS:(\w+)", feed)


def test_a_feed_shows_times_and_organisations_and_no_headlines(signed_in, ann, ed):
    request_release(make_statement(ann, "Secret plan"), NOON + DAY)
    approve_edition(
        submit_statement(make_statement(ann, "Another secret"), by=ann),
        by=ed,
        release_at=NOON + 2 * DAY,
    )
    feed = read_feed(signed_in, make_address(signed_in))
    assert list_summaries(feed) == [
        ("Draft: Association of Directors", "TENTATIVE"),
        ("Scheduled: Association of Directors", "CONFIRMED"),
    ]
    assert "ecret" not in feed


def test_a_feed_shows_headlines_only_if_a_manager_allows_it(client, ann, max, frozen):
    frozen(NOON)
    request_release(make_statement(ann, "Plan, secret"), NOON + DAY)
    client.force_login(ann)
    address = make_address(client)
    assert client.post(f"{CALENDAR}titles/", {"shows_titles": "on"}).status_code == 403
    client.force_login(max)
    client.post(f"{CALENDAR}titles/", {"shows_titles": "on"})
    assert Event.objects.filter(action="record_changed", by=max).exists()
    assert list_summaries(read_feed(client, address)) == [("Draft: Plan\\, secret", "TENTATIVE")]
    client.force_login(max)
    client.post(f"{CALENDAR}titles/")
    assert "secret" not in read_feed(client, address)


def test_an_event_keeps_its_name_from_the_draft_to_the_release(signed_in, ann, ed):
    address = make_address(signed_in)
    statement = request_release(make_statement(ann), NOON + DAY)
    uids = []
    for step in (
        lambda: None,
        lambda: submit_statement(statement, by=ann),
        lambda: approve_edition(statement.editions.get(), by=ed, release_at=NOON + 2 * DAY),
        lambda: workflow.hold(statement.editions.get(), by=ed, at=NOON),
    ):
        step()
        feed = read_feed(signed_in, address)
        uids.append((*re.findall(r"UID:(.*)@", feed), *re.findall(r"STATUS:(\w+)", feed)))
    name = str(statement.uuid)
    assert uids == [
        (name, status) for status in ("TENTATIVE", "TENTATIVE", "CONFIRMED", "CANCELLED")
    ]


def test_the_key_is_stored_as_a_hash_and_a_new_one_ends_the_old(signed_in, ann):
    old = make_address(signed_in)
    key = old.split("/")[-1].removesuffix(".ics")
    assert key not in str(CalendarFeed.objects.values().get())
    assert len(CalendarFeed.objects.get().key_hash) == 64
    new = make_address(signed_in)
    assert signed_in.get(old).status_code == 404
    read_feed(signed_in, new)


@pytest.mark.parametrize("event", ["cancelled", "inactive", "no longer staff", "left the newsdesk"])
def test_a_feed_ends_with_the_account(signed_in, ann, event):
    address = make_address(signed_in)
    read_feed(signed_in, address)
    if event == "cancelled":
        signed_in.force_login(ann)
        signed_in.post(f"{CALENDAR}cancel/")
        assert not CalendarFeed.objects.exists()
    elif event == "inactive":
        type(ann).objects.update(is_active=False)
    elif event == "no longer staff":
        type(ann).objects.update(is_staff=False)
    else:
        ann.groups.remove(*Group.objects.all())
    assert signed_in.get(address).status_code == 404


def test_a_key_that_was_never_made_opens_nothing(client, db):
    assert client.get("/admin/calendar/abc.ics").status_code == 404
    assert client.post("/admin/calendar/abc.ics").status_code == 405


def test_the_log_leaves_the_key_out(signed_in):
    address = make_address(signed_in)
    record = logging.LogRecord("x", 20, "", 0, "GET %s 200", (address,), None)
    RedactPreviewTokens().filter(record)
    assert record.getMessage() == "GET /admin/calendar/….ics 200"


def test_there_is_one_calendar_setting_whoever_writes_it(db):
    CalendarSetting.objects.create(pk=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarSetting.objects.create(pk=2)


def test_a_stranger_to_the_newsdesk_has_no_calendar(client, sam):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(CALENDAR).status_code == 403
    assert client.post(f"{CALENDAR}address/").status_code == 403
