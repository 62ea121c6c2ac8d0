"""An empty newsdesk leads its first manager, step by step, to a published statement."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from organisations.models import Contact, Organisation, Speaker
from statements import workflow
from statements.models import Statement
from statements.newsdesk.first_run import load_first_run
from statements.newsdesk.user_names import find_free_username
from statements.roles import EDITOR
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    submit_statement,
)

pytestmark = pytest.mark.django_db

DASHBOARD = "/admin/"
ALL = ["account", "organisation", "contact", "speakers", "colleagues", "import", "statement"]


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def find_steps(user, at=NOON):
    return {step.key: step for step in load_first_run(user, at).steps}


def list_done(user, at=NOON) -> list[str]:
    return [key for key, step in find_steps(user, at).items() if step.is_done]


def make_contact(**fields) -> Contact:
    return Contact.objects.create(
        organisation=make_organisation(), name="Press office", phone="020 7946 0340", **fields
    )


def send(client, url: str, **changed):
    """Fill a page of the steps as it was opened, and follow its answer."""
    context = client.get(url).context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form, *(row for rows in formsets for row in rows.forms)]
    fields = [form[name] for form in forms for name in form.fields]
    fields += [field for rows in formsets for field in rows.management_form]
    values = {field.html_name: field.value() for field in fields}
    data = {name: value for name, value in values.items() if value is not None and value != ""}
    data = {name: value for name, value in data.items() if value is not False}
    return client.post(url, data | changed, follow=True)


def list_messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_each_step_is_read_from_the_data(max, ed):
    assert list_done(max) == ["account", "colleagues"]
    ed.is_active = False
    ed.save()
    assert list_done(max) == ["account"]
    make_organisation("Quoted", publishes=False)
    assert list_done(max) == ["account"]
    make_organisation()
    assert list_done(max) == ["account", "organisation"]
    make_contact()
    make_speaker()
    assert list_done(max) == ["account", "organisation", "contact", "speakers"]
    assert [key for key, step in find_steps(max).items() if step.is_next] == ["colleagues"]


def test_the_list_goes_once_a_first_statement_is_public(client, ann, ed, max):
    make_contact()
    edition = submit_statement(make_statement(ann), by=ann)
    approve_edition(edition, by=ed, release_at=NOON + HOUR)
    client.force_login(max)
    assert "Set up your newsdesk" in client.get(DASHBOARD).content.decode()
    assert load_first_run(max, NOON + HOUR) is None


def test_nothing_to_import_is_no_step_to_wait_for(max, ed, ann):
    make_contact()
    make_speaker()
    assert [key for key, step in find_steps(max).items() if step.is_next] == ["statement"]
    approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    assert load_first_run(max, NOON) is None


@pytest.mark.parametrize("name", ["ann", "ed"])
def test_only_managers_see_the_steps(client, request, name):
    client.force_login(request.getfixturevalue(name))
    page = client.get(DASHBOARD).content.decode()
    assert "Set up your newsdesk" not in page
    assert "<h1>Dashboard</h1>" in page


def test_an_empty_newsdesk_shows_the_steps_and_no_empty_lists(client, max):
    client.force_login(max)
    page = client.get(DASHBOARD).content.decode()
    assert "<h1>Welcome, Max</h1>" in page
    assert "Nothing is scheduled yet." in page
    assert "How a statement gets published" in page
    for empty in ("You have no drafts.", "Nothing is on hold.", "Nothing needs you right now."):
        assert empty not in page


def test_once_something_is_public_the_dashboard_is_as_ever_and_keeps_what_is_left(
    client, ann, ed, max
):
    approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    client.force_login(max)
    page = client.get(DASHBOARD).content.decode()
    assert "<h1>Dashboard</h1>" in page
    assert "You have no drafts." in page
    assert page.index("Needs you now") < page.index("Set up your newsdesk")
    assert '<details class="card fold">' in page  # one line until it is opened
    assert "Add contact" in page
    assert find_steps(max)["import"].done_label == "Not needed"


def test_what_needs_the_manager_stands_below_the_steps(client, ann, max):
    submit_statement(make_statement(ann, "Please approve"), by=ann)
    client.force_login(max)
    page = client.get(DASHBOARD).content.decode()
    assert "1 statement needs you." in page
    assert page.index("Set up your newsdesk") < page.index("Needs you now")


def test_one_query_says_that_everything_is_done(ann, ed, max, django_assert_num_queries):
    make_contact()
    approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    with django_assert_num_queries(1):
        assert load_first_run(max, NOON) is None


# --- Coming back ----------------------------------------------------------------------------------


def test_the_organisation_comes_with_its_press_contact_and_says_what_is_next(client, max):
    client.force_login(max)
    response = send(
        client,
        find_steps(max)["organisation"].url,
        **{
            "name": "Institute of Libraries",
            "slug": "iol",
            "contacts-0-name": "Press office",
            "contacts-0-phone": "020 7946 0340",
        },
    )
    assert response.redirect_chain == [(DASHBOARD, 302)]
    assert list_messages(response) == [
        "Saved: Institute of Libraries. Next: Add the people you quote."
    ]
    assert Organisation.objects.get().publishes
    assert Contact.objects.get().is_default


def test_an_address_that_no_script_made_is_made_from_the_name(client, max):
    client.force_login(max)
    for name in ("Institute of Libraries", "Библиотеки", "Another Библиотеки"):
        send(client, find_steps(max)["organisation"].url, name=name)
    slugs = Organisation.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["institute-of-libraries", "organisation", "another"]
    speakers = reverse("admin:organisations_speaker_add")
    make_speaker("Jane Smith", role="")
    send(client, speakers, name="Jane Smith")
    first, second = Speaker.objects.order_by("pk").values_list("slug", flat=True)
    assert first == "jane-smith"
    assert second.startswith("jane-smith-")


def test_an_address_that_is_taken_is_refused_and_not_made_up(client, max):
    make_organisation(slug="institute")
    client.force_login(max)
    response = send(
        client, reverse("admin:organisations_organisation_add"), name="N", slug="institute"
    )
    assert "slug" in response.context["adminform"].form.errors


def test_an_organisation_needs_no_contact(client, max):
    client.force_login(max)
    send(client, find_steps(max)["organisation"].url, name="Institute", slug="i")
    assert not Contact.objects.exists()
    response = send(client, find_steps(max)["contact"].url, name="Press", phone="1")
    assert response.redirect_chain == [(DASHBOARD, 302)]
    contact = Contact.objects.get()
    assert contact.is_default
    assert contact.organisation.slug == "i"


def test_a_speaker_gets_a_role_at_the_publisher_and_another_may_follow(client, max):
    make_contact()
    client.force_login(max)
    url = find_steps(max)["speakers"].url
    words = {"name": "Rajan Mehta", "slug": "rm", "appointments-0-role": "President"}
    response = send(client, url, _addanother="1", **words)
    assert response.redirect_chain == [(url, 302)]
    assert list_messages(response) == ["Saved: Rajan Mehta. Add another."]
    assert str(Speaker.objects.get().appointments.get().organisation) == "Association of Directors"


def test_the_first_colleague_is_an_editor_and_the_next_an_author(client, max, mailoutbox):
    client.force_login(max)
    url = find_steps(max)["colleagues"].url
    assert f"groups={Group.objects.get(name=EDITOR).pk}" in url
    response = send(client, url, first_name="Edwin", email="edwin@example.org")
    assert response.redirect_chain == [(DASHBOARD, 302)]
    edwin = User.objects.get(username="edwin")
    assert [group.name for group in edwin.groups.all()] == [EDITOR]
    assert "Next: Add your organisation." in list_messages(response)[-1]


def test_a_page_that_no_step_led_to_comes_back_to_its_list(client, max):
    client.force_login(max)
    url = reverse("admin:organisations_organisation_add")
    response = send(client, url, name="Quoted", slug="quoted")
    assert response.redirect_chain == [("/admin/organisations/organisation/", 302)]


@pytest.mark.parametrize(
    ("first", "last", "email", "username"),
    [
        ("Zoë", "Okafor", "z@example.org", "zoe"),
        ("ANN", "Lee", "a@example.org", "ann.lee"),
        ("", "", "Press.Desk+1@example.org", "press.desk"),
        ("Ζωή", "", "@", "user"),
    ],
)
def test_a_user_name_is_made_from_the_name(ann, first, last, email, username):
    assert find_free_username(first, last, email) == username


def test_taken_names_are_numbered(ann):
    User.objects.create(username="ann.lee")
    assert find_free_username("Ann", "Lee", "a@example.org") == "ann2"


# --- The first statement --------------------------------------------------------------------------


def describe(user, at=NOON) -> str:
    return find_steps(user, at)["statement"].text


def test_the_last_step_follows_the_first_statement(max):
    assert describe(max).startswith("Start from a Word file")
    statement = make_statement(max, "We welcome it")
    assert describe(max).startswith("“We welcome it” is a draft.")
    edition = submit_statement(statement, by=max)
    assert "someone else approves it: invite an editor" in describe(max)
    step = find_steps(max)["statement"]
    assert step.url == reverse("admin:statements_edition_review", args=[edition.pk])


def test_an_editor_is_named_who_can_approve_it(max, ann, ed):
    edition = submit_statement(make_statement(max, "We welcome it"), by=max)
    assert describe(max).endswith("You wrote it, so Ed can approve it.")
    approve_edition(edition, by=ed, release_at=None)
    assert describe(max) == "“We welcome it” is on hold. Set the time when it is published."


def test_an_author_countersigns_and_the_manager_approves(max, ann):
    edition = submit_statement(make_statement(max, "We welcome it"), by=max)
    assert "ask a colleague to countersign it" in describe(max)
    workflow.countersign(edition, by=ann, at=NOON, seen_digest=edition.digest)
    assert describe(max).endswith("is in review. Read it and approve it.")
    approve_edition(refetch_edition(edition), by=max, release_at=NOON + HOUR)
    assert "goes public on Tuesday 1 March 2044, 13:00 GMT" in describe(max)


def test_one_person_alone_gets_there_by_publishing_urgently(max):
    make_contact()
    edition = submit_statement(make_statement(max), by=max)
    workflow.publish_urgently(
        edition, by=max, at=NOON, seen_digest=edition.digest, reason="Alone", password=PASSWORD
    )
    assert list_done(max) == [key for key in ALL if key != "colleagues"]
    assert Statement.objects.count() == 1
