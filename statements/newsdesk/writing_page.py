"""What the templates of the writing page read, beside what Django's change form gives them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from statements.content.languages import get_text_direction
from statements.newsdesk import block_actions, picture_places
from statements.newsdesk.passage_form import BlockKind
from statements.newsdesk.request_values import parse_number
from statements.newsdesk.rich_text import MAX_TEXT_BYTES, count_bytes, to_blocks
from statements.newsdesk.time_fields import DayField, LocalTimeField

ALIASES = {"theme_names": "themes"}
"""What stands in place of a field that this person may only read."""


class FormError(NamedTuple):
    """One error of the form, with the field that it leads to; "" if it has none."""

    message: str
    anchor: str


def index_fields(adminform: AdminForm) -> dict[str, Any]:
    """Return each field by its name: an input, or what it holds if it may only be read."""
    indexed = {}
    for fieldset in adminform:
        for line in fieldset:
            for field in line:
                bound = field.field
                name = bound["name"] if isinstance(bound, dict) else bound.name
                indexed[ALIASES.get(name, name)] = field
    return indexed


def list_errors(form: BaseForm, formsets: Iterable[Any]) -> list[FormError]:
    """Return every error of the form and its rows, in the order of the page."""
    errors = list(_list_form_errors(form))
    for formset in formsets:
        errors += [FormError(str(message), "") for message in formset.non_form_errors()]
        for row in formset.forms:
            errors += _list_form_errors(row)
    return errors


def _list_form_errors(form: BaseForm) -> Iterator[FormError]:
    for name, messages in form.errors.items():
        anchor = form[name].auto_id if name in form.fields else ""
        for message in messages:
            yield FormError(_name_field(form, name, str(message)), anchor)


def _name_field(form: BaseForm, name: str, message: str) -> str:
    """Say which field a day or time is wrong in: the form has several, behind a tab."""
    if isinstance(form.fields.get(name), DayField | LocalTimeField):
        return _("%(field)s: %(problem)s") % {"field": form[name].label, "problem": message}
    return message


@dataclass(frozen=True)
class Block:
    """One passage of the page: its form, what it is, and the line that it would have by itself."""

    form: Any
    number: int
    said: str
    file: Any
    was_added: bool
    is_last: bool

    @property
    def kind(self) -> BlockKind:
        kind: BlockKind = self.form.shown_kind
        return kind

    @property
    def index(self) -> str:
        """Its number in the names of the form's fields, which stays when it is moved."""
        return str(self.form.prefix).rpartition("-")[2]

    @property
    def label(self) -> str:
        speaker = self.form.instance.speaker
        name = f"{self.kind.label} {self.number}"
        return f"{name}: {speaker}" if speaker and self.kind == BlockKind.QUOTE else name


def list_blocks(form: Any, formset: Any, files: Any) -> list[Block]:
    """Return the passages in the order of their places, also of a form that came back."""
    lines = {}
    if form.saved_content:
        blocks = json.loads(form.saved_content)["blocks"]
        lines = {block["id"]: block.get("attribution", "") for block in blocks}
    rows = sorted(formset.forms, key=_read_place) if formset.is_bound else formset.forms
    added = form.data.get(block_actions.ADDED)
    pictures = picture_places.index_rows(files)
    return [
        Block(
            row,
            number,
            said=lines.get(row.instance.block_id, "") if row.instance.pk else "",
            file=_find_file(row, pictures),
            was_added=row.prefix == added,
            is_last=number == len(rows),
        )
        for number, row in enumerate(rows, start=1)
    ]


def _find_file(row: Any, pictures: dict[str, Any]) -> Any:
    """Return the form of the file that stands here, if this is the place of a picture."""
    if row.shown_kind != BlockKind.PICTURE:
        return None
    return pictures.get(str(row["shows"].value() or ""))


def build_document(form: Any, formsets: list[Any]) -> dict[str, Any]:
    """Return what the words of the page are made of, with an empty passage for scripts to copy."""
    if len(formsets) < 2:  # they may see statements, and neither passages nor files
        raise PermissionDenied(_("To read a draft you need to be on the newsdesk."))
    passages, files = formsets[:2]
    language = form["language"].value() if "language" in form.fields else form.instance.language
    blocks = list_blocks(form, passages, files)
    placed = {block.file.prefix for block in blocks if block.file}
    empty = Block(passages.empty_form, 0, "", file=None, was_added=False, is_last=False)
    return {
        "blocks": blocks,
        "empty_block": empty,
        "loose_files": [row for row in files.forms if row.prefix not in placed],
        "words_lang": language,
        "words_dir": get_text_direction(str(language)),
        "notes_html": _render_notes(form),
        "publisher": form.instance.organisation,
    }


def _render_notes(form: Any) -> SafeString:
    source = str(form["notes_to_editors"].value() or "")
    if count_bytes(source) > MAX_TEXT_BYTES:
        return SafeString("")
    return mark_safe("".join(to_blocks(source)))  # noqa: S308 - canonical blocks


def _read_place(row: Any) -> int:
    return parse_number(str(row["place"].value() or "")) or block_actions.END
