"""Each format, as old sites really write it, read to rows: small samples, and the shared data."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.cleaning import clean_body
from archive.formats import detect_format
from archive.mapping import Mapping, parse_mapping
from archive.readers.decoding import fix_mojibake
from archive.readers.field_names import guess_fields
from archive.readers.row import RejectedRow, Row, SkippedRow, UnreadableSource
from archive.readers.source import find_files
from tests.archive.samples import WXR_FOOT, WXR_HEAD, make_wordpress_post, write_file, write_wxr
from tests.statements.parsing.make_docx import docx, p

SHARED = Path(__file__).parents[4] / "shared" / "data"
LONDON = ZoneInfo("Europe/London")


def read(path: Path, mapping: Mapping | None = None) -> list:
    items = []
    for file in find_files(path).files:
        if form := detect_format(file):
            try:
                items += form.read(file, mapping or Mapping())
            except UnreadableSource as error:
                items.append(RejectedRow(file.name, 0, str(error)))
    return items


def blocks(row: Row) -> list[str]:
    return [block for passage in clean_body(row).passages for block in passage.blocks]


def test_a_feed_in_each_of_its_kinds(tmp_path):
    write_file(
        tmp_path,
        "a.rss",
        """\n<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>Caf\xe9</title>
        <link>https://o.example</link><item><title>One &amp;amp; two</title><link>https://o.example/1</link>
        <guid>1</guid><pubDate>Thu, 03 May 2012 09:30:00 GMT</pubDate><description>Short&nbsp;one.</description>
        <content:encoded><![CDATA[<p>Long \xe9 one, and <em>more</em>.</p>]]></content:encoded></item></channel></rss>""".encode(
            "latin-1"
        ),
    )
    write_file(
        tmp_path,
        "b.atom",
        """<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:lang="cy"><title type="html">T &lt;b&gt;u&lt;/b&gt;</title>
        <id>urn:2</id><link rel="alternate" href="https://o.example/2"/><published>2012-05-04T00:00:00Z</published>
        <author><name>Jo</name></author><category term="Schools"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Words <a href="https://x.example">here</a>.</p></div></content></entry></feed>""",
    )
    write_file(
        tmp_path,
        "c.json",
        """{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [{"id": "3",
        "url": "https://o.example/3", "title": "Three", "content_html": "<p>C.</p>", "date_published": "2012-05-05T00:00:00Z"}]}""",
    )
    write_file(
        tmp_path,
        "d.xml",
        """<rdf:RDF><channel><title>R</title></channel><item><title>Four</title>
        <link>https://o.example/4</link><description>D.</description><dc:date>2012-05-06</dc:date></item></rdf:RDF>""",
    )
    one, two, three, four = read(tmp_path)
    assert (one.headline, one.identifier, one.summary, one.site_title) == (
        "One & two",
        "1",
        "Short one.",
        "Café",
    )
    assert blocks(one) == ["<p>Long é one, and <em>more</em>.</p>"]
    assert (two.headline, two.language, two.authors, two.labels[0].name, two.urls) == (
        "T u",
        "cy",
        ("Jo",),
        "Schools",
        ("https://o.example/2",),
    )
    assert blocks(two) == ['<p>Words <a href="https://x.example">here</a>.</p>']
    assert (three.headline, blocks(three)) == ("Three", ["<p>C.</p>"])
    assert (four.published, blocks(four)) == (dt.date(2012, 5, 6), ["<p>D.</p>"])


def test_markdown_with_front_matter(tmp_path):
    write_file(
        tmp_path,
        "posts/2014-08-07-agenda.md",
        """---
title: 'The Board’s: agenda'
tags: [Privacy, "Oversight"]
permalink: /newsroom/20140807.html
published: false
---
## The Board’s: agenda

Posted: August 7, 2014

{:start="3"}
3. Third *thing*.
4. Fourth.

| A | B |
|---|---|
| {{site.baseurl}}c | d |
""",
    )
    write_file(tmp_path, "posts/loop.md", "---\ntitle: &a [*a]\n---\nWords.")
    write_file(tmp_path, "README.md", "# About")
    row, loop = read(tmp_path)
    assert (row.headline, row.published, row.is_draft) == (
        "The Board’s: agenda",
        dt.date(2014, 8, 7),
        True,
    )
    assert ([one.name for one in row.labels], row.urls) == (
        ["Privacy", "Oversight"],
        ("/newsroom/20140807.html",),
    )
    assert blocks(row) == [
        '<ol start="3"><li>Third <em>thing</em>.</li><li>Fourth.</li></ol>',
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr>"
        "</tbody></table>",
    ]
    assert clean_body(row).dropped == ["“Posted: August 7, 2014”"]
    assert loop.why.startswith("Its front matter cannot be read: it refers to itself with an alias")


