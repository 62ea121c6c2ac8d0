"""Test in a browser that no text is lost: a closed tab, no connection, an ended session."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from statements.models import Autosave, Presence, Statement
from tests.browser.conftest import sign_in
from tests.cast import make_statement
from tests.statements.newsdesk.form_data import ADD, change_url


@pytest.fixture
def new_page(new_page):
    """new_page(): a page whose forms autosave ten times a second."""

    def open_page() -> Page:
        page = new_page()
        _shorten_interval(page)
        return page

    return open_page


def _shorten_interval(page: Page) -> None:
    def edit_response(route) -> None:
        response = route.fetch()
        body = response.text().replace('data-every="3000"', 'data-every="100"')
        route.fulfill(response=response, body=body)

    page.route("**/change/", edit_response)
    page.route("**/add/", edit_response)


def editor(page: Page):
    return page.locator("#passages-0 .ProseMirror").first


def status(page: Page):
    return page.locator("#autosave [data-autosave-status]")


def test_a_closed_tab_loses_no_paragraph(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    editor(page).fill("Typed, and never saved.")
    expect(status(page)).to_contain_text("Autosaved")
    tab = page.context.new_page()
    page.close()
    tab.goto(change_url(draft))
    tab.get_by_role("button", name="See and restore").click()
    expect(editor(tab)).to_have_text("Typed, and never saved.")
    assert Statement.objects.get().version == 2
    tab.get_by_role("button", name="Save draft", exact=True).click()
    expect(tab.get_by_text("Saved “")).to_be_visible()
    expect(tab.locator(".unsaved-text")).to_have_count(0)
    assert Statement.objects.get().passages.get().body == "<p>Typed, and never saved.</p>"
    assert [row.data for row in Autosave.objects.all()] == [""]


def test_without_a_connection_nothing_is_lost_and_it_is_sent_later(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.context.set_offline(True)
    editor(page).fill("Typed while nobody answered.")
    expect(status(page)).to_contain_text("Your words are safe in this browser.")
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("Autosaved")
    assert "Typed while nobody answered." in Autosave.objects.get().data


def test_a_tab_closed_without_a_connection_gives_its_text_back(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.context.set_offline(True)
    editor(page).fill("Kept in the browser alone.")
    expect(status(page)).to_contain_text("Your words are safe in this browser.")
    tab = page.context.new_page()
    page.close()
    Autosave.objects.all().delete()  # the closing page may send it after all
    tab.context.set_offline(False)
    tab.goto(change_url(draft))
    tab.get_by_role("button", name="See and restore").click()
    expect(editor(tab)).to_have_text("Kept in the browser alone.")


def test_after_a_session_ended_writing_continues_once_signed_in_elsewhere(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    expect(editor(page)).to_be_visible()
    Session.objects.all().delete()
    editor(page).fill("Typed after the hour.")
    expect(status(page)).to_contain_text("You are signed out. Your words are safe")
    other_tab = page.context.new_page()
    other_tab.goto("/admin/")
    sign_in(other_tab, ann)
    expect(status(page)).to_contain_text("Autosaved")
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.get_by_text("Saved “")).to_be_visible()
    assert Statement.objects.get().passages.get().body == "<p>Typed after the hour.</p>"


def test_save_after_the_session_ended_costs_no_word(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    editor(page).fill("Saved too late.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save draft", exact=True).click()
    sign_in(page, ann)
    page.get_by_role("button", name="See and restore").click()
    expect(editor(page)).to_have_text("Saved too late.")


def test_save_with_a_stale_token_costs_no_word(signed_in, ann):
    page = signed_in(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("A new one")
    page.locator("input[name=csrfmiddlewaretoken]").evaluate_all(
        "them => them.forEach(it => it.value = 'x')"
    )
    page.get_by_role("button", name="Save draft", exact=True).click()
    page.goto(ADD)
    page.get_by_role("button", name="See and restore").click()
    expect(page.get_by_label("Headline")).to_have_value("A new one")


def test_text_of_a_new_statement_can_be_discarded(signed_in, ann):
    page = signed_in(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("Not needed")
    expect(status(page)).to_contain_text("Autosaved")
    page.goto(ADD)
    page.get_by_role("button", name="Discard").click()
    expect(page.locator(".unsaved-text")).to_have_count(0)
    page.reload()
    expect(page.locator(".unsaved-text")).to_have_count(0)


def test_two_people_see_each_other(signed_in, ann, ed):
    draft = make_statement(ann)
    writer, editor = signed_in(ann), signed_in(ed)
    writer.goto(change_url(draft))
    writer.get_by_label("Headline").fill("Ann types")
    expect(status(writer)).to_contain_text("Autosaved")
    editor.goto(change_url(draft))
    expect(editor.locator("[data-here]")).to_contain_text("Ann is writing")
    editor.set_viewport_size({"width": 320, "height": 640})
    editor.evaluate("scrollTo(0, document.body.scrollHeight)")
    for place in (editor.locator("[data-here]"), status(editor)):  # on screen, wherever one is
        expect(place).to_be_in_viewport(ratio=0.9)
    editor.set_viewport_size({"width": 1280, "height": 800})
    writer.goto("/admin/")
    editor.get_by_label("Headline").fill("Ed types")
    expect(editor.locator("[data-here]")).to_have_text("")
    assert [row.user for row in Presence.objects.all()] == [ed]
