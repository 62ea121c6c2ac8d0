"""Parse a file or a paste of any kind into a Draft."""

from dataclasses import replace

from statements.content.source_html import read_html
from statements.parsing import document_formats as formats
from statements.parsing.conversion import Conversion, convert_in_subprocess
from statements.parsing.dates import find_date
from statements.parsing.docx import parse_docx
from statements.parsing.draft import Draft
from statements.parsing.email_paragraphs import find_statement
from statements.parsing.html_paragraphs import parse_html, split_html_paragraphs
from statements.parsing.text import parse_paragraphs, parse_text
from statements.parsing.wording import HIDDEN, REMOVED_WORDS, STRUCK


def parse_document(raw: bytes) -> Draft:
    """Parse a document of any format that we read, by its bytes. Raises ParseError."""
    document_format = formats.detect_document_format(raw)
    if document_format == formats.DOCX:
        return parse_docx(raw)
    if document_format == formats.TEXT:
        return parse_text(raw)
    conversion = convert_in_subprocess(document_format, raw)
    visible = _drop_invisible_words(conversion)
    parse = _parse_email if document_format == formats.EMAIL else _parse_html
    return parse(visible, conversion)


def _drop_invisible_words(conversion: Conversion) -> str:
    """Return the HTML that a reader sees, and keep what was struck out or hidden as left over."""
    visible = read_html(conversion.html)
    for texts, reason in ((visible.struck, STRUCK), (visible.hidden, HIDDEN)):
        conversion.leftovers += [(text, reason) for text in texts]
        conversion.messages += [REMOVED_WORDS[reason]] if texts else []
    return visible.html


def _parse_html(visible: str, conversion: Conversion) -> Draft:
    draft = parse_html(visible, conversion.doubts + conversion.messages)
    return replace(
        draft,
        leftovers=draft.leftovers + tuple(conversion.leftovers),
        doubts=tuple(conversion.doubts),
    )


def _parse_email(visible: str, conversion: Conversion) -> Draft:
    words = find_statement(split_html_paragraphs(visible), conversion.subject, conversion.dated_on)
    doubts = [*conversion.doubts, *words.doubts]
    draft = parse_paragraphs(words.paragraphs, [*doubts, *words.messages, *conversion.messages])
    leftovers = (*words.leftovers, *draft.leftovers, *conversion.leftovers)
    draft = replace(draft, leftovers=leftovers, doubts=tuple(doubts))
    return _date_by_mail(draft, words.dated_on)


def _date_by_mail(draft: Draft, sent_on: str) -> Draft:
    """Take the day on which a mail was sent where its words name none."""
    day = find_date(sent_on)
    if draft.dated_on or day is None:
        return draft
    message = f"The e-mail was sent on {day:%-d %B %Y}, which was taken as the date."
    return replace(draft, dated_on=day, messages=(*draft.messages, message))


def parse_paste(text: str, rich: str = "") -> Draft:
    """Parse the HTML of a paste if there is some, else its text. Raises ParseError."""
    if not rich.strip():
        return parse_text(text)
    conversion = Conversion(rich)
    return _parse_html(_drop_invisible_words(conversion), conversion)
