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
from statements.content.diff import marked
from statements.newsdesk.rich_text import WordsField, blocks_of

CHOICE = "choose-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
ROWS = {"passages": "Passage", "attachments": "File", "relations": "Related article"}
NOT_COMPARED = {"id", "statement", "position", "place", "file", "name", "upload", "kept", "DELETE"}
PASSAGE_COLUMNS = schema.columns_of(schema.PASSAGE_FIELDS)
GONE = "Deleted meanwhile."


@dataclass(frozen=True)
class Part:
    """One part that differs, both sides marked. Without `ways` there is nothing to choose."""

    name: str
    label: str
    mine: SafeString | str
    saved: SafeString | str
    ways: tuple[tuple[str, str], ...] = ()
    chosen: str = MINE
    untouched: bool = False  # by the one who typed, so that taking what is saved loses nothing


# --- What the form was opened with ----------------------------------------------------------------


def seen_parts(statement, names) -> str:
    """A short digest of each part, for the form to send back; see `_untouched`."""
    digests = {name: _digest([getattr(statement, name)]) for name in names}
    if statement.pk:
        for row in statement.passages.all():
            digests[f"passages-{row.pk}"] = _digest(
                [getattr(row, name) for name in PASSAGE_COLUMNS]
            )
    return json.dumps(digests)


def _digest(values: list) -> str:
    """References as their numbers, so that a chosen speaker and a saved one come out equal."""
    plain = [value.pk if isinstance(value, Model) else value for value in values]
    return hashlib.sha256(repr(plain).encode(errors="replace")).hexdigest()[:12]


def _untouched(form, name: str, seen: dict, names: tuple[str, ...]) -> bool:
    """Whether this person left the part as it was when the form was opened."""
    cleaned = getattr(form, "cleaned_data", {})
    return seen.get(name) == _digest([cleaned.get(one) for one in names])


def _seen(form) -> dict:
    try:
        seen = json.loads(form.data.get("seen_parts") or "{}")
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


# --- How they differ ------------------------------------------------------------------------------


def parts(form: forms.BaseForm, formsets) -> list[Part]:
    """In the order of the form. What is equal on both sides is left out."""
    found = [_field(form, form[name]) for name in form.changed_data if not form[name].is_hidden]
    for formset in formsets:
        found += _rows(formset)
    return found


def _field(form, bound: forms.BoundField) -> Part:
    ways = [(MINE, "Keep mine"), (THEIRS, "Take what is saved")]
    if _many_lines(bound.field):
        ways.append((BOTH, "Both, mine first"))
    saved = form.get_initial_for_field(bound.field, bound.name)
    sides = _sides(_spoken(bound, saved), _spoken(bound, bound.value()))
    return _part(form, bound.name, str(bound.label), sides, ways, names=(bound.name,))


def _part(
    form, name: str, label: str, sides, ways, *, names: tuple[str, ...] = PASSAGE_COLUMNS
) -> Part:
    """What they did not touch is taken from the other unless they choose otherwise."""
    untouched = _untouched(form, name, _seen(form), names)
    asked = form.data.get(CHOICE + name)
    chosen = asked if asked in dict(ways) else THEIRS if untouched else MINE
    return Part(name, label, sides[1], sides[0], tuple(ways), chosen, untouched)


def _sides(saved: str, mine: str) -> tuple[SafeString | str, SafeString | str]:
    if saved == mine:
        return (f"{saved} (another emphasis or link)", mine)
    return marked(saved, mine)


def _rows(formset) -> Iterator[Part]:
    kind, seen = ROWS[formset.prefix], set()
    for number, form in enumerate(formset.initial_forms, 1):
        seen.add(str(form["id"].value() or ""))
        deletes = formset._should_delete_form(form)
        if form.instance.pk is None and not deletes:
            yield _gone(form, f"{kind} {number}", formset.prefix)
        elif form.instance.pk and (deletes or set(form.changed_data) - NOT_COMPARED):
            yield _row(form, f"{kind} {number}", formset.prefix, deletes)
    for row in formset.get_queryset():
        if str(row.pk) not in seen:
            saved = _said(formset.empty_form, model_to_dict(row))
            yield Part("", f"{kind} that was added meanwhile: it stays", "", saved)


def _gone(form, label: str, prefix: str) -> Part:
    name = f"{prefix}-{form['id'].value()}"
    ways = [(MINE, "Put mine back"), (THEIRS, "Leave it out")]
    return _part(form, name, label, (GONE, _said(form, _typed(form))), ways)


