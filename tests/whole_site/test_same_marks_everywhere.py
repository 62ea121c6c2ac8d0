"""The same quotation marks in every form in which the words leave: page, text, RSS, Atom, JSON."""

import html
import json
import re

import feedparser
import pytest
from django.utils.html import strip_tags

from statements.content.rendering import generate_attribution
from statements.models import Passage, Statement
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    submit_statement,
)

DAVE, JANE, NOBODY = "Dave Hill", "Jane Smith", ""
# What each passage is: speaker, sub-heading, line before the words, and its blocks.
LIST = "<ul><li>One</li><li>Two</li></ul>"

FIXTURES: list[tuple[str, list[tuple[str, str, str, str]], list[str]]] = [
    # One voice
    ("en", [(DAVE, "", "", "<p>One.</p>")], ["“One.”"]),
    ("en", [(DAVE, "", "", "<p>One.</p><p>Two.</p>")], ["“One.", "“Two.”"]),
    ("en", [(DAVE, "", "", "<p>One.</p><p>Two.</p><p>Three.</p>")], ["“One.", "“Two.", "“Three.”"]),
    ("en", [(DAVE, "", "", "<p>A <strong>bold</strong> <em>word</em>.</p>")], ["“A bold word.”"]),
    ("en", [(DAVE, "", "", "<p>One<br>line.</p>")], ["“One", "line.”"]),
    # Marks within marks
    ("en", [(DAVE, "", "", "<p>They said “no”.</p>")], ["“They said ‘no’.”"]),
    ("en", [(DAVE, "", "", '<p>They said "no".</p>')], ["“They said ‘no’.”"]),
    ("en", [(DAVE, "", "", "<p>“No” is no “answer”</p>")], ["“‘No’ is no ‘answer’”"]),
    ("en", [(DAVE, "", "", "<p>He <em>said “no</em>”.</p>")], ["“He said ‘no’.”"]),
    (
        "en",
        [(DAVE, "", "", "<p>She: ‘I heard “no” from him.’</p>")],
        ["“She: ‘I heard “no” from him.’”"],
    ),
    (
        "en",
        [(DAVE, "", "", "<p>’Til then, James’ ’90s “plan”.</p>")],
        ["“’Til then, James’ ’90s ‘plan’.”"],
    ),
    ("en", [(DAVE, "", "", "<p>R&amp;D &lt; “5” &gt; 4</p>")], ["“R&D < ‘5’ > 4”"]),
    (
        "en",
        [(DAVE, "", "", "<p>“So” they say.</p><p>And “so” on.</p>")],
        ["“‘So’ they say.", "“And ‘so’ on.”"],
    ),
    # Sub-headings and lines between
    (
        "en",
        [(DAVE, "", "", "<p>One.</p>"), (DAVE, "Next", "", "<p>Two.</p>")],
        ["“One.”", "Next", "“Two.”"],
    ),
    (
        "en",
        [(DAVE, "First", "", "<p>One.</p><p>Two.</p>"), (DAVE, "", "", "<p>Three.</p>")],
        ["First", "“One.", "“Two.", "“Three.”"],
    ),
    (
        "en",
        [(DAVE, "", "", "<p>One.</p>"), (DAVE, "", "He added:", "<p>Two.</p>")],
        ["“One.”", "He added:", "“Two.”"],
    ),
    ("en", [(DAVE, "A “so-called” plan", "", "<p>One.</p>")], ["A “so-called” plan", "“One.”"]),
    (
        "en",
        [(NOBODY, "Background", "", "<p>It was “so”.</p>"), (DAVE, "", "", "<p>One.</p>")],
        ["Background", "It was “so”.", "“One.”"],
    ),
    # Several voices, and narration
    ("en", [(DAVE, "", "", "<p>One.</p>"), (JANE, "", "", "<p>Two.</p>")], ["“One.”", "“Two.”"]),
    (
        "en",
        [
            (DAVE, "", "", "<p>One.</p>"),
            (NOBODY, "", "", "<p>Then:</p>"),
            (DAVE, "", "", "<p>Two.</p>"),
        ],
        ["“One.”", "Then:", "“Two.”"],
    ),
    (
        "en",
        [
            (DAVE, "", "", "<p>One.</p><p>Two.</p>"),
            (JANE, "Joint", "", "<p>Three.</p><p>Four “five”.</p>"),
        ],
        ["“One.", "“Two.”", "Joint", "“Three.", "“Four ‘five’.”"],
    ),
    ("en", [(NOBODY, "", "", '<p>He said "no", 12" long.</p>')], ['He said "no", 12" long.']),
    # Lists
    ("en", [(DAVE, "", "", f"<p>Two:</p>{LIST}")], ["“Two:", "One", "Two”"]),
    ("en", [(DAVE, "", "", f"<p>Two:</p>{LIST}<p>End.</p>")], ["“Two:", "One", "Two", "“End.”"]),
    ("en", [(DAVE, "", "", f"{LIST}<p>End.</p>")], ["“One", "Two", "“End.”"]),
    ("en", [(DAVE, "", "", "<ol><li>a “b”</li><li>c</li></ol>")], ["“a ‘b’", "c”"]),
    # Links
    (
        "en",
        [(DAVE, "", "", '<p>See <a href="https://example.org/?a=1&amp;b=2">“this”</a>.</p>')],
        ["“See ‘this’.”"],
    ),
    # Languages, each with its own marks outside and inside
    ("cy", [(DAVE, "", "", "<p>Un “dau” tri.</p><p>Pedwar.</p>")], ["“Un ‘dau’ tri.", "“Pedwar.”"]),
    ("ga", [(DAVE, "Ceann", "", "<p>A “haon”.</p>")], ["Ceann", "“A ‘haon’.”"]),
    (
        "de",
        [(DAVE, "", "", "<p>Ein „Wort“ hier.</p><p>Vier.</p>")],
        ["„Ein ‚Wort‘ hier.", "„Vier.“"],
    ),
    ("pl", [(DAVE, "", "", "<p>Jedno „słowo”.</p>")], ["„Jedno «słowo».”"]),
    (
        "fr",
        [(DAVE, "", "", "<p>Un mot.</p><p>Deux.</p>")],
        ["«\u202fUn mot.", "«\u202fDeux.\u202f»"],
    ),
    ("es", [(DAVE, "", "", "<p>Una “palabra” sola.</p>")], ["«Una “palabra” sola.»"]),
    ("uk", [(DAVE, "", "", "<p>Одне „слово“.</p>")], ["«Одне „слово“.»"]),
    (
        "ar",
        [(DAVE, "", "", "<p>كلمة “واحدة” هنا.</p><p>نعم.</p>")],
        ["«كلمة “واحدة” هنا.", "«نعم.»"],
    ),
    ("he", [(DAVE, "", "", "<p>מילה אחת.</p>")], ["“מילה אחת.”"]),
    ("ur", [(DAVE, "عنوان", "", "<p>ایک “لفظ”۔</p>")], ["عنوان", "“ایک ‘لفظ’۔”"]),
]


