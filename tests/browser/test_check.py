"""Test the quotation check in a browser: by keyboard, without JavaScript, in every window."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from statements import clock
from tests.cast import DAY, approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db(transaction=True)
NEAR = "We welcomed the report, and what it says of older people."


@pytest.fixture
def public_edition(ann, ed, settings, base_url):
    settings.SITE_URL = base_url
    statement = make_statement(ann, words="We welcome the report, and what it says of people.")
    at = clock.now() - DAY
    return approve_edition(submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at)


def test_a_quotation_is_checked_by_keyboard_without_javascript(
    public_edition, browser: Browser, base_url
):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/check/")
    page.get_by_label("The quotation").focus()
    page.keyboard.type("“what it says of people”")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    verdict = page.get_by_role("heading", name="Yes, these words are in our record")
    expect(verdict).to_be_visible()
    expect(page.get_by_label("You asked about")).to_have_value("“what it says of people”")
    page.get_by_role("article").get_by_role("link").click()
    expect(page).to_have_url(f"{base_url}/statements/a-comment/#quote-1")
    assert context.cookies() == []
    context.close()


def test_every_answer_is_accessible(public_edition, browser: Browser, base_url):
    problems = []
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=base_url, color_scheme=scheme)
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text))
        for words in ("", "what it says of people", NEAR, "Nobody ever said a thing like it"):
            page.goto("/check/")
            page.get_by_label("The quotation").fill(words)
            with page.expect_navigation():
                page.get_by_role("button", name="Check").click()
            for width in (320, 768, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                problems.extend([f"{words}: wider than {width}"] * wide)
            problems.extend(violation["id"] for violation in Axe().run(page).response["violations"])
        context.close()
    assert problems == []
