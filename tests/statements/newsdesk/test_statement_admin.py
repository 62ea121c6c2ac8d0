"""Test the writing form: saving, contributors, submitting and permissions; and the list."""

import pytest

from organisations.models import Appointment
from statements import workflow
from statements.models import Contribution, Event, Passage, Statement, Theme
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    make_user,
    submit_statement,
)
from tests.statements.newsdesk.form_data import (
    ADD,
    LIST,
    change_url,
    list_todo,
    open_form,
    read_messages,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dave(db):
    return make_speaker()


@pytest.fixture
def draft(ann) -> Statement:
    return make_statement(ann)


@pytest.fixture
def public(ann, ed, frozen) -> Statement:
    """Public for a day."""
    edition = approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)
    frozen(NOON + DAY)
    return Statement.objects.get(pk=edition.statement_id)


def contributors(statement) -> list[tuple[str, int]]:
    rows = Contribution.objects.filter(statement=statement).order_by("version")
    return [(row.user.username, row.version) for row in rows]


# --- A new statement ------------------------------------------------------------------------------


def test_a_headline_a_speaker_and_words_are_a_statement(client, ann, dave):
    data = open_form(client, ann, ADD) | {
        "headline": "We welcome it",
        "passages-0-speaker": dave.pk,
        "passages-0-body": "<p>It is good.</p>",
    }
    response = client.post(ADD, data | {"_continue": "1"})
    statement = Statement.objects.get()
    assert response.url == change_url(statement)
    assert statement.organisation == make_organisation()
    assert [p.body for p in statement.passages.in_order()] == ["<p>It is good.</p>"]
    assert (statement.version, contributors(statement)) == (2, [("ann", 2)])


def test_a_form_sent_once_more_makes_another_statement_only_when_meant(client, ann):
    """Sent with the back button, or by pressing twice."""
    data = open_form(client, ann, ADD) | {"headline": "We welcome it"}
    assert client.post(ADD, data).status_code == 302
    answer = client.post(ADD, data)
    assert "This was saved before" in answer.content.decode()
    assert Statement.objects.count() == 1
    data["autosave_key"] = answer.context["adminform"].form["autosave_key"].value()
    assert client.post(ADD, data).status_code == 302
    assert Statement.objects.count() == 2


def test_save_and_submit_gives_the_saved_text_to_the_editors(client, ann, dave):
    data = open_form(client, ann, ADD) | {
        "headline": "We welcome it",
        "passages-0-speaker": dave.pk,
        "passages-0-body": "<p>It is good.</p>",
    }
    response = client.post(ADD, data | {"_submit": "1"}, follow=True)
    statement = Statement.objects.get()
    edition = statement.editions.get()
    assert response.redirect_chain == [("/admin/", 302)]
    assert read_messages(response) == [
        "“We welcome it” is with the editors as edition 1. "
        "You can keep writing. Changes become the next edition."
    ]
    assert edition.content_data["blocks"][0]["paragraphs"] == ["<p>It is good.</p>"]
    assert (edition.contributors, edition.submitted_by) == (f",{ann.pk},", ann)
    assert statement.changed_at <= edition.submitted_at


def test_a_refused_submission_keeps_the_text_and_says_all_that_is_missing(client, ann):
    make_organisation()
    data = open_form(client, ann, ADD) | {"organisation": "", "summary": "Only this so far."}
    response = client.post(ADD, data | {"_submit": "1"}, follow=True)
    statement = Statement.objects.get()
    assert statement.summary == "Only this so far."
    assert not statement.editions.exists()
    (message,) = read_messages(response)
    assert [
        link in message for link in ("#id_headline", "#id_organisation", "#passages-group")
    ] == [True] * 3
    assert "Add a headline." in message


def test_the_publisher_is_the_one_this_person_chose_last(client, ann, dave):
    make_statement(ann, organisation=make_organisation("Council of Bodies"))
    assert open_form(client, ann, ADD)["organisation"] == make_organisation("Council of Bodies").pk


# --- Saving again ---------------------------------------------------------------------------------


