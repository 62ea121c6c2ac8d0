"""Measure how well texts of issuers are split: python -m bench.issuers.

The labels are in tests/archive/labels/issuers.tsv: the column, the text, and what it names (O an
organisation, P a person, N neither), by hand. 110 texts of GOV.UK were drawn with
random.Random(18).sample from the sorted distinct texts; the other columns are made up and hard.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from archive.matching.issuers import ORGANISATION, PERSON, IssuerColumn

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "archive" / "labels" / "issuers.tsv"
COLUMN = ROOT.parent / "shared" / "data" / "govuk-news" / "scraped_2025.csv"
KINDS = {ORGANISATION: "O", PERSON: "P"}
Labels = dict[str, list[str]]
"""A text to its names, each as “O:Home Office”."""


def read_labels() -> dict[str, Labels]:
    """Return the labelled texts of each column."""
    columns: dict[str, Labels] = {}
    with LABELS.open(encoding="utf-8", newline="") as file:
        for column, text, names in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            columns.setdefault(column, {})[text] = names.split(" | ")
    return columns


def read_texts(column: str) -> list[str]:
    """Return the whole column where it is more than its labelled texts."""
    if column != "govuk-news" or not COLUMN.exists():
        return []
    with COLUMN.open(encoding="utf-8", newline="") as file:
        return sorted({row["from"] for row in csv.DictReader(file)} - {""})


def count_readings(labels: Labels, *, column: Iterable[str]) -> tuple[Counter[str], list[str]]:
    """Count the names that are there and those read as certain; list the wrong ones."""
    issuers = IssuerColumn(lambda name: False, lambda name: False)
    issuers.learn_names(column)
    counts: Counter[str] = Counter()
    mistakes = []
    for text, names in labels.items():
        for issuer in issuers.split(text):
            if issuer.kind in KINDS:
                reading = f"{KINDS[issuer.kind]}:{issuer.name}"
                kind = "organisations" if issuer.kind == ORGANISATION else "people"
                counts.update(["certain", f"certain {kind}"])
                if reading not in names:
                    mistakes.append(f"{text}: {reading}")
        counts["organisations"] += sum(name.startswith("O:") for name in names)
        counts["people"] += sum(name.startswith("P:") for name in names)
    return counts, mistakes


def main() -> None:
    totals: Counter[str] = Counter()
    wrong: list[str] = []
    for column, labels in read_labels().items():
        counts, mistakes = count_readings(labels, column=read_texts(column) or labels)
        totals += counts
        wrong += mistakes
        print(f"{column}: {len(labels)} texts, {dict(counts)}, wrong {len(mistakes)}")
    there = totals["organisations"] + totals["people"]
    right = totals["certain"] - len(wrong)
    print(f"precision {right / totals['certain']:.1%} of {totals['certain']} read as certain")
    print(f"recall {right / there:.1%} of {there} names")
    for kind in ("organisations", "people"):
        print(f"  {kind}: {totals[f'certain {kind}']} of {totals[kind]} read as certain")
    for mistake in wrong:
        print(f"wrong: {mistake}")


if __name__ == "__main__":
    main()
