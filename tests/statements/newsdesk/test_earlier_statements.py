"""“Use an earlier statement” on the page of a new one: find it, and duplicate it."""

import pytest
from django.urls import reverse

from statements.models import Statement
from tests.cast import NOON, approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db
NEW = "/admin/statements/statement/from-text/"
LIST = "/admin/statements/statement/"


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def list_headlines(response) -> list[str]:
    return [statement.headline for statement in response.context["earlier"]]


def find(client, words: str, **typed):
    return client.post(NEW, {"_find": "1", "earlier": words} | typed)


def test_the_last_changed_are_offered_first(client, ann):
    for number in range(7):
        make_statement(ann, f"Number {number}")
    client.force_login(ann)
    assert list_headlines(client.get(NEW)) == [f"Number {n}" for n in (6, 5, 4, 3, 2)]


def test_words_of_drafts_and_editions_are_found(client, ann, ed):
    make_statement(ann, "A draft", words="The tide came in.")
    approve_edition(submit_statement(make_statement(ann, "Tides"), by=ann), by=ed)
    make_statement(ann, "Rain")
    client.force_login(ann)
    assert sorted(list_headlines(find(client, "tide"))) == ["A draft", "Tides"]
    page = find(client, "snow").content.decode()
    assert "No statements contain “snow”." in page


def test_a_search_loses_nothing_that_was_pasted_and_drafts_nothing(client, ann):
    client.force_login(ann)
    response = find(client, "tide", text="Pasted <words>", rich="<p>Pasted</p>")
    form = response.context["form"]
    assert (form["text"].value(), form["rich"].value()) == ("Pasted <words>", "<p>Pasted</p>")
    assert not form.errors
    assert not Statement.objects.exists()


def test_a_statement_in_the_bin_is_not_offered(client, ann):
    statement = make_statement(ann, "Thrown away")
    Statement.objects.filter(pk=statement.pk).update(discarded_at=NOON, discarded_by=ann)
    client.force_login(ann)
    assert list_headlines(client.get(NEW)) == []
    assert list_headlines(find(client, "thrown")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number(client, ann, rows, django_assert_num_queries):
    for number in range(rows):
        submit_statement(make_statement(ann, f"Number {number}"), by=ann)
    client.force_login(ann)
    client.get(NEW)
    with django_assert_num_queries(15):
        client.get(NEW)


def test_duplicate_leads_to_the_new_draft(client, ann):
    statement = make_statement(ann, "We welcome it")
    client.force_login(ann)
    url = reverse("admin:statements_statement_duplicate", args=[statement.pk])
    assert f'action="{url}"' in client.get(NEW).content.decode()
    response = client.post(url)
    draft = Statement.objects.exclude(pk=statement.pk).get()
    assert response.url == reverse("admin:statements_statement_change", args=[draft.pk])


def test_the_list_leads_there_whether_or_not_it_is_empty(client, ann):
    client.force_login(ann)
    assert client.get(LIST).content.decode().count(f'href="{NEW}"') == 2
    make_statement(ann)
    assert client.get(LIST).content.decode().count(f'href="{NEW}"') == 1


def test_whoever_may_not_write_sees_no_link(client, sam):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(NEW).status_code == 403
