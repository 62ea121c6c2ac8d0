"""Data for other sites: schema.org, Open Graph and links to feeds."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from statements import workflow
from statements.models import Passage, Theme
from statements.public.json_ld import _render_json
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
from tests.make_files import attach_file, make_picture

SITE = "http://localhost:8000"
BODY = {"@type": "Organization", "name": "Association of Directors"}
PUBLISHER = BODY | {"url": f"{SITE}/organisations/association-of-directors/"}


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


@pytest.fixture
def publish(ann, ed):
    def publish(headline="A comment", *, at=NOON, **fields):
        statement = make_statement(ann, headline, **fields)
        return release(statement, at=at)

    def release(statement, *, at=NOON, **fields):
        edition = submit_statement(statement, by=ann, at=at, **fields)
        return approve_edition(edition, by=ed, at=at, release_at=at)

    publish.release = release
    return publish


class Head(HTMLParser):
    """Collect the meta and link elements of a page, and its JSON-LD as a browser finds it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.feeds: list[str] = []
        self.blocks: list[str] = []
        self._in_block = False
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "meta" and (given.get("property") or given.get("name")):
            self.meta[given.get("property") or given["name"]] = given["content"]
        if tag == "link" and given.get("rel") == "alternate" and "title" in given:
            self.feeds.append(given["href"])
        if tag == "script" and given.get("type") == "application/ld+json":
            self._in_block = True
            self.blocks.append("")

    def handle_endtag(self, tag):
        self._in_block = False

    def handle_data(self, data):
        if self._in_block:
            self.blocks[-1] += data


def head(client, address: str) -> Head:
    answer = client.get(address)
    assert answer.status_code == 200
    return Head(answer.content.decode())


def read_json_ld(client, edition) -> dict:
    [block] = head(client, f"/statements/{edition.slug}/").blocks
    return json.loads(block)


def test_a_statement_is_a_news_article_by_its_publisher(client, publish, ann):
    statement = make_statement(
        ann,
        "“Head” & </script>",
        slug="head",
        summary="In short.",
        responds_to_title="A report",
        responds_to_url="https://example.org/",
    )
    statement.themes.add(Theme.objects.create(name="Reading", slug="reading"))
    Passage.objects.create(statement=statement, position=1, body="<p>Then:</p>")
    Passage.objects.create(
        statement=statement,
        position=2,
        speaker=make_speaker("Jane Smith", role=""),
        body='<p>One "no".</p><p>Two.</p>',
    )
    edition = publish.release(statement)

    address = f"{SITE}/statements/head/"
    assert read_json_ld(client, edition) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": "“Head” & </script>",
        "description": "In short.",
        "articleSection": "Comment",
        "inLanguage": "en",
        "datePublished": "2044-03-01T12:00:00+00:00",
        "dateModified": "2044-03-01T12:00:00+00:00",
        "author": PUBLISHER,
        "publisher": PUBLISHER,
        "keywords": ["Reading"],
        "citation": {"@type": "CreativeWork", "name": "A report", "url": "https://example.org/"},
        "hasPart": [
            {
                "@type": "Quotation",
                "url": f"{address}#quote-1",
                "text": "“We welcome the report.”",
                "spokenByCharacter": {
                    "@type": "Person",
                    "name": "Dave Hill",
                    "jobTitle": "President",
                    "affiliation": BODY,
                    "url": f"{SITE}/speakers/dave-hill/",
                },
            },
            {
                "@type": "Quotation",
                "url": f"{address}#quote-2",
                "text": "“One ‘no’.\n“Two.”",
                "spokenByCharacter": {
                    "@type": "Person",
                    "name": "Jane Smith",
                    "url": f"{SITE}/speakers/jane-smith/",
                },
            },
        ],
        "isAccessibleForFree": True,
    }


