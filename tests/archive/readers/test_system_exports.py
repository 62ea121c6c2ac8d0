"""What Drupal, Ghost, databases and agencies export, with the tags, authors and addresses of it."""

import datetime as dt
import json

from archive.mapping import Mapping
from archive.readers.row import Row, SkippedRow
from tests.archive.readers.test_formats import blocks, read
from tests.archive.samples import write_file

PAGE_SENTENCE = "It is a page, and no statement (pages = true in the mapping takes pages too)."


def read_json(tmp_path, document, mapping: Mapping | None = None) -> list:
    return read(write_file(tmp_path, "export.json", json.dumps(document)), mapping)


def names(row: Row) -> list[str]:
    return [label.name for label in row.labels]


def make_drupal_7_node(**fields) -> dict:
    return {
        "vid": "8",
        "uid": "1",
        "title": "The quay opens",
        "log": "",
        "status": "1",
        "nid": "7",
        "type": "press_release",
        "language": "und",
        "created": "1336037400",
        "changed": "1336037500",
        "name": "admin",
        "body": {
            "und": [
                {
                    "value": "<p>It opens.</p>",
                    "summary": "Short.",
                    "format": "full_html",
                    "safe_value": "<p>It opens.</p>\n",
                }
            ]
        },
        "field_tags": {"und": [{"tid": "3", "name": "Harbours, quays"}, {"tid": "4"}]},
        "field_image": {"und": [{"fid": "5", "uri": "public://quay.jpg", "alt": "The quay"}]},
        "path": {"pid": "9", "alias": "news/quay", "language": "und"},
    } | fields


def test_a_node_of_drupal_7_by_node_export(tmp_path):
    expected = (
        "The quay opens",
        "Short.",
        "<p>It opens.</p>",
        "press_release",
        ["Harbours, quays"],
        ("/news/quay", "/node/7"),
        "und",
        dt.datetime(2012, 5, 3, 9, 30, tzinfo=dt.UTC),
    )
    node = make_drupal_7_node()
    for document in ([node], {"nodes": [{"node": node}]}, {"1": node}, {"node": node}):
        (row,) = read_json(tmp_path, document)
        assert (
            row.headline,
            row.summary,
            row.body,
            row.kind,
            names(row),
            row.urls,
            row.language or "und",
            row.published,
        ) == expected
        assert [(file.url, file.alt) for file in row.linked_files] == [("quay.jpg", "The quay")]
        assert (row.authors, row.dropped) == ((), ())


def test_a_page_of_drupal_is_no_statement(tmp_path):
    (item,) = read_json(tmp_path, [make_drupal_7_node(type="page")])
    assert (type(item), item.why) == (SkippedRow, PAGE_SENTENCE)
    (row,) = read_json(tmp_path, [make_drupal_7_node(type="page")], Mapping(pages=True))
    assert row.headline == "The quay opens"


def test_a_node_of_drupal_7_as_xml(tmp_path):
    text = """<?xml version="1.0"?><node_export><node><vid>8</vid><title>The quay opens</title>
    <nid>7</nid><status>1</status><created>1336037400</created><type>article</type>
    <body><und is_array="1"><n0><value>&lt;p&gt;It opens.&lt;/p&gt;</value><summary>Short.</summary>
    <format>full_html</format></n0></und></body>
    <field_tags><und is_array="1"><n0><tid>3</tid><name>Harbours</name></n0><n1><tid>4</tid>
    <name>Rent</name></n1></und></field_tags>
    <path><pid>9</pid><alias>news/quay</alias></path></node></node_export>"""
    (row,) = read(write_file(tmp_path, "nodes.xml", text))
    assert (row.headline, row.summary, row.body) == ("The quay opens", "Short.", "<p>It opens.</p>")
    assert (names(row), row.urls) == (["Harbours", "Rent"], ("/news/quay", "/node/7"))


