"""Worker processes read ahead, and the result is the same as without them."""

import pytest
from django.core.management import call_command

from archive import importer, worker_processes
from archive.cleaning import clean_body
from archive.import_source import load_source
from archive.mapping import Mapping
from archive.report import MADE, REFUSED, Report
from statements.audit import verification
from statements.models import Event, Fingerprints, SearchRow, Statement
from statements.published.editions import public_editions
from statements.search import index
from tests.archive.samples import make_record, write_json_lines
from tests.cast import NOON, make_organisation

pytestmark = pytest.mark.django_db
ROWS = 24


@pytest.fixture(autouse=True)
def small_batches(monkeypatch, frozen):
    frozen(NOON)
    monkeypatch.setattr(importer, "BATCH_ROWS", 4)
    monkeypatch.setattr(worker_processes, "MIN_BATCHES_FOR_PROCESSES", 3)


def rows_of_search() -> list[tuple]:
    return list(SearchRow.objects.order_by("pk").values_list("pk", "headline", "names", "summary"))


@pytest.mark.django_db(transaction=True)
def test_a_large_lot_comes_in_whole_in_order_and_indexed(tmp_path, max):
    make_organisation()
    source = write_json_lines(
        tmp_path, *(make_record(1 + n % 28, id=n, title=f"Row {n}") for n in range(ROWS))
    )
    call_command("import_statements", str(source), by="max", report=tmp_path / "report.csv")
    public = public_editions(at=NOON).order_by("pk")
    assert [edition.headline for edition in public] == [f"Row {n}" for n in range(ROWS)]
    assert list(verification.verify()) == []
    assert Fingerprints.objects.count() == Event.objects.exclude(statement=None).count() == ROWS
    before = rows_of_search()
    for _ in index.rebuild_index(at=NOON):
        pass
    assert len(before) == ROWS
    assert rows_of_search() == before


def test_a_row_that_we_fail_at_is_refused_and_stops_no_other(tmp_path, max, monkeypatch):
    make_organisation()

    def fails_at_two(row):
        if row.headline == "Row 2":
            raise KeyError("a fault of ours")
        return clean_body(row)

    monkeypatch.setattr(worker_processes, "clean_body", fails_at_two)
    source = write_json_lines(
        tmp_path, *(make_record(n, id=n, title=f"Row {n}") for n in range(1, 4))
    )
    import_source = load_source([source], Mapping())
    with Report() as report:
        assert list(importer.Importer(import_source, report, NOON).process_rows())[-1] == 3
    assert report.counts == {MADE: 2, REFUSED: 1}
    assert report.refusals[0].why == importer.INTERNAL_ERROR
    assert not Statement.objects.exists()
