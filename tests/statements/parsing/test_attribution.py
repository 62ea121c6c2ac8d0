"""Test that an attribution is parsed into name, role and organisation."""

import pytest

from statements.content.rendering import generate_attribution, render_block_as_text
from statements.parsing.attribution import AttributedSpeaker, parse_attribution
from statements.parsing.text import parse_text
from tests.statements.parsing.documents import DAVE, JANE, LONG, document, shape


@pytest.mark.parametrize(
    ("line", "name", "role", "organisation"),
    [
        ("Dave Hill, President of the ADCS, said:", "Dave Hill", "President", "the ADCS"),
        ("Dave Hill, President of the ADCS, commented:", "Dave Hill", "President", "the ADCS"),
        ("Dave Hill, President of the ADCS, said", "Dave Hill", "President", "the ADCS"),
        ("Dave Hill, President of ADCS, has said:", "Dave Hill", "President", "ADCS"),
        (
            "Dave Hill, Chief Executive of the NHS, told MPs:",
            "Dave Hill",
            "Chief Executive",
            "the NHS",
        ),
        ("Dave Hill, President, said:", "Dave Hill", "President", ""),
        ("Dave Hill said:", "Dave Hill", "", ""),
        ("Dave Hill, President, wrote to the Secretary of State:", "Dave Hill", "President", ""),
        ("Dave Hill, of the ADCS, said:", "Dave Hill", "", "the ADCS"),
        ("Dave Hill of the Board of Trustees said:", "Dave Hill", "", "the Board of Trustees"),
        ("Dave Hill (President of the ADCS) said:", "Dave Hill", "President", "the ADCS"),
        ("ADCS President Dave Hill said:", "Dave Hill", "", ""),
        ("Responding to the review, ADCS Vice President Ann Lee said:", "Ann Lee", "", ""),
        ("Prime Minister Dee Model said:", "Dee Model", "Prime Minister", ""),
        ("Announcing the inquiry, Harbour Secretary Eve Draft said:", "Eve Draft", "", ""),
        ("Eve Draft, Harbour Secretary, said:", "Eve Draft", "Harbour Secretary", ""),
        ("Chair of the ADCS, Jane Smith, said:", "Jane Smith", "Chair", "the ADCS"),
        (
            "responding to today’s report by Ofsted, the inspectorate, Dave Hill, President of "
            "the ADCS, said:",
            "Dave Hill",
            "President",
            "the ADCS",
        ),
        (
            "Ann Lee OBE, Director of Children’s Services at Leeds City Council, said:",
            "Ann Lee OBE",
            "Director of Children’s Services",
            "Leeds City Council",
        ),
        (
            "Cllr Ann Lee, Cabinet Member for Children, Young People and Families, Kent County "
            "Council, said:",
            "Cllr Ann Lee",
            "",
            "",
        ),
        (
            "Baroness Smith of Basildon, Minister of State, said:",
            "Baroness Smith of Basildon",
            "Minister of State",
            "",
        ),
        ("Dywedodd Huw ap Rhys, Cadeirydd Cyngor Môn:", "Huw ap Rhys", "Cadeirydd", "Cyngor Môn"),
        ("Jean Dupont, président, a déclaré :", "Jean Dupont", "président", ""),
    ],
)
def test_attribution_line_tells_name_role_and_organisation(line, name, role, organisation):
    [passage] = parse_text(document("Head", line, "“One.”")).passages
    assert (passage.speaker_name, passage.role, passage.organisation_in_text) == (
        name,
        role,
        organisation,
    )
    assert passage.organisation_name == organisation.removeprefix("the ")
    assert passage.attribution == line


def read_line(line: str) -> tuple[str, str, str, bool]:
    """Return name, role, organisation and whether there is a doubt."""
    speaker = parse_attribution(line) or AttributedSpeaker()
    parts = (speaker.name, speaker.role, speaker.organisation_in_text)
    return (*parts, bool(speaker.doubt))


@pytest.mark.parametrize(
    "line",
    [
        "The Prime Minister said:",
        "A spokesperson for the Department said:",
        "The guidance states:",
        "The sign beside the quay says:",
        "Downing Street said:",
        "Key Message:",
        "ANN EXAMPLE SAID:",
        "Yesterday Ann Example said:",
        "In London Ann Example said:",
        "A letter to Prime Minister Dee Model said:",
        "Ann Example said that Bob Sample had told her:",
        "Ann Example said on behalf of Bob Sample:",
        "Ann Example and Bob Sample said:",
        "Ann Example, Bob Sample and Cy Nemo said:",
        "Ann Example, Chair, and Bob Sample, Leader, said:",
        "Dave Hill, Leader of the Council and Bob Sample said:",
        "President of the ADCS and Harbour Secretary Eve Draft said:",
        "Bob Sample, a spokesperson said:",
        "Responding to the leader, Bob Sample, a spokesperson said:",
        "Ports Institute Chief Executive Dr Ann Leesaid:",
        "Ann Example, who works on a library called Quays:",
        "I’m Ann Example, a student. This is my project:",
        "Secretary of State for Work Ann Example said:",
        "Resident Jane Smith said:",
        "The ministry’s Ann Example said:",
    ],
)
def test_line_that_does_not_name_one_person_plainly_names_nobody(line):
    assert read_line(line) == ("", "", "", False)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Mr Brackley said:", "Mr Brackley"),
        ("Kim said:", "Kim"),
        ("Lord Bates said:", "Lord Bates"),
        ("Sheriff Johnson stated:", "Sheriff Johnson"),
        ("Ann Example:", "Ann Example"),
        ("Olympic Swimmer Jane Smith said:", "Olympic Swimmer Jane Smith"),
    ],
)
def test_name_that_is_not_certain_comes_with_a_doubt(line, name):
    assert read_line(line) == (name, "", "", True)


