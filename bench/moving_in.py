"""Import real exports and measure how many words are kept; then export and restore everything.

    python -m bench.moving_in                  every folder of ../shared/data
    python -m bench.moving_in PATH…            files and folders of your own, each one source

The database is temporary, SQLite unless DATABASE_URL names an empty one. “Words kept” is counted
independently of the import: the share of the words that a reader of the source sees in imported
items which are on the pages made of them, as often as in the source. Prints a table, and whether
export, restore into an empty database and export gives the same bytes. MISSING=1 prints the words
that are missing. TABLE_ONLY=1 leaves out the round trip, which takes most of the time.

Quotations are counted by the paragraph, from the pages alone: those of a named speaker; others that
open with a quotation mark; and others with one inside.
"""

import filecmp
import os
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
SOURCES_FOLDER = HERE.parent.parent / "shared" / "data"
HIDDEN_TAGS = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "select",
    "textarea",
    "title",
    "head",
}
COLUMNS = (
    "source",
    "rows",
    "published",
    "drafts",
    "skipped and refused",
    "doubtful",
    "words kept",
    "quotations with a speaker / without / inside narration",
    "dates as a day / with a time / none",
    "s",
)
OPENING_MARK = re.compile(r"^\W*[“\"«„]")
INLINE_QUOTATION = re.compile(r"[“\"«„][^”\"»]{20,}")
LOCATION = re.compile(r",? in \S+, row .*|, at line .*| \(\w+: .*")
SHORTCODE = re.compile(r"\[/?(?:caption|gallery|embed|video|audio|[\w-]+ +\w+=)[^\]]*\]")


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]]
    sources = paths or sorted(path for path in SOURCES_FOLDER.iterdir() if path.is_dir())
    with TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/record.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for name in ("max", "mo"):
            _create_manager(name)
        print(f"| {' | '.join(COLUMNS)} |")
        print("|---" * len(COLUMNS) + "|", flush=True)
        for source in sources:
            print(_import_source(source), flush=True)
        if not os.environ.get("TABLE_ONLY"):
            print("\n" + _check_round_trip(Path(folder)))


def _create_manager(name: str) -> None:
    from django.contrib.auth.models import Group, User

    from statements.roles import MANAGER

    User.objects.create_user(name).groups.add(Group.objects.get(name=MANAGER))


def _import_source(source: Path) -> str:
    """Import a source as two managers do, and return a row of the table."""
    from django.contrib.auth.models import User

    from archive.approval import approve_import, record_dry_run, start_run
    from archive.import_source import load_source
    from archive.importer import Importer
    from archive.mapping import Mapping
    from archive.report import DRAFT, MADE, REFUSED, SKIPPED, Report
    from statements import clock

    print(f"{source.name} …", file=sys.stderr)
    at = clock.now()
    importing_manager, approving_manager = User.objects.order_by("username")
    import_source = load_source([source], Mapping())
    import_source.mapping.publisher = _choose_publisher(import_source, source.stem)
    with Report() as report:
        trial = Importer(import_source, report, at)
        for _ in trial.process_rows():
            pass
    dry_run = record_dry_run(import_source, trial.outcomes, at=at)
    approve_import(dry_run.digest, by=approving_manager, at=at)
    run = start_run(import_source, by=importing_manager, at=at)
    started = time.monotonic()
    with Report() as report:
        importer = Importer(import_source, report, at, by=importing_manager, run=run)
        for _ in importer.process_rows():
            pass
    seconds = time.monotonic() - started
    doubtful = sum(match.how == "doubtful" for match in importer.name_matcher.matches.values())
    skipped = report.counts[SKIPPED] + report.counts[REFUSED]
    reasons: Counter[str] = Counter()
    for reason, count in report.reasons.items():
        reasons[LOCATION.sub("", reason)] += count
    reason_list = "; ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    for line in [*report.refusals, *importer.messages]:
        print(f"    {line}", file=sys.stderr)
    page_figures = _measure_pages(import_source)
    return (
        f"| {source.name} | {report.rows:,} | {report.counts[MADE]:,} | {report.counts[DRAFT]:,} "
        f"| {skipped}: {reason_list} | {report.doubtful_rows:,} rows, {doubtful} names "
        f"| {page_figures} | {seconds:.1f} |"
    )


def _choose_publisher(import_source, name: str) -> str:
    """Name the source itself where no row says who published it, as a manager does."""
    for file in import_source.statement_files:
        if any(row.organisations or row.issuers for row in _read_rows(file, import_source.mapping)):
            return ""
    return name


def _read_rows(file, mapping):
    from archive.formats import detect_format
    from archive.readers.row import Row, UnreadableSource

    if (form := detect_format(file)) is None:
        return
    with suppress(UnreadableSource):  # the report has it already
        yield from (item for item in form.read(file, mapping) if isinstance(item, Row))


@dataclass
class PageFigures:
    """What was counted on the pages of one source."""

    words_seen: int = 0
    words_kept: int = 0
    quotations: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        share = self.words_kept / self.words_seen if self.words_seen else 1.0
        quotations = " / ".join(
            f"{self.quotations[name]:,}" for name in ("with speaker", "without", "inside")
        )
        dates = " / ".join(f"{self.dates[name]:,}" for name in ("day", "time", "none"))
        return f"{share:.2%} | {quotations} | {dates}"


