"""What a browser would send: every field of the form on screen, with some of them changed."""

from django.forms import ModelMultipleChoiceField
from django.test import Client
from django.urls import reverse

ADD = "/admin/statements/statement/add/"
LIST = "/admin/statements/statement/"


def change_url(statement) -> str:
    return reverse("admin:statements_statement_change", args=[statement.pk])


def sent_by(response) -> dict:
    """The fields of the form that this response shows, as they would be sent back unchanged."""
    data = _sent(response.context["adminform"].form)
    for inline in response.context["inline_admin_formsets"]:
        data |= _sent(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= _sent(form)
    return data


def _sent(form) -> dict:
    return {
        field.html_name: _nothing(field) if field.value() is None else field.value()
        for field in form
        if field.value() is not False  # an empty box is not sent at all
    }


def _nothing(field):
    return [] if isinstance(field.field, ModelMultipleChoiceField) else ""


def opened(client: Client, person, url: str) -> dict:
    """This person opens the form; what they would send back without a change."""
    client.force_login(person)
    return sent_by(client.get(url))


def said(response) -> list[str]:
    """The messages on the page that follows, as plain sentences."""
    return [str(message) for message in response.context["messages"]]