def test_word_documents_saved_pages_and_transcripts(tmp_path):
    write_file(
        tmp_path,
        "a 2015-03-04.docx",
        docx(p("New powers"), p("All the words of it stand here, and end.")),
    )
    write_file(
        tmp_path,
        "b.html",
        """<!DOCTYPE html><html lang="en-GB"><head><title>Page | Site</title>
        <meta property="og:url" content="https://o.example/b"><meta name="DCTERMS.issued" content="2015-03-05"></head>
        <body class="no-sidebars"><nav><p>Menu</p></nav><article><h1>The page</h1><div class="share"><p>Tweet</p></div>
        <p>"""
        + "Words of the page. " * 12
        + """</p></article><footer>Foot</footer></body></html>""",
    )
    write_file(
        tmp_path,
        "c.xml",
        """<?xml version="1.0"?><transcripts><transcript><transcript-id>9</transcript-id>
        <title>State visit</title><prime-minister>Howard, John</prime-minister><release-date>09/04/1996</release-date>
        <release-type>Media Release</release-type><content><![CDATA[<p>Said.</p>]]></content></transcript></transcripts>""",
    )
    word, page, said = read(tmp_path, Mapping(month_first=False))
    assert (word.headline, word.published, blocks(word)) == (
        "New powers",
        None,
        ["<p>All the words of it stand here, and end.</p>"],
    )
    assert (page.headline, page.published, page.identifier) == (
        "The page",
        dt.date(2015, 3, 5),
        "https://o.example/b",
    )
    assert blocks(page) == [f"<p>{'Words of the page. ' * 12}</p>".replace(" </p>", "</p>")]
    assert (said.identifier, said.people, said.published, said.kind) == (
        "9",
        ("John Howard",),
        dt.date(1996, 4, 9),
        "Media Release",
    )


def test_agency_items(tmp_path):
    write_file(
        tmp_path,
        "a.json",
        """{"uri": "u1", "type": "text", "versioncreated": "2012-05-03T09:30:00Z", "headline": "H1",
        "body_text": "T", "body_xhtml": "<p>One.</p>", "subject": [{"name": "Law"}]}""",
    )
    write_file(
        tmp_path,
        "b.json",
        """{"uri": "u2", "versionCreated": "2012-05-03T09:30:00Z", "headlines": [{"role": "main", "value": "H2"}],
        "pubStatus": "withheld", "bodies": [{"contentType": "text/plain", "value": "T"}, {"contentType": "text/html", "value": "<p>Two.</p>"}]}""",
    )
    write_file(
        tmp_path,
        "c.json",
        '{"uri": "u3", "type": "picture", "versioncreated": "2012-05-03T09:30:00Z", "headline": "H3"}',
    )
    write_file(
        tmp_path,
        "d.xml",
        """<newsItem guid="u4" xml:lang="en-US"><itemMeta><firstCreated>2016-10-18T13:12:21-05:00</firstCreated></itemMeta>
        <contentMeta><subject qcode="x"><name>Bank</name></subject><headline> H4 </headline></contentMeta><contentSet><inlineXML>
        <nitf><body><body.head><hedline><hl1>H4</hl1></hedline></body.head><body.content><p>Four.</p></body.content></body></nitf>
        </inlineXML></contentSet></newsItem>""",
    )
    one, two, picture, four = read(tmp_path)
    assert (one.headline, blocks(one), one.labels[0].name) == ("H1", ["<p>One.</p>"], "Law")
    assert (two.headline, blocks(two), two.is_draft) == ("H2", ["<p>Two.</p>"], True)
    assert (type(picture), picture.why) == (SkippedRow, "It is of the type “picture”, and no text.")
    assert (four.headline, blocks(four), four.identifier, four.language) == (
        "H4",
        ["<p>Four.</p>"],
        "u4",
        "en-US",
    )


