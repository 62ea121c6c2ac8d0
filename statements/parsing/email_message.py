"""Convert an e-mail (.eml) to HTML: its body, its subject, the day on which it was sent."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime

from statements.parsing.conversion import Conversion
from statements.parsing.document_formats import DOCX, ODT, PDF, RTF, detect_document_format
from statements.parsing.draft import ParseError
from statements.parsing.page import convert_page_text, decode_page
from statements.parsing.plain_text import text_to_blocks
from statements.parsing.wording import describe_pictures, format_count
from statements.parsing.zip_package import PASTE_HINT

MAX_PARTS = 500
MAX_NESTED_PARTS = 20
MAX_SUBJECT_CHARS = 500
MAX_COVERING_WORDS = 120
MIN_TEXT_RATIO = 0.5
ATTACHED_DOCUMENTS = {DOCX, ODT, PDF, RTF}
MBOX_LINE = re.compile(rb"\A>?From [^\n]{1,200}\n")
NEXT_MESSAGE = re.compile(rb"\n\nFrom [^\n]{1,200}\n[A-Za-z-]{1,60}: ")
QUOTED_LINE = re.compile(r"^(?:> ?)")
HEADER_LINE = re.compile(
    r"^\*?(?:From|Sent|Date|To|Cc|Subject|Von|Gesendet|Datum|An|Betreff|De|Envoyé|Objet|À)"
    r"\s?:\*?\s\S.*$",
    re.IGNORECASE,
)


@dataclass
class MailBody:
    """The texts of a mail and what hangs on it."""

    plain: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    pictures: int = 0
    mails: list[Message] = field(default_factory=list)


def convert_email(raw: bytes) -> Conversion:
    """Return the words of an e-mail. Raises ParseError."""
    raw = MBOX_LINE.sub(b"", raw.replace(b"\r\n", b"\n"))
    if NEXT_MESSAGE.search(raw):
        raise ParseError(
            "This is a mailbox with several e-mails. Save the one with the statement as a file of "
            "its own."
        )
    return _convert_message(email.message_from_bytes(raw, policy=email.policy.default))


def _convert_message(message: Message, *, depth: int = 0) -> Conversion:
    body = MailBody()
    for part in _iter_parts(message):
        _read_part(part, body)
    is_empty = not any(text.strip() for text in (*body.plain, *body.rich))
    if is_empty and len(body.mails) == 1 and depth < 3:
        return _convert_message(body.mails[0], depth=depth + 1)
    conversion = _convert_body(body)
    conversion.subject = _read_subject(message)
    conversion.dated_on = _read_day(message)
    words = len(re.sub(r"<[^>]*>", " ", conversion.html).split())
    _describe_attachments(body, words, conversion)
    return conversion


def _iter_parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that are texts or files; of alternatives, the best."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    if depth > MAX_NESTED_PARTS:
        raise ParseError(f"The e-mail is nested too deeply to be read. {PASTE_HINT}")
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    for part in parts[:MAX_PARTS]:
        yield from _iter_parts(part, depth + 1)


def _read_part(part: Message, body: MailBody) -> None:
    kind, name = part.get_content_type(), _read_file_name(part)
    if kind == "message/rfc822":
        body.mails += [inner for inner in part.get_payload() if isinstance(inner, Message)][:1]
    elif kind in ("text/plain", "text/html") and not _is_attachment(part):
        (body.rich if kind == "text/html" else body.plain).append(_decode_part(part))
    elif part.get_content_maintype() == "image":
        body.pictures += 1
    elif kind not in ("text/calendar", "application/pkcs7-signature", "application/pgp-signature"):
        is_document = _is_document(part.get_payload(decode=True))
        (body.documents if is_document else body.others).append(name or kind)


def _is_attachment(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).casefold().startswith("attachment")


def _read_file_name(part: Message) -> str:
    with suppress(ValueError, LookupError, AttributeError, TypeError):
        return " ".join((part.get_filename() or "").split())[:200]
    return "a file"


def _is_document(payload: object) -> bool:
    if not isinstance(payload, bytes):
        return False
    try:
        return detect_document_format(payload) in ATTACHED_DOCUMENTS
    except ParseError:
        return False


def _decode_part(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        text = payload.decode(charset)
    except (LookupError, ValueError):
        text = decode_page(payload)
    if part.get_content_type() == "text/plain" and part.get_param("format") == "flowed":
        return _join_flowed_lines(text, delete_space=part.get_param("delsp") == "yes")
    return text


def _join_flowed_lines(text: str, *, delete_space: bool) -> str:
    """Join the lines that end with a space: a program has broken them (RFC 3676)."""
    joined: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        content = line.rstrip("\r").removeprefix(" ")
        ends_softly = content.endswith(" ") and content != "-- "
        if goes_on:
            joined[-1] += content[:-1] if ends_softly and delete_space else content
        else:
            joined.append(content[:-1] if ends_softly and delete_space else content)
        goes_on = ends_softly
    return "\n".join(joined)


def _convert_body(body: MailBody) -> Conversion:
    """Take the rich text, unless it has far fewer words than the plain one."""
    plain = "\n\n".join(body.plain)
    rich = convert_page_text("\n".join(body.rich)) if body.rich else Conversion()
    words = len(re.sub(r"<[^>]*>", " ", rich.html).split())
    if words > MIN_TEXT_RATIO * len(plain.split()):
        return rich
    return Conversion("\n".join(text_to_blocks(_separate_header_lines(_unquote(plain)))))


def _unquote(text: str) -> str:
    """Take the “> ” from a mail that was forwarded as a whole."""
    lines = text.split("\n")
    filled = [line for line in lines if line.strip()]
    quoted = sum(line.startswith(">") for line in filled)
    if quoted * 2 <= len(filled):
        return text
    return "\n".join(QUOTED_LINE.sub("", line) for line in lines)


def _separate_header_lines(text: str) -> str:
    """Make a paragraph of each line such as “Subject: …” or “--”: none runs into the next."""
    return "\n".join(
        f"\n{line}\n" if HEADER_LINE.match(line.strip()) or line.rstrip() == "--" else line
        for line in text.split("\n")
    )


def _read_header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return ""  # Python's parser fails on some headers that no program writes


def _read_subject(message: Message) -> str:
    subject = " ".join(_read_header(message, "Subject").split())[:MAX_SUBJECT_CHARS]
    return "" if "\ufffd" in subject or "=?" in subject else subject


def _read_day(message: Message) -> str:
    """Return the day in the zone of the sender, in ISO form."""
    try:
        return parsedate_to_datetime(_read_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _describe_attachments(body: MailBody, words: int, conversion: Conversion) -> None:
    listed = ", ".join(f"“{name}”" for name in body.documents[:5])
    if body.documents and words < MAX_COVERING_WORDS:
        conversion.doubts.append(
            f"This looks like a covering note: {listed} is attached. If the statement is in it, "
            "bring that file."
        )
    elif body.documents:
        conversion.messages.append(f"{listed} is attached to the e-mail and was not read.")
    if body.others:
        count = format_count(len(body.others), "other attachment")
        conversion.messages.append(f"{count} of the e-mail could not be kept.")
    if body.mails:
        conversion.doubts.append(
            f"{format_count(len(body.mails), 'e-mail')} attached to this one could not be read: "
            "save the one with the statement as a file of its own."
        )
    conversion.messages += describe_pictures(body.pictures)
