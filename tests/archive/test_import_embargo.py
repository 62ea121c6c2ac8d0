"""What the words of an imported item put under an embargo that has not ended is no public item."""

import datetime as dt

import pytest

from statements.models import Edition, Statement
from tests.archive.samples import make_record, write_json_lines
from tests.archive.test_import import bring_in
from tests.archive.test_import_statuses import read_report
from tests.cast import NOON, make_organisation

pytestmark = pytest.mark.usefixtures("max")


@pytest.fixture(autouse=True)
def noon(db, frozen):
    frozen(NOON)
    make_organisation()


def bring_in_words(tmp_path, line: str) -> tuple[str, str]:
    record = make_record(1, body=f"<p>{line}</p><p>The council met.</p>")
    report = tmp_path / "report.csv"
    bring_in(write_json_lines(tmp_path, record), report=report)
    ((outcome, _, _, doubts),) = read_report(report)
    return outcome, doubts


def test_an_embargo_that_has_not_ended_makes_a_draft_that_keeps_it(tmp_path):
    line = "EMBARGOED UNTIL 00:01 ON 2 MARCH 2044"
    assert bring_in_words(tmp_path, line) == (
        "draft",
        f"Its words say “{line}”, which has not come: it comes in as a draft.",
    )
    assert not Edition.objects.exists()
    draft = Statement.objects.get()
    until = dt.datetime(2044, 3, 2, 0, 1, tzinfo=dt.UTC)
    assert (draft.embargo_line, draft.embargo_until) == (line, until)
    assert draft.requested_release_at == until


@pytest.mark.parametrize(
    "line", ["EMBARGOED UNTIL 00:01 ON 2 MARCH 2015", "EMBARGOED UNTIL 00:01 ON 2 APRIL"]
)
def test_an_embargo_that_has_ended_is_history(tmp_path, line):
    assert bring_in_words(tmp_path, line) == ("made", "")
    assert Statement.objects.get().embargo_line == ""


def test_an_embargo_without_a_known_end_is_a_doubt(tmp_path):
    assert bring_in_words(tmp_path, "EMBARGOED UNTIL 00.01") == (
        "made",
        "Its words say “EMBARGOED UNTIL 00.01”. It doesn’t name a date.",
    )
