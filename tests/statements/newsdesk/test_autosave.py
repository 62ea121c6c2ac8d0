"""Test autosaves: they belong to one person, and make no version and no contributor."""

import datetime as dt

import pytest

from statements import workflow
from statements.models import Autosave, Contribution, Presence, Statement
from statements.newsdesk import autosave
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    submit_statement,
)
from tests.statements.newsdesk.form_data import ADD, change_url, open_form

pytestmark = pytest.mark.django_db
URL = "/admin/statements/autosave/"


@pytest.fixture
def draft(ann, frozen) -> Statement:
    frozen(NOON)
    return make_statement(ann)


def type_text(client, person, statement, **fields) -> dict:
    """Return what the open form of this person sends by itself after some typing."""
    url = change_url(statement) if statement else ADD
    return open_form(client, person, url) | fields | autosave_fields(person, statement)


def autosave_fields(person, statement) -> dict:
    return {"autosave_user": person.pk, "autosave_statement": statement.pk if statement else ""}


def list_offers(client, person, url) -> list[str]:
    client.force_login(person)
    page = client.get(url).content.decode()
    return [part.split("<")[0] for part in page.split("Your unsaved words, ")[1:]]


def test_typing_is_autosaved_and_changes_nothing_else(client, ann, ed, draft):
    answer = client.post(URL, type_text(client, ed, draft, headline="Half a hea"))
    assert (answer.status_code, answer.json()["is_open"], answer.json()["time"]) == (
        200,
        True,
        "12:00",
    )
    draft.refresh_from_db()
    assert (draft.headline, draft.version) == ("A comment", 2)
    assert [row.user for row in Contribution.objects.all()] == [ann]
    assert autosave.load_post_data(Autosave.objects.get())["headline"] == "Half a hea"


def test_invalid_input_is_autosaved_too(client, ed, draft):
    data = type_text(
        client, ed, draft, organisation="x", dated_on="32 May", slug="\0 ?", headline=""
    )
    del data["passages-TOTAL_FORMS"]
    assert client.post(URL, data).status_code == 200
    pk = Autosave.objects.get().pk
    assert client.post(change_url(draft), {"_restore": pk}).status_code == 200


def test_passwords_tokens_and_buttons_are_not_autosaved(client, ed, draft):
    extra = {"password": PASSWORD, "csrfmiddlewaretoken": "t", "_save": "Save", "save_over": "2-x"}
    client.post(URL, type_text(client, ed, draft, **extra))
    saved = autosave.load_post_data(Autosave.objects.get())
    assert set(saved) & {*extra, "autosave_user", "autosave_key"} == set()


def test_it_is_offered_to_its_writer_alone(client, ann, ed, max, draft):
    client.post(URL, type_text(client, ed, draft, headline="Canary"))
    assert list_offers(client, ed, change_url(draft)) == ["today, 12:00"]
    assert (
        list_offers(client, ann, change_url(draft))
        == list_offers(client, max, change_url(draft))
        == []
    )
    client.force_login(max)
    pk = Autosave.objects.get().pk
    response = client.post(change_url(draft), {"_restore": pk}, follow=True)
    assert "Canary" not in response.content.decode()
    assert client.post(f"{URL}{pk}/discard/").status_code == 404


def test_restoring_it_fills_the_form_and_saves_nothing_yet(client, ed, draft):
    rows = {
        "passages-TOTAL_FORMS": 2,
        "passages-1-body": "<p>A second passage.</p>",
        "passages-1-heading": "New",
    }
    client.post(URL, type_text(client, ed, draft, headline="Half a hea", **rows))
    row = Autosave.objects.get()
    response = client.post(change_url(draft), {"_restore": row.pk})
    form = response.context["adminform"].form
    passages = response.context["inline_admin_formsets"][0].formset
    assert form["headline"].value() == "Half a hea"
    assert form["autosave_key"].value() == row.key
    assert passages.forms[1]["body"].value() == "<p>A second passage.</p>"
    assert "This is your text from today, 12:00. It is not saved" in response.content.decode()
    assert "Please correct" not in response.content.decode()
    assert Statement.objects.get().headline == "A comment"


def test_saving_closes_it_and_what_arrives_late_is_not_stored(client, ed, draft):
    data = type_text(client, ed, draft, headline="A whole headline")
    client.post(URL, data)
    assert client.post(change_url(draft), data).status_code == 302
    assert Autosave.objects.get().data == ""
    assert client.post(URL, data).json()["is_open"] is False
    assert list_offers(client, ed, change_url(draft)) == []


def test_a_refused_save_closes_nothing(client, ed, draft):
    data = type_text(client, ed, draft, dated_on="32 May", headline="Kept")
    client.post(URL, data)
    assert client.post(change_url(draft), data).status_code == 200
    assert list_offers(client, ed, change_url(draft)) == ["today, 12:00"]


def test_text_that_its_author_saved_over_is_not_offered(client, ann, draft, frozen):
    client.post(URL, type_text(client, ann, draft, headline="In a tab that was closed"))
    assert list_offers(client, ann, change_url(draft)) == ["today, 12:00"]
    frozen(NOON + HOUR)
    form = open_form(client, ann, change_url(draft)) | {"headline": "Saved later"}
    client.post(change_url(draft), form | {"_continue": "1"})
    assert list_offers(client, ann, change_url(draft)) == []
    assert autosave.find_unsaved_texts(ann, at=NOON + HOUR, everywhere=True) == []


