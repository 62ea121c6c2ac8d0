"""Measure how fast statements are imported from JSON Lines, search index included.

    python -m bench.importing               20,000 rows, into SQLite and into PostgreSQL
    python -m bench.importing 1000000       as many as you like
    python -m bench.importing 5000 sqlite   one of the two

Rows come from a seed: HTML of an old site with its classes and entities, 470 words with a quotation
each. Both databases are temporary; PostgreSQL is that of tests/with_postgres.sh. Prints rows a
second, processor time for each row in the importing process and its workers, and the peak memory of
each process.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.sample_data.prose import ProseGenerator

HERE = Path(__file__).resolve().parent
SERVER = [str(HERE.parent / "tests" / "with_postgres.sh")]
MIN_ROWS_PER_SECOND = {"sqlite": 300, "postgresql": 300}
DEFAULT_ROWS = 20_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS
    vendors = sys.argv[2:] or list(MIN_ROWS_PER_SECOND)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "old-site.jsonl"
        log_progress(f"Writing {rows:,} rows.")
        write_rows(file, rows)
        load = os.getloadavg()[0]
        print(
            f"{rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB; load at the start {load:.1f}.\n"
        )
        print(
            "| database | rows/s | bar | seconds | processor | refused | memory | largest worker |"
        )
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for vendor in vendors:
            command = [sys.executable, "-W", "ignore", "-m", "bench.importing", "into", str(file)]
            environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/record.sqlite3"}
            log_progress(f"Into {vendor}.")
            server = SERVER if vendor == "postgresql" else []
            result = subprocess.run(
                server + command, env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
            measured = json.loads(result.stdout)
            rate = rows / measured["seconds"]
            print(
                f"| {vendor} | {rate:,.0f} | {MIN_ROWS_PER_SECOND[vendor]}"
                f" | {measured['seconds']:,.0f}"
                f" | {measured['processor'] * 1000 / rows:.2f} ms a row"
                f" | {measured['refused']} | {measured['self']} MB | {measured['worker']} MB |",
                flush=True,
            )


def measure_import(file: Path) -> None:
    """Import a file into the configured database; print what it took as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    from archive.approval import start_run
    from archive.import_source import load_source
    from archive.importer import Importer
    from archive.mapping import Mapping
    from archive.report import REFUSED, Report
    from statements import clock
    from statements.management.progress import Progress
    from statements.roles import MANAGER

    call_command("migrate", verbosity=0)
    manager = User.objects.create_user("max")
    manager.groups.add(Group.objects.get(name=MANAGER))
    source = load_source([file], Mapping(publisher="Barlow Association"))
    at = clock.now()
    run = start_run(source, by=manager, at=at)
    before = measure_processor_seconds()
    progress = Progress(sum(1 for _ in file.open("rb")), "rows")
    started = time.monotonic()
    with Report() as report:
        for rows_done in Importer(source, report, at, by=manager, run=run).process_rows():
            progress(rows_done)
    seconds, spent = time.monotonic() - started, measure_processor_seconds() - before
    peak_mb = {
        name: resource.getrusage(who).ru_maxrss // 1024
        for name, who in {
            "self": resource.RUSAGE_SELF,
            "worker": resource.RUSAGE_CHILDREN,
        }.items()
    }
    print(
        json.dumps(
            {"seconds": seconds, "processor": spent, "refused": report.counts[REFUSED]} | peak_mb
        )
    )


def measure_processor_seconds() -> float:
    """Return the processor time of this process and its ended workers."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def write_rows(file: Path, rows: int) -> None:
    rng = random.Random(6)
    prose = ProseGenerator(rng)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            lines.write(json.dumps(make_record(number, prose, rng), ensure_ascii=False) + "\n")


PEOPLE = [
    f"{first} {last}"
    for first in "Aisha Beth Callum Dilys Ewan Farah George Huw Ines".split()
    for last in "Abbott Begum Carver Davies Eze Fairley Gupta Hargreaves".split()
]
TAGS = "Air quality|Ageing|Buses|Culture|Disability|Elections|Fostering|Museums|Skills".split("|")


def make_record(number: int, prose: ProseGenerator, rng: random.Random) -> dict[str, object]:
    year, month, day = 2005 + number % 20, 1 + number % 12, 1 + number % 28
    url = f"https://www.old.example/news/{year}/item-{number}"
    speaker = rng.choice(PEOPLE)
    first, *rest = (block[3:-4] for block in prose.make_blocks())
    body = [f'<p class="lead" style="color:#333">{first}</p>']
    body += [f'<p>{text}&nbsp;</p>\n<p><span lang="en">&nbsp;</span></p>' for text in rest[:-2]]
    body += [f"<p>{speaker}, Chair of the Barlow Association, said:</p>"]
    body += [f"<p>&ldquo;{text}&rdquo;</p>" for text in rest[-2:]]
    return {
        "id": url,
        "url": url,
        "title": prose.make_headline(),
        "date": f"{year}-{month:02}-{day:02}T09:{number % 60:02}:00+00:00",
        "summary": prose.make_summary(),
        "tags": rng.sample(TAGS, 2),
        "body": "\n".join(body),
    }


def log_progress(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["into"]:
        measure_import(Path(sys.argv[2]))
    else:
        main()
