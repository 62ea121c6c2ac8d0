"""The small forms for sign-off and remarks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from statements.models.preview_link import MAX_PHONE_CHARS
from statements.newsdesk.decisions.base import make_text_field
from statements.newsdesk.rich_text import LineField
from statements.newsdesk.time_fields import LocalTimeInput
from statements.newsdesk.time_format import parse_local
from statements.signoff.rules import MAX_LINK_DAYS, MAX_NAME_CHARS

DEFAULT_LINK_DAYS = 7
MAX_TYPED_TIME_CHARS = 40
MAX_ASKED_AT_ONCE = 20


class _KeyedForm(forms.Form):
    key: ClassVar[str]
    title: ClassVar[Any]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        number: int = 0,
    ) -> None:
        """With a number, the ids of its fields are not those of another form of the page."""
        key = f"{self.key}{number}" if number else self.key
        super().__init__(data, initial=dict(initial or {}), auto_id=f"{key}-%s", label_suffix="")


class _PersonFieldsForm(_KeyedForm):
    name = LineField(
        label=_("Name"), max_length=MAX_NAME_CHARS, help_text=_("As you would address them.")
    )
    on_behalf_of = LineField(
        label=_("Organisation (optional)"), max_length=MAX_NAME_CHARS, required=False
    )


def _parse_time(typed: str) -> dt.datetime | None:
    # Where the clocks go back, the later of two times.
    return parse_local(typed, which="second") if typed else None


class SignoffRequestForm(_PersonFieldsForm):
    key = "request"
    title = _("Ask for sign-off")
    email = forms.EmailField(
        label=_("Email (optional)"),
        required=False,
        help_text=_("They get an email with a link and nothing else. You get a link to copy too."),
    )
    phone = forms.CharField(
        label=_("Telephone (optional)"),
        required=False,
        max_length=MAX_PHONE_CHARS,
        help_text=_("So that an editor can ring them if they object."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    reply_by = forms.CharField(
        label=_("Reply by (optional)"),
        required=False,
        widget=LocalTimeInput,
        max_length=MAX_TYPED_TIME_CHARS,
    )
    days = forms.IntegerField(
        label=_("For how many days does the link work?"),
        min_value=1,
        max_value=MAX_LINK_DAYS,
        initial=DEFAULT_LINK_DAYS,
    )

    def clean_reply_by(self) -> dt.datetime | None:
        return _parse_time(self.cleaned_data["reply_by"])


class AskAllForm(_KeyedForm):
    """An address for each person who is quoted and was not asked; who has none is not asked."""

    key = "ask-all"
    title = _("Ask them all by email")
    reply_by = forms.CharField(
        label=_("Reply by (optional)"),
        required=False,
        widget=LocalTimeInput,
        max_length=MAX_TYPED_TIME_CHARS,
    )

    def __init__(
        self, data: QueryDict | None = None, *, people: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data)
        if data is not None:
            people = list(zip(data.getlist("name"), data.getlist("on_behalf_of"), strict=False))
        self.people = people[:MAX_ASKED_AT_ONCE]
        for index, (name, _organisation) in enumerate(self.people):
            self.fields[f"email-{index}"] = forms.EmailField(label=name, required=False)

    @property
    def addresses(self) -> list[forms.BoundField]:
        return [self[f"email-{index}"] for index in range(len(self.people))]

    def clean_reply_by(self) -> dt.datetime | None:
        return _parse_time(self.cleaned_data["reply_by"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        emails = [cleaned.get(f"email-{index}", "") for index in range(len(self.people))]
        if not any(emails) and not self.errors:
            self.add_error(None, gettext("Enter an email address for at least one person."))
        cleaned["asked"] = [
            {"name": name, "on_behalf_of": organisation, "email": email}
            for (name, organisation), email in zip(self.people, emails, strict=True)
            if email
        ]
        return cleaned


class PhoneReplyForm(_PersonFieldsForm):
    key = "phone"
    title = _("Record a phone call")
    agrees = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[("yes", _("They agree to these words")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
    )
    given_at = forms.CharField(
        label=_("When (leave empty for just now)"),
        required=False,
        widget=LocalTimeInput,
        max_length=MAX_TYPED_TIME_CHARS,
    )
    text = make_text_field(_("Note"), _("What needs to change, or how you know who it was."))

    def clean_given_at(self) -> dt.datetime | None:
        return _parse_time(self.cleaned_data["given_at"])


class RemarkForm(_KeyedForm):
    key = "remark"
    title = _("Add a remark")
    text = make_text_field(_("Your remark"), _("The newsdesk sees it. It is never published."))
