"""What a Word document shows is what is read: no deleted words, powers stay powers, lists count."""

import pytest

from statements.parsing.docx import parse_docx
from statements.parsing.wording import HIDDEN, REMOVED_WORDS, STRUCK
from tests.statements.parsing.make_docx import docx, p, run

STYLES = (
    '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Goner"><w:basedOn w:val="Gone"/></w:style>'
    '<w:style w:type="character" w:styleId="Raised"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "</w:style>"
    '<w:style w:type="paragraph" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="ListNumber"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    "</w:pPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
)


def blocks(*body: str, **parts: str) -> tuple[str, ...]:
    draft = parse_docx(docx(p("Head"), *body, styles=STYLES, **parts))
    return tuple(block for passage in draft.passages for block in passage.blocks)


def test_superscripts_and_subscripts_stay():
    line = p(
        run("10"),
        run("6", '<w:vertAlign w:val="superscript"/>'),
        run(" m"),
        run("2", '<w:rStyle w:val="Raised"/>'),
        run(" of CO"),
        run("2", '<w:vertAlign w:val="subscript"/>'),
        run(", 10"),
        run("-3", '<w:position w:val="6"/>'),
        run(" and "),
        run("2", '<w:rStyle w:val="Raised"/><w:vertAlign w:val="baseline"/>'),
        run(" words high up", '<w:position w:val="6"/>'),
        run(".", '<w:position w:val="-1"/>'),
    )
    assert blocks(line) == (
        "<p>10<sup>6</sup> m<sup>2</sup> of CO<sub>2</sub>, 10<sup>-3</sup> and 2 words high up.</p>",
    )


def test_a_headline_has_its_powers_as_characters():
    raised = run("6", '<w:vertAlign w:val="superscript"/>')
    draft = parse_docx(docx(p(run("We save 10"), raised, run(" t of CO₂")), p("Words.")))
    assert draft.headline == "We save 10⁶ t of CO₂"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (p(run("We "), run("hate ", "<w:strike/>"), run("like it.")), STRUCK),
        (p(run("We "), run("hate ", "<w:dstrike/>"), run("like it.")), STRUCK),
        (
            p(run("We "), run("ha", "<w:strike/>"), run("te ", "<w:strike/>"), run("like it.")),
            STRUCK,
        ),
        (p(run("We "), run("hate ", '<w:rStyle w:val="Goner"/>'), run("like it.")), STRUCK),
        (p(run("We "), run("hate ", "<w:vanish/>"), run("like it.")), HIDDEN),
        (p(run("We like it.")) + p(run("hate"), style="Secret"), HIDDEN),
    ],
)
def test_words_that_nobody_reads_are_left_out_and_named(line, reason):
    draft = parse_docx(docx(p("Head"), line, styles=STYLES))
    assert [passage.blocks for passage in draft.passages] == [("<p>We like it.</p>",)]
    assert draft.leftovers == (("hate", reason),)
    assert draft.messages == (REMOVED_WORDS[reason],)


def test_words_that_only_look_like_deleted_ones_stay():
    line = p(
        run("We ", '<w:strike w:val="0"/>'),
        run("like", '<w:rStyle w:val="Gone"/><w:strike w:val="false"/>'),
        run(" it", '<w:rStyle w:val="Nobody"/>'),
        run(".", "<w:webHidden/>"),
        style="Loop",
    )
    assert blocks(line) == ("<p>We like it.</p>",)


def test_moved_words_stand_where_they_were_moved_to():
    author = 'w:id="1" w:author="N. N."'
    line = p(
        f"<w:moveTo {author}>{run('Moved. ')}</w:moveTo>",
        run("Words. "),
        f"<w:moveFrom {author}>{run('Moved. ')}</w:moveFrom>",
    )
    assert blocks(line) == ("<p>Moved. Words.</p>",)


# Lists


def level(index: int, number_format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def instance(number: int, of: int, start: int | None = None) -> str:
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        if start is not None
        else ""
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


NUMBERING = (
    abstract(1, level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)"))
    + abstract(2, level(0, "lowerRoman", "%1."))
    + abstract(3, level(0, "decimal", "Article %1"), level(1, "decimal", "%1.%2"))
    + abstract(4, level(0, "bullet", "·"))
    + abstract(5, level(0, "upperLetter", "(%1)", '<w:pStyle w:val="H1"/>'))
    + abstract(6, level(0, "lowerLetter", "%1."))
    + "".join(instance(number, number) for number in range(1, 7))
    + instance(7, 1, start=1)
    + instance(8, 6, start=27)
    + instance(9, 1)
)


def item(text: str, number: str, index: int = 0) -> str:
    place = f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr>{run(text)}</w:p>"


LISTS = {
    "numbers go on after a paragraph": (
        (item("a", "1"), item("b", "1"), p("Between."), item("c", "1")),
        ("<ol><li>a</li><li>b</li></ol>", "<p>Between.</p>", '<ol start="3"><li>c</li></ol>'),
    ),
    "another instance of the same list goes on": (
        (item("a", "1"), p("Between."), item("b", "9")),
        ("<ol><li>a</li></ol>", "<p>Between.</p>", '<ol start="2"><li>b</li></ol>'),
    ),
    "an instance with a start begins again": (
        (item("a", "1"), item("b", "1"), item("c", "7"), item("d", "7")),
        ("<ol><li>a</li><li>b</li></ol>", "<ol><li>c</li><li>d</li></ol>"),
    ),
    "letters inside numbers": (
        (item("a", "1"), item("b", "1", 1), item("c", "1", 1), item("d", "1"), item("e", "1", 1)),
        (
            '<ol><li>a<ol type="a"><li>b</li><li>c</li></ol></li>'
            '<li>d<ol type="a"><li>e</li></ol></li></ol>',
        ),
    ),
    "Roman numbers after numbers": (
        (item("a", "1"), item("b", "2"), item("c", "2")),
        ("<ol><li>a</li></ol>", '<ol type="i"><li>b</li><li>c</li></ol>'),
    ),
    "numbers with words": (
        (item("a", "3"), item("b", "3", 1), item("c", "3", 1), item("d", "3")),
        ("<p>Article 1 a</p>", "<p>1.1 b</p>", "<p>1.2 c</p>", "<p>Article 2 d</p>"),
    ),
    "bullets": ((item("a", "4"), item("b", "4")), ("<ul><li>a</li><li>b</li></ul>",)),
    "a list by its style": (
        (p("a", style="ListNumber"), p("b", style="ListNumber")),
        ("<ol><li>a</li><li>b</li></ol>",),
    ),
    "letters after z": (
        (item("a", "8"), item("b", "8")),
        ('<ol start="27" type="a"><li>a</li></ol>', "<p>bb. b</p>"),
    ),
    "no list": ((item("a", "0"), item("b", "99")), ("<p>a</p>", "<p>b</p>")),
}


@pytest.mark.parametrize(("body", "wanted"), LISTS.values(), ids=LISTS.keys())
def test_lists_have_the_numbers_that_word_shows(body, wanted):
    assert blocks(*body, numbering=NUMBERING) == wanted


def test_a_heading_keeps_its_number():
    draft = parse_docx(
        docx(p("Head"), p("One", style="H1"), p("Words."), styles=STYLES, numbering=NUMBERING)
    )
    assert [passage.heading for passage in draft.passages] == ["(A) One"]
