import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from statements.integrity import catalogue
from statements.models import Event

OURS = {"organisations", "statements", "readers", "archive"}


@pytest.mark.django_db
def test_the_models_need_no_migration_that_is_not_there():
    call_command("makemigrations", check=True, dry_run=True)


def test_every_step_can_be_taken_back():
    steps = [
        (f"{app}.{name}", operation)
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in OURS
        for operation in migration.operations
    ]
    assert [(name, step.describe()) for name, step in steps if not step.reversible] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_leaves_neither_rows_nor_missing_triggers(time):
    """Whichever of the two runs later stands on what the flush after the earlier one left."""
    assert catalogue.find_differences(connection) == []
    assert not Event.objects.exists()
    assert {group.name for group in Group.objects.all()} == {"Author", "Editor", "Manager"}
    User.objects.create_user("olga")  # which writes an event that nothing but a flush removes
    assert Event.objects.exists()
