"""What an erasure does to each place, and what it leaves."""

import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from statements import workflow
from statements.models import (
    Autosave,
    DocumentFrequencies,
    Edition,
    Fingerprints,
    LinkCheck,
    Passage,
    SearchRow,
    SearchWord,
    Statement,
    StatementSlug,
    Suggestion,
    TermPosting,
    TermVector,
    Withdrawal,
)
from statements.published.editions import ERASED_NOTICE
from statements.related.tasks import rebuild_suggestions
from statements.workflow import slugs
from tests.assertions import assert_database_refuses, assert_refused
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, open_form

pytestmark = pytest.mark.django_db
LATER, LATEST = NOON + HOUR, NOON + DAY
SENTENCE = "The zebrafinkzq sang to the whole council on Thursday."


@pytest.fixture
def mia(db) -> User:
    return make_user("mia", "Manager")


@pytest.fixture
def erase(max, mia):
    def run(edition: Edition, *, at=LATEST) -> None:
        workflow.request_erasure(refetch_edition(edition), by=max, at=at, reason="Order 12/44")
        workflow.erase(
            refetch_edition(edition), by=mia, at=at, seen_digest=edition.digest, password=PASSWORD
        )

    return run


@pytest.fixture
def gone(ann, ed) -> Edition:
    """Public for an hour, then taken away with a notice that repeats the words."""
    statement = make_statement(ann, "Zebrafinkzq speaks", words=SENTENCE)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    workflow.withdraw(edition, by=ed, at=LATER, kind="gone", notice="Zebrafinkzq was wrong.")
    return refetch_edition(edition)


def corrected(edition: Edition, *, ann, ed, **fields) -> Edition:
    """The next edition, public at LATER, with other words and the same address unless given."""
    statement = rewrite_passage(edition.statement, "Better words.", by=ann)
    Statement.objects.filter(pk=statement.pk).update(headline="Another headline", **fields)
    second = submit_statement(statement, by=ann, at=NOON, amendment="typo")
    return approve_edition(second, by=ed, at=NOON, release_at=LATER)


# --- The address ----------------------------------------------------------------------------------


def test_an_erased_address_is_unreadable_and_answers_410(gone, erase, client, frozen):
    frozen(LATEST)
    assert (
        "Zebrafinkzq was wrong." in client.get("/statements/zebrafinkzq-speaks/").content.decode()
    )
    erase(gone)
    (address,) = StatementSlug.objects.all()
    assert (len(address.slug), address.erased_at) == (64, LATEST)
    assert (refetch_edition(gone).slug, Statement.objects.get().slug) == ("", "")
    for page in ("", "editions/", "editions/1/"):
        answer = client.get(f"/statements/zebrafinkzq-speaks/{page}")
        assert (answer.status_code, ERASED_NOTICE in answer.content.decode()) == (410, True)
        assert "zebrafinkzq" not in answer.content.decode().lower()
    text = client.get("/statements/zebrafinkzq-speaks.txt")
    assert (text.status_code, text.content.decode()) == (410, ERASED_NOTICE + "\n")
    assert client.get(f"/statements/{address.slug}/").status_code == 404


