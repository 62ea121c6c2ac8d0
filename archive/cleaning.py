"""The body of a row -> passages of one voice each, and a list of what was dropped.

Plain functions over plain data: no Django, no state.
"""

import functools
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.readers.row import LinkedFile, Row
from statements.content import html as content_html
from statements.parsing import clipboard
from statements.parsing.draft import DraftPassage
from statements.parsing.furniture import find_date
from statements.parsing.html_paragraphs import TAG, split_html_paragraphs
from statements.parsing.paragraphs import Paragraph
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
OPENING_QUOTATION_MARK = re.compile(r"\A(?:\s|<[^>]*>)*[“\"„«]|&ldquo;|&quot;|&#8220;")
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
    for name in "script style noscript template svg select textarea object".split()
}
CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
NUMBERED_LIST = re.compile(
    r"""<ol\b[^>]*?\bstart\s*=\s*["']?(\d{1,4})["']?[^>]*>(.*?)</ol\s*>""",
    re.DOTALL | re.IGNORECASE,
)
LIST_ITEM_TAG = re.compile(r"</?li\b[^>]*>(?:\s*</?li\b[^>]*>)?", re.IGNORECASE)
LEADING_PARAGRAPH_TAG = re.compile(r"\A\s*<p\b[^>]*>", re.IGNORECASE)
DATE_LINE = re.compile(
    r"^(?:(?:posted|published|updated|date)\s*(?:on)?\s*:?\s*)*(?P<date>[\w ,./-]{6,30}?)"
    r"(?:\s+posted in\b.{0,80}|\s+(?:last )?updated\b.{0,60})?$",
    re.IGNORECASE,
)
EMPTY_LINE = re.compile(r"\n\s*\n")
TRACKING_PIXEL = re.compile(r"pixel|/track(?:ing)?[/?.]|beacon|//stats\.", re.IGNORECASE)
FOOTNOTE = re.compile(r"It was (?:foot|end)note")
MAX_EXCERPT_CHARS = 120


@dataclass
class CleanedBody:
    """What becomes of a body. `dropped` names every thing that is not in the passages."""

    passages: tuple[DraftPassage, ...] = ()
    notes: tuple[str, ...] = ()
    left_over: tuple[tuple[str, str], ...] = ()
    dropped: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    pictures: list[LinkedFile] = field(default_factory=list)
    links: list[LinkedFile] = field(default_factory=list)
    words_in: int = 0
    words_out: int = 0


def clean_body(row: Row) -> CleanedBody:
    """Every visible word of the body is in the passages, the notes, or named as dropped."""
    cleaned = CleanedBody()
    if has_no_text(row):
        cleaned.messages.append("It has no text, so its summary is the text.")
        row = replace(row, body=content_html.make_paragraph(row.summary), form="html", summary="")
    if row.form == "draft":
        return _from_draft(row)
    paragraphs = _split_paragraphs(row, cleaned)
    cleaned.words_in = sum(len(one.text.split()) for one in paragraphs)
    paragraphs = _drop_repeated_headline(paragraphs, row, cleaned)
    if paragraphs:
        draft = parse_body(paragraphs)
        cleaned.passages, cleaned.notes = draft.passages, draft.notes_to_editors
        cleaned.left_over = draft.leftovers
        cleaned.messages += draft.messages
        cleaned.dropped += [f"“{_shorten(text)}”" for text in draft.omitted_lines]
        cleaned.dropped += [f"“{_shorten(text)}” ({why})" for text, why in draft.leftovers]
    cleaned.words_out = _count_words(cleaned)
    return cleaned


def has_no_text(row: Row) -> bool:
    """But for its summary, which then is the text."""
    return bool(row.summary) and not row.body.strip()


