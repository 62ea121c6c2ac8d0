"""A form that makes an address from the name where it is left empty, with or without scripts."""

from typing import Any

from django import forms

from statements.drafting.name_slugs import find_free_slug


class OptionalSlugForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no type at run time
    """The form of a new row; a row that has an address keeps asking for one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and self.instance.pk is None:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("name")
        if name and cleaned.get("slug") == "":
            cleaned["slug"] = find_free_slug(type(self.instance), name)
        return cleaned