def test_saving_another_text_counts_one_version_and_its_writer(client, draft, ed):
    data = open_form(client, ed, change_url(draft))
    data |= {"headline": "Better", "passages-0-body": "<p>Other words.</p>", "summary": "Short."}
    assert client.post(change_url(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.headline, draft.version) == ("Better", 3)
    assert contributors(draft) == [("ann", 2), ("ed", 3)]


def test_saving_the_same_text_counts_nobody(client, draft, ed):
    data = open_form(client, ed, change_url(draft))
    data["passages-0-body"] += "\r\n"
    assert client.post(change_url(draft), data).status_code == 302
    changed_at = draft.changed_at
    draft.refresh_from_db()
    assert (draft.version, contributors(draft), draft.changed_at) == (2, [("ann", 2)], changed_at)


def test_metadata_are_no_part_of_the_content(client, draft, ed):
    theme = Theme.objects.create(name="Safeguarding")
    article = make_statement(ed, "Another")
    data = open_form(client, ed, change_url(draft))
    data |= {"themes": [theme.pk], "relations-0-to": article.pk}
    assert client.post(change_url(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.version, contributors(draft)) == (2, [("ann", 2)])
    assert [list(draft.themes.all()), list(draft.related.all())] == [[theme], [article]]
    assert not Event.objects.filter(statement=draft).exists()


def test_whoever_sets_the_address_has_a_hand_in_it(client, draft, ed):
    data = open_form(client, ed, change_url(draft)) | {"slug": "our-own-address"}
    assert client.post(change_url(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.slug, contributors(draft)) == ("our-own-address", [("ann", 2), ("ed", 3)])


def test_a_role_brings_its_speaker(client, draft, ann):
    jane = make_speaker("Jane Smith", role="Chair")
    data = open_form(client, ann, change_url(draft))
    data |= {"passages-0-speaker": "", "passages-0-appointment": jane.appointments.get().pk}
    client.post(change_url(draft), data)
    assert draft.passages.get().speaker == jane


def test_another_speaker_drops_the_role_of_the_one_before(client, draft, ann, dave):
    Passage.objects.update(appointment=dave.appointments.get())
    jane = make_speaker("Jane Smith", role="Chair")
    data = open_form(client, ann, change_url(draft)) | {"passages-0-speaker": jane.pk}
    client.post(change_url(draft), data)
    assert (draft.passages.get().speaker, draft.passages.get().appointment) == (jane, None)


def test_somebody_elses_role_gets_a_sentence(client, draft, ann, dave):
    jane = make_speaker("Jane Smith", role="Chair")
    data = open_form(client, ann, change_url(draft))
    data |= {"passages-0-appointment": jane.appointments.get().pk}
    response = client.post(change_url(draft), data)
    assert response.context["errors"] == [
        [
            "Jane Smith holds the role “Chair”, and the words are Dave Hill’s. "
            "Choose a role of the speaker, or leave it empty."
        ]
    ]


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (["1", "2", "3"], "abc"),
        (["3", "2", "3"], "bca"),
        (["1", "2", "1"], "cab"),
        (["", "2", "3"], "bca"),
        (["1", "1", "3"], "bac"),
    ],
)
def test_passages_are_put_in_order_by_number(client, draft, ann, places, order):
    draft.passages.all().delete()
    for position, letter in enumerate("abc"):
        Passage.objects.create(statement=draft, position=position, body=f"<p>{letter}</p>")
    data = open_form(client, ann, change_url(draft))
    data |= {f"passages-{index}-place": place for index, place in enumerate(places)}
    client.post(change_url(draft), data)
    passages = draft.passages.in_order()
    assert "".join(passage.body[3] for passage in passages) == order
    assert [passage.position for passage in passages] == [0, 1, 2]


def test_a_new_passage_comes_last_and_a_deleted_one_goes(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    data |= {
        "passages-TOTAL_FORMS": 2,
        "passages-1-body": "<p>Narration.</p>",
        "passages-1-id": "",
        "passages-1-statement": draft.pk,
    }
    client.post(change_url(draft), data)
    assert [p.body for p in draft.passages.in_order()] == [
        "<p>We welcome the report.</p>",
        "<p>Narration.</p>",
    ]
    client.post(
        change_url(draft), open_form(client, ann, change_url(draft)) | {"passages-0-DELETE": "on"}
    )
    assert [(p.body, p.position) for p in draft.passages.in_order()] == [("<p>Narration.</p>", 0)]


def test_quotation_marks_are_removed_and_the_writer_gets_a_message(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    data["passages-0-body"] = "<p>“We <strong>welcome</strong> it.</p><p>“It’s good.”</p>"
    response = client.post(change_url(draft), data | {"_continue": "1"}, follow=True)
    assert draft.passages.get().body == "<p>We <strong>welcome</strong> it.</p>\n<p>It’s good.</p>"
    assert read_messages(response)[0] == (
        "The quotation marks round Dave Hill’s words were removed: the page adds them itself."
    )


def test_without_scripts_plain_paragraphs_are_text(client, draft, ann):
    data = open_form(client, ann, change_url(draft))
    data["passages-0-body"] = "First < second.\r\nSame paragraph.\r\n\r\nAnother & last."
    client.post(change_url(draft), data)
    assert draft.passages.get().body == (
        "<p>First &lt; second.<br>Same paragraph.</p>\n<p>Another &amp; last.</p>"
    )


# --- Once it was public ---------------------------------------------------------------------------


def test_a_correction_says_what_it_is_before_anything_is_saved(client, public, ann):
    data = open_form(client, ann, change_url(public)) | {"headline": "Mended", "_submit": "1"}
    response = client.post(change_url(public), data)
    assert response.context["errors"] == [
        [
            "This statement has been public. Say what kind of change this is: a typo, an update, a "
            "clarification, a correction or a retraction."
        ]
    ]
    assert response.context["adminform"].form["headline"].value() == "Mended"
    response = client.post(change_url(public), data | {"amendment": "correction"})
    assert response.context["errors"] == [
        ["Add a correction note. Say what was wrong and what is right."]
    ]


def test_the_public_note_waits_in_the_draft_and_goes_with_the_edition(client, public, ann):
    data = open_form(client, ann, change_url(public))
    data |= {"headline": "Mended", "amendment": "correction", "public_note": "It was wrong."}
    client.post(change_url(public), data)
    data = open_form(client, ann, change_url(public))
    assert data["public_note"] == "It was wrong."
    client.post(change_url(public), data | {"_submit": "1"})
    edition = public.editions.get(sequence=2)
    assert (edition.amendment, edition.public_note) == ("correction", "It was wrong.")
    public.refresh_from_db()
    assert (public.amendment, public.public_note) == ("", "")


def test_only_editors_change_the_metadata_of_a_public_statement_as_an_event(
    client, public, ann, ed
):
    theme = Theme.objects.create(name="Safeguarding")
    data = open_form(client, ann, change_url(public))
    assert data.keys().isdisjoint({"themes", "contact", "relations-TOTAL_FORMS"})
    client.post(change_url(public), data | {"themes": [theme.pk]})
    assert list(public.themes.all()) == []

    client.post(
        change_url(public), open_form(client, ed, change_url(public)) | {"themes": [theme.pk]}
    )
    assert list(public.themes.all()) == [theme]
    event = Event.objects.filter(statement=public).last()
    assert (event.action, event.by) == ("shelf_changed", ed)
    assert public.themed.get().first_release_at == NOON
    assert contributors(public) == [("ann", 2)]


def test_writing_over_a_scheduled_edition_warns_of_the_earlier_wording(client, ann, ed, frozen):
    edition = approve_edition(
        submit_statement(make_statement(ann), by=ann), by=ed, release_at=NOON + HOUR
    )
    frozen(NOON)
    statement = edition.statement
    warning = (
        "The earlier words (edition 1) still go out on 1 March 2044 at 13:00, unless you put "
        "them on hold."
    )
    for headline, button in (("Newer", "_continue"), ("Newer still", "_submit")):
        data = open_form(client, ann, change_url(statement)) | {"headline": headline, button: "1"}
        response = client.post(change_url(statement), data, follow=True)
        assert read_messages(response).count(warning) == 1


# --- Permissions ----------------------------------------------------------------------------------


def test_authors_editors_and_managers_write_and_a_stranger_signs_in(
    client, draft, ann, ed, max, sam
):
    for person in (ann, ed, max):
        client.force_login(person)
        page = client.get(change_url(draft))
        assert b'name="_submit"' in page.content
        assert b'class="deletelink"' not in page.content
        assert client.get(f"/admin/statements/statement/{draft.pk}/delete/").status_code == 403
    client.force_login(sam)
    assert client.get(change_url(draft)).status_code == 302
    assert client.get(LIST).url.startswith("/admin/login/")


def test_a_superuser_in_no_group_reads_and_cannot_save(client, draft):
    root = make_user("root")
    root.is_staff = root.is_superuser = True
    root.save()
    client.force_login(root)
    page = client.get(change_url(draft))
    assert page.status_code == 200
    assert b"_submit" not in page.content
    assert client.post(change_url(draft), {"headline": "Mine"}).status_code == 403
    assert client.get(ADD).status_code == 403


def test_only_managers_add_themes_and_organisations(client, ann, max):
    client.force_login(ann)
    assert client.get("/admin/statements/theme/add/").status_code == 403
    assert client.get("/admin/organisations/organisation/add/").status_code == 403
    assert b"Add another theme" not in client.get(ADD).content
    client.force_login(max)
    assert client.get("/admin/statements/theme/add/").status_code == 200
    assert client.get("/admin/organisations/organisation/add/").status_code == 200
    assert b"Add another theme" in client.get(ADD).content


# --- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_queries_for_any_number_of_rows(
    client, ann, rows, frozen, django_assert_num_queries
):
    frozen(NOON)  # the clock of PostgreSQL is read four times a second, not each time
    for number in range(rows):
        submit_statement(make_statement(ann, f"Number {number}"), by=ann)
    client.force_login(ann)
    client.get(LIST)  # the process caches content types and the like
    with django_assert_num_queries(33):
        client.get(LIST)


def test_the_list_shows_the_status_and_the_last_writer(client, public, ann, ed):
    submit_statement(make_statement(ann, "Waiting"), by=ann)
    make_statement(ed, "Only a draft")
    client.force_login(ann)
    rows = client.get(LIST).context["cl"].result_list
    assert {(row.headline, row.status, row.last_writer) for row in rows} == {
        ("A comment", "Published", "Ann"),
        ("Waiting", "In review", "Ann"),
        ("Only a draft", "Draft", "Ed"),
    }


@pytest.mark.parametrize(
    ("status", "headlines"),
    [
        ("draft", {"Only a draft"}),
        ("in_review", {"Waiting"}),
        ("published", {"A comment"}),
        ("on_hold", set()),
        ("scheduled", set()),
        ("sent_back", set()),
        ("nonsense", {"Only a draft", "Waiting", "A comment"}),
    ],
)
def test_the_list_is_filtered_by_status(client, public, ann, ed, status, headlines):
    submit_statement(make_statement(ann, "Waiting"), by=ann)
    make_statement(ed, "Only a draft")
    client.force_login(ann)
    rows = client.get(LIST, {"status": status}).context["cl"].result_list
    assert {row.headline for row in rows} == headlines


def test_what_was_sent_back_and_submitted_again_is_in_review(client, ann, ed):
    edition = submit_statement(make_statement(ann), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Shorter.")
    client.force_login(ann)
    assert len(client.get(LIST, {"status": "sent_back"}).context["cl"].result_list) == 1
    submit_statement(edition.statement, by=ann)
    assert len(client.get(LIST, {"status": "sent_back"}).context["cl"].result_list) == 0


def test_the_list_searches_headlines(client, ann):
    make_statement(ann, "On schools")
    make_statement(ann, "On roads")
    client.force_login(ann)
    rows = client.get(LIST, {"q": "schools"}).context["cl"].result_list
    assert [row.headline for row in rows] == ["On schools"]


# --- Around the form ------------------------------------------------------------------------------


def test_the_form_says_what_is_missing_and_what_is_advised(client, ann):
    statement = make_statement(ann, "")
    client.force_login(ann)
    context = client.get(change_url(statement)).context
    assert list_todo(context) == [("Add a headline.", "id_headline")]
    assert [anchor for _, anchor in context["findings"]] == ["id_summary", "id_themes"]


def test_the_roles_offered_are_those_of_the_speaker(client, ann, dave):
    jane = make_speaker("Jane Smith", role="Chair")
    client.force_login(ann)
    query = {"app_label": "statements", "model_name": "passage", "field_name": "appointment"}
    results = client.get("/admin/autocomplete/", query | {"speaker": jane.pk}).json()["results"]
    assert [row["id"] for row in results] == [str(Appointment.objects.get(speaker=jane).pk)]
    assert len(client.get("/admin/autocomplete/", query).json()["results"]) == 2
