"""Rows that have an order: numbered by keyboard, and put back if somebody else deletes them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

LAST_PLACE = 1_000_000


class OrderedForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    """Ask for the place, counted from 1; an empty place means the end."""

    place = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("1 is the first. Type another number to move it; empty means at the end."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["place"] = self.instance.position + 1

    def sort_key(self) -> tuple[int, int]:
        """Return the place this row asks for.

        A row that moves up goes before the row at that place, one that moves down goes after it.
        """
        initial: Any = self.initial.get("place")
        place = self.cleaned_data.get("place")
        if place is None:
            is_new = initial is None or "place" in self.changed_data
            return (LAST_PLACE if is_new else initial, 0)
        if initial is None or place < initial:
            return (place, -1)
        return (place, int(place > initial))


def is_marked_for_deletion(form: forms.BaseForm) -> bool:
    """Return whether somebody ticked “delete” on this form of a formset."""
    return bool(getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME))


class _OptionalInstanceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    """The row of a form, or None if somebody deleted it after the form was opened."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class OrderedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # takes no type at run time
    """Save the rows, then number all of them from 0."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        name = self._pk_field.name  # type: ignore[attr-defined]  # missing in the stubs
        strict = form.fields[name]
        form.fields[name] = _OptionalInstanceField(
            strict.queryset, initial=strict.initial, required=False, widget=forms.HiddenInput
        )

    def save_new_objects(self, commit: bool = True) -> list[Model]:
        """Put back the rows that somebody else deleted: Django would drop what was typed."""
        saved: list[Model] = super().save_new_objects(commit)
        for form in self.initial_forms:
            goes = self._should_delete_form(form)  # type: ignore[attr-defined]  # no stub
            if form.instance.pk is None and not goes:
                self.new_objects.append(self.save_new(form, commit))
                saved.append(form.instance)
        return saved

    def save(self, commit: bool = True) -> list[Model]:
        saved: list[Model] = super().save(commit)
        self._renumber()
        return saved

    def list_typed_forms(self) -> list[Any]:
        """Return the forms whose rows saving would keep, in the order it would give them.

        For a preview of what is typed: nothing is saved, and a form may have errors.
        """
        kept = [
            form
            for form in self.forms
            if not is_marked_for_deletion(form)
            and (form in self.initial_forms or form.has_changed())
        ]
        places = {id(form): place for place, form in enumerate(kept)}
        return sorted(kept, key=lambda form: (*form.sort_key(), places[id(form)]))

    def _renumber(self) -> None:
        row_forms: dict[int, Any] = {
            form.instance.pk: form for form in self.forms if form.instance.pk
        }
        form_places = {pk: place for place, pk in enumerate(row_forms)}
        siblings = getattr(self.instance, self.get_default_prefix())

        def sort_key(row: Any) -> tuple[int, ...]:
            form = row_forms.get(row.pk)
            wanted = form.sort_key() if form else (row.position + 1, 0)
            return (*wanted, form_places.get(row.pk, LAST_PLACE), row.pk)

        for position, row in enumerate(sorted(siblings.all(), key=sort_key)):
            if row.position != position:
                siblings.filter(pk=row.pk).update(position=position)
