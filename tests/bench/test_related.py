"""The measure of the related articles measures; the press releases themselves are not here."""

import pytest

from bench import related
from bench.related import judge_ranking


def test_recall_and_ndcg_are_what_they_are_called():
    companions = {"a": {"b", "c"}, "d": {"e"}}
    perfect = {"a": ["c", "b"], "d": ["e"]}
    half = {"a": ["x", "b", "y", "z", "w", "c"], "d": ["x"]}
    assert judge_ranking(perfect.__getitem__, companions) == (1, 1)
    recall, ndcg = judge_ranking(half.__getitem__, companions)
    assert recall == 0.25
    assert round(ndcg, 4) == 0.1934


def test_without_the_releases_it_says_where_to_put_them(tmp_path, monkeypatch):
    monkeypatch.setattr(related, "DATA", tmp_path)
    with pytest.raises(SystemExit) as stopped:
        related.main()
    assert str(stopped.value) == (
        f"There are no press releases in {tmp_path}. Put releases.jsonl and "
        "related_ground_truth.csv there, or name their folder by RELATED_DATA."
    )