def test_an_erased_address_that_was_never_public_answers_404(ann, erase, client, frozen):
    edition = submit_statement(make_statement(ann, "Zebrafinkzq speaks"), by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    erase(edition)
    frozen(LATEST)
    never, erased = (client.get(f"/statements/{slug}/") for slug in ("never", "zebrafinkzq-speaks"))
    assert (erased.status_code, erased.content) == (404, never.content)


def test_an_address_stays_while_another_edition_has_it(ann, ed, erase, client, frozen):
    first = approve_edition(submit_statement(make_statement(ann, slug="here"), by=ann), by=ed)
    corrected(first, ann=ann, ed=ed)
    erase(first)
    frozen(LATEST)
    assert client.get("/statements/here/").status_code == 200
    assert [address.slug for address in StatementSlug.objects.all()] == ["here"]


def test_a_former_address_leads_nowhere_once_it_is_erased(ann, ed, erase, client, frozen):
    first = approve_edition(submit_statement(make_statement(ann, slug="here"), by=ann), by=ed)
    corrected(first, ann=ann, ed=ed, slug="there")
    frozen(LATEST)
    assert client.get("/statements/here/").status_code == 301
    erase(first)
    assert client.get("/statements/here/").status_code == 410
    assert client.get("/statements/there/").status_code == 200


def test_the_address_of_two_editions_goes_with_the_second(ann, ed, erase):
    first = approve_edition(submit_statement(make_statement(ann, slug="here"), by=ann), by=ed)
    second = corrected(first, ann=ann, ed=ed)
    erase(first)
    assert refetch_edition(first).slug == "here"
    workflow.withdraw(second, by=ed, at=LATER + HOUR, kind="gone", notice="Gone.")
    erase(second)
    assert list(Edition.objects.values_list("slug", flat=True)) == ["", ""]
    assert "here" not in StatementSlug.objects.get().slug


def test_sql_erases_an_address_and_changes_none(gone):
    address = StatementSlug.objects.filter(statement=gone.statement)
    hashed = "0" * 64
    for changes in (
        {"slug": "another"},
        {"slug": hashed},
        {"slug": "short", "erased_at": NOON},
        {"statement": make_statement(gone.submitted_by, "Another"), "erased_at": NOON},
    ):
        with assert_database_refuses("An address belongs to its statement for ever."):
            address.update(**changes)
    address.update(slug=hashed, erased_at=NOON)
    for changes in ({"slug": "zebrafinkzq-speaks"}, {"erased_at": None}):
        with assert_database_refuses("An address belongs to its statement for ever."):
            address.update(**changes)


# --- Notices and notes ----------------------------------------------------------------------------


def test_the_notice_of_its_withdrawal_is_emptied(gone, erase, client, frozen):
    erase(gone)
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.notice, withdrawal.target, withdrawal.text_erased_at) == ("", "", LATEST)
    frozen(LATEST)
    for url in ("/corrections/", "/feeds/statements.rss", "/feeds/statements.json"):
        page = client.get(url).content.decode()
        assert (ERASED_NOTICE in page, "ebrafinkzq" in page) == (True, False), url


def test_another_notice_stays_and_leads_no_more_to_the_erased_address(gone, ann, ed, erase):
    other = approve_edition(submit_statement(make_statement(ann, "Other"), by=ann), by=ed)
    workflow.withdraw(other, by=ed, at=LATER, kind="gone", notice="Elsewhere.")
    by_hand = {"notice": "Elsewhere.", "kind": "gone", "from_at": LATER, "by": ed}
    for target in ("/statements/zebrafinkzq-speaks/", "/statements/zebrafinkzq-speaks-2/"):
        Withdrawal.objects.create(
            edition=other, statement=other.statement, target=target, **by_hand
        )
    erase(gone)
    kept = Withdrawal.objects.filter(edition=other).order_by("pk")
    assert list(kept.values_list("notice", "target")) == [
        ("Elsewhere.", ""),
        ("Elsewhere.", ""),
        ("Elsewhere.", "/statements/zebrafinkzq-speaks-2/"),
    ]


def test_sql_empties_a_notice_once_and_changes_none(gone):
    rows = Withdrawal.objects.all()
    for changes in ({"notice": "Sorry."}, {"notice": "", "target": "/x/", "text_erased_at": NOON}):
        with assert_database_refuses("The record of withdrawals never changes."):
            rows.update(**changes)
    rows.update(notice="", text_erased_at=NOON)
    with assert_database_refuses("The record of withdrawals never changes."):
        rows.update(notice="Zebrafinkzq was wrong.")


def test_a_correction_note_goes_with_its_edition(ann, ed, erase):
    first = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    statement = rewrite_passage(first.statement, SENTENCE, by=ann)
    note = {"amendment": "correction", "public_note": "It was the zebrafinkzq."}
    Statement.objects.filter(pk=statement.pk).update(public_note=note["public_note"])
    second = submit_statement(statement, by=ann, at=NOON, **note)
    workflow.cancel(second, by=ann, at=NOON)
    erase(second)
    left = refetch_edition(second)
    assert (left.public_note, left.amendment) == ("", "correction")
    assert Statement.objects.get().public_note == ""


