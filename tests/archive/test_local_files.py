"""Which of the files that were given a row means, and that it is never another one."""

import pytest

from archive.local_files import Nearby
from archive.readers.source import Source, find
from tests.archive.samples import write


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a.pdf", "posts/a.pdf"),
        ("./b%20c.pdf?v=1#page=2", "posts/b c.pdf"),
        ("../img/x.png", "img/x.png"),
        ("img/x.png", "img/x.png"),  # as some write it from the top of the site
        ("/img/x.png", "img/x.png"),
        ("https://old.example.org/site/img/x.png", "img/x.png"),
        ("https://old.example.org/x.png", None),  # one of two, and their folders say nothing
        ("https://old.example.org/a.pdf", None),  # many are called so
        ("https://old.example.org/2012/a.pdf", None),
        ("/top.pdf", "top.pdf"),
        ("https://old.example.org/files/posts/a.pdf", "posts/a.pdf"),
        ("x.png", None),
        ("../../a.pdf", None),
        ("mailto:a.pdf", None),
        ("data:image/png;base64,AAAA", None),
        ("", None),
        ("#top", None),
    ],
)
def test_which_file_an_address_means(tmp_path, address, name):
    for one in ("posts/a.pdf", "posts/b c.pdf", "img/x.png", "other/x.png", "top.pdf"):
        write(tmp_path, one, b"x")
    found = Nearby(find(tmp_path).files).find(address, of="posts/one.html")
    assert (found and found.name) == name
    assert Nearby([Source("a.pdf", tmp_path / "a.pdf")]).find("a.pdf", of="b.xml") is None
