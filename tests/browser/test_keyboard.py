"""Test a review with the keyboard alone: Tab, Enter, Space and typing, from the dashboard."""

import datetime as dt

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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
    page.get_by_label("User name").fill("ed")
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


def choose_time(page: Page) -> Locator:
    """Go from the review to the page that confirms, and open what changes the time."""
    tab_to(page, page.get_by_role("link", name="Approve…").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check before you approve")).to_be_visible()
    tab_to(page, page.locator("#time summary"))
    page.keyboard.press("Enter")
    return page.get_by_label("Release time")


def test_an_editor_approves_for_a_time_that_is_shown_in_words(dashboard, edition):
    open_review(dashboard, "We welcome it")
    expect(dashboard.get_by_text("Wednesday 2 March 2044 at 12:00").first).to_be_visible()
    field = choose_time(dashboard)
    tab_to(dashboard, field)
    expect(field).to_have_value("2 March 2044 12:00")
    dashboard.keyboard.press("ControlOrMeta+a")
    dashboard.keyboard.type("3 March 2044 09:30")
    chosen = parse_local(field.input_value())
    assert chosen > NOON + DAY
    expect(dashboard.get_by_role("status").filter(has_text="2044")).to_have_text(
        f"{format_long(chosen)}, {format_time_until(chosen, NOON)}."
    )
    tab_to(dashboard, dashboard.get_by_role("button", name="Use this time"))
    dashboard.keyboard.press("Enter")
    button = dashboard.get_by_role("button", name="Approve for 09:30, Thursday 3 March")
    expect(button).to_be_visible()
    assert refetch_edition(edition).approved_by is None
    tab_to(dashboard, button)
    dashboard.keyboard.press("Enter")
    expect(
        dashboard.get_by_text("Approved. Edition 1 goes public on Thursday 3 March 2044 at 09:30.")
    ).to_be_visible()
    assert refetch_edition(edition).release_at == chosen


def test_a_time_that_is_past_or_skipped_gets_a_warning_while_it_is_typed(dashboard, edition):
    open_review(dashboard, "We welcome it")
    field = choose_time(dashboard)
    time_text = dashboard.locator(".time-in-words").first
    field.fill("2044-02-01T09:00")
    expect(time_text).to_have_text("Monday 1 February 2044, 09:00 GMT. That has passed.")
    field.fill("2044-03-27T01:30")
    expect(time_text).to_contain_text("does not exist here: the clocks go forward")
    field.fill("2045-03-01T09:00")
    expect(time_text).to_contain_text("That is a long way off: check the date.")


def test_an_editor_sends_back_with_a_note(dashboard, edition):
    open_review(dashboard, "We welcome it")
    tab_to(dashboard, dashboard.get_by_role("link", name="Send back…").first)
    dashboard.keyboard.press("Enter")
    tab_to(dashboard, dashboard.get_by_label("What needs to change?"))
    dashboard.keyboard.type("Name the report.")
    dashboard.keyboard.press("Tab")
    dashboard.keyboard.press("Space")
    expect(dashboard.get_by_text("Edition 1 was sent back with your note.")).to_be_visible()
    assert refetch_edition(edition).state == "sent_back"


def test_the_keyboard_walks_through_the_frame_of_the_page_and_out_of_it(dashboard, edition):
    open_review(dashboard, "We welcome it")
    tab_to(dashboard, dashboard.get_by_role("link", name="Open in a new tab"))
    frame = dashboard.locator("iframe.page")
    entered = False
    for _ in range(120):
        dashboard.keyboard.press("Tab")
        inside = frame.evaluate("frame => document.activeElement === frame")
        entered = entered or inside
        if entered and not inside:
            return
    raise AssertionError("Tab never left the frame.")


def test_the_page_in_the_frame_can_be_skipped(dashboard, edition):
    open_review(dashboard, "We welcome it")
    skip = dashboard.get_by_role("link", name="Skip this page")
    tab_to(dashboard, skip)
    dashboard.keyboard.press("Enter")
    dashboard.keyboard.press("Tab")
    assert not dashboard.locator("iframe.page").evaluate("f => document.activeElement === f")


def test_an_editor_puts_on_hold_from_the_dashboard_and_reads_the_countdown(
    dashboard, edition, ed, frozen
):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    frozen(NOON + dt.timedelta(hours=21, minutes=54, seconds=30))  # no minute ends meanwhile
    dashboard.reload()
    expect(dashboard.get_by_text("in 2 hours, 5 minutes")).to_be_visible()
    tab_to(dashboard, dashboard.get_by_role("button", name="Put on hold “We welcome it”"))
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
