"""One bad item costs itself alone, in a sentence, and no time."""

import time
import zipfile

import pytest

from archive.cleaning import clean_body
from archive.readers import json_lines
from archive.readers.row import Row
from tests.archive.readers.test_formats import read
from tests.archive.samples import write_file


def test_a_quotation_mark_that_never_closes_costs_its_own_row(tmp_path):
    text = 'id,title,body\n1,One,"Words\n2,Two,Words two.\n3,Three,Words three.\n'
    refused, two, three = read(write_file(tmp_path, "a.csv", text))
    assert refused.why == (
        "It opens a quotation mark and never closes it. The lines after it were read again."
    )
    assert (two.headline, three.body) == ("Two", "Words three.")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:  # where there is no way back
        archive.writestr("a.csv", text)
    assert [one.number for one in read(tmp_path / "a.zip")] == [2, 3, 4]
    (sloppy,) = read(write_file(tmp_path, "b.csv", 'id,title,body\n1,One,"Words "of" one".'))
    assert sloppy.headline == "One"


def test_an_item_that_is_no_json_costs_itself_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(json_lines, "MAX_ITEM_CHARS", 200_000)
    long = '{"id":2,"title":"Long","body":"\\"}' + "x" * 3_000_000 + '"}'
    broken = '{"id":3,"title":}'
    whole = '{"id":%d,"title":"T","body":"Words."}'
    text = f"[{whole % 1},{long},{broken},{whole % 4}]"
    one, passed, bad, four = read(write_file(tmp_path, "a.json", text))
    assert (one.identifier, four.identifier) == ("1", "4")
    assert passed.why == "The item has more than 0 MB: passed over."
    assert bad.why == "The item is no JSON: expecting value at character 17."


@pytest.mark.parametrize(
    "piece", ["<div>", "<p><b>", "a <cite ", "<script>", "<!-- ", "<ol start=2>", "<blockquote><p>"]
)
def test_what_never_closes_takes_no_time(piece):
    """Each was a hundred times as slow at ten times the length."""
    started = time.process_time()
    clean_body(Row("a", 1, body=f"Words. {piece * 20_000} More."))
    assert time.process_time() - started < 10
