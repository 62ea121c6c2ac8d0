"""Which fields of a record are read as what, and what is said about those that are not."""

import json

import pytest

from archive.mapping import Mapping
from archive.readers.field_names import guess_fields
from archive.readers.row import Row
from archive.readers.values import split_labels
from tests.archive.readers.test_formats import read
from tests.archive.samples import write_file

LONG = "The harbour opens on Monday and every boat may come in again at any hour of the day. " * 5
OTHER = "Nobody has said yet what the new bridge costs or who is going to pay for all of it. " * 9


def read_record(tmp_path, record: dict, mapping: Mapping | None = None) -> Row:
    (row,) = read(write_file(tmp_path, "a.json", json.dumps([record])), mapping)
    assert isinstance(row, Row)
    return row


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ("fullContent FullContent full_content full-content FULL-CONTENT articleBody", "body"),
        ("bodyHtml bodyHTML BodyHtml htmlContent field_body attributes.body post.content", "body"),
        ("publishedAt datePublished published-at PublishDate field_date", "published"),
        ("dateModified updatedAt lastModified", "updated"),
        ("headLine Headline headline dc:title og:title fields.title", "headline"),
        ("Description DESCRIPTION description", "body"),
    ],
)
def test_a_name_is_understood_in_any_spelling(names, field):
    assert {name: guess_fields([name]).get(field) for name in names.split()} == {
        name: [name] for name in names.split()
    }


def test_a_heading_with_a_capital_refuses_no_table(tmp_path):
    table = "Title,Date,Description\nNews,2 May 2012,It begins.\n"
    (row,) = read(write_file(tmp_path, "a.csv", table))
    assert (row.headline, row.body) == ("News", "It begins.")


def test_a_record_whose_longest_text_is_not_read_is_a_draft_and_says_so(tmp_path):
    row = read_record(tmp_path, {"title": "A", "date": "2012-05-02", "text": LONG, "kpx": OTHER})
    assert row.body == LONG.strip()
    assert row.is_draft
    assert row.messages == (
        "Its longest text is in “kpx” (171 words), which is not read as its words, so it comes in "
        "as a draft. If these are its words, say so in the mapping, under [fields]: "
        'body = ["kpx"].',
    )
    assert row.dropped == ("the text of “kpx” (171 words)",)
    assert row.unused_words == 171


def test_a_shorter_text_that_is_not_read_is_named_as_dropped(tmp_path):
    row = read_record(tmp_path, {"title": "A", "date": "2012-05-02", "text": OTHER, "kpx": LONG})
    assert (row.is_draft, row.messages) == (False, ())
    assert (row.dropped, row.unused_words) == (("the text of “kpx” (90 words)",), 90)


def test_a_summary_that_is_longer_than_any_is_no_summary(tmp_path):
    record = {"title": "A", "date": "2012-05-02", "text": "Words.", "summary": LONG * 3}
    row = read_record(tmp_path, record)
    assert (row.is_draft, row.dropped) == (True, ("the text of “summary” (270 words)",))
    alone = read_record(tmp_path, {"title": "A", "date": "2012-05-02", "summary": LONG * 3})
    assert (alone.is_draft, alone.dropped) == (False, ())


def test_a_text_that_repeats_the_words_is_no_loss(tmp_path):
    record = {"title": "A", "text": LONG, "search": LONG.upper(), "page": f"<div>{LONG}</div>"}
    row = read_record(tmp_path, record)
    assert (row.dropped, row.unused_words) == ((), 0)


def test_what_only_programs_read_is_no_text(tmp_path):
    record = {"title": "A", "text": "Words.", "image": "data:image/png;base64," + "A" * 4000}
    record["config"] = json.dumps({"theme": {"width": list(range(200))}})
    record["url"] = "https://old.example/?" + "a=b&" * 100
    assert read_record(tmp_path, record).dropped == ()


def test_the_far_longer_of_two_texts_is_the_words(tmp_path):
    record = {"title": "A", "body": "The harbour opens.", "fullContent": LONG}
    row = read_record(tmp_path, record)
    assert (row.body, row.dropped) == (LONG.strip(), ())


@pytest.mark.parametrize(
    ("labels", "means"),
    [
        (["Food, Farming and Rural Affairs", "Rent"], ["Food, Farming and Rural Affairs", "Rent"]),
        (["a, b"], ["a, b"]),
        ("Housing, Rent", ["Housing", "Rent"]),
        (
            "Housing | Food, Farming and Rural Affairs",
            ["Housing", "Food, Farming and Rural Affairs"],
        ),
        ("Food, Farming and Rural Affairs", ["Food, Farming and Rural Affairs"]),
        ([{"name": "Arts, Sport"}, {"name": "Rent"}], ["Arts, Sport", "Rent"]),
        ([[{"name": "Housing"}], [{"name": "Rent"}]], ["Housing", "Rent"]),
    ],
)
def test_a_comma_separates_labels_only_in_a_text_that_is_a_list(tmp_path, labels, means):
    row = read_record(tmp_path, {"title": "A", "text": "Words.", "tags": labels})
    assert [label.name for label in row.labels] == means


