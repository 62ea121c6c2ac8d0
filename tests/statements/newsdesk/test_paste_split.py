"""What the form is told of words that were pasted: who speaks, and nothing is written."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Appointment, Organisation, Speaker
from statements.models import Statement
from tests.cast import make_organisation, make_speaker

pytestmark = pytest.mark.django_db

DAVE = "<p>Dave Hill, President of the Association of Directors, said:</p>"
WORDS = DAVE + "<p>“It is <b>good</b>.</p><p>“And it stays so.”</p>"


def asked(client, words: str, **more):
    return client.post(
        reverse("admin:statements_statement_pasted"), {"words": words, **more}
    ).json()


def test_somebody_on_the_books_is_matched_with_the_role(client, ann):
    dave = make_speaker()
    client.force_login(ann)
    assert asked(client, WORDS) == {
        "sentence": "This looks like one passage by Dave Hill.",
        "told": [],
        "passages": [
            {
                "heading": "",
                "attribution": "",  # the page writes the same line by itself
                "speaker": {"id": dave.pk, "text": "Dave Hill"},
                "appointment": {
                    "id": dave.appointments.get().pk,
                    "text": str(dave.appointments.get()),
                },
                "body": "<p>It is <strong>good</strong>.</p>\n<p>And it stays so.</p>",
            }
        ],
    }


def test_somebody_who_is_not_is_told_and_not_made(client, ann):
    client.force_login(ann)
    answer = asked(client, WORDS)
    (passage,) = answer["passages"]
    assert (passage["speaker"], passage["appointment"]) == (None, None)
    assert passage["attribution"] == DAVE[3:-4]
    assert passage["body"] == "<p>“It is <strong>good</strong>.</p>\n<p>“And it stays so.”</p>"
    assert answer["told"] == [
        "Dave Hill is not among the speakers, so nobody is chosen: the line before the words "
        "stays. Choose or add the speaker."
    ]
    models = (Speaker, Appointment, Organisation, Statement)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]


def test_a_role_at_another_body_is_not_taken(client, ann):
    make_organisation()
    make_speaker(organisation=make_organisation("Council of Bodies"))
    client.force_login(ann)
    (passage,) = asked(client, WORDS)["passages"]
    assert passage["speaker"]["text"] == "Dave Hill"
    assert passage["appointment"] is None
    assert passage["attribution"] == DAVE[3:-4]


@pytest.mark.parametrize(
    "words", ["", "<p>One.</p><p>Two.</p>", "<p>“Nobody says who.”</p>", "x" * 200_000, "\0"]
)
def test_words_that_are_one_are_not_split(client, ann, words):
    client.force_login(ann)
    assert asked(client, words)["passages"] == []


def test_a_language_that_is_none_is_no_error(client, ann):
    make_speaker()
    client.force_login(ann)
    assert len(asked(client, WORDS, language="x\0y")["passages"]) == 1


def test_who_may_ask_and_how(client, ann, sam):
    address = reverse("admin:statements_statement_pasted")
    client.force_login(ann)
    assert client.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann)
    assert strict.post(address, {"words": WORDS}).status_code == 403
    client.force_login(sam)
    assert client.post(address, {"words": WORDS}).status_code == 302
