"""Test pasting in a browser through its clipboard, and a Word file until it is approved."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from organisations.models import Contact, Speaker
from statements.content.html import clean_blocks
from statements.content.rendering import render_plain_text
from statements.models import Edition, State, Statement, Theme
from statements.newsdesk.rich_text import to_blocks
from statements.parsing.plain_text import text_to_blocks
from tests.cast import make_organisation, make_speaker
from tests.statements.parsing.clipboards import PLAIN, RICH
from tests.statements.parsing.make_docx import SEED, seed

ADD = "/admin/statements/statement/add/"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "word" / "word2016-clipboard-html"
COPY = """(kinds) => document.addEventListener("copy", (event) => {
  for (const [kind, content] of Object.entries(kinds)) event.clipboardData.setData(kind, content)
  event.preventDefault()
}, { once: true })"""
JANE = "Jane Smith, Chair of the Board, said:"


def sign_in(page: Page, base_url: str, user: User) -> Page:
    client = Client()
    client.force_login(user)
    cookies = [
        {"name": name, "value": cookie.value, "url": f"{base_url}/admin/"}
        for name, cookie in client.cookies.items()
    ]
    page.context.add_cookies(cookies)
    return page


@pytest.fixture
def newsdesk(page: Page, base_url: str):
    """newsdesk(user): a page of theirs, signed in; an error on the console fails the test."""
    errors: list[str] = []
    page.on("console", lambda line: line.type == "error" and errors.append(line.text))
    page.on("pageerror", lambda error: errors.append(str(error)))

    yield lambda user: sign_in(page, base_url, user)
    assert [error for error in errors if not error.startswith("Failed to load resource")] == []


def copy(page: Page, **kinds: str) -> None:
    """Copy to the clipboard as a program would. Something on the page must have the focus."""
    page.evaluate(COPY, {kind.replace("_", "/"): content for kind, content in kinds.items()})
    page.keyboard.press("Control+C")


def paste_into(page: Page, editor, **kinds: str) -> None:
    editor.click()
    copy(page, **kinds)
    page.keyboard.press("Control+V")


def typed_html(page: Page, row: int = 0) -> str:
    return page.locator(f"#id_passages-{row}-body").input_value()


def test_every_clipboard_comes_out_in_the_editor_as_the_server_cleans_it(newsdesk, ann):
    page = newsdesk(ann)
    page.goto(ADD)
    editor = page.locator("#passages-0 .ProseMirror").first
    sources = {
        name: ("text_html", source, clean_blocks(source)) for name, (source, _) in RICH.items()
    }
    sources |= {
        name: ("text_plain", source, text_to_blocks(source)) for name, (source, _) in PLAIN.items()
    }
    for path in sorted(SHARED.glob("*.html")):
        source = path.read_text("utf-8-sig")
        sources[path.name] = ("text_html", source, clean_blocks(source))
    different = {}
    for name, (kind, source, wanted) in sources.items():
        editor.click()
        copy(page, **{kind: source})
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+V")
        blocks = clean_blocks(typed_html(page))
        if blocks != wanted:
            different[name] = (blocks, wanted)
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        assert typed_html(page) == "", name
    assert different == {}


def test_what_was_pasted_is_what_is_saved(newsdesk, ann):
    make_organisation()
    page = newsdesk(ann)
    page.goto(ADD)
    page.get_by_label("Headline").fill("Pasted")
    source, wanted = RICH["Word: a list in a list"]
    paste_into(page, page.locator("#passages-0 .ProseMirror").first, text_html=source)
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Statement.objects.get().passages.get().body == "\n".join(wanted)


def test_struck_through_words_are_left_out_and_named(newsdesk, ann):
    page = newsdesk(ann)
    page.goto(ADD)
    editor = page.locator("#passages-0 .ProseMirror").first
    hidden = '<span style="display:none"> <s>nothing</s> at all</span>'
    paste_into(page, editor, text_html=f"<p>We <s>hate</s> like it: 10<sup>6</sup>.{hidden}</p>")
    expect(page.locator("#passages-0 .paste-dropped")).to_have_text(
        "Struck-through or hidden words were left out: “hate”, “nothing at all”."
    )
    assert clean_blocks(typed_html(page)) == ["<p>We like it: 10<sup>6</sup>.</p>"]
    paste_into(page, editor, text_html="<p>More.</p>")
    expect(page.locator("#passages-0 .paste-dropped")).to_have_count(0)


HTML = (
    "<p>Dave Hill, President of the Association of Directors, said:</p><p>“It is <b>good</b>.</p>"
    f"<p>“And it stays so.”</p><p>{JANE}</p><p>“We agree.”</p>"
)


def test_several_voices_are_offered_split_and_put_back(newsdesk, ann):
    dave = make_speaker()
    page = newsdesk(ann)
    page.goto(ADD)
    editor = page.locator("#passages-0 .ProseMirror").first
    paste_into(page, editor, text_html=HTML)
    before = typed_html(page)
    offer = page.locator(".paste-split")
    expect(offer).to_contain_text("This looks like 2 passages by Dave Hill and Jane Smith.")
    expect(editor).to_be_focused()  # the offer does not take the focus

    offer.get_by_role("button", name="Split it into passages").click()
    expect(offer).to_contain_text("Jane Smith is not among the speakers, so nobody is chosen")
    expect(offer).to_be_focused()
    assert page.locator("#id_passages-0-speaker").input_value() == str(dave.pk)
    assert page.locator("#id_passages-0-appointment").input_value() == str(
        dave.appointments.get().pk
    )
    expect(page.locator("#passages-0 [data-voice-name]")).to_contain_text("Dave")
    assert to_blocks(typed_html(page)) == [
        "<p>It is <strong>good</strong>.</p>",
        "<p>And it stays so.</p>",
    ]
    assert page.locator("#id_passages-1-attribution").input_value() == JANE
    assert typed_html(page, 1) == "<p>“We agree.”</p>"
    assert [speaker.name for speaker in Speaker.objects.all()] == ["Dave Hill"]

    offer.get_by_role("button", name="Put it back").click()
    assert typed_html(page) == before
    assert page.locator("#id_passages-0-speaker").input_value() == ""
    expect(page.locator("#passages-1")).to_have_count(0)

    offer.get_by_role("button", name="Split it into passages").click()
    page.get_by_label("Headline").fill("Two voices")
    page.get_by_role("button", name="Save draft", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    saved = Statement.objects.get().passages.in_order()
    assert [(row.speaker, row.attribution, row.body) for row in saved] == [
        (dave, "", "<p>It is <strong>good</strong>.</p>\n<p>And it stays so.</p>"),
        (None, JANE, "<p>“We agree.”</p>"),
    ]


def test_without_a_network_the_text_is_pasted_all_the_same(page: Page, newsdesk, ann):
    newsdesk(ann).goto(ADD)
    requests = []
    page.route(
        "**/split-paste/",
        lambda route: (requests.append(route.request.url), route.fulfill(status=503)),
    )
    paste_into(page, page.locator("#passages-0 .ProseMirror").first, text_html=HTML)
    assert clean_blocks(typed_html(page)) == clean_blocks(HTML)
    page.wait_for_function("document.querySelectorAll('.paste-split').length === 0")


def test_a_text_of_one_voice_is_left_alone(newsdesk, ann):
    page = newsdesk(ann)
    requests = []
    page.on(
        "request", lambda request: "/split-paste/" in request.url and requests.append(request.url)
    )
    page.goto(ADD)
    paste_into(
        page, page.locator("#passages-0 .ProseMirror").first, text_html="<p>One.</p><p>Two.</p>"
    )
    page.get_by_label("Headline").fill("x")
    assert requests == []
    expect(page.locator(".paste-split")).to_have_count(0)


def test_a_rich_paste_of_a_whole_document_keeps_its_emphasis(newsdesk, ann):
    make_speaker()
    page = newsdesk(ann)
    page.goto("/admin/statements/statement/from-text/")
    text = (
        "A headline\n\nDave Hill, President of the Association of Directors, said:\n\n“It is good.”"
    )
    html = (
        "<h1>A headline</h1><p>Dave Hill, President of the Association of Directors, said:</p>"
        "<p>“It is <b>good</b>.”</p>"
    )
    paste_into(page, page.locator("textarea[name=text]"), text_plain=text, text_html=html)
    page.get_by_role("button", name="Make a draft").click()
    expect(page.locator("[name=headline]")).to_have_value("A headline")
    assert Statement.objects.get().passages.get().body == "<p>It is <strong>good</strong>.</p>"


def test_a_pasted_document_that_was_changed_counts_as_changed(newsdesk, ann):
    page = newsdesk(ann)
    page.goto("/admin/statements/statement/from-text/")
    box = page.locator("textarea[name=text]")
    paste_into(
        page, box, text_plain="Head\n\nOld words.", text_html="<p>Head</p><p>Old <b>words</b>.</p>"
    )
    expect(box).to_have_value("Head\n\nOld words.")
    box.fill("Head\n\nNew words.")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.locator("[name=headline]")).to_have_value("Head")
    assert Statement.objects.get().passages.get().body == "<p>New words.</p>"


def type_theme(page: Page, name: str) -> None:
    page.get_by_role("searchbox", name="Themes").press_sequentially(name)
    expect(page.get_by_role("option", name=name, exact=True)).to_be_visible()
    page.keyboard.press("Enter")


def test_a_word_file_takes_its_author_six_actions_and_its_editor_three_and_a_confirmation(
    newsdesk, page: Page, ann, ed, tmp_path
):
    """With summary, theme and press contact, which is the usual one of the organisation."""
    adcs = make_organisation("Association of Directors of Children’s Services", slug="adcs")
    Contact.objects.create(organisation=adcs, name="ADCS press", phone="0161 1", is_default=True)
    Theme.objects.create(name="Children", slug="children")
    file = tmp_path / "ADCS comment.docx"
    file.write_bytes(seed())
    headline = "CSE and Missing Children Thematic Report - ADCS Comment"
    newsdesk(ann).goto("/admin/")
    actions = [
        lambda: page.get_by_role("link", name="Start from a document").click(),
        lambda: page.locator("input[type=file]").set_input_files(file),  # which makes the draft
        lambda: page.get_by_label("Summary").fill("ADCS welcomes the report, and asks for more."),
        lambda: page.get_by_role("tab", name="Details").click(),
        lambda: type_theme(page, "Children"),
        lambda: page.get_by_role("button", name="Submit for review").click(),
    ]
    for action in actions:
        action()
    assert len(actions) <= 6
    expect(page.get_by_text("is with the editors as edition 1")).to_be_visible()
    page.context.clear_cookies()
    newsdesk(ed).goto("/admin/")
    actions += [
        lambda: page.get_by_role("link", name=headline).first.click(),
        lambda: page.get_by_role("link", name="Approve…").first.click(),
        lambda: page.get_by_role("link", name="Publish now…").click(),
        lambda: page.get_by_role("button", name="Approve and publish now").click(),
    ]
    for action in actions[6:]:
        action()
    expect(page.get_by_text("is on the site now").first).to_be_visible()
    edition = Edition.objects.get()
    assert edition.state == State.APPROVED
    document = SEED.read_text("utf-8").rsplit("Related Articles", 1)[0].split("\n")
    public = page.request.get(f"/statements/{edition.slug}.txt").text().split("\n\n* * *\n\n")[0]
    assert public.split("\n\n") == [line for line in document if line]
    assert render_plain_text(json.loads(edition.content)).startswith(headline)
    assert edition.summary.startswith("ADCS welcomes")
    assert edition.statement.contact.name == "ADCS press"
    assert [theme.name for theme in edition.statement.themes.all()] == ["Children"]
    assert len(actions) <= 6 + 3 + 1


def test_the_offer_and_the_upload_form_are_accessible(page: Page, base_url, ann):
    make_speaker()
    sign_in(page, base_url, ann)  # not `newsdesk`: axe’s own styles are errors on the console
    page.goto(ADD)
    paste_into(page, page.locator("#passages-0 .ProseMirror").first, text_html=HTML)
    expect(page.locator(".paste-split button").first).to_be_visible()
    problems = [violation["id"] for violation in Axe().run(page).response["violations"]]
    page.goto("/admin/statements/statement/from-text/")
    problems += [violation["id"] for violation in Axe().run(page).response["violations"]]
    assert problems == []
