"""Test a review with the keyboard alone: Tab, Enter, Space and typing, from the dashboard."""

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, expect

from statements.newsdesk.time_format import format_long, format_time_until, parse_local
from tests.cast import (
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    refetch_edition,
    submit_statement,
)

DAY = dt.timedelta(days=1)


@pytest.fixture
def dashboard(browser: Browser, base_url: str, frozen, ed):
    """Ed's dashboard, in a browser in another time zone than the site."""
    frozen(NOON)
    context = browser.new_context(base_url=base_url, locale="en-GB", timezone_id="America/New_York")
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("ed")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    yield page
    context.close()


def tab_to(page: Page, target) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never reached {target}.")


def open_review(page: Page, headline: str) -> None:
    page.reload()
    tab_to(page, page.get_by_role("link", name=headline).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=headline, level=1)).to_be_visible()


@pytest.fixture
def edition(ann):
    return submit_statement(
        make_statement(ann, "We welcome it", requested_release_at=NOON + DAY), by=ann
    )


def test_an_editor_approves_for_a_time_that_is_shown_in_words(dashboard, edition):
    open_review(dashboard, "We welcome it")
    field = dashboard.get_by_label("Release time")
    requested = "Wednesday 2 March 2044, 12:00 GMT"
    expect(dashboard.get_by_role("button", name=f"Approve for {requested}")).to_be_visible()
    tab_to(dashboard, field)
    dashboard.keyboard.press("ArrowUp")  # day or month, whichever this browser writes first
    chosen = parse_local(field.input_value())
    assert chosen > NOON + DAY
    expect(dashboard.get_by_role("status").filter(has_text="2044")).to_have_text(
        f"{format_long(chosen)}, {format_time_until(chosen, NOON)}."
    )
    button = dashboard.get_by_role("button", name=f"Approve for {format_long(chosen)}")
    tab_to(dashboard, button)
    dashboard.keyboard.press("Enter")
    expect(
        dashboard.get_by_text(f"Approved. Edition 1 goes out on {format_long(chosen)}.")
    ).to_be_visible()
    assert refetch_edition(edition).release_at == chosen


def test_a_time_that_is_past_or_skipped_gets_a_warning_while_it_is_typed(dashboard, edition):
    open_review(dashboard, "We welcome it")
    field = dashboard.get_by_label("Release time")
    time_text = dashboard.locator(".time-in-words").first
    field.fill("2044-02-01T09:00")
    expect(time_text).to_have_text("Monday 1 February 2044, 09:00 GMT. That has passed.")
    field.fill("2044-03-27T01:30")
    expect(time_text).to_contain_text("does not exist here: the clocks go forward")
    expect(dashboard.get_by_role("button", name="Approve for this time")).to_be_visible()
    field.fill("2045-03-01T09:00")
    expect(time_text).to_contain_text("That is a long way off: check the date.")


def test_an_editor_sends_back_with_a_note(dashboard, edition):
    open_review(dashboard, "We welcome it")
    tab_to(dashboard, dashboard.get_by_label("What should change?"))
    dashboard.keyboard.type("Name the report.")
    dashboard.keyboard.press("Tab")
    dashboard.keyboard.press("Space")
    expect(dashboard.get_by_text("Edition 1 was sent back with your note.")).to_be_visible()
    assert refetch_edition(edition).state == "sent_back"


def test_an_editor_puts_on_hold_from_the_dashboard_and_reads_the_countdown(
    dashboard, edition, ed, frozen
):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    frozen(NOON + dt.timedelta(hours=21, minutes=54, seconds=30))  # no minute ends meanwhile
    dashboard.reload()
    expect(dashboard.get_by_text("in 2 hours, 5 minutes")).to_be_visible()
    tab_to(dashboard, dashboard.get_by_role("button", name="Hold “We welcome it”"))
    dashboard.keyboard.press("Enter")
    expect(dashboard.get_by_text("Edition 1 is on hold")).to_be_visible()
    expect(dashboard.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert refetch_edition(edition).is_on_hold


def test_the_countdown_counts_by_the_servers_clock(dashboard, edition, ed, frozen):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    frozen(NOON - dt.timedelta(seconds=30))  # so that no minute ends during the test
    dashboard.clock.install(
        time=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )  # the clock of the browser is far off
    dashboard.reload()
    expect(dashboard.get_by_text("in 1 day", exact=True)).to_be_visible()
    dashboard.clock.fast_forward("23:30:00")
    expect(dashboard.get_by_text("in 30 minutes", exact=True)).to_be_visible()
    dashboard.clock.fast_forward("00:31:00")
    expect(dashboard.get_by_text("out now", exact=True)).to_be_visible()
