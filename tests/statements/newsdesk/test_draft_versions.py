"""Test the versions of a draft: each save is listed, any two are compared, one is restored."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from statements.content.reading import read_content
from statements.models import Autosave, Statement
from statements.newsdesk.draft_versions import PAGE_ROWS
from statements.newsdesk.version_summary import summarise_changes
from tests.cast import NOON, make_statement, rewrite_passage
from tests.statements.newsdesk.form_data import change_url, open_form, read_messages

pytestmark = pytest.mark.django_db


def versions_url(statement: Statement, query: str = "") -> str:
    return reverse("admin:statements_statement_versions", args=[statement.pk]) + query


def read_changes(response) -> list[tuple[str, str]]:
    return [(change.label, str(change.html)) for change in response.context["comparison"].changes]


@pytest.fixture
def draft(ann, ed) -> Statement:
    """Version 2 by ann; then ed shortens the headline (3), and ann changes the words (4)."""
    statement = make_statement(ann, "A comment on the report")
    Statement.objects.filter(pk=statement.pk).update(headline="A comment")
    statement.refresh_from_db()
    statement.record_save(by=ed, seen_version=2)
    return rewrite_passage(statement, "We welcome the plan.", by=ann)


def test_each_save_is_listed_with_person_and_what_changed(client, ann, draft):
    client.force_login(ann)
    rows = client.get(versions_url(draft)).context["rows"]

    assert [(row.key, row.facts.partition(",")[0], row.summary) for row in rows] == [
        ("4", "You", "Dave Hill’s quotation changed."),
        ("3", "Ed", "Headline shortened."),
        ("2", "You", ""),
    ]
    assert [row.can_restore for row in rows] == [False, True, True]


def test_the_last_two_are_compared_unless_two_are_chosen(client, ann, draft):
    client.force_login(ann)
    first = client.get(versions_url(draft))
    assert first.context["comparison"].title == "From version 3 to version 4"
    assert [label for label, _ in read_changes(first)] == ["Words"]

    asked = client.get(versions_url(draft, "?from=2&to=3"))
    assert asked.context["comparison"].title == "From version 2 to version 3"
    assert [label for label, _ in read_changes(asked)] == ["Headline"]
    assert "removed" in read_changes(asked)[0][1]


@pytest.mark.parametrize("query", ["?from=2&to=99", "?from=x&to=", "?to=unsaved&from=2"])
def test_what_is_not_there_is_not_compared(client, ann, draft, query):
    client.force_login(ann)
    assert client.get(versions_url(draft, query)).context["comparison"] is None


def test_restoring_makes_a_new_version_with_the_old_words(client, ann, draft):
    client.force_login(ann)
    page = client.get(versions_url(draft, "?restore=2"))
    assert (page.context["restoration"].next_number, page.context["restoration"].lost_files) == (
        5,
        [],
    )
    url = reverse("admin:statements_statement_restore_version", args=[draft.pk, 2])
    response = client.post(url, {"seen_version": 4}, follow=True)

    assert read_messages(response) == ["The draft has the words of version 2 again."]
    draft.refresh_from_db()
    old, new = (draft.draft_versions.get(version=number) for number in (2, 5))
    assert (draft.version, new.by, new.restored_from) == (5, ann, 2)
    assert read_content(new.text) == read_content(old.text)
    newest = client.get(versions_url(draft)).context["rows"][0]
    assert newest.facts.endswith(". Restored from version 2.")


def test_who_restores_has_a_hand_in_the_words(client, max, draft):
    client.force_login(max)
    client.post(
        reverse("admin:statements_statement_restore_version", args=[draft.pk, 2]),
        {"seen_version": 4},
    )
    assert draft.contributions.filter(user=max, version=5).exists()


def test_what_somebody_saved_in_the_meantime_is_not_replaced(client, ann, draft):
    client.force_login(ann)
    url = reverse("admin:statements_statement_restore_version", args=[draft.pk, 2])
    response = client.post(url, {"seen_version": 3})

    assert response.status_code == 409
    assert response.context["stale"].startswith("Somebody saved this statement after you opened")
    draft.refresh_from_db()
    assert draft.version == 4


def autosave_headline(client, person, statement, headline: str) -> None:
    data = open_form(client, person, change_url(statement)) | {"headline": headline}
    fields = {
        name: [value] if isinstance(value, str | int) else value for name, value in data.items()
    }
    Autosave.objects.create(
        user=person,
        statement=statement,
        key=data["autosave_key"],
        data=json.dumps(fields, default=str),
        saved_at=NOON,
    )


def test_what_is_not_saved_yet_is_listed_compared_and_saved_before_restoring(
    client, ann, ed, draft, frozen
):
    frozen(NOON)
    autosave_headline(client, ann, draft, "A comment not saved")
    page = client.get(versions_url(draft, "?from=4&to=unsaved"))
    assert page.context["rows"][0].title == "Not saved yet"
    assert [label for label, _ in read_changes(page)] == ["Headline"]
    client.force_login(ed)
    assert client.get(versions_url(draft)).context["rows"][0].key == "4"  # nobody else sees it

    client.force_login(ann)
    assert client.get(versions_url(draft, "?restore=2")).context["restoration"].next_number == 6
    url = reverse("admin:statements_statement_restore_version", args=[draft.pk, 2])
    client.post(url, {"seen_version": 4})
    texts = dict(draft.draft_versions.values_list("version", "text"))
    assert read_content(texts[5])["headline"] == "A comment not saved"
    assert read_content(texts[6]) == read_content(texts[2])
    assert not Autosave.objects.exclude(data="").exists()


def test_what_cannot_be_saved_stays_and_nothing_is_restored(client, ann, ed, draft, frozen):
    frozen(NOON)
    autosave_headline(client, ann, draft, "A comment not saved")
    rewrite_passage(draft, "Quicker words.", by=ed)
    client.force_login(ann)
    url = reverse("admin:statements_statement_restore_version", args=[draft.pk, 2])
    response = client.post(url, {"seen_version": 5})

    assert response.status_code == 409
    assert Statement.objects.get().version == 5
    assert Autosave.objects.exclude(data="").exists()


def test_hundreds_of_versions_take_the_queries_of_a_few(client, ann, draft):
    client.force_login(ann)

    def count_queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(versions_url(draft))
        return len(queries)

    count_queries()  # what a process reads once
    few = count_queries()
    for number in range(PAGE_ROWS + 5):
        rewrite_passage(draft, f"Words {number}.", by=ann)

    assert count_queries() == few
    page = client.get(versions_url(draft))
    assert len(page.context["rows"]) == PAGE_ROWS
    older = client.get(versions_url(draft, f"?before={page.context['older']}"))
    assert [row.key for row in older.context["rows"]][-1] == "2"


def test_a_stranger_reads_no_versions(client, sam, draft):
    client.force_login(sam)
    assert client.get(versions_url(draft)).status_code == 302
    sam.is_staff = True
    sam.save()
    assert client.get(versions_url(draft)).status_code == 403


def test_the_summary_names_what_changed():
    block = {"id": "a", "type": "narration", "paragraphs": ["One."], "heading": ""}
    quotation = {"id": "b", "type": "quotation", "speaker": {"name": "Dave Hill"}}
    picture = {"digest": "1", "type": "image/png", "name": "a.png"}
    before = {"headline": "", "blocks": [block, quotation], "files": []}
    after = {"headline": "New", "blocks": [quotation, block], "files": [picture]}
    empty = {"organisations": []}
    from statements.content.schema import FIELDS

    empty |= {field.key: field.type.empty for field in FIELDS}

    def summarise(old: dict, new: dict) -> str:
        return summarise_changes({**empty, **old}, {**empty, **new})

    assert summarise(before, after) == "Headline added. Order changed. Picture added."
    assert summarise(after, before) == "Headline removed. Order changed. Picture removed."
    assert summarise(before, {**before, "blocks": [block]}) == "Dave Hill’s quotation removed."
    assert summarise({**before, "blocks": []}, before) == "2 passages added."
    assert summarise(before, before) == ""
