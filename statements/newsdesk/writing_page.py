"""What the templates of the writing page read, beside what Django's change form gives them."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib.admin.helpers import AdminForm
from django.forms import BaseForm

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
            yield FormError(str(message), anchor)
