"""HTML and plain text have the same text, with quotation marks in the right places."""

import html
import re

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from statements.content.html import clean_blocks
from statements.content.rendering import (
    generate_attribution,
    render_block_as_text,
    render_notes,
    render_passages,
    render_plain_text,
)

DAVE = {"name": "Dave Hill", "slug": "dave-hill", "role": "President", "organisation": None}
JANE = {"name": "Jane Smith", "slug": "jane-smith", "role": "Chair", "organisation": None}


def make_passage(*blocks, speaker=DAVE, heading="", attribution=""):
    return {
        "type": "quotation" if speaker else "narration",
        "heading": heading,
        "attribution": attribution,
        "speaker": speaker,
        "paragraphs": list(blocks),
    }


def make_content(*passages, language="en", notes=()):
    return {
        "schema": 2,
        "headline": "Head",
        "kind": "comment",
        "summary": "",
        "language": language,
        "dated_on": "2016-09-27",
        "organisations": [],
        "responds_to": None,
        "blocks": list(passages),
        "notes_to_editors": list(notes),
    }


def render_blocks(*passages, language="en"):
    """Return the plain text under the headline, block by block."""
    return render_plain_text(make_content(*passages, language=language)).split("\n\n")[1:]


def quotation(text, language="en"):
    """Return one paragraph as it is printed in a quotation."""
    [printed] = render_blocks(
        make_passage(f"<p>{html.escape(text, quote=False)}</p>"), language=language
    )
    return printed


# Where a quotation opens and closes


def test_each_paragraph_opens_and_only_the_last_closes():
    assert render_blocks(make_passage("<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>")) == [
        "“One.",
        "“Two.",
        "“Three.”",
    ]


def test_opening_mark_can_be_hung_and_stands_inside_of_its_paragraph():
    [passage] = render_passages(make_content(make_passage("<p>One.</p>", "<p>Two <em>so</em></p>")))
    assert passage.html == (
        '<p><span class="quotemark">“</span>One.</p>\n'
        '<p><span class="quotemark">“</span>Two <em>so</em>”</p>'
    )
    assert isinstance(passage.html, SafeString)


def test_narration_gets_no_marks():
    [passage] = render_passages(make_content(make_passage('<p>He said "no".</p>', speaker=None)))
    assert (passage.html, passage.is_quoted, passage.number) == (
        '<p>He said "no".</p>',
        False,
        None,
    )


@pytest.mark.parametrize(
    ("second", "printed"),
    [
        (make_passage("<p>Two.</p>"), ["“One.", "“Two.”"]),
        (make_passage("<p>Two.</p>", speaker=DAVE | {"role": "Chair"}), ["“One.", "“Two.”"]),
        (make_passage("<p>Two.</p>", heading="Next"), ["“One.”", "Next", "“Two.”"]),
        (make_passage("<p>Two.</p>", attribution="He added:"), ["“One.”", "He added:", "“Two.”"]),
        (make_passage("<p>Two.</p>", speaker=JANE), ["“One.”", "“Two.”"]),
        (make_passage("<p>Two.</p>", speaker=None), ["“One.”", "Two."]),
    ],
    ids=[
        "same voice",
        "same voice in another role",
        "heading",
        "attribution",
        "other voice",
        "narration",
    ],
)
def test_run_goes_on_only_while_one_voice_speaks_without_a_break(second, printed):
    assert render_blocks(make_passage("<p>One.</p>"), second) == printed


def test_narration_ends_a_quotation_and_the_next_one_begins_again():
    assert render_blocks(
        make_passage("<p>One.</p>"),
        make_passage("<p>Then:</p>", speaker=None),
        make_passage("<p>Two.</p>"),
    ) == ["“One.”", "Then:", "“Two.”"]


def test_passage_without_blocks_ends_nothing():
    assert render_blocks(
        make_passage("<p>One.</p>"), make_passage(), make_passage("<p>Two.</p>")
    ) == [
        "“One.",
        "“Two.”",
    ]
    assert render_blocks(make_passage()) == []


def test_quotations_are_numbered_where_they_begin():
    content = make_content(
        make_passage("<p>One.</p>", attribution="Dave Hill said:"),
        make_passage("<p>Two.</p>"),
        make_passage("<p>Then.</p>", speaker=None),
        make_passage("<p>Three.</p>", speaker=JANE, heading="Next"),
    )
    passages = render_passages(content)
    assert [passage.number for passage in passages] == [1, None, None, 2]
    assert [passage.is_quoted for passage in passages] == [True, True, False, True]
    assert [passage.speaker for passage in passages] == [DAVE, DAVE, None, JANE]
    assert [(passage.heading, passage.attribution) for passage in passages] == [
        ("", "Dave Hill said:"),
        ("", ""),
        ("", ""),
        ("Next", ""),
    ]


