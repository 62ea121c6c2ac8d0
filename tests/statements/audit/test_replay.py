"""Replay applies what events state, and follows people and entries that became another."""

from statements.audit.replay import ExpectedState, Merges, SiteFacts

FIRST, SECOND, THIRD = 1, 2, 3


def attribution(speaker: int) -> str:
    return f"attribution:e:{speaker}:"


def merge(merges: Merges, old: int, new: int, appointments: tuple = ()) -> None:
    merges.add({"what": "speaker", "from_id": old, "to_id": new, "appointment_ids": appointments})


def test_what_is_stated_last_counts_and_the_rest_stays():
    expected = ExpectedState()
    expected.apply({"edition:e": {"state": "in_review", "rule": ""}, "address:1": {"slug": "a"}})
    expected.apply({"edition:e": {"state": "approved"}, "address:1": None})
    assert expected.resolve() == {"edition:e": {"state": "approved", "rule": ""}}


def test_a_baseline_forgets_what_was_stated_before():
    expected = ExpectedState()
    expected.apply({"edition:e": {"state": "in_review"}})
    expected.apply({"edition:f": {"state": "approved"}}, is_baseline=True)
    assert expected.resolve() == {"edition:f": {"state": "approved"}}


def test_an_account_keeps_its_values_under_another_name():
    expected = ExpectedState()
    expected.apply({"account:ann": {"is_active": True}})
    expected.rename("account:ann", "account:anna")
    expected.rename("account:nobody", "account:somebody")
    assert expected.resolve() == {"account:anna": {"is_active": True}}


def test_a_merge_of_speakers_moves_their_rows_and_roles():
    merges = Merges()
    expected = ExpectedState(merges)
    rows = {attribution(FIRST): {"appointment_id": 7}, "attribution:e::9": {"appointment_id": None}}
    expected.apply(rows)
    merge(merges, FIRST, SECOND, appointments=((7, 8),))
    merge(merges, SECOND, THIRD, appointments=((8, 9),))
    assert expected.resolve() == {
        attribution(THIRD): {"appointment_id": 9},
        "attribution:e::9": {"appointment_id": None},
    }


def test_where_an_edition_names_both_the_row_of_the_one_that_stays_counts():
    merges = Merges()
    expected = ExpectedState(merges)
    expected.apply({attribution(pk): {"appointment_id": pk} for pk in (FIRST, SECOND, THIRD)})
    merge(merges, FIRST, SECOND)
    assert expected.resolve() == {
        attribution(SECOND): {"appointment_id": SECOND},
        attribution(THIRD): {"appointment_id": THIRD},
    }
    expected.apply({attribution(SECOND): None})
    assert expected.resolve() == {attribution(THIRD): {"appointment_id": THIRD}}


def test_merged_themes_and_merges_of_an_earlier_version_change_nothing():
    merges = Merges()
    merges.add({"what": "theme", "from_id": 1, "to_id": 2, "appointment_ids": []})
    merges.add({"what": "speaker", "from": "a", "to": "b"})
    merges.add({})
    assert merges == Merges()


def test_somebody_is_known_under_each_former_name():
    facts = SiteFacts({1: "anne"})
    facts.rename("ann", "anna")
    facts.rename("anna", "anne")
    assert [facts.is_same_person(name, "anne") for name in ("ann", "anna", "anne")] == [True] * 3
    assert not facts.is_same_person("ed", "anne")
    assert not facts.is_same_person("anne", "ann")
    assert (facts.name_user(1), facts.name_user(2), facts.name_user(None)) == ("anne", "user 2", "")
