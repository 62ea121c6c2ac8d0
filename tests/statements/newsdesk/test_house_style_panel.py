"""The checklist and house style: for saved text, for typed text, and for the approver."""

import datetime as dt

import pytest
from django.urls import reverse

from organisations.models import Appointment, Contact
from statements.links import safe_fetch
from statements.models import Contribution, LinkCheck, Passage, Statement, StyleRule, Theme
from statements.newsdesk.house_style_panel import count_words, format_minutes
from tests.cast import (
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)
from tests.statements.newsdesk.form_data import change_url, list_todo, read_form

CHANGED_WORDS = "You changed their words since they were published."
CHECK_URL = "/admin/statements/statement/checklist/"


@pytest.fixture
def phse(db) -> StyleRule:
    return StyleRule.objects.create(avoid="PHSE", use="PSHE", why="As the Association writes it.")


def make_form(**fields) -> dict:
    """Return form data without problems, with one narration passage."""
    contact, _ = Contact.objects.get_or_create(
        organisation=make_organisation(), name="Desk", phone="1"
    )
    theme, _ = Theme.objects.get_or_create(name="Schools", slug="schools")
    return {
        "headline": "A headline",
        "summary": "A summary.",
        "language": "en",
        "kind": "comment",
        "organisation": contact.organisation_id,
        "contact": contact.pk,
        "themes": [theme.pk],
        "passages-INITIAL_FORMS": "0",
        "passages-TOTAL_FORMS": "1",
        "passages-0-body": "<p>Some words.</p>",
    } | fields


def list_findings(answer) -> list[tuple[str, str]]:
    return [(str(finding), anchor) for finding, anchor in answer.context["findings"]]


def test_typed_text_is_checked_and_nothing_is_saved(client, ann, phse):
    statement = make_statement(ann)
    before = list(Statement.objects.values()), list(Passage.objects.values())
    client.force_login(ann)

    answer = client.post(
        CHECK_URL, make_form(**{"passages-0-body": "<p>PHSE and <b>PH</b>SE’s.</p>"})
    )

    assert list_findings(answer) == [
        (
            "Write “PSHE”, not “PHSE” (2 times). As the Association writes it.",
            "id_passages-0-body",
        )
    ]
    assert (list(Statement.objects.values()), list(Passage.objects.values())) == before
    assert Contribution.objects.get().statement == statement


def test_strangers_and_get_requests_are_refused(client, ann, sam):
    assert client.post(CHECK_URL, make_form()).status_code == 302
    client.force_login(ann)
    assert client.get(CHECK_URL).status_code == 405
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.post(CHECK_URL, make_form()).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"passages-TOTAL_FORMS": "x"},
        {"passages-TOTAL_FORMS": "999999999999999999999999"},
        {"passages-0-speaker": "x", "passages-0-appointment": "9" * 30},
        {"dated_on": "0000-99-99", "language": "", "kind": "x" * 90},
        {"headline": "\0\ud800", "summary": "<" * 3000},
        {"passages-0-body": "<p>" * 20000},
    ],
)
def test_bad_input_is_checked_as_well(client, ann, fields):
    client.force_login(ann)
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    assert client.post(CHECK_URL, make_form(**fields)).status_code == 200


def test_a_speaker_out_of_office_on_the_day_is_pointed_out(client, ann, frozen):
    frozen(NOON)
    dave = make_speaker(role="")
    role = Appointment.objects.create(
        speaker=dave,
        organisation=make_organisation(),
        role="President",
        ends_on=dt.date(2017, 3, 31),
    )
    form = make_form(**{"passages-0-speaker": dave.pk, "passages-0-appointment": role.pk})
    client.force_login(ann)
    assert list_findings(client.post(CHECK_URL, form)) == [
        (
            "Dave Hill is President until 31 March 2017: not on 1 March 2044. Check who speaks.",
            "id_passages-0-appointment",
        )
    ]
    assert list_findings(client.post(CHECK_URL, form | {"dated_on": "2017-03-31"})) == []


def test_a_deleted_or_empty_passage_keeps_the_others_in_their_places(client, ann, phse):
    form = make_form(
        **{
            "passages-TOTAL_FORMS": "3",
            "passages-0-DELETE": "on",
            "passages-0-body": "PHSE",
            "passages-1-body": "",
            "passages-2-body": "PHSE",
        }
    )
    client.force_login(ann)
    assert [anchor for _, anchor in list_findings(client.post(CHECK_URL, form))] == [
        "id_passages-2-body"
    ]


def list_lines(answer) -> list[tuple[str, str, str]]:
    return [(item.state, item.title, item.text) for item in answer.context["items"]]


def test_the_checklist_follows_what_is_typed(client, ann, frozen):
    frozen(NOON)
    statement = make_statement(ann, "")
    client.force_login(ann)
    page = client.get(change_url(statement))
    assert list_todo(page.context) == [("Add a headline.", "id_headline")]
    url = f"/admin/statements/statement/{statement.pk}/checklist/"
    form = read_form(page)
    assert list_lines(client.post(url, form | {"headline": "Now there is one"})) == [
        ("care", "Press contact", "Journalists have no one to ring. Choose a press contact."),
        ("done", "Headline, publisher and words", ""),
        ("done", "Requested release", "As soon as an editor approves it."),
    ]
    emptied = client.post(url, form | {"organisation": "", "passages-0-body": ""})
    assert list_todo(emptied.context) == [
        ("Add a headline.", "id_headline"),
        ("Choose who publishes this.", "id_organisation"),
        ("Add the words.", "id_passages-0-body"),
        ("Add Dave Hill’s words, or remove the quotation.", "id_passages-0-body"),
    ]
    assert Statement.objects.get().version == 2


