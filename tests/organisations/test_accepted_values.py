"""Slugs are ASCII and dates are in sensible years, on every table and by every way in."""

import datetime as dt
import json
import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from organisations.accepted_values import FIRST_DAY, LAST_DAY
from organisations.models import Appointment
from statements.models import SensitivePeriod, Statement, Theme
from tests.assertions import assert_database_refuses
from tests.cast import make_organisation, make_speaker, make_statement

pytestmark = pytest.mark.django_db

OUR_APPS = {"organisations", "statements", "archive"}
YEAR_26 = "The year 26 is outside the years 1800 to 2199. Check the year, with all its four digits."
YEAR_9999 = YEAR_26.replace("year 26", "year 9999")
TIMES_BY_PEOPLE = {
    f"{model}.{name}"
    for model in ("Statement", "Edition")
    for name in ("requested_release_at", "embargo_until")
}
OTHER_TIMES = {"Edition.release_at", "ReleaseGroup.release_at", "SentReminder.time"}
"""Chosen by people too, or a copy of one. Every other time is the clock's, or derived from these."""


def list_fields(field_class: type[models.Field]) -> set[str]:
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        for field in model._meta.concrete_fields
        if type(field) is field_class
    }


def list_checked(ending: str) -> set[str]:
    """Return Model.column for each check constraint whose name ends so."""
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.name.endswith(ending)
        for field in model._meta.concrete_fields
        if f"_{field.name}_" in constraint.name
    }


def test_every_slug_and_every_date_has_a_constraint():
    assert list_checked("_slug_check") == list_fields(models.SlugField)
    assert list_checked("_range_check") == (
        list_fields(models.DateField) | TIMES_BY_PEOPLE | OTHER_TIMES
    )


@pytest.mark.parametrize("slug", ["café-culture", "a b", "a/b", "ａ", "a\u0301", "²", "a\n"])
def test_the_database_refuses_a_slug_that_is_no_address(slug):
    organisation = make_organisation()
    with assert_database_refuses("organisation_slug_check"):
        type(organisation).objects.update(slug=slug)


@pytest.mark.parametrize("slug", ["a-b_C9", "-", "_"])
def test_the_database_accepts_an_ascii_slug(slug):
    organisation = make_organisation()
    type(organisation).objects.update(slug=slug)
    organisation.refresh_from_db()
    assert organisation.slug == slug


@pytest.mark.parametrize("day", [dt.date(26, 5, 1), dt.date(9999, 12, 31)])
def test_the_database_refuses_a_year_that_nobody_means(ann, day):
    statement = make_statement(ann)
    time = dt.datetime.combine(day, dt.time(), dt.UTC)
    rows = Statement.objects.filter(pk=statement.pk)
    with assert_database_refuses("statement_dated_on_range_check"):
        rows.update(dated_on=day)
    with assert_database_refuses("statement_requested_release_at_range_check"):
        rows.update(requested_release_at=time)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY, None])
def test_the_database_accepts_the_first_and_the_last_day(ann, day):
    statement = make_statement(ann)
    Statement.objects.filter(pk=statement.pk).update(dated_on=day)
    statement.refresh_from_db()
    assert statement.dated_on == day


def test_a_role_or_a_period_in_the_year_26_is_a_sentence():
    role = Appointment(
        speaker=make_speaker(role=""),
        organisation=make_organisation(),
        role="President",
        starts_on=dt.date(26, 5, 1),
        ends_on=dt.date(9999, 12, 31),
    )
    period = SensitivePeriod(
        name="Election", starts_on=role.starts_on, ends_on=role.ends_on, guidance="Take care."
    )
    for row in (role, period):
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert refused.value.message_dict["starts_on"] == [YEAR_26]
        assert refused.value.message_dict["ends_on"] == [YEAR_9999]


def test_a_theme_with_an_accent_gets_an_ascii_address():
    slugs = [Theme.objects.create(name=name).slug for name in ("Café culture", "中文", "日本語")]
    assert slugs[:2] == ["cafe-culture", "theme"]
    assert re.fullmatch("theme-[0-9a-f]{8}", slugs[2])


def test_the_form_of_a_theme_proposes_and_accepts_ascii_addresses_alone(client, max):
    client.force_login(max)
    page = client.get("/admin/statements/theme/add/")
    prepopulated = json.loads(page.context["prepopulated_fields_json"])
    assert [field["allowUnicode"] for field in prepopulated] == [False]
    posted = {"name": "Café culture", "slug": "café-culture", "description": ""}
    assert client.post("/admin/statements/theme/add/", posted).context["errors"] == [
        [
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ]
    ]
    assert not Theme.objects.exists()
