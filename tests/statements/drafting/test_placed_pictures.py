"""A picture between the passages: frozen, published, compared, restored and exported where it is."""

import pytest

from statements.content import rendering
from statements.content.diff import diff_content
from statements.drafting.restore_edition import restore_to_draft
from statements.models import Passage
from tests.cast import NOON, approve_edition, make_statement, submit_statement
from tests.make_files import attach_file, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(ann):
    """Two passages with a picture between them, and another picture in the gallery."""
    statement = make_statement(ann, words="First.")
    chart = attach_file(statement, ann, "chart.jpg", alt="Rooms by year", title="Warm rooms")
    attach_file(statement, ann, "flag.jpg", make_picture(900, 300), alt="A flag")
    statement.passages.create(position=1, picture=chart)
    statement.passages.create(position=2, body="<p>Second.</p>")
    statement.refresh_from_db()
    return statement


def list_types(content) -> list[str]:
    return [block["type"] for block in content["blocks"]]


def test_it_is_frozen_between_the_passages(statement):
    content = statement.content()
    assert list_types(content) == ["quotation", "picture", "narration"]
    assert content["blocks"][1]["digest"] == content["files"][0]["digest"]


def test_its_description_stands_for_it_in_plain_text(statement):
    text = rendering.render_plain_text(statement.content())
    assert "“First.”\n\n[Rooms by year]\n\nSecond." in text
    assert "A flag" not in text


def test_the_page_shows_it_there_and_the_others_in_the_gallery(client, statement, ann, ed, frozen):
    frozen(NOON)
    edition = submit_statement(statement, by=ann)
    approve_edition(edition, by=ed, release_at=NOON)
    response = client.get(f"/statements/{edition.slug}/").content.decode()
    page = response[response.index('<div class="words"') :]
    places = [page.index(text) for text in ("First.", "Rooms by year", "Second.", "A flag")]
    assert places == sorted(places)
    assert page.count('alt="Rooms by year"') == 1
    assert '<h2 id="pictures" lang="en-GB">Picture</h2>' in page


def test_taking_it_out_of_its_place_is_a_change_that_readers_are_shown(statement):
    before = statement.content()
    Passage.objects.filter(picture__isnull=False).delete()
    [change] = diff_content(before, statement.content())
    assert change.label == "Picture, placed here"
    assert "Warm rooms" in change.html


def test_moving_it_is_a_change(statement):
    before = statement.content()
    Passage.objects.filter(picture__isnull=False).update(position=9)
    assert diff_content(before, statement.content())


def test_an_edition_gives_it_its_place_back(statement, ann, ed):
    edition = submit_statement(statement, by=ann)
    statement.attachments.all().delete()
    statement.refresh_from_db()
    assert list_types(statement.content()) == ["quotation", "narration"]
    restore_to_draft(edition, by=ed, at=NOON, seen_version=statement.version)
    assert list_types(statement.content()) == ["quotation", "picture", "narration"]
    assert statement.passages.get(position=1).picture.title == "Warm rooms"
