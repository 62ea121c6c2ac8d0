"""Test that a discarded draft is in the bin and nowhere else, and that a duplicate starts again."""

import pytest
from django.urls import reverse

from statements import workflow
from statements.files.storage import store_file
from statements.models import Attachment, Autosave, Remark, Statement, Theme
from tests.cast import NOON, make_statement, make_user, set_amendment, submit_statement
from tests.statements.newsdesk.form_data import LIST, change_url, open_form, read_messages

pytestmark = pytest.mark.django_db
BIN = "/admin/statements/statement/bin/"


def url(name: str, statement: Statement) -> str:
    return reverse(f"admin:statements_statement_{name}", args=[statement.pk])


def discard(statement: Statement, by) -> None:
    workflow.discard(statement, by=by, at=NOON, seen_version=statement.version)


def list_bin(client, person) -> list[str]:
    client.force_login(person)
    return [str(draft.statement) for draft in client.get(BIN).context["drafts"]]


def test_discarding_asks_first_and_then_leads_to_the_bin(client, ann):
    statement = make_statement(ann)
    client.force_login(ann)
    assert "30 days" in client.get(url("discard", statement)).content.decode()
    response = client.post(url("discard", statement), {"seen_version": 2}, follow=True)

    assert read_messages(response) == [
        "The draft is in the bin for 30 days. You can take it back until then."
    ]
    assert list_bin(client, ann) == ["A comment"]


def test_it_is_in_no_list_search_choice_or_dashboard(client, ann):
    statement = make_statement(ann, "Xylophone")
    Autosave.objects.create(
        user=ann,
        key="k" * 16,
        statement=statement,
        data='{"headline": ["Xylophone"]}',
        saved_at=NOON,
    )
    client.force_login(ann)
    choice = (
        "/admin/autocomplete/?app_label=statements&model_name=statement&field_name=translation_of"
    )
    pages = [LIST, f"{LIST}?q=xylophone", f"{LIST}csv/", "/admin/", f"{choice}&term=xylophone"]

    def find() -> list[str]:
        responses = ((page, client.get(page)) for page in pages)
        return [page for page, response in responses if "Xylophone" in b"".join(response).decode()]

    assert find() == pages
    discard(statement, ann)
    assert find() == []
    workflow.take_back(statement, by=ann)
    assert find() == pages


def test_only_its_writers_and_editors_find_it_in_the_bin(client, ann, ed):
    discard(make_statement(ann), ann)

    assert list_bin(client, ann) == list_bin(client, ed) == ["A comment"]
    assert list_bin(client, make_user("bob", "Author")) == []


def test_its_page_says_so_and_offers_to_take_it_back(client, ann):
    statement = make_statement(ann)
    discard(statement, ann)
    client.force_login(ann)
    page = client.get(change_url(statement))
    assert (page.status_code, page.context["title"]) == (200, "This draft was discarded")
    response = client.post(url("take_back", statement), follow=True)

    assert read_messages(response) == ["The draft is back, as it was."]
    assert "adminform" in response.context


def test_what_is_sent_from_an_open_form_is_kept_for_its_writer(client, ann, ed):
    statement = make_statement(ann)
    data = open_form(client, ann, change_url(statement)) | {"headline": "Typed since"}
    discard(statement, ed)
    response = client.post(change_url(statement), data | {"_continue": "1"})

    assert (response.status_code, response.context["is_kept"]) == (409, True)
    assert "Typed since" in Autosave.objects.get(user=ann).data
    statement.refresh_from_db()
    assert (statement.headline, statement.version) == ("A comment", 2)


def test_its_other_pages_are_not_there(client, ann):
    statement = make_statement(ann)
    discard(statement, ann)
    client.force_login(ann)
    for name in ("versions", "duplicate"):
        assert client.get(url(name, statement)).status_code == 404


def test_what_was_submitted_offers_no_discarding(client, ann):
    statement = make_statement(ann)
    submit_statement(statement, by=ann)
    client.force_login(ann)
    assert url("discard", statement) not in client.get(change_url(statement)).content.decode()
    response = client.post(url("discard", statement), {"seen_version": 3})

    assert response.status_code == 422
    assert response.context["problems"] == [
        "This statement was submitted, so it cannot be discarded. Cancel it, or withdraw it."
    ]


def test_a_duplicate_has_the_words_and_none_of_the_dates(client, ann, ed):
    statement = make_statement(ann, summary="Short.", dated_on="2044-03-01", slug="our-comment")
    file = store_file(b"%PDF-1", content_type="application/pdf", by=ann, at=NOON)
    Attachment.objects.create(statement=statement, file=file, name="report.pdf", title="Report")
    statement.themes.add(Theme.objects.create(name="Health"))
    set_amendment(statement, "typo", by=ann)
    Statement.objects.filter(pk=statement.pk).update(
        requested_release_at=NOON, embargo_line="Embargoed", embargo_until=NOON, leftover_text="x"
    )
    Remark.objects.create(
        statement=statement, version=2, by=ann, by_name="ann", at=NOON, text="Hm."
    )
    client.force_login(ed)
    response = client.post(url("duplicate", statement), follow=True)
    draft = Statement.objects.exclude(pk=statement.pk).get()

    assert read_messages(response) == [
        "This is a new draft with the same words. Its dates are empty."
    ]
    old, new = statement.content(), draft.content()
    ids = [[block.pop("id") for block in content["blocks"]] for content in (old, new)]
    assert ids[0] != ids[1]
    assert new == old | {
        "dated_on": "",
        "slug": "a-comment",
        "amendment": "",
        "note": "",
    }
    assert [draft.requested_release_at, draft.embargo_line, draft.embargo_until] == [None, "", None]
    assert [draft.slug, draft.leftover_text, draft.remarks.count()] == ["", "", 0]
    assert draft.attachments.get().file == file
    assert [theme.name for theme in draft.themes.all()] == ["Health"]
    assert [row.user for row in draft.contributions.all()] == [ed]


def test_duplicating_is_a_post_by_the_newsdesk(client, ann, sam):
    statement = make_statement(ann)
    client.force_login(ann)
    assert "Duplicate" in client.get(url("duplicate", statement)).content.decode()
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.post(url("duplicate", statement)).status_code == 403
    assert Statement.objects.count() == 1
