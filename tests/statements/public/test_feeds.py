"""Feeds: full content in three formats, one id for ever, and tombstones without content."""

import datetime as dt
import html
import json
import re
import xml.etree.ElementTree as ET

import feedparser
import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from statements import workflow
from statements.models import Theme
from statements.public.views.feeds import (
    ENTRIES_PLACEHOLDER,
    FeedItem,
    render_item,
    render_xml_feed,
)
from statements.public.xml import INVALID_XML_CHARS
from statements.published.feed import MAX_ENTRIES
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

FORMS = ("rss", "atom", "json")
EVERYTHING = "/feeds/statements"
ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
SITE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


def correct(edition, words: str, *, ann, ed, at=NOON + MINUTE, amendment="correction", note=""):
    rewrite_passage(edition.statement, words, by=ann)
    again = submit_statement(
        edition.statement, by=ann, at=at, amendment=amendment, public_note=note or "It was wrong."
    )
    return approve_edition(again, by=ed, at=at, release_at=at)


def read(client, form: str, feed: str = EVERYTHING) -> list[dict]:
    """Return each entry as a feed reader sees it: id, URL, title, HTML, published, updated."""
    answer = client.get(f"{feed}.{form}")
    assert answer.status_code == 200
    if form == "json":
        return [
            {
                "id": item["id"],
                "address": item.get("url", ""),
                "title": item["title"],
                "html": item["content_html"],
                "published": dt.datetime.fromisoformat(item["date_published"]),
                "updated": dt.datetime.fromisoformat(item["date_modified"]),
            }
            for item in json.loads(answer.content)["items"]
        ]
    parsed = feedparser.parse(answer.content, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {
            "id": entry.id,
            "address": entry.get("link", ""),
            "title": html.unescape(entry.title),
            "html": entry.content[0].value,
            "published": _moment(entry.published_parsed),
            "updated": _moment(entry.updated_parsed),
        }
        for entry in parsed.entries
    ]


def xml(source: bytes | str) -> ET.Element:
    return ET.fromstring(source)  # noqa: S314 - what we wrote ourselves


def _moment(parsed) -> dt.datetime:
    return dt.datetime(*parsed[:6], tzinfo=dt.UTC)


def words_of(source: str) -> list[str]:
    """Return the text of each block of HTML, without tags."""
    text = html.unescape(strip_tags(re.sub(r"</(?:p|h2|li|blockquote)>", "\n", source)))
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


# --- What an entry says ---------------------------------------------------------------------------


def test_every_form_says_the_same_of_each_statement(client, publish, ann, ed):
    first = publish("“First” & <last>", summary="In short.", themes=["reading"])
    second = publish("Second", at=NOON + MINUTE)
    expected = [
        ("Second", second, NOON + MINUTE),
        ("“First” & <last>", first, NOON),
    ]

    for form in FORMS:
        assert [
            {**entry, "html": "“We welcome the report.”" in words_of(entry["html"])}
            for entry in read(client, form)
        ] == [
            {
                "id": edition.statement.uuid.urn,
                "address": f"{SITE}/statements/{edition.slug}/",
                "title": headline,
                "html": True,
                "published": at,
                "updated": at,
            }
            for headline, edition, at in expected
        ]


def test_an_entry_names_its_publisher_as_author_and_its_speakers(client, publish):
    publish("Words", summary="In short.", themes=["Reading", "art"], language="cy")

    rss = feedparser.parse(client.get("/feeds/statements.rss").content).entries[0]
    atom = feedparser.parse(client.get("/feeds/statements.atom").content).entries[0]
    [item] = json.loads(client.get("/feeds/statements.json").content)["items"]

    for entry in (rss, atom):
        assert entry.author == "Association of Directors"
        assert [one.name for one in entry.contributors] == ["Dave Hill"]
        assert [tag.term for tag in entry.tags] == ["art", "Reading"]
        assert entry.summary == "In short."
    assert atom.content[0].language == "cy"
    assert rss.language == "cy"
    assert item["authors"] == [{"name": "Association of Directors"}]
    assert (item["tags"], item["summary"], item["language"]) == (
        ["art", "Reading"],
        "In short.",
        "cy",
    )
    assert item["_statement"]["kind"] == "Comment"
    assert item["_statement"]["speakers"] == [
        {"name": "Dave Hill", "role": "President", "organisation": "Association of Directors"}
    ]


def test_a_feed_names_itself_its_page_and_its_language(client, publish):
    publish(themes=["reading"])
    address = f"{SITE}/themes/reading/feed"
    rss = feedparser.parse(client.get("/themes/reading/feed.rss").content).feed
    atom = feedparser.parse(client.get("/themes/reading/feed.atom").content).feed
    json_feed = json.loads(client.get("/themes/reading/feed.json").content)

    for form, feed in (("rss", rss), ("atom", atom)):
        assert feed.title == "reading – On the Record"
        assert feed.language.lower() == "en-gb"
        assert [one.href for one in feed.links if one.rel == "self"] == [f"{address}.{form}"]
    assert (json_feed["title"], json_feed["feed_url"]) == (
        "reading – On the Record",
        f"{address}.json",
    )
    assert json_feed["home_page_url"] == rss.link == atom.link


