"""What is about the same matter is found in the words, kept, and shown while both are public."""

import pytest
from django.core.management import call_command
from django.db import connection

from statements import workflow
from statements.models import (
    DocumentFrequencies,
    RelatedStatement,
    Suggestion,
    TermPosting,
    TermVector,
    Theme,
)
from statements.published.editions import load_statement_page
from statements.published.statement_context import load_context
from statements.related import tasks, term_vectors
from statements.related.articles import find_related_articles
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db

FOSTERING = "Fostering allowances in Harwick fall behind. Harwick carers ask for fostering pay."
ALIKE = "Harwick pays fostering carers too little, and its allowances show it."
OTHER = "Rural buses in Kelsey stop at six. Kelsey deserves an evening bus."


@pytest.fixture
def publish(ann, ed):
    """Return publish(headline, words, …): public at noon or `at`, and compared with the others."""

    def publish(
        headline, words, *, at=NOON, approved_at=NOON - DAY, compare=True, themes=(), **fields
    ):
        statement = make_statement(ann, headline, words=words, **fields)
        for theme in themes:
            statement.themes.add(Theme.objects.get_or_create(name=theme, slug=theme)[0])
        edition = submit_statement(statement, by=ann, at=approved_at)
        edition = approve_edition(edition, by=ed, at=approved_at, release_at=at)
        if compare:
            tasks.suggest_for_edition(edition, at=approved_at)
        return edition

    return publish


def find_related(edition, at=NOON + HOUR) -> list[tuple[str, str]]:
    opened = load_statement_page(edition)
    context = load_context(opened, at=at)
    return [
        (article.headline, article.reason)
        for article in find_related_articles(opened, context, at=at)
    ]


# --- Suggestions ----------------------------------------------------------------------------------


def test_what_is_alike_stands_first_and_quotes_what_both_have_in_common(publish):
    here = publish("Fostering in Harwick", FOSTERING)
    publish("Buses", OTHER, at=NOON + MINUTE)
    publish("Carers in Harwick", ALIKE, at=NOON - MINUTE)
    assert find_related(here) == [
        ("Carers in Harwick", "About the same matter: Harwick, fostering"),
        ("Buses", "Also by Dave Hill"),
    ]


def test_an_older_page_suggests_the_newer_statement_too(publish):
    older = publish("Carers in Harwick", ALIKE, at=NOON - DAY)
    newer = publish("Fostering in Harwick", FOSTERING)
    assert [headline for headline, _ in find_related(older)] == [newer.headline]
    assert [headline for headline, _ in find_related(newer)] == [older.headline]
    assert find_related(older)[0][1].startswith("About the same matter: ")


def test_themes_and_speakers_do_while_nothing_was_found_yet(publish):
    here = publish("Fostering", FOSTERING, themes=["care"], compare=False)
    publish("Carers", ALIKE, compare=False)
    publish("Buses", OTHER, themes=["care"], compare=False)
    assert find_related(here) == [("Buses", "Also on care"), ("Carers", "Also by Dave Hill")]


def test_a_correction_is_compared_by_its_own_words_from_its_second_on(publish, ann, ed):
    here = publish("Fostering in Harwick", FOSTERING)
    alike = publish("Carers in Harwick", ALIKE)
    rewrite_passage(here.statement, OTHER, by=ann)
    second = submit_statement(
        here.statement, by=ann, amendment="correction", public_note="Wrong text."
    )
    second = approve_edition(second, by=ed, release_at=NOON + 2 * HOUR)
    tasks.suggest_for_edition(second, at=NOON)
    buses = publish("Kelsey buses", OTHER)
    assert {why[:21] for _, why in find_related(here)} == {
        "About the same matter",
        "Also by Dave Hill",
    }
    assert find_related(refetch_edition(second), at=NOON + 2 * HOUR)[0][0] == buses.headline
    assert find_related(alike)[0][1] == "About the same matter: Harwick, carers"


# --- No leak --------------------------------------------------------------------------------------


def get_pages(client, *editions) -> list[bytes]:
    return [client.get(f"/statements/{edition.slug}/").content for edition in editions]


def test_a_neighbour_that_waits_changes_no_byte_before_its_second(client, frozen, publish, ed):
    frozen(NOON + HOUR)
    pages = [publish("Fostering in Harwick", FOSTERING), publish("Carers in Harwick", ALIKE)]
    pages += [publish(f"Fostering again {n}", f"{FOSTERING} Again {n}.") for n in range(3)]
    call_command("update_related", rebuild=True)
    before = get_pages(client, *pages)
    scheduled = publish("Secret Harwick fostering", FOSTERING + ALIKE, at=NOON + 2 * HOUR)
    on_hold = publish("On hold: Harwick fostering", FOSTERING + ALIKE, at=None)
    waiting = get_pages(client, *pages)
    call_command("update_related", rebuild=True)
    rebuilt = get_pages(client, *pages)
    frozen(NOON + 2 * HOUR - MINUTE)
    last_minute = get_pages(client, *pages)
    frozen(NOON + 2 * HOUR)

    assert (waiting, rebuilt, last_minute) == (before, before, before)
    assert Suggestion.objects.filter(to__in=[scheduled, on_hold]).count() > 2
    assert b"Secret Harwick fostering" in get_pages(client, pages[0])[0]
    assert b"On hold: Harwick fostering" not in get_pages(client, pages[0])[0]


