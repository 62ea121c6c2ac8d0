"""Each house style check finds what it should, and leaves alone what it should."""

import datetime as dt
from pathlib import Path

import pytest

from statements.content.html import clean_blocks
from statements.house_style.checks import check_draft, list_urls
from statements.house_style.field_text import CheckedDraft
from statements.house_style.word_list import WordList, WordRule
from statements.parsing.text import parse_text

SEED = (Path(__file__).parents[2] / "fixtures" / "adcs-comment.txt").read_text("utf-8")
STYLE = WordList([WordRule("PHSE", "PSHE", "Personal, social, health and economic education.")])


def voice(name: str = "Dave Hill", role: str = "President") -> dict:
    return {"name": name, "slug": name.lower(), "role": role, "organisation": None}


def make_passage(*paragraphs: str, speaker: dict | None, attribution: str = "") -> dict:
    return {
        "type": "quotation" if speaker else "narration",
        "heading": "",
        "attribution": attribution,
        "speaker": speaker,
        "paragraphs": list(paragraphs),
    }


def content(*blocks: str, speaker: dict | None = None, **fields) -> dict:
    passage = make_passage(*blocks, speaker=speaker)
    return {
        "headline": "A report is out",
        "kind": "comment",
        "summary": "What we say of it.",
        "language": "en",
        "organisations": [],
        "blocks": [passage],
        "notes_to_editors": [],
        "responds_to": None,
    } | fields


def list_advice(checked: dict, **draft) -> list[str]:
    return [str(finding) for finding in check_draft(CheckedDraft(checked, **draft), STYLE)]


def find_excerpts(*paragraphs: str, **fields) -> list[str]:
    blocks = [f"<p>{text}</p>" for text in paragraphs]
    findings = check_draft(CheckedDraft(content(*blocks, **fields)), STYLE)
    return [finding.excerpt for finding in findings]


def test_the_seed_document_has_exactly_one_mistake():
    draft = parse_text(SEED)
    words = content(
        headline=draft.headline,
        blocks=[
            make_passage(*p.blocks, speaker=voice()) | {"heading": p.heading}
            for p in draft.passages
        ],
        notes_to_editors=draft.notes_to_editors,
    )
    findings = check_draft(CheckedDraft(words), STYLE)
    assert [(str(f), f.excerpt, f.nth, f.replacement) for f in findings] == [
        (
            "Write “PSHE”, not “PHSE”. Personal, social, health and economic education.",
            *("PHSE", 0, "PSHE"),
        )
    ]


@pytest.mark.parametrize(
    ("paragraphs", "excerpts"),
    [
        (["He said: “It is late."], ["“It"]),
        (["It is late,” he said."], ["late,”"]),
        (["“One paragraph", "and no second mark.”"], ["“One", "mark.”"]),
        (["It costs (about £5."], ["(about"]),
        (["It costs about £5)."], ["£5)."]),
        (["See [the report."], ["[the"]),
        (["We saw the the report."], ["the the"]),
        (["On Thursday 12 November 2025 it came."], ["Thursday 12 November 2025"]),
        (["On Monday, November 12th, 2026 it came."], ["Monday, November 12th, 2026"]),
        (["On Monday 31 June 2026 it came."], ["Monday 31 June 2026"]),
    ],
)
def test_a_mistake_is_found_at_its_exact_place(paragraphs, excerpts):
    assert find_excerpts(*paragraphs) == excerpts


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["He said: “It is late.”", 'She said: "No." The 12" record, the ’90s, don’t.'],
        ["“One paragraph", "“and a second.”"],
        ["„So sagt man“ and «ainsi»."],
        ["It is: a) one; b) two; 1) three.", "(a) first", "(see [2])"],
        ["I had had enough; that that is, is."],
        ["On Thursday 12 November 2026, Friday 13th November 2026 and 1 May."],
        ["May on Monday 12. In March 2026 we met on Tuesdays."],
        ['A plain <a href="https://example.org/">link</a>, e.g. this one.'],
    ],
)
def test_correct_text_is_left_alone(paragraphs):
    assert find_excerpts(*paragraphs) == []


def test_words_quoted_in_a_passage_carry_no_outer_marks_and_inner_ones_in_pairs():
    assert find_excerpts("We call it “fair”.", "And we mean it.", speaker=voice()) == []
    assert find_excerpts("We call it “fair.", speaker=voice()) == ["“fair."]


