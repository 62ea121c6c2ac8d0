"""Test that a joint statement names all its publishers, and each of them lists it."""

import datetime as dt
import json
import re

import pytest
from django.db import IntegrityError

from statements.drafting.restore_edition import restore_to_draft
from statements.models import EditionAttribution, JointPublisher, SensitivePeriod
from statements.workflow.sensitive_periods import periods_at
from tests.cast import (
    NOON,
    approve_edition,
    make_organisation,
    make_statement,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, open_form

pytestmark = pytest.mark.django_db
FORUM = "National Forum of Youth Workers"


@pytest.fixture
def forum():
    return make_organisation(
        FORUM,
        short_name="NFYW",
        boilerplate="We are the association of youth workers.",
        reuse_terms="Credit NFYW.",
    )


@pytest.fixture
def joint(ann, forum):
    """A draft that two organisations publish."""
    statement = make_statement(ann)
    JointPublisher.objects.create(statement=statement, organisation=forum)
    statement.record_save(by=ann, seen_version=statement.version)
    return statement


@pytest.fixture
def edition(joint, ann, ed, frozen):
    frozen(NOON)
    return approve_edition(submit_statement(joint, by=ann), by=ed)


def read_names(content) -> list[str]:
    return [publisher["name"] for publisher in content["organisations"]]


def test_the_edition_freezes_all_publishers_in_their_order(edition):
    assert read_names(edition.content_data) == ["Association of Directors", FORUM]


def test_the_page_names_every_publisher_with_its_terms(client, edition):
    page = client.get("/statements/a-comment/").content.decode()
    dateline = re.search(r'<p class="dateline">.*?</p>', page, re.DOTALL)[0]
    assert re.findall(r'href="(/organisations/.*?)".*?<bdi>(.*?)</bdi>', dateline) == [
        ("/organisations/association-of-directors/", "Association of Directors"),
        ("/organisations/national-forum-of-youth-workers/", FORUM),
    ]
    assert "We are the association of youth workers." in page
    assert "Credit NFYW." in page
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    names = [publisher["name"] for publisher in json.loads(data)["publisher"]]
    assert names == ["Association of Directors", FORUM]


def list_contacts(client) -> list[tuple[str, str]]:
    page = client.get("/statements/a-comment/").content.decode()
    sections = re.findall(r'class="contact".*?<h2.*?>(.*?)</h2>\s*<p.*?>(.*?)</p>', page, re.DOTALL)
    return [(re.sub("</?bdi>", "", heading), name) for heading, name in sections]


def test_the_page_has_the_press_contact_of_every_publisher(client, edition, forum):
    own = edition.statement.organisation.contacts.create(name="Our desk", phone="1")
    forum.contacts.create(name="Another desk", phone="2")
    forum.contacts.create(name="Forum desk", phone="3", is_default=True)
    type(edition.statement).objects.filter(pk=edition.statement_id).update(contact=own)
    further = ("For journalists: NFYW", "Forum desk")
    assert list_contacts(client) == [("For journalists", "Our desk"), further]
    forum.slug = "forum"
    forum.save()
    assert list_contacts(client)[1] == further


def test_a_contact_of_all_publishers_stands_there_once(client, edition, forum):
    shared = forum.contacts.create(name="Forum desk", phone="3", is_default=True)
    type(edition.statement).objects.filter(pk=edition.statement_id).update(contact=shared)
    assert list_contacts(client) == [("For journalists", "Forum desk")]


def test_the_list_as_a_file_names_every_publisher(client, edition, ann):
    client.force_login(ann)
    rows = b"".join(client.get("/admin/statements/statement/csv/")).decode()
    assert f"Association of Directors; {FORUM}" in rows


def test_plain_text_and_feeds_name_every_publisher(client, edition):
    text = client.get("/statements/a-comment.txt").content.decode()
    assert f"Published by Association of Directors and {FORUM}\n" in text
    feed = client.get("/feeds/statements.rss").content.decode()
    assert re.findall("<dc:creator>(.*?)</dc:creator>", feed) == [
        "Association of Directors",
        FORUM,
    ]


@pytest.mark.parametrize("slug", ["association-of-directors", "national-forum-of-youth-workers"])
def test_the_profile_and_feed_of_each_publisher_list_it(client, edition, slug):
    for address in (f"/organisations/{slug}/", f"/statements/?organisation={slug}"):
        assert "A comment" in client.get(address).content.decode(), address


def test_a_sensitive_period_of_any_publisher_applies(edition, forum):
    day = NOON.date()
    period = SensitivePeriod.objects.create(
        name="Election", guidance="Ask.", starts_on=day, ends_on=day + dt.timedelta(days=1)
    )
    period.organisations.add(forum)
    assert periods_at(edition, NOON) == [period]
    period.organisations.set([make_organisation("Somebody else")])
    assert periods_at(edition, NOON) == []


def test_restoring_an_edition_restores_its_publishers(edition, joint, ann):
    joint.joint_publishers.all().delete()
    joint.refresh_from_db()
    restore_to_draft(edition, by=ann, at=NOON, seen_version=joint.version)
    joint.refresh_from_db()
    assert read_names(joint.content()) == ["Association of Directors", FORUM]


def test_no_publisher_is_named_twice(joint, forum):
    with pytest.raises(IntegrityError):
        JointPublisher.objects.bulk_create([JointPublisher(statement=joint, organisation=forum)])


def test_the_first_publisher_is_not_repeated_as_a_joint_one(joint, forum):
    joint.organisation = forum
    joint.save()
    assert read_names(joint.content()) == [FORUM]


def test_attributions_list_publishers_alone_where_nobody_is_quoted(edition):
    rows = EditionAttribution.objects.filter(edition=edition, organisation__isnull=False)
    assert sorted(rows.values_list("organisation__name", flat=True)) == [
        "Association of Directors",
        FORUM,
    ]


# --- The form -------------------------------------------------------------------------------------


def test_the_form_adds_and_removes_publishers(client, ann, forum):
    statement = make_statement(ann)
    fields = open_form(client, ann, change_url(statement))
    client.post(change_url(statement), fields | {"joint_publishers": [forum.pk]})
    assert read_names(statement.content()) == ["Association of Directors", FORUM]
    fields = open_form(client, ann, change_url(statement))
    assert fields["joint_publishers"] == [forum.pk]
    client.post(change_url(statement), fields | {"joint_publishers": []})
    assert read_names(statement.content()) == ["Association of Directors"]


def test_choosing_the_first_publisher_again_adds_nobody(client, ann, forum):
    statement = make_statement(ann)
    fields = open_form(client, ann, change_url(statement))
    client.post(change_url(statement), fields | {"joint_publishers": [statement.organisation_id]})
    assert read_names(statement.content()) == ["Association of Directors"]


def test_the_first_publisher_is_not_on_offer_beside_itself(client, ann, forum):
    statement = make_statement(ann)
    client.force_login(ann)
    page = client.get(change_url(statement)).content.decode()
    offered = re.findall(
        r"<li( hidden)?><input[^>]*name=\"joint_publishers\" value=\"(\d+)\"", page
    )
    assert {int(pk): bool(hidden) for hidden, pk in offered} == {
        statement.organisation_id: True,
        forum.pk: False,
    }


def test_a_site_with_one_publisher_has_no_choice(client, ann):
    fields = open_form(client, ann, change_url(make_statement(ann)))
    assert "joint_publishers" not in fields


def test_an_organisation_that_publishes_nothing_cannot_be_chosen(client, ann, forum):
    statement = make_statement(ann)
    silent = make_organisation("Silent Society", publishes=False)
    fields = open_form(client, ann, change_url(statement))
    page = client.post(change_url(statement), fields | {"joint_publishers": [silent.pk]})
    assert list(page.context["adminform"].form.errors) == ["joint_publishers"]
