"""What is read out of a document: plain data for the newsdesk to draft from."""

from dataclasses import dataclass
from datetime import date


class ParseError(ValueError):
    """The document cannot be read; the message is a sentence for the person who brought it."""


@dataclass(frozen=True)
class DraftPassage:
    """A run of words by one voice; blocks are canonical HTML, without outer marks if quoted.

    `attribution` is the line exactly as it stood. A quoted passage without a speaker_name is
    somebody's words, but the document does not say whose.
    """

    heading: str = ""
    attribution: str = ""
    speaker_name: str = ""
    role: str = ""
    organisation_name: str = ""
    organisation_in_text: str = ""  # with its article, as it stood: "the Association of …"
    is_quoted: bool = False
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A document taken apart: every word of it is in exactly one of the fields.

    (Not counting the speaker's, which only say again what the attribution says.)
    """

    headline: str = ""
    passages: tuple[DraftPassage, ...] = ()
    notes_to_editors: tuple[str, ...] = ()
    dated_on: date | None = None
    leftovers: tuple[tuple[str, str], ...] = ()  # (text, why it has no place)
    omitted_lines: tuple[str, ...] = ()  # lines of the old page, or that the product writes itself
    messages: tuple[str, ...] = ()  # sentences: what was changed, what needs a look