def test_a_sentence_is_one_label():
    sentence = "This is about all of the houses, which we build"
    assert split_labels(sentence) == [sentence]


@pytest.mark.parametrize(
    ("value", "is_draft"), [("On", False), ("Off", True), ("0", True), ("1", False), ("No", True)]
)
def test_published_on_or_off_is_no_date(tmp_path, value, is_draft):
    table = f"Title,Body,Published,Authored on\nNews,Words.,{value},2012-05-02\n"
    (row,) = read(write_file(tmp_path, "a.csv", table))
    assert (str(row.published), row.is_draft, row.messages) == ("2012-05-02", is_draft, ())


@pytest.mark.parametrize(
    "tree",
    [
        [  # Portable Text
            {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": "Head"}]},
            {
                "_type": "block",
                "style": "normal",
                "children": [
                    {"_type": "span", "text": "One & ", "marks": []},
                    {"_type": "span", "text": "two.", "marks": ["strong"]},
                ],
            },
        ],
        {  # Contentful
            "nodeType": "document",
            "data": {},
            "content": [
                {"nodeType": "heading-2", "content": [{"nodeType": "text", "value": "Head"}]},
                {
                    "nodeType": "paragraph",
                    "data": {},
                    "content": [{"nodeType": "text", "value": "One & two.", "marks": []}],
                },
            ],
        },
        {  # Editor.js
            "time": 1,
            "blocks": [
                {"id": "x", "type": "header", "data": {"text": "Head", "level": 2}},
                {"id": "y", "type": "paragraph", "data": {"text": "One & two."}},
            ],
            "version": "2.1",
        },
        {  # Lexical
            "root": {
                "type": "root",
                "children": [
                    {
                        "type": "heading",
                        "tag": "h2",
                        "children": [{"type": "text", "text": "Head"}],
                    },
                    {"type": "paragraph", "children": [{"type": "text", "text": "One & two."}]},
                ],
            }
        },
        {  # Mobiledoc
            "version": "0.3.1",
            "markups": [],
            "atoms": [],
            "cards": [],
            "sections": [
                [1, "h2", [[0, [], 0, "Head"]]],
                [1, "p", [[0, [], 0, "One & "], [0, [], 0, "two."]]],
            ],
        },
        {  # ProseMirror
            "type": "doc",
            "content": [
                {"type": "heading", "content": [{"type": "text", "text": "Head"}]},
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": "One & "},
                        {"type": "text", "text": "two.", "marks": [{"type": "bold"}]},
                    ],
                },
            ],
        },
        [  # Slate
            {"type": "heading-two", "children": [{"text": "Head"}]},
            {"type": "paragraph", "children": [{"text": "One & "}, {"text": "two.", "bold": True}]},
        ],
        {  # Draft.js
            "blocks": [
                {"key": "a", "text": "Head", "type": "header-two", "entityRanges": []},
                {"key": "b", "text": "One & two.", "type": "unstyled", "entityRanges": []},
            ],
            "entityMap": {},
        },
    ],
)
def test_a_tree_of_blocks_is_read_as_the_text_it_shows(tmp_path, tree):
    for value in (tree, json.dumps(tree)):
        row = read_record(tmp_path, {"title": "A", "content": value})
        assert row.body == "<h2>Head</h2><p>One &amp; two.</p>"


def test_texts_in_a_list_are_paragraphs(tmp_path):
    row = read_record(tmp_path, {"title": "A", "body": ["One.", "Two."]})
    assert row.body == "One.\n\nTwo."
    row = read_record(
        tmp_path, {"title": "A", "body": [{"type": "paragraph", "value": "<p>One.</p>"}]}
    )
    assert row.body == "<p>One.</p>"
    row = read_record(
        tmp_path, {"title": "A", "body": {"ops": [{"insert": "One.\nTwo."}, {"insert": "\n"}]}}
    )
    assert row.body == "<p>One.</p><p>Two.</p>"


def test_structure_is_never_published_as_words(tmp_path):
    row = read_record(tmp_path, {"title": "A", "summary": {"kpx": 7}, "body": {"kpx": {"a": 1}}})
    assert (row.summary, row.body) == ("", "")


def test_a_quotation_in_a_tree_keeps_who_said_it(tmp_path):
    tree = [
        {"type": "heading", "content": "Head"},
        {"type": "quote", "content": "We are glad.", "author": "Ann Fox, Leader"},
        {"type": "list", "items": ["One", "Two"]},
    ]
    row = read_record(tmp_path, {"title": "A", "body": tree})
    assert row.body == (
        "<h2>Head</h2><blockquote><p>We are glad.</p></blockquote><p>— Ann Fox, Leader</p>"
        "<ul><li>One</li><li>Two</li></ul>"
    )


