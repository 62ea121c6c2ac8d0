"""An empty newsdesk leads its first manager to a first public statement, in at most 25 actions.

A click, and a field that is filled, each count as one; nothing but the screen says what to do.
"""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from statements.models import Edition
from statements.newsdesk.first_run import load_first_run
from tests.browser.barriers import find_problems
from tests.cast import PASSWORD, make_organisation

MAX_ACTIONS = 25
TEXT = """Libraries stay open this winter

Rajan Mehta, President of the Institute of Public Libraries, said:

“No library in our county will close this winter.”
"""


class Hands:
    """Clicks and fills, and counts both."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def fill(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(label, exact=True).first.fill(text)

    def press(self, name: str, role: str = "button") -> None:
        self.actions += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # one of many words

    def follow(self, name: str) -> None:
        self.press(name, "link")


def sign_in(hands: Hands, user: User) -> None:
    hands.page.goto("/admin/")
    hands.fill("User name", user.username)
    hands.fill("Password", PASSWORD)
    hands.press("Sign in")
    expect(hands.page.get_by_role("heading", name=f"Welcome, {user.first_name}")).to_be_visible()


def set_up_organisation(hands: Hands) -> None:
    hands.follow("Add organisation")
    hands.fill("Name", "Institute of Public Libraries")
    contact = hands.page.locator("#contacts-0")
    contact.get_by_label("Name", exact=True).fill("IPL press office")
    contact.get_by_label("Phone (optional)", exact=True).fill("020 7946 0340")
    hands.actions += 2
    hands.press("Save")
    hands.follow("Add a speaker")
    hands.fill("Name", "Rajan Mehta")
    hands.page.get_by_label("Role", exact=True).first.fill("President")
    hands.actions += 1
    hands.press("Save")


def write_statement(hands: Hands) -> None:
    hands.follow("Start")
    hands.fill("Paste the text", TEXT)
    hands.press("Make a draft")
    hands.press("Submit for review")
    expect(hands.page.get_by_text("You wrote it, so")).to_be_visible()


def find_address() -> str:
    return f"/statements/{Edition.objects.get().slug}/"


def test_with_a_colleague_who_approves(new_page: Callable[[], Page], signed_in, max):
    hands = Hands(new_page())
    sign_in(hands, max)
    set_up_organisation(hands)
    hands.follow("Invite people")
    hands.fill("First name (optional)", "Edwin")
    hands.fill("Last name (optional)", "Clarke")
    hands.fill("Email address", "edwin@example.org")
    hands.press("Save")
    write_statement(hands)
    expect(hands.page.get_by_text("so Edwin Clarke can approve it.")).to_be_visible()
    assert hands.actions <= MAX_ACTIONS

    edwin = User.objects.get(username="edwin")
    edwin.set_password(PASSWORD)
    edwin.save()
    editor = signed_in(edwin)
    editor.get_by_role("link", name="Review “").first.click()
    editor.get_by_role("link", name="Approve…").first.click()
    editor.get_by_role("link", name="Publish now…").click()
    editor.get_by_role("button", name="Approve and publish now").click()
    expect(editor.get_by_text("is on the site now").first).to_be_visible()
    answer = editor.goto(find_address())
    assert answer
    assert answer.status == 200
    hands.page.goto("/admin/")
    expect(hands.page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_the_steps_are_accessible_and_fit_every_width(signed_in, max):
    page = signed_in(max)
    make_organisation()  # so that steps are done, next and to come
    page.reload()
    assert find_problems(page) == []


def test_alone_by_publishing_urgently(new_page: Callable[[], Page], max):
    hands = Hands(new_page())
    sign_in(hands, max)
    set_up_organisation(hands)
    write_statement(hands)
    hands.follow("Open")
    hands.page.get_by_text("More choices").first.click()
    hands.actions += 1
    hands.follow("Publish urgently on your own…")
    hands.fill("Why can this not wait?", "The storm comes tonight.")
    hands.press("I have checked this", "checkbox")
    hands.fill("Your password", PASSWORD)
    hands.press("Publish urgently now")
    expect(hands.page.get_by_text("is on the site now").first).to_be_visible()
    assert hands.actions <= MAX_ACTIONS
    answer = hands.page.goto(find_address())
    assert answer
    assert answer.status == 200
    first_run = load_first_run(max, dt.datetime.now(dt.UTC))
    assert [step.key for step in first_run.steps if not step.is_done] == ["colleagues"]
