"""Statements in bulk are as good as those of the verbs: every rule stays on, and the record holds."""

import pytest
from django.core.management import CommandError, call_command

from statements import clock, record
from statements.models import Edition, Statement
from statements.public.editions import public_editions

pytestmark = pytest.mark.django_db


def words() -> list[str]:
    return list(Edition.objects.order_by("pk").values_list("digest", flat=True))


def test_what_is_made_is_public_and_holds(capsys):
    call_command("make_statements", 60)
    assert capsys.readouterr().out == "60 statements made.\n"
    assert Statement.objects.count() == 60
    assert public_editions(at=clock.now()).count() >= 55  # some are withdrawn
    assert list(record.problems()) == []


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
