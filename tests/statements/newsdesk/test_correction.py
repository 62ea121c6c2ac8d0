"""A correction starts from what is public, says its kind and note, and loses no words."""

import html
import re

import pytest
from django.urls import reverse

from statements.content.schema import canonical, digest_of
from statements.drafting import restore_edition
from statements.models import StaleVersion
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(ann, ed, frozen):
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "We welcome it"), by=ann), by=ed)


@pytest.fixture
def page(public) -> str:
    return reverse("admin:statements_statement_correct", args=[public.statement_id])


def foreseen(answer) -> str:
    frame = re.search(r'srcdoc="(.*?)" title', answer.content.decode(), re.DOTALL)
    assert frame
    return html.unescape(frame[1])


def notice_in(page: str) -> str:
    found = re.search(r'<section class="notice.*?</section>', page, re.DOTALL)
    said = re.sub(r"<time.*?</time>", "", found[0]) if found else ""
    # What changed cannot be led to before it is public.
    return re.sub(r'(<p class="notice-more">.*?</p>|\s)+', " ", said)


def digest(statement) -> str:
    return digest_of(canonical(statement.content()))


@pytest.mark.parametrize("kind", ["typo", "clarification", "correction", "retraction"])
def test_the_note_that_is_foreseen_is_the_note_that_readers_get(
    client, frozen, public, page, ann, ed, kind
):
    client.force_login(ann)
    typed = {"amendment": kind, "public_note": "We said <b>5 & 6</b>. It is 7."}
    seen = client.post(page, typed | {"_preview": "1"})
    rewrite_passage(public.statement, "It is 7.", by=ann)
    newer = submit_statement(public.statement, by=ann, **typed)
    client.force_login(ed)
    reviewed = client.get(reverse("admin:statements_edition_page", args=[newer.pk]))
    approve_edition(newer, by=ed)
    client.logout()
    readers = client.get(f"/statements/{public.slug}/").content.decode()
    assert notice_in(foreseen(seen)) == notice_in(readers) == notice_in(reviewed.content.decode())
    assert ("5 &amp; 6" in notice_in(readers)) == (kind != "typo")
    assert ("<title>Retracted: We welcome it" in readers) == (kind == "retraction")


def test_a_correction_goes_on_to_the_words_with_kind_and_note(client, public, page, ann):
    client.force_login(ann)
    answer = client.post(
        page,
        {
            "amendment": "correction",
            "public_note": " It is 7. ",
            "seen_version": refetch_edition(public).statement.version,
        },
    )
    form = reverse("admin:statements_statement_change", args=[public.statement_id])
    assert (answer.status_code, answer["Location"]) == (302, form)
    public.statement.refresh_from_db()
    assert (public.statement.amendment, public.statement.public_note) == ("correction", "It is 7.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Say what kind of change this is."),
        (
            {"amendment": "retraction", "public_note": " "},
            "A retraction carries a public note: say what was wrong and what is right.",
        ),
    ],
)
def test_a_correction_says_its_kind_and_note(client, public, page, ann, typed, sentence):
    client.force_login(ann)
    answer = client.post(page, typed | {"seen_version": refetch_edition(public).statement.version})
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.content.decode())


def test_changes_that_nobody_submitted_are_shown_and_never_passed_over(
    client, public, page, ann, ed
):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    client.force_login(ed)
    shown = html.unescape(client.get(page).content.decode())
    assert "The working copy says something else by now" in shown
    assert "Ann wrote last" in shown
    typed = {"amendment": "typo", "seen_version": refetch_edition(public).statement.version}
    answer = client.post(page, typed)
    assert answer.status_code == 422
    client.post(page, typed | {"begin_from": "public"})
    statement = refetch_edition(public).statement
    assert digest(statement) == public.digest
    assert statement.leftover_text.startswith(
        "Replaced on 1 March 2044 at 13:00, when Ed restored an earlier edition:\n\nWe welcome it"
    )
    assert "We half welcome the report." in statement.leftover_text
    assert statement.contributions.filter(user=ed).exists()


