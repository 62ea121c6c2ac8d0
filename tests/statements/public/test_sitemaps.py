"""Sitemaps: every public address with its own date, and nothing that is to come."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements import workflow
from statements.public.views import sitemaps
from statements.published.sitemap import CalendarMonth
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_speaker,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


def read_sitemap(client, address: str) -> list[list[str]]:
    """Return the text of each element of each entry."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = ET.fromstring(answer.content)  # noqa: S314 - what we wrote ourselves
    return [[(part.text or "").strip() for part in entry.iter() if not len(part)] for entry in root]


# --- Parts ----------------------------------------------------------------------------------------


def test_the_index_leads_to_every_public_address_and_to_nothing_else(client, publish, ed):
    publish("Now", themes=["reading"])
    publish("Same month", at=NOON + MINUTE)
    publish("Years ago", at=NOON - 4000 * DAY)
    publish("Coming", at=NOON + 2 * HOUR, themes=["silent"])
    withdrawn = publish("Withdrawn", at=NOON - 100 * DAY)
    workflow.withdraw(refetch_edition(withdrawn), by=ed, at=NOON, kind="notice", notice="Wrong.")
    make_speaker("Silent Sam")

    index = [address for (address,) in read_sitemap(client, "/sitemap.xml")]
    assert index == [
        f"{SITE}/sitemap-pages.xml",
        f"{SITE}/sitemap-2044-03.xml",
        f"{SITE}/sitemap-2033-03.xml",
    ]
    pages, *months = (read_sitemap(client, address.removeprefix(SITE)) for address in index)
    assert months == [
        [
            [f"{SITE}/statements/same-month/", "2044-03-01T12:01:00Z"],
            [f"{SITE}/statements/now/", "2044-03-01T12:00:00Z"],
        ],
        [[f"{SITE}/statements/years-ago/", "2033-03-19T12:00:00Z"]],
    ]
    addresses = [address.removeprefix(SITE) for (address,) in pages]
    assert addresses[0] == "/"
    assert [one for one in addresses if one.count("/") > 2] == [
        *("/about/accessibility/", "/about/privacy/", "/about/verification/"),
        *("/themes/reading/", "/speakers/dave-hill/"),
        "/organisations/association-of-directors/",
    ]
    assert {client.get(address).status_code for address in addresses} == {200}


def test_the_date_of_an_address_is_that_of_its_present_words(client, publish, ann, ed):
    edition = publish("Corrected", at=NOON - 3 * DAY)
    rewrite_passage(edition.statement, "Better.", by=ann)
    again = submit_statement(edition.statement, by=ann, amendment="typo")
    approve_edition(again, by=ed, release_at=NOON + MINUTE)
    approve_edition(submit_statement(rewrite_passage(edition.statement, "Best.", by=ann), by=ann, amendment="typo"),
             by=ed, release_at=NOON + 2 * HOUR)  # fmt: skip

    assert read_sitemap(client, "/sitemap-2044-02.xml") == [
        [f"{SITE}/statements/corrected/", "2044-03-01T12:01:00Z"]
    ]


def test_a_month_without_a_public_statement_is_no_page_at_all(client, publish):
    publish("Coming", at=NOON + 2 * HOUR)
    never = client.get("/never/")
    for month in ("2044-03", "2044-04", "1000-01", "2999-12", "2044-13", "0000-01"):
        answer = client.get(f"/sitemap-{month}.xml")
        assert (answer.status_code, answer.content) == (404, never.content)
    assert read_sitemap(client, "/sitemap.xml") == [[f"{SITE}/sitemap-pages.xml"]]


def test_a_month_is_one_of_the_sites_own_clock(client, publish, settings):
    at = dt.datetime(2043, 6, 30, 23, 30, tzinfo=dt.UTC)  # half past midnight in London
    publish("Just past midnight", at=at)
    assert f"{SITE}/sitemap-2043-07.xml" in [one for (one,) in read_sitemap(client, "/sitemap.xml")]
    assert len(read_sitemap(client, "/sitemap-2043-07.xml")) == 1


def test_a_part_takes_no_more_than_the_protocol_does(client, publish, monkeypatch):
    publish("One")
    publish("Two", at=NOON + MINUTE)
    monkeypatch.setattr(sitemaps, "MAX_PART_URLS", 1)
    assert len(read_sitemap(client, "/sitemap-2044-03.xml")) == 1


