"""Test two people at one statement: nobody overwrites another unasked, and no text is lost."""

import pytest

from statements.models import Contribution, Passage, Statement, Theme
from tests.cast import NOON, approve_edition, make_statement, submit_statement
from tests.statements.newsdesk.form_data import change_url, open_form, read_form, read_messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann) -> Statement:
    return make_statement(ann)


@pytest.fixture
def eds_form(client, draft, ed) -> dict:
    """What Ed sends, from a form that he opened before Ann saves."""
    return open_form(client, ed, change_url(draft)) | {
        "headline": "Ed’s headline",
        "passages-0-body": "<p>Ed’s words.</p>",
    }


def save_as(client, person, statement, **changes):
    return client.post(
        change_url(statement), open_form(client, person, change_url(statement)) | changes
    )


def find_conflict(response):
    return response.context["adminform"].form.conflict


def list_parts(response) -> list[tuple[str, str, str]]:
    """Return each part that the page lists: its label, my text, and the saved text."""
    return [(part.label, part.mine, part.saved) for part in response.context["parts"]]


def mark(tag: str, text: str) -> str:
    label = {"ins": "added", "del": "removed"}[tag]
    return (
        f'<{tag}><span class="visually-hidden"> [{label}: </span>{text}'
        f'<span class="visually-hidden">] </span></{tag}>'
    )


def save_choices(client, person, statement, form: dict, choices: dict | None = None):
    """Send a stale form, then send it again with a choice for each of its parts."""
    client.force_login(person)
    token = find_conflict(client.post(change_url(statement), form)).token
    return client.post(change_url(statement), form | (choices or {}) | {"save_over": token})


def test_a_stale_form_saves_nothing_keeps_the_text_and_says_who_saved(
    client, draft, ann, ed, eds_form
):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    saved = Statement.objects.get()
    assert (saved.headline, saved.version) == ("Ann’s headline", 3)
    assert not Contribution.objects.filter(user=ed).exists()
    form = response.context["adminform"].form
    passages = response.context["inline_admin_formsets"][0].formset
    assert form["headline"].value() == "Ed’s headline"
    assert passages.forms[0]["body"].value() == "<p>Ed’s words.</p>"
    assert find_conflict(response).sentence.startswith("Ann saved this statement on ")
    assert list_parts(response) == [
        ("Headline", f"{mark('ins', 'Ed’s')} headline", f"{mark('del', 'Ann’s')} headline"),
        (
            "Passage 1",
            f"Dave Hill<br>{mark('ins', 'Ed’s words')}.",
            f"Dave Hill<br>{mark('del', 'We welcome the report')}.",
        ),
    ]


def test_unless_something_else_is_chosen_mine_is_saved(client, draft, ann, ed, eds_form):
    save_as(client, ann, draft, headline="Ann’s headline")
    assert save_choices(client, ed, draft, eds_form).status_code == 302
    draft.refresh_from_db()
    assert (draft.headline, draft.passages.get().body) == ("Ed’s headline", "<p>Ed’s words.</p>")
    assert draft.contributions.get(user=ed).version == draft.version == 4


def test_a_part_that_i_did_not_touch_is_theirs_unless_i_choose_otherwise(client, draft, ann, ed):
    form = open_form(client, ed, change_url(draft)) | {"headline": "Ed’s headline"}
    theirs = {"summary": "Ann’s summary.", "passages-0-body": "<p>Ann’s words.</p>"}
    save_as(client, ann, draft, headline="Ann’s headline", **theirs)
    client.force_login(ed)
    response = client.post(change_url(draft), form)
    assert [(part.label, part.is_untouched, part.choice) for part in response.context["parts"]] == [
        ("Headline", False, "mine"),
        ("Summary", True, "theirs"),
        ("Passage 1", True, "theirs"),
    ]
    assert response.content.decode().count("You did not change this part.") == 2


