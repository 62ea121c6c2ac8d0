"""Test appointments, contacts and the slugs of organisations."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from organisations.models import Appointment, Contact, Organisation
from tests.cast import make_organisation, make_speaker

pytestmark = pytest.mark.django_db

HANDOVER = dt.date(2016, 4, 1)
DAY = dt.timedelta(days=1)


def appointment(name: str, starts_on, ends_on) -> Appointment:
    return Appointment.objects.create(
        speaker=make_speaker(name, role=""),
        organisation=make_organisation(),
        role="President",
        starts_on=starts_on,
        ends_on=ends_on,
    )


def test_a_handover_day_belongs_to_both():
    alison = appointment("Alison O’Sullivan", None, HANDOVER)
    dave = appointment("Dave Hill", HANDOVER, None)
    assert set(Appointment.objects.in_force_on(HANDOVER - DAY)) == {alison}
    assert set(Appointment.objects.in_force_on(HANDOVER)) == {alison, dave}
    assert set(Appointment.objects.in_force_on(HANDOVER + DAY)) == {dave}


def test_an_appointment_that_ends_before_it_starts_is_a_sentence_and_a_constraint():
    backwards = Appointment(
        speaker=make_speaker("Dave Hill", role=""),
        organisation=make_organisation(),
        role="President",
        starts_on=HANDOVER,
        ends_on=HANDOVER - DAY,
    )
    with pytest.raises(ValidationError) as refused:
        backwards.full_clean()
    assert refused.value.message_dict["ends_on"] == [
        "This appointment would end on 31 March 2016, before it starts on 1 April 2016. "
        "Change one of the two dates.",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.bulk_create([backwards])


def test_a_contact_can_be_reached():
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(organisation=make_organisation(), name="Press office")


def test_an_address_belongs_to_one_organisation():
    make_organisation("One", slug="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Another", slug="one")


@pytest.mark.parametrize(("who", "status"), [("ann", 403), ("max", 200)])
def test_managers_keep_the_organisations(client, request, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:organisations_organisation_add")).status_code == status
