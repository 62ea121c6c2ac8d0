"""Count how the dates of real sources are read, and compare a sample with labels made by hand.

    python -m bench.dates [FOLDER]     each folder of ../shared/data, or of FOLDER

Prints for each source how many rows have a day, a time, no date, or a date in doubt, whether an
order of day and month was decided, and each labelled row whose date was read otherwise. The labels
are in tests/archive/labels/dates.tsv: source, identifier, date; "-" is a date that nobody can tell.
"""

import csv
import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
LABELS = HERE.parent / "tests" / "archive" / "labels" / "dates.tsv"
DATA = HERE.parent.parent / "shared" / "data"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    labels, wrong, right = read_labels(), [], 0
    print("| source | rows | day | time | none | in doubt | order |\n|---|---|---|---|---|---|---|")
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        counts, dates, order = read_dates(source)
        print(
            f"| {source.name} | {counts.total():,} | {counts['day']:,} | {counts['time']:,} "
            f"| {counts['none']:,} | {counts['doubt']:,} | {order} |",
            flush=True,
        )
        for identifier, expected in labels.get(source.name, {}).items():
            found = dates.get(identifier, "no such row")
            right += found == expected
            if found != expected:
                wrong.append(f"{source.name}: {identifier}: {found}, labelled {expected}")
    print(f"\nLabelled: {right} of {right + len(wrong)} right.", *wrong, sep="\n")


def read_labels(path: Path = LABELS) -> dict[str, dict[str, str]]:
    """Return source → identifier → the date that a person read in it."""
    labels: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            labels.setdefault(row["source"], {})[row["identifier"]] = row["date"]
    return labels


def read_dates(folder: Path) -> tuple[Counter[str], dict[str, str], str]:
    """Return how many rows have which sort of date, identifier → date, and the order found."""
    from dataclasses import replace

    from archive.first_pass import collect_facts
    from archive.import_source import load_source
    from archive.mapping import Mapping

    source = load_source([folder], Mapping())
    facts = collect_facts(source)
    source.mapping = replace(source.mapping, month_first=facts.dates.order.decision)
    counts: Counter[str] = Counter()
    dates: dict[str, str] = {}
    for row in _read_rows(source):
        published = row.published and facts.dates.drop_invented_time(row.published)
        if published is None:
            counts["doubt" if row.proposed_day or row.date_numbers else "none"] += 1
            dates[row.identifier] = "-"
        elif isinstance(published, dt.datetime):
            counts["time"] += 1
            dates[row.identifier] = f"{published.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        else:
            counts["day"] += 1
            dates[row.identifier] = published.isoformat()
    decision = {True: "month first", False: "day first", None: "-"}[facts.dates.order.decision]
    return counts, dates, decision


def _read_rows(source) -> Iterator:
    from archive.formats import detect_format
    from archive.readers.row import Row, UnreadableSource
    from archive.readers.source import READ_ERRORS

    for file in source.statement_files:
        with suppress(UnreadableSource, *READ_ERRORS):
            if form := detect_format(file):
                items = form.read(file, source.mapping)
                yield from (item for item in items if isinstance(item, Row))


if __name__ == "__main__":
    main()
