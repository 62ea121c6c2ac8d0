"""The speaker that a document names: a known speaker, a new one if it is certain, or nobody."""

import pytest

from organisations.models import Appointment, Organisation, Speaker
from statements.drafting.from_document import create_draft
from statements.drafting.speaker_search import search_speaker
from statements.models import ProposedName
from statements.parsing.draft import Draft, DraftPassage
from tests.cast import NOON, make_organisation, make_speaker

BLOCKS = ("<p>The quay is ours.</p>",)
TYPED = ("<p>“The quay is ours.”</p>",)
NOT_KNOWN = (
    "“{}” is not among the organisations, so no role is chosen: the line before the words stays. "
    "Choose or add the role."
)


def quote(name: str, line: str = "A line:", **fields) -> DraftPassage:
    return DraftPassage(
        attribution=line,
        speaker_name=name,
        is_quoted=True,
        blocks=BLOCKS,
        typed_blocks=TYPED,
        **fields,
    )


@pytest.fixture
def draft_of(ann):
    """draft_of(passage): (the speaker, the attribution, the body, the messages) of the draft."""
    make_organisation()

    def draft(passage: DraftPassage) -> tuple[str, str, str, list[str]]:
        result = create_draft(Draft("A headline", (passage,)), by=ann, at=NOON)
        made = result.statement.passages.get()
        return (str(made.speaker or ""), made.attribution, made.body, result.messages)

    return draft


def test_a_full_name_that_nobody_has_is_a_new_speaker(draft_of):
    assert draft_of(quote("Jane Brackley")) == (
        "Jane Brackley",
        "A line:",
        "<p>The quay is ours.</p>",
        ["Jane Brackley is new among the speakers."],
    )
    assert draft_of(quote("Dame Jane Brackley DBE"))[::3] == (
        "Jane Brackley",
        ["Jane Brackley was found among the speakers."],
    )


AS_TYPED = "<p>“The quay is ours.”</p>"


@pytest.mark.parametrize(
    ("name", "doubt", "message"),
    [
        ("Prime", "", "“Prime” is no full name. Choose the speaker."),
        ("Mr Brackley", "", "“Mr Brackley” is no full name. Choose the speaker."),
        ("Ports Office", "", "“Ports Office” may not be a person. Choose the speaker."),
        ("Eve Draft", "It says more.", "It says more. Choose the speaker."),
    ],
)
def test_words_of_a_doubtful_name_stay_as_typed_and_make_nobody(draft_of, name, doubt, message):
    assert draft_of(quote(name, doubt=doubt)) == ("", "A line:", AS_TYPED, [message])
    assert Speaker.objects.count() == 0


def test_a_surname_finds_the_only_speaker_who_has_it_and_says_so(draft_of):
    make_speaker("Jane Brackley")
    speaker, _, _, messages = draft_of(quote("Mr Brackley"))
    assert (speaker, messages) == (
        "Jane Brackley",
        ["“Mr Brackley” was taken for Jane Brackley, the only speaker of that surname: check it."],
    )
    make_speaker("Robin Brackley")
    speaker, _, body, messages = draft_of(quote("Mr Brackley"))
    assert (speaker, body) == ("", AS_TYPED)
    assert messages == [
        "“Mr Brackley” is no full name. It may be Jane Brackley or Robin Brackley. "
        "Choose the speaker."
    ]


def test_a_name_like_a_known_one_is_left_to_the_person_who_drafts(draft_of):
    make_speaker("Jane Brackley")
    speaker, _, _, messages = draft_of(quote("Jane A. Brackley"))
    assert (speaker, messages) == (
        "",
        ["“Jane A. Brackley” may be Jane Brackley. Choose the speaker."],
    )


def test_of_two_people_of_one_name_the_one_in_that_role_is_meant_or_nobody(draft_of):
    chair = make_speaker("Robin Pier", role="Chair")
    Speaker.objects.create(name="Robin Pier", slug="robin-pier-2nd")
    speaker, _, _, messages = draft_of(quote("Robin Pier"))
    assert (speaker, messages) == (
        "",
        ["2 speakers are called Robin Pier. Choose the speaker."],
    )
    chairing = quote("Robin Pier", role="Chair")
    assert draft_of(chairing)[::3] == (
        "Robin Pier",
        ["2 speakers are called Robin Pier: the one with this role was taken."],
    )
    assert search_speaker("Robin Pier", "Chair").speaker == chair
    assert search_speaker("Robin Pier").speaker is None


def test_a_role_is_made_only_at_what_names_itself_an_organisation(draft_of):
    at_office = {"role": "Chair", "organisation_name": "Ports Office"}
    assert draft_of(quote("Ann Example", **at_office))[3][1:] == [
        "Ports Office is new among the organisations, and does not publish: a manager can change "
        "that.",
        "Ann Example is now recorded as Chair of Ports Office, without dates: check the dates.",
    ]
    at_trust = {"role": "Chair", "organisation_name": "Trust"}
    assert draft_of(quote("Bob Sample", **at_trust))[3][1:] == [NOT_KNOWN.format("Trust")]
    assert [str(role) for role in Appointment.objects.all()] == ["Ann Example, Chair, Ports Office"]
    assert Organisation.objects.count() == 2


def test_a_new_speaker_gets_no_number_in_the_address(draft_of):
    Speaker.objects.create(name="Somebody Else", slug="jane-brackley")
    draft_of(quote("Jane Brackley", role="Chair", organisation_name="Ports Office"))
    assert Speaker.objects.get(name="Jane Brackley").slug == "jane-brackley-ports-office"


def test_what_a_document_adds_is_only_proposed(draft_of):
    draft_of(quote("Jane Brackley", role="Chair", organisation_name="Ports Office"))
    assert [str(row) for row in ProposedName.objects.all()] == [
        "Jane Brackley, proposed",
        "Ports Office, proposed",
        "Jane Brackley, Chair, Ports Office, proposed",
    ]


def test_two_documents_propose_the_same_person_once(draft_of):
    passage = quote("Jane Brackley", role="Chair", organisation_name="Ports Office")
    draft_of(passage)
    draft_of(passage)
    assert Speaker.objects.get().proposals.count() == 2
    assert Appointment.objects.get().proposals.count() == 2