def test_a_node_of_drupal_8_and_later_by_rest(tmp_path):
    node = {
        "nid": [{"value": 7}],
        "uuid": [{"value": "u-7"}],
        "vid": [{"value": 8}],
        "langcode": [{"value": "cy"}],
        "type": [{"target_id": "article", "target_type": "node_type"}],
        "status": [{"value": True}],
        "title": [{"value": "The quay opens"}],
        "created": [{"value": "2012-05-03T09:30:00+00:00", "format": "Y-m-d\\TH:i:sP"}],
        "path": [{"alias": "/news/quay", "pid": 1, "langcode": "cy"}],
        "body": [
            {
                "value": "It opens.",
                "format": "basic",
                "processed": "<p>It opens.</p>",
                "summary": "",
            }
        ],
        "field_tags": [{"target_id": 3, "target_type": "taxonomy_term", "url": "/harbours"}],
    }
    (row,) = read_json(tmp_path, [node])
    assert (row.headline, row.body, row.language) == ("The quay opens", "<p>It opens.</p>", "cy")
    assert (row.urls, row.identifier, names(row)) == (("/news/quay", "/node/7"), "u-7", [])
    assert row.published == dt.datetime(2012, 5, 3, 9, 30, tzinfo=dt.UTC)


def test_json_api_finds_tags_authors_and_pictures_beside_the_items(tmp_path):
    document = {
        "jsonapi": {"version": "1.0"},
        "data": [
            {
                "type": "node--press_release",
                "id": "u-1",
                "attributes": {
                    "drupal_internal__nid": 7,
                    "langcode": "en",
                    "status": True,
                    "title": "The quay opens",
                    "created": "2012-05-03T09:30:00+00:00",
                    "path": {"alias": "/news/quay", "pid": 1, "langcode": "en"},
                    "body": {
                        "value": "<p>It opens.</p>",
                        "format": "full_html",
                        "processed": "<p>It opens.</p>",
                        "summary": "Short.",
                    },
                },
                "relationships": {
                    "node_type": {"data": {"type": "node_type--node_type", "id": "t"}},
                    "uid": {"data": {"type": "user--user", "id": "a"}},
                    "revision_uid": {"data": {"type": "user--user", "id": "b"}},
                    "field_tags": {
                        "data": [
                            {"type": "taxonomy_term--tags", "id": "x"},
                            {"type": "taxonomy_term--tags", "id": "missing"},
                        ]
                    },
                    "field_image": {
                        "data": {"type": "file--file", "id": "f", "meta": {"alt": "The quay"}}
                    },
                },
            },
            {"type": "node--page", "id": "u-2", "attributes": {"title": "About us"}},
            {"type": "taxonomy_term--tags", "id": "y", "attributes": {"name": "Rent"}},
        ],
        "included": [
            {"type": "taxonomy_term--tags", "id": "x", "attributes": {"name": "Food, farming"}},
            {"type": "user--user", "id": "a", "attributes": {"display_name": "Ann Fox"}},
            {"type": "user--user", "id": "b", "attributes": {"display_name": "Root"}},
            {
                "type": "file--file",
                "id": "f",
                "attributes": {"uri": {"value": "public://q.jpg", "url": "/sites/files/q.jpg"}},
            },
        ],
    }
    row, page, term = read_json(tmp_path, document)
    assert (row.headline, row.summary, row.body) == ("The quay opens", "Short.", "<p>It opens.</p>")
    assert (row.identifier, row.urls, row.kind) == ("u-1", ("/news/quay",), "press_release")
    assert (row.authors, names(row)) == (("Ann Fox",), ["Food, farming"])
    assert [(file.url, file.alt) for file in row.linked_files] == [
        ("/sites/files/q.jpg", "The quay")
    ]
    assert (type(page), page.why) == (SkippedRow, PAGE_SENTENCE)
    assert term.why == "It is of the type “taxonomy_term--tags”, and no statement."