def _measure_pages(import_source) -> PageFigures:
    """Compare each page with its source. A long text that the import did not read is lost words."""
    figures = PageFigures()
    for file in import_source.statement_files:
        for item in _read_rows(file, import_source.mapping):
            statement = _find_statement(item, import_source)
            if statement is None:
                continue
            edition, content = _load_content(statement)
            source_words = count_words(_extract_source_text(item, file))
            page_words = count_words(_extract_page_text(content))
            missing = source_words - page_words
            if os.environ.get("MISSING") and missing:
                print(f"    {item.location}: {dict(missing.most_common(12))}", file=sys.stderr)
            figures.words_seen += source_words.total() + item.unused_words
            figures.words_kept += (source_words & page_words).total()
            _count_quotations(content, figures.quotations)
            figures.dates[_describe_date(edition)] += 1
    return figures


def _find_statement(row, import_source):
    from archive.import_batch import identify_row
    from archive.models import ImportedStatement

    name, identifier = identify_row(row, import_source.mapping.source)
    known = ImportedStatement.objects.filter(
        source=name, identifier=identifier, file=row.file, row=row.number
    ).first()
    return known and known.statement


def _load_content(statement):
    """Return the public edition, if there is one, and its content, else that of the draft."""
    from statements import clock
    from statements.published.editions import public_editions

    edition = public_editions(at=clock.now()).filter(statement=statement).first()
    return edition, edition.content_data if edition else statement.content()


def _count_quotations(content, counts: Counter[str]) -> None:
    """Count the paragraphs that are, or seem to be, somebody's words."""
    from statements.content.html import text_of_block
    from statements.content.schema import list_passages

    for passage in list_passages(content):
        paragraphs = [" ".join(text_of_block(block).split()) for block in passage["paragraphs"]]
        if passage.get("speaker"):
            counts["with speaker"] += len(paragraphs)
            continue
        opening = sum(bool(OPENING_MARK.match(text)) for text in paragraphs)
        inside = sum(bool(INLINE_QUOTATION.search(text)) for text in paragraphs)
        counts["without"] += opening
        counts["inside"] += max(0, inside - opening)


def _describe_date(edition) -> str:
    if edition is None:
        return "none"
    return "day" if edition.first_released_on else "time"


def count_words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _extract_source_text(row, file) -> str:
    """Return what a reader sees of the source’s item, without the import’s own cleaning."""
    if row.body_format == "draft" and file.name.endswith("docx"):
        with zipfile.ZipFile(file.open()) as parts:
            xml = parts.read("word/document.xml").decode()
        runs = re.sub(r"</w:p>|<w:(?:br|tab)/>", " ", re.sub(r"<w:del .*?</w:del>", "", xml))
        return _extract_text(re.sub(r"<(?!w:t[ >]|/w:t>)[^>]*>", "", runs))
    if row.body_format == "draft":
        text = file.read(10_000_000).decode("utf-8", "replace")
        return _extract_text(text) if text.lstrip().startswith("<") else text
    body = row.body or row.summary
    if row.body_format != "text":
        body = _extract_text(SHORTCODE.sub(" ", body))
    return f"{row.headline} {body}"


class _TextParser(HTMLParser):
    """Collect the text of a page as a browser shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden_tags: list[str] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        if tag in HIDDEN_TAGS:
            self.hidden_tags.append(tag)
        if tag not in ("b", "i", "em", "strong", "a", "span", "sup", "sub", "u", "font", "w:t"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden_tags and self.hidden_tags[-1] == tag:
            self.hidden_tags.pop()
        if tag not in ("b", "i", "em", "strong", "a", "span", "sup", "sub", "u", "font", "w:t"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden_tags:
            self.parts.append(data)


def _extract_text(html: str) -> str:
    reader = _TextParser()
    reader.feed(html.replace("<![CDATA[", "").replace("]]>", ""))
    reader.close()
    return "".join(reader.parts)


def _extract_page_text(content) -> str:
    """Return the text of a statement's page, or of its draft."""
    from statements.content import rendering

    return " ".join([content["headline"], content["summary"], rendering.render_plain_text(content)])


def _check_round_trip(folder: Path) -> str:
    from django.core.management import call_command

    quiet = (folder / "output").open("w")
    first, second = folder / "first", folder / "second"
    call_command("export_statements", first, stdout=quiet)
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/restored.sqlite3"}
    for command in (
        ["migrate", "--verbosity", "0"],
        ["import_statements", str(first)],
        ["verify_record"],
        ["export_statements", str(second)],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=environment, check=True, stdout=quiet
        )
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    others = sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    _, differ, failed = filecmp.cmpfiles(first, second, names, shallow=False)
    if names == others and not differ and not failed:
        return f"Round trip: {len(names)} files, the same to the byte; the record holds."
    return f"Round trip: different are {[*differ, *failed, *(set(names) ^ set(others))]}."


if __name__ == "__main__":
    main()
