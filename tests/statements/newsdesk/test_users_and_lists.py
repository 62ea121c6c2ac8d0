"""The lists of the newsdesk: filters, search, what an empty one says; and the pages of people."""

import datetime as dt

import pytest
from django.urls import reverse

from organisations.models import Appointment, Contact, Speaker
from statements.models import Event, Theme
from tests.cast import (
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    make_user,
    submit_statement,
)

LIST = "/admin/statements/statement/"
LISTS = {
    "/admin/organisations/speaker/": "No speakers yet",
    "/admin/organisations/organisation/": "No organisations yet",
    "/admin/organisations/contact/": "No contacts yet",
    "/admin/organisations/appointment/": "No appointments yet",
    "/admin/statements/theme/": "No themes yet",
    LIST: "No statements yet",
}


def shown(client, query: str) -> list[str]:
    response = client.get(LIST + query)
    return [statement.headline for statement in response.context["cl"].result_list]


@pytest.mark.parametrize(("address", "heading"), LISTS.items())
def test_an_empty_list_says_what_it_is_for(client, max, address, heading):
    client.force_login(max)
    page = client.get(address).content.decode()
    assert f"<h2>{heading}</h2>" in page
    assert "Download" not in page
    assert "<h2>" not in client.get(address + "?q=zzz").content.decode().split('class="nothing"')[1]
    assert "Clear them and see all" in client.get(address + "?q=zzz").content.decode()


def test_each_filter_finds_its_own(client, ann, ed, frozen):
    frozen(NOON)
    theme = Theme.objects.create(name="Schools", slug="schools")
    plain = make_statement(ann, "Plain")
    themed = make_statement(ed, "Themed")
    themed.themes.add(theme)
    jane = make_speaker("Jane")
    themed.passages.update(speaker=jane)
    approve_edition(submit_statement(plain, by=ann), by=ed)
    client.force_login(ann)
    assert shown(client, f"?speaker={jane.pk}") == ["Themed"]
    assert shown(client, f"?theme={theme.pk}") == ["Themed"]
    assert shown(client, f"?writer={ann.pk}") == ["Plain"]
    assert shown(client, "?year=2044") == ["Plain"]
    assert shown(client, "?q=PLAI") == ["Plain"]
    assert shown(client, f"?q=plain&theme={theme.pk}") == []


@pytest.mark.parametrize("query", ["?speaker=x", "?theme=²", "?writer=-1", "?year=99999", "?year="])
def test_a_filter_that_means_nothing_finds_nothing(client, ann, ed, frozen, query):
    frozen(NOON)
    approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    Theme.objects.create(name="Schools", slug="schools")
    client.force_login(ann)
    assert shown(client, query) == []


