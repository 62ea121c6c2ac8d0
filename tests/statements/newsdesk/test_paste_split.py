"""Test the split of a pasted text by voice: it finds the speakers and saves nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Appointment, Organisation, Speaker
from statements.models import Statement
from tests.cast import make_organisation, make_speaker

pytestmark = pytest.mark.django_db

DAVE = "<p>Dave Hill, President of the Association of Directors, said:</p>"
WORDS = DAVE + "<p>“It is <b>good</b>.</p><p>“And it stays so.”</p>"


def split(client, text: str, **fields):
    url = reverse("admin:statements_statement_split_paste")
    return client.post(url, {"text": text, **fields}).json()


def test_a_known_speaker_is_matched_with_the_role(client, ann):
    dave = make_speaker()
    client.force_login(ann)
    assert split(client, WORDS) == {
        "sentence": "This looks like one passage by Dave Hill.",
        "messages": [],
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


def test_an_unknown_speaker_gets_a_message_and_is_not_added(client, ann):
    client.force_login(ann)
    answer = split(client, WORDS)
    (passage,) = answer["passages"]
    assert (passage["speaker"], passage["appointment"]) == (None, None)
    assert passage["attribution"] == DAVE[3:-4]
    assert passage["body"] == "<p>“It is <strong>good</strong>.</p>\n<p>“And it stays so.”</p>"
    assert answer["messages"] == [
        "Dave Hill is not among the speakers, so nobody is chosen: the line before the words "
        "stays. Choose or add the speaker."
    ]
    models = (Speaker, Appointment, Organisation, Statement)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]


def test_a_role_at_another_organisation_is_not_chosen(client, ann):
    make_organisation()
    make_speaker(organisation=make_organisation("Council of Bodies"))
    client.force_login(ann)
    (passage,) = split(client, WORDS)["passages"]
    assert passage["speaker"]["text"] == "Dave Hill"
    assert passage["appointment"] is None
    assert passage["attribution"] == DAVE[3:-4]


@pytest.mark.parametrize(
    "text", ["", "<p>One.</p><p>Two.</p>", "<p>“Nobody says who.”</p>", "x" * 200_000, "\0"]
)
def test_one_passage_is_not_split(client, ann, text):
    client.force_login(ann)
    assert split(client, text)["passages"] == []


def test_an_unknown_language_is_no_error(client, ann):
    make_speaker()
    client.force_login(ann)
    assert len(split(client, WORDS, language="x\0y")["passages"]) == 1


def test_only_the_newsdesk_posts_here(client, ann, sam):
    url = reverse("admin:statements_statement_split_paste")
    client.force_login(ann)
    assert client.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann)
    assert strict.post(url, {"text": WORDS}).status_code == 403
    client.force_login(sam)
    assert client.post(url, {"text": WORDS}).status_code == 302
