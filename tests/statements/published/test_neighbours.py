"""Earlier and later statements by the same speaker, at the end of a page."""

import re

import pytest

from statements import workflow
from statements.caching import versioned_lru
from statements.models import Passage
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_speaker,
    make_statement,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def publish(ann, ed):
    def publish(headline, *, at=NOON, speaker=None, **fields):
        statement = make_statement(ann, headline, **fields)
        if speaker:
            Passage.objects.filter(statement=statement).update(speaker=speaker)
        return approve_edition(
            submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at
        )

    return publish


def get_neighbours(client, edition) -> list[tuple[str, str]]:
    """Return the links of the page: (Earlier or Later by whom, slug)."""
    page = client.get(f"/statements/{edition.slug}/").content.decode()
    nav = re.search(r'<nav class="neighbours".*?</nav>', page, re.DOTALL)
    html = nav[0] if nav else ""
    return re.findall(r'<span>(.*?)</span> <a href="/statements/(.*?)/"', html)


def test_the_nearest_before_and_after_by_the_same_speaker_and_nobody_else(
    client, publish, ann, ed, frozen, django_assert_num_queries
):
    frozen(NOON + HOUR)
    publish("Long before", at=NOON - 2 * DAY)
    publish("Before", at=NOON - DAY)
    publish("Somebody else", at=NOON - HOUR, speaker=make_speaker("Sue Grey"))
    here = publish("Here")
    after = publish("After", at=NOON + MINUTE)
    publish("Tomorrow", at=NOON + DAY)
    submit_statement(make_statement(ann, "In review"), by=ann)
    assert get_neighbours(client, here) == [
        ("Earlier by Dave Hill", "before"),
        ("Later by Dave Hill", "after"),
    ]
    assert get_neighbours(client, after) == [("Earlier by Dave Hill", "here")]
    with django_assert_num_queries(7):
        client.get("/statements/here/")
    workflow.withdraw(after, by=ed, at=NOON + 2 * MINUTE, kind="notice", notice="It was wrong.")
    assert get_neighbours(client, here) == [("Earlier by Dave Hill", "before")]
    assert get_neighbours(client, after) == []


def test_neighbours_are_the_same_whether_or_not_the_newest_of_the_speaker_are_known(
    client, publish, frozen, kept_pages
):
    editions = [publish(f"Number {n}", at=NOON + n // 2 * MINUTE) for n in range(20)]
    frozen(NOON + DAY)
    for edition, earlier, later in zip(editions[1:-1], editions, editions[2:], strict=False):
        versioned_lru.clear_all()
        nearest = [
            ("Earlier by Dave Hill", earlier.slug),
            ("Later by Dave Hill", later.slug),
        ]
        assert get_neighbours(client, edition) == nearest
        versioned_lru.clear_all()
        client.get(f"/statements/{editions[-1].slug}/")
        assert get_neighbours(client, edition) == nearest


def test_what_was_retracted_says_so_wherever_it_is_offered(client, publish, ann, ed, frozen):
    frozen(NOON + DAY)
    claim, here = publish("Claim", at=NOON - DAY), publish("Here")
    statement = rewrite_passage(claim.statement, "It was not so.", by=ann)
    amendment = {"amendment": "retraction", "public_note": "The figures were invented."}
    approve_edition(submit_statement(statement, by=ann, at=NOON, **amendment), by=ed, at=NOON)
    page = client.get(f"/statements/{here.slug}/").content.decode()
    tag = r'<(b|span) class="tag alarm">Retraction</\1>'
    assert re.search(f">Claim</a> {tag}", page)
    assert re.search(f'<p class="kicker">Comment {tag}</p>\\s*<h3[^>]*><a [^>]*>Claim</a>', page)
    earlier = client.get("/statements/claim/editions/1/").content.decode()
    assert earlier.index("The figures were invented.") < earlier.index("We welcome the report.")
    text = client.get("/statements/claim.txt").content.decode()
    assert text.startswith(
        "Retraction, 1 March 2044, 12:00 GMT: The figures were invented.\n\n* * *"
    )


def test_one_second_before_a_statement_its_neighbour_does_not_know_it(client, publish, frozen):
    here = publish("Here")
    publish("Tomorrow", at=NOON + DAY)
    frozen(NOON + DAY - MINUTE / 60)
    assert get_neighbours(client, here) == []
    frozen(NOON + DAY)
    assert get_neighbours(client, here) == [("Later by Dave Hill", "tomorrow")]


def test_a_translation_is_no_neighbour_and_the_one_in_our_language_stands(client, publish, frozen):
    frozen(NOON + HOUR)
    before = publish("Before", at=NOON - DAY)
    publish("Cyn hynny", at=NOON - DAY, language="cy", translation_of=before.statement)
    here = publish("Here")
    yma = publish("Yma", language="cy", translation_of=here.statement)
    assert get_neighbours(client, here) == [("Earlier by Dave Hill", "before")]
    assert get_neighbours(client, yma) == [("Earlier by Dave Hill", "cyn-hynny")]


def test_nobody_speaks_and_nothing_is_offered(client, ann, ed, publish, frozen):
    frozen(NOON + HOUR)
    publish("Before", at=NOON - DAY)
    statement = make_statement(ann, "Narration")
    Passage.objects.filter(statement=statement).update(speaker=None)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    assert get_neighbours(client, edition) == []
