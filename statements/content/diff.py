"""What changed between two frozen contents, word by word. Pure functions.

Used by the public list of editions and by the newsdesk's review, so that both tell one story.
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
MAX_PARAGRAPH_WORDS = 4_000  # in one paragraph; above, the old one and the new one stand whole
MIN_SHARED_WORD_RATIO = (
    0.4  # share of words that two paragraphs have in common when one came from the other
)


@dataclass(frozen=True)
class ContentChange:
    """One piece of the words, before and after at once: `<del>` what went, `<ins>` what came."""

    label: str
    html: SafeString


@dataclass(frozen=True)
class _ComparedPiece:
    label: str
    text: str
    source: str  # the same piece as it was frozen, emphasis and links included


def diff_content(before: Content | None, after: Content) -> list[ContentChange]:
    """Every difference that a reader can see, in the order of the page.

    `before` None means that there was nothing: everything is new. Equal contents, and contents of
    which one was erased, give an empty list.
    """
    if before == after or after.get("erased") or (before and before.get("erased")):
        return []
    found: list[ContentChange] = []
    old_parts, new_parts = (_split_content(before) if before else {}), _split_content(after)
    for label, new in new_parts.items():
        old = old_parts.get(label, [])
        found += _align_pieces(old, new)
    return found


def _split_content(content: Content) -> dict[str, list[_ComparedPiece]]:
    """The content as lists of pieces, in reading order; only pieces of one list are compared."""
    publisher = content["organisation"] or {}
    footer = {
        f"organisation.{field.key}": _make_line(field.label, field.describe(publisher))
        for field in schema.PUBLISHER_FIELDS
        if field.label
    }
    return {field.key: _pieces(field, content) for field in schema.FIELDS} | footer


def _pieces(field: schema.Field, content: Content) -> list[_ComparedPiece]:
    """One field as pieces: a block each of rich text, else one line."""
    value = field.value_in(content)
    if field.type is schema.PASSAGES:
        return [
            piece
            for passage in value
            for part in schema.PASSAGE_FIELDS
            for piece in _pieces(part, passage)
        ]
    if field.type is schema.FILES:
        return [piece for file in value for piece in _split_file(file)]
    if field.type is schema.BLOCKS:
        return _split_blocks(field.label, value)
    return _make_line(field.label, field.describe(content))


def _make_line(label: str, text: str) -> list[_ComparedPiece]:
    return [_ComparedPiece(label, text, text)] if text else []


def _split_file(file: Content) -> list[_ComparedPiece]:
    """A file is what its bytes are, so their digest is told: another file may have its name."""
    is_picture = file["type"].startswith("image/")
    name = f"{file['name']} ({file['size']:,} bytes, SHA-256 {file['digest'][:16]}…)"
    pieces = _make_line("Picture" if is_picture else "File", name)
    for field in schema.FILE_FIELDS:
        if field.label:
            label = "Caption" if is_picture and field.key == "title" else field.label
            pieces += _make_line(label, field.describe(file))
    return pieces


def _split_blocks(label: str, blocks: Sequence[str]) -> list[_ComparedPiece]:
    clean = [one for block in blocks for one in content_html.clean_blocks(block)]
    return [_ComparedPiece(label, rendering.render_block_as_text(block), block) for block in clean]


def _align_pieces(old: list[_ComparedPiece], new: list[_ComparedPiece]) -> list[ContentChange]:
    """Pieces that stayed are left out; of the others, each new one stands beside its old one."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what != "equal":
            found += [_make_change(*pair) for pair in _pair_pieces(old[i:i_end], new[j:j_end])]
    return found


def _pair_pieces(
    old: list[_ComparedPiece], new: list[_ComparedPiece]
) -> Iterator[tuple[_ComparedPiece | None, _ComparedPiece | None]]:
    """Old and new pieces side by side, in order; None where one has no counterpart."""
    waiting = list(old)
    for piece in new:
        at = next((i for i, other in enumerate(waiting) if _is_counterpart(other, piece)), None)
        if at is None:
            yield None, piece
        else:
            yield from ((gone, None) for gone in waiting[:at])
            yield waiting[at], piece
            del waiting[: at + 1]
    yield from ((gone, None) for gone in waiting)


def _is_counterpart(old: _ComparedPiece, new: _ComparedPiece) -> bool:
    if old.label != new.label:
        return False
    if old.label != "Words":  # there is one headline, and one line before a quotation
        return True
    ours, theirs = set(WORD.findall(old.text)), set(WORD.findall(new.text))
    return len(ours & theirs) >= MIN_SHARED_WORD_RATIO * min(len(ours), len(theirs))


def _make_change(old: _ComparedPiece | None, new: _ComparedPiece | None) -> ContentChange:
    one = new or old
    assert one is not None, "A change has at least one side."
    if old and new and old.text == new.text:
        said = html.escape(new.text) + " <em>(only emphasis or a link changed)</em>"
    else:
        said = _highlight_inline(old.text if old else "", new.text if new else "")
    return ContentChange(one.label, mark_safe(said))  # noqa: S308 - every text in it was escaped here


def highlight_differences(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts to stand side by side: `<del>` is in the old one alone, `<ins>` in the new one."""
    runs = list(_compare_words(old, new))
    sides = (
        "".join(_escape_text(gone) if gone == came else _wrap_deleted(gone) for gone, came in runs),
        "".join(
            _escape_text(came) if gone == came else _wrap_inserted(came) for gone, came in runs
        ),
    )
    return (mark_safe(sides[0]), mark_safe(sides[1]))  # noqa: S308 - each run was escaped here


def _highlight_inline(old: str, new: str) -> str:
    return "".join(
        _escape_text(came) if gone == came else _wrap_deleted(gone) + _wrap_inserted(came)
        for gone, came in _compare_words(old, new)
    )


def _compare_words(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Both texts cut into runs that stand against each other: equal, or one in place of another."""
    before, after = WORD.findall(old), WORD.findall(new)
    if not before or not after or max(len(before), len(after)) > MAX_PARAGRAPH_WORDS:
        yield old, new
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in _merge_adjacent(matcher, before):
        yield "".join(before[i:i_end]), "".join(after[j:j_end])


def _merge_adjacent(matcher: SequenceMatcher, before: list[str]) -> list[tuple]:
    """Two changes with nothing but a space between them read better as one."""
    merged: list[tuple] = []
    for code in matcher.get_opcodes():
        what, i, i_end, _, j_end = code
        crumb = what == "equal" and not "".join(before[i:i_end]).strip()
        if merged and merged[-1][0] == "replace" and (crumb or what != "equal"):
            merged[-1] = ("replace", merged[-1][1], i_end, merged[-1][3], j_end)
        else:
            merged.append(("replace", *code[1:]) if what != "equal" else code)
    return merged


def _wrap_deleted(text: str) -> str:
    return _wrap_change("del", "removed", text)


def _wrap_inserted(text: str) -> str:
    return _wrap_change("ins", "added", text)


def _wrap_change(tag: str, verb: str, text: str) -> str:
    """The words are for those who hear the page: screen readers pass <ins> and <del> by."""
    if not text:
        return ""
    start = f'<span class="visually-hidden"> [{verb}: </span>'
    end = '<span class="visually-hidden">] </span>'
    return f"<{tag}>{start}{_escape_text(text)}{end}</{tag}>"


def _escape_text(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