def test_wordpress_bodies_are_cleaned_and_what_goes_is_told(tmp_path):
    body = """<!-- wp:paragraph --><p style="color:red">One&nbsp;<span>two</span>.</p><!-- /wp:paragraph -->
[caption id="x"]<img src="/a.jpg" alt="A"/> Below it[/caption]
[embed]https://v.example/1[/embed] [contact-form to="a"] As [sic] it was [1].<p></p>
<iframe src="https://v.example/2"></iframe><script>evil()</script>â€œQuotedâ€\x9d"""
    [row] = read(write_wxr(tmp_path, make_wordpress_post(1, "T", body)))
    cleaned = clean_body(row)
    assert [one.url for one in cleaned.pictures] == ["/a.jpg"]
    assert cleaned.dropped == [
        'shortcode [contact-form to="a"]',
        "player or frame https://v.example/2",
    ]
    text = "".join(blocks(row))
    assert "Below it" in text
    assert "As [sic] it was [1]." in text
    assert text.endswith("<p>“Quoted”</p>")
    assert "evil" not in text
    assert "style" not in text


def test_broken_xml_costs_the_broken_item_alone(tmp_path):
    good, more = make_wordpress_post(1, "Good", "Words."), make_wordpress_post(3, "More", "Words.")
    [one, two, three, end] = [
        *read(write_wxr(tmp_path, good, "<item><title>Bad & broken</titel></item>\n", more)),
        *read(write_file(tmp_path, "cut.xml", (WXR_HEAD + good + more)[:-40]))[1:],
    ]
    assert (one.headline, three.headline) == ("Good", "More")
    line = (WXR_HEAD + good).count("\n") + 1
    assert two.why == f"The XML breaks at line {line} (not well-formed (invalid token))."
    assert end.why.startswith("The file ends in the middle of this item.")
    [tricky] = read(write_wxr(tmp_path, make_wordpress_post(4, "Tricky", "A ]]> b")))
    assert (blocks(tricky), tricky.messages[0][:26]) == (
        ["<p>A ]]&gt; b</p>"],
        "The XML breaks at line 10 ",
    )


def test_hostile_files_are_refused_in_a_sentence(tmp_path):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    )
    for start in (WXR_HEAD.partition("?>")[2], "<feed>", "<r><q><a>1</a><b>2</b></q>"):
        [refusal] = read(write_file(tmp_path, "bomb.xml", bomb + start + "<item>&a;&c;</item>"))
        assert "entit" in refusal.why
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../out.csv", "title,body\nA,B\n")
        archive.writestr("in/good.csv", "title,body\nA,B\n")
    found = find_files(write_file(tmp_path, "old.zip", packed.getvalue()))
    assert [file.name for file in found.files] == ["in/good.csv"]
    assert found.messages == ["old.zip: “../../out.csv” leads out of the archive: not read."]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link.csv").symlink_to("/etc/passwd")
    with pytest.raises(UnreadableSource, match=r"link\.csv is a link to elsewhere: not followed"):
        find_files(tmp_path / "folder")


def test_one_field_of_a_hundred_megabytes_is_passed_over(tmp_path):
    long = b"x" * 21_000_000
    lines = b'{"title": "A", "body": "' + long + b'"}\n{"title": "B", "body": "Words"}\n'
    huge, row = read(write_file(tmp_path, "old.jsonl", lines))
    assert (huge.why, row.headline) == (
        "The line has 21 MB; a statement has at most 20 MB: passed over.",
        "B",
    )
    page = (
        WXR_HEAD.encode()
        + make_wordpress_post(1, "A", "BODY").encode().replace(b"BODY", long)
        + make_wordpress_post(2, "B", "Words").encode()
        + WXR_FOOT.encode()
    )
    huge, row = read(write_file(tmp_path, "old.xml", page))
    assert (huge.why[:14], row.headline) == ("It has 21,000,", "B")