def test_text_that_somebody_else_saved_over_is_offered_and_says_so(client, ann, ed, draft, frozen):
    client.post(URL, type_text(client, ed, draft, headline="Ed’s"))
    frozen(NOON + HOUR)
    form = open_form(client, ann, change_url(draft)) | {"headline": "Ann’s"}
    client.post(change_url(draft), form | {"_continue": "1"})
    client.force_login(ed)
    page = client.get(change_url(draft)).content.decode()
    assert "ann has saved this since. You compare both when you save." in page


def test_two_new_statements_have_autosaves_of_their_own(client, ann, draft):
    for headline in ("One", "Two"):
        client.post(URL, type_text(client, ann, None, headline=headline))
    assert list_offers(client, ann, ADD) == ["today, 12:00"] * 2
    assert {offer.title for offer in autosave.find_unsaved_texts(ann, at=NOON)} == {"One", "Two"}


def test_text_typed_before_a_colleague_saved_is_a_conflict(client, ann, ed, draft):
    client.post(URL, type_text(client, ed, draft, headline="Ed’s"))
    client.post(
        change_url(draft), open_form(client, ann, change_url(draft)) | {"headline": "Ann’s"}
    )
    client.force_login(ed)
    response = client.post(change_url(draft), {"_restore": Autosave.objects.get(user=ed).pk})
    form = response.context["adminform"].form
    assert form.conflict.sentence.startswith("Ann saved this statement on 1 March 2044 at 12:00")
    assert form["headline"].value() == "Ed’s"


def test_a_discarded_text_is_gone(client, ed, draft):
    client.post(URL, type_text(client, ed, draft, headline="Canary"))
    client.post(f"{URL}{Autosave.objects.get().pk}/discard/")
    assert Autosave.objects.get().data == ""
    assert list_offers(client, ed, change_url(draft)) == []


def test_text_typed_back_to_the_saved_text_is_deleted(client, ed, draft):
    data = type_text(client, ed, draft, headline="Half")
    client.post(URL, data)
    client.post(URL, data | {"headline": "A comment", "autosave_do": "unchanged"})
    assert not Autosave.objects.exists()


def test_it_is_deleted_after_thirty_days(client, ed, draft, frozen):
    client.post(URL, type_text(client, ed, draft, headline="Old"))
    frozen(NOON + 31 * DAY)
    assert list_offers(client, ed, change_url(draft)) == []
    client.post(URL, type_text(client, ed, draft, headline="New"))
    assert [autosave.load_post_data(row)["headline"] for row in Autosave.objects.all()] == ["New"]


def test_erasing_an_edition_deletes_what_was_typed(client, ann, ed, max, draft):
    edition = approve_edition(submit_statement(draft, by=ann), by=ed)
    at = NOON + MINUTE
    workflow.withdraw(edition, by=ed, at=at, kind="notice", notice="An order.")
    client.post(URL, type_text(client, ed, draft, headline="Canary"))
    workflow.request_erasure(edition, by=max, at=at, reason="The order.")
    mia = make_user("mia", "Manager")
    workflow.erase(edition, by=mia, at=at, seen_digest=edition.digest, password=PASSWORD)
    assert [row.data for row in Autosave.objects.all()] == [""]


def test_too_much_is_refused_in_words(client, ed, draft):
    answer = client.post(URL, type_text(client, ed, draft, notes_to_editors="x" * 1_000_001))
    assert (answer.status_code, answer.json()["message"][:25]) == (413, "This is too long for auto")


def test_nothing_is_autosaved_for_another_person_or_a_stranger(client, ann, ed, sam, draft):
    data = type_text(client, ed, draft, headline="Ed’s")
    client.force_login(ann)
    assert client.post(URL, data).status_code == 409
    client.force_login(sam)
    assert client.post(URL, data).status_code == 302
    assert not Autosave.objects.exists()


# --- Who else is here -----------------------------------------------------------------------------


def report_presence(client, person, statement) -> list[dict]:
    client.force_login(person)
    data = {"autosave_do": "presence", **autosave_fields(person, statement)}
    return client.post(URL, data).json()["others"]


def test_the_form_says_who_else_has_it_open(client, ann, ed, draft, frozen):
    assert report_presence(client, ann, draft) == []
    frozen(NOON + dt.timedelta(seconds=30))
    client.post(URL, type_text(client, ann, draft, headline="Typing"))
    assert report_presence(client, ed, draft) == [
        {
            "sentence": "Ann is writing",
            "initials": "A",
            "facts": "Here since 12:00. Last typed at 12:00.",
        }
    ]
    client.force_login(ed)
    assert "Ann is writing" in client.get(change_url(draft)).content.decode()
    assert report_presence(client, ann, draft)[0]["sentence"] == "Ed is reading"
    assert (
        report_presence(client, ann, draft)[0]["facts"] == "Here since 12:00. Has changed nothing."
    )
    frozen(NOON + HOUR)
    assert report_presence(client, ed, draft) == []
    assert [row.user for row in Presence.objects.all()] == [ed]


def test_closing_the_form_ends_the_presence(client, ann, ed, draft):
    report_presence(client, ann, draft)
    client.post(URL, {"autosave_do": "leave", **autosave_fields(ann, draft)})
    assert report_presence(client, ed, draft) == []


def test_presence_does_not_prolong_a_session_and_typing_does(client, ann, draft, frozen):
    client.force_login(ann)
    data = {"autosave_do": "presence", **autosave_fields(ann, draft)}
    assert "sessionid" not in client.post(URL, data).cookies
    assert "sessionid" in client.post(URL, type_text(client, ann, draft, headline="x")).cookies