@pytest.mark.parametrize("seen", ["", "no JSON", "[]", '{"headline": 1}'])
def test_a_form_that_does_not_say_what_it_was_opened_with_keeps_mine(
    client, draft, ann, ed, eds_form, seen
):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form | {"seen_parts": seen})
    assert {part.choice for part in response.context["parts"]} == {"mine"}


def test_of_each_part_somebody_chooses_theirs_or_mine(client, draft, ann, ed, eds_form):
    theirs = {"headline": "Ann’s headline", "passages-0-body": "<p>Ann’s words.</p>"}
    save_as(client, ann, draft, **theirs)
    passage = draft.passages.get()
    choices = {"choose-headline": "theirs", f"choose-passages-{passage.pk}": "mine"}
    save_choices(client, ed, draft, eds_form, choices)
    draft.refresh_from_db()
    assert (draft.headline, draft.passages.get().body) == ("Ann’s headline", "<p>Ed’s words.</p>")


def test_a_passage_is_taken_from_them_with_its_speaker_and_its_heading(
    client, draft, ann, ed, eds_form
):
    theirs = {"passages-0-speaker": "", "passages-0-heading": "In short"}
    save_as(client, ann, draft, **theirs)
    passage = draft.passages.get()
    save_choices(client, ed, draft, eds_form, {f"choose-passages-{passage.pk}": "theirs"})
    saved = draft.passages.get()
    assert (saved.speaker, saved.heading, saved.body) == (None, "In short", passage.body)


def test_both_texts_are_kept_mine_first_and_so_are_both_notes(client, draft, ann, ed, eds_form):
    save_as(
        client,
        ann,
        draft,
        notes_to_editors="<p>Ann’s notes.</p>",
        **{"passages-0-body": "<p>Ann’s <strong>words</strong>.</p>"},
    )
    passage = draft.passages.get()
    choices = {f"choose-passages-{passage.pk}": "both", "choose-notes_to_editors": "both"}
    save_choices(client, ed, draft, eds_form | {"notes_to_editors": "Ed’s notes."}, choices)
    draft.refresh_from_db()
    assert draft.passages.get().body == "<p>Ed’s words.</p>\n<p>Ann’s <strong>words</strong>.</p>"
    assert draft.notes_to_editors == "<p>Ed’s notes.</p>\n<p>Ann’s notes.</p>"


def test_what_was_chosen_is_asked_again_when_somebody_saves_in_between(
    client, draft, ann, ed, eds_form
):
    save_as(client, ann, draft, headline="Ann’s headline")
    client.force_login(ed)
    token = find_conflict(client.post(change_url(draft), eds_form)).token
    save_as(client, ann, draft, headline="Ann’s second headline")
    client.force_login(ed)
    choices = {"choose-headline": "theirs", "save_over": token}
    response = client.post(change_url(draft), eds_form | choices)
    assert Statement.objects.get().headline == "Ann’s second headline"
    [headline, words] = response.context["parts"]
    assert (headline.choice, words.choice) == ("theirs", "mine")
    assert "second" in headline.saved
    assert response.context["adminform"].form["headline"].value() == "Ed’s headline"


def test_a_refusal_after_the_choice_keeps_what_was_combined(client, draft, ann, ed, eds_form):
    save_as(client, ann, draft, **{"passages-0-body": "<p>Ann’s words.</p>"})
    passage = draft.passages.get()
    eds_form |= {"responds_to_url": "no address"}
    response = save_choices(client, ed, draft, eds_form, {f"choose-passages-{passage.pk}": "both"})
    assert find_conflict(response) is None
    again = read_form(response)
    assert again["passages-0-body"] == "<p>Ed’s words.</p>\n<p>Ann’s words.</p>"
    assert client.post(change_url(draft), again | {"responds_to_url": ""}).status_code == 302
    assert draft.passages.get().body == again["passages-0-body"]


