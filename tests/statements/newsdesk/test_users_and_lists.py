"""Test the lists of the newsdesk, with filters and search, and the pages of people."""

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
    "/admin/organisations/contact/": "No press contacts yet",
    "/admin/organisations/appointment/": "No appointments yet",
    "/admin/statements/theme/": "No themes yet",
}


def list_headlines(client, query: str) -> list[str]:
    response = client.get(LIST + query)
    return [statement.headline for statement in response.context["cl"].result_list]


@pytest.mark.parametrize(("url", "heading"), LISTS.items())
def test_an_empty_list_says_what_it_is_for(client, max, url, heading):
    client.force_login(max)
    page = client.get(url).content.decode()
    assert f"<h2>{heading}</h2>" in page
    assert "Download" not in page
    found = client.get(url + "?q=zzz").content.decode()
    assert f"<h2>{heading.removesuffix(' yet')} match</h2>" in found
    assert "Nothing here matches “zzz”." in found
    assert "Clear search and filters" in found


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
    assert list_headlines(client, f"?speaker={jane.pk}") == ["Themed"]
    assert list_headlines(client, f"?theme={theme.pk}") == ["Themed"]
    assert list_headlines(client, f"?writer={ann.pk}") == ["Plain"]
    assert list_headlines(client, "?released_from=2044-01-01&released_to=2044-12-31") == ["Plain"]
    assert list_headlines(client, "?q=PLAIN") == ["Plain"]
    assert list_headlines(client, f"?q=plain&theme={theme.pk}") == []


@pytest.mark.parametrize("query", ["?speaker=x", "?theme=²", "?writer=-1", "?released_from=99999"])
def test_a_filter_that_means_nothing_finds_nothing(client, ann, ed, frozen, query):
    frozen(NOON)
    approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    Theme.objects.create(name="Schools", slug="schools")
    client.force_login(ann)
    assert list_headlines(client, query) == []


def test_a_writer_of_very_many_statements_is_filtered_in_the_order_of_the_list(
    client, ann, monkeypatch
):
    monkeypatch.setattr("statements.newsdesk.statement_filters.MAX_COUNTED_ROWS", 1)
    for n in range(3):
        make_statement(ann, f"Number {n}")
    client.force_login(ann)
    assert list_headlines(client, f"?writer={ann.pk}") == ["Number 2", "Number 1", "Number 0"]
    assert list_headlines(client, f"?speaker={Speaker.objects.get().pk}&q=2") == ["Number 2"]


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


QUERIES = {"list": 32, "search": 38}


# --- People ---------------------------------------------------------------------------------------


def test_the_page_of_a_speaker_points_out_the_gap_to_the_next(client, max):
    organisation = make_organisation()
    for name, first, last in (
        ("Jane", None, dt.date(2026, 3, 31)),
        ("Dave", dt.date(2026, 4, 3), None),
    ):
        speaker = make_speaker(name, role="")
        Appointment.objects.create(
            speaker=speaker,
            organisation=organisation,
            role="President",
            starts_on=first,
            ends_on=last,
        )
    client.force_login(max)
    warning = (
        "President, Association of Directors: Jane to 31 March 2026, Dave from 3 April 2026: "
        "nobody on 1–2 April 2026."
    )
    for address in (
        reverse("admin:organisations_speaker_change", args=[speaker.pk]),
        reverse("admin:organisations_organisation_change", args=[organisation.pk]),
    ):
        assert client.get(address).context["tenure_warnings"] == [warning]


def test_what_is_in_use_is_not_deleted_and_a_sentence_says_so(client, ann, max):
    contact = Contact.objects.create(organisation=make_organisation(), name="Desk", phone="020")
    statement = make_statement(ann, contact=contact)
    client.force_login(max)
    address = reverse("admin:organisations_contact_delete", args=[contact.pk])
    response = client.post(address, {"post": "yes"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Desk (Association of Directors) stays: used by 1 statement. Take it out of those first."
    ]
    assert Contact.objects.filter(pk=contact.pk).exists()
    statement.contact = None
    statement.save()
    client.post(address, {"post": "yes"})
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_a_manager_merges_two_speakers(client, ann, max):
    make_statement(ann)
    target = Speaker.objects.get()
    source = make_speaker("David Hill", role="")
    client.force_login(max)
    address = reverse("admin:merge_speaker", args=[source.pk])
    offered = client.get(address).content.decode()
    assert f"?into={target.pk}" in offered
    page = client.get(f"{address}?into={target.pk}").content.decode()
    assert "You cannot undo this." in page
    assert Speaker.objects.count() == 2
    response = client.post(address, {"into": target.pk}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "David Hill was merged into Dave Hill. Its old URL leads here."
    ]
    assert list(Speaker.objects.all()) == [target]
    assert Event.objects.get(action="merged").by == max


@pytest.mark.parametrize("into", ["", "0", "x", "99999"])
def test_an_invalid_choice_offers_the_choice_again(client, max, into):
    source = make_speaker()
    client.force_login(max)
    response = client.post(reverse("admin:merge_speaker", args=[source.pk]), {"into": into})
    assert response.status_code == 200
    assert list(Speaker.objects.all()) == [source]


def test_nobody_but_a_manager_opens_the_page(client, ann, ed):
    source = make_speaker()
    theme = Theme.objects.create(name="Schools", slug="schools")
    for person in (ann, ed):
        client.force_login(person)
        for address in (
            reverse("admin:merge_speaker", args=[source.pk]),
            reverse("admin:merge_theme", args=[theme.pk]),
        ):
            assert client.get(address).status_code == 403


def test_a_theme_that_exists_already_is_refused_in_a_sentence(client, max):
    Theme.objects.create(name="Schools", slug="schools")
    client.force_login(max)
    page = client.post("/admin/statements/theme/add/", {"name": "Schools", "slug": "schools"})
    errors = page.context["errors"].as_text()
    assert "There is already a theme with this name." in errors
    assert "Another theme has this address" in errors


def save_account(client, user, **changed):
    """Save this account with some of it changed; return the errors."""
    address = reverse("admin:auth_user_change", args=[user.pk])
    fields = {"username": user.username, "groups": [g.pk for g in user.groups.all()]} | changed
    answer = client.post(
        address, {name: value for name, value in fields.items() if value is not None}
    )
    return answer.context["errors"].as_text() if answer.status_code == 200 else ""


def test_somebody_always_remains_who_manages_accounts(client, ann, max):
    client.force_login(max)
    for changed in ({"groups": []}, {"is_active": None}):
        errors = save_account(client, max, **{"is_active": "on"} | changed)
        assert "Nobody else here is a manager" in errors
    max.refresh_from_db()
    assert max.is_active
    assert max.groups.get().name == "Manager"
    mia = make_user("mia", "Manager")
    assert "This is your own account: ask another" in save_account(client, max, is_active=None)
    assert save_account(client, max, is_active="on", groups=[]) == ""
    max.groups.set(mia.groups.all())
    assert save_account(client, mia, is_active=None) == ""
    assert save_account(client, ann, is_active=None) == ""
