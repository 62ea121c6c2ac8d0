"""The public pages in a real browser: for everybody, by keyboard, without scripts, and light."""

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
HEAVIEST = 14 * 1024  # bytes over the wire: page and style sheet, by gzip, the worse of the two
MOST_REQUESTS = 3


def listened_to(page: Page) -> list[str]:
    """What this page's console complains of, from now on; an answer that says no is no fault."""
    noise: list[str] = []
    page.on(
        "console",
        lambda said: (
            noise.append(said.text)
            if said.type in ("error", "warning") and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: noise.append(str(error)))
    return noise


# --- Every page -----------------------------------------------------------------------------------


@pytest.mark.sqlite  # once is enough: a page has the same barriers on either database
@pytest.mark.parametrize("share", range(SHARES))
def test_no_public_page_keeps_anybody_out(
    browser: Browser, base_url: str, transactional_db, share: int
):
    call_command("load_demo", verbosity=0)
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    noise, found = listened_to(page), []
    shown = {f"/shown/{name}": html for name, html in render_pages_without_url().items()}
    page.route("**/shown/*", lambda route: answer_with(route, shown))
    for address in [*page_urls(), *shown][share::SHARES]:
        page.goto(address)
        found += [f"{address}: {line}" for line in noise]
        found += [f"{address}: {problem}" for problem in find_problems(page)]
        found += [] if page.locator("h1").count() == 1 else [f"{address}: not one h1"]
        noise.clear()  # axe itself sets styles, which the policy refuses
    context.close()
    assert found == [], "\n".join(found)


def answer_with(route: Route, pages: dict[str, str]) -> None:
    html = pages[urlsplit(route.request.url).path]
    route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)


# --- One statement --------------------------------------------------------------------------------


@pytest.fixture
def said(transactional_db, ann, ed, frozen) -> Edition:
    """Two voices, narration, a contact, themes, and what stands around it."""
    frozen(NOON + HOUR)
    earlier = make_statement(ann, "What came before")
    approve_edition(
        submit_statement(earlier, by=ann, at=NOON - DAY),
        by=ed,
        at=NOON - DAY,
        release_at=NOON - DAY,
    )
    desk = Contact.objects.create(
        organisation=make_organisation(),
        name="The desk",
        phone="020 7946 0101",
        out_of_hours_phone="020 7946 0102",
        email="desk@example.org",
    )
    statement = make_statement(
        ann, "We welcome it", contact=desk, notes_to_editors="<p>A note.</p>", summary="In short."
    )
    for place, name in ((1, None), (2, "Sue Grey")):
        speaker = make_speaker(name, role="Chair") if name else None
        body = "<p>First.</p><p>Second.</p>" if name else "<p>The council met.</p>"
        Passage.objects.create(statement=statement, position=place, speaker=speaker, body=body)
    theme = Theme.objects.create(name="Libraries", slug="libraries")
    statement.themes.add(theme)
    earlier.themes.add(theme)
    return approve_edition(submit_statement(statement, by=ann), by=ed)


def test_a_quotation_is_copied_with_its_source_and_address(browser: Browser, base_url, said):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    noise = listened_to(page)
    page.goto("/statements/we-welcome-it/")
    page.locator("#quote-2").get_by_role("button", name="Copy quotation").press("Enter")
    expect(page.locator("#quote-2").get_by_role("status")).to_have_text("Copied, with its source")
    address = page.locator("link[rel=canonical]").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "“First.\n\n“Second.”\n\n"
        "Sue Grey, Chair, Association of Directors\n"
        "We welcome it, 1 March 2044, 12:00 GMT\n"
        f"{address}#quote-2"
    )
    assert noise == []
    context.close()


def test_without_scripts_nothing_is_missing_but_the_button(browser: Browser, base_url, said):
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


def test_the_keyboard_reaches_everything_in_the_order_of_reading(browser: Browser, base_url, said):
    context = browser.new_context(base_url=base_url, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    for address in ("/", "/statements/we-welcome-it/", "/nothing-is-here/"):
        page.goto(address)
        page.keyboard.press("Tab")
        assert focused(page)["text"] == "Skip to the main content"
        page.keyboard.press("Enter")
        assert focused(page)["id"] == "main"
        page.goto(address)
        everything = page.locator("a[href]:visible, button:visible, input:visible, select:visible")
        reached = []
        for _ in range(everything.count()):
            page.keyboard.press("Tab")
            reached.append(focused(page))
        assert all(one["seen"] and one["outlined"] for one in reached), reached
        assert [one["text"] for one in reached] == [
            text.strip() for text in everything.all_inner_texts()
        ]
    context.close()


def focused(page: Page) -> dict:
    return page.evaluate(
        """() => {
          const one = document.activeElement, box = one.getBoundingClientRect();
          return {
            id: one.id,
            text: one.innerText.trim(),
            seen: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight,
            outlined: getComputedStyle(one).outlineStyle !== "none",
          };
        }"""
    )


def test_the_page_of_a_statement_is_light(browser: Browser, base_url, said):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/statements/we-welcome-it/", wait_until="networkidle")
    # The icon is the tab's, not the page's: a browser keeps it for the whole site.
    loaded = [answer for answer in answers if not answer.url.endswith("icon.svg")]
    assert len(loaded) <= MOST_REQUESTS, [answer.url for answer in loaded]
    needed = [answer for answer in loaded if answer.request.resource_type != "script"]
    weight = sum(len(gzip.compress(answer.body(), 6)) for answer in needed)
    assert weight <= HEAVIEST
    assert context.cookies() == []
    context.close()


def test_print_shows_the_words_and_whom_to_ring_and_nothing_to_press(
    browser: Browser, base_url, said
):
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.goto("/statements/we-welcome-it/")
    page.emulate_media(media="print")
    for words in ("“We welcome the report.”", "020 7946 0102", "A note."):
        expect(page.get_by_text(words)).to_be_visible()
    assert page.locator("button:visible, input:visible, .masthead nav a:visible").count() == 0
    context.close()
