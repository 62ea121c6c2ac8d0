"""Test the speaker and the role in a browser: a choice stays until somebody changes it."""

import pytest
from playwright.sync_api import Page, expect

from organisations.models import Appointment
from statements.models import Edition
from tests.cast import PASSWORD, make_organisation, make_speaker, make_statement

ROLE = "#id_passages-0-appointment"


@pytest.fixture
def statement(ann):
    """Dave Hill speaks in it as Chair, and was President on that day as well."""
    statement = make_statement(ann, "We welcome it")
    chair = Appointment.objects.create(
        speaker=statement.passages.get().speaker, organisation=make_organisation(), role="Chair"
    )
    statement.passages.update(appointment=chair)
    return statement


@pytest.fixture
def form(page: Page, statement) -> Page:
    page.goto("/admin/")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.goto(f"/admin/statements/statement/{statement.pk}/change/")
    expect(page.locator("#passages-0 [data-voice-role]")).to_have_text(
        "Chair, Association of Directors"
    )
    return page


def test_opening_and_saving_a_statement_keeps_the_role(form, statement):
    chosen = statement.passages.get().appointment
    expect(form.locator(ROLE)).to_have_value(str(chosen.pk))
    form.get_by_label("Headline").fill("We welcome it all")
    form.get_by_role("button", name="Submit for review").click()
    expect(form.locator(".messagelist")).to_be_visible()
    (passage,) = Edition.objects.get().content_data["blocks"]
    assert passage["speaker"]["role"] == "Chair"


def test_another_speaker_does_not_get_the_role(form):
    new_speaker = make_speaker("Ann Jones", role="Head")
    form.locator("#passages-0 [data-voice-open]").click()
    form.keyboard.type("jones")
    form.get_by_role("button", name="Ann Jones").click()
    expect(form.locator("#id_passages-0-speaker")).to_have_value(str(new_speaker.pk))
    expect(form.locator(ROLE)).to_have_value("")
    expect(form.locator("#passages-0 [data-voice-open]")).to_be_focused()


def test_of_two_roles_on_one_day_one_is_chosen_by_the_keyboard_alone(form):
    form.locator("#passages-0 [data-voice-open]").press("Enter")
    expect(form.get_by_label("Search speakers")).to_be_focused()
    expect(form.get_by_role("button", name="Dave Hill President")).to_be_visible()
    president = form.get_by_role("button", name="Dave Hill President")
    for _ in range(4):
        form.keyboard.press("ArrowDown")
        if president.evaluate("button => button === document.activeElement"):
            break
    form.keyboard.press("Enter")
    expect(form.locator(ROLE)).to_have_value(str(Appointment.objects.get(role="President").pk))
    expect(form.locator("#passages-0 [data-voice-role]")).to_have_text(
        "President, Association of Directors"
    )


def test_somebody_new_is_named_in_place(form, statement):
    form.locator("#passages-0 [data-voice-open]").click()
    form.get_by_role("button", name="Someone new…").click()
    for text in ("Gareth Pugh", "Head of Roads", "Aberwen Council"):
        form.keyboard.type(text)
        form.keyboard.press("Tab")
    expect(form.locator("#passages-0 [data-voice-open]")).to_contain_text(
        "Gareth Pugh Head of Roads, Aberwen Council"
    )
    form.get_by_role("button", name="Save draft").last.click()
    expect(form.locator(".messagelist")).to_be_visible()
    passage = statement.passages.get()
    assert str(passage.appointment).startswith("Gareth Pugh, Head of Roads, Aberwen Council")