def _from_draft(row: Row) -> CleanedBody:
    """A Word document was taken apart already, by the same reading."""
    draft = json.loads(row.body)
    passages = [piece | {"blocks": tuple(piece["blocks"])} for piece in draft["passages"]]
    cleaned = CleanedBody(
        tuple(DraftPassage(**piece) for piece in passages),
        tuple(draft["notes_to_editors"]),
        tuple((text, why) for text, why in draft["left_over"]),
        messages=draft["notices"],
    )
    footnotes = [(text, why) for text, why in cleaned.left_over if FOOTNOTE.match(why)]
    cleaned.notes += tuple(content_html.make_paragraph(text) for text, _ in footnotes)
    cleaned.left_over = tuple(one for one in cleaned.left_over if one not in footnotes)
    if footnotes:
        cleaned.messages.append("Footnotes stand under the notes to editors now.")
    cleaned.dropped += [f"“{_shorten(text)}” ({why})" for text, why in cleaned.left_over]
    cleaned.words_out = _count_words(cleaned)
    lost = " ".join(text for text, _ in cleaned.left_over)
    cleaned.words_in = cleaned.words_out + len(lost.split())
    return cleaned


def _split_paragraphs(row: Row, cleaned: CleanedBody) -> list[Paragraph]:
    if row.form == "text":
        blocks = clipboard.text_to_blocks(row.body)
        return [one for block in blocks for one in split_html_paragraphs(block)]
    source = CDATA.sub("", row.body) if "<![CDATA[" in row.body else row.body
    if row.form == "lines":
        source = _add_paragraph_tags(_strip_shortcodes(source, cleaned))
    elif row.form == "html" and "[" in source:
        source = _strip_shortcodes(source, cleaned)
    if "<" in source:
        source = _strip_media(source, cleaned)
        source = clipboard.change_up_to_last(
            "</ol", source, lambda said: NUMBERED_LIST.sub(_number_list_items, said)
        )
    return split_html_paragraphs(clipboard.clean_html(source))


def _strip_shortcodes(source: str, cleaned: CleanedBody) -> str:
    source = clipboard.change_up_to_last(
        "[/caption]", source, lambda said: CAPTION.sub(_expand_caption, said)
    )
    source = EMBED.sub(r'\n\n<a href="\1">\1</a>\n\n', source)

    def dropped(found: re.Match[str]) -> str:
        closing, name, arguments = found[1], found[2].casefold(), found[3]
        known = (
            name in SHORTCODES or SHORTCODE_ARGUMENT.match(arguments) or f"[/{found[2]}]" in source
        )
        if not known:
            return found[0]
        if not closing:
            cleaned.dropped.append(f"shortcode {_shorten(found[0])}")
        return ""

    return SHORTCODE.sub(dropped, source)


def _expand_caption(found: re.Match[str]) -> str:
    """The caption stands within; before WordPress 3.4 it stood among what was given."""
    given = CAPTION_ARGUMENT.search(found[1])
    said = html.escape(given[1] or given[2] or "", quote=False) if given else ""
    return f"\n\n{found[2]}\n\n{said}\n\n"


def _add_speaker_line(found: re.Match[str]) -> str:
    """A quotation whose speaker is named under it, as “Ann Fox, Leader, said:” above it."""
    words, who = found[1], " ".join(_extract_text(found[2]).strip(" —–-").split())
    if not who or OPENING_QUOTATION_MARK.search(words):
        return found[0]
    if not PARAGRAPH_START.search(words):
        words = f"<p>{words}</p>"
    words = PARAGRAPH_START.sub(r"\1“", words)
    ends = words.casefold().rfind("</p>")
    words = f"{words[:ends].rstrip()}”{words[ends:]}" if ends > 0 else f"{words}”"
    return f"<p>{html.escape(who, quote=False)}:</p>{words}"


def _add_paragraph_tags(source: str) -> str:
    """A classic WordPress text parts its paragraphs by empty lines; its pages turn them to tags."""
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
            apart = EMPTY_LINE.search(piece)
            for text in texts:
                lines = text.replace("\n", "<br>")
                parts.append(f"<div>{lines}</div>" if apart else lines)
    return "".join(parts)


