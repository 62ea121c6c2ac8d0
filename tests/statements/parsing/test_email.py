"""Test that an e-mail gives the draft of the statement in it, and doubts where it is not certain."""

from email.message import EmailMessage

import pytest

from statements.parsing.document import parse_document
from statements.parsing.draft import Draft, ParseError
from statements.parsing.email_paragraphs import clean_subject, split_embargo
from statements.parsing.embargo import EMBARGO_REASON
from tests.statements.parsing.converting import in_this_process  # noqa: F401
from tests.statements.parsing.make_docx import docx, p

pytestmark = pytest.mark.usefixtures("in_this_process")

SENT = "The e-mail was sent on 3 May 2012, which was taken as the date."
SUBJECT_TAKEN = "The subject of the e-mail was taken as the headline."
FORWARDED = "The e-mail was forwarded: check what is part of the statement."
ANSWERED = "The e-mail answers another one: check what is part of the statement."
STATEMENT = """Ann Example, Chair of the Harbour Council, said:

“This is a good day for everybody who has waited for decades.”
"""


def mail(text: str = STATEMENT, *, subject: str = "Quay is open", rich: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Press office <press@example.org>"
    message["To"] = "news@example.com"
    message["Subject"] = subject
    message["Date"] = "Thu, 03 May 2012 09:30:00 +0100"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(text)
    if rich:
        message.add_alternative(rich, subtype="html")
    return message


def parse(message: EmailMessage) -> Draft:
    return parse_document(message.as_bytes())


def blocks(draft: Draft) -> list[str]:
    return [block for passage in draft.passages for block in passage.blocks]


def test_the_subject_is_the_headline_and_the_day_of_sending_is_proposed():
    draft = parse(mail())
    assert (draft.headline, draft.dated_on.isoformat()) == ("Quay is open", "2012-05-03")
    assert [passage.speaker_name for passage in draft.passages] == ["Ann Example"]
    assert blocks(draft) == ["<p>This is a good day for everybody who has waited for decades.</p>"]
    assert (draft.messages, draft.doubts) == ((SUBJECT_TAKEN, SENT), ())


def test_the_date_in_the_words_counts_more_than_the_day_of_sending():
    draft = parse(mail(f"2 May 2012\n\n{STATEMENT}"))
    assert draft.dated_on.isoformat() == "2012-05-02"
    assert draft.messages == (SUBJECT_TAKEN,)


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("Fwd: PRESS RELEASE: Quay is open", "Quay is open"),
        ("[EXTERNAL] RE: Media statement – Quay is open", "Quay is open"),
        ("News release | Quay is open", "Quay is open"),
        ("AW: WG: Quay is open", "Quay is open"),
        ("Statement on the quay", "Statement on the quay"),
        ("Re-opening of the quay", "Re-opening of the quay"),
        ("In: and out", "In: and out"),
    ],
)
def test_a_subject_without_what_programs_put_before_it(subject, headline):
    assert clean_subject(subject) == headline


def test_rich_text_keeps_emphasis_and_the_headline_in_it_counts():
    rich = (
        "<html><head><style>.b{font-weight:bold}</style></head><body><p>Hello,</p>"
        "<p>Please find below our press release.</p><h1>Quay is open</h1>"
        '<p>It is a <span class="b">good</span> day.</p></body></html>'
    )
    draft = parse(
        mail("Hello, it is a good day.", subject="Press release: quay is open", rich=rich)
    )
    assert draft.headline == "Quay is open"
    assert blocks(draft) == ["<p>It is a <strong>good</strong> day.</p>"]
    assert draft.leftovers == (
        ("Hello,", "It stood above the headline of the e-mail."),
        ("Please find below our press release.", "It stood above the headline of the e-mail."),
    )


def test_a_heading_in_the_text_counts_more_than_another_subject():
    rich = "<html><body><h2>Harbour opens</h2><p>It is a good day.</p></body></html>"
    draft = parse(mail("Harbour opens", subject="For your diary", rich=rich))
    assert draft.headline == "Harbour opens"
    assert draft.leftovers == (("For your diary", "It was the subject of the e-mail."),)


