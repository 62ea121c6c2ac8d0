"""Tables of forms whose every field has a name for those who hear the page."""

from django.contrib import admin
from django.forms import CheckboxInput


class DeleteCheckbox(CheckboxInput):
    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"aria-label": "Delete this row"} | (attrs or {}))


class LabelledTabularInline(admin.TabularInline):
    """Django heads the columns, and gives the fields themselves no label: here they have one."""

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            label = str(field.label or name.replace("_", " "))
            field.widget.attrs.setdefault("aria-label", label[0].upper() + label[1:])
        formset.deletion_widget = DeleteCheckbox
        return formset
