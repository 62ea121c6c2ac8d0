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

from archive.readers.row import Beside, Row
from statements.content import html as content_html
from statements.parsing import clipboard
from statements.parsing.draft import DraftPassage
from statements.parsing.furniture import find_date
from statements.parsing.html_paragraphs import TAG, lines_of
from statements.parsing.paragraphs import Lines
from statements.parsing.text import read_body

BLOCK = (
    r"(?:address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figure|figcaption|footer"
    r"|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)"
)
BLOCK_TAG = re.compile(rf"(</?{BLOCK}\b[^>]*>)", re.IGNORECASE)
SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]*)((?:\s+[^\[\]<>]*)?)/?\]")
GIVEN = re.compile(r"\s+[\w-]+\s*=")
CAPTION = re.compile(r"\[caption\b([^\]]*)\](.*?)\[/caption\]", re.DOTALL | re.IGNORECASE)
GIVEN_CAPTION = re.compile(r"""\bcaption\s*=\s*(?:"([^"]*)"|'([^']*)')""")
CITED = re.compile(
    r"<blockquote\b[^>]*>((?:(?!</?blockquote\b).){1,20000}?)<cite\b[^>]*>(.{1,400}?)</cite>"
    r"(?:\s|<!--.{0,200}?-->|</p>)*</blockquote>",
    re.DOTALL | re.IGNORECASE,
)
OPENS = re.compile(r"(<p\b[^>]*>)\s*", re.IGNORECASE)
MARKED = re.compile(r"\A(?:\s|<[^>]*>)*[“\"„«]|&ldquo;|&quot;|&#8220;")
DOWNLOAD = re.compile(
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
DROPPED_WITH_WORDS = {
    name: re.compile(rf"<{name}\b[^>]*>.*?</{name}\s*>", re.DOTALL | re.IGNORECASE)
    for name in "script style noscript template svg select textarea object".split()
}
CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
NUMBERED = re.compile(
    r"""<ol\b[^>]*?\bstart\s*=\s*["']?(\d{1,4})["']?[^>]*>(.*?)</ol\s*>""",
    re.DOTALL | re.IGNORECASE,
)
ITEM = re.compile(r"</?li\b[^>]*>(?:\s*</?li\b[^>]*>)?", re.IGNORECASE)
OUTER = re.compile(r"\A\s*<p\b[^>]*>", re.IGNORECASE)
POSTED = re.compile(
    r"^(?:(?:posted|published|updated|date)\s*(?:on)?\s*:?\s*)*(?P<date>[\w ,./-]{6,30}?)"
    r"(?:\s+posted in\b.{0,80}|\s+(?:last )?updated\b.{0,60})?$",
    re.IGNORECASE,
)
EMPTY_LINE = re.compile(r"\n\s*\n")
PIXEL = re.compile(r"pixel|/track(?:ing)?[/?.]|beacon|//stats\.", re.IGNORECASE)
FOOTNOTE = re.compile(r"It was (?:foot|end)note")
LONGEST_TOLD = 120


@dataclass
class Cleaned:
    """What becomes of a body. `dropped` names every thing that is not in the passages."""

    passages: tuple[DraftPassage, ...] = ()
    notes: tuple[str, ...] = ()
    left_over: tuple[tuple[str, str], ...] = ()
    dropped: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    pictures: list[Beside] = field(default_factory=list)
    links: list[Beside] = field(default_factory=list)
    words_in: int = 0
    words_out: int = 0


def clean(row: Row) -> Cleaned:
    """Every visible word of the body is in the passages, the notes, or named as dropped."""
    cleaned = Cleaned()
    if has_no_text(row):
        cleaned.told.append("It has no text, so its summary is the text.")
        row = replace(row, body=content_html.paragraph(row.summary), form="html", summary="")
    if row.form == "draft":
        return _of_draft(row)
    paragraphs = _paragraphs(row, cleaned)
    cleaned.words_in = sum(len(one.text.split()) for one in paragraphs)
    paragraphs = _without_repeats(paragraphs, row, cleaned)
    if paragraphs:
        draft = read_body(paragraphs)
        cleaned.passages, cleaned.notes = draft.passages, draft.notes_to_editors
        cleaned.left_over = draft.left_over
        cleaned.told += draft.notices
        cleaned.dropped += [f"“{_short(text)}”" for text in draft.left_out]
        cleaned.dropped += [f"“{_short(text)}” ({why})" for text, why in draft.left_over]
    cleaned.words_out = _words_of(cleaned)
    return cleaned


def has_no_text(row: Row) -> bool:
    """But for its summary, which then is the text."""
    return bool(row.summary) and not row.body.strip()


def _of_draft(row: Row) -> Cleaned:
    """A Word document was taken apart already, by the same reading."""
    draft = json.loads(row.body)
    passages = [piece | {"blocks": tuple(piece["blocks"])} for piece in draft["passages"]]
    cleaned = Cleaned(
        tuple(DraftPassage(**piece) for piece in passages),
        tuple(draft["notes_to_editors"]),
        tuple((text, why) for text, why in draft["left_over"]),
        told=draft["notices"],
    )
    footnotes = [(text, why) for text, why in cleaned.left_over if FOOTNOTE.match(why)]
    cleaned.notes += tuple(content_html.paragraph(text) for text, _ in footnotes)
    cleaned.left_over = tuple(one for one in cleaned.left_over if one not in footnotes)
    if footnotes:
        cleaned.told.append("Footnotes stand under the notes to editors now.")
    cleaned.dropped += [f"“{_short(text)}” ({why})" for text, why in cleaned.left_over]
    cleaned.words_out = _words_of(cleaned)
    lost = " ".join(text for text, _ in cleaned.left_over)
    cleaned.words_in = cleaned.words_out + len(lost.split())
    return cleaned


def _paragraphs(row: Row, cleaned: Cleaned) -> list[Lines]:
    if row.form == "text":
        blocks = clipboard.blocks_of_text(row.body)
        return [one for block in blocks for one in lines_of(block)]
    source = CDATA.sub("", row.body) if "<![CDATA[" in row.body else row.body
    if row.form == "lines":
        source = _with_paragraphs(_without_shortcodes(source, cleaned))
    elif row.form == "html" and "[" in source:
        source = _without_shortcodes(source, cleaned)
    if "<" in source:
        source = _without_things(source, cleaned)
        source = clipboard.up_to_last(
            "</ol", source, lambda said: NUMBERED.sub(_with_numbers, said)
        )
    return lines_of(clipboard.clean(source))


def _without_shortcodes(source: str, cleaned: Cleaned) -> str:
    source = clipboard.up_to_last("[/caption]", source, lambda said: CAPTION.sub(_captioned, said))
    source = EMBED.sub(r'\n\n<a href="\1">\1</a>\n\n', source)

    def dropped(found: re.Match[str]) -> str:
        closing, name, arguments = found[1], found[2].casefold(), found[3]
        known = name in SHORTCODES or GIVEN.match(arguments) or f"[/{found[2]}]" in source
        if not known:
            return found[0]
        if not closing:
            cleaned.dropped.append(f"shortcode {_short(found[0])}")
        return ""

    return SHORTCODE.sub(dropped, source)


def _captioned(found: re.Match[str]) -> str:
    """The caption stands within; before WordPress 3.4 it stood among what was given."""
    given = GIVEN_CAPTION.search(found[1])
    said = html.escape(given[1] or given[2] or "", quote=False) if given else ""
    return f"\n\n{found[2]}\n\n{said}\n\n"


def _with_voice(found: re.Match[str]) -> str:
    """A quotation whose speaker is named under it, as “Ann Fox, Leader, said:” above it."""
    words, who = found[1], " ".join(_seen(found[2]).strip(" —–-").split())
    if not who or MARKED.search(words):
        return found[0]
    if not OPENS.search(words):
        words = f"<p>{words}</p>"
    words = OPENS.sub(r"\1“", words)
    ends = words.casefold().rfind("</p>")
    words = f"{words[:ends].rstrip()}”{words[ends:]}" if ends > 0 else f"{words}”"
    return f"<p>{html.escape(who, quote=False)}:</p>{words}"


def _with_paragraphs(source: str) -> str:
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


def _without_things(source: str, cleaned: Cleaned) -> str:
    """Pictures and players by their addresses; what no reader ever saw goes untold."""
    for name, pattern in DROPPED_WITH_WORDS.items():
        source = clipboard.up_to_last(f"</{name}", source, functools.partial(pattern.sub, ""))
    source = DOWNLOAD.sub("", source)
    if "<cite" in source:
        source = CITED.sub(_with_voice, source)
    for tag in IMAGE.findall(source):
        said = _attributes(tag)
        address = said.get("src", "")
        if _is_pixel(said):
            cleaned.dropped.append(f"tracking pixel {_short(address)}")
        elif address:
            cleaned.pictures.append(Beside(address, said.get("title", ""), said.get("alt", "")))
    for given, inside in LINK.findall(source):
        if address := _attributes(given).get("href", ""):
            cleaned.links.append(Beside(address, " ".join(_seen(inside).split())))
    for tag in FRAME.findall(source):
        if address := _attributes(tag).get("src", ""):
            cleaned.dropped.append(f"player or frame {_short(address)}")
    return source


def _with_numbers(found: re.Match[str]) -> str:
    """A list that begins in the middle, as paragraphs with the numbers that readers saw."""
    number, inner = int(found[1]), found[2]
    if number == 1 or re.search(r"<[uo]l\b", inner, re.IGNORECASE):
        return found[0]
    items = [item for item in ITEM.split(inner)[1:] if item.strip()]
    return "".join(
        f"<div>{n}. {OUTER.sub('', item, count=1)}</div>" for n, item in enumerate(items, number)
    )


def _attributes(tag: str) -> dict[str, str]:
    return {name.casefold(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(tag)}


def _is_pixel(said: dict[str, str]) -> bool:
    small = {said.get("width", ""), said.get("height", "")} & {"0", "1", "0px", "1px"}
    return bool(small) or bool(PIXEL.search(said.get("src", "")))


def _without_repeats(paragraphs: list[Lines], row: Row, cleaned: Cleaned) -> list[Lines]:
    """The headline once more above the words is on the page already."""
    headline = _same(row.headline)
    for place, one in enumerate(paragraphs[:3]):
        if row.headline and _same(one.text) == headline:
            cleaned.told.append("The headline stood above the words once more.")
            cleaned.words_in -= len(one.text.split())
            paragraphs = paragraphs[:place] + paragraphs[place + 1 :]
            break
    return _without_its_date(paragraphs, row, cleaned)


def _without_its_date(paragraphs: list[Lines], row: Row, cleaned: Cleaned) -> list[Lines]:
    """“07 Apr 2022 Posted in Press releases” above the words says what the page says itself."""
    if not paragraphs or row.published is None:
        return paragraphs
    text = paragraphs[0].text
    day = row.published.date() if isinstance(row.published, datetime) else row.published
    found = POSTED.match(text)
    if found and find_date(found["date"]) == day:
        cleaned.dropped.append(f"“{_short(text)}”")
        cleaned.words_in -= len(text.split())
        return paragraphs[1:]
    return paragraphs


def _same(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _words_of(cleaned: Cleaned) -> int:
    texts = list(_texts(cleaned))
    return sum(len(text.split()) for text in texts)


def _texts(cleaned: Cleaned) -> Iterator[str]:
    for passage in cleaned.passages:
        yield from (passage.heading, passage.attribution)
        for block in passage.blocks:
            yield _seen(block)
    for block in cleaned.notes:
        yield _seen(block)


def _seen(block: str) -> str:
    return html.unescape(TAG.sub("", re.sub(r"<(?:br|li|p|/li|/p)>", " ", block)))


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", content_html.normalise(text)).strip()
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"
