"""Names in a source make nobody new unless they are certain or the mapping says so."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command

from archive.mapping import Mapping
from archive.matching.name_matcher import NameMatcher
from archive.matching.speakers import SpeakerHint
from archive.planned_passages import PassageBuilder
from organisations.models import Appointment, Organisation, Speaker
from statements.models import Edition, Passage, Statement
from statements.parsing.draft import DraftPassage
from tests.archive.samples import make_record, write_file, write_json_lines
from tests.cast import NOON, make_organisation, make_speaker

pytestmark = pytest.mark.usefixtures("max")


@pytest.fixture(autouse=True)
def noon(frozen):
    frozen(NOON)


@pytest.fixture
def publisher(db) -> Organisation:
    return make_organisation()


def bring_in(source: Path, **options) -> list[dict[str, str]]:
    """The rows of the report."""
    report = source.with_suffix(".csv")
    call_command("import_statements", str(source), report=report, stdout=io.StringIO(), **options)
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def match(name: str, mapping: Mapping | None = None, **hint) -> tuple[str, str]:
    matcher = NameMatcher(mapping or Mapping())
    speaker, why = matcher.speakers.match(SpeakerHint(name, **hint), where="row 1")
    return (speaker.name if speaker else "", why)


def quote(line: str, words: str = "The quay is ours.") -> str:
    return f"<p>News.</p><p>{line}</p><p>“{words}”</p>"


# --- Speakers ---


def test_a_full_name_that_nobody_has_is_new(publisher):
    assert match("Jane Brackley") == ("Jane Brackley", "")
    assert match("Dame Jane Brackley DBE") == ("Dame Jane Brackley DBE", "")


@pytest.mark.parametrize(
    "name",
    [
        "Mr Brackley",
        "Brackley",
        "Jane",
        "Dame Jane",
        "J. Brackley",
        "Sheriff Brackley",
        "Deputy Chief Inspector Brackley",
    ],
)
def test_part_of_a_name_points_to_a_known_person_and_makes_nobody(publisher, name):
    assert match(name) == ("", "It is no full name.")
    make_speaker("Jane Brackley")
    assert match(name) == ("", "It is no full name. Perhaps Jane Brackley.")


@pytest.mark.parametrize("name", ["Deputy Director", "Dr", "The Rt Hon", "MP"])
def test_titles_alone_name_nobody(publisher, name):
    assert match(name) == ("", "It is no full name.")


def test_another_form_of_a_known_name_is_a_doubt(publisher):
    make_speaker("Jane Brackley")
    assert match("Jane A. Brackley") == ("", "It may be somebody we know. Perhaps Jane Brackley.")
    assert match("Jan Brackley") == ("", "It may be somebody we know. Perhaps Jane Brackley.")
    assert match("Mary Brackley") == ("Mary Brackley", "")


def test_titles_and_letters_do_not_make_another_person_but_mr_and_mrs_do(publisher):
    make_speaker("Sir Robin Pier")
    assert match("The Rt Hon Robin Pier MP") == ("Sir Robin Pier", "")
    assert match("Mrs Robin Pier") == ("", "It may be somebody we know. Perhaps Sir Robin Pier.")


def test_of_two_people_of_one_name_the_one_in_that_role_is_meant_or_nobody(publisher):
    chair = make_speaker("Robin Pier", role="Chair")
    Speaker.objects.create(name="Robin Pier", slug="robin-pier-2nd")
    assert match("Robin Pier") == ("", "2 speakers are called so.")
    matcher = NameMatcher(Mapping())
    hint = SpeakerHint("Robin Pier", role="Chair")
    assert matcher.speakers.match(hint, where="row 1") == (chair, "")


def test_a_doubtful_name_finds_a_known_person_and_makes_no_new_one(publisher):
    doubt = "The line says more than a name."
    assert match("Eve Draft", doubt=doubt) == ("", doubt)
    make_speaker("Eve Draft")
    assert match("Eve Draft", doubt=doubt) == ("Eve Draft", "")


def test_an_organisation_does_not_speak_as_a_person(publisher):
    assert match("Ports Office") == ("", "It may not be a person.")


def test_the_mapping_decides(publisher):
    make_speaker("Jane Brackley")
    mapping = Mapping(people={"Mr Brackley": "Jane Brackley", "Kim": "Kim", "Ann Example": ""})
    assert match("Mr Brackley", mapping) == ("Jane Brackley", "")
    assert match("Kim", mapping) == ("Kim", "")
    assert match("Ann Example", mapping) == ("", "")
    nobody_new = Mapping(make_names=False, people={"Cy Nemo": "Cy Nemo"})
    assert match("Cy Nemo", nobody_new) == ("Cy Nemo", "")
    assert match("Bob Sample", nobody_new) == ("", "The mapping makes nobody new.")


# --- Roles and organisations ---


def role_of(matcher: NameMatcher, role: str, organisation: str) -> tuple[str, str]:
    passage = DraftPassage(speaker_name="Ann Example", role=role, organisation_name=organisation)
    speaker = Speaker(name="Ann Example")
    appointment, why = matcher.match_role(speaker, passage, where="row 1")
    return (str(appointment or ""), why)


UNSUPPORTED = "Nothing else in the source says that it is an organisation."


@pytest.mark.parametrize(
    ("organisation", "is_certain"),
    [
        ("Ports Office", True),
        ("University of Sample", True),
        ("ADCS", True),
        ("Prime", False),
        ("Harbour", False),
        ("Trust", False),
        ("Public Prosecutions", False),
        ("United States", False),
        ("Science and Trade", False),
        ("Historic Quays Board quotes", False),
        ("Ports Office and Director of the Quays Office", False),
        ("7.", False),
        ("Waste Services", False),
        ("Ports Group and CEO of the Quays Office", False),
    ],
)
def test_a_role_is_recorded_only_at_what_is_an_organisation(publisher, organisation, is_certain):
    expected = (f"Ann Example, Chair, {organisation}", "") if is_certain else ("", UNSUPPORTED)
    assert role_of(NameMatcher(Mapping()), "Chair", organisation) == expected


def test_a_part_of_an_organisation_needs_an_article_and_a_role_names_no_other(publisher):
    passage = DraftPassage(
        speaker_name="Ann Example",
        role="Head",
        organisation_name="Pilot Service",
        organisation_in_text="the Pilot Service",
    )
    matcher, speaker = NameMatcher(Mapping()), Speaker(name="Ann Example")
    role, why = matcher.match_role(speaker, passage, where="row 1")
    assert (str(role), why) == ("Ann Example, Head, Pilot Service", "")
    split = role_of(matcher, "chair of the Sample Farming", "Food Network")
    assert split == ("", "The role may name the organisation already.")


def test_words_that_ran_together_are_no_name(publisher):
    ran_together = "Words of the source ran together in it."
    assert match("Dr David Clarkesaid") == ("", ran_together)
    assert match("Alexander McDonald") == ("Alexander McDonald", "")


def test_a_name_that_stands_alone_in_the_source_or_is_mapped_is_an_organisation(publisher):
    matcher = NameMatcher(Mapping(organisations={"Prime": "Prime Ltd"}))
    matcher.organisations.names_alone = {"harbour"}
    assert role_of(matcher, "Chair", "Harbour") == ("Ann Example, Chair, Harbour", "")
    assert role_of(matcher, "Chair", "Prime") == ("Ann Example, Chair, Prime Ltd", "")


# --- A whole import ---


def test_words_of_a_doubtful_name_stay_narration_and_are_named(tmp_path, publisher):
    source = write_json_lines(tmp_path, make_record(1, body=quote("Mr Brackley said:")))
    [line] = bring_in(source)
    assert line["outcome"] == "made"
    assert (
        "The words of “Mr Brackley” stay narration. “Mr Brackley” is only a part of a name."
        in line["doubts"]
    )
    block = Edition.objects.get().content_data["blocks"][-1]
    assert (block["speaker"], block["attribution"]) == (None, "")
    assert block["paragraphs"] == ["<p>Mr Brackley said:</p>", "<p>“The quay is ours.”</p>"]
    assert Speaker.objects.count() == 0
    assert not Passage.objects.exclude(speaker=None).exists()


def test_a_role_in_doubt_leaves_the_line_as_it_is(tmp_path, publisher):
    body = quote("Jane Brackley, Chair of the Harbour League, said:")
    source = write_json_lines(tmp_path, make_record(1, body=body))
    [line] = bring_in(source)
    assert f"Harbour League: {UNSUPPORTED}" in line["doubts"]
    block = Edition.objects.get().content_data["blocks"][-1]
    assert block["speaker"]["name"] == "Jane Brackley"
    assert block["speaker"]["role"] == ""
    assert block["attribution"] == "Jane Brackley, Chair of the Harbour League, said:"
    assert Appointment.objects.count() == 0
    assert Organisation.objects.get() == publisher


def test_a_second_line_of_the_same_speaker_is_kept(tmp_path, publisher):
    line = "Jane Brackley, Chair of the Ports Office, said:"
    body = f"{quote(line)}<p>More news.</p><p>{line}</p><p>“And the pier.”</p>"
    bring_in(write_json_lines(tmp_path, make_record(1, body=body)))
    blocks = Edition.objects.get().content_data["blocks"]
    assert [block["attribution"] for block in blocks] == ["", line, "", line]
    assert blocks[3]["speaker"]["role"] == "Chair"


def test_a_table_within_quoted_words_is_by_nobody(tmp_path, publisher):
    table = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    matcher, where = NameMatcher(Mapping()), "row 1"
    blocks = ("<p>One.</p>", table, "<p>Two.</p>")
    said = DraftPassage(
        attribution="Ann Example said:",
        speaker_name="Ann Example",
        is_quoted=True,
        blocks=blocks,
        typed_blocks=blocks,
    )
    passages = PassageBuilder(matcher, where, "en").build([said])
    ann = "Ann Example"
    assert [(str(passage.speaker or ""), passage.attribution) for passage in passages] == [
        (ann, "Ann Example said:"),
        ("", ""),
        (ann, ""),
    ]


def test_part_of_a_name_points_to_a_person_that_only_the_source_names(tmp_path, publisher):
    source = write_json_lines(
        tmp_path, make_record(1, body=quote("Mr Brackley said:"), speaker="Jane Brackley")
    )
    assert "Perhaps Jane Brackley." in bring_in(source, dry_run=True)[0]["doubts"]


def test_a_publisher_in_doubt_makes_a_draft_and_no_organisation(tmp_path, publisher):
    issuers = ["Ports Office and Ann Example", "Ports Office", "Natural Quays", "Dame Eve Draft"]
    records = [make_record(n, **{"from": text}) for n, text in enumerate(issuers, 1)]
    lines = bring_in(write_json_lines(tmp_path, *records))
    assert [line["outcome"] for line in lines] == ["made", "made", "draft", "made"]
    why = "It may be an organisation, a person, or several of them."
    assert lines[2]["doubts"].startswith(
        f"“Natural Quays” issued it. {why} · Nobody knows who published it, so it comes in as a "
        "draft."
    )
    publishers = [statement.organisation for statement in Statement.objects.order_by("pk")]
    ports = Organisation.objects.get(name="Ports Office")
    assert publishers == [ports, ports, None, publisher]
    assert Organisation.objects.count() == 2
    assert Speaker.objects.count() == 0


def test_a_field_for_organisations_is_one_name_unless_the_column_shows_more(tmp_path, publisher):
    texts = ["Ports Office", "Quays Board", "Quays Board and Ports Office", "Pier and Sons"]
    records = [make_record(n, publisher=text) for n, text in enumerate(texts, 1)]
    lines = bring_in(write_json_lines(tmp_path, *records))
    assert [line["dropped"] for line in lines] == ["", "", "", ""]
    publishers = [
        [str(organisation) for organisation in statement.list_publishers()]
        for statement in Statement.objects.order_by("pk")
    ]
    assert publishers == [
        ["Ports Office"],
        ["Quays Board"],
        ["Quays Board", "Ports Office"],
        ["Pier and Sons"],
    ]
    assert Organisation.objects.count() == 4


def test_an_organisation_of_a_role_that_also_issues_publishes(tmp_path, publisher):
    body = quote("Jane Brackley, Chair of the Ports Office, said:")
    rows = [make_record(1, body=body), make_record(2, **{"from": "Ports Office"})]
    lines = bring_in(write_json_lines(tmp_path, *rows))
    assert [line["outcome"] for line in lines] == ["made", "made"]
    ports = Organisation.objects.get(name="Ports Office")
    publishers = [statement.organisation for statement in Statement.objects.order_by("pk")]
    assert publishers == [publisher, ports]


def test_a_speaker_of_a_draft_has_no_public_page(tmp_path, publisher, client):
    rows = [
        make_record(1, body=quote("Ann Example said:"), date=""),
        make_record(2, body=quote("Jane Brackley, Chair of the Ports Office, said:")),
    ]
    assert [row["outcome"] for row in bring_in(write_json_lines(tmp_path, *rows))] == [
        "draft",
        "made",
    ]
    assert Speaker.objects.count() == 2
    pages = ["speakers/ann-example", "speakers/jane-brackley", "organisations/ports-office"]
    assert [client.get(f"/{page}/").status_code for page in pages] == [404, 200, 200]


def test_a_row_that_names_nobody_has_the_publisher_of_before_the_import(tmp_path, publisher):
    rows = [make_record(1), make_record(2, **{"from": "Ports Office"}), make_record(3)]
    bring_in(write_json_lines(tmp_path, *rows))
    ports = Organisation.objects.get(name="Ports Office")
    publishers = [statement.organisation for statement in Statement.objects.order_by("pk")]
    assert publishers == [publisher, ports, publisher]


def test_nobody_is_chosen_among_several_publishers(tmp_path, publisher):
    make_organisation("Ports Office")
    [line] = bring_in(write_json_lines(tmp_path, make_record(1)))
    assert (line["outcome"], line["doubts"]) == (
        "draft",
        "Nobody knows who published it, so it comes in as a draft.",
    )
    assert Organisation.objects.count() == 2


def test_who_speaks_in_the_row_or_stands_among_the_people_is_no_publisher(tmp_path, publisher):
    said = quote("Ann Example said:")
    issuers = "Ministry of Quays and Ann Example"
    rows = [
        make_record(1, body=said, **{"from": issuers}),
        make_record(2, speaker="Bob Sample", **{"from": "Ministry of Quays"}),
        make_record(3, **{"from": "Ministry of Quays and Bob Sample"}),
        make_record(4, **{"from": "Ministry of Quays and Cy Nemo"}),
    ]
    lines = bring_in(write_json_lines(tmp_path, *rows))
    assert [line["outcome"] for line in lines] == ["made", "made", "made", "draft"]
    names = Organisation.objects.exclude(pk=publisher.pk).values_list("name", flat=True)
    assert list(names) == ["Ministry of Quays"]


def test_a_press_office_names_no_organisation(tmp_path, publisher):
    names = ["Press Office", "the media team", "Newsroom"]
    rows = [make_record(n, **{"from": name}) for n, name in enumerate(names, 1)]
    rows.append(make_record(4, publisher="Communications Department"))
    lines = bring_in(write_json_lines(tmp_path, *rows))
    assert [(line["outcome"], line["doubts"]) for line in lines] == [("made", "")] * 4
    assert {statement.organisation for statement in Statement.objects.all()} == {publisher}


def test_a_name_that_comes_later_is_proposed_too(tmp_path, publisher):
    rows = [
        make_record(1, body=quote("Mr Brackley said:")),
        make_record(2, body=quote("Jane Brackley said:")),
    ]
    source = write_json_lines(tmp_path, *rows)
    bring_in(source, dry_run=True)
    mapping = source.with_suffix(".mapping.toml").read_text()
    assert '# "Mr Brackley" = "Jane Brackley" # “Mr Brackley” is only a part' in mapping


def test_the_mapping_publishes_what_names_nobody_certain(tmp_path, publisher):
    source = write_json_lines(tmp_path, make_record(1, **{"from": "Natural Quays"}))
    mapping = write_file(tmp_path, "m.toml", 'publisher = "Association of Directors"')
    assert bring_in(source, mapping=mapping)[0]["outcome"] == "made"
    assert Statement.objects.get().organisation == publisher


def test_an_organisation_that_does_not_publish_here_is_replaced_by_no_other(tmp_path, publisher):
    other = make_organisation("Ports Office", publishes=False)
    source = write_json_lines(tmp_path, make_record(1, publisher="Ports Office"))
    [line] = bring_in(source)
    assert line["outcome"] == "draft"
    assert "Ports Office does not publish here." in line["doubts"]
    assert Statement.objects.get().organisation is None
    assert Organisation.objects.get(name="Ports Office") == other
