"""Test remarks: on a passage of a draft or an edition, resolved and reopened, and never outside."""

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Remark
from statements.newsdesk.remarks import build_draft_context, build_edition_context
from statements.signoff import remarks
from tests.cast import (
    NOON,
    approve_edition,
    make_statement,
    rewrite_passage,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, read_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann):
    return make_statement(ann, words="We welcome the report.")


def block_of(statement) -> str:
    return statement.passages.get().block_id


def post(client, person, name: str, pk: int, **data):
    client.force_login(person)
    return client.post(reverse(f"admin:statements_{name}", args=[pk]), data, follow=True)


def describe(context) -> list[tuple[str, str, list[str]]]:
    return [
        (thread.title, thread.excerpt, [row.remark.text for row in thread.rows])
        for thread in context["remark_threads"]
    ]


def test_a_remark_is_pinned_to_a_passage_and_a_version_of_the_draft(client, ann, ed, draft):
    post(client, ed, "statement_remark", draft.pk, text=" Which report? ", block_id=block_of(draft))
    remark = Remark.objects.get()
    assert (remark.statement, remark.edition, remark.version, remark.block_id) == (
        draft,
        None,
        2,
        block_of(draft),
    )
    context = build_draft_context(draft, by=ann)

    assert describe(context) == [
        ("Dave Hill’s quotation", "We welcome the report.", ["Which report?"])
    ]
    row = context["remark_threads"][0].rows[0]
    assert (row.who, row.where, row.resolved) == ("Ed", "version 2", "")


def test_it_follows_its_passage_into_the_review_and_says_where_it_was_made(client, ann, ed, draft):
    remarks.add_draft_remark(draft, by=ed, at=NOON, text="Which one?", block_id=block_of(draft))
    edition = submit_statement(rewrite_passage(draft, "We welcome the plan.", by=ann), by=ann)
    remarks.add_remark(edition, by=ann, at=NOON, text="This one.", block_id=block_of(draft))
    remarks.add_remark(edition, by=ann, at=NOON, text="Ready.")

    assert describe(build_edition_context(edition, by=ann)) == [
        ("On the whole", "", ["Ready."]),
        ("Dave Hill’s quotation", "We welcome the plan.", ["Which one?", "This one."]),
    ]
    client.force_login(ed)
    page = client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    assert "on version 2" in page.content.decode()


def test_a_remark_on_a_passage_that_is_gone_stays(ann, draft):
    remarks.add_draft_remark(draft, by=ann, at=NOON, text="Cut it?", block_id=block_of(draft))
    draft.passages.all().delete()
    draft.record_save(by=ann, seen_version=2)

    assert describe(build_draft_context(draft, by=ann)) == [
        ("On a passage that is no longer there", "", ["Cut it?"])
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"text": " "}, "The remark is empty. Write it first."),
        ({"text": "x" * 10_001}, "That is longer than 10,000 characters. Shorten it."),
        ({"text": "Hm.", "block_id": "f" * 32}, "That passage is gone. Choose another."),
    ],
)
def test_what_is_wrong_with_it_is_said(client, ann, draft, data, message):
    assert read_messages(post(client, ann, "statement_remark", draft.pk, **data)) == [message]
    assert not Remark.objects.exists()


def test_anybody_on_the_newsdesk_resolves_and_reopens_it(client, ann, ed, draft, frozen):
    frozen(NOON)
    remark = remarks.add_draft_remark(draft, by=ann, at=NOON, text="Hm.")
    post(client, ed, "remark_resolve", remark.pk)
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at) == (ed, NOON)
    context = build_draft_context(draft, by=ed)
    assert context["open_remark_count"] == 0
    assert context["remark_threads"][0].rows[0].resolved.startswith("Resolved by You, ")

    post(client, ann, "remark_reopen", remark.pk)
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at) == (None, None)


def test_the_review_leads_back_to_itself_and_the_form_to_the_form(client, ann, draft):
    edition = submit_statement(draft, by=ann)
    remark = remarks.add_remark(edition, by=ann, at=NOON, text="Hm.")
    client.force_login(ann)
    url = reverse("admin:statements_remark_resolve", args=[remark.pk])

    review = reverse("admin:statements_edition_review", args=[edition.pk])
    assert client.post(url, {"back": "review"}).url == f"{review}#remarks"
    assert client.post(url).url == f"{change_url(draft)}#activity"


def test_a_stranger_adds_and_resolves_nothing(client, ann, sam, draft):
    remark = remarks.add_draft_remark(draft, by=ann, at=NOON, text="Hm.")
    sam.is_staff = True
    sam.save()

    assert post(client, sam, "statement_remark", draft.pk, text="Me too").status_code == 403
    assert post(client, sam, "remark_resolve", remark.pk).status_code == 403
    assert Remark.objects.get().resolved_at is None


def test_nobody_remarks_on_what_is_in_the_bin(client, ann, draft):
    remark = remarks.add_draft_remark(draft, by=ann, at=NOON, text="Hm.")
    workflow.discard(draft, by=ann, at=NOON, seen_version=2)

    assert post(client, ann, "statement_remark", draft.pk, text="Me too").status_code == 404
    assert post(client, ann, "remark_resolve", remark.pk).status_code == 403


def test_remarks_are_never_outside(client, ann, ed, draft):
    remarks.add_draft_remark(draft, by=ann, at=NOON, text="Xylophone", block_id=block_of(draft))
    approve_edition(submit_statement(draft, by=ann), by=ed)
    client.force_login(ed)
    public = ["/", "/statements/a-comment/", "/statements/a-comment.txt", "/feeds/statements.json"]

    for address in (*public, "/admin/statements/statement/csv/"):
        assert b"Xylophone" not in b"".join(client.get(address)), address
    review = reverse("admin:statements_edition_review", args=[draft.editions.get().pk])
    assert b"Xylophone" in client.get(review).content


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_queries_for_any_number(ann, draft, count, django_assert_num_queries):
    for number in range(count):
        remark = remarks.add_draft_remark(draft, by=ann, at=NOON, text=f"Remark {number}")
        remarks.resolve_remark(remark, by=ann, at=NOON)
    with django_assert_num_queries(3):  # the version; the remarks; the group
        context = build_draft_context(draft, by=ann)
    assert len(context["remarks"]) == count
