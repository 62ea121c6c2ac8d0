"""Everybody who writes, reviews or approves sees who publishes, and for whom the speakers speak."""

import html
import re

import pytest
from django.urls import reverse

from statements.models import JointPublisher
from tests.cast import NOON, make_organisation, make_statement, submit_statement
from tests.statements.newsdesk.form_data import ADD, change_url, open_form

pytestmark = pytest.mark.django_db

ADVICE = "Dave Hill speaks for Association of Directors. This is published by Aberwen."


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


def read_publisher(page) -> str:
    link = re.search(r'data-for="id_organisation"[^>]*>([^<]*)<', page.content.decode())
    return html.unescape(link[1])


def test_a_prefilled_publisher_stands_above_the_headline(client, ann):
    make_organisation()
    make_statement(ann, organisation=make_organisation("Aberwen"))
    client.force_login(ann)
    assert read_publisher(client.get(ADD)) == "Aberwen"


def test_without_a_publisher_the_line_asks_for_one(client, ann):
    make_organisation(), make_organisation("Aberwen")
    client.force_login(ann)
    assert read_publisher(client.get(ADD)) == "Choose who publishes this"


def test_all_publishers_of_a_joint_statement_are_named(client, ann):
    statement = make_statement(ann)
    JointPublisher.objects.create(
        statement=statement, organisation=make_organisation("Aberwen"), position=0
    )
    client.force_login(ann)
    assert read_publisher(client.get(change_url(statement))) == "Association of Directors, Aberwen"


def test_a_refused_form_shows_the_publisher_that_was_chosen(client, ann):
    statement = make_statement(ann)
    aberwen = make_organisation("Aberwen")
    form = open_form(client, ann, change_url(statement))
    form |= {"organisation": aberwen.pk, "dated_on": "no day"}
    assert read_publisher(client.post(change_url(statement), form)) == "Aberwen"


def test_the_writer_and_the_approver_are_told_for_whom_the_speaker_speaks(client, ann, ed):
    statement = make_statement(ann, organisation=make_organisation("Aberwen"))
    client.force_login(ann)
    findings = client.get(change_url(statement)).context["findings"]
    assert (ADVICE, "id_organisation") in [(row.message, anchor) for row, anchor in findings]
    edition = submit_statement(statement, by=ann)  # it is advice and stops nothing
    client.force_login(ed)
    review = reverse("admin:statements_edition_review", args=[edition.pk])
    confirm = reverse("admin:statements_edition_decide", args=[edition.pk, "approve-now"])
    for url in (review, confirm):
        assert ADVICE in html.unescape(client.get(url).content.decode())
