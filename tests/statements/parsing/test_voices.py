"""Test that no words are given to somebody who did not say them, on each way into the system."""

import html
import re

import pytest

from archive.cleaning import clean_body
from archive.readers.row import Row
from statements.content.rendering import render_block_as_text
from statements.content.source_html import clean_html
from statements.parsing.document import parse_document
from statements.parsing.html_paragraphs import split_html_paragraphs
from statements.parsing.passages import parse_passages
from statements.parsing.text import parse_text
from tests.statements.parsing import make_docx

HEADLINE = "A headline that is no part of the words"
NARRATION = "The meeting in the harbour office took three hours and ended at noon."


def list_texts(source: str) -> list[str]:
    """Return the texts of `source`, in which each line is a paragraph."""
    return [line.strip() for line in source.strip().split("\n")]


def make_html(source: str) -> str:
    return "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in list_texts(source))


def read_import(source: str) -> list:
    return list(clean_body(Row("a", 1, headline=HEADLINE, body=make_html(source))).passages)


def read_paste(source: str) -> list:
    return parse_passages(split_html_paragraphs(clean_html(make_html(source))))[0]


def read_word(source: str) -> list:
    paragraphs = map(make_docx.p, [HEADLINE, *list_texts(source)])
    return list(parse_document(make_docx.docx(*paragraphs)).passages)


def read_text(source: str) -> list:
    return list(parse_text("\n\n".join([HEADLINE, *list_texts(source)])).passages)


WAYS = {"import": read_import, "paste": read_paste, "Word": read_word, "text": read_text}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def read(request):
    return request.param


def show(passages: list) -> list[tuple[str, str, str]]:
    """Return the attribution, the speaker and the words of each passage that somebody says."""
    return [
        (
            passage.attribution,
            passage.speaker_name,
            " / ".join(map(render_block_as_text, passage.blocks)),
        )
        for passage in passages
        if passage.is_quoted
    ]


def list_words(passages: list) -> list[str]:
    parts = [
        text
        for passage in passages
        for shown in [passage.as_narration() if passage.is_quoted else passage]
        for text in (shown.heading, shown.attribution, *map(render_block_as_text, shown.blocks))
    ]
    return re.findall(r"\w+|[“”]", " ".join(parts))


OTHERS_WORDS = {
    "a label": """Ann Example said:
        “It was a good day.”
        Bob Sample: please note that his answer is long.
        “The quay is mine.”""",
    "a line with a semicolon": """Ann Example said:
        “It was a good day.”
        The inquiry heard much more, Cy Nemo said;
        “The quay is mine.”""",
    "narration": f"""Ann Example said:
        “It was a good day.”
        {NARRATION}
        “The quay is mine.”""",
    "a heading": """Ann Example said:
        “It was a good day.”
        What others say
        “The quay is mine, and it was mine before the council came to this town.”""",
    "a caption": """Ann Example said:
        “It was a good day.”
        Picture: the quay at low water
        “The quay is mine.”""",
    "an end": """Ann Example said:
        “It was a good day.”
        ENDS
        “The quay is mine.”""",
    "nothing": """Ann Example said:
        “It was a good day.”
        “The quay is mine.”""",
    "a closing attribution": """Ann Example said:
        “It was a good day.”
        “The quay is mine.”
        — Bob Sample""",
    "a pronoun after narration": f"""Ann Example said:
        “It was a good day.”
        {NARRATION}
        He added:
        “The quay is mine.”""",
    "a pronoun after another name": """Ann Example said:
        “It was a good day.”
        Bob Sample was there as well.
        He added:
        “The quay is mine.”""",
    "an organisation": """Ann Example said:
        “It was a good day.”
        Downing Street said:
        “The quay is mine.”""",
    "a thing": """Ann Example said:
        “It was a good day.”
        The sign beside the quay says:
        “The quay is mine.”""",
    "what another said": """Ann Example said:
        “It was a good day.”
        Cy Nemo said that Bob Sample told her:
        “The quay is mine.”""",
    "two people": """Ann Example said:
        “It was a good day.”
        Bob Sample and Cy Nemo said:
        “The quay is mine.”""",
}


@pytest.mark.parametrize("source", OTHERS_WORDS.values(), ids=OTHERS_WORDS)
def test_whatever_follows_a_quotation_ends_the_voice(read, source):
    passages = read(source)
    assert show(passages) == [("Ann Example said:", "Ann Example", "It was a good day.")]


@pytest.mark.parametrize("source", OTHERS_WORDS.values(), ids=OTHERS_WORDS)
def test_no_word_and_no_mark_is_added_or_lost(read, source):
    words = re.findall(r"\w+|[“”]", " ".join(list_texts(source)))
    read_words = list_words(read(source))
    if "ENDS" in words:  # what follows it is in the notes
        words = words[: words.index("ENDS")]
    assert read_words[: len(words)] == words


