"""Measure how good the related articles are, against a TF-IDF cosine by scikit-learn.

    pip install -r requirements-bench.txt
    python -m bench.related

Needs the press releases of the US Department of Justice (public domain) with the pairs that belong
together, `releases.jsonl` and `related_ground_truth.csv`, in var/bench/us-doj-press-releases or in
the folder that RELATED_DATA names. They are not part of this project.

Every release is a candidate for every other. For each release with a known companion, the first
five are judged: recall@5 is the share of its companions among them; nDCG@5 also counts their
positions. Nothing is random and ties are broken by number, so every run is the same.
"""

import csv
import html
import io
import json
import math
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = Path(
    os.environ.get("RELATED_DATA") or HERE.parent / "var" / "bench" / "us-doj-press-releases"
)
TOP_COUNT = 5

Ranking = Callable[[str], list[str]]
"""Number of a release to the numbers of others, the most related first."""


def main() -> None:
    if not (DATA / "releases.jsonl").exists():
        sys.exit(
            f"There are no press releases in {DATA}. Put releases.jsonl and "
            "related_ground_truth.csv there, or name their folder by RELATED_DATA."
        )
    releases, truth = read_releases(), read_truth()
    companions = sum(map(len, truth["all"].values()))
    print(
        f"{len(releases)} press releases; {len(truth['all'])} of them have {companions} known "
        f"companions.\nA recall@{TOP_COUNT} of 1 is impossible: some have more than "
        f"{TOP_COUNT}.\n"
    )
    print(f"{'':44}{'recall@5':>10}{'nDCG@5':>10}   nDCG@5 by evidence")
    print_report("the best possible", lambda number: sorted(truth["all"][number]), truth)
    for name, ranking in make_baselines(releases).items():
        print_report(f"scikit-learn TF-IDF cosine, {name}", ranking, truth)
    print_report("ours, by the words alone", rank_by_words(releases), truth)
    fill_database(releases)
    print_report("ours, as a page shows it", rank_as_shown(releases), truth)