def test_sitemaps_cost_the_same_queries_in_any_archive(
    client, publish, django_assert_num_queries, monkeypatch
):
    for number in range(3):
        publish(f"Number {number}", at=NOON - number * 40 * DAY, themes=[f"theme-{number}"])
    for address, queries in (
        ("/sitemap.xml", 2),
        ("/sitemap-2044-03.xml", 1),
        ("/sitemap-pages.xml", 3),
        ("/news-sitemap.xml", 1),
        ("/robots.txt", 0),
    ):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
    monkeypatch.setattr("statements.published.sitemap.MONTHS_PER_QUERY", 2)
    assert len(read_sitemap(client, "/sitemap.xml")) == 4


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_follow_one_another(year, month):
    one = CalendarMonth(year, month)
    assert one.after().before() == one
    assert one.before() < one < one.after()
    assert sitemaps.SitemapPartConverter().to_python(f"{year:04}-{month:02}") == one


# --- News -----------------------------------------------------------------------------------------


def test_the_news_are_those_of_today_and_yesterday_as_google_wants_them(client, publish, frozen):
    publish("“Late” & <last>", at=NOON, language="cy")
    publish("Yesterday", at=NOON.replace(day=29, month=2, hour=0))
    publish("Before", at=NOON.replace(day=28, month=2, hour=23))

    assert read_sitemap(client, "/news-sitemap.xml") == [
        [
            f"{SITE}/statements/late-last/",
            *("On the Record", "cy", "2044-03-01T12:00:00+00:00", "“Late” & <last>"),
        ],
        [
            f"{SITE}/statements/yesterday/",
            *("On the Record", "en", "2044-02-29T00:00:00+00:00", "Yesterday"),
        ],
    ]
    before = client.get("/news-sitemap.xml").content
    frozen(NOON.replace(hour=23, minute=59))
    assert client.get("/news-sitemap.xml").content == before
    frozen(NOON + 2 * DAY)
    assert read_sitemap(client, "/news-sitemap.xml") == []


def test_no_more_news_than_google_takes(client, publish, monkeypatch):
    publish("One")
    publish("Two", at=NOON + MINUTE)
    monkeypatch.setattr(sitemaps, "MAX_NEWS_URLS", 1)
    assert [title for *_, title in read_sitemap(client, "/news-sitemap.xml")] == ["Two"]


def test_every_sitemap_moves_at_the_second_and_not_one_second_before(client, frozen, publish, ed):
    addresses = ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-2044-03.xml", "/news-sitemap.xml"]

    def answers() -> list:
        said = [(r.content, dict(r.headers)) for r in map(client.get, addresses)]
        for _, headers in said:
            del headers["X-Accel-Expires"]  # which names the second, and nothing of the record
        return said

    before = answers()
    edition = publish("Coming", at=NOON + 2 * HOUR, themes=["new"])
    frozen(NOON + 2 * HOUR - dt.timedelta(seconds=1))
    assert answers() == before
    frozen(NOON + 2 * HOUR)
    after = answers()
    assert [one != other for one, other in zip(before, after, strict=True)] == [True] * 4
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=NOON + 2 * HOUR, kind="gone", notice="It was not ours."
    )
    assert answers() == before


# --- robots.txt and security.txt ------------------------------------------------------------------


def test_robots_may_read_all_that_is_public(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /preview/\n\n"
        f"Sitemap: {SITE}/sitemap.xml\nSitemap: {SITE}/news-sitemap.xml\n"
    )


def test_security_txt_names_a_contact_and_expires_within_the_year(client, settings, frozen):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "Contact: mailto:security@example.org\n"
        "Expires: 2044-08-31T23:00:00Z\n"  # midnight in London, in summer
        "Preferred-Languages: en\n"
        f"Canonical: {SITE}/.well-known/security.txt\n"
    )
    frozen(NOON + 29 * DAY)
    assert client.get("/.well-known/security.txt").content == answer.content
    for day in range(0, 400, 9):
        frozen(NOON + day * DAY)
        said = re.search("Expires: (.*)", client.get("/.well-known/security.txt").content.decode())
        ahead = dt.datetime.fromisoformat(said[1]) - (NOON + day * DAY)
        assert 140 * DAY < ahead < 190 * DAY


def test_there_is_no_security_txt_without_a_contact(client):
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer.content) == (404, client.get("/never/").content)
