"""The register knows every column, table and folder that can hold words."""

import pytest
from django.apps import apps
from django.db import connection, models

from statements.erasure.register import REGISTER
from statements.models.fingerprints import FingerprintField

TEXT_FIELDS = (
    models.CharField,  # slugs, e-mail and web addresses too
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
    FingerprintField,
)
FOLDERS = {"STORAGES", "IMPORTS_DIR"}
UNMANAGED_TABLES = {
    # Django's own list of migrations; SQLite's list of counters.
    "django_migrations",
    "sqlite_sequence",
}


def text_columns() -> set[tuple[str, str]]:
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXT_FIELDS)
    }


def registered(columns) -> set[tuple[str, str]]:
    return {(name, column) for name, words in columns for column in words}


def words() -> set[tuple[str, str]]:
    return registered(REGISTER.list_columns().items())


def wordless() -> set[tuple[str, str]]:
    return registered(
        (name, columns.split())
        for entry in REGISTER.wordless
        for name, columns in entry.columns.items()
    )


def test_every_column_that_can_hold_text_is_erased_or_holds_no_words():
    assert sorted(text_columns() - words() - wordless()) == []


def test_no_column_is_both():
    assert sorted(words() & wordless()) == []


def test_every_column_in_the_register_exists():
    existing = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    in_models = {(name, column) for name, column in words() | wordless() if "." in name}
    assert sorted(in_models - existing) == [("statements.SearchRow", "words")]  # PostgreSQL's own


@pytest.mark.django_db
def test_every_table_without_a_model_is_in_the_register_or_derived():
    with connection.cursor() as cursor:
        tables = {*connection.introspection.table_names(cursor)}
    modelled = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    places = set(REGISTER.list_columns())
    virtual = {name for name in places if "." not in name and name not in FOLDERS}
    shadows = {  # where an FTS5 table keeps its rows
        f"{name}_{part}" for name in virtual for part in "data idx content docsize config".split()
    }
    assert sorted(tables - modelled - virtual - shadows - UNMANAGED_TABLES) == []


def test_each_place_says_what_happens_to_it_in_one_or_two_sentences():
    assert [place.effect for place in REGISTER.places if not place.effect.endswith(".")] == []
    assert [entry.because for entry in REGISTER.wordless if not entry.because.endswith(".")] == []
