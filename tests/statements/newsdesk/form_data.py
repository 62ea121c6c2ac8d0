"""Build what a browser would send: every field of the form, with some of them changed."""

from django.forms import ModelMultipleChoiceField
from django.test import Client
from django.urls import reverse

ADD = "/admin/statements/statement/add/"
LIST = "/admin/statements/statement/"


def change_url(statement) -> str:
    return reverse("admin:statements_statement_change", args=[statement.pk])


def read_form(response) -> dict:
    """Return the fields of the form that this response shows, as a browser would send them."""
    data = _read_fields(response.context["adminform"].form)
    for inline in response.context["inline_admin_formsets"]:
        data |= _read_fields(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= _read_fields(form)
    return data


def _read_fields(form) -> dict:
    return {
        field.html_name: _empty_value(field) if field.value() is None else field.value()
        for field in form
        if field.value() is not False  # browsers do not send a box that is not ticked
    }


def _empty_value(field):
    return [] if isinstance(field.field, ModelMultipleChoiceField) else ""


def open_form(client: Client, person, url: str) -> dict:
    """Open the form as this person; return what they would send without a change."""
    client.force_login(person)
    return read_form(client.get(url))


def read_messages(response) -> list[str]:
    """Return the messages on the page that follows."""
    return [str(message) for message in response.context["messages"]]


def list_todo(context) -> list[tuple[str, str]]:
    """Return what the checklist says is to do before submission, with where it leads."""
    return [(item.title, item.anchor) for item in context["items"] if item.state == "todo"]
