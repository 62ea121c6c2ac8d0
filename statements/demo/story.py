"""Tell what happens to each document of the demo, and when.

A moment is a date and time in the site's time zone, or a number of days from the day of loading and
a time: "-12 09:30" is half past nine, twelve days before.
"""

from dataclasses import dataclass

from statements.models import Amendment, StatementKind, Withdrawal

ADCS = "adcs"
IPL = "institute-of-public-libraries"
WRENFORD = "wrenford-county-council"
ABERWEN = "aberwen"


@dataclass(frozen=True)
class SubmitStep:
    """The author submits, with `replacements` as an amended edition."""

    when: str
    amendment: str = ""
    note: str = ""
    replacements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ApproveStep:
    """The editor approves for this release time."""

    when: str
    release_at: str


@dataclass(frozen=True)
class HoldStep:
    when: str
    note: str


@dataclass(frozen=True)
class SendBackStep:
    when: str
    note: str


@dataclass(frozen=True)
class PublishUrgentlyStep:
    when: str
    reason: str


@dataclass(frozen=True)
class WithdrawStep:
    when: str
    kind: str
    notice: str


@dataclass(frozen=True)
class RemarkStep:
    """Somebody on the newsdesk adds a remark."""

    when: str
    by: str
    text: str


@dataclass(frozen=True)
class RequestSignoffStep:
    """The author asks a person outside for sign-off."""

    when: str
    name: str
    on_behalf_of: str


@dataclass(frozen=True)
class SignOffStep:
    """A person who was asked opens the link and agrees."""

    when: str
    name: str


@dataclass(frozen=True)
class TogetherStep:
    """The author has it published together with the statement made from another document."""

    when: str
    document: str


Step = (
    SubmitStep
    | ApproveStep
    | HoldStep
    | SendBackStep
    | PublishUrgentlyStep
    | WithdrawStep
    | RemarkStep
    | RequestSignoffStep
    | SignOffStep
    | TogetherStep
)


@dataclass(frozen=True)
class Chart:
    """A bar chart of numbers by year, with its caption."""

    name: str
    bars: tuple[tuple[str, int], ...]
    title: str
    alt: str
    credit: str
    terms: str


@dataclass(frozen=True)
class Story:
    """One document, its metadata, and what happens to it."""

    document: str
    publisher: str
    summary: str
    themes: tuple[str, ...]
    steps: tuple[Step, ...]
    kind: StatementKind = StatementKind.COMMENT
    dated: str = ""
    language: str = "en"
    speaker: str = ""  # slug, if the document has the name in another script
    slug: str = ""  # empty: made from the headline
    responds_to: tuple[str, str] = ("", "")
    translation_of: str = ""
    related: tuple[str, ...] = ()
    picture: Chart | None = None


def publish_steps(release: str, *, submitted: str, approved: str) -> tuple[Step, ...]:
    """Return the steps of an ordinary publication."""
    return (SubmitStep(submitted), ApproveStep(approved, release))


def amend_steps(
    on: str, amendment: Amendment, note: str, *replacements: tuple[str, str]
) -> tuple[Step, ...]:
    """Return the steps of an amendment, submitted and published on the same morning."""
    return (
        SubmitStep(f"{on} 09:40", amendment, note, replacements),
        ApproveStep(f"{on} 10:25", f"{on} 10:30"),
    )


