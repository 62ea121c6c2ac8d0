"""A picture is described by its source: by its alternative text, else its caption, else not at all."""

import pytest

from archive.cleaning import clean_body
from archive.picture_captions import find_captions, is_description
from archive.readers.row import Row


@pytest.mark.parametrize(
    ("source", "captions"),
    [
        (
            '<figure><img src="a.jpg" alt=""><figcaption>The <b>quay</b> &amp; boats</figcaption></figure>',
            {"a.jpg": "The quay & boats"},
        ),
        ('[caption id="x"]<img src="a.jpg" /> The quay[/caption]', {"a.jpg": "The quay"}),
        ('<figure><img src="a.jpg"></figure><p>The quay</p>', {}),
        ('<img src="a.jpg"><p>The quay</p>', {}),
        ("<figure>" * 20_000 + '<img src="a.jpg">', {}),
    ],
)
def test_the_caption_of_a_picture_is_found(source, captions):
    assert find_captions(source) == captions


@pytest.mark.parametrize(
    ("text", "describes"),
    [
        ("Boats at the quay", True),
        ("Quay", True),
        ("IMG_2034", False),
        ("DSC01.JPG", False),
        ("the quay.png", False),
        ("  ", False),
        ("12", False),
    ],
)
def test_the_name_of_a_file_describes_no_picture(text, describes):
    assert is_description(text) is describes


def test_a_caption_stays_among_the_words_too():
    body = '<figure><img src="a.jpg" alt=""><figcaption>It is quiet.</figcaption></figure><p>Words.</p>'
    cleaned = clean_body(Row("a", 1, headline="A", body=body))
    assert [block for passage in cleaned.passages for block in passage.blocks] == [
        "<p>It is quiet.</p>",
        "<p>Words.</p>",
    ]
    (picture,) = cleaned.pictures
    assert (picture.title, picture.alt) == ("It is quiet.", "")
