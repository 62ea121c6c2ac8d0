"""Tables of an old site stay tables, from each format, and come back from an export."""

import csv
import io

import pytest
from django.core.management import call_command

from statements.audit import verification
from statements.models import Edition, Passage, Statement
from tests.archive.samples import (
    make_record,
    make_wordpress_post,
    write_file,
    write_json_lines,
    write_wxr,
)
from tests.cast import NOON, make_organisation

HTML = (
    '<p>We counted.</p><table class="wp-block-table"><thead><tr><th>Year</th><th>Homes</th></tr></thead>'
    "\n<tbody><tr><td>2025</td><td>310</td></tr>\n<tr><td>2026</td><td><b>402</b></td></tr></tbody></table>"
    "<p>Dave Hill, President of the ADCS, said:</p><p>“It is good.”</p>"
)
MARKDOWN = """---
title: Statement 1
date: 2015-03-01
---
We counted.

| Year | Homes   |
|------|---------|
| 2025 | 310     |
| 2026 | **402** |

Dave Hill, President of the ADCS, said:

“It is good.”
"""
TABLE = {
    "type": "table",
    "heading": "",
    "caption": "",
    "header": ["Year", "Homes"],
    "rows": [["2025", "310"], ["2026", "<strong>402</strong>"]],
}
BODY = (
    "<table><thead><tr><th>Year</th><th>Homes</th></tr></thead><tbody><tr><td>2025</td><td>310</td></tr>"
    "<tr><td>2026</td><td><strong>402</strong></td></tr></tbody></table>"
)


@pytest.fixture(autouse=True)
def site(max, frozen):
    frozen(NOON)
    make_organisation()


def write_csv(folder, body):
    table = io.StringIO()
    rows = [["id", "title", "date", "body"], ["1", "Statement 1", "2015-03-01T10:00:00Z", body]]
    csv.writer(table).writerows(rows)
    return write_file(folder, "old.csv", table.getvalue())


SOURCES = {
    "JSON Lines": lambda folder: write_json_lines(folder, make_record(1, body=HTML)),
    "WordPress": lambda folder: write_wxr(folder, make_wordpress_post(1, "Statement 1", HTML)),
    "CSV": lambda folder: write_csv(folder, HTML),
    "Markdown": lambda folder: write_file(folder, "posts/2015-03-01-one.md", MARKDOWN),
}


@pytest.mark.parametrize("write", SOURCES.values(), ids=SOURCES)
def test_a_table_is_imported_as_one(tmp_path, write):
    call_command("import_statements", str(write(tmp_path)), by="max", stdout=io.StringIO())
    blocks = Edition.objects.get().content_data["blocks"]
    assert [block["type"] for block in blocks] == ["narration", "table", "quotation"]
    assert {**blocks[1], "id": None} == {**TABLE, "id": None}
    assert list(Passage.objects.order_by("position").values_list("body", "speaker__name")) == [
        ("<p>We counted.</p>", None),
        (BODY, None),
        ("<p>It is good.</p>", "Dave Hill"),
    ]
    assert Statement.objects.get().content()["blocks"] == blocks
    assert list(verification.verify()) == []


@pytest.mark.parametrize(("cell", "is_told"), [("<td rowspan='2'>", True), ("<td>", False)])
def test_merged_cells_are_a_doubt_of_the_report(tmp_path, cell, is_told):
    body = (
        f"<p>A.</p><table><tr>{cell}North</td><td>1</td></tr><tr><td>2</td><td>3</td></tr></table>"
    )
    report = tmp_path / "report.csv"
    source = write_json_lines(tmp_path, make_record(1, body=body))
    call_command("import_statements", str(source), by="max", report=report, stdout=io.StringIO())
    with report.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    message = (
        "Cells of a table that were merged stand apart now: read the table again, above all its "
        "first row."
    )
    assert (message in row["doubts"]) == is_told
    assert (row["outcome"], row["words_in"]) == ("made", row["words_out"])


@pytest.mark.django_db(transaction=True)
def test_an_exported_table_is_restored(tmp_path):
    source = write_json_lines(tmp_path, make_record(1, body=HTML))
    call_command("import_statements", str(source), by="max", stdout=io.StringIO())
    before = Edition.objects.get().digest, Statement.objects.get().content()
    call_command("export_statements", str(tmp_path / "out"), stdout=io.StringIO())
    call_command("flush", interactive=False, verbosity=0)
    call_command("import_statements", str(tmp_path / "out"), stdout=io.StringIO())
    assert (Edition.objects.get().digest, Statement.objects.get().content()) == before
    assert list(verification.verify()) == []