def _strip_media(source: str, cleaned: CleanedBody) -> str:
    """Pictures and players by their addresses; what no reader ever saw goes untold."""
    for name, pattern in DROPPED_ELEMENTS.items():
        source = clipboard.change_up_to_last(
            f"</{name}", source, functools.partial(pattern.sub, "")
        )
    source = DOWNLOAD_BUTTON.sub("", source)
    if "<cite" in source:
        source = QUOTE_WITH_CITE.sub(_add_speaker_line, source)
    for tag in IMAGE.findall(source):
        said = _parse_attributes(tag)
        address = said.get("src", "")
        if _is_pixel(said):
            cleaned.dropped.append(f"tracking pixel {_shorten(address)}")
        elif address:
            cleaned.pictures.append(LinkedFile(address, said.get("title", ""), said.get("alt", "")))
    for given, inside in LINK.findall(source):
        if address := _parse_attributes(given).get("href", ""):
            cleaned.links.append(LinkedFile(address, " ".join(_extract_text(inside).split())))
    for tag in FRAME.findall(source):
        if address := _parse_attributes(tag).get("src", ""):
            cleaned.dropped.append(f"player or frame {_shorten(address)}")
    return source


def _number_list_items(found: re.Match[str]) -> str:
    """A list that begins in the middle, as paragraphs with the numbers that readers saw."""
    number, inner = int(found[1]), found[2]
    if number == 1 or re.search(r"<[uo]l\b", inner, re.IGNORECASE):
        return found[0]
    items = [item for item in LIST_ITEM_TAG.split(inner)[1:] if item.strip()]
    return "".join(
        f"<div>{n}. {LEADING_PARAGRAPH_TAG.sub('', item, count=1)}</div>"
        for n, item in enumerate(items, number)
    )


def _parse_attributes(tag: str) -> dict[str, str]:
    return {name.casefold(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(tag)}


def _is_pixel(said: dict[str, str]) -> bool:
    small = {said.get("width", ""), said.get("height", "")} & {"0", "1", "0px", "1px"}
    return bool(small) or bool(TRACKING_PIXEL.search(said.get("src", "")))


def _drop_repeated_headline(
    paragraphs: list[Paragraph], row: Row, cleaned: CleanedBody
) -> list[Paragraph]:
    """The headline once more above the words is on the page already."""
    headline = _comparison_key(row.headline)
    for place, one in enumerate(paragraphs[:3]):
        if row.headline and _comparison_key(one.text) == headline:
            cleaned.messages.append("The headline stood above the words once more.")
            cleaned.words_in -= len(one.text.split())
            paragraphs = paragraphs[:place] + paragraphs[place + 1 :]
            break
    return _drop_date_line(paragraphs, row, cleaned)


def _drop_date_line(paragraphs: list[Paragraph], row: Row, cleaned: CleanedBody) -> list[Paragraph]:
    """“07 Apr 2022 Posted in Press releases” above the words says what the page says itself."""
    if not paragraphs or row.published is None:
        return paragraphs
    text = paragraphs[0].text
    day = row.published.date() if isinstance(row.published, datetime) else row.published
    found = DATE_LINE.match(text)
    if found and find_date(found["date"]) == day:
        cleaned.dropped.append(f"“{_shorten(text)}”")
        cleaned.words_in -= len(text.split())
        return paragraphs[1:]
    return paragraphs


def _comparison_key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _count_words(cleaned: CleanedBody) -> int:
    texts = list(_iter_texts(cleaned))
    return sum(len(text.split()) for text in texts)


def _iter_texts(cleaned: CleanedBody) -> Iterator[str]:
    for passage in cleaned.passages:
        yield from (passage.heading, passage.attribution)
        for block in passage.blocks:
            yield _extract_text(block)
    for block in cleaned.notes:
        yield _extract_text(block)


def _extract_text(block: str) -> str:
    return html.unescape(TAG.sub("", re.sub(r"<(?:br|li|p|/li|/p)>", " ", block)))


def _shorten(text: str) -> str:
    text = re.sub(r"\s+", " ", content_html.normalise_text(text)).strip()
    return text if len(text) <= MAX_EXCERPT_CHARS else f"{text[:MAX_EXCERPT_CHARS]}…"
