"""Lists as CSV files."""

import csv
import datetime as dt
import io

import pytest

from organisations.models import Speaker
from statements.newsdesk import csv_export
from statements.newsdesk.csv_export import format_cell
from tests.cast import NOON, make_organisation, make_speaker, make_statement

STATEMENTS = "/admin/statements/statement/csv/"


def parse_csv(response) -> list[list[str]]:
    body = b"".join(response.streaming_content).decode()
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body.removeprefix("\ufeff"), newline="")))


def test_times_have_their_zone():
    assert format_cell(dt.date(2044, 3, 1)) == "2044-03-01"
    assert format_cell(dt.datetime(2044, 7, 1, 11, 0, tzinfo=dt.UTC)) == "2044-07-01T12:00:00+01:00"
    assert (format_cell(None), format_cell(True), format_cell(False)) == ("", "yes", "no")


def test_the_file_holds_what_the_list_shows(client, ann, frozen):
    frozen(NOON)
    make_statement(ann, "=HYPERLINK(1)", kind="letter")
    client.force_login(ann)
    response = client.get(STATEMENTS)
    assert response["Content-Disposition"] == 'attachment; filename="statements-2044-03-01.csv"'
    heading, row = parse_csv(response)
    assert heading[:4] == ["Headline", "Status", "Kind", "Organisation"]
    assert row[:4] == [
        *("'=HYPERLINK(1)", "Draft", "Open letter", "Association of Directors"),
    ]
    assert row[-1] == "Ann"


def test_filters_and_search_hold_for_the_file(client, ann):
    make_statement(ann, "Libraries", kind="letter")
    make_statement(ann, "Libraries again")
    make_statement(ann, "Schools", kind="letter")
    client.force_login(ann)
    _, *rows = parse_csv(client.get(STATEMENTS + "?q=library&kind=letter"))
    assert [row[0] for row in rows] == ["Libraries"]


def test_every_row_is_exported_past_chunks_and_list_limit(client, ann, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK_ROWS", 2)
    monkeypatch.setattr("statements.newsdesk.statement_list.MAX_COUNTED_ROWS", 2)
    monkeypatch.setattr("statements.newsdesk.statement_list.MAX_FILTERED_MATCHES", 2)
    for n in range(5):
        make_statement(ann, f"Number {n}")
    client.force_login(ann)
    _, *rows = parse_csv(client.get(STATEMENTS + "?q=number"))
    assert [row[0] for row in rows] == [f"Number {n}" for n in (4, 3, 2, 1, 0)]


def test_nobody_downloads_a_list_that_they_may_not_see(client, ann, sam, max):
    for person, status in ((sam, 302), (ann, 403), (max, 200)):
        client.force_login(person)
        assert client.get("/admin/auth/user/csv/").status_code == status


def test_accounts_are_exported_without_passwords(client, max):
    client.force_login(max)
    body = b"".join(client.get("/admin/auth/user/csv/").streaming_content).decode()
    assert "max,Max,max@example.org,Manager,yes" in body
    assert max.password not in body


@pytest.mark.parametrize(
    "address",
    [
        "/admin/organisations/speaker/csv/",
        "/admin/organisations/organisation/csv/",
        "/admin/organisations/contact/csv/",
        "/admin/organisations/appointment/csv/",
        "/admin/statements/theme/csv/",
    ],
)
def test_every_list_can_be_downloaded(client, max, address):
    make_speaker()
    client.force_login(max)
    assert parse_csv(client.get(address))


def test_an_invalid_filter_leads_to_the_list(client, max):
    client.force_login(max)
    response = client.get("/admin/organisations/organisation/csv/?publishes__exact=maybe")
    assert response.status_code in (200, 302)


def test_a_speaker_has_every_role_in_one_row(client, max):
    speaker = make_speaker()
    speaker.appointments.create(role="Chair", organisation=make_organisation("Board"))
    client.force_login(max)
    _, row = parse_csv(client.get("/admin/organisations/speaker/csv/"))
    assert row[0] == "Dave Hill"
    assert set(row[1].split("; ")) == {"President, Association of Directors", "Chair, Board"}
    assert Speaker.objects.count() == 1
