"""The pages of a statement, the list and its filters: their text and their queries."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from organisations.models import Contact
from statements import workflow
from statements.models import Passage, RelatedStatement
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


def read(answer) -> str:
    """Return what a reader sees: the page without its tags."""
    return strip_tags(answer.content.decode())


def address(edition, rest="") -> str:
    return f"/statements/{edition.slug}/{rest}"


# --- The detail page ------------------------------------------------------------------------------


def test_the_page_says_who_said_what_in_which_role_and_when(client, publish):
    page = client.get(address(publish("We welcome it"))).content.decode()
    assert page.count("<h1") == 1
    seen = read(client.get("/statements/we-welcome-it/"))
    for words in (
        "We welcome it",
        "Dave Hill",
        "President",
        "Dave Hill, President of the Association of Directors, said:",
        "“We welcome the report.”",
        "1 March 2044",
    ):
        assert words in seen


def test_the_plain_text_is_the_words_and_then_the_facts(client, publish):
    edition = publish("We welcome it")
    words, facts = (
        client.get(f"/statements/{edition.slug}.txt").content.decode().split("\n\n* * *\n\n")
    )
    assert words == (
        "We welcome it\n\nDave Hill, President of the Association of Directors, said:\n\n"
        "“We welcome the report.”"
    )
    assert facts.splitlines()[:2] == [
        "Published by Association of Directors",
        "1 March 2044, 12:00 GMT",
    ]


def test_metadata_is_shown_as_it_is_now(client, publish):
    contact = Contact.objects.create(
        organisation=make_organisation(), name="Press office", phone="020 7946 0101"
    )
    edition = publish(themes=["libraries"], contact=contact)
    Contact.objects.update(name="Another office")
    page = client.get(address(edition)).content.decode()
    assert "Another office" in page
    assert 'href="tel:+442079460101"' in page or 'href="tel:02079460101"' in page
    assert 'href="/themes/libraries/"' in page


def test_right_to_left_words_say_so(client, publish):
    page = client.get(address(publish("شدید گرمی", language="ur"))).content.decode()
    assert 'lang="ur" dir="rtl"' in page


def test_the_page_is_stored_nowhere_without_asking_and_sets_no_cookie(client, publish):
    answer = client.get(address(publish()))
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    assert "unsafe" not in answer["Content-Security-Policy"]
    again = client.get(answer.request["PATH_INFO"], headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_beyond_the_last_page_there_is_nothing_further(client, publish):
    edition = publish(themes=["water"])
    for page in (f"/?older={edition.slug}", f"/?newer={edition.slug}", "/themes/water/?older="):
        answer = client.get(page + (edition.slug if page.endswith("=") else ""))
        assert "There is nothing further." in answer.content.decode()
    assert (
        "Nothing has been published" not in client.get(f"/?older={edition.slug}").content.decode()
    )


def test_only_reading_is_allowed(client, publish):
    edition = publish()
    client = Client(enforce_csrf_checks=True)  # a reader needs no cookie
    assert client.post(address(edition)).status_code == 405
    assert client.head(address(edition)).status_code == 200


def test_a_former_slug_redirects_to_the_current_one_for_ever(client, publish, ann, ed):
    edition = publish("Old name")
    statement = edition.statement
    statement.refresh_from_db()
    statement.slug = "new-name"
    statement.save(update_fields=["slug"])
    rewrite_passage(statement, "Other words.", by=ann)
    newer = submit_statement(statement, by=ann, at=NOON + MINUTE, amendment="typo")
    approve_edition(newer, by=ed, at=NOON + MINUTE, release_at=NOON + MINUTE)
    answer = client.get("/statements/old-name/")
    assert (answer.status_code, answer["Location"]) == (301, "/statements/new-name/")


@pytest.mark.parametrize("others", [1, 3])
def test_the_detail_page_costs_seven_queries_whatever_is_around(
    client, publish, others, django_assert_num_queries
):
    edition = publish(themes=["a", "b"])
    for number in range(others):
        publish(f"Other {number}", themes=["a"])
    client.get(address(edition))
    with django_assert_num_queries(7):
        client.get(address(edition))


# --- Editions -------------------------------------------------------------------------------------


@pytest.fixture
def corrected(publish, ann, ed):
    first = publish()
    rewrite_passage(first.statement, "We regret the report.", by=ann)
    second = submit_statement(
        first.statement,
        by=ann,
        at=NOON + MINUTE,
        amendment="correction",
        public_note="It said welcome; regret is right.",
    )
    return approve_edition(second, by=ed, at=NOON + MINUTE, release_at=NOON + MINUTE)


def test_a_correction_carries_its_note_and_the_earlier_wording_can_be_read(client, corrected):
    page = client.get(address(corrected)).content.decode()
    assert "It said welcome; regret is right." in page
    assert "“We regret the report.”" in read(client.get(address(corrected)))
    listed = client.get(address(corrected, "editions/")).content.decode()
    assert "<del" in listed
    assert "“We welcome the report.”" in read(client.get(address(corrected, "editions/1/")))


def test_the_number_of_the_current_edition_redirects_to_it(client, corrected):
    answer = client.get(address(corrected, "editions/2/"))
    assert (answer.status_code, answer["Location"]) == (302, address(corrected))
    assert client.get(address(corrected, "editions/3/")).status_code == 404


def test_suppressed_wording_keeps_its_place_and_loses_its_words(client, corrected, max):
    first = corrected.statement.editions.get(sequence=1)
    workflow.suppress(first, by=max, at=NOON + MINUTE, reason="The order.")
    assert client.get(address(corrected, "editions/1/")).status_code == 410
    listed = client.get(address(corrected, "editions/")).content.decode()
    assert "Earlier wording removed" in listed
    assert "We welcome the report." not in listed


def test_withdrawn_words_are_offered_to_nobody_to_link_share_or_quote(client, publish, ed):
    edition = publish()
    url = f"/statements/{edition.slug}/"
    offers = ("Link to this quotation", 'class="copy"', 'id="share"', "You may quote")
    assert [offer for offer in offers[:3] if offer in client.get(url).text] == list(offers[:3])
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="notice", notice="It was wrong.")
    assert [offer for offer in offers if offer in client.get(url).text] == []


def test_withdrawn_words_stand_under_their_notice_or_are_gone(client, publish, ed):
    edition = publish()
    workflow.withdraw(edition, by=ed, at=NOON + MINUTE, kind="notice", notice="It was wrong.")
    page = client.get(address(edition))
    assert page.status_code == 200
    assert "It was wrong." in page.content.decode()
    assert edition.headline not in client.get("/").content.decode()
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=NOON + MINUTE, kind="gone", notice="Gone now."
    )
    page = client.get(address(edition))
    assert page.status_code == 410
    assert "Gone now." in page.content.decode()
    assert "We welcome the report." not in page.content.decode()


# --- Related articles -----------------------------------------------------------------------------


def related(client, edition) -> list[tuple[str, str]]:
    answer = client.get(address(edition))
    assert answer.status_code == 200
    return [(one.headline, one.reason) for one in _related(edition)]


def _related(edition):
    from statements.published.editions import load_statement_page
    from statements.published.statement_context import load_context
    from statements.related.articles import find_related_articles

    opened = load_statement_page(edition)
    around = load_context(opened, at=NOON + HOUR)
    return find_related_articles(opened, around, at=NOON + HOUR)


def test_related_articles_are_chosen_then_shared_then_newest_and_say_why(client, publish):
    here = publish("Here", themes=["libraries", "reading"])
    publish("One theme", themes=["libraries"], at=NOON - MINUTE)
    publish("Both themes", themes=["libraries", "reading"], at=NOON - DAY)
    publish("Same speaker", at=NOON + MINUTE)
    chosen = publish("Chosen", at=NOON - 2 * DAY)
    RelatedStatement.objects.create(statement=here.statement, to=chosen.statement, position=0)
    assert related(client, here) == [
        ("Chosen", "Chosen by the editors"),
        ("Both themes", "Also on libraries and reading"),
        ("One theme", "Also on libraries"),
        ("Same speaker", "Also by Dave Hill"),
    ]


def test_nothing_is_related_that_is_blocked_itself_or_not_public(client, publish, ann, ed):
    here = publish("Here", themes=["libraries"])
    blocked = publish("Blocked", themes=["libraries"])
    RelatedStatement.objects.create(
        statement=here.statement, to=blocked.statement, blocked=True, position=0
    )
    later = publish("Later", themes=["libraries"], at=NOON + DAY)
    RelatedStatement.objects.create(statement=here.statement, to=later.statement, position=1)
    gone = publish("Gone", themes=["libraries"])
    workflow.withdraw(gone, by=ed, at=NOON + MINUTE, kind="gone", notice="Sorry.")
    submit_statement(make_statement(ann, "In review"), by=ann)
    assert related(client, here) == []


# --- The list -------------------------------------------------------------------------------------


def headlines(client, query="") -> list[str]:
    from statements.search import filters, statement_list

    answer = client.get(f"/statements/{query}")
    assert answer.status_code == 200
    asked = answer.wsgi_request.GET
    wanted = filters.parse_filters(asked, at=NOON + HOUR)
    rows = [row.headline for row in statement_list.load_page(asked, wanted, at=NOON + HOUR).rows]
    assert all(row in answer.content.decode() for row in rows)
    return rows


def test_filters_combine_and_what_nobody_knows_answers_nothing(client, publish):
    publish("First", themes=["libraries"], kind="letter", at=NOON - 2 * DAY)
    publish("Second", themes=["libraries", "reading"], at=NOON - DAY)
    publish("Third", at=NOON)
    assert headlines(client) == ["Third", "Second", "First"]
    assert headlines(client, "?theme=libraries") == ["Second", "First"]
    assert headlines(client, "?theme=libraries&kind=letter") == ["First"]
    assert headlines(client, "?speaker=dave-hill&theme=reading") == ["Second"]
    assert headlines(client, "?organisation=association-of-directors&year=2044") == [
        "Third",
        "Second",
        "First",
    ]
    for nothing in ("?theme=unknown", "?kind=unknown", "?year=1066x", "?speaker=", "?year=1999"):
        assert headlines(client, nothing) == ([] if nothing != "?speaker=" else headlines(client))


def test_a_speaker_without_public_statements_looks_like_nobody(client, publish):
    publish()
    make_speaker("Silent Sam")
    silent = client.get("/statements/?speaker=silent-sam")
    nobody = client.get("/statements/?speaker=nobody")
    assert (silent.status_code, silent.content) == (nobody.status_code, nobody.content)


@pytest.mark.parametrize(
    "query", ["?", "?theme=libraries&", "?speaker=dave-hill&theme=libraries&", "?year=2044&"]
)
def test_the_pages_of_a_list_show_each_statement_once_both_ways(client, publish, query):
    from statements.search import filters, statement_list

    made = [publish(f"Number {n:02}", themes=["libraries"]).headline for n in range(45)]
    shown, at = [], NOON + HOUR
    asked = dict(part.split("=") for part in query.strip("?&").split("&") if part)
    wanted = filters.parse_filters(asked, at=at)
    page = statement_list.load_page(asked, wanted, at=at)
    while True:
        shown += [row.headline for row in page.rows]
        if not page.older:
            break
        last = page
        page = statement_list.load_page(asked | {"older": page.rows[-1].slug}, wanted, at=at)
    assert shown == made[::-1]
    back = statement_list.load_page(asked | {"newer": page.rows[0].slug}, wanted, at=at)
    assert [row.id for row in back.rows] == [row.id for row in last.rows]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("query", ["", "?theme=libraries&speaker=dave-hill", "?year=2044"])
def test_a_list_costs_at_most_five_queries_for_any_number_of_rows(
    client, publish, rows, query, django_assert_max_num_queries
):
    for number in range(rows):
        publish(f"Number {number}", themes=["libraries"])
    with django_assert_max_num_queries(5):
        client.get(f"/statements/{query}")


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "?year=0001",
        "?year=9999",
        "?year=1000",
        "?year=2999",
        "?year=٢٠٢٤",
        "?kind=%00",
        "?theme=%00",
        "?speaker=" + "x" * 5000,
        "?older=%00",
        "?older=nothing",
        "?newer=" + "x" * 500,
        "?older=a&newer=b",
        "?organisation=%F0%9F%98%80",
        "?%FF=%FE",
        "?theme=a&theme=b",
    ],
)
def test_no_question_breaks_the_list(client, publish, query):
    publish()
    assert client.get(f"/statements/{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/statements/%00/",
        "/statements/" + "x" * 3000 + "/",
        "/statements/a/editions/0/",
        "/statements/a-comment/editions/99999999999999999999999/",
        "/statements/%D9%A1/",
        "/statements/a-comment.txt.txt",
    ],
)
def test_no_address_breaks_a_page(client, publish, path):
    publish()
    assert client.get(path).status_code in (301, 404)


def test_the_longest_headline_is_shown_whole(client, publish):
    headline = "Wording " * 36 + "to the end"
    assert headline in client.get(address(publish(headline))).content.decode()


def test_a_passage_without_a_speaker_is_narration(client, publish, ann, ed):
    statement = make_statement(ann, "With narration")
    Passage.objects.create(statement=statement, body="<p>The council met.</p>", position=1)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    page = client.get(address(edition)).content.decode()
    assert "The council met." in page
    assert "“The council met." not in page
