"""request_erasure and erase: a court order or data protection, by two managers."""

import pytest
from django.contrib.auth.models import User

from statements import workflow
from statements.audit import verification
from statements.content.schema import ERASED
from statements.models import Edition, EditionAttribution, Statement
from statements.published.editions import past_editions, removed_editions
from tests.assertions import assert_denied, assert_refused
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

LATER = NOON + HOUR
WORDS = "Somebody who must not be named"


@pytest.fixture
def mia(db) -> User:
    return make_user("mia", "Manager")


@pytest.fixture
def earlier(ann, ed) -> Edition:
    """Public for an hour, then corrected."""
    statement = make_statement(
        ann, f"{WORDS} speaks", words=f"{WORDS} said so.", summary=f"{WORDS}.", slug="a-slip"
    )
    first = approve_edition(submit_statement(statement, by=ann), by=ed)
    Statement.objects.update(headline="A comment", summary="")
    second = submit_statement(
        rewrite_passage(statement, "Clean.", by=ann), by=ann, amendment="typo"
    )
    approve_edition(second, by=ed, at=LATER, release_at=LATER)
    return first


def asked(edition: Edition, *, by, at=LATER, reason="Order 12/44") -> None:
    workflow.request_erasure(edition, by=by, at=at, reason=reason)


def erased(edition: Edition, *, by, at=LATER, password=PASSWORD) -> None:
    workflow.erase(edition, by=by, at=at, seen_digest=edition.digest, password=password)


def columns(pk: int) -> str:
    return repr(Edition.objects.filter(pk=pk).values_list().get())


def test_two_managers_erase_the_words_from_every_column(earlier, max, mia):
    assert WORDS in columns(earlier.pk)
    asked(earlier, by=max)
    assert str(earlier.events.last()) == "max asked to erase"
    assert earlier.events.last().note == "Order 12/44"
    erased(earlier, by=mia)
    assert WORDS not in columns(earlier.pk)
    left = refetch_edition(earlier)
    assert (left.content, left.headline, left.summary, left.byline) == (ERASED, "[Erased]", "", "")
    assert left.digest == earlier.digest
    assert (left.erasure_asked_by, left.erased_by, left.erased_at) == (max, mia, LATER)
    assert not EditionAttribution.objects.filter(edition=earlier).exists()
    assert (str(earlier.events.last()), earlier.events.last().digest) == (
        "mia erased",
        earlier.digest,
    )
    assert list(removed_editions(at=LATER)) == [earlier]
    assert not past_editions(at=LATER).exists()
    assert list(verification.verify()) == []


def test_the_other_edition_keeps_its_words(earlier, max, mia):
    asked(earlier, by=max)
    erased(earlier, by=mia)
    other = Edition.objects.exclude(pk=earlier.pk).get()
    assert other.content_data["blocks"][0]["paragraphs"] == ["<p>Clean.</p>"]
    assert EditionAttribution.objects.filter(edition=other).count() == 2
    assert Statement.objects.get().headline == "A comment"  # nor is the draft touched


def test_neither_manager_does_it_alone(earlier, max, mia):
    with assert_refused("Nobody has asked for this erasure. It takes two managers: ask first."):
        erased(earlier, by=max)
    asked(earlier, by=max)
    with assert_refused("You asked for this erasure: another manager decides."):
        erased(earlier, by=max)
    with assert_refused("Erasure was asked for already: a second manager decides."):
        asked(earlier, by=mia)


def test_an_editor_erases_nothing(earlier, ed, max):
    with assert_denied("To ask for an erasure you need to be a Manager. Ask a manager."):
        asked(earlier, by=ed)
    asked(earlier, by=max)
    with assert_denied("To erase words you need to be a Manager. Ask a manager."):
        erased(earlier, by=ed)


@pytest.mark.parametrize("reason", ["", "\n", "\0"])
def test_asking_names_the_order(earlier, max, reason):
    with assert_refused("This needs a reason in words. Name the order or the request."):
        asked(earlier, by=max, reason=reason)


def test_the_password_is_asked_again(earlier, max, mia):
    asked(earlier, by=max)
    with assert_refused("That is not your password. Type it again."):
        erased(earlier, by=mia, password="guess")


def test_what_is_erased_stays_erased(earlier, max, mia):
    asked(earlier, by=max)
    erased(earlier, by=mia)
    for again in (asked, erased):
        with assert_refused("These words were erased already."):
            again(refetch_edition(earlier), by=max)
    with assert_refused("These words were taken away already."):
        workflow.suppress(earlier, by=max, at=LATER, reason="Order")


def test_what_is_in_use_is_not_erased(ann, ed, max, mia):
    edition = submit_statement(make_statement(ann), by=ann)
    in_use = "Edition 1 is in use. Withdraw or cancel it first."
    with assert_refused(in_use):
        asked(edition, by=max)
    approve_edition(edition, by=ed, release_at=None)
    with assert_refused(in_use):
        asked(edition, by=max)
    workflow.reschedule(edition, by=ed, at=NOON, seen_digest=edition.digest, release_at=LATER)
    with assert_refused("Edition 1 is scheduled. Cancel it first."):
        asked(edition, by=max, at=NOON)
    with assert_refused(in_use):
        asked(edition, by=max)
    workflow.withdraw(edition, by=ed, at=LATER, kind="notice", notice="Sorry.")
    asked(edition, by=max)
    erased(edition, by=mia)


def test_the_same_words_brought_back_are_not_erased_under_the_readers_eyes(ann, ed, max, mia):
    first = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    workflow.withdraw(first, by=ed, at=LATER, kind="gone", notice="Sorry.")
    asked(first, by=max)
    again = workflow.restore(first, by=ed, at=LATER)
    with assert_refused("Edition 2 is in use. Withdraw or cancel it first."):
        erased(first, by=mia)
    workflow.cancel(again, by=ed, at=LATER)
    erased(first, by=mia)
    erasures = Edition.objects.values_list("content", "erasure_asked_by", "erased_by")
    assert list(erasures) == [(ERASED, max.pk, mia.pk)] * 2
    assert [e.events.filter(action="erased").count() for e in (first, again)] == [1, 1]


def test_a_draft_with_the_same_content_is_emptied(ann, ed, max, mia):
    statement = make_statement(
        ann,
        WORDS,
        words=WORDS,
        summary=WORDS,
        notes_to_editors=f"<p>{WORDS}</p>",
        responds_to_title=WORDS,
        responds_to_url="https://example.org/somebody",
        leftover_text=WORDS,
        public_note=WORDS,
    )
    edition = submit_statement(statement, by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    asked(edition, by=max)
    form = Statement.objects.get()
    erased(edition, by=mia)
    working = Statement.objects.values_list(
        *("headline", "summary", "notes_to_editors", "responds_to_title", "responds_to_url"),
        *("leftover_text", "public_note", "version"),
    ).get()
    assert working == ("[Erased]", "", "", "", "", "", "", form.version + 1)
    assert not statement.passages.exists()
    with pytest.raises(workflow.StaleVersion):
        form.record_save(by=ann, seen_version=form.version)


def test_somebody_elses_screen_erases_nothing(earlier, max, mia):
    asked(earlier, by=max)
    with pytest.raises(workflow.StaleVersion):
        workflow.erase(earlier, by=mia, at=LATER, seen_digest="0" * 64, password=PASSWORD)
