"""How quickly years of statements come in from JSON Lines, search index included.

    python -m bench.importing               20,000 rows, into SQLite and into PostgreSQL
    python -m bench.importing 1000000       as many as you like
    python -m bench.importing 5000 sqlite   one of the two

Rows are made from a seed: HTML of an old site with its classes, shortcodes and entities, 200 words
and a quotation each. Both databases are thrown away; PostgreSQL is that of tests/with_postgres.sh.
Prints rows a second by the clock, the processor’s time that a row takes in the import and its
helpers, and the most memory that each of them held.
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

HERE = Path(__file__).resolve().parent
SERVER = [str(HERE.parent / "tests" / "with_postgres.sh")]
MIN_ROWS_PER_SECOND = {"sqlite": 300, "postgresql": 500}
DEFAULT_ROWS = 20_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS
    wanted = sys.argv[2:] or list(MIN_ROWS_PER_SECOND)
    with TemporaryDirectory() as made:
        file = Path(made) / "old-site.jsonl"
        log_progress(f"Writing {rows:,} rows.")
        write_rows(file, rows)
        load = os.getloadavg()[0]
        print(
            f"{rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB; load at the start {load:.1f}.\n"
        )
        print(
            "| database | rows/s | bar | seconds | processor | refused | memory | largest helper |"
        )
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for vendor in wanted:
            command = [sys.executable, "-W", "ignore", "-m", "bench.importing", "into", str(file)]
            environment = os.environ | {"DATABASE_URL": f"sqlite:///{made}/record.sqlite3"}
            log_progress(f"Into {vendor}.")
            server = SERVER if vendor == "postgresql" else []
            done = subprocess.run(
                server + command, env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
            got = json.loads(done.stdout)
            rate = rows / got["seconds"]
            print(
                f"| {vendor} | {rate:,.0f} | {MIN_ROWS_PER_SECOND[vendor]} | {got['seconds']:,.0f}"
                f" | {got['processor'] * 1000 / rows:.2f} ms a row"
                f" | {got['refused']} | {got['self']} MB | {got['helper']} MB |",
                flush=True,
            )


def measure_import(file: Path) -> None:
    """Bring it into the database that the environment names; what it took, as JSON."""
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
    lot = load_source([file], Mapping(publisher="Barlow Association"))
    at = clock.now()
    run = start_run(lot, by=manager, at=at)
    before = measure_processor_seconds()
    progress = Progress(sum(1 for _ in file.open("rb")), "rows")
    started = time.monotonic()
    with Report() as report:
        for done in Importer(lot, report, at, by=manager, run=run)():
            progress(done)
    seconds, spent = time.monotonic() - started, measure_processor_seconds() - before
    most = {
        name: resource.getrusage(who).ru_maxrss // 1024
        for name, who in {
            "self": resource.RUSAGE_SELF,
            "helper": resource.RUSAGE_CHILDREN,
        }.items()
    }
    print(
        json.dumps(
            {"seconds": seconds, "processor": spent, "refused": report.counts[REFUSED]} | most
        )
    )


def measure_processor_seconds() -> float:
    """Seconds of it so far, those of helpers that have ended included; not those of a server."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def write_rows(file: Path, rows: int) -> None:
    from bench.sample_data.prose import ProseGenerator

    dice = random.Random(6)
    words = ProseGenerator(dice)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            lines.write(json.dumps(make_record(number, words, dice), ensure_ascii=False) + "\n")


PEOPLE = [
    f"{first} {last}"
    for first in "Aisha Beth Callum Dilys Ewan Farah George Huw Ines".split()
    for last in "Abbott Begum Carver Davies Eze Fairley Gupta Hargreaves".split()
]
TAGS = "Air quality|Ageing|Buses|Culture|Disability|Elections|Fostering|Museums|Skills".split("|")


def make_record(number: int, words, dice: random.Random) -> dict:
    """One line of the old site's export."""
    year, month, day = 2005 + number % 20, 1 + number % 12, 1 + number % 28
    address = f"https://www.old.example/news/{year}/item-{number}"
    speaker = dice.choice(PEOPLE)
    first, *rest = (block[3:-4] for block in words.blocks())
    body = [f'<p class="lead" style="color:#333">{first}</p>']
    body += [f'<p>{said}&nbsp;</p>\n<p><span lang="en">&nbsp;</span></p>' for said in rest[:-2]]
    body += [f"<p>{speaker}, Chair of the Barlow Association, said:</p>"]
    body += [f"<p>&ldquo;{said}&rdquo;</p>" for said in rest[-2:]]
    return {
        "id": address,
        "url": address,
        "title": words.headline(),
        "date": f"{year}-{month:02}-{day:02}T09:{number % 60:02}:00+00:00",
        "summary": words.summary(),
        "tags": dice.sample(TAGS, 2),
        "body": "\n".join(body),
    }


def log_progress(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["into"]:
        measure_import(Path(sys.argv[2]))
    else:
        main()
