"""Test the public pages in a browser: accessible, by keyboard, without scripts, and small."""

import gzip
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, Route, expect

from organisations.models import Contact
from statements.models import Edition, Passage, Theme
from tests.browser.barriers import find_problems
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)
from tests.whole_site.public_pages import page_urls, render_pages_without_url

SHARES = 2
MAX_PAGE_BYTES = 14 * 1024  # page and style sheet, compressed with gzip
MAX_REQUESTS = 3


def record_errors(page: Page) -> list[str]:
    """Collect the errors on this page's console from now on, except refused requests."""
    noise: list[str] = []
    page.on(
        "console",
        lambda line: (
            noise.append(line.text)
            if line.type in ("error", "warning") and "Failed to load resource" not in line.text
            else None
        ),
    )
    page.on("pageerror", lambda error: noise.append(str(error)))
    return noise


# --- Every page -----------------------------------------------------------------------------------


@pytest.mark.sqlite  # the pages are the same on either database
@pytest.mark.parametrize("share", range(SHARES))
def test_every_public_page_is_accessible(
    browser: Browser, base_url: str, transactional_db, share: int
):
    call_command("load_demo", verbosity=0)
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    noise, problems = record_errors(page), []
    rendered = {f"/rendered/{name}": html for name, html in render_pages_without_url().items()}
    page.route("**/rendered/*", lambda route: answer_with(route, rendered))
    for address in [*page_urls(), *rendered][share::SHARES]:
        page.goto(address)
        problems += [f"{address}: {line}" for line in noise]
        problems += [f"{address}: {problem}" for problem in find_problems(page)]
        problems += [] if page.locator("h1").count() == 1 else [f"{address}: not one h1"]
        noise.clear()  # the security policy refuses the styles of axe
    context.close()
    assert problems == [], "\n".join(problems)


def answer_with(route: Route, pages: dict[str, str]) -> None:
    html = pages[urlsplit(route.request.url).path]
    route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)


# --- One statement --------------------------------------------------------------------------------


@pytest.fixture
def edition(transactional_db, ann, ed, frozen) -> Edition:
    """A public edition with two voices, narration, a contact and a theme, after an earlier one."""
    frozen(NOON + HOUR)
    earlier = make_statement(ann, "What came before")
    approve_edition(
        submit_statement(earlier, by=ann, at=NOON - DAY),
        by=ed,
        at=NOON - DAY,
        release_at=NOON - DAY,
    )
    contact = Contact.objects.create(
        organisation=make_organisation(),
        name="The press office",
        phone="020 7946 0101",
        out_of_hours_phone="020 7946 0102",
        email="press@example.org",
    )
    statement = make_statement(
        ann,
        "We welcome it",
        contact=contact,
        notes_to_editors="<p>A note.</p>",
        summary="In short.",
    )
    for position, name in ((1, None), (2, "Sue Grey")):
        speaker = make_speaker(name, role="Chair") if name else None
        body = "<p>First.</p><p>Second.</p>" if name else "<p>The council met.</p>"
        Passage.objects.create(statement=statement, position=position, speaker=speaker, body=body)
    theme = Theme.objects.create(name="Libraries", slug="libraries")
    statement.themes.add(theme)
    earlier.themes.add(theme)
    return approve_edition(submit_statement(statement, by=ann), by=ed)


def test_a_quotation_is_copied_with_its_source_and_address(browser: Browser, base_url, edition):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    noise = record_errors(page)
    page.goto("/statements/we-welcome-it/")
    page.locator("#quote-2").get_by_role("button", name="Copy quotation").press("Enter")
    expect(page.locator("#quote-2").get_by_role("status")).to_have_text("Copied, with its source")
    url = page.locator("link[rel=canonical]").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“First.\n\n“Second.”\n\n"
        "Sue Grey, Chair, Association of Directors\n"
        "We welcome it, 1 March 2044, 12:00 GMT\n"
        f"{url}#quote-2"
    )
    assert noise == []
    context.close()


def test_without_scripts_only_the_button_is_missing(browser: Browser, base_url, edition):
    context = browser.new_context(base_url=base_url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="We welcome it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We welcome it")
    for words in ("In short.", "“We welcome the report.”", "The council met.", "A note."):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("link", name="020 7946 0102")).to_be_visible()
    expect(page.get_by_role("button", name="Copy quotation")).to_have_count(0)
    page.locator("#quote-2").get_by_role("link", name="Link to this quotation").click()
    assert urlsplit(page.url).fragment == "quote-2"
    page.get_by_role("navigation", name="Earlier and later").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What came before")
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator("pre")).to_contain_text("“We welcome the report.”")
    context.close()


def test_the_keyboard_reaches_everything_in_the_order_of_reading(
    browser: Browser, base_url, edition
):
    context = browser.new_context(base_url=base_url, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    for address in ("/", "/statements/we-welcome-it/", "/nothing-is-here/"):
        page.goto(address)
        page.keyboard.press("Tab")
        assert read_focus(page)["text"] == "Skip to the main content"
        page.keyboard.press("Enter")
        assert read_focus(page)["id"] == "main"
        page.goto(address)
        controls = page.locator("a[href]:visible, button:visible, input:visible, select:visible")
        reached = []
        for _ in range(controls.count()):
            page.keyboard.press("Tab")
            reached.append(read_focus(page))
        assert all(control["seen"] and control["outlined"] for control in reached), reached
        assert [control["text"] for control in reached] == [
            text.strip() for text in controls.all_inner_texts()
        ]
    context.close()


def read_focus(page: Page) -> dict:
    return page.evaluate(
        """() => {
          const element = document.activeElement, box = element.getBoundingClientRect();
          return {
            id: element.id,
            text: element.innerText.trim(),
            seen: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight,
            outlined: getComputedStyle(element).outlineStyle !== "none",
          };
        }"""
    )


def test_the_page_of_a_statement_is_small(browser: Browser, base_url, edition):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/statements/we-welcome-it/", wait_until="networkidle")
    # A browser loads the icon once for the whole site.
    responses = [answer for answer in answers if not answer.url.endswith("icon.svg")]
    assert len(responses) <= MAX_REQUESTS, [answer.url for answer in responses]
    needed = [answer for answer in responses if answer.request.resource_type != "script"]
    size = sum(len(gzip.compress(answer.body(), 6)) for answer in needed)
    assert size <= MAX_PAGE_BYTES
    assert context.cookies() == []
    context.close()


def test_print_shows_the_text_and_the_contact_and_no_controls(browser: Browser, base_url, edition):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.goto("/statements/we-welcome-it/")
    page.emulate_media(media="print")
    for words in ("“We welcome the report.”", "020 7946 0102", "A note."):
        expect(page.get_by_text(words)).to_be_visible()
    assert page.locator("button:visible, input:visible, .masthead nav a:visible").count() == 0
    context.close()