def test_an_open_letter_keeps_the_person_it_greets():
    draft = parse(mail("Dear Prime Minister,\n\nWe write about the quay.", subject="Open letter"))
    assert blocks(draft) == ["<p>Dear Prime Minister,</p>", "<p>We write about the quay.</p>"]


def test_signature_and_disclaimer_are_left_over():
    disclaimer = "This email and any attachments are confidential and meant for its recipient."
    text = f"{STATEMENT}\n{disclaimer}\n\n-- \nPress office\n020 7946 0000\n"
    draft = parse(mail(text))
    assert len(blocks(draft)) == 1
    assert [reason for _, reason in draft.leftovers] == [
        "It was the signature of the e-mail.",
        "It is on each e-mail of its sender.",
    ]
    assert "020 7946 0000" in draft.leftovers[0][0]


FORWARD = """FYI, can we use this?

---------- Forwarded message ---------
From: Press office <press@example.org>
Date: Wed, 2 May 2012 at 09:30
Subject: PRESS RELEASE: Quay is open
To: news@example.com

"""


def test_a_forwarded_mail_is_read_below_its_header_with_a_doubt():
    draft = parse(mail(FORWARD + STATEMENT, subject="Fwd: PRESS RELEASE: Quay is open"))
    assert (draft.headline, draft.dated_on.isoformat()) == ("Quay is open", "2012-05-02")
    assert blocks(draft) == ["<p>This is a good day for everybody who has waited for decades.</p>"]
    assert draft.doubts == (FORWARDED,)
    assert FORWARDED in draft.messages
    assert ("FYI, can we use this?", "It stood above the forwarded e-mail.") in draft.leftovers


def test_a_quoted_forward_of_apple_mail():
    quoted = "".join(
        f"> {line}\n"
        for line in (
            "From: Press office <press@example.org>\nSubject: Quay is open\n"
            f"Date: 2 May 2012 at 09:30:00\nTo: news@example.com\n\n{STATEMENT}"
        ).split("\n")
    )
    draft = parse(mail(f"Begin forwarded message:\n\n{quoted}", subject="Fwd: Quay is open"))
    assert (draft.headline, draft.dated_on.isoformat()) == ("Quay is open", "2012-05-02")
    assert [passage.speaker_name for passage in draft.passages] == ["Ann Example"]


def test_a_forward_of_outlook():
    rich = (
        "<html><body><p>See below</p><div><p><b>From:</b> Press office<br><b>Sent:</b> 2 May 2012 "
        "09:30<br><b>To:</b> News<br><b>Subject:</b> Quay is open</p></div>"
        "<p>It is a good day.</p></body></html>"
    )
    draft = parse(mail("See below", subject="FW: Quay is open", rich=rich))
    assert (draft.headline, draft.dated_on.isoformat()) == ("Quay is open", "2012-05-02")
    assert blocks(draft) == ["<p>It is a good day.</p>"]


def test_an_answer_is_read_above_the_older_mail_with_a_doubt():
    older = "On Wed, 2 May 2012 at 09:30, News <news@example.com> wrote:\n\n> Is it open?\n"
    draft = parse(mail(f"{STATEMENT}\n{older}", subject="Re: Quay is open"))
    assert blocks(draft) == ["<p>This is a good day for everybody who has waited for decades.</p>"]
    assert draft.doubts == (ANSWERED,)
    assert [reason for _, reason in draft.leftovers] == ["It was an earlier e-mail."] * 2


def test_a_covering_note_with_a_document_is_a_doubt():
    message = mail("Dear all,\n\nPlease find attached our press release.\n\nKind regards\nAnn")
    message.add_attachment(
        docx(p("Head"), p("Words.")),
        maintype="application",
        subtype="octet-stream",
        filename="Quay.docx",
    )
    assert parse(message).doubts == (
        "This looks like a covering note: “Quay.docx” is attached. If the statement is in it, bring "
        "that file.",
    )


def test_a_mail_that_only_carries_another_is_read_as_that_one():
    outer = EmailMessage()
    outer["Subject"], outer["Message-ID"] = "Fwd", "<2@example.org>"
    outer.add_attachment(mail())
    draft = parse(outer)
    assert (draft.headline, len(blocks(draft))) == ("Quay is open", 1)


