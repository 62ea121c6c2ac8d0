"""The whole review by keyboard alone: Tab, Enter, Space and typing, from the front page on."""

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
def desk(browser: Browser, base_url: str, frozen, ed):
    """ed's front page, in a browser that stands in another zone than the house."""
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


def tab_to(page: Page, what) -> None:
    """Press Tab until this has the focus, and see that it shows."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if what.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {what}.")


def opened(page: Page, headline: str) -> None:
    page.reload()
    tab_to(page, page.get_by_role("link", name=headline).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=headline, level=1)).to_be_visible()


@pytest.fixture
def edition(ann):
    return submit_statement(
        make_statement(ann, "We welcome it", requested_release_at=NOON + DAY), by=ann
    )


def test_an_editor_approves_for_a_time_that_is_said_in_words(desk, edition):
    opened(desk, "We welcome it")
    field = desk.get_by_label("Release time")
    wanted = "Wednesday 2 March 2044, 12:00 GMT"
    expect(desk.get_by_role("button", name=f"Approve for {wanted}")).to_be_visible()
    tab_to(desk, field)
    desk.keyboard.press("ArrowUp")  # day or month, whichever this browser writes first
    chosen = parse_local(field.input_value())
    assert chosen > NOON + DAY
    expect(desk.get_by_role("status").filter(has_text="2044")).to_have_text(
        f"{format_long(chosen)}, {format_time_until(chosen, NOON)}."
    )
    button = desk.get_by_role("button", name=f"Approve for {format_long(chosen)}")
    tab_to(desk, button)
    desk.keyboard.press("Enter")
    expect(
        desk.get_by_text(f"Approved. Edition 1 goes out on {format_long(chosen)}.")
    ).to_be_visible()
    assert refetch_edition(edition).release_at == chosen


def test_a_time_that_is_past_or_skipped_is_told_while_it_is_typed(desk, edition):
    opened(desk, "We welcome it")
    field = desk.get_by_label("Release time")
    words = desk.locator(".time-in-words").first
    field.fill("2044-02-01T09:00")
    expect(words).to_have_text("Monday 1 February 2044, 09:00 GMT. That has passed.")
    field.fill("2044-03-27T01:30")
    expect(words).to_contain_text("does not exist here: the clocks go forward")
    expect(desk.get_by_role("button", name="Approve for this time")).to_be_visible()
    field.fill("2045-03-01T09:00")
    expect(words).to_contain_text("That is a long way off: check the date.")


def test_an_editor_sends_back_with_a_note(desk, edition):
    opened(desk, "We welcome it")
    tab_to(desk, desk.get_by_label("What should change?"))
    desk.keyboard.type("Name the report.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.get_by_text("Edition 1 was sent back with your note.")).to_be_visible()
    assert refetch_edition(edition).state == "sent_back"


def test_an_editor_holds_from_the_front_page_and_reads_the_countdown(desk, edition, ed, frozen):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    frozen(NOON + dt.timedelta(hours=21, minutes=54, seconds=30))  # no minute turns meanwhile
    desk.reload()
    expect(desk.get_by_text("in 2 hours, 5 minutes")).to_be_visible()
    tab_to(desk, desk.get_by_role("button", name="Hold “We welcome it”"))
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Edition 1 is on hold")).to_be_visible()
    expect(desk.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert refetch_edition(edition).is_on_hold


def test_the_countdown_counts_by_the_servers_clock(desk, edition, ed, frozen):
    approve_edition(edition, by=ed, release_at=NOON + DAY)
    frozen(NOON - dt.timedelta(seconds=30))  # so that no minute turns while the test looks
    desk.clock.install(time=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))  # this machine's own is far off
    desk.reload()
    expect(desk.get_by_text("in 1 day", exact=True)).to_be_visible()
    desk.clock.fast_forward("23:30:00")
    expect(desk.get_by_text("in 30 minutes", exact=True)).to_be_visible()
    desk.clock.fast_forward("00:31:00")
    expect(desk.get_by_text("out now", exact=True)).to_be_visible()
