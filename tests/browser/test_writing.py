"""The writing page in a browser: passages are added, moved and removed, with and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from statements.models import Statement
from tests.browser.test_paste import ADD, newsdesk, sign_in
from tests.cast import make_organisation, make_speaker, make_statement
from tests.make_files import make_picture
from tests.statements.newsdesk.form_data import change_url

__all__ = ["newsdesk"]


def list_labels(page: Page) -> list[str | None]:
    blocks = page.locator("#passages-group > .spot > .block:visible")
    return [block.get_attribute("aria-label") for block in blocks.all()]


def save(page: Page) -> Statement:
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_be_visible()
    return Statement.objects.get()


def test_passages_are_added_moved_and_removed_by_keyboard(newsdesk, ann):
    make_organisation()
    page = newsdesk(ann)
    page.goto(ADD)
    page.keyboard.type("Typed")
    end = page.get_by_role("toolbar", name="Add at the end")
    end.get_by_role("button", name="Narration").click()
    page.keyboard.type("First.")
    end.get_by_role("button", name="Narration").click()
    page.keyboard.type("Second.")
    assert list_labels(page) == ["Quotation 1", "Narration 2", "Narration 3"]

    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-status]")).to_have_text("Narration 2 moved to place 2.")
    page.keyboard.type(" More.")  # the focus stayed in the words
    assert page.locator("#passages-2 .ProseMirror").inner_text() == "Second. More."

    up = page.locator("#passages-1").get_by_role("button", name="Move up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#passages-1").get_by_role("button", name="Move down")).to_be_focused()

    page.locator("#passages-0 .moves summary").click()
    page.locator("#passages-0").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()
    assert len(list_labels(page)) == 3
    rows = save(page).passages.in_order()
    assert [row.body for row in rows] == ["<p>First.</p>", "<p>Second. More.</p>"]


def test_a_picture_is_described_where_it_stands(newsdesk, ann):
    statement = make_statement(ann, words="First.")
    statement.passages.create(position=1, body="<p>Last.</p>")
    page = newsdesk(ann)
    page.goto(change_url(statement))
    page.locator("#passages-0 + .insert > summary").click()
    page.locator("#passages-0 + .insert").get_by_role("button", name="Picture").click()
    block = page.locator(".block.picture")
    block.locator("input[type=file]").set_input_files(
        {"name": "chart.jpg", "mimeType": "image/jpeg", "buffer": make_picture()}
    )
    block.get_by_label("Describe the picture").fill("Rooms by year")
    save(page)
    statement.refresh_from_db()
    content = statement.content()
    assert [part["type"] for part in content["blocks"]] == ["quotation", "picture", "narration"]
    assert content["files"][0]["alt"] == "Rooms by year"


def test_without_scripts_a_passage_is_added_and_nothing_is_lost(
    browser: Browser, base_url: str, ann
):
    make_organisation()
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, base_url, ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("Typed")
    page.locator("[name=passages-0-body]").fill("A first passage.")
    page.get_by_role("button", name="Narration").last.click()
    expect(page.get_by_label("Headline")).to_have_value("Typed")
    page.locator("[name=passages-1-body]").fill("A second one.")
    page.locator("#passages-1").get_by_role("button", name="Move up").click()
    page.get_by_role("button", name="Save draft").last.click()
    rows = Statement.objects.get().passages.in_order()
    assert [row.body for row in rows] == ["<p>A second one.</p>", "<p>A first passage.</p>"]
    context.close()


def test_the_page_stays_where_it_is_and_is_accessible(newsdesk, ann):
    statement = make_statement(ann, "Typed", words="One.</p><p>Two.")
    page = newsdesk(ann)
    page.goto(change_url(statement))
    expect(page.locator("#passages-0 .ProseMirror")).to_be_visible()
    shift = page.evaluate(
        """new Promise((resolve) => {
          let sum = 0
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value })
            .observe({ type: "layout-shift", buffered: true })
          setTimeout(() => resolve(sum), 500)
        })"""
    )
    assert shift < 0.01
    assert [problem["id"] for problem in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("word", ["Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"])
def test_the_longest_name_of_a_place_fits_a_telephone(newsdesk, ann, word):
    statement = make_statement(ann, word, words=word, summary=word)
    page = newsdesk(ann)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(change_url(statement))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_from_headline_to_submit_takes_at_most_twenty_stops(newsdesk, ann):
    make_speaker()
    page = newsdesk(ann)
    page.goto(ADD)
    expect(page.locator("#passages-0 .ProseMirror")).to_be_visible()
    page.get_by_label("Headline").focus()
    submit = page.get_by_role("button", name="Submit for review")
    stops = 0
    while stops < 40 and not submit.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
        stops += 1
    assert stops <= 20