@pytest.mark.parametrize(
    ("headline", "advice"),
    [
        ("A report is out", []),
        ("U.S. signs accord with U.K.", []),
        ("And so it goes...", []),
        ("NATO, UNESCO and WHO agree", []),
        ("ADCS", []),
        ("A report is published.", ["The headline ends with a full stop. Leave it out."]),
        (
            "A REPORT IS PUBLISHED",
            ["The headline is all in capitals. Write it as a sentence."],
        ),
        (
            "x " * 33 + "y",
            ["The headline has 67 characters: search engines cut it after about 65."],
        ),
    ],
)
def test_headlines(headline, advice):
    assert list_advice(content(headline=headline)) == advice


def test_missing_summary_and_metadata():
    assert list_advice(content(summary=""), has_contact=False, has_themes=False) == [
        "There is no summary for lists and search engines.",
        "There is no contact for journalists.",
        "There are no themes: related articles are found by them.",
    ]
    assert list_advice(content(summary="x" * 161)) == [
        "The summary has 161 characters: 160 is what is shown."
    ]


def test_an_attribution_of_another_speaker():
    passages = [
        make_passage("<p>Yes.</p>", speaker=voice(name), attribution=line)
        for name, line in (("Dave Hill", "Ann Lee said:"), ("Ann Lee", "The President said:"))
    ]
    assert list_advice(content(blocks=passages)) == [
        "The line before the words names Ann Lee, and Dave Hill speaks. "
        "Change the line, or the speaker."
    ]


def test_links_that_are_not_encrypted_or_dead():
    words = content(
        '<p>here and <a href="http://example.org/a">here</a></p>',
        responds_to={"title": "R", "url": "https://example.org/b"},
    )
    findings = check_draft(
        CheckedDraft(words, dead_links={"https://example.org/b": "There is no such page (404)."}),
        STYLE,
    )
    assert list_urls(words) == ["http://example.org/a", "https://example.org/b"]
    assert [(finding.field, str(finding)) for finding in findings] == [
        (
            "passages-0-body",
            "http://example.org/a is not encrypted. Link to its https address if there is one.",
        ),
        (
            "responds_to_url",
            "https://example.org/b: There is no such page (404). Check the address.",
        ),
    ]


def test_a_link_through_the_server_of_a_mail_program_is_advised_against():
    url = "https://protect-eu.mimecast.com/s/abc?domain=example.org"
    words = content(f'<p><a href="{url}">here</a></p>')
    assert [str(finding) for finding in check_draft(CheckedDraft(words), STYLE)] == [
        f"{url} leads through Mimecast, which sees who follows it. Link to the page itself."
    ]


def test_a_table_without_headers():
    rows = "<tr><td>the</td><td>the</td></tr><tr><td>(1</td><td>2</td></tr>"
    advice = (
        "A table has no header row. If its first row names the columns, make it the header row: "
        "people who listen to the page hear these names."
    )
    bare, *headed = (
        f"<table>{rows}</table>",
        f"<table><thead><tr><th>a</th><th>b</th></tr></thead>{rows}</table>",
        f"<table>{rows.replace('<tr><td>', '<tr><th>').replace('</td><td>', '</th><td>')}</table>",
    )
    notes = {"notes_to_editors": clean_blocks(bare)}
    assert [text for text in list_advice(content(*clean_blocks(bare))) if "table" in text] == [
        advice
    ]
    assert [text for text in list_advice(content("<p>a</p>", **notes)) if "table" in text] == [
        advice
    ]
    for source in headed:
        assert "table" not in " ".join(list_advice(content(*clean_blocks(source))))


def test_equal_excerpts_are_counted_over_the_whole_field():
    words = content("<p>to the</p>", "<p>the the end</p>")
    [finding] = check_draft(CheckedDraft(words), STYLE)
    assert (finding.excerpt, finding.nth) == ("the the", 0)
    words = content("<p>(on) it (on</p>")
    [finding] = check_draft(CheckedDraft(words), STYLE)
    assert (finding.excerpt, finding.nth) == ("(on", 1)


def test_dates_are_checked_in_english_only():
    assert find_excerpts("The the Monday 12 November 2026", language="de") == []
    assert dt.date(2026, 11, 12).weekday() == 3
