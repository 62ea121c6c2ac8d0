"""Turn the body of a row into passages of one voice each, and list what was dropped.

Plain functions over plain data: no Django, no state.
"""

import functools
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.language_guess import LanguageGuess
from archive.picture_captions import find_captions
from archive.readers.row import LinkedFile, Row
from statements.content import html as content_html
from statements.content.characters import normalise_text
from statements.content.links import name_detour
from statements.content.scripts import write_scripts_as_text
from statements.content.source_html import change_up_to_last, read_html
from statements.parsing.dates import find_date
from statements.parsing.draft import DraftPassage, load_passage
from statements.parsing.embargo import mentions_embargo
from statements.parsing.html_paragraphs import (
    TAG,
    describe_merged_cells,
    split_html_paragraphs,
)
from statements.parsing.paragraphs import Paragraph
from statements.parsing.plain_text import text_to_blocks
from statements.parsing.text import parse_body

BLOCK = (
    r"(?:address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figure|figcaption|footer"
    r"|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)"
)
BLOCK_TAG = re.compile(rf"(</?{BLOCK}\b[^>]*>)", re.IGNORECASE)
SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]*)((?:\s+[^\[\]<>]*)?)/?\]")
SHORTCODE_ARGUMENT = re.compile(r"\s+[\w-]+\s*=")
CAPTION = re.compile(r"\[caption\b([^\]]*)\](.*?)\[/caption\]", re.DOTALL | re.IGNORECASE)
CAPTION_ARGUMENT = re.compile(r"""\bcaption\s*=\s*(?:"([^"]*)"|'([^']*)')""")
QUOTE_WITH_CITE = re.compile(
    r"<blockquote\b[^>]*>((?:(?!</?blockquote\b).){1,20000}?)<cite\b[^>]*>(.{1,400}?)</cite>"
    r"(?:\s|<!--.{0,200}?-->|</p>)*</blockquote>",
    re.DOTALL | re.IGNORECASE,
)
PARAGRAPH_START = re.compile(r"(<p\b[^>]*>)\s*", re.IGNORECASE)
OPENING_QUOTATION_MARK = re.compile(r"\A(?:\s|<[^>]*>)*(?:[“\"„«]|&ldquo;|&quot;|&#8220;)")
DOWNLOAD_BUTTON = re.compile(
    r"""<a\b[^>]*wp-block-file__button[^>]*>.{0,200}?</a>""", re.DOTALL | re.IGNORECASE
)
EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(\S+?)\s*\[/embed\]", re.IGNORECASE)
SHORTCODES = {
    "caption", "wp_caption", "gallery", "embed", "video", "audio", "playlist", "youtube", "vimeo",
    "contact-form", "contact-form-7", "contact-field", "gravityform", "soundcloud", "googlemaps",
    "button", "column", "columns", "row", "col", "one_half", "one_third", "two_third", "clear",
    "divider", "spacer", "toggle", "tabs", "tab", "accordion", "quote", "pullquote", "source",
    "sourcecode", "code", "tweet", "slideshare", "scribd", "polldaddy", "archives", "blockquote",
    "vc_row", "vc_column", "vc_column_text", "et_pb_section", "et_pb_row", "et_pb_text",
}  # fmt: skip
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
LINK = re.compile(r"<a\b([^<>]{1,2000})>(.{0,1000}?)</a", re.DOTALL | re.IGNORECASE)
FRAME = re.compile(r"<(?:iframe|embed|object|video|audio|source)\b[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
DROPPED_ELEMENTS = {
    name: re.compile(rf"<{name}\b[^>]*>.*?</{name}\s*>", re.DOTALL | re.IGNORECASE)
    for name in "script noscript template svg select textarea object".split()
}
CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
DATE_LINE = re.compile(
    r"^(?:(?:posted|published|updated|date)\s*+(?:on)?+\s*+(?::\s*+)?+)*+(?P<date>[\w ,./-]{6,30}?)"
    r"(?:\s+posted in\b.{0,80}|\s+(?:last )?updated\b.{0,60})?$",
    re.IGNORECASE,
)
EMPTY_LINE = re.compile(r"\n\s*\n")
TRACKING_PIXEL = re.compile(r"pixel|/track(?:ing)?[/?.]|beacon|//stats\.", re.IGNORECASE)
FOOTNOTE = re.compile(r"It was (?:foot|end)note")
HREF = re.compile(r'<a href="([^"]*)">')
MAX_EXCERPT_CHARS = 120


@dataclass
class CleanedBody:
    """The passages of a body; `dropped` names everything that is not in them."""

    passages: tuple[DraftPassage, ...] = ()
    notes: tuple[str, ...] = ()
    leftovers: tuple[tuple[str, str], ...] = ()
    dropped: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    pictures: list[LinkedFile] = field(default_factory=list)
    links: list[LinkedFile] = field(default_factory=list)
    words_in: int = 0
    words_out: int = 0
    language_guess: LanguageGuess = field(default_factory=LanguageGuess)
    embargo_texts: list[str] = field(default_factory=list)  # that may name one


def clean_body(row: Row) -> CleanedBody:
    """Clean a body: each visible word goes to the passages or the notes, or is named as dropped."""
    cleaned = CleanedBody()
    if has_no_text(row):
        cleaned.messages.append("It has no text, so its summary is the text.")
        row = replace(
            row, body=content_html.make_paragraph(row.summary), body_format="html", summary=""
        )
    if row.body_format == "draft":
        return _from_draft(row)
    paragraphs = _split_paragraphs(row, cleaned)
    cleaned.words_in = sum(len(paragraph.text.split()) for paragraph in paragraphs)
    paragraphs = _drop_repeated_headline(paragraphs, row, cleaned)
    if paragraphs:
        draft = parse_body(paragraphs)
        cleaned.passages, cleaned.notes = draft.passages, draft.notes_to_editors
        cleaned.leftovers = draft.leftovers
        cleaned.messages += draft.messages
        cleaned.dropped += [f"“{_shorten(text)}”" for text in draft.omitted_lines]
        cleaned.dropped += [f"“{_shorten(text)}” ({why})" for text, why in draft.leftovers]
    cleaned.messages += _describe_detours(cleaned)
    cleaned.words_out = _count_words(cleaned)
    cleaned.embargo_texts = _list_embargo_texts(cleaned)
    return cleaned


def _list_embargo_texts(cleaned: CleanedBody) -> list[str]:
    texts = [*_iter_texts(cleaned), *(text for text, _ in cleaned.leftovers)]
    return [text for text in texts if mentions_embargo(text)]


def _describe_detours(cleaned: CleanedBody) -> list[str]:
    """Name each link that leads through a server which keeps the address of the page to itself."""
    blocks = [*cleaned.notes, *(block for passage in cleaned.passages for block in passage.blocks)]
    urls = [html.unescape(url) for block in blocks for url in HREF.findall(block)]
    return [
        f"A link leads through {service}, not straight to its page: {_shorten(url)}"
        for url in dict.fromkeys(urls)
        if (service := name_detour(url))
    ]


def has_no_text(row: Row) -> bool:
    """Return whether a row has a summary only, which then becomes its text."""
    return bool(row.summary) and not row.body.strip()


def _from_draft(row: Row) -> CleanedBody:
    """Load the passages of a Word document, which was parsed when it was read."""
    draft = json.loads(row.body)
    cleaned = CleanedBody(
        tuple(load_passage(passage) for passage in draft["passages"]),
        tuple(draft["notes_to_editors"]),
        tuple((text, why) for text, why in draft["leftovers"]),
        messages=draft["messages"],
    )
    footnotes = [(text, why) for text, why in cleaned.leftovers if FOOTNOTE.match(why)]
    cleaned.notes += tuple(content_html.make_paragraph(text) for text, _ in footnotes)
    cleaned.leftovers = tuple(
        leftover for leftover in cleaned.leftovers if leftover not in footnotes
    )
    if footnotes:
        cleaned.messages.append("Footnotes are in the notes to editors now.")
    cleaned.dropped += [f"“{_shorten(text)}” ({why})" for text, why in cleaned.leftovers]
    cleaned.words_out = _count_words(cleaned)
    lost = " ".join(text for text, _ in cleaned.leftovers)
    cleaned.words_in = cleaned.words_out + len(lost.split())
    cleaned.embargo_texts = _list_embargo_texts(cleaned)
    return cleaned


def _split_paragraphs(row: Row, cleaned: CleanedBody) -> list[Paragraph]:
    if row.body_format == "text":
        blocks = text_to_blocks(row.body)
        return [paragraph for block in blocks for paragraph in split_html_paragraphs(block)]
    source = CDATA.sub("", row.body) if "<![CDATA[" in row.body else row.body
    if row.body_format == "lines":
        source = _add_paragraph_tags(_strip_shortcodes(source, cleaned))
    elif row.body_format == "html" and "[" in source:
        source = _strip_shortcodes(source, cleaned)
    if "<" in source:
        source = _strip_media(source, cleaned)
    visible = read_html(source)
    cleaned.messages += describe_merged_cells(visible.html)
    for reason, texts in (("deleted", visible.struck), ("hidden", visible.hidden)):
        cleaned.dropped += [f"{reason} text “{_shorten(text)}”" for text in texts]
    return split_html_paragraphs(visible.html)


def _strip_shortcodes(source: str, cleaned: CleanedBody) -> str:
    source = change_up_to_last(
        "[/caption]", source, functools.partial(CAPTION.sub, _expand_caption)
    )
    source = EMBED.sub(r'\n\n<a href="\1">\1</a>\n\n', source)

    def drop(match: re.Match[str]) -> str:
        closing, name, arguments = match[1], match[2].casefold(), match[3]
        known = (
            name in SHORTCODES or SHORTCODE_ARGUMENT.match(arguments) or f"[/{match[2]}]" in source
        )
        if not known:
            return match[0]
        if not closing:
            cleaned.dropped.append(f"shortcode {_shorten(match[0])}")
        return ""

    return SHORTCODE.sub(drop, source)


def _expand_caption(match: re.Match[str]) -> str:
    """Keep the content and the caption argument, which WordPress had before 3.4."""
    argument = CAPTION_ARGUMENT.search(match[1])
    caption = html.escape(argument[1] or argument[2] or "", quote=False) if argument else ""
    return f"\n\n{match[2]}\n\n{caption}\n\n"


def _mark_cited_quotation(match: re.Match[str]) -> str:
    """Write the words that a <cite> names somebody for in marks, with that person below them.

    Without their block they would look like our own words.
    """
    words, citation = match[1], f"<p>{match[2]}</p>"
    if not OPENING_QUOTATION_MARK.search(words):
        if not PARAGRAPH_START.search(words):
            words = f"<p>{words}</p>"
        words = PARAGRAPH_START.sub(r"\1“", words)
        ends = words.casefold().rfind("</p>")
        words = f"{words[:ends].rstrip()}”{words[ends:]}" if ends > 0 else f"{words}”"
    return f"<blockquote>{words}{citation}</blockquote>"


def _add_paragraph_tags(source: str) -> str:
    """Add the tags that WordPress makes of the empty lines in a classic text."""
    parts: list[str] = []
    preformatted = 0
    for piece in BLOCK_TAG.split(source.replace("\r\n", "\n")):
        if BLOCK_TAG.fullmatch(piece):
            if piece.casefold().startswith("<pre"):
                preformatted += 1
            elif piece.casefold().startswith("</pre"):
                preformatted -= 1
            parts.append(piece)
        elif preformatted > 0:
            parts.append(piece.replace("\n", "<br>"))
        else:
            texts = [text.strip() for text in EMPTY_LINE.split(piece) if text.strip()]
            has_empty_line = EMPTY_LINE.search(piece)
            for text in texts:
                lines = text.replace("\n", "<br>")
                parts.append(f"<div>{lines}</div>" if has_empty_line else lines)
    return "".join(parts)


def _strip_media(source: str, cleaned: CleanedBody) -> str:
    """Collect pictures and links, drop players, and remove silently what no reader ever saw."""
    for name, pattern in DROPPED_ELEMENTS.items():
        source = change_up_to_last(f"</{name}", source, functools.partial(pattern.sub, ""))
    source = DOWNLOAD_BUTTON.sub("", source)
    if "<cite" in source:
        source = QUOTE_WITH_CITE.sub(_mark_cited_quotation, source)
    captions = find_captions(source)
    for tag in IMAGE.findall(source):
        attributes = _parse_attributes(tag)
        url = attributes.get("src", "")
        if _is_pixel(attributes):
            cleaned.dropped.append(f"tracking pixel {_shorten(url)}")
        elif url:
            title = captions.get(url) or attributes.get("title", "")
            alt = attributes.get("alt", "")
            cleaned.pictures.append(LinkedFile(url, title, alt))
    for attribute_text, inner in LINK.findall(source):
        if url := _parse_attributes(attribute_text).get("href", ""):
            cleaned.links.append(LinkedFile(url, " ".join(_extract_text(inner).split())))
    for tag in FRAME.findall(source):
        if url := _parse_attributes(tag).get("src", ""):
            cleaned.dropped.append(f"player or frame {_shorten(url)}")
    return source


def _parse_attributes(tag: str) -> dict[str, str]:
    return {
        name.casefold(): html.unescape(in_double_quotes or in_single_quotes or bare)
        for name, in_double_quotes, in_single_quotes, bare in ATTRIBUTE.findall(tag)
    }


def _is_pixel(attributes: dict[str, str]) -> bool:
    sizes = {attributes.get("width", ""), attributes.get("height", "")}
    is_small = bool(sizes & {"0", "1", "0px", "1px"})
    return is_small or bool(TRACKING_PIXEL.search(attributes.get("src", "")))


def _drop_repeated_headline(
    paragraphs: list[Paragraph], row: Row, cleaned: CleanedBody
) -> list[Paragraph]:
    headline = _comparison_key(row.headline)
    for position, paragraph in enumerate(paragraphs[:3]):
        if row.headline and _comparison_key(paragraph.text) == headline:
            cleaned.messages.append("The headline stood above the words once more.")
            cleaned.words_in -= len(paragraph.text.split())
            paragraphs = paragraphs[:position] + paragraphs[position + 1 :]
            break
    return _drop_date_line(paragraphs, row, cleaned)


def _drop_date_line(paragraphs: list[Paragraph], row: Row, cleaned: CleanedBody) -> list[Paragraph]:
    """Drop a line such as “07 Apr 2022 Posted in Press releases”, which the page shows itself."""
    if not paragraphs or row.published is None:
        return paragraphs
    text = paragraphs[0].text
    day = row.published.date() if isinstance(row.published, datetime) else row.published
    match = DATE_LINE.match(text)
    if match and find_date(match["date"]) == day:
        cleaned.dropped.append(f"“{_shorten(text)}”")
        cleaned.words_in -= len(text.split())
        return paragraphs[1:]
    return paragraphs


def _comparison_key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _count_words(cleaned: CleanedBody) -> int:
    return sum(len(text.split()) for text in _iter_texts(cleaned))


def _iter_texts(cleaned: CleanedBody) -> Iterator[str]:
    for passage in cleaned.passages:
        yield from (passage.heading, passage.attribution)
        for block in passage.blocks:
            yield _extract_text(block)
    for block in cleaned.notes:
        yield _extract_text(block)


def _extract_text(block: str) -> str:
    separated = re.sub(r"<(?:br|li|p|/(?:li|p|td|th|caption))>", " ", write_scripts_as_text(block))
    return html.unescape(TAG.sub("", separated))


def _shorten(text: str) -> str:
    text = re.sub(r"\s+", " ", normalise_text(text)).strip()
    return text if len(text) <= MAX_EXCERPT_CHARS else f"{text[:MAX_EXCERPT_CHARS]}…"
