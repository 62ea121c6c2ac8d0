"""Compare two texts of one statement part by part, and merge them as somebody chose.

The form is bound to the typed text, and its initial values are the saved text, so Django’s own
`changed_data` are the parts that differ. Rows are matched by their primary key.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from statements.content import rendering, schema
from statements.content.diff import highlight_differences
from statements.models import Passage, Statement
from statements.newsdesk.ordered_formset import OrderedFormSet, is_marked_for_deletion
from statements.newsdesk.passage_form import read_kind
from statements.newsdesk.rich_text import RichTextField, to_blocks

CHOICE_PREFIX = "choose-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"
ROW_LABELS = {
    "passages": _lazy("Passage"),
    "attachments": _lazy("File"),
    "relations": _lazy("Related article"),
}
IGNORED_FIELDS = {
    "id",
    "statement",
    "position",
    "place",
    "kind",
    "shows",
    "file",
    "name",
    "upload",
    "upload_token",
    "DELETE",
}
PASSAGE_COLUMNS = schema.columns_of(schema.PASSAGE_FIELDS)
DELETED_MESSAGE = _lazy("Deleted in the meantime.")

Text = SafeString | str
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ConflictPart:
    """One part that differs, with both texts marked up. Without `options` there is no choice."""

    name: str
    label: str
    mine: Text
    saved: Text
    options: Options = ()
    choice: str = MINE
    is_untouched: bool = False  # by this person, so taking the saved text loses nothing


# --- What the form was opened with ----------------------------------------------------------------


def digest_parts(statement: Statement, names: Iterable[str]) -> str:
    """Return a short digest of each part, for the form to send back; see `_is_untouched`."""
    digests = {name: _digest_values([getattr(statement, name)]) for name in names}
    if statement.pk:
        joint = [row.organisation for row in statement.joint_publishers.all()]
        digests["joint_publishers"] = _digest_values([joint])
        for row in statement.passages.all():
            digests[f"passages-{row.pk}"] = _digest_values(
                [getattr(row, name) for name in PASSAGE_COLUMNS]
            )
    return json.dumps(digests)


def _digest_values(values: list[Any]) -> str:
    """Digest objects by their primary keys, so that a chosen and a saved speaker come out equal."""
    plain = [_digest_value(value) for value in values]
    return hashlib.sha256(repr(plain).encode(errors="replace")).hexdigest()[:12]


def _digest_value(value: Any) -> Any:
    if isinstance(value, (list, QuerySet)):
        return sorted(str(_digest_value(row)) for row in value)
    return value.pk if isinstance(value, Model) else value


def _is_untouched(form: forms.BaseForm, part: str, columns: tuple[str, ...]) -> bool:
    cleaned = getattr(form, "cleaned_data", {})
    digest = _digest_values([cleaned.get(column) for column in columns])
    return _load_seen_digests(form).get(part) == digest


def _load_seen_digests(form: forms.BaseForm) -> dict[str, Any]:
    try:
        digests = json.loads(form.data.get("seen_parts") or "{}")
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}


# --- How they differ ------------------------------------------------------------------------------


def find_differences(
    form: forms.BaseForm, formsets: Iterable[OrderedFormSet]
) -> list[ConflictPart]:
    """Return the parts that differ, in the order of the form."""
    names = [name for name in form.changed_data if not form[name].is_hidden]
    parts = [_compare_field(form, form[name]) for name in names]
    for formset in formsets:
        parts += _compare_rows(formset)
    return parts


def _compare_field(form: forms.BaseForm, bound: forms.BoundField) -> ConflictPart:
    options: Options = ((MINE, _("Keep mine")), (THEIRS, _("Take what is saved")))
    if _is_multiline(bound.field):
        options += ((BOTH, _("Both, mine first")),)
    saved = form.get_initial_for_field(bound.field, bound.name)
    texts = _highlight_sides(_format_value(bound, saved), _format_value(bound, bound.value()))
    return _build_part(form, bound.name, str(bound.label), texts, options, columns=(bound.name,))


def _build_part(
    form: forms.BaseForm,
    name: str,
    label: str,
    texts: tuple[Text, Text],
    options: Options,
    *,
    columns: tuple[str, ...] = PASSAGE_COLUMNS,
) -> ConflictPart:
    """Suggest the saved text for a part that this person did not touch, else their own."""
    saved, mine = texts
    is_untouched = _is_untouched(form, name, columns)
    choice = form.data.get(CHOICE_PREFIX + name)
    if choice not in dict(options):
        choice = THEIRS if is_untouched else MINE
    return ConflictPart(name, label, mine, saved, options, choice, is_untouched)


def _highlight_sides(saved: str, mine: str) -> tuple[Text, Text]:
    if saved == mine:
        return (_("%(saved)s (another emphasis or link)") % {"saved": saved}, mine)
    return highlight_differences(saved, mine)


def _compare_rows(formset: OrderedFormSet) -> Iterator[ConflictPart]:
    prefix = str(formset.prefix)
    kind, form_pks = ROW_LABELS[prefix], set()
    for number, form in enumerate(formset.initial_forms, 1):
        form_pks.add(str(form["id"].value() or ""))
        deletes = is_marked_for_deletion(form)
        if form.instance.pk is None and not deletes:
            yield _build_deleted_part(form, f"{kind} {number}", prefix)
        elif form.instance.pk and (deletes or set(form.changed_data) - IGNORED_FIELDS):
            yield _build_row_part(form, f"{kind} {number}", prefix, deletes)
    for row in formset.get_queryset():
        if str(row.pk) not in form_pks:
            saved = _format_row(formset.empty_form, model_to_dict(row))
            yield ConflictPart(
                "",
                _("%(kind)s that was added in the meantime: it stays") % {"kind": kind},
                "",
                saved,
            )


def _build_deleted_part(form: forms.BaseForm, label: str, prefix: str) -> ConflictPart:
    name = f"{prefix}-{form['id'].value()}"
    options = ((MINE, _("Put mine back")), (THEIRS, _("Leave it out")))
    texts = (str(DELETED_MESSAGE), _format_row(form, _read_values(form)))
    return _build_part(form, name, label, texts, options)


def _build_row_part(form: Any, label: str, prefix: str, deletes: bool) -> ConflictPart:
    name, saved = f"{prefix}-{form.instance.pk}", _format_row(form, form.initial)
    if deletes:
        options: Options = ((MINE, _("Delete it")), (THEIRS, _("Keep what is saved")))
        return _build_part(form, name, label, (saved, _("You deleted this.")), options, columns=())
    options = ((MINE, _("Keep mine")), (THEIRS, _("Take what is saved")))
    if "body" in form.changed_data:
        options += ((BOTH, _("Both one after the other, mine first")),)
    texts = _highlight_sides(saved, _format_row(form, _read_values(form)))
    return _build_part(form, name, label, texts, options)


def _read_values(form: forms.BaseForm) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _format_row(form: forms.BaseForm, values: dict[str, Any]) -> str:
    names = [name for name in form.fields if name not in IGNORED_FIELDS]
    lines = [_format_value(form[name], values.get(name)) for name in names]
    return "\n".join(line for line in lines if line)


def _format_value(bound: forms.BoundField, value: Any) -> str:
    field = bound.field
    if isinstance(field, RichTextField):
        return "\n\n".join(map(rendering.render_block_as_text, to_blocks(value or "")))
    if isinstance(field, forms.BooleanField):
        return _("%(label)s: yes") % {"label": bound.label} if value else ""
    if isinstance(field, forms.ModelChoiceField):
        return _format_names(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value or "", ""))
    return str(field.widget.format_value(field.prepare_value(value)) or "")


def _format_names(field: "forms.ModelChoiceField[Any]", value: Any) -> str:
    try:
        chosen: Any = field.clean(value)
    except ValidationError:
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, chosen))
    return str(chosen or "")


def _is_multiline(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.Textarea)


# --- Merging as chosen ----------------------------------------------------------------------------


def merge_post_data(data: QueryDict, saved: forms.BaseForm, statement: Statement) -> QueryDict:
    """Return the typed data, with the saved value where that was chosen, or both in one.

    `saved` is an unbound form of the saved text. The result carries its version, so the form that
    is bound to it is no longer out of date.
    """
    merged = data.copy()
    for name, field in saved.fields.items():
        choice = data.get(CHOICE_PREFIX + name)
        if choice == THEIRS or name.startswith("seen_"):
            merged.setlist(name, _to_post_values(saved[name]))
        elif choice == BOTH and _is_multiline(field):
            merged[name] = _join_texts(data.get(name, ""), saved[name].value() or "", field)
    for prefix in ROW_LABELS:
        _merge_rows(merged, prefix, {str(row.pk): row for row in getattr(statement, prefix).all()})
    for name in [name for name in merged if name.startswith(CHOICE_PREFIX)] + ["save_over"]:
        merged.pop(name, None)
    return merged


def _merge_rows(data: QueryDict, prefix: str, rows: dict[str, Any]) -> None:
    for row_prefix, pk in _find_row_prefixes(data, prefix):
        choice, row = data.get(f"{CHOICE_PREFIX}{prefix}-{pk}"), rows.get(pk)
        if choice == THEIRS and row is None:
            data[f"{row_prefix}-DELETE"] = "on"
        elif choice == THEIRS:
            data.pop(f"{row_prefix}-DELETE", None)
            _copy_saved_row(data, row_prefix, row)
        elif choice == BOTH and prefix == "passages" and row is not None:
            mine = data.get(f"{row_prefix}-body", "")
            data[f"{row_prefix}-body"] = "\n".join([*to_blocks(mine), *to_blocks(row.body)])


def _find_row_prefixes(data: QueryDict, prefix: str) -> list[tuple[str, str]]:
    ending = "-id"
    names = [name for name in data if name.startswith(f"{prefix}-") and name.endswith(ending)]
    return [(name.removesuffix(ending), pk) for name in names if (pk := data.get(name))]


def _copy_saved_row(data: QueryDict, row_prefix: str, row: Any) -> None:
    values = model_to_dict(row, exclude=["id", "statement", "position", "file"])
    if isinstance(row, Passage):
        values |= {"kind": read_kind(row).value, "shows": row.picture_id}
    for name, value in (values | {"place": row.position + 1}).items():
        if value is False:  # browsers do not send a box that is not ticked
            data.pop(f"{row_prefix}-{name}", None)
        else:
            data[f"{row_prefix}-{name}"] = "" if value is None else str(value)


def _to_post_values(bound: forms.BoundField) -> list[str]:
    value = bound.value()
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    if value is None:
        return [""]
    if isinstance(bound.field, forms.ChoiceField):
        return [str(value)]
    return [str(bound.field.widget.format_value(value) or "")]


def _join_texts(mine: str, saved: str, field: forms.Field) -> str:
    if isinstance(field, RichTextField):
        return "\n".join([*to_blocks(mine), *to_blocks(saved)])
    return f"{mine}\n\n{saved}"
