"""The panels beside the words and the bar at the foot, in a browser."""

from contextlib import suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from organisations.models import Contact
from statements import clock
from statements.models import Autosave, Contribution, DraftVersion, Edition, Event, Statement
from tests.cast import approve_edition, make_organisation, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url

TYPED = "Typed and never saved"


@pytest.fixture
def draft(ann) -> Statement:
    desk = Contact.objects.create(organisation=make_organisation(), name="Desk", phone="1")
    return make_statement(ann, "A comment", summary="In short.", contact=desk)


@pytest.fixture
def public(ann, ed, draft) -> Statement:
    at = clock.now()
    approve_edition(submit_statement(draft, by=ann, at=at), by=ed, at=at, release_at=at)
    return draft


def open_form(signed_in, person, statement: Statement) -> Page:
    page = signed_in(person)
    page.goto(change_url(statement))
    expect(page.get_by_role("tab", name="Checklist")).to_be_visible()
    return page


def open_panel(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def count_rows() -> list[int]:
    models = (Statement, DraftVersion, Contribution, Event, Edition)
    return [model.objects.count() for model in models]


def test_the_preview_shows_what_is_typed_and_saves_nothing(signed_in, ann, draft, caplog):
    page = open_form(signed_in, ann, draft)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_panel(page, "Preview")
    article = page.frame_locator("#preview iframe").locator("article.statement")
    expect(article.get_by_role("heading", level=1)).to_have_text("A comment")
    before = count_rows()
    page.get_by_label("Headline").fill(TYPED)
    expect(article.get_by_role("heading", level=1)).to_have_text(TYPED)
    assert count_rows() == before
    assert Statement.objects.get().headline == "A comment"
    assert TYPED not in caplog.text
    assert not any("Typed" in url for url in requests)
    assert page.locator("#preview iframe").get_attribute("sandbox") == "allow-same-origin"
    for (
        row
    ) in Autosave.objects.all():  # autosave has the words for ann alone; the preview adds none
        assert row.user == ann


def test_an_older_answer_never_replaces_a_newer_one(signed_in, ann, draft):
    page = open_form(signed_in, ann, draft)
    open_panel(page, "Preview")
    heading = page.frame_locator("#preview iframe").get_by_role("heading", level=1)
    expect(heading).to_have_text("A comment")
    held: list = []
    page.route("**/preview/", lambda route: held.append(route))
    page.get_by_label("Headline").fill("Older")
    while not held:
        page.wait_for_timeout(50)
    page.unroute("**/preview/")
    page.get_by_label("Headline").fill("Newer")
    expect(heading).to_have_text("Newer")
    with suppress(Error):  # the page may have given it up already
        held[0].fulfill(status=200, body="<h1>Older</h1>")
    page.wait_for_timeout(300)
    expect(heading).to_have_text("Newer")


def test_without_an_answer_the_panel_says_so(signed_in, ann, draft):
    page = open_form(signed_in, ann, draft)
    page.route("**/preview/", lambda route: route.abort())
    open_panel(page, "Preview")
    expect(page.locator("[data-preview-status]")).to_have_text(
        "The preview is not up to date: there was no answer. Your words are not affected."
    )


def test_the_tabs_work_with_arrow_keys(signed_in, ann, draft):
    page = open_form(signed_in, ann, draft)
    page.get_by_role("tab", name="Checklist").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Preview")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Preview")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel", name="Activity")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="Checklist")).to_be_visible()


def test_submitting_with_things_to_do_leads_to_the_first(signed_in, ann, draft):
    page = open_form(signed_in, ann, draft)
    page.get_by_label("Headline").fill("")
    open_panel(page, "Details")
    page.get_by_role("button", name="Submit for review").click()
    first = page.get_by_role("link", name="Go to it Add a headline.")
    expect(first).to_be_focused()
    expect(page.locator(".tabs [data-todo-count]")).to_have_text("1")
    assert not Edition.objects.exists()
    first.press("Enter")
    expect(page.get_by_label("Headline")).to_be_focused()
    page.get_by_label("Headline").fill("There it is")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/admin/**")
    expect(page.locator(".messagelist")).to_contain_text("There it is")
    assert Edition.objects.get().headline == "There it is"


@pytest.mark.parametrize("width", [320, 390])
def test_the_foot_stays_in_view_and_covers_nothing_that_has_the_focus(signed_in, ann, draft, width):
    page = open_form(signed_in, ann, draft)
    page.set_viewport_size({"width": width, "height": 720})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot = page.get_by_role("region", name="Save and submit")
    box = foot.bounding_box()
    assert round(box["y"] + box["height"]) == 720
    page.locator(".back").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
              const at = document.activeElement, box = at.getBoundingClientRect()
              const foot = document.querySelector(".foot")
              return !foot.contains(at) && box.height > 0 && box.top >= foot.getBoundingClientRect().top
                ? at.outerHTML.slice(0, 120) : ""
            }"""
        )
        assert covered == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_panel(signed_in, ann, public, width, scheme):
    page = open_form(signed_in, ann, public)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name in ("Checklist", "Changes", "Preview", "Details"):
        open_panel(page, name)
        panel = page.get_by_role("tabpanel", name=name)
        expect(panel).to_be_visible()
        page.wait_for_timeout(300)
        for context in (".side", ".foot", ".amend"):
            results = Axe().run(page, context=context)
            assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_correction_is_made_with_its_note_above_the_words(signed_in, ann, public):
    page = open_form(signed_in, ann, public)
    page.get_by_role("radio", name="Correction").check()
    page.get_by_label("Correction note").fill("We said five. It is seven.")
    expect(page.locator("[data-notice]")).to_have_text(
        "Correction on releaseWe said five. It is seven."
    )
    page.locator("#passages-0 .ProseMirror").first.fill("We welcome the seven reports.")
    open_panel(page, "Changes")
    expect(page.get_by_role("heading", name="2 changes since edition 1")).to_be_visible()
    open_panel(page, "Preview")
    frame = page.frame_locator("#preview iframe")
    expect(frame.get_by_role("region", name="Correction")).to_contain_text("It is seven.")
    page.get_by_role("button", name="On the site now").click()
    expect(frame.locator(".words")).to_contain_text("We welcome the report.")
    page.get_by_role("button", name="Submit correction").click()
    expect(page.locator(".messagelist")).to_contain_text("A comment")
    newer = Edition.objects.get(sequence=2)
    assert (newer.amendment, newer.public_note) == ("correction", "We said five. It is seven.")


def test_the_line_above_the_headline_follows_the_details(signed_in, ann, draft):
    make_organisation("Aberwen"), make_organisation("Wrenford")
    page = open_form(signed_in, ann, draft)
    line = page.locator(".meta-line")
    expect(line).to_contain_text("Dated on release")
    open_panel(page, "Details")
    page.get_by_label("Publish as").select_option(label="Aberwen")
    page.get_by_label("Wrenford").check()
    expect(line).to_contain_text("Aberwen, Wrenford")
    page.locator("#id_dated_on").fill("2044-03-01")
    expect(line).to_contain_text("1 March 2044")
    page.get_by_label("Publish as").select_option("")
    expect(line).to_contain_text("Choose who publishes this")
