"""A correction starts from the public text, has a kind and a note, and loses nothing."""

import html
import re

import pytest
from django.urls import reverse

from statements.content.reading import canonical_words
from statements.drafting import restore_edition
from statements.models import Edition, StaleVersion, Statement
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
from tests.statements.newsdesk.form_data import change_url, open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(ann, ed, frozen):
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "We welcome it"), by=ann), by=ed)


@pytest.fixture
def page(public) -> str:
    return reverse("admin:statements_statement_correct", args=[public.statement_id])


def find_notice(page: str) -> str:
    match = re.search(r'<section class="notice.*?</section>', page, re.DOTALL)
    notice = re.sub(r"<time.*?</time>", "", match[0]) if match else ""
    # The link to the changes appears only once the edition is public.
    return re.sub(r'(<p class="notice-more">.*?</p>|\s)+', " ", notice)


def words(statement: Statement) -> str:
    return canonical_words(statement.content())


def frozen_words(edition: Edition) -> str:
    return canonical_words(edition.content_data)


@pytest.mark.parametrize("kind", ["typo", "update", "clarification", "correction", "retraction"])
def test_the_previewed_note_is_the_note_that_readers_get(client, frozen, public, ann, ed, kind):
    client.force_login(ann)
    typed = {"amendment": kind, "public_note": "We said <b>5 & 6</b>. It is 7."}
    form = open_form(client, ann, change_url(public.statement)) | typed
    seen = client.post(f"/admin/statements/statement/{public.statement_id}/preview/", form)
    rewrite_passage(public.statement, "It is 7.", by=ann)
    newer = submit_statement(public.statement, by=ann, **typed)
    client.force_login(ed)
    reviewed = client.get(reverse("admin:statements_edition_page", args=[newer.pk]))
    approve_edition(newer, by=ed)
    client.logout()
    readers = client.get(f"/statements/{public.slug}/").content.decode()
    assert (
        find_notice(seen.content.decode())
        == find_notice(readers)
        == find_notice(reviewed.content.decode())
    )
    assert ("5 &amp; 6" in find_notice(readers)) == (kind != "typo")
    assert ("<title>Retracted: We welcome it" in readers) == (kind == "retraction")


def test_a_correction_starts_at_the_form_with_kind_and_note_above_the_words(
    client, public, page, ann
):
    client.force_login(ann)
    form_url = change_url(public.statement)
    assert client.get(page)["Location"] == form_url
    form = open_form(client, ann, form_url)
    client.post(form_url, form | {"amendment": "update", "public_note": " It is 8. "})
    public.statement.refresh_from_db()
    assert (public.statement.amendment, public.statement.public_note) == ("update", "It is 8.")
    shown = client.get(form_url).content.decode()
    assert re.findall(r'name="amendment" value="(\w+)"', shown) == [
        *("typo", "update", "clarification", "correction", "retraction")
    ]
    assert "<b>Updated on release</b>" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {},
            "This statement has been public. Say what kind of change this is: a typo, an update, "
            "a clarification, a correction or a retraction.",
        ),
        (
            {"amendment": "retraction", "public_note": " "},
            "Add a correction note. Say why you take the words back.",
        ),
    ],
)
def test_a_correction_needs_its_kind_and_note(client, public, ann, typed, sentence):
    form = open_form(client, ann, change_url(public.statement))
    form |= {"passages-0-body": "<p>It is 7.</p>", "_submit": "1"}
    answer = client.post(change_url(public.statement), form | typed)
    assert [error.message for error in answer.context["form_errors"]] == [sentence]


def test_unsubmitted_changes_are_shown_and_kept(client, public, page, ann, ed):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    client.force_login(ed)
    shown = html.unescape(client.get(page).content.decode())
    assert "The draft differs from the words on the site" in shown
    assert "Ann changed it last" in shown
    typed = {"seen_version": refetch_edition(public).statement.version}
    answer = client.post(page, typed)
    assert answer.status_code == 422
    client.post(page, typed | {"start_from": "public"})
    statement = refetch_edition(public).statement
    assert words(statement) == frozen_words(public)
    assert statement.leftover_text.startswith(
        "Replaced on 1 March 2044 at 13:00, when Ed restored an earlier edition:\n\nWe welcome it"
    )
    assert "We half welcome the report." in statement.leftover_text
    assert statement.contributions.filter(user=ed).exists()


def test_starting_from_the_draft_keeps_it(client, public, page, ann):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    before = words(refetch_edition(public).statement)
    client.force_login(ann)
    typed = {"start_from": "draft"}
    client.post(page, typed | {"seen_version": refetch_edition(public).statement.version})
    assert words(refetch_edition(public).statement) == before != frozen_words(public)


def test_a_stale_page_starts_nothing(client, public, page, ann):
    seen = refetch_edition(public).statement.version
    rewrite_passage(public.statement, "Somebody else’s.", by=ann)
    client.force_login(ann)
    typed = {"start_from": "public", "seen_version": seen}
    answer = client.post(page, typed)
    assert answer.status_code == 409
    statement = refetch_edition(public).statement
    assert (statement.amendment, statement.leftover_text) == ("", "")
    assert "Somebody else’s." in statement.passages.get().body


def test_a_stranger_starts_no_correction(client, public, page, sam):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(page).status_code == 403


def test_the_statement_and_the_dashboard_link_to_the_correction(client, public, page, ann):
    client.force_login(ann)
    for address in (
        reverse("admin:statements_statement_hub", args=[public.statement_id]),
        reverse("admin:index"),
    ):
        assert f'href="{page}"' in client.get(address).content.decode(), address


# --- Restoring an edition to the draft ------------------------------------------------------------


def test_every_part_of_an_edition_is_restored_exactly(ann, ed):
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
    result = restore_edition.restore_to_draft(
        edition, by=ed, at=NOON + MINUTE, seen_version=statement.version
    )
    assert words(refetch_edition(edition).statement) == frozen_words(edition)
    assert result.messages == ["The replaced draft is kept under “Left out of the draft”."]


def test_a_draft_that_an_edition_has_is_not_kept_twice(public, ann, ed):
    result = restore_edition.restore_to_draft(
        public, by=ed, at=NOON + HOUR, seen_version=refetch_edition(public).statement.version
    )
    assert (result.messages, refetch_edition(public).statement.leftover_text) == ([], "")


def test_a_speaker_who_no_longer_exists_is_named(public, ed):
    speaker = public.statement.passages.get().speaker
    speaker.slug = "somebody-else"
    speaker.save()
    result = restore_edition.restore_to_draft(
        public, by=ed, at=NOON + HOUR, seen_version=refetch_edition(public).statement.version
    )
    assert result.messages[-2:] == [
        "Dave Hill is no longer among the speakers: the words are narration until you choose "
        "who says them.",
        "Not everything is as it was then: speaker changed since.",
    ]


def test_restoring_refuses_a_stale_screen(public, ed):
    version = refetch_edition(public).statement.version
    with pytest.raises(StaleVersion):
        restore_edition.restore_to_draft(public, by=ed, at=NOON, seen_version=version - 1)


def test_the_page_says_what_would_be_lost(client, public, ann, ed):
    rewrite_passage(public.statement, "We half welcome the report.", by=ann)
    client.force_login(ed)
    address = reverse("admin:statements_edition_restore", args=[public.pk])
    assert "The current draft was never submitted." in client.get(address).content.decode()
    client.post(address, {"seen_version": refetch_edition(public).statement.version})
    assert words(refetch_edition(public).statement) == frozen_words(public)