# --- What changes ---------------------------------------------------------------------------------


def test_a_correction_keeps_the_id_and_place_and_carries_its_note(client, publish, ann, ed):
    first = publish("Corrected", at=NOON - DAY)
    publish("Newer")
    correct(first, "We regret it.", ann=ann, ed=ed, note="It said welcome.")
    correct(first, "We regret it!", ann=ann, ed=ed, at=NOON + 2 * MINUTE, amendment="typo")

    for form in FORMS:
        newer, entry = read(client, form)
        assert newer["title"] == "Newer"
        assert entry["id"] == first.statement.uuid.urn
        assert (entry["published"], entry["updated"]) == (NOON - DAY, NOON + 2 * MINUTE)
        assert words_of(entry["html"]) == [
            "Correction, 1 March 2044, 12:01 GMT: It said welcome.",
            "Dave Hill, President of the Association of Directors, said:",
            "“We regret it!”",
        ]


def test_a_retraction_is_said_in_the_title(client, publish, ann, ed):
    correct(publish("Claim"), "It was not so.", ann=ann, ed=ed, amendment="retraction")
    assert [read(client, form)[0]["title"] for form in FORMS] == ["Retracted: Claim"] * 3


@pytest.mark.parametrize("kind", ["notice", "gone"])
def test_a_withdrawal_leaves_a_tombstone_without_a_word(client, publish, ed, kind):
    edition = publish("Secret headline", themes=["reading"], summary="Secret summary")
    publish("Standing", at=NOON - DAY, themes=["reading"])
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind=kind, notice="Figures <wrong>.")
    way = f"{SITE}/statements/secret-headline/" if kind == "notice" else ""

    for feed in (EVERYTHING, "/themes/reading/feed", "/speakers/dave-hill/feed"):
        for form in ("rss", "json"):
            tombstone, standing = read(client, form, feed)
            assert standing["title"] == "Standing"
            assert tombstone == {
                "id": edition.statement.uuid.urn,
                "address": way,
                "title": "Withdrawn statement",
                "html": tombstone["html"],
                "published": NOON + MINUTE,
                "updated": NOON + MINUTE,
            }
            assert words_of(tombstone["html"]) == [
                "Withdrawn, 1 March 2044, 12:01 GMT: Figures <wrong>."
            ]
        answer = client.get(f"{feed}.atom").content
        [deleted] = xml(answer).findall(DELETED)
        assert deleted.attrib == {
            "ref": edition.statement.uuid.urn,
            "when": "2044-03-01T12:01:00+00:00",
        }
        assert [one.attrib["href"] for one in deleted.findall(f"{ATOM}link")] == [way][: bool(way)]
        assert [entry["title"] for entry in read(client, "atom", feed)] == ["Standing"]
        for form in FORMS:
            content = client.get(f"{feed}.{form}").content
            assert (content.count(b"Secret"), content.count(b"welcome")) == (0, 1)


def test_what_is_restored_is_an_entry_again_and_no_tombstone(client, publish, ed, max):
    edition = publish("Back again")
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="notice", notice="Wait.")
    at = NOON + 2 * MINUTE
    approve_edition(
        workflow.restore(refetch_edition(edition), by=ed, at=at), by=max, at=at, release_at=at
    )

    for form in FORMS:
        [entry] = read(client, form)
        assert (entry["id"], entry["title"]) == (edition.statement.uuid.urn, "Back again")
    assert xml(client.get("/feeds/statements.atom").content).findall(DELETED) == []


def test_a_tombstone_stays_as_long_as_the_entries_of_its_time(client, publish, ed):
    edition = publish("Old", at=NOON - 2 * DAY)
    workflow.withdraw(edition, by=ed, at=NOON - DAY, kind="notice", notice="Wrong.")
    publish("Before", at=NOON - 2 * DAY)
    publish("After", at=NOON)
    assert [len(read(client, form)) for form in FORMS] == [3, 2, 3]
    for _ in range(MAX_ENTRIES - 1):
        publish("After", at=NOON)
    titles = [{entry["title"] for entry in read(client, form)} for form in FORMS]
    assert titles == [{"After"}] * 3


# --- When -----------------------------------------------------------------------------------------


def test_a_feed_carries_an_edition_at_its_second_and_not_one_second_before(
    client, frozen, publish, ann, ed
):
    publish("Standing", themes=["reading"])
    feeds_ = [EVERYTHING, "/themes/reading/feed", "/speakers/dave-hill/feed"]
    addresses = [f"{feed}.{form}" for feed in feeds_ for form in FORMS]

    def answers() -> list:
        said = [(r.content, dict(r.headers)) for r in map(client.get, addresses)]
        for _, headers in said:
            del headers["X-Accel-Expires"]  # which names the second, and nothing of the record
        return said

    before = answers()
    publish("Coming", themes=["reading"], at=NOON + 2 * HOUR)
    frozen(NOON + 2 * HOUR - dt.timedelta(seconds=1))
    assert answers() == before
    frozen(NOON + 2 * HOUR)
    assert [b"Coming" in body for body, _ in answers()] == [True] * len(addresses)


