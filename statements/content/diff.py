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
MOST_WORDS = 4_000  # in one paragraph; above, the old one and the new one stand whole
ALIKE = 0.4  # share of words that two paragraphs have in common when one came from the other


@dataclass(frozen=True)
class Change:
    """One piece of the words, before and after at once: `<del>` what went, `<ins>` what came."""

    label: str
    html: SafeString


@dataclass(frozen=True)
class _Piece:
    label: str
    text: str
    source: str  # the same piece as it was frozen, emphasis and links included


def changes(before: Content | None, after: Content) -> list[Change]:
    """Every difference that a reader can see, in the order of the page.

    `before` None means that there was nothing: everything is new. Equal contents, and contents of
    which one was erased, give an empty list.
    """
    if before == after or after.get("erased") or (before and before.get("erased")):
        return []
    found: list[Change] = []
    old_parts, new_parts = (_parts(before) if before else {}), _parts(after)
    for label, new in new_parts.items():
        old = old_parts.get(label, [])
        found += _aligned(old, new)
    return found


def _parts(content: Content) -> dict[str, list[_Piece]]:
    """The content as lists of pieces, in reading order; only pieces of one list are compared."""
    publisher = content["organisation"] or {}
    footer = {
        f"organisation.{field.key}": _line(field.label, field.describe(publisher))
        for field in schema.PUBLISHER_FIELDS
        if field.label
    }
    return {field.key: _pieces(field, content) for field in schema.FIELDS} | footer


def _pieces(field: schema.Field, content: Content) -> list[_Piece]:
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
        return [piece for file in value for piece in _file(file)]
    if field.type is schema.BLOCKS:
        return _blocks(field.label, value)
    return _line(field.label, field.describe(content))


def _line(label: str, text: str) -> list[_Piece]:
    return [_Piece(label, text, text)] if text else []


def _file(file: Content) -> list[_Piece]:
    """A file is what its bytes are, so their digest is told: another file may have its name."""
    is_picture = file["type"].startswith("image/")
    name = f"{file['name']} ({file['size']:,} bytes, SHA-256 {file['digest'][:16]}…)"
    pieces = _line("Picture" if is_picture else "File", name)
    for field in schema.FILE_FIELDS:
        if field.label:
            label = "Caption" if is_picture and field.key == "title" else field.label
            pieces += _line(label, field.describe(file))
    return pieces


def _blocks(label: str, blocks: Sequence[str]) -> list[_Piece]:
    clean = [one for block in blocks for one in content_html.clean_blocks(block)]
    return [_Piece(label, rendering.block_text(block), block) for block in clean]


def _aligned(old: list[_Piece], new: list[_Piece]) -> list[Change]:
    """Pieces that stayed are left out; of the others, each new one stands beside its old one."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what != "equal":
            found += [_change(*pair) for pair in _pairs(old[i:i_end], new[j:j_end])]
    return found


def _pairs(old: list[_Piece], new: list[_Piece]) -> Iterator[tuple[_Piece | None, _Piece | None]]:
    """Old and new pieces side by side, in order; None where one has no counterpart."""
    waiting = list(old)
    for piece in new:
        at = next((i for i, other in enumerate(waiting) if _came_from(other, piece)), None)
        if at is None:
            yield None, piece
        else:
            yield from ((gone, None) for gone in waiting[:at])
            yield waiting[at], piece
            del waiting[: at + 1]
    yield from ((gone, None) for gone in waiting)


def _came_from(old: _Piece, new: _Piece) -> bool:
    if old.label != new.label:
        return False
    if old.label != "Words":  # there is one headline, and one line before a quotation
        return True
    ours, theirs = set(WORD.findall(old.text)), set(WORD.findall(new.text))
    return len(ours & theirs) >= ALIKE * min(len(ours), len(theirs))


def _change(old: _Piece | None, new: _Piece | None) -> Change:
    one = new or old
    assert one is not None, "A change has at least one side."
    if old and new and old.text == new.text:
        said = html.escape(new.text) + " <em>(only emphasis or a link changed)</em>"
    else:
        said = _marked(old.text if old else "", new.text if new else "")
    return Change(one.label, mark_safe(said))  # noqa: S308 - every text in it was escaped here


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts to stand side by side: `<del>` is in the old one alone, `<ins>` in the new one."""
    runs = list(_runs(old, new))
    sides = (
        "".join(_escaped(gone) if gone == came else _deleted(gone) for gone, came in runs),
        "".join(_escaped(came) if gone == came else _inserted(came) for gone, came in runs),
    )
    return (mark_safe(sides[0]), mark_safe(sides[1]))  # noqa: S308 - each run was escaped here


def _marked(old: str, new: str) -> str:
    return "".join(
        _escaped(came) if gone == came else _deleted(gone) + _inserted(came)
        for gone, came in _runs(old, new)
    )


def _runs(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Both texts cut into runs that stand against each other: equal, or one in place of another."""
    before, after = WORD.findall(old), WORD.findall(new)
    if not before or not after or max(len(before), len(after)) > MOST_WORDS:
        yield old, new
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in _without_crumbs(matcher, before):
        yield "".join(before[i:i_end]), "".join(after[j:j_end])


def _without_crumbs(matcher: SequenceMatcher, before: list[str]) -> list[tuple]:
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


def _deleted(text: str) -> str:
    return _wrapped("del", "removed", text)


def _inserted(text: str) -> str:
    return _wrapped("ins", "added", text)


def _wrapped(tag: str, verb: str, text: str) -> str:
    """The words are for those who hear the page: screen readers pass <ins> and <del> by."""
    if not text:
        return ""
    start = f'<span class="visually-hidden"> [{verb}: </span>'
    end = '<span class="visually-hidden">] </span>'
    return f"<{tag}>{start}{_escaped(text)}{end}</{tag}>"


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