def test_going_on_from_the_working_copy_keeps_it(client, public, page, ann):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    before = digest(refetch_edition(public).statement)
    client.force_login(ann)
    typed = {"amendment": "typo", "begin_from": "working"}
    client.post(page, typed | {"seen_version": refetch_edition(public).statement.version})
    assert digest(refetch_edition(public).statement) == before != public.digest


@pytest.mark.parametrize("begin_from", ["public", "working"])
def test_a_stale_page_starts_nothing(client, public, page, ann, begin_from):
    seen = refetch_edition(public).statement.version
    rewrite_passage(public.statement, "Somebody else’s.", by=ann)
    client.force_login(ann)
    typed = {"amendment": "typo", "begin_from": begin_from, "seen_version": seen}
    answer = client.post(page, typed)
    assert answer.status_code == 409
    statement = refetch_edition(public).statement
    assert (statement.amendment, statement.leftover_text) == ("", "")
    assert "Somebody else’s." in statement.passages.get().body


def test_who_does_not_write_starts_no_correction(client, public, page, sam):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(page).status_code == 403


def test_the_way_to_a_correction_stands_on_review_form_list_and_front_page(
    client, public, page, ann
):
    client.force_login(ann)
    for address in (
        reverse("admin:statements_edition_review", args=[public.pk]),
        reverse("admin:statements_statement_change", args=[public.statement_id]),
        reverse("admin:statements_statement_changelist"),
        reverse("admin:index"),
    ):
        assert f'href="{page}"' in client.get(address).content.decode(), address


# --- Taking words up again ------------------------------------------------------------------------


def test_every_part_of_an_edition_comes_back_to_the_letter(ann, ed):
    statement = make_statement(
        ann,
        "All of it",
        summary="In short.",
        kind="letter",
        language="cy",
        dated_on=NOON.date(),
        responds_to_title="A report",
        responds_to_url="https://example.org/",
        notes_to_editors="<p>One.</p>\n<p>Two.</p>",
    )
    statement.passages.create(position=1, body="<p>Narration.</p>", heading="A heading")
    statement.passages.create(
        position=2, speaker=make_speaker(), body="<p>More.</p>", attribution="He went on:"
    )
    edition = submit_statement(statement, by=ann)
    statement.refresh_from_db()
    statement.passages.all().delete()
    statement.headline, statement.kind, statement.language = "Other", "comment", "en"
    statement.summary = statement.notes_to_editors = statement.responds_to_url = ""
    statement.dated_on = None
    statement.save()
    taken = restore_edition.restore_to_draft(
        edition, by=ed, at=NOON + MINUTE, seen_version=statement.version
    )
    assert digest(refetch_edition(edition).statement) == edition.digest
    assert taken.messages == ["The replaced draft is kept under “Left over”."]


def test_what_an_edition_holds_is_not_put_aside(public, ann, ed):
    taken = restore_edition.restore_to_draft(
        public, by=ed, at=NOON + HOUR, seen_version=refetch_edition(public).statement.version
    )
    assert (taken.messages, refetch_edition(public).statement.leftover_text) == ([], "")


def test_who_is_no_longer_on_the_books_is_named(public, ed):
    speaker = public.statement.passages.get().speaker
    speaker.slug = "somebody-else"
    speaker.save()
    taken = restore_edition.restore_to_draft(
        public, by=ed, at=NOON + HOUR, seen_version=refetch_edition(public).statement.version
    )
    assert taken.messages[-2:] == [
        "Dave Hill is no longer among the speakers: the words are narration until you choose "
        "who says them.",
        "Not everything is as it was then: speaker changed since.",
    ]


def test_take_up_refuses_a_stale_screen(public, ed):
    version = refetch_edition(public).statement.version
    with pytest.raises(StaleVersion):
        restore_edition.restore_to_draft(public, by=ed, at=NOON, seen_version=version - 1)


def test_the_page_says_what_is_lost_before_it_is(client, public, ann, ed):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    client.force_login(ed)
    address = reverse("admin:statements_edition_take_up", args=[public.pk])
    assert "What it says now was never submitted." in client.get(address).content.decode()
    client.post(address, {"seen_version": refetch_edition(public).statement.version})
    assert digest(refetch_edition(public).statement) == public.digest