def test_a_ghost_export_with_its_tables(tmp_path):
    posts = [
        {
            "id": "p1",
            "uuid": "u1",
            "title": "The quay opens",
            "slug": "quay",
            "html": '<p>It <a href="__GHOST_URL__/more/">opens</a>.</p>',
            "lexical": '{"root":{"children":[]}}',
            "plaintext": "It opens.",
            "feature_image": "__GHOST_URL__/content/images/q.jpg",
            "type": "post",
            "status": "published",
            "visibility": "public",
            "published_at": "2012-05-03T09:30:00.000Z",
            "custom_excerpt": "Short.",
        },
        {"id": "p2", "title": "About us", "slug": "about", "html": "<p>We.</p>", "type": "page"},
        {
            "id": "p3",
            "title": "Later",
            "slug": "later",
            "html": None,
            "mobiledoc": '{"version":"0.3.1","markups":[],"atoms":[],"cards":[],'
            '"sections":[[1,"p",[[0,[],0,"Only here."]]]]}',
            "status": "published",
            "published_at": 1336037400000,
            "author_id": "a2",
        },
    ]
    data = {
        "posts": posts,
        "tags": [
            {"id": "t1", "name": "Harbours", "visibility": "public"},
            {"id": "t2", "name": "#wide", "visibility": "internal"},
            {"id": "t3", "name": "Food, farming", "visibility": "public"},
        ],
        "posts_tags": [
            {"post_id": "p1", "tag_id": "t3", "sort_order": 2},
            {"post_id": "p1", "tag_id": "t2", "sort_order": 1},
            {"post_id": "p1", "tag_id": "t1", "sort_order": 0},
        ],
        "users": [{"id": "a1", "name": "Ann Fox"}, {"id": "a2", "name": "Bob Sample"}],
        "posts_authors": [{"post_id": "p1", "author_id": "a1", "sort_order": 0}],
        "posts_meta": [{"post_id": "p1", "feature_image_alt": "The quay"}],
        "settings": [{"key": "locale", "value": "cy"}],
    }
    for document in ({"db": [{"meta": {}, "data": data}]}, {"meta": {}, "data": data}):
        row, page, later = read_json(tmp_path, document)
        assert (row.headline, row.summary, row.language) == ("The quay opens", "Short.", "cy")
        assert row.body == '<p>It <a href="/more/">opens</a>.</p>'
        assert (row.urls, row.authors) == (("/quay/",), ("Ann Fox",))
        assert names(row) == ["Harbours", "Food, farming"]
        assert [(file.url, file.alt) for file in row.linked_files] == [
            ("/content/images/q.jpg", "The quay")
        ]
        assert (type(page), page.why) == (SkippedRow, PAGE_SENTENCE)
        assert (later.body, later.authors) == ("<p>Only here.</p>", ("Bob Sample",))
        assert later.published == row.published == dt.datetime(2012, 5, 3, 9, 30, tzinfo=dt.UTC)


