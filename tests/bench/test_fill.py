"""Generated statements keep every rule of the database, and their audit log verifies."""

import pytest
from django.db import connection

from bench import fill
from bench.sample_data import make
from statements import clock
from statements.audit import verification
from statements.models import Edition, Statement
from statements.published.editions import public_editions

pytestmark = pytest.mark.django_db


def edition_digests() -> list[str]:
    return list(Edition.objects.order_by("pk").values_list("digest", flat=True))


def test_what_is_made_is_public_and_holds(capsys):
    fill.main(["60"])
    assert capsys.readouterr().out == "60 statements made.\n"
    assert Statement.objects.count() == 60
    assert public_editions(at=clock.now()).count() >= 55  # some are withdrawn
    assert list(verification.verify()) == []


def test_drafts_are_older_than_their_release():
    fill.fill_database(5)
    ages = [one.first_release_at - one.changed_at for one in Statement.objects.all()]
    assert {age.total_seconds() / 3600 for age in ages} == {20}


def test_another_run_adds_others():
    fill.fill_database(5)
    first = edition_digests()
    fill.fill_database(5)
    assert Statement.objects.count() == 10
    assert not set(first) & set(edition_digests()[len(first) :])


@pytest.mark.parametrize("count", ["0", "-3", "many"])
def test_what_is_no_number_is_refused(count, capsys):
    with pytest.raises(SystemExit):
        fill.main(["--", count])
    assert "argument N" in capsys.readouterr().err
    assert not Statement.objects.exists()


def test_nothing_is_made_in_a_public_installation(settings):
    settings.HTTPS = True
    with pytest.raises(SystemExit, match="This is a public installation"):
        fill.fill_database(1)
    assert not Statement.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_large_record_is_made_on_every_core(monkeypatch):
    """Its batches come from several processes, and its large indexes are back at the end."""
    monkeypatch.setattr(make, "BATCH_SIZE", 7)
    monkeypatch.setattr(make, "MIN_PARALLEL_STATEMENTS", 40)
    before = large_indexes()
    fill.fill_database(45)
    assert large_indexes() == before
    assert [*Statement.objects.order_by("pk").values_list("pk", flat=True)] == [*range(1, 46)]
    assert list(verification.verify()) == []
    fill.fill_database(3)  # numbers go on where they ended
    assert Statement.objects.count() == 48


def large_indexes() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename LIKE 'statements%%' AND indexdef LIKE '%% USING gin %%'"
        )
        indexes = dict(cursor.fetchall())
    assert len(indexes) == 4
    return indexes
