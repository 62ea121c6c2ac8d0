"""A saved page keeps the words of its content, and names what it leaves out."""

from archive.readers.row import Row
from tests.archive.readers.test_formats import blocks, read
from tests.archive.samples import write_file

PROSE = "The quay was closed for three years, and the council says why it opens again now."


def read_page(tmp_path, content: str) -> Row:
    words = "".join(
        f"<p>Paragraph {number} of the page has enough words.</p>" for number in "12345678"
    )
    page = f"<!DOCTYPE html><html><body><nav>Menu</nav><article><h1>Quay</h1>{words}{content}</article></body></html>"
    (row,) = read(write_file(tmp_path, "page.html", page))
    return row


def test_words_in_an_element_called_related_or_aside_stay(tmp_path):
    for start, end in (
        ('<div class="related-documents">', "</div>"),
        ("<aside>", "</aside>"),
        ("<footer>", "</footer>"),
    ):
        row = read_page(tmp_path, f"{start}<p>{PROSE}</p>{end}")
        assert blocks(row)[-1] == f"<p>{PROSE}</p>"
        assert row.dropped == ()


def test_links_and_comments_are_left_out_and_named(tmp_path):
    links = '<ul class="related"><li><a href="/a">The first page of many</a></li></ul>'
    comments = f'<section class="comments"><p>{PROSE}</p></section>'
    row = read_page(tmp_path, links + comments + "<script>var quay = 1</script>")
    assert len(blocks(row)) == 8
    assert row.dropped == ("“The first page of many”", f"“{PROSE}”")
