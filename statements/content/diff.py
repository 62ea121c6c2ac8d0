"""Differences between two frozen contents, word by word. Pure functions.

The public list of editions and the newsdesk's review use the same functions.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import html as content_html
from statements.content import rendering, schema

Content = Mapping[str, Any]

WORD = re.compile(r"\w+(?:[’'\-]\w+)*|\s+|[^\w\s]")
MAX_PARAGRAPH_WORDS = 4_000  # a longer paragraph is shown whole, old and new
MIN_SHARED_WORD_RATIO = 0.4  # paragraphs that share fewer words are not versions of each other


@dataclass(frozen=True)
class ContentChange:
    """One changed piece of content: `<del>` marks removed words, `<ins>` added ones."""

    label: str
    html: SafeString


@dataclass(frozen=True)
class _ComparedPiece:
    label: str
    text: str
    source: str  # the piece as frozen, with emphasis and links


def diff_content(before: Content | None, after: Content) -> list[ContentChange]:
    """Return the differences that a reader can see, in the order of the page.

    If `before` is None, everything is new. The list is empty if one content is erased.
    """
    if before == after or after.get("erased") or (before and before.get("erased")):
        return []
    changes: list[ContentChange] = []
    old_parts, new_parts = (_split_content(before) if before else {}), _split_content(after)
    for label, new in new_parts.items():
        old = old_parts.get(label, [])
        changes += _align_pieces(old, new)
    return changes


def _split_content(content: Content) -> dict[str, list[_ComparedPiece]]:
    publisher = content["organisation"] or {}
    footer = {
        f"organisation.{field.key}": _make_line(field.label, field.describe(publisher))
        for field in schema.PUBLISHER_FIELDS
        if field.label
    }
    return {field.key: _split_field(field, content) for field in schema.FIELDS} | footer


def _split_field(field: schema.Field, content: Content) -> list[_ComparedPiece]:
    value = field.value_in(content)
    if field.type is schema.PASSAGES:
        return [
            piece
            for passage in value
            for part in schema.PASSAGE_FIELDS
            for piece in _split_field(part, passage)
        ]
    if field.type is schema.FILES:
        return [piece for file in value for piece in _split_file(file)]
    if field.type is schema.BLOCKS:
        return _split_blocks(field.label, value)
    return _make_line(field.label, field.describe(content))


def _make_line(label: str, text: str) -> list[_ComparedPiece]:
    return [_ComparedPiece(label, text, text)] if text else []


def _split_file(file: Content) -> list[_ComparedPiece]:
    """Include the digest of a file: another file may have the same name."""
    is_picture = file["type"].startswith("image/")
    name = f"{file['name']} ({file['size']:,} bytes, SHA-256 {file['digest'][:16]}…)"
    pieces = _make_line("Picture" if is_picture else "File", name)
    for field in schema.FILE_FIELDS:
        if field.label:
            label = "Caption" if is_picture and field.key == "title" else field.label
            pieces += _make_line(label, field.describe(file))
    return pieces


def _split_blocks(label: str, blocks: Sequence[str]) -> list[_ComparedPiece]:
    cleaned = [clean for block in blocks for clean in content_html.clean_blocks(block)]
    return [
        _ComparedPiece(label, rendering.render_block_as_text(block), block) for block in cleaned
    ]


def _align_pieces(old: list[_ComparedPiece], new: list[_ComparedPiece]) -> list[ContentChange]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes = []
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        if operation != "equal":
            changes += [_make_change(*pair) for pair in _pair_pieces(old[i:i_end], new[j:j_end])]
    return changes


def _pair_pieces(
    old: list[_ComparedPiece], new: list[_ComparedPiece]
) -> Iterator[tuple[_ComparedPiece | None, _ComparedPiece | None]]:
    """Pair old and new pieces in order; None where a piece has no counterpart."""
    waiting = list(old)
    for piece in new:
        place = next(
            (i for i, candidate in enumerate(waiting) if _is_counterpart(candidate, piece)), None
        )
        if place is None:
            yield None, piece
        else:
            yield from ((removed, None) for removed in waiting[:place])
            yield waiting[place], piece
            del waiting[: place + 1]
    yield from ((removed, None) for removed in waiting)


def _is_counterpart(old: _ComparedPiece, new: _ComparedPiece) -> bool:
    if old.label != new.label:
        return False
    if old.label != "Words":  # there is one headline, and one attribution of a passage
        return True
    old_words, new_words = set(WORD.findall(old.text)), set(WORD.findall(new.text))
    return len(old_words & new_words) >= MIN_SHARED_WORD_RATIO * min(len(old_words), len(new_words))


def _make_change(old: _ComparedPiece | None, new: _ComparedPiece | None) -> ContentChange:
    piece = new or old
    assert piece is not None, "A change has at least one side."
    if old and new and old.text == new.text:
        highlighted = html.escape(new.text) + " <em>(only emphasis or a link changed)</em>"
    else:
        highlighted = _highlight_inline(old.text if old else "", new.text if new else "")
    return ContentChange(piece.label, mark_safe(highlighted))  # noqa: S308 - every text in it is escaped above


def highlight_differences(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts with `<del>` in the old one and `<ins>` in the new one."""
    runs = list(_compare_words(old, new))
    sides = (
        "".join(
            _escape_text(removed) if removed == added else _wrap_deleted(removed)
            for removed, added in runs
        ),
        "".join(
            _escape_text(added) if removed == added else _wrap_inserted(added)
            for removed, added in runs
        ),
    )
    return (mark_safe(sides[0]), mark_safe(sides[1]))  # noqa: S308 - each run is escaped above


def _highlight_inline(old: str, new: str) -> str:
    return "".join(
        _escape_text(added) if removed == added else _wrap_deleted(removed) + _wrap_inserted(added)
        for removed, added in _compare_words(old, new)
    )


def _compare_words(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = WORD.findall(old), WORD.findall(new)
    if not before or not after or max(len(before), len(after)) > MAX_PARAGRAPH_WORDS:
        yield old, new
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in _merge_adjacent(matcher, before):
        yield "".join(before[i:i_end]), "".join(after[j:j_end])


Opcode = tuple[str, int, int, int, int]


def _merge_adjacent(matcher: SequenceMatcher[str], before: list[str]) -> list[Opcode]:
    """Merge changes with only a space between them, which read better as one."""
    merged: list[Opcode] = []
    for code in matcher.get_opcodes():
        operation, i, i_end, _, j_end = code
        is_space = operation == "equal" and not "".join(before[i:i_end]).strip()
        if merged and merged[-1][0] == "replace" and (is_space or operation != "equal"):
            merged[-1] = ("replace", merged[-1][1], i_end, merged[-1][3], j_end)
        else:
            merged.append(("replace", *code[1:]) if operation != "equal" else code)
    return merged


def _wrap_deleted(text: str) -> str:
    return _wrap_change("del", "removed", text)


def _wrap_inserted(text: str) -> str:
    return _wrap_change("ins", "added", text)


def _wrap_change(tag: str, spoken: str, text: str) -> str:
    """Mark the change in words too: screen readers ignore <ins> and <del>."""
    if not text:
        return ""
    start = f'<span class="visually-hidden"> [{spoken}: </span>'
    end = '<span class="visually-hidden">] </span>'
    return f"<{tag}>{start}{_escape_text(text)}{end}</{tag}>"


def _escape_text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