def test_many_that_wait_keep_none_that_is_public_from_a_page(publish, monkeypatch):
    """Scheduled editions are more similar than public ones, and more than the limit."""
    monkeypatch.setattr(tasks, "MAX_SUGGESTIONS", 1)
    older = publish("Carers in Harwick", ALIKE)
    for number in range(3):
        publish(f"Waits {number}", f"{FOSTERING} {number}", at=NOON + DAY)
    newer = publish("Fostering in Harwick", FOSTERING)
    assert [headline for headline, _ in find_related(older)] == [newer.headline]
    assert [headline for headline, _ in find_related(newer)] == [older.headline]


def test_how_rare_a_word_is_is_counted_in_public_words_alone(publish, ed):
    publish("Fostering in Harwick", FOSTERING)
    publish("Harwick", ALIKE)
    counted = term_vectors.load_rarity(term_vectors.save_document_frequencies(at=NOON + HOUR))
    publish("Waits", FOSTERING, at=NOON + DAY)
    gone = publish("Gone", FOSTERING)
    workflow.withdraw(gone, by=ed, at=NOON + MINUTE, kind="gone", notice="Sorry.")
    assert (
        term_vectors.load_rarity(term_vectors.save_document_frequencies(at=NOON + HOUR)) == counted
    )


@pytest.mark.parametrize("kind", ["notice", "gone"])
def test_what_was_withdrawn_is_suggested_nowhere_at_once(publish, ed, kind):
    here = publish("Fostering in Harwick", FOSTERING)
    alike = publish("Carers in Harwick", ALIKE)
    assert find_related(here) != []
    workflow.withdraw(alike, by=ed, at=NOON + MINUTE, kind=kind, notice="Sorry.")
    assert find_related(here) == []


def test_nothing_is_count_stored_rows_what_was_erased(frozen, publish, ed, max):
    frozen(NOON + HOUR)
    here = publish("Fostering in Harwick", FOSTERING)
    alike = publish("Carers in Harwick", ALIKE)
    workflow.withdraw(alike, by=ed, at=NOON + MINUTE, kind="notice", notice="An order.")
    workflow.request_erasure(refetch_edition(alike), by=max, at=NOON + MINUTE, reason="The order.")
    other = make_user("mia", "Manager")
    workflow.erase(
        refetch_edition(alike),
        by=other,
        at=NOON + MINUTE,
        seen_digest=alike.digest,
        password=PASSWORD,
    )
    assert _count_stored_rows(alike) == [0, 0, 0, 0]
    assert _count_stored_rows(here)[:2] == [1, 6]
    call_command("update_related")
    assert _count_stored_rows(alike) == [0, 0, 0, 0]
    assert DocumentFrequencies.objects.get().made_at == NOON + HOUR  # and not when it was public


def test_nothing_is_count_stored_rows_what_was_suppressed(publish, ann, ed, max):
    first = publish("Fostering in Harwick", FOSTERING)
    publish("Carers in Harwick", ALIKE)
    rewrite_passage(first.statement, OTHER, by=ann)
    second = submit_statement(first.statement, by=ann, amendment="typo")
    approve_edition(second, by=ed, release_at=NOON + MINUTE)
    assert _count_stored_rows(first)[3] > 0
    workflow.suppress(refetch_edition(first), by=max, at=NOON + HOUR, reason="The order.")
    assert _count_stored_rows(first) == [0, 0, 0, 0]


def _count_stored_rows(edition) -> list[int]:
    return [
        TermVector.objects.filter(edition=edition).count(),
        TermPosting.objects.filter(edition=edition).count(),
        Suggestion.objects.filter(edition=edition).count(),
        Suggestion.objects.filter(to=edition).count(),
    ]


def test_no_word_is_kept_in_letters(publish):
    publish("Fostering in Harwick", FOSTERING)
    publish("Carers in Harwick", ALIKE)
    term_vectors.save_document_frequencies(at=NOON + HOUR)
    rows = [
        str(row).casefold()
        for model in (TermVector, TermPosting, Suggestion, DocumentFrequencies)
        for row in model.objects.values_list()
    ]
    assert len(rows) > 10
    assert [row for row in rows if "harwick" in row or "foster" in row] == []


# --- The command, and what it costs ---------------------------------------------------------------


def test_the_command_finds_what_no_worker_saw_and_then_has_nothing_to_do(frozen, publish, capsys):
    frozen(NOON + HOUR)
    here = publish("Fostering in Harwick", FOSTERING, compare=False)
    publish("Carers in Harwick", ALIKE, compare=False)
    call_command("update_related")
    assert find_related(here)[0][1].startswith("About the same matter: ")
    call_command("update_related")
    output = capsys.readouterr().out.splitlines()
    assert output == [
        "Related articles found for 2 editions.",
        "Related articles found for 0 editions.",
    ]


