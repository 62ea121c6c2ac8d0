"""Test that every change of a record that pages show writes an event, however it is made."""

import datetime as dt
import json

import pytest
from django.core import serializers

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements.audit import verification
from statements.audit.accounts import acting_user
from statements.audit.records import RECORD_MODELS
from statements.models import Action, CalendarSetting, Event, EventText, Theme

pytestmark = pytest.mark.django_db


def list_changes() -> list[tuple[str, int, str, str, list[str]]]:
    """Return actor, id, record, change and columns of each event, oldest first."""
    events = Event.objects.filter(statement=None, action=Action.RECORD_CHANGED).order_by("number")
    details = [(event.by_name, json.loads(event.detail)) for event in events]
    assert {tuple(detail) for _, detail in details} <= {("change", "columns", "id", "record")}
    return [
        (name, detail["id"], detail["record"], detail["change"], detail["columns"])
        for name, detail in details
    ]


def make_records() -> list[object]:
    organisation = Organisation.objects.create(name="The Institute", slug="institute")
    speaker = Speaker.objects.create(name="Jane Smith", slug="jane-smith")
    return [
        organisation,
        speaker,
        Appointment.objects.create(speaker=speaker, organisation=organisation, role="President"),
        Contact.objects.create(organisation=organisation, name="Press", phone="1"),
        Theme.objects.create(name="Schools"),
    ]


def test_a_new_record_states_its_filled_columns_and_no_text(max):
    with acting_user(max):
        organisation, speaker, role, contact, theme = make_records()
    assert list_changes() == [
        ("max", organisation.pk, "organisations.organisation", "created", ["name", "slug"]),
        ("max", speaker.pk, "organisations.speaker", "created", ["name", "slug", "sorted_under"]),
        (
            "max",
            role.pk,
            "organisations.appointment",
            "created",
            ["organisation", "role", "speaker"],
        ),
        ("max", contact.pk, "organisations.contact", "created", ["name", "organisation", "phone"]),
        ("max", theme.pk, "statements.theme", "created", ["name", "slug"]),
    ]
    # The one setting of calendars has a test beside the page that changes it.
    models = {type(record) for record in (organisation, speaker, role, contact, theme)}
    assert models == {*RECORD_MODELS} - {CalendarSetting}
    assert not EventText.objects.filter(event__action=Action.RECORD_CHANGED).exists()
    assert list(verification.verify()) == []


def test_a_change_in_a_shell_states_the_columns_and_nobody():
    organisation, _, role, _, _ = make_records()
    before = len(list_changes())
    organisation.boilerplate = "About us."
    organisation.reuse_terms = "Free."
    organisation.save()
    role.role, role.ends_on = "Chair", dt.date(2026, 1, 1)
    role.save(update_fields=["role"])
    assert list_changes()[before:] == [
        (
            "",
            organisation.pk,
            "organisations.organisation",
            "changed",
            ["boilerplate", "reuse_terms"],
        ),
        ("", role.pk, "organisations.appointment", "changed", ["role"]),
    ]


def test_a_save_that_changes_nothing_is_no_event():
    records = make_records()
    before = len(list_changes())
    for record in records:
        record.save()
        type(record).objects.get(pk=record.pk).save()
    assert list_changes()[before:] == []


def test_a_deletion_names_every_row_that_goes_with_it():
    _, speaker, role, _, _ = make_records()
    pks, before = (role.pk, speaker.pk), len(list_changes())
    speaker.delete()
    changes = [(pk, record, change) for _, pk, record, change, _ in list_changes()[before:]]
    assert sorted(changes) == sorted(
        [
            (pks[0], "organisations.appointment", "deleted"),
            (pks[1], "organisations.speaker", "deleted"),
        ]
    )


def test_a_fixture_writes_no_event():
    records = make_records()
    before = len(list_changes())
    records[0].name = "Another name"
    for loaded in serializers.deserialize("json", serializers.serialize("json", records)):
        loaded.save()
    assert len(list_changes()) == before


def test_a_merge_names_the_manager_for_each_role_that_moves(client, max):
    organisation, target, _, _, _ = make_records()
    source = Speaker.objects.create(name="J Smith", slug="j-smith")
    role = Appointment.objects.create(speaker=source, organisation=organisation, role="Member")
    before = len(list_changes())
    source_pk = source.pk
    client.force_login(max)
    client.post(f"/admin/organisations/speaker/{source_pk}/merge/", {"into": target.pk})
    assert list_changes()[before:] == [
        ("max", role.pk, "organisations.appointment", "changed", ["speaker"]),
        ("max", source_pk, "organisations.speaker", "deleted", []),
    ]


def test_the_newsdesk_names_who_changed_the_boilerplate(client, max):
    organisation = Organisation.objects.create(name="The Institute", slug="institute")
    before = len(list_changes())
    client.force_login(max)
    response = client.post(
        f"/admin/organisations/organisation/{organisation.pk}/change/",
        {
            "name": "The Institute",
            "slug": "institute",
            "boilerplate": "About us.",
            "contacts-TOTAL_FORMS": 0,
            "contacts-INITIAL_FORMS": 0,
        },
    )
    assert response.status_code == 302
    assert list_changes()[before:] == [
        ("max", organisation.pk, "organisations.organisation", "changed", ["boilerplate"])
    ]


def test_the_change_and_its_event_are_kept_or_lost_together(monkeypatch):
    organisation, *_ = make_records()

    def fail(*args, **kwargs):
        raise RuntimeError("The event could not be written.")

    monkeypatch.setattr("statements.audit.records.write_event", fail)
    organisation.boilerplate = "Nobody answers for this."
    with pytest.raises(RuntimeError):
        organisation.save()
    organisation.refresh_from_db()
    assert organisation.boilerplate == ""
