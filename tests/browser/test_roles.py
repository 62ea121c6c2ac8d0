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
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.goto(f"/admin/statements/statement/{statement.pk}/change/")
    expect(page.locator("#passages-0 .select2-selection__rendered")).to_have_count(2)
    return page


def test_opening_and_saving_a_statement_keeps_the_role(form, statement):
    chosen = statement.passages.get().appointment
    expect(form.locator(ROLE)).to_have_value(str(chosen.pk))
    form.get_by_label("Headline").fill("We welcome it all")
    form.get_by_role("button", name="Save and submit for review").click()
    expect(form.locator(".messagelist")).to_be_visible()
    (passage,) = Edition.objects.get().content_data["blocks"]
    assert passage["speaker"]["role"] == "Chair"


def test_another_speaker_does_not_get_the_role(form):
    new_speaker = make_speaker("Ann Jones", role="Head")
    form.locator("#passages-0 .select2-selection").first.click()
    form.get_by_role("option", name="Ann Jones").click()
    expect(form.locator("#id_passages-0-speaker")).to_have_value(str(new_speaker.pk))
    expect(form.locator(ROLE)).to_have_value("")