def test_a_story_in_nitf(tmp_path):
    text = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-4.dtd">
    <nitf xml:lang="en"><head><title>Quay</title><docdata management-status="usable">
    <doc-id id-string="n-7"/><date.issue norm="20120503T093000+0000"/>
    <date.release norm="20120503T093000+0000"/><key-list><keyword key="Harbours"/>
    <keyword key="Food, farming"/></key-list></docdata></head>
    <body><body.head><hedline><hl1>The quay opens</hl1><hl2>And soon</hl2></hedline>
    <byline>By <person>Ann Fox</person></byline><dateline><location>Bristol</location>
    </dateline></body.head><body.content><p>It <em>opens</em>.</p><hl2>Why</hl2><p>Because.</p>
    <media media-type="image"><media-reference source="q.jpg" alternate-text="The quay"/>
    <media-caption>The quay today</media-caption></media></body.content>
    <body.end><tagline>From the harbour office</tagline></body.end></body></nitf>"""
    (row,) = read(write_file(tmp_path, "story.xml", text))
    assert (row.headline, row.summary, row.authors) == ("The quay opens", "And soon", ("Ann Fox",))
    assert (row.identifier, row.language) == ("n-7", "en")
    assert row.published == dt.datetime(2012, 5, 3, 9, 30, tzinfo=dt.UTC)
    assert names(row) == ["Harbours", "Food, farming"]
    assert blocks(row) == [
        "<p>It <em>opens</em>.</p>",
        "<p>Because.</p>",
        "<p>The quay today</p>",
        "<p>From the harbour office</p>",
    ]
    assert [(file.url, file.alt) for file in row.linked_files] == [("q.jpg", "The quay")]


def test_an_empty_record_costs_itself_alone(tmp_path):
    text = """<list><release><id>1</id><kpx/></release><release/><release><id>2</id><title>A</title>
    <text>Words.</text></release></list>"""
    empty, none, row = read(write_file(tmp_path, "list.xml", text))
    assert (empty.why, none.why) == (
        "There is neither headline nor text in it (id: 1).",
        "There is neither headline nor text in it.",
    )
    assert (row.headline, row.body) == ("A", "Words.")


def test_records_are_found_around_records_inside_them(tmp_path):
    text = """<export><meta><version>1</version><name>Site</name></meta><post>
    <author><name>Ann Fox</name><email>ann@o.example</email></author><title>A</title>
    <body><para>One.</para><para>Two.</para></body><tags><tag>Food, farming</tag><tag>Rent</tag></tags>
    </post></export>"""
    (row,) = read(write_file(tmp_path, "posts.xml", text))
    assert (row.headline, blocks(row), row.authors) == (
        "A",
        ["<p>One.</p>", "<p>Two.</p>"],
        ("Ann Fox",),
    )
    assert names(row) == ["Food, farming", "Rent"]


def test_a_table_of_a_database_as_xml(tmp_path):
    mysql = '<resultset><row><field name="title">A</field><field name="body">One.</field></row></resultset>'
    (row,) = read(write_file(tmp_path, "table.xml", mysql))
    assert (row.headline, row.body) == ("A", "One.")
    attributes = '<posts><row Id="1" Title="A" Body="&lt;p&gt;One.&lt;/p&gt;" /></posts>'
    (row,) = read(write_file(tmp_path, "rows.xml", attributes))
    assert (row.headline, row.body) == ("A", "<p>One.</p>")


def test_databases_that_write_the_type_of_each_value(tmp_path):
    mongo = {
        "_id": {"$oid": "5f1"},
        "title": "A",
        "body": "One.",
        "publishedAt": {"$date": "2012-05-03T09:30:00Z"},
    }
    firestore = {
        "name": "projects/x/documents/a",
        "fields": {"title": {"stringValue": "A"}, "body": {"stringValue": "One."}},
    }
    dynamo = {"title": {"S": "A"}, "body": {"S": "One."}}
    for record in (mongo, firestore, dynamo):
        (row,) = read_json(tmp_path, [record])
        assert (row.headline, row.body) == ("A", "One.")
    (row,) = read_json(tmp_path, [mongo])
    assert row.published == dt.datetime(2012, 5, 3, 9, 30, tzinfo=dt.UTC)


def test_references_inside_references(tmp_path):
    strapi = {
        "data": [
            {
                "id": 1,
                "attributes": {
                    "title": "A",
                    "content": "One.",
                    "publishedAt": "2012-05-03T09:30:00.000Z",
                    "tags": {"data": [{"id": 1, "attributes": {"name": "Food, farming"}}]},
                    "cover_image": {
                        "data": {"attributes": {"url": "/q.jpg", "alternativeText": "The quay"}}
                    },
                },
            }
        ],
        "meta": {"pagination": {"page": 1}},
    }
    (row,) = read_json(tmp_path, strapi)
    assert (row.headline, row.body, names(row)) == ("A", "One.", ["Food, farming"])
    assert [(file.url, file.alt) for file in row.linked_files] == [("/q.jpg", "The quay")]
    graph = {"data": {"posts": {"edges": [{"node": {"title": "A", "content": "One."}}]}}}
    (row,) = read_json(tmp_path, graph)
    assert (row.headline, row.body) == ("A", "One.")


def test_people_labels_and_settings_of_a_dump_are_no_statements(tmp_path):
    records = [
        {"_type": "author", "_id": "a", "name": "Ann Fox", "bio": "Ann has worked here for long."},
        {"model": "auth.user", "pk": 1, "fields": {"title": "Ann", "body": "Words."}},
        {"model": "news.release", "pk": 1, "fields": {"title": "A", "body": "One."}},
    ]
    author, user, row = read_json(tmp_path, records)
    assert (author.why, user.why) == (
        "It is of the type “author”, and no statement.",
        "It is of the type “auth.user”, and no statement.",
    )
    assert (row.headline, row.body) == ("A", "One.")


def test_a_blogger_export_holds_more_than_posts(tmp_path):
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#%s"/>'
    entry = "<entry><id>%s</id>%s<title>A</title><content type='html'>One.</content><category scheme='http://www.blogger.com/atom/ns#' term='Rent'/></entry>"
    entries = "".join(entry % (name, kind % name) for name in ("settings", "post", "comment"))
    feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    settings, row, comment = read(write_file(tmp_path, "blog.xml", feed))
    assert (row.headline, names(row)) == ("A", ["Rent"])
    assert (settings.why, comment.why) == (
        "It is of the type “settings”, and no statement.",
        "It is of the type “comment”, and no statement.",
    )
