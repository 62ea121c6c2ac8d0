"""Render content as HTML and plain text, with quotation marks. Pure functions.

Both are made from the same blocks, so the page and its `.txt` have the same text and marks. HTML is
returned as SafeString, so that templates need no `|safe`.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import html as content_html
from statements.content.blocks import list_picture_places
from statements.content.languages import base_language
from statements.content.numbering import OpenList
from statements.content.quotation_marks import QuotationMarks, apply_inner_marks, get_marks
from statements.content.schema import list_passages
from statements.content.scripts import write_scripts_as_text
from statements.content.tables import is_table_block, parse_table

Content = Mapping[str, Any]

LEADING_TAGS = re.compile(r"^(?:<(?:p|ul|ol|li)\b[^<>]*>)+")
TRAILING_TAGS = re.compile(r"(?:</(?:p|ul|ol|li)>)+$")
TAG = re.compile(r"(<[^>]*>)")
ITEM_START = re.compile(r" *(?:•|-?\d+\.|[A-Za-z]+\.) ")
END_LABELS = ("ENDS", "Notes to editors")
END_LABELS_BY_LANGUAGE = {"cy": ("DIWEDD", "Nodiadau i olygyddion")}
COMMA_BY_LANGUAGE = {"ar": "، ", "fa": "، ", "ur": "، "}


@dataclass(frozen=True)
class RenderedPassage:
    """A passage as the page shows it; `number` is set if a quotation begins with it."""

    heading: str
    attribution: str
    speaker: Mapping[str, Any] | None
    is_quoted: bool
    number: int | None
    html: SafeString


def render_passages(content: Content) -> list[RenderedPassage]:
    """Return every passage in order, with its quotation marks.

    A passage that continues the quotation before it has no number.
    """
    marks = get_marks(content["language"])
    rendered, number = [], 0
    for run in _group_quotations(list_passages(content)):
        is_quoted = run[0]["speaker"] is not None
        number += is_quoted
        rendered += [
            RenderedPassage(
                heading=passage["heading"],
                attribution=passage["attribution"],
                speaker=passage["speaker"],
                is_quoted=is_quoted,
                number=number if is_quoted and place == 0 else None,
                html=_join_blocks(blocks),
            )
            for place, (passage, blocks) in enumerate(
                zip(run, _add_quotation_marks(run, marks), strict=True)
            )
        ]
    return rendered


def render_notes(content: Content) -> SafeString:
    """Return the notes to editors, with quotation marks as they were typed."""
    return _join_blocks(_ensure_clean(content["notes_to_editors"]))


def render_plain_text(content: Content) -> str:
    """Return the whole statement, with one empty line between blocks and none at the end."""
    marks = get_marks(content["language"])
    pictures, number = _describe_pictures(content), 0
    texts = [content["headline"], *pictures.get(-1, ())]
    for run in _group_quotations(list_passages(content)):
        for passage, blocks in zip(run, _add_quotation_marks(run, marks), strict=True):
            texts += [
                passage["heading"],
                passage["attribution"],
                *map(render_block_as_text, blocks),
                *pictures.get(number, ()),
            ]
            number += 1
    if content["notes_to_editors"]:
        texts += END_LABELS_BY_LANGUAGE.get(base_language(content["language"]), END_LABELS)
        texts += map(render_block_as_text, _ensure_clean(content["notes_to_editors"]))
    return "\n\n".join(text for text in texts if text)


def _describe_pictures(content: Content) -> dict[int, list[str]]:
    """Return what stands for the pictures between the passages: their descriptions."""
    files = {file["digest"]: file for file in content.get("files", [])}
    return {
        passage: [
            f"[{files[digest]['alt'] or files[digest]['title'] or files[digest]['name']}]"
            for digest in digests
            if digest in files
        ]
        for passage, digests in list_picture_places(content["blocks"]).items()
    }


def generate_attribution(name: str, role: str, organisation_in_text: str, language: str) -> str:
    """Return the line before a quotation. The organisation includes its article: "the ADCS".

    Without a role it is "Dave Hill, of the Association of …, said:".
    """
    base = base_language(language)
    if base != "en":
        parts = [part for part in (name, role, organisation_in_text) if part]
        line = COMMA_BY_LANGUAGE.get(base, ", ").join(parts) + ":"
        return f"Dywedodd {line}" if base == "cy" else line
    of_organisation = f"of {organisation_in_text}" if organisation_in_text else ""
    described = f"{role} {of_organisation}".strip()
    return f"{name}, {described}, said:" if described else f"{name} said:"


def render_block_as_text(block: str) -> str:
    """Return a block as plain text: `•`, `1.` or `a.` before list items, and the URLs of links."""
    return parse_table(block).to_text() if is_table_block(block) else _render_lines(block)


def _render_lines(block: str) -> str:
    lines = [""]
    lists: list[OpenList] = []
    url, link_text = "", ""
    for piece in TAG.split(write_scripts_as_text(block)):
        if not piece.startswith("<"):
            lines[-1] += html.unescape(piece)
            link_text += html.unescape(piece)
        elif piece == "<br>" or (piece == "<p>" and lists and not ITEM_START.fullmatch(lines[-1])):
            lines.append("  " * len(lists))
        elif piece.startswith(("<ul", "<ol")):
            lists.append(OpenList.read(piece))
        elif piece in ("</ul>", "</ol>") and lists:
            lists.pop()
        elif piece == "<li>" and lists:
            lines.append("  " * (len(lists) - 1) + lists[-1].write_item_start())
        elif piece.startswith("<a "):
            url, link_text = html.unescape(piece[len('<a href="') : -len('">')]), ""
        elif piece == "</a>" and url:
            if _shorten_url(url) != _shorten_url(link_text):
                lines[-1] += f" ({url})"
            url = ""
    return "\n".join(line for line in lines if line.strip())


def _shorten_url(url: str) -> str:
    short = re.sub(r"^(?:https?://|mailto:)(?:www\.)?|^www\.", "", url.strip().lower())
    return short.rstrip("/")


def _group_quotations(passages: Sequence[Content]) -> list[list[Content]]:
    runs: list[list[Content]] = []
    for passage in passages:
        if runs and _continues(runs[-1][-1], passage):
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return runs


def _continues(before: Content, passage: Content) -> bool:
    """Tell whether a passage continues the quotation of the one before it.

    It does if the speaker is the same and nothing is printed between them.
    """
    last, speaker = before["speaker"], passage["speaker"]
    if last is None or speaker is None or passage["heading"] or passage["attribution"]:
        return False
    return (last["slug"], last["name"]) == (speaker["slug"], speaker["name"])


def _add_quotation_marks(run: list[Content], marks: QuotationMarks) -> list[list[str]]:
    """Return the blocks of each passage of a run, with quotation marks if it has a speaker.

    Each paragraph has an opening mark, and the last block the closing one. A list has an opening
    mark only if the quotation begins with it. A table has none: saving moves it out of the words.
    """
    blocks = [_ensure_clean(passage["paragraphs"]) for passage in run]
    if run[0]["speaker"] is None:
        return blocks
    blocks = [
        [_apply_inner_marks_to_block(block, marks) for block in passage_blocks]
        for passage_blocks in blocks
    ]
    places = [
        (i, j)
        for i, passage_blocks in enumerate(blocks)
        for j, block in enumerate(passage_blocks)
        if not is_table_block(block)
    ]
    opening = f'<span class="quotemark">{marks.opening}</span>'
    for i, j in places:
        if (i, j) == places[0] or blocks[i][j].startswith("<p>"):
            blocks[i][j] = LEADING_TAGS.sub(lambda start: start[0] + opening, blocks[i][j])
    if places:
        i, j = places[-1]
        blocks[i][j] = TRAILING_TAGS.sub(lambda end: marks.closing + end[0], blocks[i][j])
    return blocks


def _apply_inner_marks_to_block(block: str, marks: QuotationMarks) -> str:
    doubles = f'"“”{marks.opening[0]}{marks.closing[-1]}'
    if not any(mark in block for mark in doubles):
        return block  # most blocks have none, and parsing is slow
    tokens = TAG.split(block)
    if not any(mark in token for token in tokens[::2] for mark in doubles):
        return block
    # An inline tag does not separate letters; any other tag begins a line.
    pieces = [
        html.unescape(token) if i % 2 == 0 else "" if content_html.INLINE_TAG.match(token) else "\n"
        for i, token in enumerate(tokens)
    ]
    chars, index = apply_inner_marks("".join(pieces), marks), 0
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            tokens[i] = html.escape("".join(chars[index : index + len(piece)]), quote=False)
        index += len(piece)
    return "".join(tokens)


def _ensure_clean(blocks: Sequence[str]) -> list[str]:
    """Return the blocks; one that was stored without cleaning is cleaned now."""
    return [
        clean
        for block in blocks
        for clean in (
            [block] if content_html.is_clean_block(block) else content_html.clean_blocks(block)
        )
    ]


def _join_blocks(blocks: list[str]) -> SafeString:
    shown = [
        parse_table(block).to_public_html() if is_table_block(block) else block for block in blocks
    ]
    return mark_safe("\n".join(shown))  # noqa: S308 - every block is clean, or was cleaned by content.html