# Lists in quotations


def test_list_between_paragraphs_opens_nothing():
    assert render_blocks(
        make_passage("<p>Three:</p>", "<ul><li>a</li><li>b</li></ul>", "<p>End.</p>")
    ) == [
        "“Three:",
        "• a\n• b",
        "“End.”",
    ]


def test_list_at_the_end_closes_after_its_last_text():
    passage = make_passage("<p>Three:</p>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>")
    assert render_blocks(passage) == ["“Three:", "• a\n• b\n  1. c”"]
    [rendered] = render_passages(make_content(passage))
    assert rendered.html.endswith("<ol><li>c”</li></ol></li></ul>")


def test_list_at_the_beginning_opens_before_its_first_text():
    assert render_blocks(make_passage("<ol><li>a</li><li>b</li></ol>", "<p>End.</p>")) == [
        "1. “a\n2. b",
        "“End.”",
    ]
    assert render_blocks(make_passage("<ul><li><p>a</p><p>b</p></li></ul>")) == ["• “a\n  b”"]


# Marks inside of quotations


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("They said “no” twice.", "“They said ‘no’ twice.”"),
        ('They said "no" twice.', "“They said ‘no’ twice.”"),
        ("“No” is no “answer”", "“‘No’ is no ‘answer’”"),
        ('"No," he said.', "“‘No,’ he said.”"),
        ("They said ‘no’ twice.", "“They said ‘no’ twice.”"),
        ("They said 'no' twice.", "“They said 'no' twice.”"),
        ("She: ‘I heard “no” from him.’", "“She: ‘I heard “no” from him.’”"),
        ("She: “I heard “no” from him.”", "“She: ‘I heard “no” from him.’”"),
        ("’Til then, James’ '90s “plan”.", "“’Til then, James’ '90s ‘plan’.”"),
        ("‘Til then, a “plan”.", "“‘Til then, a ‘plan’.”"),
        ("'Til then, don't.", "“'Til then, don't.”"),
        ("(“no”) – “yes”—“so”…", "“(‘no’) – ‘yes’—‘so’…”"),
        ('We waited—"years"—and “more', "“We waited—‘years’—and ‘more”"),
        ('A 12" rule and "two".', '“A 12" rule and ‘two’.”'),
        ('Built "in 1990" here', "“Built ‘in 1990’ here”"),
        ("Wrongly ”turned“ marks", "“Wrongly ‘turned’ marks”"),
        ("R&D < “5”", "“R&D < ‘5’”"),
        ("Il dit «non»", "“Il dit «non»”"),
    ],
)
def test_marks_inside_of_a_quotation_are_single_and_apostrophes_stay(typed, printed):
    assert quotation(typed) == printed


def test_marks_are_found_through_tags_and_tags_are_left_alone():
    block = '<p>He said <em>"no"</em>, <a href="https://e.org/?a=1&amp;b=2">"yes"</a><br>"so"</p>'
    [passage] = render_passages(make_content(make_passage(block)))
    assert passage.html == (
        '<p><span class="quotemark">“</span>He said <em>‘no’</em>, '
        '<a href="https://e.org/?a=1&amp;b=2">‘yes’</a><br>‘so’”</p>'
    )


@pytest.mark.parametrize(
    ("language", "typed", "printed"),
    [
        ("en-GB", "a “b” c", "“a ‘b’ c”"),
        ("cy", "a “b” c", "“a ‘b’ c”"),
        ("fr", "a «\u00a0b\u00a0» c", "«\u202fa “b” c\u202f»"),
        ("fr-CA", "a “b” c", "«\u202fa “b” c\u202f»"),
        ("de", "a „b“ c", "„a ‚b‘ c“"),
        ("ar", "قال «نعم» أمس", "«قال “نعم” أمس»"),
        ("he", 'הוא אמר "כן" לצה"ל', '“הוא אמר ‘כן’ לצה"ל”'),
        ("xx", "a", "“a”"),
        ("", "a", "“a”"),
    ],
)
def test_each_language_has_its_marks(language, typed, printed):
    assert quotation(typed, language) == printed


# The whole as plain text


def test_plain_text_has_one_empty_line_between_blocks():
    content = make_content(
        make_passage("<p>Before.</p>", speaker=None),
        make_passage("<p>One.</p>", heading="Part", attribution="Dave Hill said:"),
        notes=["<p>First.<br>Line.</p>", "<ul><li>a</li></ul>"],
    )
    assert render_plain_text(content) == (
        "Head\n\nBefore.\n\nPart\n\nDave Hill said:\n\n“One.”\n\nENDS\n\nNotes to "
        "editors\n\nFirst.\nLine.\n\n• a"
    )


