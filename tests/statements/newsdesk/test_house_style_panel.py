"""The house-style panel: for saved text, for typed text, and for the approver."""

import datetime as dt

import pytest

from organisations.models import Appointment, Contact
from statements.links import safe_fetch
from statements.models import Contribution, LinkCheck, Passage, Statement, StyleRule
from statements.newsdesk.house_style_panel import count_words, format_minutes
from tests.cast import NOON, make_organisation, make_speaker, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url, read_form

CHECK_URL = "/admin/statements/statement/house-style/"


@pytest.fixture
def phse(db) -> StyleRule:
    return StyleRule.objects.create(avoid="PHSE", use="PSHE", why="As the Association writes it.")


def make_form(**fields) -> dict:
    """Return form data without problems, with one narration passage."""
    return {
        "headline": "A headline",
        "summary": "A summary.",
        "language": "en",
        "contact": "1",
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


def test_the_form_shows_findings_without_scripts(client, ann, phse):
    client.force_login(ann)
    statement = make_statement(ann, "PHSE in schools", summary="S.")
    page = client.get(f"/admin/statements/statement/{statement.pk}/change/")
    assert [anchor for _, anchor in list_findings(page)] == [
        "id_headline",
        "id_contact",
        "id_themes",
    ]
    assert client.get("/admin/statements/statement/add/").status_code == 200


def test_the_approver_sees_findings_about_the_edition(client, ann, ed, phse):
    contact = Contact.objects.create(organisation=make_organisation(), name="Desk", phone="1")
    statement = make_statement(ann, words="PHSE for all.", contact=contact)
    edition = submit_statement(statement, by=ann)
    client.force_login(ed)
    advice = client.get(f"/admin/statements/edition/{edition.pk}/review/").context["advice"]
    assert [str(one) for one in advice] == [
        "There is no summary for lists and search engines.",
        "Write “PSHE”, not “PHSE”. As the Association writes it.",
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
