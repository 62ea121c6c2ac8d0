"""Files that lie beside an export belong to its statements, and are no statements."""

import json

from archive.import_source import load_source
from archive.mapping import Mapping
from tests.archive.samples import make_record, make_wordpress_post, write_file, write_wxr

TABLE = "title,date,body\nA,2012-05-02,Words.\n"
PAGE = "<!DOCTYPE html><html><body><p>Words.</p></body></html>"


def statement_files(folder) -> list[str]:
    return [file.name for file in load_source([folder], Mapping()).statement_files]


def test_files_in_folders_of_uploads_are_no_statements(tmp_path):
    write_wxr(tmp_path, make_wordpress_post(1, "One", "Words."), name="export.xml")
    for name in ("wp-content/uploads/2012/a.csv", "wp-content/uploads/b.html", "One_files/c.html"):
        write_file(tmp_path, name, TABLE if name.endswith("csv") else PAGE)
    assert statement_files(tmp_path) == ["export.xml"]
    assert load_source([tmp_path], Mapping()).beside_files.list_messages() == [
        "One_files/ lies beside the export, and its files belong to statements. Not read as "
        "statements, although their kinds could be: 1.",
        "wp-content/ lies beside the export, and its files belong to statements. Not read as "
        "statements, although their kinds could be: 2.",
    ]


def test_a_folder_of_uploads_that_is_all_there_is_holds_the_statements(tmp_path):
    write_file(tmp_path, "media/a.html", PAGE)
    write_file(tmp_path, "media/b.csv", TABLE)
    assert statement_files(tmp_path) == ["media/a.html", "media/b.csv"]


def test_files_that_a_row_of_another_format_names_are_no_statements(tmp_path):
    records = [
        make_record(1, attachments=["figures.csv"]),
        make_record(2, body='<p><a href="annex.html">Annex</a></p>'),
    ]
    write_file(tmp_path, "releases.json", json.dumps(records))
    write_file(tmp_path, "figures.csv", TABLE)
    write_file(tmp_path, "annex.html", PAGE)
    write_file(tmp_path, "other.csv", TABLE)
    assert statement_files(tmp_path) == ["other.csv", "releases.json"]


def test_pages_that_link_to_each_other_are_all_statements(tmp_path):
    for name, other in (("a", "b"), ("b", "a")):
        write_file(tmp_path, f"{name}.html", PAGE.replace("Words", f'<a href="{other}.html">x</a>'))
    assert statement_files(tmp_path) == ["a.html", "b.html"]
