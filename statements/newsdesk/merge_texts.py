"""Two texts of one statement, part by part: how they differ, and what somebody chose of each.

The form is bound to what they typed and stands on what is saved, so Django’s own `changed_data`
are the parts that differ. Rows are matched by their number in the database.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.safestring import SafeString

from statements.content import rendering, schema
from statements.content.diff import highlight_differences
from statements.newsdesk.rich_text import RichTextField, to_blocks

CHOICE_PREFIX = "choose-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
ROW_LABELS = {"passages": "Passage", "attachments": "File", "relations": "Related article"}
IGNORED_FIELDS = {
    "id",
    "statement",
    "position",
    "place",
    "file",
    "name",
    "upload",
    "kept",
    "DELETE",
}
PASSAGE_COLUMNS = schema.columns_of(schema.PASSAGE_FIELDS)
DELETED_MESSAGE = "Deleted meanwhile."


@dataclass(frozen=True)
class ConflictPart:
    """One part that differs, both sides marked. Without `ways` there is nothing to choose."""

    name: str
    label: str
    mine: SafeString | str
    saved: SafeString | str
    options: tuple[tuple[str, str], ...] = ()
    choice: str = MINE
    is_untouched: bool = False  # by the one who typed, so that taking what is saved loses nothing


# --- What the form was opened with ----------------------------------------------------------------


def digest_parts(statement, names) -> str:
    """A short digest of each part, for the form to send back; see `_untouched`."""
    digests = {name: _digest_values([getattr(statement, name)]) for name in names}
    if statement.pk:
        for row in statement.passages.all():
            digests[f"passages-{row.pk}"] = _digest_values(
                [getattr(row, name) for name in PASSAGE_COLUMNS]
            )
    return json.dumps(digests)


def _digest_values(values: list) -> str:
    """References as their numbers, so that a chosen speaker and a saved one come out equal."""
    plain = [value.pk if isinstance(value, Model) else value for value in values]
    return hashlib.sha256(repr(plain).encode(errors="replace")).hexdigest()[:12]


def _is_untouched(form, name: str, seen: dict, names: tuple[str, ...]) -> bool:
    """Whether this person left the part as it was when the form was opened."""
    cleaned = getattr(form, "cleaned_data", {})
    return seen.get(name) == _digest_values([cleaned.get(one) for one in names])


def _load_seen_digests(form) -> dict:
    try:
        seen = json.loads(form.data.get("seen_parts") or "{}")
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


# --- How they differ ------------------------------------------------------------------------------


def find_differences(form: forms.BaseForm, formsets) -> list[ConflictPart]:
    """In the order of the form. What is equal on both sides is left out."""
    found = [
        _compare_field(form, form[name]) for name in form.changed_data if not form[name].is_hidden
    ]
    for formset in formsets:
        found += _compare_rows(formset)
    return found


def _compare_field(form, bound: forms.BoundField) -> ConflictPart:
    ways = [(MINE, "Keep mine"), (THEIRS, "Take what is saved")]
    if _is_multiline(bound.field):
        ways.append((BOTH, "Both, mine first"))
    saved = form.get_initial_for_field(bound.field, bound.name)
    sides = _highlight_sides(_format_value(bound, saved), _format_value(bound, bound.value()))
    return _build_part(form, bound.name, str(bound.label), sides, ways, names=(bound.name,))


def _build_part(
    form, name: str, label: str, sides, ways, *, names: tuple[str, ...] = PASSAGE_COLUMNS
) -> ConflictPart:
    """What they did not touch is taken from the other unless they choose otherwise."""
    untouched = _is_untouched(form, name, _load_seen_digests(form), names)
    asked = form.data.get(CHOICE_PREFIX + name)
    chosen = asked if asked in dict(ways) else THEIRS if untouched else MINE
    return ConflictPart(name, label, sides[1], sides[0], tuple(ways), chosen, untouched)


def _highlight_sides(saved: str, mine: str) -> tuple[SafeString | str, SafeString | str]:
    if saved == mine:
        return (f"{saved} (another emphasis or link)", mine)
    return highlight_differences(saved, mine)


def _compare_rows(formset) -> Iterator[ConflictPart]:
    kind, seen = ROW_LABELS[formset.prefix], set()
    for number, form in enumerate(formset.initial_forms, 1):
        seen.add(str(form["id"].value() or ""))
        deletes = formset._should_delete_form(form)
        if form.instance.pk is None and not deletes:
            yield _build_deleted_part(form, f"{kind} {number}", formset.prefix)
        elif form.instance.pk and (deletes or set(form.changed_data) - IGNORED_FIELDS):
            yield _build_row_part(form, f"{kind} {number}", formset.prefix, deletes)
    for row in formset.get_queryset():
        if str(row.pk) not in seen:
            saved = _format_row(formset.empty_form, model_to_dict(row))
            yield ConflictPart("", f"{kind} that was added meanwhile: it stays", "", saved)


def _build_deleted_part(form, label: str, prefix: str) -> ConflictPart:
    name = f"{prefix}-{form['id'].value()}"
    ways = [(MINE, "Put mine back"), (THEIRS, "Leave it out")]
    return _build_part(
        form, name, label, (DELETED_MESSAGE, _format_row(form, _read_values(form))), ways
    )


def _build_row_part(form, label: str, prefix: str, deletes: bool) -> ConflictPart:
    name, saved = f"{prefix}-{form.instance.pk}", _format_row(form, form.initial)
    if deletes:
        ways = [(MINE, "Delete it"), (THEIRS, "Keep what is saved")]
        sides = (saved, "You deleted this.")
        return _build_part(form, name, label, sides, ways, names=())
    ways = [(MINE, "Keep mine"), (THEIRS, "Take what is saved")]
    if "body" in form.changed_data:
        ways.append((BOTH, "Both one after the other, mine first"))
    return _build_part(
        form, name, label, _highlight_sides(saved, _format_row(form, _read_values(form))), ways
    )


def _read_values(form) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _format_row(form, values: dict[str, Any]) -> str:
    """A row as its lines, without what nobody typed."""
    names = [name for name in form.fields if name not in IGNORED_FIELDS]
    lines = [_format_value(form[name], values.get(name)) for name in names]
    return "\n".join(line for line in lines if line)


def _format_value(bound: forms.BoundField, value) -> str:
    """A value as people read it."""
    field = bound.field
    if isinstance(field, RichTextField):
        return "\n\n".join(map(rendering.render_block_as_text, to_blocks(value or "")))
    if isinstance(field, forms.BooleanField):
        return f"{bound.label}: yes" if value else ""
    if isinstance(field, forms.ModelChoiceField):
        return _format_names(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value or "", ""))
    return str(field.widget.format_value(field.prepare_value(value)) or "")


def _format_names(field, value) -> str:
    try:
        found = field.clean(value)
    except ValidationError:
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, found))
    return str(found or "")


def _is_multiline(field) -> bool:
    return isinstance(field.widget, forms.Textarea)


# --- What was chosen ------------------------------------------------------------------------------


def merge_post_data(data: QueryDict, saved: forms.BaseForm, statement) -> QueryDict:
    """What was typed, with the saved value where that was chosen, or both in one.

    `saved` is the form of what is saved; the data then stand on it, and are out of date no more.
    """
    taken = data.copy()
    for name, field in saved.fields.items():
        way = data.get(CHOICE_PREFIX + name)
        if way == THEIRS or name.startswith("seen_"):
            taken.setlist(name, _to_post_values(saved[name]))
        elif way == BOTH and _is_multiline(field):
            taken[name] = _join_texts(data.get(name, ""), saved[name].value() or "", field)
    for prefix in ROW_LABELS:
        _merge_rows(taken, prefix, {str(row.pk): row for row in getattr(statement, prefix).all()})
    for name in [name for name in taken if name.startswith(CHOICE_PREFIX)] + ["save_over"]:
        taken.pop(name, None)
    return taken


def _merge_rows(data: QueryDict, prefix: str, rows: dict[str, Any]) -> None:
    for start, pk in _find_row_prefixes(data, prefix):
        way, row = data.get(f"{CHOICE_PREFIX}{prefix}-{pk}"), rows.get(pk)
        if way == THEIRS and row is None:
            data[f"{start}-DELETE"] = "on"
        elif way == THEIRS:
            data.pop(f"{start}-DELETE", None)
            _copy_saved_row(data, start, row)
        elif way == BOTH and prefix == "passages" and row is not None:
            mine = data.get(f"{start}-body", "")
            data[f"{start}-body"] = "\n".join([*to_blocks(mine), *to_blocks(row.body)])


def _find_row_prefixes(data: QueryDict, prefix: str) -> list[tuple[str, str]]:
    """Where each row stands in what was sent, and its number in the database."""
    end = "-id"
    names = [name for name in data if name.startswith(f"{prefix}-") and name.endswith(end)]
    return [(name.removesuffix(end), pk) for name in names if (pk := data.get(name))]


def _copy_saved_row(data: QueryDict, start: str, row) -> None:
    values = model_to_dict(row, exclude=["id", "statement", "position", "file"])
    for name, value in (values | {"place": row.position + 1}).items():
        if value is False:  # a box that is not ticked is not sent
            data.pop(f"{start}-{name}", None)
        else:
            data[f"{start}-{name}"] = "" if value is None else str(value)


def _to_post_values(bound: forms.BoundField) -> list[str]:
    """The value as a browser would send it."""
    value = bound.value()
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if value is None:
        return [""]
    if isinstance(bound.field, forms.ChoiceField):
        return [str(value)]
    return [str(bound.field.widget.format_value(value) or "")]


def _join_texts(mine: str, saved: str, field) -> str:
    if isinstance(field, RichTextField):
        return "\n".join([*to_blocks(mine), *to_blocks(saved)])
    return f"{mine}\n\n{saved}"