def test_a_correction_has_its_date(client, publish, ann):
    first = publish(at=NOON - DAY)
    rewrite_passage(first.statement, "We regret it.", by=ann)
    publish.release(
        first.statement, amendment="correction", public_note="It said welcome.", at=NOON
    )
    rewrite_passage(first.statement, "It was not so.", by=ann)
    last = publish.release(
        first.statement, amendment="retraction", public_note="It was not so.", at=NOON + MINUTE
    )

    said = read_json_ld(client, last)

    assert said["correction"] == [
        {
            "@type": "CorrectionComment",
            "name": "Retraction",
            "text": "It was not so.",
            "datePublished": "2044-03-01T12:01:00+00:00",
        },
        {
            "@type": "CorrectionComment",
            "name": "Correction",
            "text": "It said welcome.",
            "datePublished": "2044-03-01T12:00:00+00:00",
        },
    ]
    assert said["creativeWorkStatus"] == "Retracted"
    assert said["datePublished"] == "2044-02-29T12:00:00+00:00"
    assert said["dateModified"] == "2044-03-01T12:01:00+00:00"


def test_a_translation_names_its_original_and_an_original_its_translations(client, publish):
    original = publish("In English")
    welsh = publish("Yn Gymraeg", language="cy", translation_of=original.statement)
    publish("As Gaeilge", language="ga", translation_of=original.statement, at=NOON + DAY)

    assert read_json_ld(client, original)["workTranslation"] == [
        {
            "@type": "NewsArticle",
            "@id": f"{SITE}/statements/yn-gymraeg/",
            "name": "Yn Gymraeg",
            "inLanguage": "cy",
        }
    ]
    assert (
        read_json_ld(client, welsh)["translationOfWork"]["@id"] == f"{SITE}/statements/in-english/"
    )
    assert "workTranslation" not in read_json_ld(client, welsh)


def test_what_other_sites_show_of_a_page(client, publish, ann):
    plain = head(client, f"/statements/{publish('Plain', language='cy').slug}/").meta
    statement = make_statement(ann, "“Shown”", slug="shown", summary="In <short>.")
    attach_file(
        statement, ann, "a.jpg", make_picture(600, 400), alt="What it shows", title="A caption"
    )
    publish.release(statement, at=NOON + MINUTE)
    shown = head(client, "/statements/shown/").meta

    assert {name: value for name, value in shown.items() if ":" in name} == {
        "og:type": "article",
        "og:site_name": "On the Record",
        "og:url": f"{SITE}/statements/shown/",
        "og:title": "“Shown”",
        "og:description": "In <short>.",
        "og:locale": "en_GB",
        "article:published_time": "2044-03-01T12:01:00+00:00",
        "article:modified_time": "2044-03-01T12:01:00+00:00",
        "og:image": shown["og:image"],
        "og:image:width": "480",
        "og:image:height": "320",
        "og:image:alt": "What it shows",
        "twitter:card": "summary_large_image",
    }
    assert client.get(shown["og:image"].removeprefix(SITE)).status_code == 200
    assert (plain["og:locale"], plain["twitter:card"]) == ("cy_GB", "summary")
    assert plain["og:description"] == "Dave Hill, President"


def test_withdrawn_content_is_in_no_data(client, publish, ed):
    edition = publish()
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="notice", notice="Wrong.")
    page = head(client, f"/statements/{refetch_edition(edition).slug}/")
    assert (page.blocks, page.meta.get("og:title"), page.meta["robots"]) == ([], None, "noindex")


def test_pages_lead_to_their_feeds(client, publish):
    statement = publish().statement
    statement.themes.add(Theme.objects.create(name="Reading", slug="reading"))
    make_organisation()
    for address, feed in (
        *(("/", "/feeds/statements"), ("/statements/a-comment/", "/feeds/statements")),
        *((f"/{it}/", f"/{it}/feed") for it in ("themes/reading", "speakers/dave-hill")),
        (
            "/organisations/association-of-directors/",
            "/organisations/association-of-directors/feed",
        ),
    ):
        expected = [f"{feed}.{form}" for form in ("rss", "atom", "json")]
        assert head(client, address).feeds == expected
        footer = client.get(address).content.decode().split("<footer")[1]
        own = [one for one in re.findall(r'href="([^"]+)"', footer) if "feed" in one]
        assert own == expected
        assert {client.get(one).status_code for one in expected} == {200}


@given(st.recursive(st.text(st.characters(exclude_categories=["Cs"])), st.lists, max_leaves=4))
def test_no_word_ends_the_block_or_becomes_a_tag(said):
    block = _render_json({"said": said, "name": "</script><!--<script>\u2028\u2029&amp;"})
    assert isinstance(block, SafeString)
    assert not re.search("[<>&\u2028\u2029]", block)
    assert json.loads(block).get("said", "") == (said or "")
