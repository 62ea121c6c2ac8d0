"""Test two people at one statement in a browser: the second one merges both texts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from statements.models import Statement
from tests.cast import make_statement
from tests.statements.newsdesk.form_data import change_url


@pytest.fixture
def eds_conflict(signed_in, ann, ed) -> Page:
    """What Ed sees when he saves after Ann, and both changed the headline and the text."""
    draft = make_statement(ann)
    pages = [signed_in(person) for person in (ann, ed)]
    for page, name in zip(pages, ("Ann", "Ed"), strict=True):
        page.goto(change_url(draft))
        page.get_by_label("Headline").fill(f"{name}’s headline")
        page.locator("#passages-0 .ProseMirror").first.fill(f"{name} welcomes the report.")
    for page in pages:
        page.get_by_role("button", name="Save draft", exact=True).click()
        page.wait_for_load_state()
    return pages[1]


def test_the_second_writer_takes_one_part_and_joins_another(eds_conflict):
    page = eds_conflict
    page.get_by_role("group", name="Headline").get_by_label("Take what is saved").check()
    page.get_by_role("group", name="Passage 1").get_by_label("Both").check()
    page.get_by_role("button", name="Save these choices").click()
    expect(page.get_by_text("Saved “")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Ann’s headline")
    saved = Statement.objects.get()
    assert saved.headline == "Ann’s headline"
    assert (
        saved.passages.get().body
        == "<p>Ed welcomes the report.</p>\n<p>Ann welcomes the report.</p>"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_texts_fit_every_window_and_are_accessible(eds_conflict, scheme):
    page = eds_conflict
    page.emulate_media(color_scheme=scheme)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