def test_a_passage_that_they_added_is_listed_and_stays(client, draft, ann, ed, eds_form):
    added = Passage.objects.create(statement=draft, position=1, body="<p>Ann’s own.</p>")
    draft.record_save(by=ann, seen_version=draft.version)
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    assert list_parts(response)[-1] == (
        "Passage that was added in the meantime: it stays",
        "",
        "Ann’s own.",
    )
    save_choices(client, ed, draft, eds_form)
    assert list(draft.passages.in_order())[-1] == added


@pytest.mark.parametrize(
    ("choice", "bodies"),
    [("mine", {"<p>Ed’s words.</p>", "<p>Ann’s.</p>"}), ("theirs", {"<p>Ann’s.</p>"})],
)
def test_a_passage_that_they_deleted_is_put_back_or_left_out(
    client, draft, ann, ed, eds_form, choice, bodies
):
    deleted = draft.passages.get().pk
    Passage.objects.create(statement=draft, position=1, body="<p>Ann’s.</p>")
    draft.passages.filter(position=0).delete()
    draft.record_save(by=ann, seen_version=draft.version)
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    assert ("Passage 1", "Dave Hill\nEd’s words.", "Deleted in the meantime.") in list_parts(
        response
    )
    save_choices(client, ed, draft, eds_form, {f"choose-passages-{deleted}": choice})
    assert {passage.body for passage in draft.passages.all()} == bodies


def test_a_passage_that_i_deleted_and_they_changed_can_be_kept(client, draft, ann, ed, eds_form):
    save_as(client, ann, draft, **{"passages-0-body": "<p>Ann’s words.</p>"})
    choices = {f"choose-passages-{draft.passages.get().pk}": "theirs"}
    save_choices(client, ed, draft, eds_form | {"passages-0-DELETE": "on"}, choices)
    assert draft.passages.get().body == "<p>Ann’s words.</p>"


def test_metadata_that_changed_in_the_meantime_are_not_put_back(client, draft, ann, ed, eds_form):
    theme = Theme.objects.create(name="Safeguarding")
    save_as(client, ann, draft, themes=[theme.pk])
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    assert find_conflict(response).sentence.startswith("Somebody changed the metadata")
    assert list(draft.themes.all()) == [theme]


def test_a_decision_in_the_meantime_is_a_message_and_no_conflict(client, draft, ann, max):
    edition = submit_statement(draft, by=ann)
    data = open_form(client, ann, change_url(draft)) | {"headline": "Newer"}
    approve_edition(edition, by=max, at=NOON, release_at=None)
    response = client.post(change_url(draft), data, follow=True)
    assert Statement.objects.get().headline == "Newer"
    assert read_messages(response)[0] == (
        "While you were writing, on 1 March 2044 at 12:00: Max (max) approved edition 1 and "
        "put it on hold. Your words are saved."
    )


def test_a_submission_in_the_meantime_is_no_conflict_and_its_slug_stays(client, draft, ann, ed):
    data = open_form(client, ed, change_url(draft)) | {"headline": "Newer"}
    edition = submit_statement(draft, by=ann)
    assert client.post(change_url(draft), data).status_code == 302
    saved = Statement.objects.get()
    assert (saved.headline, saved.slug) == ("Newer", edition.slug)


def test_a_decision_does_not_hide_a_save(client, draft, ann, ed, eds_form):
    save_as(client, ann, draft, summary="Ann’s summary.")
    submit_statement(Statement.objects.get(), by=ann)
    client.force_login(ed)
    response = client.post(change_url(draft), eds_form)
    assert "Summary" in [part.label for part in response.context["parts"]]
    assert Statement.objects.get().headline == "A comment"


def test_somebody_elses_passages_cannot_be_reached_by_their_number(client, draft, ann, ed):
    other = make_statement(ed, "Another", words="Not yours.")
    data = open_form(client, ann, change_url(draft))
    data |= {"passages-0-id": other.passages.get().pk, "passages-0-body": "<p>Mine.</p>"}
    client.post(change_url(draft), data)
    assert other.passages.get().body == "<p>Not yours.</p>"
