"""A table that is pasted from a spreadsheet is edited by keyboard, and stands on the public page."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from statements import clock
from statements.content.html import clean_blocks
from statements.models import Statement
from tests.browser.test_paste import ADD, newsdesk, paste_into, sign_in, typed_html
from tests.cast import approve_edition, make_organisation, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url
from tests.statements.parsing.clipboards import RICH

__all__ = ["newsdesk"]
CANONICAL = (
    "<table><caption>Homes built</caption><thead><tr><th>Year</th><th>Homes</th></tr></thead>"
    "<tbody><tr><td>2025</td><td>310</td></tr><tr><td>2026</td><td>402</td></tr>"
    "<tr><td>2027</td><td>517</td></tr></tbody></table>"
)


def shoot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_table_of_a_spreadsheet_is_pasted_edited_and_published(newsdesk, ann, ed):
    make_organisation()
    page = newsdesk(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("More homes")
    page.get_by_role("toolbar", name="Add at the end").get_by_role(
        "button", name="Narration"
    ).click()
    editor = page.locator("#passages-1 .ProseMirror").first
    editor.click()
    page.keyboard.type("We counted:")
    page.keyboard.press("Enter")
    source, _ = RICH["Excel: a table whose header row is bold"]
    paste_into(page, editor, text_html=source)
    expect(editor.locator("table tr")).to_have_count(3)
    shoot(page, "editor-pasted")
    # The last cell; Tab leaves a table behind it, and a button adds a row.
    editor.locator("td").last.click()
    page.get_by_role("button", name="Add row").click()
    expect(editor.locator("table tr")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.type("2027")
    page.keyboard.press("Tab")
    page.keyboard.type("517")
    page.get_by_role("button", name="Caption", exact=True).click()
    page.get_by_role("textbox", name="Caption", exact=True).fill("Homes built")
    page.get_by_role("button", name="Set the caption").click()
    expect(editor.locator("table")).to_have_attribute("data-caption", "Homes built")
    shoot(page, "editor-edited")
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    statement = Statement.objects.get()
    assert [row.body for row in statement.passages.in_order()] == ["<p>We counted:</p>", CANONICAL]
    shoot(page, "editor-saved")
    page.get_by_role("button", name="Save draft", exact=True).click()
    assert Statement.objects.get().version == statement.version

    at = clock.now()
    edition = submit_statement(statement, by=ann, at=at)
    edition = approve_edition(edition, by=ed, at=at, release_at=at)
    page.goto(f"/statements/{edition.slug}/")
    table = page.get_by_role("group", name="Homes built")
    assert table.get_by_role("columnheader").all_inner_texts() == ["Year", "Homes"]
    assert table.get_by_role("row").all_inner_texts() == [
        *("Year\tHomes", "2025\t310", "2026\t402", "2027\t517"),
    ]
    text = page.request.get(f"/statements/{edition.slug}.txt").text()
    assert "We counted:\n\nHomes built\nYear | Homes\n2025 | 310\n2026 | 402\n2027 | 517" in text


MONTHS = [f"{month} 2026" for month in ("January", "February", "March", "April", "May", "June")]
WIDE = (
    "<table><caption>New homes by district and month, with a <i>long</i> caption that wraps</caption>"
    f"<tr><td></td>{''.join(f'<th>{month}</th>' for month in MONTHS)}</tr>"
    + "".join(
        f"<tr><th>{place}</th>{''.join(f'<td>{n * 1111:,}</td>' for n in range(1, 7))}</tr>"
        for place in ("North", "Southend-on-Sea", "West Northamptonshire")
    )
    + "</table>"
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_wide_table_scrolls_by_keyboard_on_a_telephone(page: Page, ann, ed, scheme):
    at = clock.now()
    statement = make_statement(ann, notes_to_editors="".join(clean_blocks(WIDE)))
    statement.passages.create(position=5, body="".join(clean_blocks(WIDE)))
    edition = submit_statement(statement, by=ann, at=at)
    edition = approve_edition(edition, by=ed, at=at, release_at=at)
    page.emulate_media(color_scheme=scheme)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"/statements/{edition.slug}/")
        shoot(page, f"public-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [problem["id"] for problem in Axe().run(page).response["violations"]] == []
    page.set_viewport_size({"width": 320, "height": 700})
    table = page.get_by_role("group", name="New homes by district").first
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)  # it scrolls smoothly
    assert table.evaluate("table => table.scrollLeft") > 0


def test_the_editor_of_a_table_is_accessible_and_left_by_keyboard(page: Page, base_url, ann):
    statement = make_statement(ann)
    statement.passages.create(position=5, body=CANONICAL)
    sign_in(page, base_url, ann)
    page.goto(change_url(statement))
    editor = page.locator("#passages-1 .ProseMirror").first
    editor.locator("td").last.click()
    expect(page.get_by_role("button", name="Header row")).to_be_visible()
    assert [problem["id"] for problem in Axe().run(page).response["violations"]] == []
    page.keyboard.press("Tab")  # behind the last cell it leaves the editor, and adds no row
    expect(editor).not_to_be_focused()
    expect(editor.locator("tr")).to_have_count(4)
    editor.locator("td").last.click()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.type("After it.")
    assert clean_blocks(typed_html(page, 1)) == [CANONICAL, "<p>After it.</p>"]