NARRATED = {
    "said behind": "“It was a good day,” said Ann Example.",
    "said between": "“It was,” said Ann Example, “a good day.”",
    "said before": "Ann Example said “It was a good day” and left for the harbour.",
    "said that": "Ann Example, President of Yards, said that “it was a good day”.",
    "two in one paragraph": "Ann Example said: “It was.” Bob Sample said: “It was not.”",
    "a closing attribution": "“It was a good day.”\n— Bob Sample, Chair of the Harbour Board",
    "a closing attribution between": """Ann Example said:
        “It was a good day.”
        — Bob Sample""",
    "a label with words": "Bob Sample: please note that “it was a good day”.",
    "said behind over two paragraphs": "“It was,” said Ann Example. “It was\n“a good day.”",
    "an opening that never closes": "Ann Example said:\n“It was a good day.\n" + NARRATION,
    "a heading in an open quotation": f"""Ann Example said:
        “It was a good day.
        What others say
        {NARRATION}
        And it was mine.”""",
    "a speaker in an open quotation": """Ann Example said:
        “It was a good day.
        Bob Sample: and a long one.
        It was mine.”""",
    "narration in an open quotation": f"""Ann Example said:
        “It was a good day.
        {NARRATION}
        “It was mine.”""",
}


@pytest.mark.parametrize("source", NARRATED.values(), ids=NARRATED)
def test_a_quotation_is_read_whole_or_left_whole_as_narration(read, source):
    passages = read(source)
    assert show(passages) == []
    assert list_words(passages) == re.findall(r"\w+|[“”]", " ".join(list_texts(source)))


def test_one_quotation_of_several_paragraphs_is_one_voice(read):
    source = """Ann Example, Chair of the Harbour Trust, said:
        “It was a good day.
        “It was a long one.”
        She added:
        “We went home.”
        Bob Sample said:
        “So did we.”"""
    assert show(read(source)) == [
        (
            "Ann Example, Chair of the Harbour Trust, said:",
            "Ann Example",
            "It was a good day. / It was a long one.",
        ),
        ("She added:", "Ann Example", "We went home."),
        ("Bob Sample said:", "Bob Sample", "So did we."),
    ]


def test_a_heading_inside_a_quotation_that_opens_again_below_it_does_not_end_it(read):
    source = """Ann Example said:
        “It was a good day.
        What happened at the quay
        “We met there at noon, and we were all of us very glad that the rain had come to its end.”"""
    passages = read(source)
    assert [(passage.heading, passage.attribution) for passage in passages] == [
        ("", "Ann Example said:"),
        ("What happened at the quay", ""),
    ]
    assert [passage.speaker_name for passage in passages] == ["Ann Example", "Ann Example"]
    assert [passage.continues_quotation for passage in passages] == [False, True]


def test_a_pronoun_means_nobody_where_the_words_name_somebody(read):
    source = """Ann Example said:
        “I thank Bob Sample.”
        He added:
        “The quay is mine.”"""
    assert [speaker for _, speaker, _ in show(read(source))] == ["Ann Example"]


def test_a_surname_means_the_only_person_of_that_name(read):
    source = """Ann Example said:
        “It was a good day.”
        Ms Example added:
        “We went home.”"""
    assert show(read(source))[1] == ("Ms Example added:", "Ann Example", "We went home.")


def test_a_surname_that_two_people_have_is_a_doubt(read):
    source = f"""Ann Example said:
        “It was a good day.”
        {NARRATION} Bob Example came later.
        Mr Example added:
        “We went home.”"""
    passage = read(source)[-1]
    assert (passage.speaker_name, passage.doubt) == (
        "Mr Example",
        "“Mr Example” is only a part of a name.",
    )


BLOCK_QUOTATION = "<p>Ann Example said:</p><blockquote><p>A good day.</p><p>And long.</p>{}"


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ("</blockquote>", ["A good day. / And long."]),
        (f"</blockquote><p>{NARRATION}</p>", ["A good day. / And long."]),
        ("</blockquote><p>— Bob Sample</p>", []),
        ("<p>— Bob Sample</p></blockquote>", []),
        ("<p>Bob Sample, Chair</p></blockquote>", []),
        ("<footer>Bob Sample</footer></blockquote>", []),
        ("<p>Bob Sample: and mine.</p></blockquote>", []),
        ("<h3>Then</h3><p>It was mine.</p></blockquote>", []),
        ("<p>“It was mine,” said Bob.</p></blockquote>", []),
    ],
)
def test_a_block_quotation_without_marks_is_read_only_if_all_of_it_is_the_words(below, words):
    source = BLOCK_QUOTATION.format(below)
    cleaned = clean_body(Row("a", 1, headline=HEADLINE, body=source))
    assert [text for _, _, text in show(list(cleaned.passages))] == words
    pasted, _ = parse_passages(split_html_paragraphs(clean_html(source)))
    assert [text for _, _, text in show(pasted)] == words


def test_a_block_quotation_without_a_line_above_it_is_narration():
    source = f"<p>{NARRATION}</p><blockquote><p>A good day.</p></blockquote><p>— Bob Sample</p>"
    (passage,) = clean_body(Row("a", 1, headline=HEADLINE, body=source)).passages
    assert passage.blocks == (f"<p>{NARRATION}</p>", "<p>A good day.</p>", "<p>— Bob Sample</p>")
    assert not passage.is_quoted


@pytest.mark.parametrize("name", ["Bob Sample", "Bob Sample, Chair of the Harbour Board", "— Bob"])
def test_a_name_below_a_quotation_is_no_heading_of_what_follows(read, name):
    passages = read(f"“It was a good day.”\n{name}\n{NARRATION}")
    assert [passage.heading for passage in passages] == [""]
    assert [render_block_as_text(block) for block in passages[0].blocks] == [
        "“It was a good day.”",
        name,
        NARRATION,
    ]