def test_plain_text_ends_in_welsh_where_the_words_are_welsh():
    content = make_content(make_passage("<p>Un.</p>"), language="cy", notes=["<p>Dau.</p>"])
    assert render_plain_text(content) == "Head\n\n“Un.”\n\nDIWEDD\n\nNodiadau i olygyddion\n\nDau."


def test_notes_keep_their_marks_and_come_safe():
    notes = render_notes(make_content(notes=['<p>"a"</p>', "<p>b</p>"]))
    assert notes == '<p>"a"</p>\n<p>b</p>'
    assert isinstance(notes, SafeString)
    assert render_notes(make_content()) == ""


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ('<p><a href="https://www.adcs.org.uk/">www.adcs.org.uk</a></p>', "www.adcs.org.uk"),
        (
            '<p><a href="https://adcs.org.uk/a">https://adcs.org.uk/a</a></p>',
            "https://adcs.org.uk/a",
        ),
        ('<p><a href="mailto:press@adcs.org.uk">press@adcs.org.uk</a></p>', "press@adcs.org.uk"),
        ('<p>See <a href="https://e.org/?a&amp;b">it</a>.</p>', "See it (https://e.org/?a&b)."),
        (
            '<p>See <a href="https://e.org/"><strong>it</strong></a>.</p>',
            "See it (https://e.org/).",
        ),
        ("<p>A &amp; B &lt;c&gt; &amp;lt;</p>", "A & B <c> &lt;"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>", "1. a\n2. b\n  • c\n3. d"),
        ("<ul><li><p>a</p><p>b<br>c</p></li></ul>", "• a\n  b\n  c"),
    ],
)
def test_block_as_text(block, text):
    assert render_block_as_text(block) == text


@pytest.mark.parametrize(
    ("block", "harmless"),
    [
        ("<p onclick='x()'>a</p>", "<p>a</p>"),
        ("<p>a<script>x()</script></p>", "<p>a</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p>a</p>"),
        (
            '<p><a href="https://e.org" onclick="x()">a</a></p>',
            '<p><a href="https://e.org">a</a></p>',
        ),
        ("<P>a</P>", "<p>a</p>"),
        ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_stored_content_that_is_not_clean_is_harmless_on_the_page(block, harmless):
    [passage] = render_passages(make_content(make_passage(block, speaker=None)))
    assert passage.html == harmless
    assert render_notes(make_content(notes=[block])) == harmless


PIECES = st.sampled_from(
    [
        *"<p> </p> <ul> </ul> <ol> </ol> <li> </li> <em> </em> <br> </a> <script>".split(),
        *'“ ” ‘ ’ « " a &amp; <'.split(),
        *('<a href="http://e.org">', " ", "\n"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["en", "fr", "de"]))
def test_page_and_plain_text_show_the_same_whatever_the_blocks_are(source, language):
    content = make_content(make_passage("<p>a</p>", *clean_blocks(source)), language=language)
    page = "".join(passage.html for passage in render_passages(content))
    seen = html.unescape(re.sub("<[^>]*>", "", page))
    printed = render_plain_text(content).removeprefix("Head").replace(" (http://e.org)", "")
    assert re.sub(r"\s", "", seen) == re.sub(r"\s|•|\d\.", "", printed)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_content_that_came_round_intake_can_be_shown(block):
    content = make_content(make_passage(block), notes=[block])
    assert len(render_passages(content)) == 1
    assert render_plain_text(content).startswith("Head")


# Attribution


@pytest.mark.parametrize(
    ("parts", "language", "line"),
    [
        (
            ("Dave Hill", "President", "the Association of Directors of Children’s Services"),
            "en",
            "Dave Hill, President of the Association of Directors of Children’s Services, said:",
        ),
        (("Dave Hill", "", "the Association"), "en-GB", "Dave Hill, of the Association, said:"),
        (("Dave Hill", "President", ""), "en", "Dave Hill, President, said:"),
        (("Dave Hill", "", ""), "en", "Dave Hill said:"),
        (
            ("Dave Hill", "Llywydd", "Y Gymdeithas"),
            "cy",
            "Dywedodd Dave Hill, Llywydd, Y Gymdeithas:",
        ),
        (("Dave Hill", "", ""), "cy", "Dywedodd Dave Hill:"),
        (("Dave Hill", "président", "l’Association"), "fr", "Dave Hill, président, l’Association:"),
        (("محمد علي", "رئيس", "الجمعية"), "ar", "محمد علي، رئيس، الجمعية:"),
    ],
)
def test_generated_attribution(parts, language, line):
    assert generate_attribution(*parts, language) == line
