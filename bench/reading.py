"""Measure how well quotations are read: python -m bench.reading.

The labels are in tests/archive/labels/quotations.tsv, by hand from the sources: source, file, row,
the first words of the paragraph, and who says it in which role for which organisation, as printed;
nothing where no line names anybody. For each source, paragraphs were drawn with random.Random(18)
from three groups: those that the import reads as a quotation (at most 70 of GOV.UK’s news, 25 of
others), others that begin with a mark or stand in a block quotation (25, 6), and others with a mark
in them (8, 3).
"""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.cleaning import clean_body
from archive.formats import detect_format
from archive.import_source import load_source
from archive.mapping import Mapping
from archive.readers.row import Row
from statements.content.rendering import render_block_as_text
from statements.parsing.draft import DraftPassage

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "archive" / "labels" / "quotations.tsv"
SOURCES = ROOT.parent / "shared" / "data"
PARTS = ("speaker", "role", "organisation")


@dataclass(frozen=True)
class LabelledQuotation:
    """A paragraph of a source, and who says it, by hand."""

    source: str
    file: str
    row: int
    first_words: str
    speaker: str
    role: str
    organisation: str


def read_quotation_labels() -> list[LabelledQuotation]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [
            LabelledQuotation(source, name, int(row), *rest)
            for source, name, row, *rest in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def count_quotations(
    labels: list[LabelledQuotation],
) -> tuple[Counter[str], list[str]]:
    """Count the parts that are there, read as certain and right; list the wrong ones."""
    counts: Counter[str] = Counter()
    mistakes = []
    for label in labels:
        passage = find_quoted_passage(label)
        counts["quotations"] += 1
        counts["doubtful"] += bool(passage and passage.doubt)
        readings = ("", "", "")
        if passage and not passage.doubt:
            readings = (passage.speaker_name, passage.role, passage.organisation_in_text)
        for part, reading in zip(PARTS, readings, strict=True):
            expected = getattr(label, part)
            counts[part] += bool(expected)
            counts[f"certain {part}"] += bool(reading)
            counts[f"right {part}"] += bool(reading) and reading == expected
            if reading not in ("", expected):
                mistakes.append(f"{label.file}, row {label.row}: {part} “{reading}”")
    return counts, mistakes


def find_quoted_passage(label: LabelledQuotation) -> DraftPassage | None:
    """Return the quotation that the paragraph was read as a part of, None if it is narration."""
    for passage in _read_passages(label.source).get((label.file, label.row), ()):
        texts = map(render_block_as_text, passage.typed_blocks)
        if passage.is_quoted and any(
            " ".join(text.split()).startswith(label.first_words) for text in texts
        ):
            return passage
    return None


@cache
def _read_passages(source: str) -> dict[tuple[str, int], tuple[DraftPassage, ...]]:
    wanted = {(label.file, label.row) for label in read_quotation_labels()}
    return {
        (row.file, row.number): clean_body(row).passages
        for row in _read_rows(source)
        if (row.file, row.number) in wanted
    }


def _read_rows(source: str) -> Iterator[Row]:
    import_source = load_source([SOURCES / source], Mapping())
    names = {label.file for label in read_quotation_labels() if label.source == source}
    for file in import_source.files:
        form = detect_format(file) if file.name in names else None
        if form is not None:
            rows = form.read(file, import_source.mapping)
            yield from (row for row in rows if isinstance(row, Row))


def format_figures(name: str, counts: Counter[str]) -> str:
    lines = [f"{name}: {counts['quotations']} paragraphs, {counts['doubtful']} doubtful"]
    for part in PARTS:
        certain, right = counts[f"certain {part}"], counts[f"right {part}"]
        precision = f"{right / certain:.1%}" if certain else "–"
        recall = f"{right / counts[part]:.1%}" if counts[part] else "–"
        lines.append(
            f"  {part}: {right} of {certain} read as certain are right ({precision}), "
            f"of {counts[part]} in the source ({recall})"
        )
    return "\n".join(lines)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    totals: Counter[str] = Counter()
    wrong: list[str] = []
    labels = read_quotation_labels()
    for source in dict.fromkeys(label.source for label in labels):
        counts, mistakes = count_quotations([label for label in labels if label.source == source])
        totals += counts
        wrong += mistakes
        print(format_figures(source, counts))
    print(format_figures("all", totals))
    for mistake in wrong:
        print(f"wrong: {mistake}")


if __name__ == "__main__":
    main()