def _row(form, label: str, prefix: str, deletes: bool) -> Part:
    name, saved = f"{prefix}-{form.instance.pk}", _said(form, form.initial)
    if deletes:
        ways = [(MINE, "Delete it"), (THEIRS, "Keep what is saved")]
        sides = (saved, "You deleted this.")
        return _part(form, name, label, sides, ways, names=())
    ways = [(MINE, "Keep mine"), (THEIRS, "Take what is saved")]
    if "body" in form.changed_data:
        ways.append((BOTH, "Both one after the other, mine first"))
    return _part(form, name, label, _sides(saved, _said(form, _typed(form))), ways)


def _typed(form) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _said(form, values: dict[str, Any]) -> str:
    """A row as its lines, without what nobody typed."""
    names = [name for name in form.fields if name not in NOT_COMPARED]
    lines = [_spoken(form[name], values.get(name)) for name in names]
    return "\n".join(line for line in lines if line)


def _spoken(bound: forms.BoundField, value) -> str:
    """A value as people read it."""
    field = bound.field
    if isinstance(field, WordsField):
        return "\n\n".join(map(rendering.block_text, blocks_of(value or "")))
    if isinstance(field, forms.BooleanField):
        return f"{bound.label}: yes" if value else ""
    if isinstance(field, forms.ModelChoiceField):
        return _names(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value or "", ""))
    return str(field.widget.format_value(field.prepare_value(value)) or "")


def _names(field, value) -> str:
    try:
        found = field.clean(value)
    except ValidationError:
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, found))
    return str(found or "")


def _many_lines(field) -> bool:
    return isinstance(field.widget, forms.Textarea)


# --- What was chosen ------------------------------------------------------------------------------


def combined(data: QueryDict, saved: forms.BaseForm, statement) -> QueryDict:
    """What was typed, with the saved value where that was chosen, or both in one.

    `saved` is the form of what is saved; the data then stand on it, and are out of date no more.
    """
    taken = data.copy()
    for name, field in saved.fields.items():
        way = data.get(CHOICE + name)
        if way == THEIRS or name.startswith("seen_"):
            taken.setlist(name, _sent(saved[name]))
        elif way == BOTH and _many_lines(field):
            taken[name] = _both(data.get(name, ""), saved[name].value() or "", field)
    for prefix in ROWS:
        _combine_rows(taken, prefix, {str(row.pk): row for row in getattr(statement, prefix).all()})
    for name in [name for name in taken if name.startswith(CHOICE)] + ["save_over"]:
        taken.pop(name, None)
    return taken


def _combine_rows(data: QueryDict, prefix: str, rows: dict[str, Any]) -> None:
    for start, pk in _numbered(data, prefix):
        way, row = data.get(f"{CHOICE}{prefix}-{pk}"), rows.get(pk)
        if way == THEIRS and row is None:
            data[f"{start}-DELETE"] = "on"
        elif way == THEIRS:
            data.pop(f"{start}-DELETE", None)
            _take_saved(data, start, row)
        elif way == BOTH and prefix == "passages" and row is not None:
            mine = data.get(f"{start}-body", "")
            data[f"{start}-body"] = "\n".join([*blocks_of(mine), *blocks_of(row.body)])


def _numbered(data: QueryDict, prefix: str) -> list[tuple[str, str]]:
    """Where each row stands in what was sent, and its number in the database."""
    end = "-id"
    names = [name for name in data if name.startswith(f"{prefix}-") and name.endswith(end)]
    return [(name.removesuffix(end), pk) for name in names if (pk := data.get(name))]


def _take_saved(data: QueryDict, start: str, row) -> None:
    values = model_to_dict(row, exclude=["id", "statement", "position", "file"])
    for name, value in (values | {"place": row.position + 1}).items():
        if value is False:  # a box that is not ticked is not sent
            data.pop(f"{start}-{name}", None)
        else:
            data[f"{start}-{name}"] = "" if value is None else str(value)


def _sent(bound: forms.BoundField) -> list[str]:
    """The value as a browser would send it."""
    value = bound.value()
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if value is None:
        return [""]
    if isinstance(bound.field, forms.ChoiceField):
        return [str(value)]
    return [str(bound.field.widget.format_value(value) or "")]


def _both(mine: str, saved: str, field) -> str:
    if isinstance(field, WordsField):
        return "\n".join([*blocks_of(mine), *blocks_of(saved)])
    return f"{mine}\n\n{saved}"
