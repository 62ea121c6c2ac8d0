"""Test what can be deleted on the newsdesk: a few unused entries, by managers, and nothing else."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models
from django.test import RequestFactory
from django.urls import reverse

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements.models import (
    Attachment,
    Passage,
    RelatedStatement,
    SensitivePeriod,
    SitePage,
    Statement,
    StyleRule,
    Theme,
)
from statements.roles import MANAGER
from tests.cast import NOON, make_organisation, make_speaker, make_statement

pytestmark = pytest.mark.django_db

MANAGERS_DELETE = {Appointment, Contact, Organisation, Speaker, SensitivePeriod, StyleRule, Theme}
PARTS_OF_DRAFTS = {Attachment, Passage, RelatedStatement}
"""The rows of the statement form, which asks for a group before it saves anything."""


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser("root", "root@example.org", "x")


@pytest.fixture
def rows(ann) -> dict[type[models.Model], models.Model]:
    """One row of each model that the admin shows."""
    statement = make_statement(ann)
    organisation = make_organisation("Nobody’s", slug="nobodys")
    speaker = make_speaker("Jane Smith", organisation=organisation)
    return {
        Appointment: speaker.appointments.get(),
        Contact: Contact.objects.create(organisation=organisation, name="Press", phone="1"),
        Organisation: organisation,
        SensitivePeriod: SensitivePeriod.objects.create(
            name="Election", starts_on=NOON.date(), ends_on=NOON.date(), guidance="Mind."
        ),
        SitePage: SitePage.objects.first(),
        Speaker: speaker,
        Statement: statement,
        StyleRule: StyleRule.objects.create(avoid="utilise", use="use"),
        Theme: Theme.objects.create(name="Schools"),
        User: ann,
    }


def admin_address(row: models.Model, page: str) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}"
    return reverse(name, args=[row.pk])


def make_request(user: User):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def list_deletable(user: User) -> set[type[models.Model]]:
    request = make_request(user)
    return {
        model
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_delete_permission(request)
    }


def list_deletable_inlines(user: User) -> set[type[models.Model]]:
    request = make_request(user)
    return {
        inline.model
        for model_admin in admin.site._registry.values()
        for inline in model_admin.get_inline_instances(request)
        if inline.has_delete_permission(request)
    }


def test_every_registered_model_is_tried(rows):
    assert rows.keys() == admin.site._registry.keys()


def test_a_superuser_deletes_nothing_that_is_registered(client, root, rows):
    client.force_login(root)
    for row in rows.values():
        page = client.get(admin_address(row, "change"))
        assert page.status_code == (403 if isinstance(row, SitePage) else 200)
        assert "Delete…" not in page.text, row
        assert "-DELETE" not in page.text, row
        for method in (client.get, client.post):
            assert method(admin_address(row, "delete"), {"post": "yes"}).status_code == 403, row
        row.refresh_from_db()


def test_a_superuser_who_is_also_a_manager_deletes_nothing_either(root):
    root.groups.add(Group.objects.get(name=MANAGER))
    assert list_deletable(root) == set()
    assert list_deletable_inlines(root) == PARTS_OF_DRAFTS


def test_no_row_of_a_form_and_no_action_deletes_for_a_superuser(client, root, rows):
    client.force_login(root)
    organisation, contact = rows[Organisation], rows[Contact]
    client.post(
        admin_address(organisation, "change"),
        {
            "name": organisation.name,
            "slug": organisation.slug,
            "contacts-TOTAL_FORMS": 1,
            "contacts-INITIAL_FORMS": 1,
            "contacts-0-id": contact.pk,
            "contacts-0-organisation": organisation.pk,
            "contacts-0-name": "Press",
            "contacts-0-phone": "1",
            "contacts-0-DELETE": "on",
        },
    )
    for row in rows.values():
        changelist = f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist"
        client.post(
            reverse(changelist),
            {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"},
        )
        row.refresh_from_db()


def test_managers_delete_these_and_others_nothing(ann, ed, max):
    assert list_deletable(max) == MANAGERS_DELETE
    assert list_deletable(ann) == list_deletable(ed) == set()
    assert list_deletable_inlines(max) == PARTS_OF_DRAFTS | {Appointment, Contact}
    assert list_deletable_inlines(ann) == list_deletable_inlines(ed) == PARTS_OF_DRAFTS


def test_a_manager_deletes_an_entry_that_nothing_uses(client, max, rows):
    client.force_login(max)
    for model in (Contact, Appointment, Speaker, Organisation, Theme, StyleRule, SensitivePeriod):
        client.post(admin_address(rows[model], "delete"), {"post": "yes"})
        assert not model.objects.filter(pk=rows[model].pk).exists(), model
