"""The usual publisher of a person, and the press contact, which follows the publisher.

With scripts it follows at once (usual_contact.js), otherwise when the form is saved.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from organisations.models import Contact, Organisation
from statements.models import Contribution

FOLLOWED = "_contact_followed"
"""Sent by the script: what the form says is what somebody saw."""


class ContactSelect(forms.Select):
    """Press contacts; each usual one says for which organisation, for the script."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        contact = getattr(value, "instance", None)
        if contact is not None and contact.is_default:
            option["attrs"]["data-usual-of"] = contact.organisation_id
        return option


def find_usual_publisher(user: User) -> int | None:
    """Return the only organisation that publishes, or the one this user wrote for last."""
    publishers = list(Organisation.objects.filter(publishes=True).values_list("pk", flat=True)[:2])
    if len(publishers) == 1:
        return publishers[0]
    own = Contribution.objects.filter(
        Q(statement__organisation__publishes=True), user=user
    ).order_by("-pk")
    return own.values_list("statement__organisation", flat=True).first()


def find_contact_to_set(form: Any) -> Contact | None:
    """Return the usual contact of the publisher if the form has none, or that of another."""
    publisher, contact = form.cleaned_data.get("organisation"), form.cleaned_data.get("contact")
    if "contact" not in form.fields or publisher is None or form.was_public:
        return None
    is_new = form.instance.pk is None
    follows = is_new if contact is None else _is_left_behind(form, contact, publisher)
    usual: Contact | None = publisher.default_contact if follows else None
    return usual


def _is_left_behind(form: Any, contact: Contact, publisher: Organisation) -> bool:
    """Return whether the contact is the usual one of the publisher before, and nobody chose it."""
    if not contact.is_default or contact.organisation_id == publisher.pk or FOLLOWED in form.data:
        return False
    if form.instance.pk is None:
        return contact.organisation_id == find_usual_publisher(form.by)
    before = form.initial.get("organisation")
    return contact.organisation_id == before and "contact" not in form.changed_data


def message_usual_contact(request: HttpRequest, contact: Contact | None) -> None:
    if contact:
        sentence = _("Press contact set for you: %(contact)s.")
        messages.info(request, sentence % {"contact": contact})