# --- Draft and autosaves --------------------------------------------------------------------------


def test_a_draft_with_other_words_stays_without_what_was_left_over(gone, ann, erase):
    statement = rewrite_passage(gone.statement, "Other words.", by=ann)
    Statement.objects.filter(pk=statement.pk).update(leftover_text=SENTENCE)
    erase(gone)
    draft = Statement.objects.get()
    assert (draft.headline, draft.leftover_text) == ("Zebrafinkzq speaks", "")
    assert (draft.passages.get().body, draft.version) == (
        "<p>Other words.</p>",
        statement.version + 1,
    )


@pytest.mark.parametrize(
    ("typed", "is_emptied"),
    [
        (f"<p>{SENTENCE}</p>", True),
        (f"<p>Before.</p> <p>{SENTENCE.replace(' sang', '  sang')}</p>", True),
        ("<p>The council met on Thursday.</p>", False),
    ],
)
def test_the_autosave_of_a_new_statement_goes_if_it_repeats_the_words(
    gone, ann, erase, typed, is_emptied
):
    data = json.dumps({"headline": ["Something"], "passages-0-body": [typed]})
    Autosave.objects.create(user=ann, key="new", data=data, saved_at=NOON)
    Autosave.objects.create(user=ann, key="own", data=data, saved_at=NOON, statement=gone.statement)
    erase(gone)
    left = [row.data == "" for row in Autosave.objects.order_by("key")]
    assert left == [is_emptied, True]


# --- Copies that were derived ---------------------------------------------------------------------


def test_every_index_is_emptied(ann, ed, erase):
    approve_edition(submit_statement(make_statement(ann, "Kept"), by=ann), by=ed)
    statement = make_statement(ann, "Zebrafinkzq speaks", words=SENTENCE)
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    list(rebuild_suggestions(at=NOON))
    LinkCheck.objects.create(url="https://zebrafinkzq.example/", asked_at=NOON)
    indexes = (SearchRow, Fingerprints, TermVector)
    assert [model.objects.filter(edition=edition).count() for model in indexes] == [1, 1, 1]
    assert SearchWord.objects.filter(stem="zebrafinkzq").exists()
    assert DocumentFrequencies.objects.exists()
    workflow.withdraw(edition, by=ed, at=LATER, kind="gone", notice="Gone.")
    erase(edition)
    for model in (*indexes, TermPosting, Suggestion):
        assert not model.objects.filter(edition=edition).exists()
    assert not Suggestion.objects.filter(to=edition).exists()
    assert not SearchWord.objects.filter(stem="zebrafinkzq").exists()
    assert not DocumentFrequencies.objects.exists()
    assert not LinkCheck.objects.exists()
    list(rebuild_suggestions(at=LATEST))
    assert DocumentFrequencies.objects.get().public == 1


# --- Django's tables ------------------------------------------------------------------------------


def test_messages_that_wait_are_dropped_and_nobody_is_signed_out(gone, erase, client, ann):
    client.force_login(ann)
    waiting = SessionStore(client.session.session_key)
    waiting["_messages"] = '[["Zebrafinkzq speaks was saved."]]'
    waiting.save()
    erase(gone)
    (session,) = (row.get_decoded() for row in Session.objects.all())
    assert (session["_auth_user_id"], "_messages" in session) == (str(ann.pk), False)


def test_errors_of_tasks_are_dropped_and_tasks_stay(gone, erase):
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [7], "kwargs": {}},
        task_path="statements.related.tasks.find_related",
        queue_name="default",
        backend_name="default",
        priority=0,
        run_after=NOON,
        status="FAILED",
        traceback="ValueError: Zebrafinkzq",
    )
    erase(gone)
    task.refresh_from_db()
    assert (task.traceback, task.status, task.args_kwargs["args"]) == ("", "FAILED", [7])


