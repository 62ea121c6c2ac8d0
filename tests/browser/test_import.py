"""Test an import in a browser: by keyboard, with its progress, accessible on every page."""

import re

from playwright.sync_api import expect

from archive.models import Upload
from statements import clock
from tests.archive.samples import make_record, write_json_lines
from tests.browser.barriers import find_problems
from tests.cast import make_organisation


def test_a_manager_uploads_a_file_and_watches_the_import(signed_in, max, settings, tmp_path):
    settings.IMPORTS_DIR = tmp_path / "imports"
    make_organisation()
    body = "<p>News.</p><p>Mr Pier said:</p><p>“We are glad.”</p>"
    source = write_json_lines(
        tmp_path, make_record(1, body=body), make_record(2, date=""), {"id": "3"}
    )
    page = signed_in(max)
    noise: list[str] = []
    page.on("console", lambda line: noise.append(line.text) if line.type == "error" else None)
    page.get_by_role("link", name="Import", exact=True).click()
    problems = find_problems(page)
    page.get_by_label("File").set_input_files(source)
    page.get_by_role("button", name="Bring it and make a dry run").press("Enter")
    expect(page.get_by_role("heading", name="What would become of it")).to_be_visible()
    expect(page.get_by_role("row", name="draft 1")).to_be_visible()
    page.get_by_label("Mr Pier").select_option("New speaker: Mr Pier")
    page.get_by_role("button", name="Make the dry run again with these names").press("Enter")
    expect(page.get_by_label("Mapping")).to_have_value(re.compile('"Mr Pier" = "Mr Pier"'))
    problems += find_problems(page)

    page.get_by_label("Mapping").fill("colour = 1")
    page.get_by_role("button", name="Make the dry run again", exact=True).press("Enter")
    expect(page.get_by_label("Mapping")).to_have_value("colour = 1")
    expect(page.get_by_role("alert")).to_contain_text("The dry run was not made again.")
    problems += find_problems(page)

    # As while the worker is running.
    busy = {"stands": "importing", "worker": "somebody", "beat_at": clock.now()}
    Upload.objects.update(rows=1, **busy)
    page.goto(f"/admin/import/{Upload.objects.get().pk}/")
    expect(page.get_by_text("1 of 3 rows")).to_be_visible()
    problems += find_problems(page)
    Upload.objects.update(rows=2, **busy)
    expect(page.get_by_text("2 of 3 rows")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 2)
    Upload.objects.update(stands="checked", worker="")
    page.get_by_role("button", name="Import 3 rows").press("Enter")
    expect(page.get_by_role("heading", name="What became of it")).to_be_visible()
    problems += find_problems(page)
    assert [problems, noise] == [[], []]
