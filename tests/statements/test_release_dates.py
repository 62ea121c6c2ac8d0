"""A date without a time stays a date, wherever readers, machines and the newsdesk see it."""

import csv
import datetime as dt
import io
import json
import re
from urllib.parse import urlencode

import feedparser
import pytest
from django.urls import reverse

from archive.exporter import write_export
from statements import workflow
from statements.audit import verification
from statements.models import Edition, Passage, Statement
from statements.newsdesk.status import get_edition_status
from statements.release_dates import format_release_date, get_day_start, get_release_date
from statements.workflow import ImportedDraft
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    refetch_edition,
    submit_statement,
)

THEN = dt.date(2012, 5, 3)
THEN_AT = dt.datetime(2012, 5, 2, 23, 0, tzinfo=dt.UTC)  # midnight in London, in summer
CLOCK = re.compile(r"\d\d?:\d\d")


@pytest.fixture
def imported(max, frozen) -> Edition:
    """A statement of 3 May 2012, imported at noon by max."""
    frozen(NOON + HOUR)
    statement = Statement(headline="Old news", organisation=make_organisation())
    draft = ImportedDraft(
        statement,
        [
            Passage(
                statement=statement,
                speaker=make_speaker(),
                body="<p>All of it was long ago and far away.</p>",
            )
        ],
        released_at=get_day_start(THEN),
        released_on=THEN,
        source="old.csv",
    )
    [edition] = workflow.import_statements([draft], by=max, at=NOON)
    assert edition
    return refetch_edition(edition)


@pytest.fixture
def corrected(imported, ann, ed) -> Edition:
    """The same with a correction by ann, which ed approved an hour later."""
    newer = submit_statement(
        imported.statement, by=ann, at=NOON, amendment="correction", public_note="It was longer."
    )
    return approve_edition(newer, by=ed, at=NOON + HOUR, release_at=NOON + HOUR)


