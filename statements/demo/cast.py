"""Create the organisations, speakers, themes and accounts of the demo."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group, User

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements.models import Theme
from statements.roles import AUTHOR, EDITOR, MANAGER

REUSE_TERMS = "You may quote from this statement, whole or in part, with the name of {}."

ORGANISATIONS: list[dict[str, Any]] = [
    {
        "name": "Association of Directors of Children’s Services",
        "short_name": "ADCS",
        "name_in_text": "the Association of Directors of Children’s Services",
        "slug": "adcs",
        "website": "https://www.adcs.org.uk/",
        "publishes": True,
        "reuse_terms": REUSE_TERMS.format("the Association of Directors of Children’s Services"),
    },
    {
        "name": "Institute of Public Libraries",
        "short_name": "IPL",
        "name_in_text": "the Institute of Public Libraries",
        "slug": "institute-of-public-libraries",
        "website": "https://libraries.example.org/",
        "publishes": True,
        "boilerplate": (
            "The Institute of Public Libraries is the professional body of some 9,400 people who "
            "work in public libraries. It was founded in 1911."
        ),
        "reuse_terms": REUSE_TERMS.format("the Institute of Public Libraries"),
    },
    {
        "name": "Wrenford County Council",
        "short_name": "Wrenford",
        "slug": "wrenford-county-council",
        "website": "https://wrenford.example.org/",
        "publishes": True,
        "boilerplate": (
            "Wrenford County Council serves 612,000 people in 41 towns and 260 villages."
        ),
        "reuse_terms": REUSE_TERMS.format("Wrenford County Council"),
    },
    {
        "name": "Cyngor Sir Aberwen · Aberwen County Council",
        "short_name": "Aberwen",
        "name_in_text": "Aberwen County Council",
        "slug": "aberwen",
        "website": "https://aberwen.example.org/",
        "publishes": True,
        "reuse_terms": REUSE_TERMS.format("Aberwen County Council"),
    },
    {
        "name": "National Forum of Youth Workers",
        "short_name": "NFYW",
        "name_in_text": "the National Forum of Youth Workers",
        "slug": "national-forum-of-youth-workers",
        "website": "https://youthworkers.example.org/",
    },
]

# Organisation, name, e-mail, telephone, out of hours. Ofcom reserves these numbers for drama.
CONTACTS = [
    ("adcs", "Demonstration press desk", "adcs-desk@example.org", "020 7946 0101", "020 7946 0102"),
    (
        "institute-of-public-libraries",
        "IPL press office",
        "press@libraries.example.org",
        "020 7946 0340",
        "020 7946 0341",
    ),
    (
        "wrenford-county-council",
        "Wrenford news desk",
        "news@wrenford.example.org",
        "01632 960150",
        "01632 960199",
    ),
    ("aberwen", "Swyddfa’r wasg · Press office", "gwasg@aberwen.example.org", "01632 960230", ""),
]

# Name as printed, biography, then for each role: organisation, role, first day, last day.
RoleRow = tuple[str, str, dt.date | None, dt.date | None]
SPEAKERS: list[tuple[str, str, list[RoleRow]]] = [
    (
        "Dave Hill",
        "",
        [("adcs", "President", dt.date(2016, 4, 1), dt.date(2017, 3, 31))],
    ),
    (
        "Margaret Oyelaran",
        "Margaret Oyelaran has been a librarian for thirty years, in branches, in a prison and on "
        "a bus. She led the library service of a northern city before she became Vice President.",
        [
            (
                "institute-of-public-libraries",
                "Vice President",
                dt.date(2017, 7, 1),
                dt.date(2018, 6, 30),
            ),
            (
                "institute-of-public-libraries",
                "President",
                dt.date(2018, 7, 1),
                dt.date(2019, 6, 30),
            ),
        ],
    ),
    (
        "Eleanor Whitcombe",
        "Eleanor Whitcombe was a school librarian for twenty-two years.",
        [
            (
                "institute-of-public-libraries",
                "Vice President",
                dt.date(2023, 7, 1),
                dt.date(2024, 6, 30),
            ),
            (
                "institute-of-public-libraries",
                "President",
                dt.date(2024, 7, 1),
                dt.date(2025, 6, 30),
            ),
        ],
    ),
    (
        "Rajan Mehta",
        "Rajan Mehta runs the libraries of three London boroughs.",
        [("institute-of-public-libraries", "President", dt.date(2025, 7, 1), None)],
    ),
    (
        "Thomas Ashdown",
        "Thomas Ashdown came to the Institute from a charity for adult readers.",
        [("institute-of-public-libraries", "Chief Executive", dt.date(2019, 9, 2), None)],
    ),
    (
        "Cllr Ruth Pemberton",
        "",
        [("wrenford-county-council", "Leader", dt.date(2017, 5, 18), dt.date(2025, 5, 14))],
    ),
    (
        "Cllr David Ogunleye",
        "",
        [("wrenford-county-council", "Leader", dt.date(2025, 5, 15), None)],
    ),
    (
        "Dr Imran Qureshi",
        "Dr Imran Qureshi trained as a general practitioner in Wrenford, and never left.",
        [("wrenford-county-council", "Director of Public Health", dt.date(2019, 1, 7), None)],
    ),
    ("Nia Prosser", "", [("aberwen", "Arweinydd · Leader", dt.date(2017, 5, 23), None)]),
    (
        "Gwilym Tudor",
        "",
        [
            (
                "aberwen",
                "Cabinet Member for Roads and Resilience",
                dt.date(2022, 5, 24),
                None,
            )
        ],
    ),
    (
        "Hannah Sorley",
        "",
        [("national-forum-of-youth-workers", "Chair", dt.date(2021, 1, 1), None)],
    ),
]

THEMES = {
    "Children’s social care": "Children in care, child protection and the people who do the work.",
    "Safeguarding": "Keeping children and adults safe from exploitation, abuse and neglect.",
    "Schools and early years": "From nursery to sixth form: places, teaching and getting there.",
    "Libraries": "Public and school libraries: opening hours, staff, buildings and books.",
    "Reading": "Learning to read, wanting to read, and having something to read.",
    "Digital inclusion": "People and services on both sides of the screen.",
    "Local government finance": "Grants, council tax and what they pay for.",
    "Public health": "Illness, weather, water and how to stay well.",
    "Floods and resilience": "Preparing for emergencies, and mending what they break.",
    "Roads and transport": "Roads, bridges, buses and the way to school.",
    "Young people": "Youth work, youth clubs and life between eleven and twenty-five.",
    "Welsh language": "Y Gymraeg: speaking it, learning it and being served in it.",
    "Housing": "Council homes, repairs and rents.",
    "Waste and recycling": "What is collected, when, and what becomes of it.",
}

ACCOUNTS = {  # user name → first name, last name, group
    "author": ("Ann", "Archer", AUTHOR),
    "editor": ("Edwin", "Clarke", EDITOR),
    "manager": ("Maxine", "Okafor", MANAGER),
}


def create_accounts(password: str) -> dict[str, User]:
    """Create the three people of the newsdesk with this password; return them by user name."""
    return {name: _create_account(name, *person, password) for name, person in ACCOUNTS.items()}


def _create_account(name: str, first: str, last: str, group: str, password: str) -> User:
    user = User.objects.create_user(
        name,
        f"{name}@example.org",
        password,
        first_name=first,
        last_name=last,
        is_staff=True,
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def create_people() -> None:
    """Create organisations, contacts, speakers and themes. Those that exist stay unchanged."""
    for fields in ORGANISATIONS:
        Organisation.objects.get_or_create(slug=fields["slug"], defaults=fields)
    for slug, name, email, phone, out_of_hours in CONTACTS:
        Contact.objects.get_or_create(
            organisation=Organisation.objects.get(slug=slug),
            name=name,
            defaults={
                "email": email,
                "phone": phone,
                "out_of_hours_phone": out_of_hours,
                "is_default": True,
            },
        )
    for name, biography, roles in SPEAKERS:
        _create_speaker(name, biography, roles)
    for name, description in THEMES.items():
        Theme.objects.get_or_create(name=name, defaults={"description": description})


def _create_speaker(name: str, biography: str, roles: list[RoleRow]) -> None:
    slug = name.removeprefix("Cllr ").removeprefix("Dr ").lower().replace(" ", "-")
    speaker, created = Speaker.objects.get_or_create(
        slug=slug, defaults={"name": name, "biography": biography}
    )
    if created:
        for organisation, role, first, last in roles:
            Appointment.objects.create(
                speaker=speaker,
                organisation=Organisation.objects.get(slug=organisation),
                role=role,
                starts_on=first,
                ends_on=last,
            )