def test_nothing_changes_the_feed_while_nothing_public_changes(client, frozen, publish):
    publish()
    first = client.get("/feeds/statements.atom")
    frozen(NOON + 300 * DAY)
    answer = client.get("/feeds/statements.atom", headers={"If-None-Match": first["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")


# --- Addresses and answers ------------------------------------------------------------------------


def test_a_subject_without_a_public_edition_has_no_feed(client, publish, ann):
    publish()
    silent = make_statement(ann, "Draft", organisation=make_organisation("Silent body"))
    silent.themes.add(Theme.objects.create(name="silent", slug="silent"))
    make_speaker("Silent Sam")
    for subject in ("themes/silent", "speakers/silent-sam", "organisations/silent-body"):
        for form in FORMS:
            hidden = client.get(f"/{subject}/feed.{form}")
            never = client.get(f"/{subject}x/feed.{form}")
            assert (hidden.status_code, hidden.content) == (404, never.content)
    assert client.get("/feeds/statements.xml").status_code == 404


def test_a_former_slug_of_a_profile_redirects_for_ever(client, publish):
    publish(themes=["old"])
    theme = Theme.objects.get()
    theme.slug = "new"
    theme.save()
    speaker = make_speaker()
    speaker.slug = "sir-dave"
    speaker.save()
    for form in FORMS:
        for old, new in (("themes/old", "themes/new"), ("speakers/dave-hill", "speakers/sir-dave")):
            answer = client.get(f"/{old}/feed.{form}")
            assert (answer.status_code, answer["Location"]) == (301, f"/{new}/feed.{form}")
            assert client.get(answer["Location"]).status_code == 200


def test_a_feed_before_the_first_statement_is_empty_and_says_so(client, db):
    for form in FORMS:
        assert read(client, form) == []


def test_other_sites_may_read_a_feed_and_no_cookie_goes_with_it(client, publish):
    publish()
    for form, sent in (
        ("rss", "application/rss+xml"),
        ("atom", "application/atom+xml"),
        ("json", "application/feed+json"),
    ):
        answer = client.get(f"/feeds/statements.{form}")
        assert answer["Content-Type"] == f"{sent}; charset=utf-8"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not answer.cookies


@pytest.mark.parametrize("rows", [1, 3])
def test_a_feed_costs_the_same_queries_for_any_number_of_entries(
    client, publish, ann, ed, rows, django_assert_num_queries
):
    for number in range(rows):
        edition = publish(f"Number {number}", themes=["a", "b"])
        correct(edition, "Better.", ann=ann, ed=ed)
        gone = publish(f"Gone {number}", themes=["a"])
        workflow.withdraw(
            refetch_edition(gone), by=ed, at=NOON + MINUTE, kind="gone", notice="Sorry."
        )
    client.get(f"{EVERYTHING}.rss")  # so that the content is cached
    for subject in (
        *(EVERYTHING, "/themes/a/feed", "/speakers/dave-hill/feed"),
        "/organisations/association-of-directors/feed",
    ):
        for form in FORMS:
            # entries, themes, notes, withdrawals
            with django_assert_num_queries(4):
                answer = client.get(f"{subject}.{form}")
            assert answer.content.count(b"Number") >= rows


def test_content_is_read_once_and_never_mixed_up(
    client, publish, ann, ed, django_assert_num_queries
):
    editions = [publish(f"Number {number}", words=f"We said {number}.") for number in range(3)]
    for form, cost in (("rss", 4), ("atom", 3)):
        with django_assert_num_queries(cost):
            content = client.get(f"/feeds/statements.{form}").content
        assert all(f"We said {number}.".encode() in content for number in range(3))
    correct(editions[0], "We never did.", ann=ann, ed=ed)
    workflow.withdraw(
        refetch_edition(editions[1]), by=ed, at=NOON + MINUTE, kind="gone", notice="Sorry."
    )
    content = client.get("/feeds/statements.rss").content
    assert [said in content for said in (b"We never did.", b"We said 0.", b"We said 1.")] == [
        *(True, False, False)
    ]


# --- Every character ------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.just(ENTRIES_PLACEHOLDER))
def test_no_text_breaks_the_xml(text):
    item = FeedItem(
        id="urn:uuid:0", url="", title=text, html=text, published_at=NOON, updated_at=NOON
    )
    meta = {"title": text, "page_url": "", "feed_url": "", "updated_at": NOON}
    seen = re.sub(r"\r\n?", "\n", INVALID_XML_CHARS.sub("", text))  # as XML reads line ends
    rss, atom = (
        xml(render_xml_feed(form, meta, [render_item(item, form)]).encode())
        for form in ("rss", "atom")
    )
    assert (rss.findtext("channel/item/title") or "") == seen
    assert (atom.findtext(f"{ATOM}title") or "") == seen
