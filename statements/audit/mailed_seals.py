"""The document that is mailed for each seal, and the check of the record against one.

Whoever owns database and keys can rewrite both. They cannot rewrite a mail that somebody else has.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from statements.audit.seals import (
    WrittenSeal,
    describe_changed_heads,
    format_time,
    hash_text,
)
from statements.integrity import keys
from statements.integrity.keys import Signature
from statements.models import Action, Event, Seal

FIRST_LINE = "On the Record: seal of the whole record, format 1"
BEGIN = "-----BEGIN SEAL OF THE RECORD-----"
END = "-----END SEAL OF THE RECORD-----"
DOCUMENT_PATTERN = re.compile(f"{BEGIN}\n(.*?)\n{END}", re.DOTALL)
TEXT_PATTERN = re.compile(
    f"{FIRST_LINE}\n"
    r"site: (?P<site>\S{1,300})\n"
    r"sealed: (?P<sealed>[0-9TZ:-]{20})\n"
    r"event: (?P<event>[0-9]{1,9})\n"
    r"event-hash: (?P<event_hash>[0-9a-f]{64})\n"
    r"seal: (?P<seal>[0-9]{1,9})\n"
    r"seal-hash: (?P<seal_hash>[0-9a-f]{64})\n"
    r"key: (?P<key>[0-9a-f]{16})"
)
MAX_FILE_BYTES = 10_000_000


class UnreadableSeal(Exception):
    """A file holds no seal that can be read. The message says what to do."""


@dataclass(frozen=True)
class MailedSeal:
    """The document of a mailed seal: its exact text, what it says, and its signature."""

    text: str
    values: dict[str, str]
    signature: Signature

    @property
    def event_number(self) -> int:
        return int(self.values["event"])


def format_mailed_seal(written: WrittenSeal) -> str:
    """Return the signed document, with its signature, as it stands in the mail."""
    event, seal = written.event, written.seal
    current_keys = keys.load_keys()
    text = (
        f"{FIRST_LINE}\n"
        f"site: {settings.SITE_URL}\n"
        f"sealed: {format_time(event.at)}\n"
        f"event: {event.number}\n"
        f"event-hash: {event.hash}\n"
        f"seal: {seal.number}\n"
        f"seal-hash: {hash_text(seal.document)}\n"
        f"key: {current_keys.key_id}\n"
    )
    value = current_keys.sign(text.encode()).value
    half = len(value) // 2  # no mail program breaks lines of this length
    return f"{BEGIN}\n{text}\n{value[:half]}\n{value[half:]}\n{END}\n"


def read_mailed_seal(data: bytes) -> MailedSeal:
    """Return the seal in a saved mail, or in a text with the document."""
    texts = [_clean_text(text) for text in _list_texts(data)]
    documents = [found[1] for text in texts if (found := DOCUMENT_PATTERN.search(text))]
    for document in documents:
        if mailed := _parse_document(document):
            return mailed
    if documents:
        raise UnreadableSeal(
            "The seal in it is cut off or changed: save the mail again, as it was received."
        )
    raise UnreadableSeal(
        f"There is no seal in it: save the whole mail, or its text from {BEGIN} to {END}."
    )


def _list_texts(data: bytes) -> Iterator[str]:
    for part in email.message_from_bytes(data).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):  # a multipart has none
            yield payload.decode("utf-8", "replace")
    yield data.decode("utf-8", "replace")


def _clean_text(text: str) -> str:
    """Return the text without what mail programs add: other line ends, quoting and spaces."""
    return "\n".join(line.lstrip("> \t\ufeff").rstrip() for line in text.splitlines())


def _parse_document(document: str) -> MailedSeal | None:
    """Return what the document says; None if a line is missing, added or malformed."""
    text, _, signature = document.partition("\n\n")
    if not (found := TEXT_PATTERN.fullmatch(text)):
        return None
    value = "".join(signature.split())
    values = found.groupdict()
    return MailedSeal(text + "\n", values, Signature(value, values["key"]))


def find_problems_by_mailed_seal(mailed: MailedSeal) -> Iterator[str]:
    """Yield a sentence for each way in which the record is not the one that was sealed."""
    if mailed.signature.key_id not in keys.get_public_keys():
        yield (
            f"The mailed seal is signed with key {mailed.signature.key_id}, which was never "
            "trusted here: it is another site’s, or the keys of this one were replaced."
        )
    elif not keys.verify_signature(mailed.text.encode(), mailed.signature):
        yield (
            "The mailed seal does not match its signature: it is forged, or the file was changed."
        )
    event = Event.objects.filter(statement=None, number=mailed.event_number).first()
    if event is None or event.action != Action.SEALED:
        yield f"The event of the mailed seal, number {mailed.event_number} of the site, is missing."
    elif event.hash != mailed.values["event_hash"] or event.compute_hash() != event.hash:
        yield (
            f"Event {event.number} of the site is not the one in the mailed seal: "
            "the record was rewritten since."
        )
    elif problem := describe_changed_heads(event):
        yield problem
    yield from _check_public_seal(mailed)


def _check_public_seal(mailed: MailedSeal) -> Iterator[str]:
    number = int(mailed.values["seal"])
    seal = Seal.objects.filter(number=number).first()
    if seal is None or hash_text(seal.document) != mailed.values["seal_hash"]:
        yield f"Seal {number} is not the one in the mailed seal: the public list was rewritten."
