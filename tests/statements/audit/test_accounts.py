"""Test that every change of an account writes an event, however it is made."""

import pytest
from django.contrib.auth.models import Group, User
from django.core import serializers

from statements.audit import verification
from statements.audit.accounts import acting_user
from statements.models import Event
from statements.roles import AUTHOR, EDITOR, MANAGER
from tests.cast import make_user

pytestmark = pytest.mark.django_db


def noted() -> list[tuple[str, str]]:
    events = Event.objects.filter(statement=None).order_by("number")
    return [(event.note, event.by_name) for event in events]


def test_an_account_and_its_groups_are_on_the_record(max):
    before = len(noted())
    with acting_user(max):
        make_user("new", AUTHOR)
    assert noted()[before:] == [("Account made: new", "max"), ("Added to Author: new", "max")]


def test_a_change_in_a_shell_is_on_the_record_without_a_name(ann):
    before = len(noted())
    ann.groups.remove(Group.objects.get(name=AUTHOR))
    ann.is_active = False
    ann.save()
    ann.set_password("another one entirely")
    ann.save()
    assert noted()[before:] == [
        ("Removed from Author: ann", ""),
        ("Account changed: ann", ""),
        ("Account changed: ann", ""),
    ]
    assert "another one" not in "".join(Event.objects.values_list("detail", flat=True))


def test_the_group_that_is_emptied_from_its_own_side_says_whom(ann, ed):
    before = len(noted())
    Group.objects.get(name=EDITOR).user_set.add(ann)
    Group.objects.get(name=EDITOR).user_set.clear()
    added, *removed = [note for note, _ in noted()[before:]]
    assert added == "Added to Editor: ann"
    assert sorted(removed) == ["Removed from Editor: ann", "Removed from Editor: ed"]


def test_the_record_holds_over_changes_to_accounts(ann, max):
    User.objects.filter(pk=ann.pk).get().save()
    make_user("gone", MANAGER).delete()
    assert ("Account deleted: gone", "") in noted()
    assert list(verification.verify()) == []


def test_a_failed_sign_in_is_logged_by_the_number_of_the_account(client, ann, caplog):
    for name in ("ann", "nobody@example.org"):
        client.post("/admin/login/", {"username": name, "password": "secret guess"})
    assert [
        record.getMessage() for record in caplog.records if record.name.startswith("statements")
    ] == [f"Sign-in failed for user {ann.pk}", "Sign-in failed for no known user"]
    assert "nobody@" not in caplog.text
    assert "guess" not in caplog.text


def test_an_account_from_a_fixture_writes_no_event(ann):
    before = len(noted())
    data = serializers.serialize("json", [ann])
    for loaded in serializers.deserialize("json", data):
        loaded.save()
    assert len(noted()) == before


def test_a_group_that_is_deleted_says_who_was_in_it(ed):
    Group.objects.get(name=EDITOR).delete()
    assert noted()[-1] == ("Removed from Editor: ed", "")


def test_leaving_all_groups_without_having_one_is_no_event(sam):
    before = len(noted())
    sam.groups.clear()
    assert noted()[before:] == []