def test_letters_encoded_twice_are_mended_and_no_others():
    assert fix_mojibake("donâ€™t â€œpanicâ€\x9d, cafÃ©, Â£5") == "don’t “panic”, café, £5"
    for right in ("Ångström Â is a letter", "naïve café", "¿Ñandú?", "Ãé"):
        assert fix_mojibake(right) == right


def test_names_of_fields_are_understood_however_they_are_written():
    found = guess_fields(["URL", "Title", "Release Date", "Body_HTML", "Sub-title"])
    assert found == {
        "identifier": ["URL"],
        "addresses": ["URL"],
        "headline": ["Title"],
        "summary": ["Sub-title"],
        "published": ["Release Date"],
        "body": ["Body_HTML"],
    }


def test_a_proposed_mapping_reads_back_as_it_was():
    mapping = Mapping(
        source="o", fields={"body": ["Full text", "b"]}, themes={"A “b”\\": "C"}, month_first=True
    )
    assert parse_mapping(mapping.to_toml()) == mapping


SOURCES = sorted(path.name for path in SHARED.iterdir() if path.is_dir()) if SHARED.is_dir() else []


@pytest.mark.skipif(not SOURCES, reason="the shared data is not beside the repository")
def test_all_of_the_shared_data_is_understood():
    shares = {}
    for name in SOURCES:
        rows = [one for one in read(SHARED / name) if isinstance(one, Row)][::9]
        cleaned = [clean_body(row) for row in rows]
        words = sum(one.words_in for one in cleaned)
        shares[name] = sum(one.words_out for one in cleaned) / words if words else 0
    assert all(share > 0.98 for share in shares.values()), shares


def test_a_quotation_with_its_speaker_under_it_stays_in_this_order_in_marks():
    body = (
        "<!-- wp:quote --><blockquote class='wp-block-quote'><p>We are glad.</p><p>So are they.</p>"
        "<cite>Ann Fox, Leader of the Council</cite></blockquote><!-- /wp:quote -->"
        "<p>Then.</p><blockquote>“Marked.”<cite>Somebody</cite></blockquote>"
        "<blockquote><p>Of nobody.</p></blockquote>"
    )
    (passage,) = clean_body(Row("a", 1, body=body)).passages
    assert (passage.speaker_name, passage.attribution, passage.is_quoted) == ("", "", False)
    assert passage.blocks == (
        "<p>“We are glad.</p>",
        "<p>“So are they.”</p>",
        "<p>Ann Fox, Leader of the Council</p>",
        "<p>Then.</p>",
        "<p>“Marked.”</p>",
        "<p>Somebody</p>",
        "<p>Of nobody.</p>",
    )


def test_a_caption_of_old_and_a_download_button(tmp_path):
    body = '[caption id="a" caption="Flags &amp; poles"]<a href="a.jpg"><img src="a.jpg"></a>[/caption]'
    (row,) = read(
        write_wxr(tmp_path, make_wordpress_post(1, "One", f"Words.\n\n{body}\n\nMore words."))
    )
    assert "Flags &amp; poles" in str(clean_body(row).passages)
    button = (
        '<a href="b.pdf">B</a><a href="b.pdf" class="wp-block-file__button" download>Download</a>'
    )
    assert blocks(Row("a", 1, body=f"<p>{button}</p>")) == ["<p>B</p>"]


def test_names_that_are_not_quite_the_usual_ones():
    columns = ["Ref", "Press release title", "Date", "Release text", "Page URL"]
    assert guess_fields(columns) == {
        "headline": ["Press release title"],
        "published": ["Date"],
        "body": ["Release text"],
        "addresses": ["Page URL"],
    }


