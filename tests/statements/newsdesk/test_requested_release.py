"""The requested release: typed as local time, and only a request."""

import datetime as dt

import pytest

from statements.models import Statement
from tests.cast import make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url, open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann) -> Statement:
    return make_statement(ann)


def test_a_requested_release_is_local_time_and_part_of_the_edition(client, ann, draft):
    data = open_form(client, ann, change_url(draft)) | {"requested_release_at": "2044-07-01T09:30"}
    client.post(change_url(draft), data | {"_continue": "1"})
    draft.refresh_from_db()
    assert draft.requested_release_at == dt.datetime(2044, 7, 1, 8, 30, tzinfo=dt.UTC)
    assert open_form(client, ann, change_url(draft))["requested_release_at"] == "1 July 2044 09:30"
    assert submit_statement(draft, by=ann).requested_release_at == draft.requested_release_at


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "“soon” is not a date and time. Write it like 12 November 2026 00:01."),
        (
            "2044-03-27T01:30",
            "01:30 on 27 March 2044 does not exist here: the clocks go forward and skip it. "
            "Choose 00:30 or 02:30.",
        ),
    ],
)
def test_a_requested_release_that_is_not_a_time_gets_a_sentence(
    client, ann, draft, typed, sentence
):
    data = open_form(client, ann, change_url(draft)) | {
        "requested_release_at": typed,
        "headline": "Kept",
    }
    answer = client.post(change_url(draft), data | {"_continue": "1"})
    form = answer.context["adminform"].form
    assert (form.errors, form["headline"].value()) == ({"requested_release_at": [sentence]}, "Kept")
    [error] = answer.context["form_errors"]
    assert error == (f"Requested release: {sentence}", "id_requested_release_at")
