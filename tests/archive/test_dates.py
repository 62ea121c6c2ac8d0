"""Dates of a whole source: one order for all, no invented time, and doubts stay drafts."""

import csv
import datetime as dt
from dataclasses import replace

import pytest

from archive.approval import approve_import, record_dry_run, start_run
from archive.import_source import load_source
from archive.importer import Importer
from archive.mapping import Mapping, parse_mapping
from archive.report import Report
from statements.models import Edition, Statement
from tests.archive.samples import make_record, write_file, write_json_lines
from tests.cast import NOON, make_organisation, make_user

WORDS = "All the words of it stand here, and end."
pytestmark = pytest.mark.usefixtures("max")


@pytest.fixture
def mo(db):
    return make_user("mo", "Manager")


@pytest.fixture(autouse=True)
def publisher(db):
    return make_organisation()


def run(path, mapping=None, *, by=None, dry_run=None) -> Importer:
    source = load_source([path], mapping or Mapping())
    started = start_run(source, by=by, at=NOON, approved_digest=dry_run or "") if by else None
    with Report(path.with_suffix(".report.csv")) as report:
        importer = Importer(source, report, NOON, by=by, run=started)
        for _ in importer.process_rows():
            pass
    return importer


def read_report(path) -> list[tuple[str, str, str]]:
    with path.with_suffix(".report.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["headline"], row["outcome"], row["doubts"]) for row in csv.DictReader(file)]


def list_days() -> dict[str, dt.date | dt.datetime | None]:
    return {
        edition.headline: edition.first_released for edition in Edition.objects.order_by("headline")
    }


def write_table(folder, *dates: str, name: str = "old.csv", title: str = "Statement"):
    rows = [
        f"{number};{title} {number};{day};{WORDS} {number}" for number, day in enumerate(dates, 1)
    ]
    return write_file(folder, name, "\n".join(["ID;Title;Published;Text", *rows]) + "\n")


# --- One order for a source -----------------------------------------------------------------------


def test_one_date_decides_the_order_of_all(tmp_path, max):
    path = write_table(tmp_path, "12/30/2020", "02/12/2021", "07/23/2021")
    importer = run(path, by=max)
    assert list_days() == {
        "Statement 1": dt.date(2020, 12, 30),
        "Statement 2": dt.date(2021, 2, 12),
        "Statement 3": dt.date(2021, 7, 23),
    }
    decided = (
        "Dates in numbers were read with the month first, as 12/30/2020 (old.csv, row 2) shows."
    )
    assert decided in importer.list_messages()
    assert f"# {decided}\n# month_first = true or false\n" in Mapping().to_toml(
        importer.list_notes()
    )


def test_the_date_that_decides_may_be_the_last_row_of_another_file(tmp_path, max):
    folder = tmp_path / "old"
    write_table(folder, "02/12/2021", name="a.csv")
    write_table(folder, *["05/05/2012"] * 300, "30/12/2020", name="b.csv", title="Later")
    run(folder, by=max)
    assert list_days()["Statement 1"] == dt.date(2021, 12, 2)


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        (
            ("02/12/2021", "05/05/2012"),
            "no date of the source tells whether the day or the month is first",
        ),
        (
            ("02/12/2021", "05/05/2012", "30/12/2020", "12/30/2020"),
            "30/12/2020 (old.csv, row 4) has the day first and 12/30/2020 (old.csv, row 5) the month",
        ),
    ],
)
def test_a_doubt_about_the_order_keeps_these_rows_drafts(tmp_path, max, dates, why):
    path = write_table(tmp_path, *dates)
    importer = run(path, by=max)
    assert "Statement 1" not in list_days()
    assert list_days()["Statement 2"] == dt.date(2012, 5, 5)  # the same in either order
    assert Statement.objects.get(headline="Statement 1").dated_on is None
    assert read_report(path)[0] == (
        "Statement 1",
        "draft",
        "“02/12/2021” can be 2 December 2021 or 12 February 2021: say in the mapping, month_first "
        "= true or false. · Nobody knows when it came out, so it comes in as a draft.",
    )
    assert (
        f"Dates such as 02/12/2021 (old.csv, row 2) can be read in two ways, 1 in all: {why}. Such "
        "rows come in as drafts until the mapping says month_first = true or false."
    ) in importer.list_messages()


def test_the_mapping_ends_the_doubt(tmp_path, max):
    path = write_table(tmp_path, "02/12/2021")
    importer = run(path, Mapping(month_first=True), by=max)
    assert list_days() == {"Statement 1": dt.date(2021, 2, 12)}
    assert importer.list_notes()["month_first"] == []


def test_a_date_against_the_order_of_the_mapping_is_a_doubt(tmp_path, max):
    path = write_table(tmp_path, "30/12/2020")
    run(path, Mapping(month_first=True), by=max)
    assert list_days() == {}


def test_an_import_reads_dates_as_its_dry_run(tmp_path, max, mo):
    path = write_table(tmp_path, "12/30/2020", "02/12/2021")
    dry_run = run(path)
    record = record_dry_run(dry_run.import_source, dry_run.outcomes, at=NOON)
    approve_import(record.digest, by=mo, at=NOON)
    importer = run(path, by=max)
    assert importer.is_bound
    assert list_days()["Statement 2"] == dt.date(2021, 2, 12)


# --- No invented time -----------------------------------------------------------------------------


def test_midnights_alone_are_days(tmp_path, max):
    path = write_table(tmp_path, "2012-05-03 00:00:00", "2012-12-03T00:00:00Z")
    run(path, by=max)
    assert list_days() == {
        "Statement 1": dt.date(2012, 5, 3),
        "Statement 2": dt.date(2012, 12, 3),
    }


