"""Test the reading of quotations against labels by hand; see bench/reading.py for the figures."""

import pytest

from bench.reading import SOURCES, count_quotations, read_quotation_labels


@pytest.mark.skipif(not SOURCES.exists(), reason="The real exports are not beside the repository.")
def test_what_is_read_as_certain_is_right_in_the_labelled_quotations():
    labels = read_quotation_labels()
    assert len(labels) == 199
    counts, mistakes = count_quotations(labels)
    assert mistakes == []
    assert counts["right speaker"] >= 75  # so many are not left as narration
