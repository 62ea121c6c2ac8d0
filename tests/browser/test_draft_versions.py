"""Test the versions of a draft in a browser: compare, restore, discard and take back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from statements.models import Statement
from tests.cast import make_statement, rewrite_passage
from tests.statements.newsdesk.form_data import change_url

WIDTHS = (320, 390, 768, 1280, 1600)


@pytest.fixture
def draft(ann, ed) -> Statement:
    statement = make_statement(ann, words="We welcome the report.")
    rewrite_passage(statement, "We welcome the long report.", by=ed)
    return rewrite_passage(statement, "We welcome the plan.", by=ann)


def open_versions(page: Page, draft: Statement, query: str = "") -> None:
    page.goto(reverse("admin:statements_statement_versions", args=[draft.pk]) + query)


def check(page: Page) -> None:
    """Read the page with axe in light and dark, and see that nothing scrolls sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []


def test_two_versions_are_compared_and_one_is_restored(signed_in, ann, draft):
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Draft versions").click()
    expect(page.get_by_role("heading", name="From version 3 to version 4")).to_be_visible()
    page.get_by_label("Compare from: Version 2").check()
    page.get_by_label("Compare to: Version 3").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="From version 2 to version 3")).to_be_visible()
    expect(page.locator(".diff ins")).to_have_text("[added: long ]")

    page.get_by_role("link", name="Restore… Version 2").click()
    expect(page.get_by_text("This makes version 5, with the words of version 2.")).to_be_visible()
    page.get_by_role("button", name="Restore version 2").click()
    expect(page.get_by_text("The draft has the words of version 2 again.")).to_be_visible()
    assert draft.passages.get().body == "<p>We welcome the report.</p>"


def test_a_draft_is_discarded_and_taken_back(signed_in, ann, draft):
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Discard this draft…").click()
    check(page)
    page.get_by_role("button", name="Discard this draft").click()
    expect(page.get_by_role("heading", name="Bin")).to_be_visible()
    check(page)
    page.goto(change_url(draft))
    check(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_label("Headline")).to_have_value("A comment")


def test_a_duplicate_opens_as_a_new_draft(signed_in, ann, draft):
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.get_by_label("More actions").click()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_text("This is a new draft with the same words.")).to_be_visible()
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("query", ["", "?from=2&to=4", "?restore=2"])
def test_the_page_fits_every_window_and_is_accessible(signed_in, ann, draft, query):
    page = signed_in(ann)
    open_versions(page, draft, query)
    check(page)


def test_the_radios_are_reached_by_keyboard(signed_in, ann, draft):
    page = signed_in(ann)
    open_versions(page, draft)
    page.get_by_label("Compare from: Version 3").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Compare from: Version 2")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="From version 2 to version 4")).to_be_visible()
