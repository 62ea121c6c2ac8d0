"""An objection stands, on later editions too, until that person answers again."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from statements.models import Edition, PreviewLink, SignOff
from statements.objections import find_objections, find_objections_of, find_standing
from statements.signoff import actions
from statements.signoff.subjects import Subject
from tests.cast import HOUR, MINUTE, NOON, make_statement, rewrite_passage, submit_statement

LATER = NOON + HOUR


# --- The rule -------------------------------------------------------------------------------------

REPLIES = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=8)
"""Whether each reply agrees, whether it is to an edition, and its hour."""


def make_reply(pk: int, agrees: bool, is_to_edition: bool, hour: int) -> SignOff:
    about = {"edition_id": 1} if is_to_edition else {"draft_version_id": 1}
    return SignOff(pk=pk, agrees=agrees, given_at=NOON + hour * HOUR, **about)


@given(REPLIES)
def test_an_objection_stands_exactly_until_an_agreement_that_counts(replies):
    rows = [make_reply(pk, *reply) for pk, reply in enumerate(replies, start=1)]
    answered = [
        row
        for row in rows
        if any(
            later.agrees
            and later.pk > row.pk
            and later.given_at >= row.given_at
            and (later.edition_id or not row.edition_id)
            for later in rows
        )
    ]
    expected = [row for row in rows if not row.agrees and row not in answered]
    assert find_standing(rows) == (expected[-1] if expected else None)


@given(REPLIES)
def test_an_agreement_to_a_draft_never_ends_an_objection_to_an_edition(replies):
    objection = make_reply(1, agrees=False, is_to_edition=True, hour=0)
    agreements = [
        make_reply(pk, agrees=True, is_to_edition=False, hour=hour)
        for pk, (_, _, hour) in enumerate(replies, start=2)
    ]
    assert find_standing([objection, *agreements]) == objection


def test_a_call_in_the_same_minute_is_later_and_one_before_is_not():
    objection = make_reply(1, agrees=False, is_to_edition=True, hour=1)
    objection.given_at += dt.timedelta(seconds=40)
    call = make_reply(2, agrees=True, is_to_edition=True, hour=1)
    assert find_standing([objection, call]) is None
    call.given_at -= MINUTE
    assert find_standing([objection, call]) == objection


# --- In the database ------------------------------------------------------------------------------


@pytest.fixture
def edition(db, ann) -> Edition:
    return submit_statement(make_statement(ann, "We welcome it"), by=ann)


def object_to(row, by: User, name: str = "Dame Jane", **person) -> PreviewLink:
    link, _ = actions.request_signoff(row, by=by, at=NOON, name=name, **person)
    reply(link, agrees=False, text="It was a review.")
    return link


def reply(link: PreviewLink, *, agrees: bool, text: str = "") -> SignOff:
    digest = Subject.of(link).digest
    return actions.record_reply(link, at=LATER, seen_digest=digest, agrees=agrees, text=text)


def test_it_says_who_why_when_about_what_and_how_to_reach_them(edition, ann):
    person = {"on_behalf_of": "ADCS", "phone": "020 7946 0218", "email": "jane@example.org"}
    object_to(edition, ann, **person)
    (objection,) = find_objections(edition.statement)
    assert objection.display_name == "Dame Jane (ADCS)"
    assert (objection.words, objection.given_at) == ("It was a review.", LATER)
    assert (objection.subject, objection.edition_id) == ("edition 1", edition.pk)
    assert (objection.phone_href, objection.email) == ("tel:02079460218", "jane@example.org")
    assert objection.recorded_by == ""


def test_it_stays_on_later_editions_until_that_person_answers_again(edition, ann):
    link = object_to(edition, ann)
    object_to(edition, ann, name="Sir John")
    newer = submit_statement(rewrite_passage(edition.statement, "We regret it.", by=ann), by=ann)
    names = [objection.name for objection in find_objections(edition.statement)]
    assert names == ["Dame Jane", "Sir John"]
    again, _ = actions.resend_link(link, to=newer, by=ann, at=LATER)
    reply(again, agrees=True)
    assert [objection.name for objection in find_objections(edition.statement)] == ["Sir John"]


def test_the_reason_is_gone_once_it_was_erased(edition, ann):
    object_to(edition, ann)
    SignOff.objects.update(text="", text_erased_at=LATER)
    (objection,) = find_objections(edition.statement)
    assert objection.words == ""


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_statements_costs_two_queries(
    edition, ann, ed, django_assert_num_queries, count
):
    editions = [edition] + [
        submit_statement(make_statement(ann, f"Another {number}"), by=ann)
        for number in range(count - 1)
    ]
    for each in editions:
        object_to(each, ann)
        object_to(each, ed, name="Sir John")
    quiet = submit_statement(make_statement(ann, "Nobody objects"), by=ann).statement_id
    ids = [each.statement_id for each in editions]
    with django_assert_num_queries(2):
        found = find_objections_of([*ids, quiet])
    assert {pk: len(objections) for pk, objections in found.items()} == dict.fromkeys(ids, 2)
    with django_assert_num_queries(1):
        assert find_objections_of([quiet]) == {}
    with django_assert_num_queries(0):
        assert find_objections_of([]) == {}
