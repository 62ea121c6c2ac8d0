"""Choose rows of a table. A key that no row can have is refused, where Django would fail."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from statements.newsdesk.request_values import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.admin.options import BaseModelAdmin
    from django.contrib.admin.widgets import AutocompleteMixin
    from django.db.models import ForeignKey, ManyToManyField

    _Widget = AutocompleteMixin
    _Admin = BaseModelAdmin[Any]
else:
    _Widget = _Admin = object


class _KeysOnly(_Widget):
    def optgroups(
        self, name: str, value: "Sequence[str]", attrs: dict[str, Any] | None = None
    ) -> Any:
        """Show the chosen rows; the field itself says what is wrong with anything else.

        A list of one has an entry for none first, with words: HTML wants that of a list that must
        be filled in, and allows no entry without words.
        """
        keys = [key for key in value if parse_number(str(key)) is not None]
        groups = super().optgroups(name, keys, attrs)
        options = groups[0][1]
        if options and options[0]["value"] == "":
            options[0]["label"] = _("None chosen")
        elif not self.allow_multiple_selected:  # type: ignore[attr-defined]  # a mixin
            options.insert(0, self.create_option(name, "", _("None chosen"), False, 0))  # type: ignore[attr-defined]  # as above
        return groups


class RowSelect(_KeysOnly, AutocompleteSelect):
    """One row."""


class RowSelectMultiple(_KeysOnly, AutocompleteSelectMultiple):
    """Several rows."""


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no type at run time
    """Several rows, by keys that the database can hold."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if parse_number(str(key)) is None:
                params = {"pk": key}
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params=params)
        return super().clean(value)


class AutocompleteFieldsMixin(_Admin):
    """Use the widgets and fields of this module in place of Django’s."""

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("form_class", RowsField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
