"""Test that sample statements obey every rule, and that the record verifies."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bench.sample_data import make
from statements import clock
from statements.audit import verification
from statements.models import Edition, Statement
from statements.published.editions import public_editions

pytestmark = pytest.mark.django_db


def words() -> list[str]:
    return list(Edition.objects.order_by("pk").values_list("digest", flat=True))


def test_what_is_made_is_public_and_holds(capsys):
    call_command("make_statements", 60)
    assert capsys.readouterr().out == "60 statements created.\n"
    assert Statement.objects.count() == 60
    assert public_editions(at=clock.now()).count() >= 55  # some are withdrawn
    assert list(verification.verify()) == []


def test_another_run_adds_others():
    call_command("make_statements", 5)
    first = words()
    call_command("make_statements", 5)
    assert Statement.objects.count() == 10
    assert not set(first) & set(words()[len(first) :])


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_what_is_no_number_is_refused(count):
    with pytest.raises(CommandError):
        call_command("make_statements", count)
    assert not Statement.objects.exists()


def test_nothing_is_made_in_a_public_installation(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="This is a public installation"):
        call_command("make_statements", 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_large_record_is_made_on_every_core(monkeypatch):
    """Its batches come from several processes, and its large indexes are back at the end."""
    monkeypatch.setattr(make, "BATCH_SIZE", 7)
    monkeypatch.setattr(make, "MIN_PARALLEL_STATEMENTS", 40)
    before = large_indexes()
    call_command("make_statements", 45)
    assert large_indexes() == before
    assert [*Statement.objects.order_by("pk").values_list("pk", flat=True)] == [*range(1, 46)]
    assert list(verification.verify()) == []
    call_command("make_statements", 3)  # numbers go on where they ended
    assert Statement.objects.count() == 48


def large_indexes() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename LIKE 'statements%%' AND indexdef LIKE '%% USING gin %%'"
        )
        found = dict(cursor.fetchall())
    assert len(found) == 3
    return found