def test_whoever_has_very_many_is_found_by_walking_the_list(client, ann, monkeypatch):
    monkeypatch.setattr("statements.newsdesk.statement_filters.MAX_COUNTED_ROWS", 1)
    for n in range(3):
        make_statement(ann, f"Number {n}")
    client.force_login(ann)
    assert shown(client, f"?writer={ann.pk}") == ["Number 2", "Number 1", "Number 0"]
    assert shown(client, f"?speaker={Speaker.objects.get().pk}&q=2") == ["Number 2"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_queries_for_any_number_of_rows(
    client, ann, rows, frozen, django_assert_num_queries
):
    frozen(NOON)
    for n in range(rows):
        make_statement(ann, f"Number {n}")
    client.force_login(ann)
    client.get(LIST)
    with django_assert_num_queries(QUERIES["list"]):
        client.get(LIST)
    with django_assert_num_queries(QUERIES["search"]):
        client.get(LIST + "?q=number")


QUERIES = {"list": 16, "search": 17}


# --- People ---------------------------------------------------------------------------------------


def test_the_page_of_a_speaker_points_out_the_gap_to_the_next(client, max):
    body = make_organisation()
    for name, first, last in (
        ("Jane", None, dt.date(2026, 3, 31)),
        ("Dave", dt.date(2026, 4, 3), None),
    ):
        speaker = make_speaker(name, role="")
        Appointment.objects.create(
            speaker=speaker, organisation=body, role="President", starts_on=first, ends_on=last
        )
    client.force_login(max)
    said = (
        "President, Association of Directors: Jane to 31 March 2026, Dave from 3 April 2026: "
        "nobody on 1–2 April 2026."
    )
    for address in (
        reverse("admin:organisations_speaker_change", args=[speaker.pk]),
        reverse("admin:organisations_organisation_change", args=[body.pk]),
    ):
        assert client.get(address).context["noticed"] == [said]


def test_what_is_in_use_is_not_deleted_and_a_sentence_says_so(client, ann, max):
    contact = Contact.objects.create(organisation=make_organisation(), name="Desk", phone="020")
    statement = make_statement(ann, contact=contact)
    client.force_login(max)
    address = reverse("admin:organisations_contact_delete", args=[contact.pk])
    response = client.post(address, {"post": "yes"}, follow=True)
    assert [str(said) for said in response.context["messages"]] == [
        "Desk (Association of Directors) stays: used by 1 statement. Take it out of those first."
    ]
    assert Contact.objects.filter(pk=contact.pk).exists()
    statement.contact = None
    statement.save()
    client.post(address, {"post": "yes"})
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_a_manager_merges_two_speakers(client, ann, max):
    make_statement(ann)
    stays = Speaker.objects.get()
    goes = make_speaker("David Hill", role="")
    client.force_login(max)
    address = reverse("admin:merge_speaker", args=[goes.pk])
    offered = client.get(address).content.decode()
    assert f"?into={stays.pk}" in offered
    page = client.get(f"{address}?into={stays.pk}").content.decode()
    assert "This cannot be undone." in page
    assert Speaker.objects.count() == 2
    response = client.post(address, {"into": stays.pk}, follow=True)
    assert [str(said) for said in response.context["messages"]] == [
        "David Hill was merged into Dave Hill. Its old URL leads here."
    ]
    assert list(Speaker.objects.all()) == [stays]
    assert Event.objects.get(action="merged").by == max


@pytest.mark.parametrize("into", ["", "0", "x", "99999"])
def test_a_choice_that_is_none_offers_the_choice_again(client, max, into):
    goes = make_speaker()
    client.force_login(max)
    response = client.post(reverse("admin:merge_speaker", args=[goes.pk]), {"into": into})
    assert response.status_code == 200
    assert list(Speaker.objects.all()) == [goes]


def test_nobody_but_a_manager_opens_the_page(client, ann, ed):
    goes = make_speaker()
    theme = Theme.objects.create(name="Schools", slug="schools")
    for person in (ann, ed):
        client.force_login(person)
        for address in (
            reverse("admin:merge_speaker", args=[goes.pk]),
            reverse("admin:merge_theme", args=[theme.pk]),
        ):
            assert client.get(address).status_code == 403


def test_a_theme_that_is_there_already_is_told_in_a_sentence(client, max):
    Theme.objects.create(name="Schools", slug="schools")
    client.force_login(max)
    page = client.post("/admin/statements/theme/add/", {"name": "Schools", "slug": "schools"})
    said = page.context["errors"].as_text()
    assert "There is a theme of this name already." in said
    assert "Another theme has this address" in said


def account(client, user, **changed):
    """What a manager is told who saves this account with some of it changed."""
    address = reverse("admin:auth_user_change", args=[user.pk])
    fields = {"username": user.username, "groups": [g.pk for g in user.groups.all()]} | changed
    answer = client.post(address, {name: one for name, one in fields.items() if one is not None})
    return answer.context["errors"].as_text() if answer.status_code == 200 else ""


def test_somebody_is_always_left_who_keeps_accounts(client, ann, max):
    client.force_login(max)
    for changed in ({"groups": []}, {"is_active": None}):
        said = account(client, max, **{"is_active": "on"} | changed)
        assert "Nobody else here is a manager" in said
    max.refresh_from_db()
    assert max.is_active
    assert max.groups.get().name == "Manager"
    other = make_user("mia", "Manager")
    assert "This is your own account: ask another" in account(client, max, is_active=None)
    assert account(client, max, is_active="on", groups=[]) == ""
    max.groups.set(other.groups.all())
    assert account(client, other, is_active=None) == ""
    assert account(client, ann, is_active=None) == ""