def get(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def find_json_ld(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


# --- One function ---------------------------------------------------------------------------------


def test_only_the_first_release_is_a_day():
    assert get_release_date(THEN_AT, THEN_AT, THEN) == THEN
    assert get_release_date(NOON, THEN_AT, THEN) == NOON
    assert get_release_date(THEN_AT, THEN_AT, None) == THEN_AT


def test_a_day_is_written_without_a_time():
    assert format_release_date(THEN) == "3 May 2012"
    assert format_release_date(THEN_AT + HOUR) == "3 May 2012, 01:00 BST"


def test_a_day_begins_at_midnight_in_the_time_zone_of_the_site():
    assert get_day_start(THEN) == THEN_AT


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_shows_the_day_alone(client, imported):
    page = get(client, "/statements/old-news/")
    assert '<time datetime="2012-05-03">3 May 2012</time>' in page
    assert "Imported on" in page
    assert '<meta property="article:published_time" content="2012-05-03">' in page
    assert '<meta property="article:modified_time" content="2012-05-03">' in page
    data = find_json_ld(page)
    assert (data["datePublished"], data["dateModified"]) == ("2012-05-03", "2012-05-03")
    assert not CLOCK.search(re.sub(r"<script.*?</script>|https?://\S+", "", page, flags=re.DOTALL))


def test_plain_text_shows_the_day_alone(client, imported):
    text = get(client, "/statements/old-news.txt")
    assert "\n3 May 2012\n" in text
    assert not CLOCK.search(text)


def test_a_correction_has_its_time_and_the_first_release_stays_a_day(client, corrected):
    assert (corrected.first_released, corrected.released) == (THEN, NOON + HOUR)
    page = get(client, "/statements/old-news/")
    assert '<time datetime="2012-05-03">3 May 2012</time>' in page
    updated = '<time datetime="2044-03-01T13:00:00+00:00">1 March 2044, 13:00 GMT</time>'
    assert f"Updated {updated}" in page
    data = find_json_ld(page)
    assert (data["datePublished"], data["dateModified"]) == (
        "2012-05-03",
        "2044-03-01T13:00:00+00:00",
    )
    assert f'From <time datetime="2012-05-03">3 May 2012</time> until {updated}' in get(
        client, "/statements/old-news/editions/"
    )
    assert f'stood from <time datetime="2012-05-03">3 May 2012</time> until {updated}' in get(
        client, "/statements/old-news/editions/1/"
    )
    assert (
        "\n3 May 2012\nhttps://example.org/statements/old-news/\n"
        "Edition 2, 1 March 2044, 13:00 GMT\n"
        in re.sub(
            r"http\S+(?=/statements)",
            "https://example.org",
            get(client, "/statements/old-news.txt"),
        )
    )


def test_words_that_come_back_keep_the_day(imported, ed, max, ann):
    workflow.withdraw(imported, by=ed, at=NOON + HOUR, kind="notice", notice="Wait.")
    again = workflow.restore(imported, by=max, at=NOON + 2 * HOUR)
    again = approve_edition(again, by=ed, at=NOON + 3 * HOUR, release_at=NOON + 3 * HOUR)
    assert (again.first_released, again.released) == (THEN, NOON + 3 * HOUR)


def test_the_quotation_check_names_the_day(client, imported):
    words = urlencode({"words": "All of it was long ago and far away"})
    form = "application/x-www-form-urlencoded"
    page = client.post("/check/", words, content_type=form).content.decode()
    assert '<dt>Published</dt><dd><time datetime="2012-05-03">3 May 2012</time></dd>' in page


def test_a_proof_names_the_day(client, imported):
    proof = json.loads(get(client, "/statements/old-news/editions/1/proof.json"))
    assert proof["released"] == "2012-05-03"


# --- For machines ---------------------------------------------------------------------------------


def test_rss_has_the_day_and_no_time_of_publication(client, imported):
    text = get(client, "/feeds/statements.rss")
    assert "<dc:date>2012-05-03</dc:date>" in text
    assert "<pubDate>" not in text
    assert "<atom:updated>2044-03-01T12:00:00+00:00</atom:updated>" in text
    assert feedparser.parse(text).entries[0].updated_parsed[:4] == (2044, 3, 1, 12)


def test_atom_has_the_day_and_the_time_of_the_import(client, imported):
    text = get(client, "/feeds/statements.atom")
    assert '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2012-05-03</dc:date>' in text
    assert "<published>" not in text
    assert text.count("<updated>2044-03-01T12:00:00+00:00</updated>") == 2  # the feed and its entry


def test_json_feed_leaves_out_what_it_cannot_say(client, imported):
    [item] = json.loads(get(client, "/feeds/statements.json"))["items"]
    assert "date_published" not in item
    assert item["date_modified"] == "2044-03-01T12:00:00+00:00"


def test_a_feed_dates_a_correction_by_its_own_time(client, corrected):
    text = get(client, "/feeds/statements.rss")
    assert "<dc:date>2012-05-03</dc:date>" in text
    assert "<atom:updated>2044-03-01T13:00:00+00:00</atom:updated>" in text


def test_the_sitemap_has_the_day(client, imported):
    assert "<lastmod>2012-05-03</lastmod>" in get(client, "/sitemap-2012-05.xml")


def test_what_came_out_today_is_in_the_sitemap_for_news_with_its_day(client, frozen, imported):
    frozen(THEN_AT + HOUR)
    assert "<news:publication_date>2012-05-03</news:publication_date>" in get(
        client, "/news-sitemap.xml"
    )


# --- Newsdesk and exports -------------------------------------------------------------------------


def test_the_newsdesk_shows_the_day_alone(client, imported, ed):
    status = get_edition_status(imported, at=NOON + HOUR)
    assert status.sentence == "Published on Thursday 3 May 2012."
    client.force_login(ed)
    assert "Thursday 3 May 2012" in get(client, "/admin/")
    table = client.get(reverse("admin:statements_statement_csv")).getvalue().decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table))
    assert row["First released"] == "2012-05-03"


def test_the_exported_table_has_the_day_alone(imported, tmp_path):
    for _ in write_export(tmp_path / "out", at=NOON + HOUR):
        pass
    [row] = csv.DictReader(io.StringIO((tmp_path / "out/statements.csv").read_text("utf-8-sig")))
    assert row["first_released"] == "2012-05-03"


# --- The record -----------------------------------------------------------------------------------


def test_a_day_is_stated_by_its_event(imported):
    assert list(verification.verify()) == []