def test_the_admin_log_has_no_words_of_a_statement(client, ann, ed, gone, erase, frozen):
    frozen(NOON)
    other = make_statement(ann, "Other")
    url = change_url(other)
    form = open_form(client, ann, url)
    related = "relations-0-to"
    form |= {related: gone.statement_id, "summary": "A change", "relations-TOTAL_FORMS": "1"}
    assert client.post(url, form).status_code == 302
    (entry,) = LogEntry.objects.all()
    assert (entry.object_repr, entry.change_message, entry.user) == (
        f"Statement {other.pk}",
        "",
        ann,
    )
    LogEntry.objects.create(
        user=ann,
        content_type=ContentType.objects.get_for_model(Statement),
        object_id=str(gone.statement_id),
        object_repr="Zebrafinkzq speaks",
        change_message="From a shell: Zebrafinkzq",
        action_flag=CHANGE,
    )
    erase(gone)
    assert "ebrafinkzq" not in repr(list(LogEntry.objects.values_list()))


def test_sql_never_reads_an_erased_word_back(gone, erase):
    """The trigger allows an erasure, and nothing after it."""
    erase(gone)
    rows = Edition.objects.filter(pk=gone.pk)
    sentence = "The words of an edition never change: submit another edition."
    for changes in (
        {"slug": "zebrafinkzq-speaks"},
        {"public_note": "Zebrafinkzq"},
        {"headline": "Zebrafinkzq"},
    ):
        with assert_database_refuses(sentence):
            rows.update(**changes)


def test_before_its_erasure_no_part_of_an_edition_is_emptied(gone):
    sentence = "The words of an edition never change: submit another edition."
    rows = Edition.objects.filter(pk=gone.pk)
    for column in ("slug", "summary", "byline"):
        if getattr(gone, column):
            with assert_database_refuses(sentence):
                rows.update(**{column: ""})
    with assert_database_refuses(sentence):
        rows.update(public_note="Zebrafinkzq")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM statements_edition WHERE slug <> ''")
        assert cursor.fetchone() == (1,)


# --- An erased address comes back to nobody -------------------------------------------------------


@pytest.fixture
def erased(ann, erase) -> Statement:
    """Cancelled and erased; its address was made from the headline."""
    edition = submit_statement(make_statement(ann, "Zebrafinkzq speaks"), by=ann)
    workflow.cancel(edition, by=ann, at=NOON)
    erase(edition)
    return edition.statement


TAKEN = (
    "The address “zebrafinkzq-speaks” is taken. "
    "Choose another, or leave it empty: then one is made from the headline."
)


def test_no_statement_takes_an_erased_address(ann, erased):
    """Neither another one nor its own, and the sentence is that of any taken address."""
    other = make_statement(ann, "Other", slug="zebrafinkzq-speaks")
    own = rewrite_passage(erased, "", by=ann)
    Passage.objects.create(statement=own, speaker=make_speaker(), body="<p>New words.</p>")
    Statement.objects.filter(pk=own.pk).update(
        headline="New", slug="zebrafinkzq-speaks", organisation=other.organisation
    )
    for statement in (other, own):
        with assert_refused(TAKEN):
            submit_statement(statement, by=ann)


def test_no_address_is_made_that_was_erased(ann, erased):
    edition = submit_statement(make_statement(ann, "Zebrafinkzq speaks"), by=ann)
    assert edition.slug == "zebrafinkzq-speaks-association-of-directors"


def test_an_address_that_is_erased_meanwhile_is_refused_when_it_is_reserved(ann, erased):
    other = make_statement(ann, "Other")
    with assert_refused(TAKEN):
        slugs.reserve_slug(other, "zebrafinkzq-speaks")


def test_the_form_says_that_an_erased_address_is_taken(client, ann, erased, frozen):
    frozen(NOON)
    url = change_url(make_statement(ann, "Other"))
    form = open_form(client, ann, url) | {"slug": "zebrafinkzq-speaks"}
    response = client.post(url, form)
    assert response.context["adminform"].form.errors["slug"] == [TAKEN]


def test_every_edition_and_a_draft_with_the_same_words_go_together(ann, ed, gone, erase):
    """A restored edition has a salt and a digest of its own."""
    restored = workflow.restore(gone, by=ed, at=LATER)
    workflow.cancel(restored, by=ed, at=LATER)
    assert restored.digest != gone.digest
    erase(gone)
    assert list(Edition.objects.values_list("headline", flat=True)) == ["[Erased]"] * 2
    assert Statement.objects.get().headline == "[Erased]"