@pytest.fixture
def published(ann, ed, frozen) -> list[Statement]:
    """Every one of them, as its writer typed it and an editor agreed to it."""
    frozen(NOON + HOUR)
    make_speaker(DAVE, role="")
    make_speaker(JANE, role="")
    return [_published(number, *one[:2], ann, ed) for number, one in enumerate(FIXTURES)]


def _published(number: int, language: str, passages: list, ann, ed) -> Statement:
    statement = Statement.objects.create(
        headline=f"Fixture {number}",
        slug=f"fixture-{number}",
        language=language,
        organisation=make_organisation(),
    )
    for position, (speaker, heading, attribution, body) in enumerate(passages):
        Passage.objects.create(
            statement=statement,
            position=position,
            speaker=make_speaker(speaker) if speaker else None,
            heading=heading,
            attribution=attribution,
            body=body,
        )
    statement.record_save(by=ann, seen_version=1)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    return statement


def blocks(source: str) -> list[str]:
    """The text of each block of HTML; a no-break space stays, for it belongs to the marks."""
    source = re.sub(r'<p class="tools".*?</p>', "", source, flags=re.DOTALL)
    text = html.unescape(
        strip_tags(re.sub(r"<br>|</?(?:p|h2|li|ol|ul|blockquote)\b", r"\n\g<0>", source))
    )
    return [line.strip(" \n\t") for line in text.split("\n") if line.strip(" \n\t")]


def lines(text: str) -> list[str]:
    """The same of plain text, which counts its items and says where its links lead."""
    text = re.sub(r"^ *(?:•|\d+\.) ", "", text, flags=re.MULTILINE)
    text = re.sub(r" \(https?://[^)]*\)", "", text)
    return [line.strip(" ") for line in text.split("\n") if line.strip(" ")]


def on_the_page(client, slug: str) -> list[str]:
    page = client.get(f"/statements/{slug}/").content.decode()
    return blocks(re.search(r'<div class="words"[^>]*>(.*?)\n</div>', page, re.DOTALL)[1])


def in_the_text(client, slug: str) -> list[str]:
    words = client.get(f"/statements/{slug}.txt").content.decode().split("\n\n* * *\n\n")[0]
    return lines(words.split("\n\n", 1)[1])


def in_a_feed(client, form: str) -> dict[str, list[str]]:
    body = client.get(f"/feeds/statements.{form}").content
    if form == "json":
        found = {item["title"]: item["content_html"] for item in json.loads(body)["items"]}
    else:
        told = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        found = {entry.title: entry.content[0].value for entry in told.entries}
    return {title: blocks(source) for title, source in found.items()}


def test_the_marks_are_the_same_wherever_the_words_are_read(client, published):
    feeds = {form: in_a_feed(client, form) for form in ("rss", "atom", "json")}
    assert len(FIXTURES) >= 30
    for number, (language, passages, expected) in enumerate(FIXTURES):
        announced = {generate_attribution(name, "", "", language) for name, *_ in passages if name}
        forms = {
            "page": on_the_page(client, f"fixture-{number}"),
            "text": in_the_text(client, f"fixture-{number}"),
            **{form: found[f"Fixture {number}"] for form, found in feeds.items()},
        }
        for form, said in forms.items():
            assert said == forms["page"], (number, form)
            assert [line for line in said if line not in announced] == expected, (number, form)
