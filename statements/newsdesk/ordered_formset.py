"""Rows with a place among one another: numbered by keyboard, and never lost when someone else
deleted them meanwhile."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

LAST_PLACE = 1_000_000


class OrderedForm(forms.ModelForm):
    """Asks for the place as people count, from 1; empty means at the end."""

    place = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="1 is the first. Type another number to move it; empty means at the end.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["place"] = self.instance.position + 1

    def sort_key(self) -> tuple[int, int]:
        """Where this row wants to be: moved up it comes before the one there, moved down after."""
        was, wanted = self.initial.get("place"), self.cleaned_data.get("place")
        if wanted is None:
            return (LAST_PLACE, 0) if was is None or "place" in self.changed_data else (was, 0)
        if was is None or wanted < was:
            return (wanted, -1)
        return (wanted, int(wanted > was))


class _OptionalInstanceField(forms.ModelChoiceField):
    """The row that a form stands for, or None if somebody deleted it after the form was opened."""

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError:
            return None


class OrderedFormSet(BaseInlineFormSet):
    """Saves the rows, then numbers all of them anew from 0."""

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        strict = form.fields[self._pk_field.name]  # type: ignore[attr-defined]
        form.fields[self._pk_field.name] = _OptionalInstanceField(  # type: ignore[attr-defined]
            strict.queryset, initial=strict.initial, required=False, widget=forms.HiddenInput
        )

    def save_new_objects(self, commit=True) -> list:
        """Rows that somebody deleted meanwhile come back: Django would drop what was typed."""
        saved = super().save_new_objects(commit)
        for form in self.initial_forms:
            if form.instance.pk is None and not self._should_delete_form(form):  # type: ignore[attr-defined]
                self.new_objects.append(self.save_new(form, commit))
                saved.append(form.instance)
        return saved

    def save(self, commit=True) -> list:
        saved = super().save(commit)
        self._renumber()
        return saved

    def _renumber(self) -> None:
        asked: dict[int, Any] = {form.instance.pk: form for form in self.forms if form.instance.pk}
        assert self.model, "A formset of rows has a model."
        rows = list(self.model._default_manager.filter(**{self.fk.name: self.instance}))
        forms_first = {pk: place for place, pk in enumerate(asked)}
        rows.sort(
            key=lambda row: (
                *(asked[row.pk].sort_key() if row.pk in asked else (row.position + 1, 0)),
                forms_first.get(row.pk, LAST_PLACE),
                row.pk,
            )
        )
        for position, row in enumerate(rows):
            if row.position != position:
                type(row)._default_manager.filter(pk=row.pk).update(position=position)
