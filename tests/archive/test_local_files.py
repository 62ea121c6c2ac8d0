"""Which of the files that were given a row means, and that it is never another one."""

import pytest

from archive.local_files import LocalFiles
from archive.readers.source import SourceFile, find_files
from tests.archive.samples import write_file


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
        write_file(tmp_path, one, b"x")
    found = LocalFiles(find_files(tmp_path).files).find(address, named_in="posts/one.html")
    assert (found and found.name) == name
    assert (
        LocalFiles([SourceFile("a.pdf", tmp_path / "a.pdf")]).find("a.pdf", named_in="b.xml")
        is None
    )
