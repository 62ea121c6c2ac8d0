"""Search: what is found, in which order, and how it is shown. The same on both databases."""

import re

import pytest
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.models import Theme
from tests.cast import (
    DAY,
    NOON,
    approved,
    make_statement,
    submitted,
)

# headline, words, day of March 2044, more
RECORD = [
    ("Warm rooms in every library", "Libraries open warm rooms this winter.", 1, {}),
    ("The county budget", "A library is no luxury. The room was cold, and warm words help.", 2, {}),
    ("Floods at Aberwen", "Boil your water. Roads by the river stay shut.", 3, {}),
    ("School buses", "Children’s buses run late; the council’s drivers are few.", 4, {}),
    ("Amser stori", "Mae’r llyfrgell yn agor i’r plant bob bore. Dŵr glân.", 5, {"language": "cy"}),
    ("La bibliothèque", "Les bibliothèques ouvrent. L’eau est rare.", 6, {"language": "fr"}),
    ("O’Brien on e-lending", "E-lending costs £1.2 million, said the minister.", 7, {}),
    ("ਪੁਸਤਕਾਲਾ", "ਪੁਸਤਕਾਲਾ ਖੁੱਲ੍ਹਾ ਹੈ", 8, {"language": "pa"}),
]
QUESTIONS = {
    "library": ["The county budget", "Warm rooms in every library"],
    "LIBRARIES": ["The county budget", "Warm rooms in every library"],
    "warm room": ["The county budget", "Warm rooms in every library"],
    '"warm rooms"': ["Warm rooms in every library"],
    "“warm rooms”": ["Warm rooms in every library"],
    "warm -budget": ["Warm rooms in every library"],
    'library -"warm rooms"': ["The county budget"],
    "the library": ["The county budget", "Warm rooms in every library"],
    '"is no luxury"': ["The county budget"],
    "childrens bus": ["School buses"],
    "children’s": ["School buses"],
    "llyfrgell": ["Amser stori"],
    "llyfrgelloedd": [],
    "dwr": ["Amser stori"],
    "bibliotheques": ["La bibliothèque"],
    "l'eau": ["La bibliothèque"],
    "obrien": ["O’Brien on e-lending"],
    "e-lending": ["O’Brien on e-lending"],
    "£1.2": ["O’Brien on e-lending"],
    "ਪੁਸਤਕਾਲਾ": ["ਪੁਸਤਕਾਲਾ"],
    "Dave Hill river": ["Floods at Aberwen"],
    "President Aberwen": ["Floods at Aberwen"],
    "association of directors aberwen": ["Floods at Aberwen"],
    "housing": ["Floods at Aberwen"],
    "library river": [],
    "xylophone": [],
}


def publish(ann, ed, headline: str, words: str, *, at=NOON, themes=(), **fields):
    statement = make_statement(ann, headline, words=words, **fields)
    statement.themes.add(*themes)
    return approved(submitted(statement, by=ann, at=at), by=ed, at=at, release_at=at)


@pytest.fixture
def record(ann, ed, frozen) -> None:
    housing = Theme.objects.create(name="Social housing", slug="housing")
    for headline, words, day, fields in RECORD:
        themes = [housing] if "Aberwen" in headline else []
        publish(ann, ed, headline, words, at=NOON + day * DAY, themes=themes, **fields)
    frozen(NOON + 30 * DAY)


def headlines(client, query: str, **more) -> list[str]:
    response = client.get("/statements/", {"q": query} | more)
    assert response.status_code == 200
    shown = re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a></h3>", response.content.decode())
    return [re.sub(r"</?mark>", "", headline) for headline in shown]


def test_the_shared_questions_have_their_answers(client, record):
    """In one test, so that the record is written once; run on both databases."""
    answers = {query: headlines(client, query) for query in QUESTIONS}

    assert answers == QUESTIONS


def test_what_answers_is_marked_where_it_stands_and_nothing_typed_is_html(client, record):
    page = client.get("/statements/", {"q": 'luxuries "warm words"'}).content.decode()
    typed = client.get("/statements/", {"q": "<script>alert(1)</script> & library"})

    assert (
        'dir="auto">A library is no <mark>luxury</mark>. The room was cold, and '
        "<mark>warm words</mark> help.</p>" in page
    )
    assert "<script>alert" not in typed.content.decode()


@pytest.mark.parametrize("words", ["<b>bold</b> & <mark>", "a < b > c"])
def test_extracts_escape_the_words(words):
    from statements.public.extracts import Read

    read = Read(f"{words} library", "en", [{("librari.en",)}])

    assert str(read.marked()) == f"{escape(words)} <mark>library</mark>"


UNKIND = [
    *("\0", "-", '"', '""', "''", "*", "AND", "NOT", "OR", "NEAR(a b)", "a AND", "(((", "words:x"),
    *("😀", "؟", "مرحبا", "\u202eabc", "%", "_", "\\", "'; DROP TABLE x; --", "a:b", "a | b & !c"),
    *("-library", '-"a b"', "x" * 10_000, "a " * 30, "month:204403", "theme:1", "|", "library\0"),
    *("\ud800", "a'b''c", '"unfinished', "^a", "a*", "{a b} : c", "a <-> b", "\\'", "ﷺ ⒈ ㎏"),
]


def test_no_query_is_too_unkind(client, record):
    said = {}
    for query in UNKIND:
        response = client.get("/", {"q": query.encode("utf-8", "surrogatepass")})
        said[query] = response.status_code
        if response.status_code == 400:
            assert "at most" in response.content.decode() or "at least" in response.content.decode()

    assert set(said.values()) == {200, 400}
    assert said["x" * 10_000] == said["a " * 30] == said["😀"] == said["-library"] == 400


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_ask(client, db, query):
    assert client.get("/", {"q": query}).status_code in (200, 400)