def test_stopped_anywhere_it_goes_on_where_it_was(publish, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH_EDITIONS", 2)
    pages = [publish(f"Harwick {n}", f"{FOSTERING} {n}", compare=False) for n in range(5)]
    steps = tasks.rebuild_suggestions(at=NOON + HOUR)
    first = [next(steps) for _ in range(4)]
    steps.close()
    rest = list(tasks.rebuild_suggestions(at=NOON + HOUR))
    assert first == [
        ("editions read", 2, 5),
        ("editions read", 4, 5),
        ("editions read", 5, 5),
        ("editions compared", 2, 5),
    ]
    assert rest == [("editions compared", 2, 3), ("editions compared", 3, 3)]
    assert [len(find_related(page)) for page in pages] == [4] * 5
    assert list(tasks.rebuild_suggestions(at=NOON + HOUR)) == []


def test_words_are_counted_anew_when_the_record_has_grown_by_a_tenth(publish):
    publish("Harwick", FOSTERING, compare=False)
    list(tasks.rebuild_suggestions(at=NOON + HOUR))
    before = DocumentFrequencies.objects.get()
    publish("Harwick again", ALIKE, compare=False)
    list(tasks.rebuild_suggestions(at=NOON + HOUR))
    assert (before.public, DocumentFrequencies.objects.get().public) == (1, 2)


def test_what_ended_is_forgotten_in_time(publish, ed):
    here = publish("Fostering in Harwick", FOSTERING)
    alike = publish("Carers in Harwick", ALIKE)
    workflow.withdraw(alike, by=ed, at=NOON + MINUTE, kind="gone", notice="Sorry.")
    list(tasks.rebuild_suggestions(at=NOON + HOUR))
    assert (_count_stored_rows(alike), _count_stored_rows(here)[0]) == ([0, 0, 0, 0], 1)


def test_only_rows_of_its_own_are_added_for_a_new_edition(publish):
    pages = [publish(f"Harwick {n}", f"{FOSTERING} {n}") for n in range(3)]
    between = Suggestion.objects.filter(edition__in=pages, to__in=pages)
    before = sorted(between.values_list("edition", "to", "similarity", "shared_spans"))
    publish("Carers in Harwick", ALIKE, at=NOON + DAY)
    assert sorted(between.values_list("edition", "to", "similarity", "shared_spans")) == before
    assert len(before) == 6


def test_approving_asks_the_worker_once_it_is_committed(
    ann, ed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for headline, words in (("Fostering in Harwick", FOSTERING), ("Carers", ALIKE)):
            statement = make_statement(ann, headline, words=words)
            edition = approve_edition(
                submit_statement(statement, by=ann), by=ed, release_at=NOON + DAY
            )
    assert _count_stored_rows(edition)[:2] == [1, len(TermPosting.objects.filter(edition=edition))]
    assert Suggestion.objects.filter(edition=edition).exists()


@pytest.mark.parametrize("others", [1, 9])
def test_the_page_costs_seven_queries_whatever_was_found(
    client, frozen, publish, others, django_assert_num_queries
):
    frozen(NOON + HOUR)
    here = publish("Fostering in Harwick", FOSTERING, themes=["a", "b"])
    for number in range(others):
        publish(f"Carers {number}", ALIKE, themes=["a"])
    with django_assert_num_queries(7):
        page = client.get(f"/statements/{here.slug}/").content.decode()
    assert page.count("About the same matter") == min(others, 6)


def test_editors_pin_and_block_what_was_found(publish):
    here = publish("Fostering in Harwick", FOSTERING)
    alike, other = publish("Carers in Harwick", ALIKE), publish("Buses", OTHER)
    RelatedStatement.objects.create(statement=here.statement, to=other.statement)
    assert find_related(here)[0] == ("Buses", "Chosen by the editors")
    RelatedStatement.objects.create(statement=here.statement, to=alike.statement, blocked=True)
    assert find_related(here) == [("Buses", "Chosen by the editors")]


def test_of_a_suggestion_in_two_languages_the_page_shows_the_one_in_its_own(publish):
    here = publish("Fostering in Harwick", FOSTERING)
    alike = publish("Carers in Harwick", ALIKE)
    publish("Harwick gofalwyr", ALIKE, language="cy", translation_of=alike.statement)
    assert [headline for headline, _ in find_related(here)] == ["Carers in Harwick"]


def test_the_database_refuses_a_suggestion_twice_or_to_itself(publish):
    from django.db import IntegrityError, transaction

    one, other = publish("One", FOSTERING), publish("Other", OTHER)
    table = Suggestion._meta.db_table
    insert = (
        f"INSERT INTO {table} (edition_id, to_id, similarity, shared_spans) VALUES (%s, %s, 1, '')"
    )
    for pair in ((one.pk, one.pk), (one.pk, other.pk), (one.pk, other.pk)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(insert, pair)
        except IntegrityError:
            continue
    assert list(Suggestion.objects.values_list("edition", "to")) == [(one.pk, other.pk)]