def test_midnights_of_the_time_zone_alone_are_days(tmp_path, max):
    path = write_table(tmp_path, "2012-05-02T23:00:00Z", "2012-12-03T00:00:00Z")
    run(path, by=max)
    assert list_days() == {
        "Statement 1": dt.date(2012, 5, 3),
        "Statement 2": dt.date(2012, 12, 3),
    }


def test_a_midnight_among_times_is_a_time(tmp_path, max):
    path = write_table(tmp_path, "2012-05-03 00:00:00", "2012-05-03 09:30:00")
    run(path, by=max)
    assert list_days()["Statement 1"] == dt.datetime(2012, 5, 2, 23, 0, tzinfo=dt.UTC)


# --- The time zone --------------------------------------------------------------------------------


def test_times_without_a_zone_are_in_that_of_the_site(tmp_path, max, settings):
    settings.TIME_ZONE = "Australia/Sydney"
    path = write_table(tmp_path, "2012-05-03 09:30")
    importer = run(path, by=max)
    assert list_days() == {"Statement 1": dt.datetime(2012, 5, 2, 23, 30, tzinfo=dt.UTC)}
    assert (
        "# Times without a zone are in this one.\n"
        'time_zone = "Australia/Sydney"\n'
        in importer.import_source.mapping.to_toml(importer.list_notes())
    )


def test_times_without_a_zone_are_in_that_of_the_mapping(tmp_path, max):
    path = write_table(tmp_path, "2012-05-03 09:30")
    run(path, Mapping(time_zone="America/New_York"), by=max)
    assert list_days() == {"Statement 1": dt.datetime(2012, 5, 3, 13, 30, tzinfo=dt.UTC)}


def test_a_day_is_the_same_day_whatever_the_zone_of_the_mapping(tmp_path, max):
    path = write_table(tmp_path, "2012-05-03")
    run(path, Mapping(time_zone="Australia/Sydney"), by=max)
    assert list_days() == {"Statement 1": dt.date(2012, 5, 3)}


# --- Proposed days --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "first_line", "where"),
    [
        ("10May2006.txt", "", "The name of its file"),
        ("2006/0510/quay.txt", "", "The name of its file"),
        (
            "quay.txt",
            "LONDON, 10 May 2006 – The quay is open to all who come by boat.",
            "Its first line",
        ),
    ],
)
def test_a_day_of_a_name_or_a_first_line_is_only_proposed(tmp_path, max, name, first_line, where):
    folder = tmp_path / "old"
    write_file(folder, name, f"The quay opens\n\n{first_line or WORDS}\n\n{WORDS}\n")
    run(folder, by=max)
    assert list_days() == {}
    assert Statement.objects.get().dated_on == dt.date(2006, 5, 10)
    [(_, outcome, doubts)] = read_report(folder)
    assert outcome == "draft"
    assert (
        f"{where} gives 10 May 2006: its draft has that date. To publish such rows, say "
        "dates_from_names = true in the mapping."
    ) in doubts


def test_the_mapping_takes_proposed_days(tmp_path, max):
    folder = tmp_path / "old"
    write_file(folder, "10May2006.txt", f"The quay opens\n\n{WORDS}\n")
    run(folder, Mapping(dates_from_names=True), by=max)
    assert list_days() == {"The quay opens": dt.date(2006, 5, 10)}
    [(_, outcome, doubts)] = read_report(folder)
    assert (outcome, doubts) == (
        "made",
        "The document names no day. · The name of its file gives its date, 10 May 2006.",
    )


def test_the_day_of_an_export_is_none_of_its_rows(tmp_path, max):
    path = write_table(tmp_path, "", name="export-2024-05-03.csv")
    run(path, Mapping(dates_from_names=True), by=max)
    assert list_days() == {}
    assert Statement.objects.get().dated_on is None


def test_when_a_feed_was_updated_is_only_proposed(tmp_path, max):
    entry = "<entry><id>urn:1</id><title>One</title><updated>2012-05-03T09:30:00Z</updated>"
    path = write_file(
        tmp_path,
        "old.atom",
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}<content>{WORDS}</content></entry></feed>',
    )
    run(path, by=max)
    assert list_days() == {}
    assert Statement.objects.get().dated_on == dt.date(2012, 5, 3)
    assert "The feed says when it was updated, and not when it came out." in read_report(path)[0][2]


def test_a_page_with_several_days_is_a_draft(tmp_path, max):
    times = '<time datetime="2012-05-03">3 May</time><time datetime="2012-06-03">3 June</time>'
    page = f"<!DOCTYPE html><html><body><article><h1>One</h1>{times}<p>{WORDS}</p></article></body></html>"
    path = write_file(tmp_path, "page.html", page)
    run(path, by=max)
    assert list_days() == {}
    assert (
        "The page names several days, and does not say on which it came out."
        in read_report(path)[0][2]
    )


# --- Mappings -------------------------------------------------------------------------------------


def test_an_unset_order_is_a_comment_in_the_mapping():
    text = Mapping().to_toml()
    assert "# month_first = true or false\n" in text
    assert parse_mapping(text) == Mapping()
    assert parse_mapping("month_first = false\n").month_first is False
    known = replace(Mapping(), month_first=True)
    assert parse_mapping(known.to_toml()) == known


def test_a_json_number_of_a_spreadsheet_is_its_day(tmp_path, max):
    path = write_json_lines(tmp_path, make_record(1, date=41032))
    run(path, by=max)
    assert list_days() == {"Statement 1": dt.date(2012, 5, 3)}