@pytest.mark.parametrize(
    ("line", "name", "role", "organisation"),
    [
        ("Ann Example, President of Y, said:", "Ann Example", "", ""),
        ("Speaking today the Minister, Ann Example, said:", "Ann Example", "", ""),
        ("Lord Chris Smith, Ports Agency Chairman, said:", "Lord Chris Smith", "", ""),
        ("Ann Example, Harbour’s General Manager, said:", "Ann Example", "", ""),
        ("Ann Example, Augean Head of Radioactive Waste Services, said:", "Ann Example", "", ""),
        ("Ann Example, TechPorts CEO, said:", "Ann Example", "", ""),
        (
            "Ann Example, chair of the Kent Farming, Food and Rural Network, said:",
            "Ann Example",
            "",
            "",
        ),
        (
            "Ann Example, Chair of the Ports Group and CEO of the Data Trust, said:",
            "Ann Example",
            "",
            "",
        ),
        ("Welcoming Bob Sample, Chair of the Board, Ann Example said:", "Ann Example", "", ""),
        ("ADCS Vice President Ann Example said:", "Ann Example", "", ""),
        ("Ann Example, Managing Director, Quays Ltd said:", "Ann Example", "Managing Director",
         "Quays Ltd"),
    ],
)  # fmt: skip
def test_role_and_organisation_are_read_only_where_the_line_says_which_is_which(
    line, name, role, organisation
):
    assert read_line(line) == (name, role, organisation, False)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_attribution_that_we_write_is_read_back(language):
    parts = ("Dave Hill", "President", "the Association of Directors")
    voice = parse_attribution(generate_attribution(*parts, language))
    assert (voice.name, voice.role, voice.organisation_in_text) == parts


def test_abbreviation_after_the_organisation_is_no_part_of_its_name():
    [passage] = parse_text(
        document("Head", "Ann Lee, Chair of the Society of Bees (SOB), said:", "“One.”")
    ).passages
    assert passage.organisation_name == "Society of Bees"
    assert passage.organisation_in_text == "the Society of Bees (SOB)"


@pytest.mark.parametrize(
    "line",
    [
        "Dave Hill, President of the ADCS, and Jane Smith, Chair of the LGA, said:",
        "Dave Hill and the Head of Roads, Jane Smith, said:",
    ],
)
def test_two_names_in_one_line_are_left_to_a_person(line):
    source = document("Head", line, "“One.”")
    assert shape(source) == [("", "", False, [line, "“One.”"])]
    assert parse_text(source).messages == (
        f"“{line}” does not tell one person’s name: choose the speaker.",
        "No line says who speaks the quoted words: choose the speaker.",
    )


def test_pronouns_and_surnames_take_up_who_spoke_before():
    source = document(
        "Head",
        DAVE,
        "“One.”",
        JANE,
        "“Two.”",
        "She added:",
        "“Three.”",
        "Mr Hill added:",
        "“Four.”",
    )
    assert [voice for _, voice, _, _ in shape(source)] == [
        "Dave Hill",
        "Cllr Jane Smith",
        "Cllr Jane Smith",
        "Dave Hill",
    ]


def test_attribution_on_the_line_of_the_words_gets_its_own():
    draft = parse_text(document("Head", f"{DAVE} “One.", "“Two.”"))
    assert draft.passages[0].attribution == DAVE
    assert [render_block_as_text(block) for block in draft.passages[0].blocks] == ["One.", "Two."]
    assert draft.messages == (
        f"“{DAVE}” stood on one line with the quotation; it has a line of its own now.",
    )


def test_attribution_without_marks_after_it_stays_with_the_narration():
    draft = parse_text(document("Head", DAVE, LONG))
    assert shape(document("Head", DAVE, LONG)) == [("", "", False, [DAVE, LONG])]
    assert draft.messages == (
        f"What follows “{DAVE}” has no quotation marks around it. It is kept as narration; "
        "choose the speaker if these are spoken words.",
    )


def test_quoted_words_that_nobody_claims_are_narration_with_their_marks():
    draft = parse_text(document("Head", "“One.", "“Two.”"))
    assert shape(document("Head", "“One.", "“Two.”")) == [("", "", False, ["“One.", "“Two.”"])]
    assert draft.messages == ("No line says who speaks the quoted words: choose the speaker.",)


def test_document_that_begins_with_who_speaks_has_no_headline():
    draft = parse_text(document(DAVE, "“One.”"))
    assert draft.headline == ""
    assert draft.passages[0].speaker_name == "Dave Hill"
    assert draft.messages == (
        "The document begins with who speaks: it has no headline, write one.",
    )
