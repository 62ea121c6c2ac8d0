"""Test sign-off in a browser: a link by e-mail, an objection, a new link, sign-off, public."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from statements import clock
from statements.signoff import actions
from tests.cast import DAY, MINUTE, PASSWORD, make_statement, rewrite_passage, submit_statement

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
    page.get_by_label("User name").fill(ed.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
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
    """Open the review at its sign-off, which stands in a tab."""
    page.goto("about:blank")  # a change of the fragment alone loads nothing
    page.goto(reverse("admin:statements_edition_review", args=[edition.pk]) + "#signoff")


def copied_link(page: Page) -> str:
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def open_link(phone: Page, address: str) -> None:
    phone.goto(address)
    expect(phone.get_by_text("welcome")).to_have_count(0)
    phone.get_by_role("button", name="Open").click()


def ask_dave_hill(newsdesk: Page) -> str:
    newsdesk.get_by_text("Ask for sign-off: Dave Hill").click()
    form = newsdesk.locator(".missing-signoff")
    form.get_by_label("Telephone").fill("020 7946 0218")
    form.get_by_role("button", name="Make the link").click()
    return copied_link(newsdesk)


def test_a_speaker_says_not_yet_then_agrees_and_finds_it_published(eds_page, phone, ann):
    edition = submit_statement(make_statement(ann, "We welcome it"), by=ann, at=a_minute_ago())
    newsdesk = eds_page
    review(newsdesk, edition)
    first = ask_dave_hill(newsdesk)

    open_link(phone, first)
    expect(phone.get_by_text("We welcome the report.").first).to_be_visible()
    phone.get_by_role("button", name="Not yet, because").click()
    phone.get_by_label("What needs to change?").fill("It was a review, not a report.")
    phone.get_by_role("button", name="Send “Not yet”").click()
    expect(phone.get_by_role("heading", name="You said “Not yet” to edition 1")).to_be_visible()
    expect(phone.get_by_role("status")).to_contain_text("It was a review, not a report.")

    review(newsdesk, edition)
    objection = newsdesk.locator(".alert.objection")
    expect(objection).to_contain_text("Dave Hill objects to this edition")
    expect(objection).to_contain_text("It was a review, not a report.")
    expect(objection.get_by_role("link", name="Ring 020 7946 0218")).to_have_attribute(
        "href", "tel:02079460218"
    )
    expect(newsdesk.locator("#signoff")).to_contain_text("Opened once")
    newsdesk.goto("/admin/")
    expect(newsdesk.get_by_text("1 objection").first).to_be_visible()

    newer = submit_statement(
        rewrite_passage(edition.statement, "We welcome the review.", by=ann),
        by=ann,
        at=a_minute_ago(),
    )
    open_link(phone, first)
    expect(phone.get_by_text("There is a newer edition")).to_be_visible()
    expect(phone.get_by_role("button", name="I agree to these words")).to_have_count(0)

    review(newsdesk, newer)
    expect(newsdesk.locator(".alert.objection")).to_contain_text("has not answered again")
    newsdesk.get_by_role("button", name="Ask again").click()
    second = copied_link(newsdesk)
    assert second != first
    open_link(phone, second)
    expect(phone.get_by_text("We welcome the review.").first).to_be_visible()
    phone.get_by_role("button", name="I agree to these words").click()
    expect(phone.get_by_role("heading", name="You agreed to edition 2")).to_be_visible()
    phone.get_by_role("button", name="Read it again").click()
    expect(phone.get_by_text("We welcome the review.").first).to_be_visible()

    review(newsdesk, newer)
    expect(newsdesk.locator(".alert.stop")).to_have_count(0)
    expect(newsdesk.locator("#signoff")).to_contain_text("Agreed to this text")
    newsdesk.get_by_role("link", name="Approve…").first.click()
    newsdesk.get_by_role("link", name="Publish now…").click()
    newsdesk.get_by_role("button", name="Approve and publish now").click()
    expect(newsdesk.get_by_text("is on the site now").first).to_be_visible()
    for link in (first, second):
        phone.goto(link)
        expect(phone).to_have_url(re.compile(r"/statements/we-welcome-it/$"))


def ed_of(page: Page) -> User:
    return User.objects.get(username="ed")


def test_a_draft_is_read_and_answered_before_it_is_submitted(eds_page, phone, ann):
    draft = make_statement(ann, "We welcome it")
    newsdesk = eds_page
    newsdesk.goto(reverse("admin:statements_statement_signoff", args=[draft.pk]))
    link = ask_dave_hill(newsdesk)
    open_link(phone, link)
    expect(phone.get_by_text("This is a draft.")).to_be_visible()
    phone.get_by_role("button", name="I agree to this draft").click()
    expect(phone.get_by_role("heading", name="You agreed to draft version")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_by_a_link_is_accessible(browser, base_url, ann, colours, width):
    edition = submit_statement(make_statement(ann, "We welcome it"), by=ann, at=a_minute_ago())
    _, token = actions.request_signoff(
        edition, by=ann, at=a_minute_ago(), name="Dave Hill", reply_by=clock.now() + DAY
    )
    context = browser.new_context(
        base_url=base_url, color_scheme=colours, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    console = []
    page.on("console", lambda message: console.append(message.text))
    page.goto(f"/preview/{token}/")
    check_screen(page, width)
    page.get_by_role("button", name="Open").click()
    check_screen(page, width)
    page.get_by_role("button", name="Not yet, because").click()
    check_screen(page, width)
    page.get_by_label("What needs to change?").fill("Hm.")
    page.get_by_role("button", name="Send “Not yet”").click()
    expect(page.get_by_role("status")).to_be_visible()
    check_screen(page, width)
    page.get_by_role("button", name="Change my answer").click()
    page.get_by_role("button", name="I agree to these words").click()
    check_screen(page, width)
    assert console == []
    assert context.cookies() == []
    context.close()


def check_screen(page: Page, width: int) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
