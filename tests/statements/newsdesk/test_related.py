"""Editors see the related articles of a statement, and pin or block them."""

import pytest
from django.urls import reverse

from statements.models import Action, RelatedStatement, Statement
from statements.newsdesk import timeline
from tests.cast import HOUR, NOON, approve_edition, make_statement, submit_statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(ann, ed, frozen):
    """Two public statements, and the URL of the related articles of the first."""
    frozen(NOON + HOUR)
    statements = []
    for headline in ("Here", "There"):
        statements.append(make_statement(ann, headline))
        approve_edition(submit_statement(statements[-1], by=ann), by=ed)
    return (*statements, reverse("admin:statements_statement_related", args=[statements[0].pk]))


def press(client, page, do, to) -> list[str]:
    answer = client.post(page, {"do": do, "to": to}, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_a_headline_with_quotation_marks_gets_inner_marks(client, pair, ed):
    _, there, page = pair
    there.headline = "“Digital first” is not “digital only”"
    there.save()
    client.force_login(ed)
    assert press(client, page, "block", there.pk) == [
        "“‘Digital first’ is not ‘digital only’” is never suggested here again."
    ]


def test_a_button_pins_blocks_and_unblocks_and_is_recorded(client, pair, ed):
    here, there, page = pair
    client.force_login(ed)
    shown = client.get(page).content.decode()
    assert "Also by Dave Hill" in shown
    assert press(client, page, "pin", there.pk) == [
        "“There” is now always shown as a related article."
    ]
    assert "Chosen by the editors" in client.get(f"/statements/{'here'}/").content.decode()
    press(client, page, "pin", there.pk)  # twice is once
    press(client, page, "block", there.pk)
    assert list(RelatedStatement.objects.values_list("to", "blocked", "position")) == [
        (there.pk, True, 0)
    ]
    assert "There</a></h3>" not in client.get("/statements/here/").content.decode()
    assert "Never suggested here" in client.get(page).content.decode()
    press(client, page, "allow", there.pk)
    assert not RelatedStatement.objects.exists()
    events = here.events.filter(action=Action.METADATA_CHANGED).order_by("number")
    assert [event.detail for event in events] == [
        f'{{"related":[{there.pk}]}}',  # ids: the headline may be erased, an event never changes
        f'{{"related":[{there.pk}]}}',
        f'{{"never suggested":[{there.pk}]}}',
        '{"never suggested":[]}',
    ]
    Statement.objects.filter(pk=there.pk).update(headline="There, as it is now")
    sentences = [entry.sentence for entry in timeline.list_entries(here)][:4]
    assert sentences == [
        "Ed (ed) changed the details: never suggested.",
        "Ed (ed) changed the details. Never suggested: “There, as it is now”.",
        "Ed (ed) changed the details. Related: “There, as it is now”.",
        "Ed (ed) changed the details. Related: “There, as it is now”.",
    ]


def test_a_writer_changes_nothing_once_the_statement_is_public(client, pair, ann):
    _, there, page = pair
    client.force_login(ann)
    shown = client.get(page).content.decode()
    assert "only editors change this" in shown
    assert 'name="do"' not in shown
    assert press(client, page, "pin", there.pk) == [
        "Once a statement is public, only editors change its themes, contact and related "
        "articles. Ask an editor."
    ]
    assert not RelatedStatement.objects.exists()


def test_a_draft_has_the_page_but_a_stranger_does_not_see_it(client, ann, sam, pair):
    page = reverse("admin:statements_statement_related", args=[make_statement(ann, "Draft").pk])
    client.force_login(ann)
    assert "nothing was compared" in client.get(page).content.decode()
    client.force_login(sam)
    assert client.get(page).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [{}, {"do": "pin"}, {"do": "pin", "to": "x\0"}, {"do": "pin", "to": "9" * 30}, {"to": "1"}],
)
def test_bad_input_changes_nothing(client, pair, ed, typed):
    here, _, page = pair
    client.force_login(ed)
    assert client.post(page, typed).status_code == 302
    assert client.post(page, {"do": "pin", "to": here.pk}).status_code == 302
    assert not RelatedStatement.objects.exists()
