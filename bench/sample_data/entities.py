"""Create the organisations, people and themes of sample statements, and their two authors."""

import itertools
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.text import slugify

from organisations.models import Appointment, Organisation, Speaker
from statements.models import Theme

PLACES = (
    "Ashby Barlow Carrow Denholm Eastmere Farleigh Glenford Harwick Ilmouth Kelsey Lowther Marden"
).split()
FIRST_NAMES = (
    "Aisha Alan Beth Callum Chidi Dilys Ewan Farah George Huw Ines Jamila Keith Lorna Mei Nadia "
    "Owen Priya Rhian Samuel"
).split()
LAST_NAMES = (
    "Abbott Begum Carver Davies Eze Fairley Gupta Hargreaves Iqbal Jenkins Kaur Lomax Morris Nwosu "
    "Pritchard"
).split()
ROLES = "President|Vice President|Chief Executive|Chair|Leader|Director of Policy".split("|")
THEMES = (
    "Adult learning|Ageing|Air quality|Archives|Buses|Business rates|Care leavers|Child protection"
    "|Coast|Council tax|Culture|Devolution|Disability|Drugs|Early years|Elections|Energy|Fire"
    "|Food|Fostering|Fraud|Health visiting|High streets|Homelessness|Inspection|Licensing"
    "|Mental health|Museums|Nature|Parks|Planning|Play|Procurement|Prevention|Rural life|Safety"
    "|Skills|Sport|Technology|Tourism"
).split("|")


@dataclass(frozen=True)
class EntityPool:
    appointments: list[Appointment]
    themes: list[Theme]
    author: User
    editor: User


def make_pool() -> EntityPool:
    """Create 12 organisations, 300 people with one role each, 40 themes and 2 closed accounts."""
    organisations = [_get_organisation(place) for place in PLACES]
    names = [f"{first} {last}" for first, last in itertools.product(FIRST_NAMES, LAST_NAMES)]
    appointments = [
        _get_appointment(name, organisations[i % len(organisations)], ROLES[i % len(ROLES)])
        for i, name in enumerate(names)
    ]
    themes = [Theme.objects.get_or_create(name=name)[0] for name in THEMES]
    return EntityPool(
        appointments, themes, _get_account("bulk-author"), _get_account("bulk-editor")
    )


def _get_organisation(place: str) -> Organisation:
    return Organisation.objects.get_or_create(
        slug=f"{place.lower()}-association",
        defaults={
            "name": f"{place} Association",
            "name_in_text": f"the {place} Association",
            "publishes": True,
        },
    )[0]


def _get_appointment(name: str, organisation: Organisation, role: str) -> Appointment:
    speaker, _ = Speaker.objects.get_or_create(slug=slugify(name), defaults={"name": name})
    return Appointment.objects.get_or_create(speaker=speaker, organisation=organisation, role=role)[
        0
    ]


def _get_account(name: str) -> User:
    user, is_new = get_user_model().objects.get_or_create(
        username=name, defaults={"is_active": False}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