def read_releases() -> dict[str, dict]:
    with (DATA / "releases.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: row for row in sorted(rows, key=lambda row: row["id"])}


def read_truth() -> dict[str, dict[str, set[str]]]:
    """Return evidence to release to companions: put into one case, or linked by an editor."""
    truth: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with (DATA / "related_ground_truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for evidence in ("all", row["evidence"]):
                truth[evidence][row["release_id"]].add(row["related_release_id"])
    return truth


def print_report(name: str, ranking: Ranking, truth: dict[str, dict[str, set[str]]]) -> None:
    recall, ndcg = judge_ranking(ranking, truth["all"])
    parts = [
        f"{kind} {judge_ranking(ranking, truth[kind])[1]:.3f}" for kind in truth if kind != "all"
    ]
    print(f"{name:44}{recall:>10.3f}{ndcg:>10.3f}   {', '.join(parts)}", flush=True)


def judge_ranking(ranking: Ranking, companions: dict[str, set[str]]) -> tuple[float, float]:
    recalls, gains = [], []
    for number, related in companions.items():
        hits = [other in related for other in ranking(number)[:TOP_COUNT]]
        best = sum(_compute_gain(place) for place in range(min(TOP_COUNT, len(related))))
        recalls.append(sum(hits) / len(related))
        gains.append(sum(_compute_gain(place) for place, hit in enumerate(hits) if hit) / best)
    return sum(recalls) / len(recalls), sum(gains) / len(gains)


def _compute_gain(place: int) -> float:
    return 1 / math.log2(place + 2)


# --- The baseline ---------------------------------------------------------------------------------


def make_baselines(releases: dict[str, dict]) -> dict[str, Ranking]:
    """Return the baseline with default settings, and with the best settings for these texts."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError:
        print("(scikit-learn is not installed: pip install -r requirements-bench.txt)")
        return {}
    texts = [f"{row['title']}\n{to_plain_text(row['body_html'])}" for row in releases.values()]
    settings = {"by default": {}, "tuned": {"sublinear_tf": True, "stop_words": "english"}}
    return {
        name: _rank_by_cosine(list(releases), TfidfVectorizer(**setting).fit_transform(texts))
        for name, setting in settings.items()
    }


def _rank_by_cosine(numbers: list[str], matrix) -> Ranking:
    similarities = (matrix @ matrix.T).toarray()
    row = {number: place for place, number in enumerate(numbers)}

    def ranking(number: str) -> list[str]:
        similarity = similarities[row[number]]
        others = [other for other in numbers if other != number]
        return sorted(others, key=lambda other: (-similarity[row[other]], other))[:TOP_COUNT]

    return ranking


def to_plain_text(body: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


# --- Ours -----------------------------------------------------------------------------------------


def rank_by_words(releases: dict[str, dict]) -> Ranking:
    """Compare every pair by the pure functions of the product."""
    from statements.related.terms import find_terms
    from statements.related.weighting import (
        cosine_similarity,
        count_document_frequencies,
        weigh_terms,
    )

    terms = {number: find_terms(make_content(row)) for number, row in releases.items()}
    frequencies = count_document_frequencies(terms.values())
    vectors = {number: weigh_terms(words, frequencies) for number, words in terms.items()}

    def ranking(number: str) -> list[str]:
        similarity = {
            other: cosine_similarity(vectors[number], vectors[other]) for other in vectors
        }
        return sorted(similarity.keys() - {number}, key=lambda other: (-similarity[other], other))[
            :TOP_COUNT
        ]

    return ranking


def make_content(row: dict) -> str:
    """Return a release as the content of an edition."""
    from statements.content.characters import normalise_text
    from statements.content.html import clean_blocks
    from statements.content.schema import canonical

    passage = {"heading": "", "blocks": clean_blocks(row["body_html"])}
    return canonical(
        {
            "headline": normalise_text(row["title"]),
            "summary": "",
            "language": "en",
            "responds_to": None,
            "passages": [passage],
        }
    )


# --- Ours, through the database -------------------------------------------------------------------


def fill_database(releases: dict[str, dict]) -> None:
    """Import every release as a public statement with its topics as themes; compare all."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _import_releases(releases)
    call_command("update_related", stdout=io.StringIO())


def _import_releases(releases: dict[str, dict]) -> None:
    import datetime as dt

    from django.contrib.auth.models import Group, User

    from organisations.models import Organisation
    from statements import clock, workflow
    from statements.models import Passage, Statement, Theme

    manager = User.objects.create_user("manager")
    manager.groups.add(Group.objects.get(name="Manager"))
    publisher = Organisation.objects.create(name="Department of Justice", publishes=True)
    for number, row in releases.items():
        statement = Statement.objects.create(
            headline=row["title"].strip(), slug=f"release-{number}", organisation=publisher
        )
        Passage.objects.create(statement=statement, body=row["body_html"])
        statement.themes.add(*[Theme.objects.get_or_create(name=n)[0] for n in row["topics"]])
        released_at = dt.datetime.fromisoformat(row["date"])
        workflow.import_edition(
            statement, by=manager, at=clock.now(), released_at=released_at, source="bench"
        )


def rank_as_shown(releases: dict[str, dict]) -> Ranking:
    """Rank by the related articles of the public page, the first five of six."""
    from statements import clock
    from statements.published.editions import load_current_statement
    from statements.published.statement_context import load_context
    from statements.related.articles import find_related_articles

    def ranking(number: str) -> list[str]:
        at = clock.now()
        statement = load_current_statement(f"release-{number}", at=at)
        assert statement, "Every release was imported."
        context = load_context(statement, at=at)
        return [
            article.slug.removeprefix("release-")
            for article in find_related_articles(statement, context, at=at)
        ]

    return ranking


def run_on_temporary_database() -> None:
    """Run on a temporary SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/related.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        main()


if __name__ == "__main__":
    run_on_temporary_database()