def test_flowed_lines_are_joined_and_letters_in_their_encoding_are_read():
    raw = (
        "From: a@example.org\nMessage-ID: <1@x>\nSubject: =?iso-8859-1?Q?Na=EFve_quay?=\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\n"
        "Content-Transfer-Encoding: 8bit\n\nA l\u00efne that \ngoes on.\n\nAnother.\n"
    ).encode("latin-1")
    draft = parse_document(raw)
    assert draft.headline == "Na\u00efve quay"
    assert blocks(draft) == ["<p>A l\u00efne that goes on.</p>", "<p>Another.</p>"]


def test_an_embargo_above_the_words_stays_a_line_of_its_own():
    text = f"EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 DECEMBER 2026\n\n{STATEMENT}"
    draft = parse(mail(text))
    assert draft.headline == "Quay is open"
    assert draft.leftovers[0][0] == "EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 DECEMBER 2026"


@pytest.mark.parametrize(
    ("subject", "embargo", "headline"),
    [
        (
            "EMBARGOED UNTIL 00:01 2 May 2032: Quay is open",
            "EMBARGOED UNTIL 00:01 2 May 2032",
            None,
        ),
        ("[EMBARGOED 00:01 2 May 2032] Quay is open", "EMBARGOED 00:01 2 May 2032", None),
        ("Embargoed until 2 May 2032 - Quay is open", "Embargoed until 2 May 2032", None),
        (
            "Under embargo until 00:01, 2 May 2032 | Quay is open",
            "Under embargo until 00:01, 2 May 2032",
            None,
        ),
        ("Fwd: EMBARGOED UNTIL NOON TOMORROW", "EMBARGOED UNTIL NOON TOMORROW", ""),
        ("Arms embargo: Quay is open", "", "Arms embargo: Quay is open"),
    ],
)
def test_an_embargo_in_the_subject_is_obeyed_and_is_no_headline(subject, embargo, headline):
    assert split_embargo(clean_subject(subject)) == (
        embargo,
        "Quay is open" if headline is None else headline,
    )
    draft = parse(mail(subject=subject))
    assert draft.headline == ("Quay is open" if headline is None else headline)
    assert [text for text, reason in draft.leftovers if reason == EMBARGO_REASON] == [embargo][
        : bool(embargo)
    ]


def test_a_text_with_lines_like_a_header_is_no_mail():
    draft = parse_document(b"Date: 3 May 2012\n\nQuay is open\n\nIt is a good day.\n")
    assert (draft.headline, draft.dated_on.isoformat()) == ("Quay is open", "2012-05-03")


def deep() -> bytes:
    head = b"Message-ID: <1@x>\nMIME-Version: 1.0\nSubject: x\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(300)
    )
    return head + parts


REFUSED = {
    "deep": (deep(), "The "),
    "no words": (mail("\n").as_bytes(), "The e-mail is empty"),
    "a mailbox": (
        b"From a@x Thu May  3 09:30:00 2012\n" + mail().as_bytes()
        + b"\n\nFrom b@x Thu May  3 09:30:00 2012\n" + mail().as_bytes(),
        "This is a mailbox with several e-mails.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "beginning"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_gets_a_sentence(raw, beginning):
    with pytest.raises(ParseError) as refused:
        parse_document(raw)
    assert str(refused.value).startswith(beginning)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "header",
    [
        b"Date: not a date",
        b"Date: Thu, 32 Xyz 99999 99:99:99 +9999",
        b"Subject: =?x-unknown?B?//8=?=",
        b"Subject: =?utf-8?B?",
        b"Content-Type: text/plain; charset=nonsense",
        b"Content-Type: ;;;=\xff\"",
        b"Content-Disposition: inline; filename*=utf-8''%FF",
        b"Content-Transfer-Encoding: base64",
        b"From: <<<>>>@@,;:\"",
    ],
)  # fmt: skip
def test_a_broken_header_costs_no_words(header):
    raw = b"Message-ID: <1@x>\n" + header + b"\n\nQuay is open\n\nIt is a good day.\n"
    if b"base64" in header:
        raw = raw.replace(b"Quay is open\n\nIt is a good day.\n", b"UXVheSBpcyBvcGVu\n")
    draft = parse_document(raw)
    assert "Quay is open" in (draft.headline + " ".join(blocks(draft)))
