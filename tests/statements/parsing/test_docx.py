"""Test that a .docx gives the same draft as its text, with messages about everything else."""

import os
import re
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.parsing import conversion, zip_package
from statements.parsing.document import parse_document
from statements.parsing.docx import parse_docx
from statements.parsing.draft import Draft, ParseError
from statements.parsing.text import parse_text
from tests.hypothesis_profiles import scale_examples
from tests.statements.parsing.documents import DAVE
from tests.statements.parsing.make_docx import (
    docx,
    p,
    packed,
    parts,
    relation,
    run,
    seed,
    table,
)

SHARED = Path(__file__).parents[4] / "shared" / "data" / "word"
SEED = Path(__file__).parents[2] / "fixtures" / "adcs-comment.txt"
AUTHOR = 'w:id="1" w:author="N. N." w:date="2026-01-01T00:00:00Z"'
PASTE = "Or open it and paste its words here."


WITHOUT_WORDS = {"mammoth-footnote-hyperlink.docx"}  # its only words are a footnote


def everything(draft: Draft) -> str:
    texts = [draft.headline, *draft.notes_to_editors, *draft.omitted_lines]
    texts += [f"{text} {reason}" for text, reason in draft.leftovers]
    texts += [
        f"{passage.heading} {passage.attribution} {' '.join(passage.blocks)}"
        for passage in draft.passages
    ]
    return "\n".join(texts)


# The words


def test_the_seed_as_a_word_file_is_the_same_draft_as_its_text():
    assert parse_docx(seed()) == parse_text(SEED.read_bytes())


def test_bold_italics_and_links_stay_inside_a_quotation_without_its_marks():
    link = f'<w:hyperlink r:id="rId9">{run("the report")}</w:hyperlink>'
    draft = parse_docx(
        docx(
            p("Head"),
            p(DAVE),
            p(
                run("“We "),
                run("welcome", "<w:b/>"),
                run(" "),
                link,
                run(" "),
                run("warmly", "<w:i/>"),
                run(".”"),
            ),
            relations=relation(9, "hyperlink", "https://example.org/", external=True),
        )
    )
    assert draft.passages[0].blocks == (
        '<p>We <strong>welcome</strong> <a href="https://example.org/">the report</a> '
        "<em>warmly</em>.</p>",
    )
    assert draft.passages[0].speaker_name == "Dave Hill"


def test_words_that_are_split_over_many_runs_are_whole():
    draft = parse_docx(docx(p("Head"), p(run("Chil"), run("dre"), run("n first, and last."))))
    assert draft.passages[0].blocks == ("<p>Children first, and last.</p>",)


def test_a_heading_is_a_sub_heading_whatever_it_ends_with():
    styles = '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    draft = parse_docx(
        docx(p("Head"), p("What next?", style="H1"), p("Short. Enough."), styles=styles)
    )
    assert [(passage.heading, passage.blocks) for passage in draft.passages] == [
        ("What next?", ("<p>Short. Enough.</p>",))
    ]


def test_the_author_of_the_file_is_not_in_the_draft():
    assert "Private" not in everything(parse_docx(docx(p("Head"), p("Words."))))


# Comments, changes, notes, tables, pictures

INSERTED = f"<w:ins {AUTHOR}>{run('new ')}</w:ins>"
DELETED = f"<w:del {AUTHOR}><w:r><w:delText>old words</w:delText></w:r></w:del>"
COMMENT = f"<w:comment {AUTHOR}>{p('Is this agreed?')}</w:comment>"
NOTE = f'<w:footnote w:id="2">{p("See page 4.")}</w:footnote>'
BOX = f"<w:r><w:pict><w:txbxContent>{p('In a box')}</w:txbxContent></w:pict></w:r>"
PICTURE = (
    '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'r:link="rId5"/></w:drawing></w:r>'
)
OUTSIDE = relation(5, "image", "https://tracker.example/pixel.gif", external=True)

EXTRAS = {
    "insertion": (
        docx(p("Head"), p(run("Our "), INSERTED, run("words."))),
        ["1 tracked insertion (by N. N.) was taken as accepted."],
        [],
    ),
    "deletion": (
        docx(p("Head"), p(run("Our words"), DELETED, run("."))),
        [
            "1 tracked deletion (by N. N.) was carried out; the words are under “Left out of the draft”."
        ],
        [("old words", "It was deleted by N. N. as a tracked change.")],
    ),
    "comment": (
        docx(p("Head"), p("Words."), comments=COMMENT),
        ["1 comment (by N. N.) was taken out of the words and kept under “Left out of the draft”."],
        [("Is this agreed?", "A comment by N. N., never published.")],
    ),
    "footnote": (
        docx(
            p("Head"),
            p(run("Words"), '<w:r><w:footnoteReference w:id="2"/></w:r>', run(".")),
            footnotes=NOTE,
        ),
        [
            "1 footnote was taken out of the words and kept under “Left out of the draft”: put into the notes "
            "to editors what readers need."
        ],
        [("See page 4.", "It was footnote 1.")],
    ),
    "table": (
        docx(p("Head"), table("one", "two")),
        ["1 table: read the words in it again."],
        [],
    ),
    "text box": (
        docx(p("Head"), p(run("Words."), BOX)),
        [
            "The words of 1 text box were put among the others: see that they are in the right place."
        ],
        [],
    ),
    "header": (
        docx(p("Head"), p("Words."), header1=p("DRAFT 3")),
        [
            "Headers and footers of the pages were left out; their words are under “Left out of the draft”."
        ],
        [("DRAFT 3", "It was the header of each page.")],
    ),
    "picture from outside": (
        docx(p("Head"), p(run("Words."), PICTURE), relations=OUTSIDE),
        [
            "1 picture was left out: attach it to the statement, with a description.",
            "The picture at https://tracker.example/pixel.gif was not fetched.",
        ],
        [],
    ),
    "underlining and colour": (
        docx(p("Head"), p(run("Words.", '<w:u w:val="single"/><w:color w:val="FF0000"/>'))),
        ["The page has no place for these looks, and they were dropped: underlining; colours."],
        [],
    ),
}


