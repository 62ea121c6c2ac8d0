"""Test the page where a person chooses their emails and says until when they are away."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from statements.models import Absence, MailKind, SwitchedOffMail
from tests.cast import NOON

pytestmark = pytest.mark.django_db

URL = "/admin/preferences/"
ALL_ON = dict.fromkeys(MailKind.values, "on")


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def off(user) -> set[str]:
    return set(SwitchedOffMail.objects.filter(user=user).values_list("kind", flat=True))


def test_every_kind_is_on_until_somebody_switches_it_off(client, ed, ann):
    client.force_login(ed)
    page = client.get(URL)
    form = page.context["form"]
    assert {name for name in form.fields if form[name].initial is True} == set(MailKind.values)
    wanted = {kind: "on" for kind in MailKind.values if kind not in ("remark", "approved")}
    assert client.post(URL, wanted, follow=True).redirect_chain == [(URL, 302)]
    assert (off(ed), off(ann)) == ({"remark", "approved"}, set())
    page = client.get(URL)
    assert not page.context["form"]["remark"].initial
    client.post(URL, ALL_ON)
    assert off(ed) == set()


def test_what_is_never_switched_off_is_shown_ticked_with_its_reason(client, ed, ann):
    client.force_login(ed)
    page = client.get(URL).text
    assert page.count('<input type="checkbox" checked disabled>') == 3
    assert "Someone outside objects after the approval" in page
    assert "It still goes public unless an editor stops it." in page
    assert "When one person publishes alone, everybody is told." in page
    client.force_login(ann)
    page = client.get(URL).text
    assert page.count('<input type="checkbox" checked disabled>') == 2
    assert "objects after the approval" not in page


def test_an_author_keeps_what_only_editors_choose(client, ann):
    SwitchedOffMail.objects.create(user=ann, kind="undecided")
    client.force_login(ann)
    page = client.get(URL)
    assert "undecided" not in page.context["form"].fields
    client.post(URL, ALL_ON)
    assert off(ann) == {"undecided"}


def test_a_kind_that_is_posted_by_hand_changes_nothing(client, ann):
    client.force_login(ann)
    client.post(URL, ALL_ON | {"published_urgently": ""})
    assert off(ann) == set()


def test_the_page_is_for_the_newsdesk_and_in_its_menu(client, ann, sam):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(URL).status_code == 403
    client.force_login(ann)
    assert f'href="{URL}"' in client.get("/admin/").text


# --- Away -----------------------------------------------------------------------------------------


def test_somebody_is_away_until_a_day_and_comes_back(client, ann):
    client.force_login(ann)
    client.post(URL, ALL_ON | {"away_until": "4 March 2044"})
    assert Absence.objects.get(user=ann).until == dt.date(2044, 3, 4)
    assert 'value="4 March 2044"' in client.get(URL).text
    client.post(URL, ALL_ON | {"away_until": ""})
    assert not Absence.objects.exists()


def test_a_day_that_has_come_is_shown_no_more(client, ann):
    Absence.objects.create(user=ann, until=NOON.date())
    client.force_login(ann)
    assert client.get(URL).context["form"]["away_until"].value() is None
    assert not Absence.objects.on_day(NOON.date()).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1 March 2044", "Choose a day after today, or leave it empty."),
        ("4 March 2046", "That is more than a year away. Check the year."),
        ("next week", "“next week” is not a date. Write it like 12 November 2026."),
        ("\x00", "is not a date."),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_and_loses_no_tick(client, ann, typed, sentence):
    client.force_login(ann)
    page = client.post(URL, {"remark": "on", "away_until": typed})
    assert page.status_code == 422
    assert sentence in page.text
    assert not Absence.objects.exists()
    assert off(ann) == set()
    assert 'name="remark" id="id_remark" checked' in page.text.replace(' class="checkbox"', "")


def test_a_manager_sets_somebody_away_on_their_account(client, ann, max):
    client.force_login(max)
    url = f"/admin/auth/user/{ann.pk}/change/"
    groups = [group.pk for group in ann.groups.all()]
    data = {"username": "ann", "email": ann.email, "groups": groups, "is_active": "on"}
    assert client.post(url, data | {"away_until": "4 March 2044"}).status_code == 302
    assert Absence.objects.get().user == ann
    assert 'value="4 March 2044"' in client.get(url).text
    assert client.post(url, data | {"away_until": "yesterday"}).status_code == 200
    assert client.post(url, data | {"away_until": ""}).status_code == 302
    assert not Absence.objects.exists()
    assert User.objects.get(pk=ann.pk).is_active