@pytest.mark.parametrize(
    "tree",
    [
        [{"type": "list", "data": {"style": "ordered", "items": ["One", "Two"]}}],
        {
            "root": {
                "children": [
                    {
                        "type": "list",
                        "listType": "number",
                        "tag": "ol",
                        "children": [
                            {"type": "listitem", "children": [{"type": "text", "text": text}]}
                            for text in ("One", "Two")
                        ],
                    }
                ]
            }
        },
        {
            "type": "doc",
            "content": [
                {
                    "type": "orderedList",
                    "content": [
                        {
                            "type": "listItem",
                            "content": [
                                {"type": "paragraph", "content": [{"type": "text", "text": text}]}
                            ],
                        }
                        for text in ("One", "Two")
                    ],
                }
            ],
        },
    ],
)
def test_a_list_in_a_tree_is_a_list(tmp_path, tree):
    row = read_record(tmp_path, {"title": "A", "body": tree})
    plain = row.body.replace("<p>", "").replace("</p>", "")
    assert plain == "<ol><li>One</li><li>Two</li></ol>"


def test_a_record_of_unknown_fields_is_refused_and_they_are_named(tmp_path):
    records = [{"title": "A", "text": "One."}, {"kpx": LONG}]
    _, refused = read(write_file(tmp_path, "a.json", json.dumps(records)))
    assert refused.why == (
        "There is neither headline nor text in it, and the text of “kpx” is not read."
    )


ITEM = {"title": "A", "date": "2012-05-02", "text": "One."}


@pytest.mark.parametrize(
    "document",
    [
        {"props": {"pageProps": {"page": 1, "allKpx": [ITEM, ITEM]}}},
        {"a-quay": ITEM, "the-quay": ITEM},
        {"@context": "https://schema.org", "@graph": [ITEM, ITEM]},
        {"hits": {"total": 2, "hits": [{"_source": ITEM}, {"_source": ITEM}]}},
        {"response": {"docs": [{"title_s": "A", "date_dt": "2012-05-02", "body_t": "One."}] * 2}},
        {"1": ITEM, "2": ITEM},
    ],
)
def test_items_are_found_wherever_they_are(tmp_path, document):
    rows = read(write_file(tmp_path, "a.json", json.dumps(document)))
    found = [(row.headline, str(row.published), row.body) for row in rows]
    assert found == [("A", "2012-05-02", "One.")] * 2


@pytest.mark.parametrize(
    ("body", "means"),
    [
        ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;", "<p>One &amp; two.</p>"),
        ("AT&amp;T says &#8220;hello&#8221;.", "AT&T says “hello”."),
        ("<p>AT&amp;T</p>", "<p>AT&amp;T</p>"),
        ("Salt & vinegar; fish", "Salt & vinegar; fish"),
    ],
)
def test_a_text_that_was_escaped_as_a_whole_is_read_as_it_was_seen(tmp_path, body, means):
    assert read_record(tmp_path, {"title": "A", "body": body}).body == means


def test_a_text_in_two_languages_names_the_one_that_is_not_read(tmp_path):
    record = {"title": {"en": "A", "cy": "B"}, "body": {"en": OTHER, "cy": LONG}}
    row = read_record(tmp_path, record)
    assert (row.headline, row.body) == ("A", OTHER.strip())
    assert row.dropped == ("the text of “body.cy” (90 words)",)


def test_sections_keep_their_headings(tmp_path):
    sections = [{"heading": "Why", "text": "One."}, {"heading": "When", "text": "Two."}]
    row = read_record(tmp_path, {"title": "A", "sections": sections})
    assert row.body == "<h2>Why</h2><p>One.</p><h2>When</h2><p>Two.</p>"


def test_formatted_text_comes_before_the_same_text_without_its_table(tmp_path):
    html = "<p>Words.</p><table><tr><td>Year</td><td>10<sup>6</sup></td></tr></table>"
    assert read_record(tmp_path, {"title": "A", "body": "Words.", "htmlBody": html}).body == html


@pytest.mark.parametrize("full_text", ["<p>It holds.</p>", ""])
def test_the_first_lines_that_joomla_keeps_apart_are_the_summary(tmp_path, full_text):
    record = {"title": "A", "introtext": "<p>The wall is new.</p>", "fulltext": full_text}
    row = read_record(tmp_path, record)
    assert (row.summary, row.body) == ("The wall is new.", full_text)


def test_the_text_of_umbraco_is_read_out_of_its_object(tmp_path):
    text = {"markup": "<p>It holds.</p>", "blocks": []}
    row = read_record(tmp_path, {"name": "A", "properties": {"bodyText": text}})
    assert row.body == "<p>It holds.</p>"
