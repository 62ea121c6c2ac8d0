"""The page of an erasure says what goes, what stays, and until when copies have the words."""

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Edition
from statements.newsdesk.erasure_consequences import describe_erased_content
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import PDF, attach_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def cancelled(ann) -> Edition:
    edition = submit_statement(make_statement(ann, "Some words", slug="some-words"), by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    return refetch_edition(edition)


def test_it_says_what_goes(cancelled):
    assert describe_erased_content(cancelled) == [
        "Once it is decided, the words of edition 1 are erased: headline, summary, correction "
        "note and all.",
        "The address /statements/some-words/ is erased: if it has been public, it answers that "
        "the words were removed. No statement can have it again.",
        "The draft has the same words: it is emptied.",
        "What may quote the words is emptied as well, on every edition of this statement: remarks, "
        "replies, notes and reasons in the history, unsaved text, and the notice of a withdrawal "
        "of these words. The reason for the erasure stays.",
    ]


def test_it_says_what_stays(ann, ed):
    first = approve_edition(
        submit_statement(make_statement(ann, "Some words", slug="some-words"), by=ann), by=ed
    )
    statement = rewrite_passage(first.statement, "Better words.", by=ann)
    for at in (NOON, NOON):
        submit_statement(statement, by=ann, at=at, amendment="typo")
        statement = rewrite_passage(statement, "Words once more.", by=ann)
    sentences = describe_erased_content(refetch_edition(first))
    assert sentences[1] == (
        "The address /statements/some-words/ stays, because editions 2 and 3 have it."
    )
    assert sentences[2] == (
        "The draft has other words and stays as it is: read it, and take out what has to go."
    )
    assert sentences[-1] == (
        "Editions 2 and 3 have other words and stay, with any correction note: ask for another "
        "erasure if it repeats what has to go."
    )


def test_it_names_files_that_go_and_those_that_another_edition_keeps(ann):
    statement, kept, draft = (make_statement(ann, name) for name in ("Some words", "Kept", "Draft"))
    papers = {"a.pdf": PDF, "b.pdf": PDF + b"%", "c.pdf": PDF + b"%%"}
    for name, data in papers.items():
        attach_file(statement, ann, name, data)
    attach_file(kept, ann, "a.pdf", papers["a.pdf"])
    attach_file(draft, ann, "b.pdf", papers["b.pdf"])
    submit_statement(kept, by=ann)
    edition = submit_statement(statement, by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    assert describe_erased_content(refetch_edition(edition))[3:6] == [
        "The file a.pdf stays, because edition 1 of “Kept” has it too: erase that as well.",
        "2 files are deleted, however often they were uploaded.",
        "The draft of “Draft” loses a file that is deleted.",
    ]


def test_the_page_and_the_message_name_the_day_on_which_backups_lapse(
    client, cancelled, max, ed, frozen, settings
):
    settings.BACKUP_DAYS = 10
    frozen(NOON + HOUR)
    client.force_login(max)
    url = reverse("admin:statements_edition_decide", args=[cancelled.pk, "request-erasure"])
    page = client.get(url).content.decode()
    assert "have the words until 11 March 2044: they are kept for 10 days." in page
