"""A manager decides on new names: on the page of an import, or in the proposed mapping."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from archive.import_source import load_source
from archive.importer import Importer
from archive.mapping import Mapping, parse_mapping
from archive.matching.match_log import NameMatch
from archive.models import Upload
from archive.newsdesk.name_choices import apply_name_choices
from archive.proposals import propose_mapping
from archive.readers.row import UnreadableSource
from archive.report import Report
from organisations.models import Organisation, Speaker
from tests.archive.samples import make_record, write_json_lines
from tests.cast import NOON, make_organisation, make_speaker

SAID = "<p>News.</p><p>{} said:</p><p>“The quay is ours.”</p>"


@pytest.fixture(autouse=True)
def noon(frozen, settings, tmp_path):
    frozen(NOON)
    settings.IMPORTS_DIR = tmp_path / "imports"


def quote(number: int, speaker: str, **fields) -> dict:
    return make_record(number, body=SAID.format(speaker), **fields)


def test_the_proposal_has_certain_names_as_entries_and_doubtful_ones_as_comments():
    matches = [
        NameMatch("person", "Ann Example", "Ann Example", "new"),
        NameMatch("person", "Mr Pier", "", "doubtful", "It is no full name.", ("Robin Pier",)),
        NameMatch("person", "Dave Hill", "Dave Hill", "certain"),
        NameMatch("organisation", "Quays", "", "doubtful", "Nothing\nelse."),
        NameMatch("role", "Chair", "Chair", "new"),
    ]
    text = propose_mapping(Mapping(people={"Bo": ""}), matches)
    assert text.partition("[people]\n")[2] == (
        'Bo = ""\n"Ann Example" = "Ann Example"\n'
        '# "Mr Pier" = "Robin Pier" # It is no full name.\n'
        '\n# The source’s name for an organisation = ours, new if unknown; "" is none.\n'
        '[organisations]\n# Quays = "Quays" # Nothing else.\n'
    )
    assert parse_mapping(text).people == {"Bo": "", "Ann Example": "Ann Example"}


def list_outcomes(source, mapping: Mapping) -> bytes:
    importer = Importer(load_source([source], mapping), Report(), NOON)
    for _ in importer.process_rows():
        pass
    return bytes(importer.outcomes)


def test_the_proposed_mapping_makes_the_same_of_every_row(tmp_path, max):
    make_organisation()
    rows = [
        quote(1, "Ann Example", **{"from": "Ports Office and Bob Sample"}),
        quote(2, "Mr Example", **{"from": "Ports Office"}),
        quote(3, "Jane Brackley, Chair of the Ports Office,", **{"from": "Natural Quays"}),
    ]
    source = write_json_lines(tmp_path, *rows)
    call_command(
        "import_statements",
        str(source),
        dry_run=True,
        report=tmp_path / "report.csv",
        stdout=(said := io.StringIO()),
    )
    path = tmp_path / "report.mapping.toml"
    assert f"The mapping with every new name, and each doubtful one: {path}" in said.getvalue()
    proposal = parse_mapping(path.read_text())
    assert proposal.people == {"Ann Example": "Ann Example", "Jane Brackley": "Jane Brackley"}
    assert proposal.organisations == {"Ports Office": "Ports Office"}
    assert list_outcomes(source, proposal) == list_outcomes(source, Mapping())
    assert list_outcomes(source, Mapping(make_names=False)) != list_outcomes(source, Mapping())
    without_names = Mapping(make_names=False, people=proposal.people)
    without_names.organisations = proposal.organisations
    assert list_outcomes(source, without_names) == list_outcomes(source, Mapping())


def test_choices_end_up_in_the_mapping():
    mapping = Mapping(source="old", people={"Ann Example": "Ann Example"})
    posted = {
        "person:Ann Example": "none",
        "person:Mr Pier": "as:Robin Pier",
        "person:Kim": "undecided",
        "organisation:Natural Quays": "as:Natural Quays",
        "organisation:Bob Sample": "person",
        "organisation:Quay: Ltd": "none",
        "person:": "none",
        "person:Cy": "something else",
        "mapping": "as:nothing",
    }
    changed = parse_mapping(apply_name_choices(mapping.to_toml(), posted))
    assert changed.people == {
        "Ann Example": "",
        "Mr Pier": "Robin Pier",
        "Bob Sample": "Bob Sample",
    }
    assert changed.organisations == {"Natural Quays": "Natural Quays", "Quay: Ltd": ""}
    assert changed.source == "old"


def test_without_a_choice_the_mapping_stays_as_typed():
    typed = "# My own remark.\nsource = 'old'\n"
    assert apply_name_choices(typed, {"person:Kim": "undecided"}) == typed
    with pytest.raises(UnreadableSource):
        apply_name_choices("a = [", {"person:Kim": "none"})


def test_a_manager_decides_on_the_page(tmp_path, client, max, django_capture_on_commit_callbacks):
    make_organisation()
    make_speaker("Robin Pier")
    source = write_json_lines(tmp_path, quote(1, "Ann Example"), quote(2, "Mr Pier"))
    client.force_login(max)

    def post(address: str, **fields) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address, fields)
        return client.get(
            reverse("imports:detail", args=[Upload.objects.get().pk])
        ).content.decode()

    page = post(reverse("imports:index"), file=SimpleUploadedFile("old.jsonl", source.read_bytes()))
    upload = Upload.objects.get()
    assert upload.summary["new"] == upload.summary["doubtful"] == 1
    pieces = page.partition("New and doubtful names")[2].partition("</section>")[0]
    assert pieces.index("person:Mr Pier") < pieces.index("person:Ann Example")
    assert '<option value="undecided" selected>Not decided: nobody</option>' in pieces
    assert '<option value="as:Robin Pier">Robin Pier</option>' in pieces
    assert '<option value="as:Ann Example" selected>New speaker: Ann Example</option>' in pieces
    assert "“Mr Pier” is only a part of a name." in pieces

    check = reverse("imports:perform", args=[upload.pk, "check"])
    choices = {"person:Mr Pier": "as:Robin Pier", "person:Ann Example": "none"}
    page = post(check, mapping=upload.mapping, **choices)
    upload.refresh_from_db()
    assert parse_mapping(upload.mapping).people == {"Mr Pier": "Robin Pier", "Ann Example": ""}
    assert "New and doubtful names" not in page
    assert (upload.summary["new"], upload.summary["doubtful"]) == (0, 0)
    assert Speaker.objects.get().name == "Robin Pier"
    assert Organisation.objects.count() == 1
