"""Compare two contents word by word. Pure functions.

The public list of editions and the review on the newsdesk both use them, so they show the same.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import html as content_html
from statements.content import rendering, schema
from statements.content.blocks import list_picture_places
from statements.content.bounded_matching import BoundedMatcher, StepBudget

Content = Mapping[str, Any]

WORD = re.compile(r"\w+(?:[’'\-]\w+)*|\s+|[^\w\s]")
MAX_PARAGRAPH_WORDS = 4_000  # a longer paragraph is shown whole, as deleted and inserted
MIN_SHARED_WORD_RATIO = 0.4  # paragraphs with fewer words in common are not compared
COUNTERPART_STEPS = 10  # what comparing the words of two paragraphs costs at least


@dataclass(frozen=True)
class ContentChange:
    """One changed piece of the content, with old text in `<del>` and new text in `<ins>`."""

    label: str
    html: SafeString


@dataclass(frozen=True)
class _ComparedPiece:
    label: str
    text: str
    source: str  # with emphasis and links

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(WORD.findall(self.text))


def diff_content(
    before: Content | None, after: Content, *, with_edition_fields: bool = False
) -> list[ContentChange]:
    """Return every difference in the words, in the order of the page.

    With `before` None, everything is new. The list is empty if the contents are equal, or if one of
    them was erased. `with_edition_fields` adds what is about the edition: amendment, note, slug.
    """
    if before == after or after.get("erased") or (before and before.get("erased")):
        return []
    old_parts, new_parts = (_split_content(before) if before else {}), _split_content(after)
    for field in schema.FIELDS:
        if field.is_about_edition and not with_edition_fields:
            del new_parts[field.key]
    return [
        change
        for key, new in new_parts.items()
        for change in _align_pieces(old_parts.get(key, []), new)
    ]


def diff_passage(before: Content, after: Content) -> list[ContentChange]:
    """Return every difference between two passages: sub-heading, speaker, attribution, words."""
    return [
        change
        for field in schema.PASSAGE_FIELDS
        for change in _align_pieces(_split_field(field, before), _split_field(field, after))
    ]


def _split_content(content: Content) -> dict[str, list[_ComparedPiece]]:
    """Split the content into lists of pieces; only pieces of the same list are compared."""
    parts: dict[str, list[_ComparedPiece]] = {field.key: [] for field in schema.FIELDS}
    pictures = list_picture_places(content.get("blocks", ()))
    for field, owner, position in schema.walk_fields(content):
        if position is not None and field is schema.PASSAGE_FIELDS[0]:
            parts["blocks"] += _place_pictures(content, pictures.pop(position - 1, []))
        parts[field.key if position is None else "blocks"] += _split_field(field, owner)
    for digests in pictures.values():  # after the last passage
        parts["blocks"] += _place_pictures(content, digests)
    for field in schema.PUBLISHER_FIELDS:
        if field.label:
            parts[f"organisations.{field.key}"] = [
                piece
                for publisher in content["organisations"]
                for piece in _make_line(field.label, field.describe(publisher))
            ]
    return parts


def _place_pictures(content: Content, digests: Sequence[str]) -> list[_ComparedPiece]:
    """Return a line for each picture between the passages; what it shows is with the files."""
    names = {file["digest"]: file["title"] or file["name"] for file in content.get("files", [])}
    return [
        piece
        for digest in digests
        for piece in _make_line("Picture, placed here", names.get(digest, digest))
    ]


def _split_field(field: schema.Field, owner: Content) -> list[_ComparedPiece]:
    value = field.value_in(owner)
    if field.type is schema.FILES:
        return [piece for file in value for piece in _split_file(file)]
    if field.type is schema.PARAGRAPHS:
        return _split_blocks(field.label, value)
    return _make_line(field.label, field.describe(owner))


def _make_line(label: str, text: str) -> list[_ComparedPiece]:
    return [_ComparedPiece(label, text, text)] if text else []


def _split_file(file: Content) -> list[_ComparedPiece]:
    # The digest is shown, because another file may have the same name.
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
    budget = StepBudget()
    matcher = BoundedMatcher(old, new, budget)
    return [
        _make_change(*pair, budget)
        for operation, i, i_end, j, j_end in matcher.get_opcodes()
        if operation != "equal"
        for pair in _pair_pieces(old[i:i_end], new[j:j_end], budget)
    ]


def _pair_pieces(
    old: list[_ComparedPiece], new: list[_ComparedPiece], budget: StepBudget
) -> Iterator[tuple[_ComparedPiece | None, _ComparedPiece | None]]:
    first = 0  # of the old pieces that have no counterpart yet
    for new_piece in new:
        index = next(
            (i for i in range(first, len(old)) if _is_counterpart(old[i], new_piece, budget)), None
        )
        if index is None:
            yield None, new_piece
        else:
            yield from ((deleted, None) for deleted in old[first:index])
            yield old[index], new_piece
            first = index + 1
    yield from ((deleted, None) for deleted in old[first:])


def _is_counterpart(old: _ComparedPiece, new: _ComparedPiece, budget: StepBudget) -> bool:
    if old.label != new.label:
        return False
    if old.label != "Words":  # only one headline, or one attribution of a passage
        return True
    fewest = min(len(old.words), len(new.words))
    if not budget.spend(COUNTERPART_STEPS + fewest):
        return False
    return len(old.words & new.words) >= MIN_SHARED_WORD_RATIO * fewest


def _make_change(
    old: _ComparedPiece | None, new: _ComparedPiece | None, budget: StepBudget
) -> ContentChange:
    piece = new or old
    assert piece is not None, "A change has at least one side."
    if old and new and old.text == new.text:
        marked = html.escape(new.text) + " <em>(only emphasis or a link changed)</em>"
    else:
        marked = _highlight_inline(old.text if old else "", new.text if new else "", budget)
    return ContentChange(piece.label, mark_safe(marked))  # noqa: S308 - every text was escaped here


def highlight_differences(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return both texts, to be shown side by side, with their differences marked."""
    runs = list(_compare_words(old, new, StepBudget()))
    left = "".join(escape_lines(a) if a == b else _wrap_deleted(a) for a, b in runs)
    right = "".join(escape_lines(b) if a == b else _wrap_inserted(b) for a, b in runs)
    return mark_safe(left), mark_safe(right)  # noqa: S308 - each run was escaped here


