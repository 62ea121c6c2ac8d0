"""What a source holds back in words or fields of its own is no statement that is public."""

import json

import pytest

from archive.mapping import Mapping
from archive.readers.row import Row
from archive.readers.source_status import StatusMeaning
from archive.readers.status_fields import read_status
from tests.archive.readers.test_publicness import AT, read_rows
from tests.archive.samples import write_file


def judge(fields):
    return read_status(fields.items(), Mapping()).resolve(AT).meaning


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Sichtbar", "nein"),
        ("Freigabe", "nein"),
        ("Gesperrt", "ja"),
        ("Gesperrt bis", "01.01.2031"),
        ("Veröffentlicht am", "01.01.2031"),
        ("Statut", "Non publié"),
        ("État", "Hors ligne"),
        ("Statws", "Heb ei gyhoeddi"),
        ("الحالة", "مسودة"),
        ("Anmerkung", "Nicht veröffentlicht"),
        ("display", "no"),
        ("show_on_website", "No"),
        ("showOnWebsite", False),
        ("web", "N"),
        ("issued", False),
        ("to_be_published", "2031-01-01"),
        ("flags", ["urgent", "embargoed"]),
        ("tags", [{"name": "Draft"}]),
        ("publishing", {"status": "unpublished"}),
        ("audience", "Staff only"),
        ("channel", "Intranet"),
        ("classification", "OFFICIAL-SENSITIVE"),
        ("distribution", "HOLD"),
        ("_id", "versions.r1.p3"),
        ("build", {"render": "never", "list": "never"}),
        ("permalink", False),
        ("eleventyExcludeFromCollections", True),
        ("is_test", True),
        ("fe_group", "-2"),
        ("endtime", "1577972800"),
        ("unpublished_changes", True),
        ("isProvisionalDraft", True),
        ("draftId", 7),
        ("enabledForSite", False),
    ],
)
def test_a_field_that_holds_an_item_back_in_any_words(field, value):
    assert judge({field: value}) is not StatusMeaning.PUBLIC


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Sichtbar", "ja"),
        ("Freigabe", "ja"),
        ("Statut", "Publié"),
        ("État", "En ligne"),
        ("Visibilité", "Tout public"),
        ("Gesperrt bis", "01.01.2020"),
        ("show_on_website", "yes"),
        ("show_toc", "no"),
        ("display_order", 0),
        ("web", "https://www.example.org/"),
        ("featured", False),
        ("tags", ["Roads", {"name": "Drafting"}]),
        ("permalink", "/news/one/"),
        ("fe_group", "0"),
        ("fe_group", ""),
        ("starttime", "0"),
        ("draftId", None),
        ("unpublished_changes", False),
        ("endtime", "0"),
        ("end_time", "2020-01-02T10:00:00Z"),
    ],
)
def test_a_field_that_holds_nothing_back(field, value):
    assert judge({field: value}) is StatusMeaning.PUBLIC


@pytest.mark.parametrize(
    ("versions", "meaning"),
    [
        ({"version": 5, "publishedVersion": 4}, StatusMeaning.PUBLIC),
        ({"version": 9, "publishedVersion": 4}, StatusMeaning.UNCLEAR),
        ({"version": 5}, StatusMeaning.NOT_PUBLIC),
        ({"revision": 5}, StatusMeaning.PUBLIC),  # the Delivery API has only what is public
    ],
)
def test_an_entry_of_contentful_is_public_in_the_version_that_was_published(versions, meaning):
    assert judge({"sys": {"type": "Entry", "id": "c1", **versions}}) is meaning


def test_a_date_of_publishing_that_others_have_is_a_doubt_where_it_is_missing(tmp_path):
    records = [
        {"title": "One", "body": "Words.", "date": "2020-01-02", "publishedAt": "2020-01-03"},
        {"title": "Two", "body": "Words.", "date": "2020-01-02"},
    ]
    path = write_file(tmp_path, "entries.json", json.dumps(records))
    rows = [row for row in read_rows(path) if isinstance(row, Row)]
    assert [(row.headline, row.status.text, row.status.is_public) for row in rows] == [
        ("One", "", True),
        ("Two", "publishedAt: (empty)", False),
    ]


def test_a_row_without_other_text_names_even_a_short_one_that_is_not_read(tmp_path):
    record = {"title": "Mur", "date": "2020-03-13", "zzz": "Le conseil répare le mur du port. " * 3}
    (row,) = read_rows(write_file(tmp_path, "a.json", json.dumps([record])))
    assert (row.body, row.dropped, row.must_be_checked) == (
        "",
        ("the text of “zzz” (21 words)",),
        True,
    )


def test_headings_in_other_languages_are_understood(tmp_path):
    table = "Título;Fecha de publicación;Corps\nMuro;13/03/2020;El muro del puerto.\n"
    (row,) = read_rows(write_file(tmp_path, "a.csv", table))
    assert (row.headline, str(row.published), row.body) == (
        "Muro",
        "2020-03-13",
        "El muro del puerto.",
    )


def test_another_date_says_nothing_of_a_document_that_was_never_published(tmp_path):
    first = "2020-01-03T00:00:00+0000"
    records = [
        {"uid": "a", "title": "A", "body": "Words.", "date": "2020-01-02"}
        | {"first_publication_date": first},
        {"uid": "b", "title": "B", "body": "Other words.", "date": "2020-01-02"}
        | {"first_publication_date": None},
    ]
    rows = read_rows(write_file(tmp_path, "prismic.json", json.dumps(records)))
    assert [(row.headline, row.status.is_public) for row in rows] == [("A", True), ("B", False)]
