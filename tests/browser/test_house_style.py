"""House style beside the form, in real Chromium: a slip is typed, found, jumped to, and replaced."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from statements.models import Contribution, StyleRule
from tests.cast import PASSWORD, make_statement


@pytest.fixture
def writing(browser: Browser, base_url: str, ann):
    """The form of a statement of ann's, with PHSE on the style list."""
    StyleRule.objects.create(avoid="PHSE", use="PSHE", why="As the Association writes it.")
    statement = make_statement(ann, "A comment", summary="A summary.", words="We say PSHE.")
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.goto(f"/admin/login/?next=/admin/statements/statement/{statement.pk}/change/")
    page.get_by_label("Username").fill(ann.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    yield page
    context.close()


def found(page: Page):
    return page.locator(".style-findings li")


def test_a_slip_in_the_words_is_found_selected_replaced_and_gone(writing: Page):
    editor = writing.locator("#passages-0 .ProseMirror").first
    editor.click()
    writing.keyboard.press("Control+End")
    writing.keyboard.type(" PHSE is for all, and PHSE is good.")
    slip = writing.get_by_role("link", name="Write “PSHE”, not “PHSE” (2 times).")
    slip.click()
    expect(editor).to_be_focused()
    assert writing.evaluate("getSelection().toString()") == "PHSE"
    assert writing.evaluate("CSS.highlights.has('house-style')") is True

    writing.get_by_role("button", name="Use “PSHE”").click()
    expect(editor).to_have_text("We say PSHE. PSHE is for all, and PHSE is good.")
    expect(writing.get_by_role("link", name="Write “PSHE”, not “PHSE”.")).to_be_visible()
    writing.get_by_role("button", name="Use “PSHE”").click()
    expect(editor).to_have_text("We say PSHE. PSHE is for all, and PSHE is good.")
    expect(writing.get_by_text("PHSE")).to_have_count(0)
    expect(writing.locator("#house-style-status")).to_have_text("2 findings.")
    assert "PHSE" not in writing.locator("#id_passages-0-body").input_value()

    editor.click()
    writing.keyboard.press("Control+z")
    expect(editor).to_contain_text("PHSE")
    assert Contribution.objects.get().version == 2  # looking is no save
    assert writing.problems == []  # type: ignore[attr-defined]


def test_a_slip_in_a_line_and_one_in_a_fold_are_jumped_to(writing: Page):
    headline = writing.locator("#id_headline")
    headline.fill("On PHSE in all schools")
    writing.get_by_role("link", name="Write “PSHE”, not “PHSE”.").click()
    expect(headline).to_be_focused()
    assert writing.evaluate("getSelection().toString()") == "PHSE"
    writing.get_by_role("button", name="Use “PSHE”").click()
    expect(headline).to_have_value("On PSHE in all schools")

    writing.get_by_role("link", name="There is no contact for journalists.").click()
    expect(writing.locator("#id_contact")).to_be_focused()
    headline.fill("A headline that is so long that every search engine would cut it off there")
    expect(writing.locator(".style-counts dd.over")).to_have_text("74 of 65 – long")
    assert writing.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_axe_finds_nothing_in_the_panel(writing: Page, width: int, scheme):
    writing.set_viewport_size({"width": width, "height": 900})
    writing.emulate_media(color_scheme=scheme)
    writing.locator("#id_headline").fill("On PHSE (in all schools")
    expect(writing.get_by_role("button", name="Use “PSHE”")).to_be_visible()
    results = Axe().run(writing, context=".house-style")
    assert results.violations_count == 0, results.generate_report()
    assert writing.evaluate("document.documentElement.scrollWidth") <= width