def test_items_that_lie_deeper_in_a_json(tmp_path):
    deep = '{"meta":{"total":1},"data":{"posts":[{"id":1,"headline":"A","articleBody":"Words."}]}}'
    (row,) = read(write_file(tmp_path, "deep.json", deep))
    assert (row.headline, row.body) == ("A", "Words.")
    drupal = (
        '{"data":[{"id":"u","attributes":{"title":"D","created":"2017-02-03","status":%s,'
        '"body":{"value":"<p>Words.</p>"}}}]}'
    )
    (out,) = read(write_file(tmp_path, "out.json", drupal % "true"))
    (draft,) = read(write_file(tmp_path, "draft.json", drupal % "false"))
    assert (out.headline, out.body, out.is_draft) == ("D", "<p>Words.</p>", False)
    assert draft.is_draft


def test_what_wordpress_answers_to_programs(tmp_path):
    """/wp-json/wp/v2/posts?_embed: names beside the numbers, and the picture by its address."""
    post = {
        "id": 7,
        "date": "2020-05-06T09:00:00",
        "link": "https://old.example/2020/05/news/",
        "title": {"rendered": "News &#8211; and more"},
        "content": {"rendered": "<p>Words.</p>"},
        "author": 3,
        "categories": [4],
        "_embedded": {
            "author": [{"name": "Ann Fox"}],
            "wp:term": [[{"name": "Housing"}], [{"name": "Rent"}]],
            "wp:featuredmedia": [{"source_url": "https://old.example/a.jpg", "alt_text": "A"}],
        },
    }
    (row,) = read(write_file(tmp_path, "posts.json", json.dumps([post])))

    assert (row.headline, row.authors) == ("News – and more", ("Ann Fox",))
    assert [label.name for label in row.labels] == ["Housing", "Rent"]
    assert [(one.url, one.alt) for one in row.linked_files] == [("https://old.example/a.jpg", "A")]


def test_a_ghost_export(tmp_path):
    post = {"id": "1", "title": "Ghost", "html": "<p>Words.</p>", "custom_excerpt": "Short."}
    export = {"db": [{"meta": {"version": "5.2"}, "data": {"posts": [post], "tags": []}}]}
    (row,) = read(write_file(tmp_path, "ghost.json", json.dumps(export)))

    assert (row.headline, row.summary, row.body) == ("Ghost", "Short.", "<p>Words.</p>")


def test_a_table_with_names_in_other_languages(tmp_path):
    (row,) = read(write_file(tmp_path, "a.csv", "Titel;Datum;Inhalt\nNeu;24.12.2020;Worte.\n"))

    assert (row.headline, str(row.published), row.body) == ("Neu", "2020-12-24", "Worte.")


def test_front_matter_as_hugo_has_it(tmp_path):
    text = '{"title":"T","date":"2020-02-05","aliases":["/old/a.html","/old/b/"]}\n\nWords.\n'
    (row,) = read(write_file(tmp_path, "t.md", text))
    assert (row.headline, row.published) == ("T", dt.date(2020, 2, 5))
    assert row.urls == ("/old/a.html", "/old/b/")
    assert blocks(row) == ["<p>Words.</p>"]


def test_a_feed_tells_its_language(tmp_path):
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><entry><title>T</title><id>1</id>'
        '<content type="xhtml"><div><p>Des <em>mots</em>.</p></div></content></entry></feed>'
    )
    (row,) = read(write_file(tmp_path, "a.xml", feed))
    assert (row.language, blocks(row)) == ("fr", ["<p>Des <em>mots</em>.</p>"])


def test_what_nobody_sees_and_detours_of_links_are_named():
    row = Row(
        "posts.json",
        1,
        body="<p>We <s>hate</s> like<span style='display:none'> spam</span> "
        '<a href="https://www.google.com/url?q=https://example.org/%3Futm_source=x">it</a> and '
        '<a href="https://protect-eu.mimecast.com/s/abc?domain=example.org">that</a>.</p>',
    )
    cleaned = clean_body(row)
    assert [block for passage in cleaned.passages for block in passage.blocks] == [
        '<p>We like <a href="https://example.org/">it</a> and '
        '<a href="https://protect-eu.mimecast.com/s/abc?domain=example.org">that</a>.</p>'
    ]
    assert cleaned.dropped == ["deleted text “hate”", "hidden text “spam”"]
    assert cleaned.messages == [
        "A link leads through Mimecast, not straight to its page: "
        "https://protect-eu.mimecast.com/s/abc?domain=example.org"
    ]