@pytest.mark.parametrize(("document", "messages", "leftovers"), EXTRAS.values(), ids=EXTRAS.keys())
def test_extras_are_kept_with_a_message(document, messages, leftovers):
    draft = parse_docx(document)
    assert list(draft.messages) == messages
    assert list(draft.leftovers) == leftovers
    for word_kept in ("In a box", "new words", "one"):
        if word_kept.encode() in document:
            assert word_kept in everything(draft)


def test_nothing_is_fetched():
    """The converter could fetch linked pictures; it is configured not to."""
    draft = parse_docx(EXTRAS["picture from outside"][0])
    assert draft.passages[0].blocks == ("<p>Words.</p>",)


# What is refused


def bomb() -> bytes:
    return packed({**parts(p("Head")), "word/styles.xml": b" " * 30_000_000})


def many_members() -> bytes:
    return packed({**parts(p("Head")), **{f"word/media/{n}.png": b"" for n in range(1200)}})


def false_size_bomb() -> bytes:
    """Return a zip bomb whose directory says that the part is small."""
    raw = bytearray(
        packed({**parts(p("Head")), "word/zzz.xml": os.urandom(9_000_000).hex()[:9_000_000]})
    )
    directory = raw.rfind(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    return bytes(raw)


def macros() -> bytes:
    return packed({**parts(p("Head")), "word/vbaProject.bin": b"Sub AutoOpen"})


def entities() -> bytes:
    members = parts(p("Head"))
    members["word/document.xml"] = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + members["word/document.xml"]
    )
    return packed({**members})


def locked() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


REFUSED = {
    "zip bomb": (bomb(), "The document unpacks to more than two hundred times its size"),
    "a bomb with a false size": (false_size_bomb(), "The document"),
    "1,200 members": (many_members(), "The document is packed from 1,205 files"),
    "macros": (macros(), "The document carries macros"),
    ".docm": (
        packed({**parts(p("Head"), kind="document.macroEnabled.main+xml")}),
        "The document carries macros",
    ),
    "entity bomb": (entities(), "The document declares entities of its own"),
    "10,000 tables": (
        docx(p("Head"), *(table(str(n)) for n in range(10_000))),
        "The document has 10,000 tables",
    ),
    "6,000 paragraphs": (
        docx(*(p(f"Number {n}.") for n in range(6_000))),
        "The document has 6,000 paragraphs",
    ),
    "a renamed .exe": (b"MZ\x90\0" + b"\0" * 900, "This is a Windows program"),
    "Word 97": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900,
        "This is a Word 97 document (.doc).",
    ),
    "a password": (locked(), "This document is locked with a password."),
    "another zip": (packed({"a.txt": "words"}), "This is a zipped file without a document"),
    "an .xlsx": (packed({"xl/workbook.xml": "<x/>"}), "This is an Excel workbook."),
    "an .ods": (packed({"content.xml": "<x/>"}), "This is an OpenDocument file, but not a text"),
    "half a file": (seed()[:600], "The document is damaged"),
    "broken XML": (
        packed({**parts(p("Head")), "word/document.xml": "<w:document"}),
        "The document is damaged",
    ),
    "deep as a well": (docx("<w:sdt>" * 20_000), "The document is damaged"),
    "eleven megabytes": (b"PK" + b"\0" * 11_000_000, "The document has 11.0 MB"),
    "nothing": (b"", "The file is empty."),
    "no words": (docx(p("")), "The document is empty"),
}


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_a_hostile_file_or_another_type_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    sentence = str(refused.value)
    assert sentence.startswith(beginning)
    assert sentence.endswith(".")


def test_reading_takes_neither_much_time_nor_much_memory(monkeypatch):
    monkeypatch.setattr(conversion, "MAX_WALL_SECONDS", 0.001)
    with pytest.raises(ParseError, match="took too much time or memory"):
        parse_docx(seed())


def test_the_subprocess_does_not_import_django():
    code = "import sys, statements.parsing.document_subprocess; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=conversion.ROOT).returncode == 0


@settings(max_examples=scale_examples(40))
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    raw = bytearray(seed())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ParseError):
        zip_package.unpack_docx(bytes(raw))


@pytest.mark.skipif(not SHARED.exists(), reason=f"no documents in {SHARED}")
def test_real_documents_lose_no_word():
    for path in sorted(SHARED.glob("*.docx")):
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("word/document.xml").decode()
        words = re.findall(
            r"\w+",
            " ".join(
                re.findall(
                    r"<w:t(?: [^>]*)?>([^<]*)</w:t>",
                    re.sub(r"</w:t></w:r>(<w:r[^>]*>(<w:rPr>.*?</w:rPr>)?<w:t[^>]*>)", "", xml),
                )
            ),
        )
        if not words or path.name in WITHOUT_WORDS:
            continue
        draft_text = everything(parse_docx(path.read_bytes()))
        assert [word for word in words if word not in draft_text] == [], path.name