def _highlight_inline(old: str, new: str, budget: StepBudget) -> str:
    return "".join(
        escape_lines(b) if a == b else _wrap_deleted(a) + _wrap_inserted(b)
        for a, b in _compare_words(old, new, budget)
    )


def _compare_words(old: str, new: str, budget: StepBudget) -> Iterator[tuple[str, str]]:
    before, after = WORD.findall(old), WORD.findall(new)
    if not before or not after or max(len(before), len(after)) > MAX_PARAGRAPH_WORDS:
        yield old, new
        return
    matcher = BoundedMatcher(before, after, budget)
    for i, i_end, j, j_end in _merge_adjacent(matcher, before):
        yield "".join(before[i:i_end]), "".join(after[j:j_end])


def _merge_adjacent(
    matcher: BoundedMatcher[str], before: list[str]
) -> list[tuple[int, int, int, int]]:
    """Merge changes with only a space between them, because they read better as one."""
    spans: list[tuple[int, int, int, int]] = []
    is_change = False  # the last span
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        is_equal = operation == "equal"
        is_space = is_equal and not "".join(before[i:i_end]).strip()
        if is_change and (is_space or not is_equal):
            spans[-1] = (spans[-1][0], i_end, spans[-1][2], j_end)
        else:
            spans.append((i, i_end, j, j_end))
            is_change = not is_equal
    return spans


def _wrap_deleted(text: str) -> str:
    return _wrap_change("del", "removed", text)


def _wrap_inserted(text: str) -> str:
    return _wrap_change("ins", "added", text)


def _wrap_change(tag: str, label: str, text: str) -> str:
    if not text:
        return ""
    # Hidden labels, because most screen readers ignore <ins> and <del>.
    start = f'<span class="visually-hidden"> [{label}: </span>'
    end = '<span class="visually-hidden">] </span>'
    return f"<{tag}>{start}{escape_lines(text)}{end}</{tag}>"


def escape_lines(text: str) -> str:
    """Return the text as HTML, with its line breaks."""
    return html.escape(text).replace("\n", "<br>")
