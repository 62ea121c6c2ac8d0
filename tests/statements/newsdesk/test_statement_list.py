"""The list of statements: search in drafts and editions, filters, views and bulk changes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from organisations.models import Contact, Organisation
from statements import workflow
from statements.models import (
    DraftSearchRow,
    Event,
    Passage,
    SavedView,
    SearchRow,
    SearchWord,
    Statement,
    Theme,
)
from statements.search.index import rebuild_index
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    rewrite_passage,
    submit_statement,
)

LIST = "/admin/statements/statement/"


def list_headlines(client, query: str = "") -> list[str]:
    page = client.get(f"{LIST}?{query}").content.decode()
    links = re.findall(r'<p class="headline"[^>]*>(.*?)</p>', page)
    return [strip_tags(link) for link in links]


def search(client, words: str) -> list[str]:
    return list_headlines(client, f"q={words}")


@pytest.fixture
def signed_in(client, ann, frozen):
    frozen(NOON)
    client.force_login(ann)
    return client


# --- Search ---------------------------------------------------------------------------------------


def test_a_draft_is_found_by_its_words_from_the_save_on(signed_in, ann):
    statement = make_statement(ann, "Rooms", words="Warm rooms are no winter policy.")
    assert search(signed_in, "winter") == ["Rooms"]
    rewrite_passage(statement, "Cold rooms in spring.", by=ann)
    assert (search(signed_in, "winter"), search(signed_in, "spring")) == ([], ["Rooms"])


@pytest.mark.parametrize(
    "words",
    ["email", "e-mail", "emails", "covid19", "COVID-19", '"warm rooms"', "hill", "health", "annex"],
)
def test_every_part_is_searched_with_the_spelling_of_the_public_search(signed_in, ann, words):
    statement = make_statement(
        ann, "Rooms", words="Warm rooms by e-mail.", summary="On COVID-19.",
        notes_to_editors="<p>See the annex.</p>",
    )  # fmt: skip
    statement.themes.add(Theme.objects.create(name="Health", slug="health"))
    statement.record_save(by=ann, seen_version=statement.version)
    make_statement(ann, "Another", words="Nothing of it.", organisation=make_organisation("Bees"))
    Passage.objects.filter(statement__headline="Another").update(speaker=None)
    Statement.objects.get(headline="Another").record_save(by=ann, seen_version=2)
    assert search(signed_in, words) == ["Rooms"]


def test_editions_are_found_in_every_state(signed_in, ann, ed, frozen):
    for name in ("review", "scheduled", "public"):
        edition = submit_statement(make_statement(ann, name, words="The same words."), by=ann)
        if name != "review":
            release_at = NOON if name == "public" else NOON + DAY
            approve_edition(edition, by=ed, release_at=release_at)
    assert sorted(search(signed_in, "same")) == ["public", "review", "scheduled"]


def test_words_that_only_the_public_edition_has_are_found_while_the_draft_moves_on(
    signed_in, ann, ed
):
    statement = make_statement(ann, "Rooms", words="Published sentence.")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    assert not DraftSearchRow.objects.filter(statement=statement).exists()
    rewrite_passage(statement, "Rewritten paragraph.", by=ann)
    assert search(signed_in, "published") == search(signed_in, "rewritten") == ["Rooms"]


def test_withdrawn_words_stay_findable_for_the_newsdesk(signed_in, client, ann, ed):
    statement = make_statement(ann, "Rooms", words="A quokka came.")
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    assert client.get("/statements/?q=quokka").content.decode().count("Rooms") > 0
    workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind="gone", notice="Wrong.")
    assert search(signed_in, "quokka") == ["Rooms"]


def test_the_sentence_found_is_marked_with_its_speaker(signed_in, ann):
    make_statement(ann, "Water", words="Boil <b>tap</b> water before you drink it.")
    page = signed_in.get(f"{LIST}?q=drinking").content.decode()
    assert "Boil tap water before you <mark>drink</mark> it." in page
    assert '<span class="small">Dave Hill</span>' in page


def test_a_search_that_finds_nothing_says_where_it_looked(signed_in, ann):
    make_statement(ann)
    page = strip_tags(signed_in.get(f"{LIST}?q=zebra").content.decode())
    assert "No statements contain “zebra”" in page
    assert "We looked in headlines, words, speakers, themes and notes" in page


def test_a_misspelt_search_offers_a_word_that_is_found(signed_in, ann, ed):
    edition = submit_statement(make_statement(ann, words="A quokka came."), by=ann)
    approve_edition(edition, by=ed)
    page = signed_in.get(f"{LIST}?q=quoka").content.decode()
    assert '<a class="button" href="?q=quokka">Search for “quokka”</a>' in page


def test_a_rebuild_indexes_every_draft_again(signed_in, ann, ed):
    make_statement(ann, "Draft", words="A quokka.")
    approve_edition(submit_statement(make_statement(ann, "Public"), by=ann), by=ed)
    rows = list(DraftSearchRow.objects.values_list("pk"))
    DraftSearchRow.objects.all().delete()
    assert search(signed_in, "quokka") == []
    assert list(rebuild_index(at=NOON)) != []
    assert list(DraftSearchRow.objects.values_list("pk")) == rows
    assert search(signed_in, "quokka") == ["Draft"]


def test_a_discarded_draft_is_not_found(signed_in, ann):
    statement = make_statement(ann, "Bin", words="A quokka.")
    Statement.objects.filter(pk=statement.pk).update(discarded_at=NOON, discarded_by=ann)
    assert search(signed_in, "quokka") == []


# --- No leak --------------------------------------------------------------------------------------


def test_unreleased_words_are_in_no_table_that_the_public_search_reads(ann, ed, frozen):
    frozen(NOON)
    make_statement(ann, "Quokka", words="A quokka.")
    submit_statement(make_statement(ann, "Quokka in review", words="A quokka."), by=ann)
    assert not SearchWord.objects.filter(stem__startswith="quokka").exists()
    assert not SearchRow.objects.exists()
    assert DraftSearchRow.objects.count() == 2


PUBLIC_SEARCHES = (
    "/statements/?q=quokka",
    "/statements/?q=quokkka",  # whose spelling would be corrected
    "/statements/?q=quokka&sort=relevance",
    "/check/?q=quokka",
    "/",
)


@pytest.mark.parametrize("address", PUBLIC_SEARCHES)
def test_no_public_page_asks_the_index_of_drafts(
    client, ann, frozen, address, django_assert_max_num_queries
):
    frozen(NOON)
    make_statement(ann, "Secret plan", words="A quokka.")
    with django_assert_max_num_queries(100) as queries:
        page = client.get(address).content.decode()
    assert "Secret plan" not in page
    asked = [q["sql"] for q in queries.captured_queries]
    assert [sql for sql in asked if "draft" in sql.lower()] == []


@pytest.mark.sqlite
def test_words_that_were_put_into_the_index_by_hand_reach_no_public_page(client, ann, frozen):
    """Round the Python: even a row for a public statement changes no public answer."""
    frozen(NOON)
    statement = make_statement(ann)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE statements_draftsearchrow SET words = 'quokka.en' WHERE statement_id = %s",
            [statement.pk],
        )
    client.force_login(ann)
    assert search(client, "quokka") == ["A comment"]
    client.logout()
    for address in PUBLIC_SEARCHES:
        assert "A comment" not in client.get(address).content.decode()


# --- Filters --------------------------------------------------------------------------------------


@pytest.fixture
def archive(signed_in, ann, ed, frozen) -> None:
    """One statement in each status, named after it."""
    make_statement(ann, "draft", kind="letter", language="cy")
    submit_statement(make_statement(ann, "in_review"), by=ann)
    edition = submit_statement(make_statement(ann, "sent_back"), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="No.")
    for name, release_at in (("scheduled", NOON + DAY), ("on_hold", None), ("published", NOON)):
        approve_edition(
            submit_statement(make_statement(ann, name), by=ann), by=ed, release_at=release_at
        )
    edition = approve_edition(submit_statement(make_statement(ann, "withdrawn"), by=ann), by=ed)
    workflow.withdraw(edition, by=ed, at=NOON, kind="gone", notice="Wrong.")
    edition = submit_statement(make_statement(ann, "cancelled"), by=ann)
    workflow.cancel(edition, by=ed, at=NOON)
    frozen(NOON + HOUR)


STATUSES = "draft in_review sent_back scheduled on_hold published withdrawn cancelled".split()


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_filters_to_its_statements(archive, signed_in, status):
    assert list_headlines(signed_in, f"status={status}") == [status]


def test_each_status_has_a_chip_with_its_count(archive, signed_in):
    page = signed_in.get(LIST).content.decode()
    nav = re.search(r'<nav class="chips".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r"> *([A-Z][^<]*) <span class=\"num\">(\d+)", nav) == [
        ("All", "8"),
        *(
            (label, "1")
            for label in (
                *("Draft", "In review", "Sent back", "Scheduled", "On hold", "Published"),
                *("Withdrawn", "Cancelled"),
            )
        ),
    ]


def test_each_row_says_its_status(archive, signed_in):
    page = signed_in.get(LIST).content.decode()
    assert sorted(re.findall(r'<span class="tag \w+">([^<]*)</span>', page)) == [
        *("Cancelled", "Draft", "In review", "On hold", "Published", "Scheduled", "Sent back"),
        "Withdrawn",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=letter", ["draft"]),
        ("language=cy", ["draft"]),
        ("released_from=1+March+2044&released_to=1+March+2044", ["published", "withdrawn"]),
        ("released_from=2044-03-02", ["scheduled"]),
        ("changed_to=31+December+1999", []),
        ("released_from=tomorrow", []),
        ("status=published&kind=letter", []),
        ("organisation=999999", []),
        ("speaker=x", []),
    ],
)
def test_filters_are_parts_of_the_address(archive, signed_in, query, expected):
    assert sorted(list_headlines(signed_in, query)) == expected


def test_rows_filter_by_organisation_speaker_theme_and_author(signed_in, ann, ed):
    first = make_statement(ann, "First")
    second = make_statement(ed, "Second", organisation=make_organisation("Bees"))
    theme = Theme.objects.create(name="Health", slug="health")
    second.themes.add(theme)
    second.passages.update(speaker=make_speaker("Jo Bloggs", role=""), appointment=None)
    bees = Organisation.objects.get(name="Bees")
    speaker = first.passages.get().speaker
    assert list_headlines(signed_in, f"organisation={bees.pk}") == ["Second"]
    assert list_headlines(signed_in, f"speaker={speaker.pk}") == ["First"]
    assert list_headlines(signed_in, f"theme={theme.pk}") == ["Second"]
    assert list_headlines(signed_in, f"writer={ann.pk}") == ["First"]


def test_a_date_that_cannot_be_read_says_how_to_write_it(signed_in):
    page = signed_in.get(f"{LIST}?changed_from=soon").content.decode()
    assert "“soon” is not a date. Write it like 1 December 2026." in page


def test_search_and_filters_hold_together(signed_in, ann):
    make_statement(ann, "Letter", words="A quokka.", kind="letter")
    make_statement(ann, "Comment", words="A quokka.")
    assert list_headlines(signed_in, "q=quokka&kind=letter") == ["Letter"]


def test_needs_me_is_what_the_dashboard_says(archive, client, ed):
    client.force_login(ed)
    assert list_headlines(client, "status=needs_me") == ["in_review"]


@pytest.mark.parametrize("query", ["", "q=words", "status=published", "kind=comment"])
def test_the_list_takes_the_same_queries_however_many_rows(signed_in, ann, ed, query):
    counts = []
    list_headlines(signed_in)  # what a process reads once
    for number in range(3):
        statement = make_statement(ann, f"Number {number}", words="Some words.")
        approve_edition(submit_statement(statement, by=ann), by=ed)
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                assert len(list_headlines(signed_in, query)) == number + 1
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_list_says_how_to_begin(signed_in):
    page = signed_in.get(LIST).content.decode()
    assert "<h3>No statements yet</h3>" in page
    assert "Start from a document you already have, or from a blank page." in page
    assert "Download" not in page


# --- Saved views ----------------------------------------------------------------------------------


def test_a_view_keeps_filters_and_search_for_one_person(signed_in, client, ann, ed):
    response = signed_in.post(
        f"{LIST.replace('statement/', '')}views/save/",
        {"name": "Letters", "query": "q=room&kind=letter&p=3"},
    )
    assert response.url == f"{LIST}?kind=letter&q=room"
    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (ann, "Letters", "kind=letter&q=room")
    assert '<a href="?kind=letter&amp;q=room">Letters</a>' in signed_in.get(LIST).content.decode()
    client.force_login(ed)
    assert "Letters</a>" not in client.get(LIST).content.decode()
    client.post(f"/admin/statements/views/{view.pk}/remove/")
    assert SavedView.objects.filter(pk=view.pk).exists()
    client.force_login(ann)
    client.post(f"/admin/statements/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


# --- Bulk changes ---------------------------------------------------------------------------------


def change(client, change: str, *statements) -> str:
    response = client.post(
        "/admin/statements/change-metadata/",
        {"change": change, "statement": [s.pk for s in statements]},
        follow=True,
    )
    page = response.content.decode()
    messages = re.search(r'<ul class="messagelist">.*?</ul>', page, re.DOTALL)[0]
    return " ".join(strip_tags(messages).split())


def test_a_theme_is_added_to_those_that_lack_it_and_the_rest_is_named(signed_in, ann, ed):
    theme = Theme.objects.create(name="Health", slug="health")
    draft, themed = make_statement(ann, "Draft"), make_statement(ann, "Themed")
    themed.themes.add(theme)  # past the index
    public = make_statement(ann, "Public")
    approve_edition(submit_statement(public, by=ann), by=ed)
    text = change(signed_in, f"add-{theme.pk}", draft, themed, public)
    assert "Changed 1 statement." in text
    assert "Not changed: “Themed” (has this theme already)." in text
    assert "Not changed: “Public” (only editors change what is published)." in text
    assert sorted(s.headline for s in Statement.objects.filter(themes=theme)) == ["Draft", "Themed"]
    assert search(signed_in, "health") == ["Draft"]


def test_each_published_statement_has_an_event_of_its_own(client, ann, ed, frozen):
    frozen(NOON)
    statements = [make_statement(ann, f"Number {n}") for n in range(2)]
    for statement in statements:
        approve_edition(submit_statement(statement, by=ann), by=ed)
    contact = Contact.objects.create(
        name="Press desk", email="press@example.org", organisation=make_organisation()
    )
    client.force_login(ed)
    assert "Changed 2 statements." in change(client, f"contact-{contact.pk}", *statements)
    events = Event.objects.filter(action="shelf_changed")
    assert sorted(events.values_list("statement", "by")) == [(s.pk, ed.pk) for s in statements]
    assert {s.contact for s in Statement.objects.all()} == {contact}


def test_a_bulk_change_without_a_choice_changes_nothing(signed_in, ann):
    assert "Choose what to change." in change(signed_in, "", make_statement(ann))
    theme = Theme.objects.create(name="Health", slug="health")
    assert "Choose at least one statement." in change(signed_in, f"add-{theme.pk}")


def test_nobody_outside_the_newsdesk_changes_anything(client, sam, ann):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.post("/admin/statements/change-metadata/").status_code == 403
