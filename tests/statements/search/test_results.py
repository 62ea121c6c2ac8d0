"""Search finds the same on both databases, in the same order, and shows why."""

import re
from html import unescape

import pytest
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.models import Statement, Theme
from statements.search import backend, results
from statements.workflow import merging
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_speaker,
    make_statement,
    rewrite_passage,
    submit_statement,
)
from tests.hypothesis_profiles import scale_examples

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
QUERIES = {
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
    return approve_edition(submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at)


@pytest.fixture
def record(ann, ed, frozen) -> None:
    housing = Theme.objects.create(name="Social housing", slug="housing")
    for headline, words, day, fields in RECORD:
        themes = [housing] if "Aberwen" in headline else []
        publish(ann, ed, headline, words, at=NOON + day * DAY, themes=themes, **fields)
    frozen(NOON + 30 * DAY)


def search(client, query: str, **filters) -> list[str]:
    """Return the headlines of the first page of results."""
    response = client.get("/statements/", {"q": query} | filters)
    assert response.status_code == 200
    shown = re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a></h3>", response.content.decode())
    return [re.sub(r"</?mark>", "", headline) for headline in shown]


def test_the_shared_questions_have_their_answers(client, record):
    """One test for all, so that the record is written once."""
    answers = {query: search(client, query) for query in QUERIES}

    assert answers == QUERIES


def test_matches_are_marked_and_nothing_typed_becomes_html(client, record):
    page = client.get("/statements/", {"q": 'luxuries "warm words"'}).content.decode()
    typed = client.get("/statements/", {"q": "<script>alert(1)</script> & library"})

    assert (
        'dir="auto">A library is no <mark>luxury</mark>. The room was cold, and '
        "<mark>warm words</mark> help.</p>" in page
    )
    assert "<script>alert" not in typed.content.decode()


def test_compounds_and_numbers_are_found_however_they_are_written(client, ann, ed, frozen):
    """Each pair is written one way in a statement, and searched for in both ways."""
    pairs = [("e-mail", "email"), ("COVID-19", "COVID19"), ("1,000 homes", "1000 homes")]
    found = {}
    for pair in pairs:
        for written in pair:
            publish(ann, ed, f"On {written}", f"We wrote of {written} today.", at=NOON + DAY)
    frozen(NOON + 30 * DAY)
    for pair in pairs:
        both = {f"On {written}" for written in pair}
        for query in (*pair, f'"of {pair[0]}"', f'"{pair[1]}"'):
            found[query] = set(search(client, query)) == both
    assert found == dict.fromkeys(found, True)
    assert search(client, "-email -COVID19 wrote") == ["On 1000 homes", "On 1,000 homes"]

    page = client.get("/statements/", {"q": "email COVID19"}).content.decode()
    assert "<mark>" not in page
    page = client.get("/statements/", {"q": "email"}).content.decode()
    assert "On <mark>e-mail</mark>" in page
    page = client.get("/statements/", {"q": "COVID19"}).content.decode()
    assert "On <mark>COVID-19</mark>" in page
    page = client.get("/statements/", {"q": "1000", "sort": "relevance"}).content.decode()
    assert "On <mark>1,000</mark> homes" in page


@pytest.mark.parametrize("words", ["<b>bold</b> & <mark>", "a < b > c"])
def test_excerpts_escape_the_text(words):
    from statements.search.excerpts import TextMatcher

    matcher = TextMatcher(f"{words} library", "en", [{("librari.en",)}])

    assert str(matcher.highlight()) == f"{escape(words)} <mark>library</mark>"


UNKIND = [
    *("\0", "-", '"', '""', "''", "*", "AND", "NOT", "OR", "NEAR(a b)", "a AND", "(((", "words:x"),
    *("😀", "؟", "مرحبا", "\u202eabc", "%", "_", "\\", "'; DROP TABLE x; --", "a:b", "a | b & !c"),
    *("-library", '-"a b"', "x" * 10_000, "a " * 30, "month:204403", "theme:1", "|", "library\0"),
    *("\ud800", "a'b''c", '"unfinished', "^a", "a*", "{a b} : c", "a <-> b", "\\'", "ﷺ ⒈ ㎏"),
]


def test_no_query_is_too_unkind(client, record):
    statuses = {}
    for query in UNKIND:
        response = client.get("/", {"q": query.encode("utf-8", "surrogatepass")})
        statuses[query] = response.status_code
        if response.status_code == 400:
            assert "at most" in response.content.decode() or "at least" in response.content.decode()

    assert set(statuses.values()) == {200, 400}
    assert statuses["x" * 10_000] == statuses["a " * 30] == 400
    assert statuses["😀"] == statuses["-library"] == 400


@settings(
    max_examples=scale_examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_ask(client, db, query):
    assert client.get("/", {"q": query}).status_code in (200, 400)


def read_suggestion(client, query: str, **filters) -> str:
    page = client.get("/statements/", {"q": query} | filters).content.decode()
    match = re.search(r'Did you mean <a href="([^"]*)">(.*?)</a>', page)
    return unescape(match[2]) if match else ""


def test_a_typing_error_gets_a_suggestion_that_is_public(client, record):
    offers = {
        "libarry": "library",
        "abrewen": "aberwen",
        "warn roooms": "warm room",
        '"warn" library': '"warm" library',
        "-budget lbrary": "-budget library",
        "llyfrgel": "llyfrgell",
        "lendng": "lending",  # which is found by its stem, lend
        "bibliothque": "bibliothèque",
        "huosing": "",  # the name of a theme is no word of a statement
        "zzzzz": "",
        "cat": "",
        "library xylophone": "",
        "library river": "",
    }

    assert {query: read_suggestion(client, query) for query in offers} == offers
    assert read_suggestion(client, "libarry", kind="speech") == ""
    assert read_suggestion(client, "libarry", year="2044") == "library"


def test_filters_combine_with_a_search_and_say_how_many_they_leave(client, record):
    page = client.get("/statements/", {"q": "library", "year": "2044"}).content.decode()

    assert search(client, "aberwen", theme="housing") == ["Floods at Aberwen"]
    assert search(client, "library", theme="housing") == []
    assert search(client, "library", kind="comment", speaker="dave-hill", year="2044") == [
        *QUERIES["library"]
    ]
    assert search(client, "library", kind="speech") == []
    assert search(client, "library", year="2043") == []
    assert "2 statements, the newest first" in page
    assert '<option value="comment">Comment (2)</option>' in page
    assert (
        '?q=library&amp;year=2044&amp;speaker=dave-hill">Dave Hill</a> <span class="number">2'
        in page
    )


def test_the_most_relevant_results_come_first_and_equal_ones_by_date(client, ann, ed, frozen):
    publish(ann, ed, "Buses in the north", "Roads.", at=NOON)
    publish(
        ann, ed, "On transport", "Roads.", at=NOON + HOUR, summary="What buses in the north need."
    )
    publish(ann, ed, "Winter", "Buses in the north are late.", at=NOON + 2 * HOUR)
    publish(ann, ed, "Summer", "In the north buses are late.", at=NOON + 3 * HOUR)
    frozen(NOON + DAY)

    by_date = ["Summer", "Winter", "On transport", "Buses in the north"]
    assert search(client, "buses north") == by_date
    assert search(client, "buses north", sort="relevance") == [
        *("Buses in the north", "On transport", "Summer", "Winter")
    ]


def test_merged_speakers_and_themes_are_found_under_the_one_that_stays(client, record, max):
    homes = Theme.objects.create(name="Homes", slug="homes")
    merging.merge_themes(Theme.objects.get(slug="housing"), homes, by=max, at=NOON + 20 * DAY)
    hill = make_speaker("Sir David Hill")
    merging.merge_speakers(make_speaker(), hill, by=max, at=NOON + 20 * DAY)

    assert search(client, "river", theme="homes") == ["Floods at Aberwen"]
    assert search(client, "homes") == ["Floods at Aberwen"]
    assert search(client, "housing") == []
    assert search(client, "sir david river", speaker="sir-david-hill") == ["Floods at Aberwen"]


def test_pages_of_results_show_each_once_both_ways_and_by_relevance(
    client, ann, ed, frozen, monkeypatch
):
    """The limit is ten in place of a thousand, so that the pages go beyond it."""
    monkeypatch.setattr(results, "MAX_COUNTED_RESULTS", 10)
    monkeypatch.setattr(results, "PAGE_SIZE", 5)
    monkeypatch.setattr(backend, "FIRST_SCAN_ROWS", 3)
    made = [
        publish(ann, ed, f"Number {n:02}", "Bananas.", at=NOON + n * 10 * DAY).headline
        for n in range(23)
    ]
    frozen(NOON + 1000 * DAY)

    down, older = follow_links(client, "/?q=banana", "next")
    up, _ = follow_links(client, older, "prev")
    best, _ = follow_links(client, "/?q=banana&sort=relevance", "next")

    assert down == made[::-1]
    assert sorted(up) == made
    assert best == made[::-1][:10]
    assert "More than 10 statements" in client.get("/?q=banana").content.decode()


def follow_links(client, url: str, rel: str) -> tuple[list[str], str]:
    """Return every headline from this page on, and the URL of the last page."""
    headlines: list[str] = []
    while True:
        page = client.get(url).content.decode()
        shown = re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a></h3>", page)
        headlines += shown
        link = re.search(rf'href="([^"]+)"[^>]*rel="{rel}"', page)
        if not link:
            return headlines, url
        url = unescape(link[1])


# --- A phrase of common words ---------------------------------------------------------------------


def test_a_phrase_of_common_words_is_searched_step_by_step(client, ann, ed, frozen, monkeypatch):
    """The page says how far back it searched, and the reader can go on until the end."""
    monkeypatch.setattr(backend, "FIRST_SCAN_ROWS", 2)
    monkeypatch.setattr(backend, "MAX_PHRASE_SCAN_ROWS", 3)
    monkeypatch.setattr(backend, "MIN_COMMON_ROWS", 0)
    for day in range(9):
        words = "The warm rooms are open." if day in (1, 7) else "Rooms that are warm."
        publish(ann, ed, f"Day {day}", words, at=NOON + day * DAY)
    frozen(NOON + 30 * DAY)

    first = client.get("/statements/", {"q": '"warm rooms"'}).content.decode()
    assert "1 statement since 7 March 2044, the newest first." in unescape(first)
    assert search_further_back(client, '"warm rooms"') == [["Day 7"], [], [], ["Day 1"]]
    assert search(client, '"warm rooms"', sort="relevance") == ["Day 7"]
    assert search(client, "warm rooms")[:2] == ["Day 8", "Day 7"]  # no phrase, no steps


def search_further_back(client, query: str) -> list[list[str]]:
    """Return the headlines of each step further back."""
    steps, cursor = [], {}
    while True:
        steps.append(search(client, query, **cursor))
        page = client.get("/statements/", {"q": query} | cursor).content.decode()
        link = re.search(r"older=([-\w]+)\" rel=\"next\">Look further back than", unescape(page))
        if not link:
            return steps
        cursor = {"older": link[1]}


def test_a_scheduled_edition_does_not_change_how_far_is_searched(
    client, ann, ed, frozen, monkeypatch
):
    monkeypatch.setattr(backend, "FIRST_SCAN_ROWS", 2)
    monkeypatch.setattr(backend, "MAX_PHRASE_SCAN_ROWS", 3)
    monkeypatch.setattr(backend, "MIN_COMMON_ROWS", 0)
    for day in range(6):
        publish(ann, ed, f"Day {day}", "Rooms that are warm.", at=NOON + day * DAY)
    frozen(NOON + 30 * DAY)
    before = client.get("/statements/", {"q": '"warm rooms"'}).content
    assert b"Nothing since 4 March 2044 answers this." in before

    coming = make_statement(ann, "Coming", words="The warm rooms.")
    coming = submit_statement(coming, by=ann, at=NOON + 30 * DAY)
    approve_edition(coming, by=ed, at=NOON + 30 * DAY, release_at=NOON + 31 * DAY)

    assert client.get("/statements/", {"q": '"warm rooms"'}).content == before


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"kind": "comment"},
        {"year": "2044"},
        {"theme": "housing"},
        {"speaker": "dave-hill"},
        {"organisation": "association-of-directors"},
    ],
)
def test_facets_have_counts_while_the_list_is_short(
    client, ann, ed, frozen, monkeypatch, parameters
):
    """Whether it is short is known from the index of its filter, or by counting."""
    monkeypatch.setattr("statements.search.facets.MAX_COUNTED_RESULTS", 2)
    housing = Theme.objects.create(name="Social housing", slug="housing")
    for day in range(3):
        publish(ann, ed, f"Day {day}", "Words.", at=NOON + day * DAY, themes=[housing])
    corrected = rewrite_passage(Statement.objects.get(headline="Day 0"), "Other words.", by=ann)
    amendment = {"amendment": "correction", "public_note": "It said: words."}
    correction = submit_statement(corrected, by=ann, at=NOON + DAY, **amendment)
    approve_edition(correction, by=ed, at=NOON + DAY, release_at=NOON + DAY)
    counted = b'<option value="comment"%s>Comment (2)</option>' % (
        b" selected" if "kind" in parameters else b""
    )

    frozen(NOON + DAY + HOUR)
    assert counted in client.get("/statements/", parameters).content
    frozen(NOON + 2 * DAY)
    page = client.get("/statements/", parameters).content
    assert b'class="number"' not in page
    assert b"(3)" not in page
