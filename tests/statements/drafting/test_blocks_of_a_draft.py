"""What the database holds of the blocks of a draft: a picture has no words, a voice is one person."""

import pytest
from django.db import IntegrityError, transaction

from statements.models import Passage
from tests.cast import make_speaker, make_statement
from tests.make_files import attach_file


@pytest.fixture
def statement(ann):
    return make_statement(ann)


@pytest.mark.parametrize(
    "words", [{"body": "<p>Words.</p>"}, {"attribution": "She said:"}, {"awaits_speaker": True}]
)
def test_the_place_of_a_picture_has_no_words(statement, ann, words):
    place = statement.passages.create(position=9, picture=attach_file(statement, by=ann))
    rows = Passage.objects.filter(pk=place.pk)
    with pytest.raises(IntegrityError, match="passage_picture_check"), transaction.atomic():
        rows.update(**words)
    with pytest.raises(IntegrityError, match="passage_picture_check"), transaction.atomic():
        rows.update(speaker=make_speaker("Hannah Sorley"))


def test_a_picture_stands_in_one_place_and_takes_it_along(statement, ann):
    picture = attach_file(statement, by=ann)
    statement.passages.create(position=9, picture=picture)
    with pytest.raises(IntegrityError), transaction.atomic():
        statement.passages.create(position=10, picture=picture)
    picture.delete()
    assert not statement.passages.filter(position=9).exists()


def test_a_quotation_that_has_a_speaker_waits_for_none(statement):
    row = statement.passages.create(position=9, body="<p>Words.</p>", awaits_speaker=True)
    with (
        pytest.raises(IntegrityError, match="passage_awaits_speaker_check"),
        transaction.atomic(),
    ):
        Passage.objects.filter(pk=row.pk).update(speaker=make_speaker("Hannah Sorley"))