STORIES = [
    Story(
        "cse-and-missing-children",
        ADCS,
        "ADCS responds to the joint thematic report on child sexual exploitation and missing "
        "children: progress has been made, with no room for complacency.",
        ("Children’s social care", "Safeguarding", "Schools and early years"),
        publish_steps(
            "2016-09-28 10:00",
            submitted="2016-09-27 16:20",
            approved="2016-09-28 09:15",
        ),
        dated="2016-09-28",
        responds_to=(
            "“Time to listen”: joint thematic report on child sexual exploitation and missing "
            "children",
            "https://www.gov.uk/government/publications/joint-inspections-of-child-sexual-exploitation-and-missing-children",
        ),
    ),
    Story(
        "summer-reading",
        IPL,
        "More children than ever joined the summer reading scheme in public libraries, and many "
        "of them had never borrowed a library book before.",
        ("Libraries", "Reading"),
        (
            *publish_steps(
                "2017-10-04 00:01", submitted="2017-10-02 15:05", approved="2017-10-03 11:30"
            ),
            *amend_steps(
                "2017-10-06",
                Amendment.CORRECTION,
                "The first edition said that one in three children had never borrowed a library "
                "book before. The right figure is one in four: returns from eleven services had "
                "been counted twice.",
                ("One in three children", "One in four children"),
                ("118", "107"),
            ),
        ),
        kind=StatementKind.PRESS_RELEASE,
        dated="2017-10-04",
    ),
    Story(
        "presidents-address",
        IPL,
        "In her first speech as President, Margaret Oyelaran asks for published spending, paid "
        "training and an end to apologies.",
        ("Libraries", "Reading"),
        publish_steps(
            "2018-07-11 18:30", submitted="2018-07-09 12:00", approved="2018-07-10 16:45"
        ),
        kind=StatementKind.SPEECH,
        dated="2018-07-11",
        related=("summer-reading",),
    ),
    Story(
        "letter-on-the-grant",
        WRENFORD,
        "Wrenford’s Leader asks the Secretary of State for a longer settlement, fewer bids, and a "
        "formula that knows the distance between two farms.",
        ("Local government finance", "Children’s social care"),
        publish_steps(
            "2018-12-06 00:01", submitted="2018-12-04 17:50", approved="2018-12-05 09:20"
        ),
        kind=StatementKind.LETTER,
        dated="2018-12-06",
    ),
    Story(
        "libraries-strategy-response",
        IPL,
        "The Institute welcomes national standards for public libraries, and asks who will pay "
        "for them.",
        ("Libraries", "Local government finance"),
        publish_steps(
            "2019-03-29 09:30", submitted="2019-03-27 14:10", approved="2019-03-28 15:00"
        ),
        kind=StatementKind.RESPONSE,
        dated="2019-03-29",
        responds_to=(
            "Libraries to 2030: a consultation on a strategy for public libraries",
            "https://consultations.example.org/libraries-to-2030",
        ),
        related=("presidents-address", "letter-on-the-grant"),
    ),
    Story(
        "libraries-close-their-doors",
        WRENFORD,
        "Wrenford’s 34 libraries close to the public today. Librarians will telephone everybody "
        "over seventy who has borrowed a book this year.",
        ("Libraries", "Public health"),
        (
            *publish_steps(
                "2020-03-20 12:00", submitted="2020-03-20 10:35", approved="2020-03-20 11:40"
            ),
            *amend_steps(
                "2020-03-23",
                Amendment.CLARIFICATION,
                "The first edition did not say what holds for books from the mobile libraries. "
                "They "
                "need not be brought back until the buildings are open either.",
                (
                    "and nobody needs to bring a book back until the buildings are open again.",
                    "and nobody needs to bring a book back until the buildings are open again. "
                    "The same holds for books from the mobile libraries.",
                ),
            ),
        ),
        kind=StatementKind.STATEMENT,
        dated="2020-03-20",
    ),
    Story(
        "e-lending",
        IPL,
        "Loans of e-books have doubled. Libraries ask publishers for a price that bears some "
        "relation to what is sold.",
        ("Libraries", "Digital inclusion", "Reading"),
        (
            *publish_steps(
                "2021-02-10 10:00", submitted="2021-02-09 11:15", approved="2021-02-09 16:30"
            ),
            *amend_steps(
                "2021-02-11", Amendment.TYPO, "", ("asked for there money", "asked for their money")
            ),
        ),
        dated="2021-02-10",
    ),
    Story(
        "story-time",
        ABERWEN,
        "Every nursery in the county will have a weekly story time in Welsh and in English from "
        "September.",
        ("Welsh language", "Reading", "Schools and early years"),
        publish_steps(
            "2021-06-15 09:00", submitted="2021-06-11 10:00", approved="2021-06-14 13:20"
        ),
        kind=StatementKind.PRESS_RELEASE,
        dated="2021-06-15",
        related=("summer-reading",),
    ),
    Story(
        "amser-stori",
        ABERWEN,
        "O fis Medi ymlaen bydd amser stori wythnosol yn Gymraeg ac yn Saesneg ym mhob meithrinfa "
        "yn y sir.",
        ("Welsh language", "Reading", "Schools and early years"),
        publish_steps(
            "2021-06-15 09:00", submitted="2021-06-11 10:40", approved="2021-06-14 13:30"
        ),
        kind=StatementKind.PRESS_RELEASE,
        dated="2021-06-15",
        language="cy",
        translation_of="story-time",
    ),
    Story(
        "heat",
        WRENFORD,
        "Wrenford’s director of public health asks people to look in on neighbours as "
        "temperatures rise to 37 degrees.",
        ("Public health", "Libraries"),
        publish_steps(
            "2022-07-15 14:00", submitted="2022-07-15 11:10", approved="2022-07-15 13:05"
        ),
        kind=StatementKind.STATEMENT,
        dated="2022-07-15",
    ),
    Story(
        "heat-urdu",
        WRENFORD,
        "شدید گرمی میں اپنے پڑوسیوں کی خیریت معلوم کریں، اور لو لگنے کی علامات پہچانیں۔",
        ("Public health", "Libraries"),
        publish_steps(
            "2022-07-15 14:00", submitted="2022-07-15 12:20", approved="2022-07-15 13:45"
        ),
        kind=StatementKind.STATEMENT,
        dated="2022-07-15",
        language="ur",
        speaker="imran-qureshi",
        slug="very-hot-weather-urdu",
        translation_of="heat",
    ),
    Story(
        "warm-rooms",
        IPL,
        "Librarians and youth workers ask for a winter fund for the buildings that keep people "
        "warm.",
        ("Libraries", "Young people", "Local government finance"),
        publish_steps(
            "2022-10-03 06:00", submitted="2022-09-30 16:15", approved="2022-09-30 17:40"
        ),
        kind=StatementKind.STATEMENT,
        dated="2022-10-03",
        related=("libraries-close-their-doors",),
    ),
    Story(
        "reading-and-wages",
        IPL,
        "A study of eleven thousand people links a childhood library card to higher pay at forty.",
        ("Libraries", "Reading"),
        (
            *publish_steps(
                "2022-03-03 00:01", submitted="2022-03-01 14:20", approved="2022-03-02 09:50"
            ),
            *amend_steps(
                "2022-03-10",
                Amendment.RETRACTION,
                "We no longer stand by this statement. The authors of the study have withdrawn it: "
                "once what parents earned is taken into account, no difference is left. The words "
                "are kept here so that what we said can be seen.",
                ("A study published today follows", "A study, since withdrawn, followed"),
            ),
        ),
        dated="2022-03-03",
    ),
    Story(
        "opening-hours-survey",
        IPL,
        "A survey by the Institute finds that one public library in five opens for fewer than "
        "fifteen hours a week.",
        ("Libraries",),
        (
            *publish_steps(
                "2023-04-19 00:01", submitted="2023-04-17 10:30", approved="2023-04-18 12:10"
            ),
            WithdrawStep(
                "2023-04-26 15:20",
                Withdrawal.Kind.NOTICE,
                "We have withdrawn this statement. The survey counted library links in village "
                "halls and shops as branches, so that its main figure was too high. New figures "
                "will be published when they have been checked by somebody outside the Institute.",
            ),
        ),
        dated="2023-04-19",
    ),
    Story(
        "family-at-ferry-lane",
        WRENFORD,
        "The council apologises for repairs that took eleven months, and says what has changed.",
        ("Housing",),
        (
            *publish_steps(
                "2023-09-08 11:00", submitted="2023-09-07 15:45", approved="2023-09-08 10:20"
            ),
            WithdrawStep(
                "2023-09-08 13:35",
                Withdrawal.Kind.GONE,
                "We removed this statement because it let a family be recognised who had not "
                "agreed to it. We have apologised to them, and ask anybody who kept a copy to "
                "delete it.",
            ),
        ),
        kind=StatementKind.STATEMENT,
        dated="2023-09-08",
    ),
    Story(
        "floods-at-aberwen",
        ABERWEN,
        "Some 240 homes in Aberwen are flooded. What is open, what is closed, and what help is "
        "coming.",
        ("Floods and resilience", "Roads and transport"),
        publish_steps(
            "2024-02-12 08:15", submitted="2024-02-12 07:25", approved="2024-02-12 08:05"
        ),
        kind=StatementKind.PRESS_RELEASE,
        dated="2024-02-12",
    ),
    Story(
        "a-library-in-every-school",
        IPL,
        "One primary school in seven has no library. Putting that right would cost £112 million "
        "in the first year.",
        ("Libraries", "Schools and early years", "Reading"),
        publish_steps(
            "2024-09-18 00:01", submitted="2024-09-16 09:50", approved="2024-09-17 14:35"
        ),
        dated="2024-09-18",
        related=("libraries-strategy-response", "summer-reading"),
    ),
    Story(
        "county-budget",
        WRENFORD,
        "Wrenford agrees a budget of £611 million. Council tax rises by 4.5 per cent; all nineteen "
        "children’s centres stay open.",
        ("Local government finance", "Children’s social care"),
        publish_steps(
            "2025-02-20 21:45", submitted="2025-02-20 20:50", approved="2025-02-20 21:30"
        ),
        kind=StatementKind.PRESS_RELEASE,
        dated="2025-02-20",
        related=("letter-on-the-grant",),
    ),
    Story(
        "school-buses",
        WRENFORD,
        "After a bus company failed, every child in Wrenford who has a place on a school bus will "
        "keep it.",
        ("Roads and transport", "Schools and early years"),
        publish_steps("-210 17:00", submitted="-210 14:40", approved="-210 16:20"),
        kind=StatementKind.STATEMENT,
        dated="-210",
    ),
    Story(
        "offline-by-design",
        IPL,
        "Half a million people a week ask librarians for help with public services that no longer "
        "have a desk. The services should pay for it.",
        ("Digital inclusion", "Libraries"),
        (
            *publish_steps("-45 00:01", submitted="-47 13:10", approved="-46 10:05"),
            SubmitStep(
                "-1 10:40",
                Amendment.CORRECTION,
                "The first edition said that about 480,000 people ask for help every week. The "
                "right figure is 418,000.",
                (("480,000", "418,000"), ("Half a million", "More than 400,000")),
            ),
        ),
        dated="-45",
        responds_to=(
            "“Offline by design”: report of the Commission on Access to Services",
            "https://commission.example.org/offline-by-design",
        ),
        related=("e-lending",),
        picture=Chart(
            "people-who-ask-for-help.png",
            (("2021", 212), ("2022", 267), ("2023", 331), ("2024", 389), ("2025", 418)),
            "People who ask librarians for help with public services, in thousands a week",
            "Bar chart: 212,000 people a week in 2021, 267,000 in 2022, 331,000 in 2023, 389,000 "
            "in 2024 and 418,000 in 2025.",
            "Institute of Public Libraries",
            "Free to use with the name of the Institute.",
        ),
    ),
    Story(
        "boil-your-water",
        WRENFORD,
        "People in Wrenford East should boil tap water and let it cool before they drink it, until "
        "further notice.",
        ("Public health", "Floods and resilience"),
        (
            SubmitStep("-2 06:05"),
            PublishUrgentlyStep(
                "-2 06:12",
                "Bacteria in the reservoir; people are making breakfast and nobody else is awake.",
            ),
        ),
        kind=StatementKind.STATEMENT,
        dated="-2",
        related=("heat",),
    ),
    Story(
        "state-of-the-library",
        IPL,
        "People went to a public library 203 million times last year, one visit in nine more than "
        "in the year before.",
        ("Libraries", "Reading", "Young people"),
        publish_steps("+1 00:01", submitted="-2 11:30", approved="-1 15:15"),
        kind=StatementKind.PRESS_RELEASE,
        related=("a-library-in-every-school", "warm-rooms"),
    ),
    Story(
        "bridge-at-pont-isaf",
        ABERWEN,
        "The flood-damaged bridge can be mended where it stands, and lorries will cross it by "
        "Easter.",
        ("Roads and transport", "Floods and resilience"),
        (
            SubmitStep("-1 11:20"),
            RequestSignoffStep("-1 11:25", "Gwilym Tudor", "Aberwen County Council"),
            RemarkStep("-1 14:05", "editor", "Is “by Easter” safe, if the river is high in March?"),
            RemarkStep(
                "-1 14:30",
                "author",
                "The engineers say so in writing: four weeks are kept for high water.",
            ),
            SignOffStep("-1 16:50", "Gwilym Tudor"),
        ),
        related=("floods-at-aberwen",),
    ),
    Story(
        "food-waste",
        WRENFORD,
        "Wrenford will collect food waste from every household each week from next autumn.",
        ("Waste and recycling",),
        (
            SubmitStep("-3 16:00"),
            SendBackStep(
                "-2 09:35",
                "Nine in ten of how many? Please say who was asked and when, and add the survey "
                "to the notes to editors. And do we pay £96 a tonne this year or last?",
            ),
        ),
        kind=StatementKind.PRESS_RELEASE,
    ),
    Story(
        "spending-review",
        IPL,
        "Three questions will tell whether the spending review is good news for libraries.",
        ("Libraries", "Local government finance"),
        (
            SubmitStep("-2 13:00"),
            ApproveStep("-2 14:50", "+2 15:30"),
            HoldStep(
                "-1 09:05", "The review may be put off by a week. Wait for the Treasury’s note."
            ),
        ),
    ),
    Story(
        "eisteddfod",
        ABERWEN,
        "",
        ("Roads and transport", "Welsh language"),
        (),
        kind=StatementKind.PRESS_RELEASE,
    ),
    Story(
        "pont-isaf",
        ABERWEN,
        "Gellir trwsio’r bont a ddifrodwyd gan y llifogydd lle mae’n sefyll, a bydd lorïau’n ei "
        "chroesi erbyn y Pasg.",
        ("Roads and transport", "Floods and resilience", "Welsh language"),
        (
            TogetherStep("-1 17:05", "bridge-at-pont-isaf"),
            SubmitStep("-1 17:20"),
        ),
        language="cy",
        slug="pont-isaf-yn-y-gwanwyn",
        translation_of="bridge-at-pont-isaf",
    ),
]
