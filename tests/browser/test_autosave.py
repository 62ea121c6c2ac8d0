"""No lost words in real Chromium: a killed tab, a stopped server, a session that ended."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from statements.models import Autosave, Presence, Statement
from tests.browser.conftest import sign
from tests.cast import make_statement
from tests.statements.newsdesk.form_data import ADD, change_url


@pytest.fixture
def new_page(new_page):
    """new_page(): a page whose forms look ten times a second."""

    def quick() -> Page:
        page = new_page()
        _quicken(page)
        return page

    return quick


def _quicken(page: Page) -> None:
    def hurried(route) -> None:
        response = route.fetch()
        body = response.text().replace('data-every="3000"', 'data-every="100"')
        route.fulfill(response=response, body=body)

    page.route("**/change/", hurried)
    page.route("**/add/", hurried)


def words(page: Page):
    return page.locator("#passages-0 .ProseMirror").first


def kept(page: Page):
    return page.locator("#autosave [data-kept]")


def test_a_killed_tab_loses_no_paragraph(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    words(page).fill("Typed, and never saved.")
    expect(kept(page)).to_contain_text("Kept aside at")
    tab = page.context.new_page()
    page.close()
    tab.goto(change_url(draft))
    tab.get_by_role("button", name="See it and take it back").click()
    expect(words(tab)).to_have_text("Typed, and never saved.")
    assert Statement.objects.get().version == 2
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    expect(tab.locator(".offer")).to_have_count(0)
    assert Statement.objects.get().passages.get().body == "<p>Typed, and never saved.</p>"
    assert [row.data for row in Autosave.objects.all()] == [""]


def test_a_stopped_server_loses_nothing_and_hears_it_when_it_is_back(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.context.set_offline(True)
    words(page).fill("Typed while nobody answered.")
    expect(kept(page)).to_contain_text("your text is kept in this browser")
    page.context.set_offline(False)
    expect(kept(page)).to_contain_text("Kept aside at")
    assert "Typed while nobody answered." in Autosave.objects.get().data


def test_a_tab_killed_while_the_server_was_down_gives_its_text_back(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    page.context.set_offline(True)
    words(page).fill("Kept in the browser alone.")
    expect(kept(page)).to_contain_text("your text is kept in this browser")
    tab = page.context.new_page()
    page.close()
    Autosave.objects.all().delete()  # a page that closes may slip past the test's own cut
    tab.context.set_offline(False)
    tab.goto(change_url(draft))
    tab.get_by_role("button", name="See it and take it back").click()
    expect(words(tab)).to_have_text("Kept in the browser alone.")


def test_a_session_that_ended_is_told_and_writing_goes_on_after_signing_in_elsewhere(
    signed_in, ann
):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    expect(words(page)).to_be_visible()
    Session.objects.all().delete()
    words(page).fill("Typed after the hour.")
    expect(kept(page)).to_contain_text("You have been signed out: your text is kept")
    other = page.context.new_page()
    other.goto("/admin/")
    sign(other, ann)
    expect(kept(page)).to_contain_text("Kept aside at")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Statement.objects.get().passages.get().body == "<p>Typed after the hour.</p>"


def test_save_after_the_session_ended_costs_no_word(signed_in, ann):
    draft = make_statement(ann)
    page = signed_in(ann)
    page.goto(change_url(draft))
    words(page).fill("Saved too late.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    sign(page, ann)
    page.get_by_role("button", name="See it and take it back").click()
    expect(words(page)).to_have_text("Saved too late.")


def test_save_with_a_stale_token_costs_no_word(signed_in, ann):
    page = signed_in(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("A new one")
    page.locator("input[name=csrfmiddlewaretoken]").evaluate_all(
        "them => them.forEach(it => it.value = 'x')"
    )
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(ADD)
    page.get_by_role("button", name="See it and take it back").click()
    expect(page.get_by_label("Headline")).to_have_value("A new one")


def test_text_of_a_new_statement_can_be_discarded(signed_in, ann):
    page = signed_in(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("Not needed")
    expect(kept(page)).to_contain_text("Kept aside at")
    page.goto(ADD)
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator(".offer")).to_have_count(0)
    page.reload()
    expect(page.locator(".offer")).to_have_count(0)


def test_two_people_see_each_other(signed_in, ann, ed):
    draft = make_statement(ann)
    writer, editor = signed_in(ann), signed_in(ed)
    writer.goto(change_url(draft))
    writer.get_by_label("Headline").fill("Ann types")
    expect(kept(writer)).to_contain_text("Kept aside at")
    editor.goto(change_url(draft))
    expect(editor.get_by_text("Ann has had this open since")).to_be_visible()
    expect(editor.get_by_text("and typed last at")).to_be_visible()
    writer.goto("/admin/")
    editor.get_by_label("Headline").fill("Ed types")
    expect(editor.get_by_text("Ann has had this open since")).to_have_count(0)
    assert [one.user for one in Presence.objects.all()] == [ed]
