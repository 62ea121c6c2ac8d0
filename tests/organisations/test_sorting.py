"""Test the sort key of a name, and that a new name makes a new one."""

import pytest

from organisations.models import Speaker
from organisations.sorting import sort_key


@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("Dave Hill", "Hill, Dave"),
        ("Cllr Ruth Pemberton", "Pemberton, Cllr Ruth"),
        ("Dame Jane Smith DBE", "Smith, Dame Jane, DBE"),
        ("Sir Tom de la Mare KC MP", "de la Mare, Sir Tom, KC MP"),
        ("Ann Other, Lord Mayor of Aberwen", "Other, Ann, Lord Mayor of Aberwen"),
        ("Ludwig van Beethoven PhD", "van Beethoven, Ludwig, PhD"),
        ("Bono", "Bono"),
        ("DAVE HILL", "HILL, DAVE"),
        ("", ""),
        ("MP", "MP"),
    ],
)
def test_the_family_name_comes_first(name, under):
    assert sort_key(name) == under


@pytest.mark.django_db
def test_a_new_name_makes_a_new_sort_key_unless_a_manager_wrote_it():
    speaker = Speaker.objects.create(name="Ann Archer", slug="ann")
    assert speaker.sorted_under == "Archer, Ann"
    speaker.name = "Ann Baker"
    speaker.save()
    assert speaker.sorted_under == "Baker, Ann"
    speaker.sorted_under = "Ann Baker"
    speaker.save()
    speaker.name = "Ann Clerk"
    speaker.save()
    assert speaker.sorted_under == "Ann Baker"
    speaker.sorted_under = ""
    speaker.save()
    assert speaker.sorted_under == "Clerk, Ann"
