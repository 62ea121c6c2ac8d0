"""Test house style in a browser: a mistake is typed, found, selected and replaced."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from organisations.models import Appointment
from statements.models import Contribution, Passage, StyleRule
from tests.cast import PASSWORD, make_statement


@pytest.fixture
def form(browser: Browser, base_url: str, ann):
    """The form of a statement of Ann's, with a rule for PHSE in the house style."""
    StyleRule.objects.create(avoid="PHSE", use="PSHE", why="As the Association writes it.")
    statement = make_statement(ann, "A comment", summary="A summary.", words="We say PSHE.")
    context = browser.new_context(base_url=base_url, locale="en-GB")
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.goto(f"/admin/login/?next=/admin/statements/statement/{statement.pk}/change/")
    page.get_by_label("User name").fill(ann.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    yield page
    context.close()


def test_a_mistake_is_found_selected_replaced_and_gone(form: Page):
    editor = form.locator("#passages-0 .ProseMirror").first
    editor.click()
    form.keyboard.press("Control+End")
    form.keyboard.type(" PHSE is for all, and PHSE is good.")
    finding = form.get_by_role("link", name="Go to it Write “PSHE”, not “PHSE” (2 times).")
    finding.click()
    expect(editor).to_be_focused()
    assert form.evaluate("getSelection().toString()") == "PHSE"
    assert form.evaluate("CSS.highlights.has('house-style')") is True

    form.get_by_role("button", name="Use “PSHE”").click()
    expect(editor).to_have_text("We say PSHE. PSHE is for all, and PHSE is good.")
    expect(form.get_by_role("link", name="Go to it Write “PSHE”, not “PHSE”.")).to_be_visible()
    form.get_by_role("button", name="Use “PSHE”").click()
    expect(editor).to_have_text("We say PSHE. PSHE is for all, and PSHE is good.")
    expect(form.get_by_text("PHSE")).to_have_count(0)
    expect(form.locator("[data-checklist-status]")).to_have_text("Ready to submit. 1 suggestion.")
    assert "PHSE" not in form.locator("#id_passages-0-body").input_value()

    editor.click()
    form.keyboard.press("Control+z")
    expect(editor).to_contain_text("PHSE")
    assert Contribution.objects.get().version == 2  # checking does not save
    assert form.problems == []  # type: ignore[attr-defined]


def test_mistakes_in_a_line_and_in_a_closed_section_are_selected(form: Page):
    headline = form.locator("#id_headline")
    headline.fill("On PHSE in all schools")
    form.get_by_role("link", name="Go to it Write “PSHE”, not “PHSE”.").click()
    expect(headline).to_be_focused()
    assert form.evaluate("getSelection().toString()") == "PHSE"
    form.get_by_role("button", name="Use “PSHE”").click()
    expect(headline).to_have_value("On PSHE in all schools")

    form.get_by_role("link", name="Go to it Press contact").click()
    expect(form.locator("#id_contact")).to_be_focused()
    headline.fill("A headline that is so long that every search engine would cut it off there")
    expect(form.locator(".meters dd.over")).to_have_text("74 characters. Aim for 65 or fewer.")
    assert form.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_axe_finds_nothing_in_the_panel(form: Page, width: int, scheme):
    form.set_viewport_size({"width": width, "height": 900})
    form.emulate_media(color_scheme=scheme)
    form.locator("#id_headline").fill("On PHSE (in all schools")
    form.get_by_role("tab", name="Checklist").click()  # on phones a view of its own
    expect(form.get_by_role("button", name="Use “PSHE”")).to_be_visible()
    results = Axe().run(form, context=".house-style")
    assert results.violations_count == 0, results.generate_report()
    assert form.evaluate("document.documentElement.scrollWidth") <= width


def test_a_role_that_is_not_held_leads_to_the_list_of_speakers(browser: Browser, form: Page):
    Appointment.objects.update(ends_on=dt.date(2001, 1, 1))
    passage = Passage.objects.get()
    passage.appointment = Appointment.objects.get()
    passage.save()
    form.reload()
    form.get_by_role("link", name="Go to it Dave Hill does not hold the role").click()
    expect(form.get_by_role("dialog", name="Who says this?")).to_be_visible()
    form.keyboard.press("Escape")
    expect(form.locator("#passages-0 [data-voice-open]")).to_be_focused()
    assert form.problems == []  # type: ignore[attr-defined]


def test_a_hidden_line_is_shown_when_a_finding_leads_to_it(form: Page):
    line = form.locator('#passages-0 [data-line="heading"]')
    expect(form.get_by_role("link", name="Go to it Press contact")).to_be_visible()
    expect(line).to_be_hidden()
    form.evaluate(
        """() => {
          const link = document.querySelector("[data-checklist] a[data-go-to]").cloneNode(true)
          link.hash = "#id_passages-0-heading"
          link.textContent = "To the hidden line"
          document.querySelector("[data-checklist]").append(link)
        }"""
    )
    form.get_by_role("link", name="To the hidden line").click()
    expect(form.locator("#id_passages-0-heading")).to_be_focused()
