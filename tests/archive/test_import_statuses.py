"""What the source does not mark as public comes in as a draft, and the report names its status."""

import csv

import pytest

from archive.importer import DOUBTFUL_CHANGE, NO_LONGER_PUBLIC
from archive.models import Upload
from archive.report import MAX_STATUSES, OTHER_STATUSES, Report, ReportLine
from archive.tasks import process_upload
from statements.models import Edition, Statement
from statements.published.editions import public_editions
from tests.archive.samples import approve_dry_run, make_record, write_json_lines
from tests.archive.test_import import bring_in
from tests.cast import NOON, make_organisation, make_user

UNCLEAR = "Nobody can tell whether “status: Green” means public, so it comes in as a draft."
pytestmark = pytest.mark.usefixtures("max")


@pytest.fixture(autouse=True)
def noon(db, frozen, settings, tmp_path):
    frozen(NOON)
    settings.IMPORTS_DIR = tmp_path / "imports"
    make_organisation()


def read_report(path) -> list[tuple[str, str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            (row["outcome"], row["status"], row["why"], row["doubts"])
            for row in csv.DictReader(file)
        ]


def test_the_report_names_the_status_of_each_row(tmp_path):
    source = write_json_lines(
        tmp_path,
        make_record(1, status="published"),
        make_record(2, status="Embargoed"),
        make_record(3, status="Green"),
        make_record(4, embargoed="2090-01-01T00:00:00Z"),
        make_record(5, title="Private: Statement 5"),
    )
    report = tmp_path / "report.csv"
    status, said = bring_in(source, report=report)
    assert status == 0
    assert read_report(report) == [
        ("made", "status: published", "", ""),
        (
            "draft",
            "status: Embargoed",
            "Its source says “status: Embargoed”, so it comes in as a draft.",
            "",
        ),
        ("draft", "status: Green", "", UNCLEAR),
        (
            "draft",
            "embargoed: a time to come",
            "Its source says “embargoed: a time to come”, so it comes in as a draft.",
            "",
        ),
        (
            "draft",
            "headline: Private:",
            "",
            "Nobody can tell whether “headline: Private:” means public, so it comes in as a draft.",
        ),
    ]
    assert [edition.headline for edition in public_editions(at=NOON)] == ["Statement 1"]
    assert Statement.objects.count() == 5
    assert "Status in the source → what becomes of it:" in said
    assert "1  status: Embargoed → draft" in said


def test_the_page_where_a_manager_decides_has_a_table_of_statuses(tmp_path, client, max):
    source = write_json_lines(
        tmp_path, make_record(1, status="published"), make_record(2, status="Green")
    )
    with source.open("rb") as file:
        client.force_login(max, backend="django.contrib.auth.backends.ModelBackend")
        client.post("/admin/import/", {"file": file})
    upload = Upload.objects.get()
    process_upload.call(upload.pk)
    upload.refresh_from_db()
    assert upload.summary["statuses"] == [
        {"status": "status: published", "outcome": "made", "rows": 1},
        {"status": "status: Green", "outcome": "draft", "rows": 1},
    ]
    page = " ".join(client.get(f"/admin/import/{upload.pk}/").content.decode().split())
    assert '<th scope="row">status: Green</th><td>draft</td><td>1</td>' in page
    assert UNCLEAR in page


def test_a_source_without_statuses_is_said_to_be_taken_as_public(tmp_path, client, max):
    source = write_json_lines(tmp_path, make_record(1))
    assert (
        "No row has a status, so each is taken as public since its date."
        in (bring_in(source, dry_run=True)[1])
    )
    with source.open("rb") as file:
        client.force_login(max, backend="django.contrib.auth.backends.ModelBackend")
        client.post("/admin/import/", {"file": file})
    upload = Upload.objects.get()
    process_upload.call(upload.pk)
    page = client.get(f"/admin/import/{upload.pk}/").content.decode()
    assert "No row has a status, so each is taken as public since its date." in page


def test_what_is_public_here_and_no_longer_at_its_source_is_left_to_a_person(tmp_path, max):
    bring_in(write_json_lines(tmp_path, make_record(1), make_record(2)))
    source = write_json_lines(
        tmp_path,
        make_record(1, status="withdrawn"),
        make_record(2, body="<p>Other words.</p>", status="draft"),
    )
    approve_dry_run(source, by=make_user("mo", "Manager"), at=NOON)
    report = tmp_path / "report.csv"
    assert bring_in(source, by="max", report=report)[0] == 0
    assert read_report(report) == [
        ("left alone", "status: withdrawn", NO_LONGER_PUBLIC, ""),
        ("left alone", "status: draft", NO_LONGER_PUBLIC, ""),
    ]
    assert Edition.objects.count() == 2


def test_a_doubtful_change_of_what_is_public_here_is_left_to_a_person(tmp_path, max):
    bring_in(write_json_lines(tmp_path, make_record(1)))
    changed = make_record(1, date="soon", body="<p>Other words.</p>")
    source = write_json_lines(tmp_path, changed)
    approve_dry_run(source, by=make_user("mo", "Manager"), at=NOON)
    report = tmp_path / "report.csv"
    bring_in(source, by="max", report=report)
    [(outcome, _, why, doubts)] = read_report(report)
    assert (outcome, why) == ("left alone", DOUBTFUL_CHANGE)
    assert "“soon” is no date that we can tell." in doubts
    assert Edition.objects.count() == 1


def test_a_draft_that_is_published_at_its_source_becomes_public(tmp_path, max):
    bring_in(write_json_lines(tmp_path, make_record(1), make_record(2, status="draft")))
    source = write_json_lines(tmp_path, make_record(2, status="published"))
    approve_dry_run(source, by=make_user("mo", "Manager"), at=NOON)
    assert bring_in(source, by="max")[0] == 0
    assert public_editions(at=NOON).filter(headline="Statement 2").exists()


def test_a_source_with_a_status_of_its_own_in_each_row_fills_no_memory():
    with Report() as report:
        for number in range(MAX_STATUSES + 5):
            report.add(ReportLine("a", number, "draft", status=f"status: {number}"))
    assert len(report.statuses) == MAX_STATUSES + 1
    assert report.statuses[OTHER_STATUSES, "draft"] == 5