def test_the_checklist_compares_the_requested_release_with_the_embargo(client, ann, frozen):
    frozen(NOON)
    client.force_login(ann)

    def read_release(**times) -> tuple[str, str]:
        answer = client.post(CHECK_URL, make_form(**times))
        lines = {title: (state, text) for state, title, text in list_lines(answer)}
        return lines["Requested release"]

    assert read_release(embargo_until="2044-03-02T00:01") == (
        "care",
        "The embargo ends on Wednesday 2 March 2044, 00:01 GMT. Ask for that time, or a later one.",
    )
    both = {"embargo_until": "2044-03-02T00:01", "requested_release_at": "2044-03-02T00:01"}
    assert read_release(**both) == (
        "done",
        "Wednesday 2 March 2044, 00:01 GMT. Same as the embargo.",
    )
    assert read_release(requested_release_at="2044-02-01T09:00") == (
        "care",
        "That time has passed. Choose another.",
    )


def test_a_correction_says_what_changed_and_whose_words_did(client, ann, ed, frozen):
    frozen(NOON)
    statement = make_statement(ann)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    client.force_login(ann)
    page = client.get(change_url(statement))
    assert list_todo(page.context) == [
        ("This statement has been public.", "id_amendment"),
        ("Nothing has changed since edition 1.", "id_passages-0-body"),
    ]
    url = f"/admin/statements/statement/{statement.pk}/checklist/"
    form = read_form(page) | {
        "amendment": "correction",
        "public_note": "It is 7.",
        "passages-0-body": "<p>We regret it.</p>",
    }
    answer = client.post(url, form)
    assert list_todo(answer.context) == []
    assert ("care", "Ask Dave Hill for sign-off again", CHANGED_WORDS) in list_lines(answer)
    assert [change.label for change in answer.context["changes"]] == [
        "Correction note",
        "Words",
    ]


def test_the_form_shows_findings_without_scripts(client, ann, phse):
    client.force_login(ann)
    statement = make_statement(ann, "PHSE in schools", summary="S.")
    page = client.get(f"/admin/statements/statement/{statement.pk}/change/")
    assert [anchor for _, anchor in list_findings(page)] == ["id_headline", "id_themes"]
    assert client.get("/admin/statements/statement/add/").status_code == 200


def test_the_approver_sees_findings_about_the_edition(client, ann, ed, phse):
    contact = Contact.objects.create(organisation=make_organisation(), name="Desk", phone="1")
    statement = make_statement(ann, words="PHSE for all.", contact=contact)
    edition = submit_statement(statement, by=ann)
    client.force_login(ed)
    confirm = reverse("admin:statements_edition_decide", args=[edition.pk, "approve-now"])
    advice = client.get(confirm).context["facts"].findings
    assert [str(one) for one in advice] == [
        "There is no summary for lists and search engines.",
        "Write “PSHE”, not “PHSE”. As the Association writes it.",
        "There are no themes: related articles are found by them.",
    ]


def test_links_are_checked_on_request(client, ann, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(safe_fetch, "check_link", lambda url, **_: "There is no such page (404).")
    client.force_login(ann)
    form = make_form(**{"passages-0-body": '<p><a href="https://example.org/">x</a></p>'})
    assert list_findings(client.post(CHECK_URL, form)) == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post(CHECK_URL, form | {"_check_links": "1"})
    assert LinkCheck.objects.get().problem == "There is no such page (404)."
    assert list_findings(client.post(CHECK_URL, form)) == [
        (
            "https://example.org/: There is no such page (404). Check the address.",
            "id_passages-0-body",
        )
    ]


@pytest.mark.parametrize("on", [True, False])
def test_a_submission_checks_its_links_unless_the_setting_forbids_it(
    client, ann, settings, on, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(safe_fetch, "check_link", lambda url, **_: "")
    settings.CHECK_LINKS_ON_SUBMIT = on
    statement = make_statement(ann, words='<a href="https://example.org/">x</a>')
    client.force_login(ann)
    url = change_url(statement)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, read_form(client.get(url)) | {"_submit": "1"})
    statement.refresh_from_db()
    assert statement.editions.count() == 1
    assert LinkCheck.objects.count() == int(on)


def test_words_are_counted():
    assert count_words(["<p>It’s well-known – e.g. 12 of “them”.</p>"], "A heading") == 8
    assert count_words(["<p>我的中文字 yes</p>"]) == 6
    assert count_words(["<ul><li>one</li><li>two</li></ul>"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (0, "no time"),
        (50, "under half a minute"),
        (110, "half a minute"),
        (220, "1 minute"),
        (330, "1½ minutes"),
        (2200, "10 minutes"),
    ],
)
def test_reading_time(words, said):
    assert format_minutes(words, 220) == said


# --- The style list -------------------------------------------------------------------------------


def test_managers_paste_many_rules_and_see_which_line_is_bad(client, ann, max, phse):
    client.force_login(ann)
    assert client.get("/admin/statements/stylerule/paste/").status_code == 403
    client.force_login(max)
    bad = client.post("/admin/statements/stylerule/paste/", {"lines": "kids|kids\n!!|x\nok|fine"})
    assert bad.status_code == 422
    assert bad.context["form"].errors["lines"] == [
        "Line 1: This would replace “kids” by itself: write what to use instead.",
        "Line 2: Write at least one word that is to be avoided.",
    ]
    good = client.post(
        "/admin/statements/stylerule/paste/",
        {"lines": "phse|PSHE\nkids\tchildren\tWe say so.\n\nvery  unique"},
    )
    assert good.status_code == 302
    assert list(StyleRule.objects.order_by("pk").values_list("avoid", "use", "why")) == [
        ("PHSE", "PSHE", "As the Association writes it."),
        ("kids", "children", "We say so."),
        ("very unique", "", ""),
    ]
