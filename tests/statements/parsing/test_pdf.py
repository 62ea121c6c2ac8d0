"""Test that a PDF with text gives the draft that its words ask for."""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.parsing.document import parse_document
from statements.parsing.draft import Draft, ParseError
from statements.parsing.pdf import SCANNED_MESSAGE, convert_pdf
from statements.parsing.zip_package import LOCKED_MESSAGE
from tests.hypothesis_profiles import scale_examples
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.make_pdf import paragraph, pdf, rule, text, write_objects

pytestmark = pytest.mark.usefixtures("in_this_process")

READ_AGAIN = "A PDF has lines and no paragraphs: read the draft against it."
HEAD = text("Harbour council welcomes the quay", 72, 760, size=20)
FILLER = (
    "The council was founded in 1902 and has fourteen members. It is responsible for",
    "the administration of everything that floats, swims or sinks between the tower and",
    "the old customs house.",
)


def blocks(draft: Draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


def test_lines_become_paragraphs_with_a_headline_a_date_and_a_speaker():
    draft = parse_document(
        pdf(
            HEAD
            + text("3 May 2012", 72, 730)
            + paragraph("Ann Example, Chair of the Harbour Council, said:", y=700)
            + paragraph(
                "“This is a good day for everybody who has waited for decades, and we are very",
                "delighted. The quay is open.”",
                y=680,
            )
            + paragraph(*FILLER, y=640)
        )
    )
    assert draft.headline == "Harbour council welcomes the quay"
    assert draft.dated_on.isoformat() == "2012-05-03"
    assert [(passage.speaker_name, passage.blocks) for passage in draft.passages] == [
        (
            "Ann Example",
            (
                "<p>This is a good day for everybody who has waited for decades, and we are very "
                "delighted. The quay is open.</p>",
            ),
        ),
        ("", (f"<p>{' '.join(FILLER)}</p>",)),
    ]
    assert draft.messages == (READ_AGAIN,)


def test_paragraphs_without_space_between_them_are_told_by_their_short_last_lines():
    draft = parse_document(pdf(HEAD + paragraph(*FILLER, *FILLER, y=700)))
    assert blocks(draft) == [f"<p>{' '.join(FILLER)}</p>"] * 2


def test_a_paragraph_goes_on_over_the_end_of_a_page():
    draft = parse_document(
        pdf(HEAD + paragraph(*FILLER[:2], y=200), paragraph(FILLER[2], "And more.", y=760))
    )
    assert blocks(draft)[0].startswith(f"<p>{' '.join(FILLER)}")


def test_emphasis_links_and_raised_digits():
    line = (
        text("It costs 10", 72, 700)
        + text("6", 124, 704, size=7)
        + text("pounds and is", 133, 700)
        + text("good", 207, 700, font="F2")
        + text("for", 238, 700, font="F3")
        + text("everybody here", 256, 700)
    )
    draft = parse_document(pdf(HEAD + line, link=("255 695 400 712", "https://example.org/r")))
    assert blocks(draft) == [
        "<p>It costs 10<sup>6</sup> pounds and is <strong>good</strong> <em>for</em> "
        '<a href="https://example.org/r">everybody here</a></p>'
    ]


def test_words_divided_at_the_end_of_a_line():
    lines = (
        "The administration of the harbour has a long history, and the long-awaited adminis-",
        "tration of the quay is not in doubt, for everything that has been so very long-",
        "awaited comes in the end.",
    )
    draft = parse_document(pdf(HEAD + paragraph(*lines, y=700)))
    assert blocks(draft) == [
        "<p>The administration of the harbour has a long history, and the long-awaited "
        "administration of the quay is not in doubt, for everything that has been so very "
        "long-awaited comes in the end.</p>"
    ]
    lines = (
        "Everything that floats or swims is in the care of the council, which is self-",
        "made.",
    )
    draft = parse_document(pdf(HEAD + paragraph(*lines, y=700)))
    assert blocks(draft)[0].endswith("is self-made.</p>")
    assert draft.messages[1:] == (
        "Check words that were divided at the end of a line: “self-made”.",
    )


def test_headers_footers_page_numbers_and_a_letterhead_are_no_words():
    def page(number: int, body: str) -> str:
        return (
            text("Press office, confidential", 72, 810, size=8)
            + body
            + text(f"Page {number} of 2", 280, 30, size=8)
        )

    draft = parse_document(
        pdf(
            page(1, text("Quay Street 2", 400, 780, size=9) + HEAD + paragraph(*FILLER, y=700)),
            page(2, paragraph("More words.", y=700)),
        )
    )
    assert draft.headline == "Harbour council welcomes the quay"
    assert blocks(draft) == [f"<p>{' '.join(FILLER)}</p>", "<p>More words.</p>"]
    assert draft.leftovers == (
        ("Press office, confidential", "It was the header or footer of a page."),
        ("Page 1 of 2", "It was the header or footer of a page."),
        ("Page 2 of 2", "It was the header or footer of a page."),
        ("Quay Street 2", "It stood above the headline."),
    )


def test_struck_out_words_never_come_back_and_underlined_ones_stay():
    line = (
        text("We keep this word but", 72, 700)
        + text("not this one", 190, 700)
        + text("and go on", 260, 700)
    )
    draft = parse_document(pdf(HEAD + line + rule(189, 254, 703.5) + rule(72, 180, 698.8)))
    assert blocks(draft) == ["<p>We keep this word but and go on</p>"]
    assert draft.leftovers == (("not this one", "It was struck through."),)


def test_what_a_reviewer_struck_out_or_wrote_on_the_page_is_left_over():
    strike = "[" + " ".join(["188 712 254 712 188 695 254 695"]) + "]"
    notes = (
        f"/Annots [<< /Type /Annot /Subtype /StrikeOut /Rect [0 0 595 842] /QuadPoints {strike} "
        "/Contents (Say it shorter) >> << /Subtype /Popup /Contents (Say it shorter) >> "
        "<< /Subtype /Text /Rect [x] /Contents 5 >> 7]"
    )
    line = (
        text("We keep this word but", 72, 700)
        + text("not this one", 190, 700)
        + text("and go on", 260, 700)
    )
    draft = parse_document(pdf(HEAD + line, extra=notes))
    assert blocks(draft) == ["<p>We keep this word but and go on</p>"]
    assert draft.leftovers == (
        ("Say it shorter", "A comment, never published."),
        ("not this one", "It was struck through."),
    )
    assert draft.messages == (
        READ_AGAIN,
        "1 comment was left out and kept under “Left out of the draft”.",
        "Struck-through words were left out; they are under “Left out of the draft”.",
    )


def test_bullets_and_numbers_are_lists():
    draft = parse_document(
        pdf(HEAD + paragraph("• One", "• Two", y=700) + paragraph("1. First", "2. Second", y=600))
    )
    assert blocks(draft) == [
        "<ul><li>One</li><li>Two</li></ul>",
        "<ol><li>First</li><li>Second</li></ol>",
    ]


def test_a_bullet_or_number_far_from_its_words_is_put_before_them():
    def item(marker: str, words: str, y: float) -> str:
        return text(marker, 72, y) + paragraph(words, "and its second line.", y=y, x=110)

    draft = parse_document(
        pdf(
            HEAD
            + item("\u2022", "One is long enough to be told from", 700)
            + item("\u2022", "Two is long enough to be told from", 670)
            + item("1.", "First is long enough to be told from", 600)
            + item("2.", "Second is long enough to be told from", 570)
        )
    )
    assert blocks(draft) == [
        "<ul><li>One is long enough to be told from and its second line.</li>"
        "<li>Two is long enough to be told from and its second line.</li></ul>",
        "<ol><li>First is long enough to be told from and its second line.</li>"
        "<li>Second is long enough to be told from and its second line.</li></ol>",
    ]


def test_letters_printed_twice_for_bold_are_read_once():
    draft = parse_document(pdf(HEAD + text("Quay", 72, 700) + text("Quay", 72.4, 700)))
    assert blocks(draft) == ["<p>Quay</p>"]


def scanned(stamp: str = "") -> bytes:
    page = f"q 595 0 0 842 0 0 cm /I Do Q\n{stamp}".encode()
    image = zlib.compress(b"\xff" * 100)
    return write_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /XObject << /I 5 0 R >> /Font << /F1 << /Type /Font /Subtype /Type1 "
            b"/BaseFont /Helvetica >> >> >> >>",
            b"<< /Length %d >>\nstream\n" % len(page) + page + b"\nendstream",
            b"<< /Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 "
            b"/ColorSpace /DeviceGray /Filter /FlateDecode /Length %d >>\nstream\n"
            % len(image)
            + image
            + b"\nendstream",
        ]
    )


ENCRYPTED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00><00>]"
)
REFUSED = {
    "scanned": (scanned(), SCANNED_MESSAGE),
    "scanned, with the line of a fax": (scanned(text("FAX 3 May", 72, 820)), SCANNED_MESSAGE),
    "a password": (pdf(HEAD, more=ENCRYPTED), LOCKED_MESSAGE),
    "no words": (pdf(""), "The PDF is empty: there is not one word in it."),
    "101 pages": (pdf(*[HEAD] * 101), "The PDF has more than 100 pages, far more than any statement."),
    "half": (pdf(HEAD)[:200], "The PDF is damaged and cannot be read."),
    "only its first line": (b"%PDF-1.7\n", "The PDF is damaged and cannot be read."),
    "pages in a circle": (
        write_objects(
            [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]
        ),
        "The PDF is",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)
    assert str(refused.value).endswith(".")


@settings(max_examples=scale_examples(40), deadline=None)
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    raw = bytearray(pdf(HEAD + paragraph(*FILLER, y=700)))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ParseError):
        convert_pdf(bytes(raw))
