"""Convert a page that a program has exported to HTML, as Google Docs and Word do.

The looks of its classes are written into its tags, for the common cleaning to read. Footnotes and
comments are set aside.
"""

import codecs
import html
import re
from html.parser import HTMLParser

from statements.content.numbering import format_number
from statements.parsing.conversion import Conversion
from statements.parsing.document_formats import find_page_name
from statements.parsing.draft import ParseError
from statements.parsing.page_styles import PageStyles
from statements.parsing.wording import describe_notes, describe_pictures
from statements.parsing.zip_package import PASTE_HINT, list_names, unpack_parts

MAX_TAGS = 200_000
SKIPPED_TAGS = {"script", "title", "noscript", "template", "svg", "iframe"}
BLOCK_TAGS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
NOTE_REFERENCE = re.compile(
    r"(ftnt_ref|_ftnref|_ednref|cmnt_ref|_msoanchor_|_anchor_)(\d+)|sdfootnote(\d+)anc"
)
NOTE_START = re.compile(r"(ftnt|_ftn|_edn|cmnt|_msocom_)(\d+)|(sdfootnote)(\d+)sym")
META_CHARSET = re.compile(rb"""<meta[^>]{1,300}charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
TITLE_CLASSES = {"title", "msotitle"}


def convert_page(raw: bytes) -> Conversion:
    """Return the HTML of a page with its looks. Raises ParseError."""
    return convert_page_text(decode_page(raw))


def convert_zipped_page(raw: bytes) -> Conversion:
    """Return the HTML of a page in a zip, as Google Docs packs it. Raises ParseError."""
    name = find_page_name(list_names(raw))
    return convert_page(unpack_parts(raw, (name,)).parts[name])


def decode_page(raw: bytes) -> str:
    """Decode a page as it asks for itself."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    match = META_CHARSET.search(raw[:4096])
    names = ["utf-8-sig", match[1].decode("ascii") if match else "cp1252", "cp1252"]
    for name in names:
        try:
            return raw.decode("cp1252" if name.casefold() == "iso-8859-1" else name)
        except (LookupError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def convert_page_text(source: str) -> Conversion:
    """Return the HTML of a page with the looks of its classes. Raises ParseError."""
    if source.count("<") > MAX_TAGS:
        raise ParseError(
            f"The page has more than {MAX_TAGS:,} tags, far more than any statement. {PASTE_HINT}"
        )
    reader = _PageReader(_read_styles(source))
    end = source.rfind(">") + 1
    reader.feed(source[:end])
    reader.close()
    notes = sum("footnote" in reason for _, reason in reader.leftovers)
    messages = describe_notes(notes, "footnote")
    if len(reader.leftovers) > notes:
        messages.append(
            "Comments were taken out of the words and kept under “Left out of the draft”."
        )
    messages += describe_pictures(reader.pictures)
    return Conversion("".join(reader.parts), messages, reader.leftovers)


def _read_styles(source: str) -> PageStyles:
    styles = PageStyles()
    end = source.casefold().rfind("</style") + 8
    for sheet in STYLE_SHEET.findall(source[: max(end, 0)]):
        styles.read(sheet)
    return styles


class _PageReader(HTMLParser):
    """Writes the tags again, with their looks in `style`."""

    def __init__(self, styles: PageStyles) -> None:
        super().__init__(convert_charrefs=True)
        self.styles = styles
        self.parts: list[str] = []
        self.leftovers: list[tuple[str, str]] = []
        self.pictures = 0
        self._skipped = ""  # the tag that is being skipped, with what is in it
        self._is_title = False
        self._block_start = 0
        self._note = ""  # why the blocks that follow are no words of the statement
        self._list_markers: list[tuple[int, str, int]] = []  # level, type, number of the last item

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._skipped:
            return
        if tag in SKIPPED_TAGS or tag == "style":
            self._skipped = tag
            return
        if tag == "img":
            self.pictures += _is_picture(attributes)
            return
        if tag == "a" and self._read_note_mark(attributes):
            self._skipped = "a"
            return
        if tag in BLOCK_TAGS:
            self._block_start = len(self.parts)
        names = {name.casefold() for name in attributes.get("class", "").split()[:20]}
        if tag == "p" and TITLE_CLASSES & names:
            tag, self._is_title = "h1", True
        self.parts.append(self._rewrite_tag(tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped = "" if tag == self._skipped else self._skipped
            return
        if tag in BLOCK_TAGS and self._note:
            self._move_block_to_leftovers()
            return
        if tag == "p" and self._is_title:
            tag, self._is_title = "h1", False
        if tag == "div":
            self._note = ""
        if tag in ("ul", "ol") and self._list_markers:
            self._list_markers.pop()
            return
        self.parts.append("</p>" if tag == "li" and self._list_markers else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(html.escape(data, quote=False))

    def _rewrite_tag(self, tag: str, attributes: dict[str, str]) -> str:
        classes = attributes.get("class", "").split()[:20]
        style = self.styles.find(tag, classes, attributes.get("style", ""))
        if tag in ("ul", "ol") and (level := self.styles.find_list_level(classes)):
            return self._open_google_list(tag, level, classes, attributes)
        if tag == "li" and self._list_markers:
            return self._open_google_item()
        kept = "".join(
            f' {name}="{html.escape(attributes[name])}"'
            for name in ("href", "start", "type", "value", "colspan", "rowspan", "role")
            if name in attributes
        )
        look = f' style="{html.escape(style)}"' if style else ""
        return f"<{tag}{kept}{look}>"

    # --- Lists of Google Docs, which stand beside each other with their level in the class ---

    def _open_google_list(
        self, tag: str, level: int, classes: list[str], attributes: dict[str, str]
    ) -> str:
        kind = ""
        if tag == "ol":
            kind = next(
                (self.styles.counters[n] for n in classes if n in self.styles.counters), "1"
            )
        start = attributes.get("start", "1")
        number = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
        self._list_markers.append((level, kind, number - 1))
        return ""

    def _open_google_item(self) -> str:
        level, kind, number = self._list_markers[-1]
        self._list_markers[-1] = (level, kind, number + 1)
        marker = f"{format_number(number + 1, kind)}." if kind else "•"
        return (
            f'<p style="mso-list:l0 level{level} lfo1">'
            f'<span style="mso-list:Ignore">{marker}</span>'
        )

    # --- Notes and comments ---

    def _read_note_mark(self, attributes: dict[str, str]) -> bool:
        """Say whether a link is the mark of a note; one before the note itself begins it."""
        name = attributes.get("id") or attributes.get("name") or ""
        if NOTE_REFERENCE.fullmatch(name):
            return True
        if match := NOTE_START.fullmatch(name):
            kind, number = match[1] or match[3], match[2] or match[4]
            is_comment = kind in ("cmnt", "_msocom_")
            self._note = (
                "A comment, never published." if is_comment else f"It was footnote {number}."
            )
            return True
        return False

    def _move_block_to_leftovers(self) -> None:
        inner = "".join(self.parts[self._block_start :])
        del self.parts[self._block_start :]
        text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", inner)).split())
        if text:
            self.leftovers.append((text, self._note))


def _is_picture(attributes: dict[str, str]) -> bool:
    return not {attributes.get("width"), attributes.get("height")} & {"0", "1"}
