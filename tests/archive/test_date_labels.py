"""Dates of real sources are read as a person reads them (tests/archive/labels/dates.tsv)."""

import pytest

from bench.dates import DATA, read_dates, read_labels

LABELS = read_labels()


@pytest.mark.skipif(not DATA.is_dir(), reason="The real sources in ../shared/data are not here.")
@pytest.mark.parametrize("source", LABELS)
def test_every_labelled_date_is_right(source):
    _, dates, _ = read_dates(DATA / source)
    expected = LABELS[source]
    assert {identifier: dates.get(identifier) for identifier in expected} == expected
