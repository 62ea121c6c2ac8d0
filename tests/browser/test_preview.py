"""Test sign-off in a browser: a link by e-mail, an objection, a new link, sign-off, public."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from statements import clock
from statements.signoff import actions
from tests.cast import MINUTE, PASSWORD, make_statement, rewrite_passage, submit_statement

PHONE = {"width": 390, "height": 844}


def a_minute_ago() -> dt.datetime:
    return clock.now() - MINUTE


@pytest.fixture
def eds_page(browser: Browser, base_url: str, ed, settings):
    settings.SITE_URL = base_url
    context = browser.new_context(
        base_url=base_url, locale="en-GB", permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill(ed.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Sign out")).to_be_visible()
    yield page
    context.close()


@pytest.fixture
def phone(browser: Browser):
    """A phone without JavaScript, which never signed in."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def review(page: Page, edition) -> None:
    page.goto(reverse("admin:statements_edition_review", args=[edition.pk]))


def copied_link(page: Page) -> str:
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_speaker_says_not_yet_then_agrees_and_finds_it_published(eds_page, phone, ann):
    edition = submit_statement(make_statement(ann, "We welcome it"), by=ann, at=a_minute_ago())
    newsdesk = eds_page
    review(newsdesk, edition)
    newsdesk.get_by_role("button", name="Make a link for Dave Hill").click()
    first = copied_link(newsdesk)

    phone.goto(first)
    expect(phone.get_by_text("We welcome the report.")).to_be_visible()
    phone.get_by_label("Not yet, because").fill("It was a review, not a report.")
    phone.get_by_role("button", name="Not yet").click()
    expect(phone.get_by_role("status")).to_contain_text("You answered: not yet.")

    review(newsdesk, edition)
    decide = newsdesk.locator("#decide")
    expect(decide).to_contain_text("Not yet Dave Hill")
    expect(decide).to_contain_text("It was a review, not a report.")
    expect(newsdesk.locator("#signoff")).to_contain_text("Opened 1 time")

    newer = submit_statement(
        rewrite_passage(edition.statement, "We welcome the review.", by=ann),
        by=ann,
        at=a_minute_ago(),
    )
    phone.goto(first)
    expect(phone.get_by_text("There is a newer edition")).to_be_visible()
    expect(phone.get_by_role("button", name="I agree to these words")).to_have_count(0)

    review(newsdesk, newer)
    expect(newsdesk.locator("#signoff")).to_contain_text("This edition has another text.")
    newsdesk.get_by_role("button", name="Send again for this edition").click()
    second = copied_link(newsdesk)
    assert second != first
    phone.goto(second)
    expect(phone.get_by_text("We welcome the review.")).to_be_visible()
    phone.get_by_role("button", name="I agree to these words").click()
    expect(phone.get_by_role("status")).to_contain_text("You agreed to these words.")

    review(newsdesk, newer)
    expect(newsdesk.locator("#decide")).to_contain_text("1 of 1 agreed to this text")
    newsdesk.get_by_role("button", name="Approve and publish now").click()
    expect(newsdesk.get_by_text("is public now").first).to_be_visible()
    for link in (first, second):
        phone.goto(link)
        expect(phone).to_have_url(re.compile(r"/statements/we-welcome-it/$"))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_by_a_link_is_accessible(browser, base_url, ann, colours, width):
    edition = submit_statement(make_statement(ann, "We welcome it"), by=ann, at=a_minute_ago())
    _, token = actions.request_signoff(edition, by=ann, at=a_minute_ago(), name="Dame Jane")
    context = browser.new_context(
        base_url=base_url, color_scheme=colours, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    console = []
    page.on("console", lambda message: console.append(message.text))
    page.goto(f"/preview/{token}/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Not yet, because").fill("Hm.")
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert console == []
    context.close()
