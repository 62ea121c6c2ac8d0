"""How the list and the detail page grow with the record.

    python -m bench                    1,000 and 100,000 statements, on SQLite
    ROWS=1000,1000000 python -m bench  other sizes
    DATABASE_URL=postgres://… names the server whose databases bench_<rows> are made and kept

Each size is filled once into var/bench and used again. Prints a table, and writes bench/results.md.
"""

import datetime as dt
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench.pages import PAGES

HERE = Path(__file__).resolve().parent
KEPT = HERE.parent / "var" / "bench"


def main() -> None:
    sizes = [int(size) for size in os.environ.get("ROWS", "1000,100000").split(",")]
    server = os.environ.get("DATABASE_URL", "")
    measured = {}
    for size in sizes:
        environment = os.environ | {"DATABASE_URL": database(server, size)}
        say(f"{size:,} statements: filling the database where it is empty")
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        run(environment, "-m", "bench.pages", "fill", str(size))
        say(f"{size:,} statements: measuring")
        measured[size] = dict(row.split("\t", 1) for row in rows(environment))
    report = table(measured, "PostgreSQL" if server else "SQLite")
    sys.stdout.write(report)
    (HERE / "results.md").write_text(report)


def database(server: str, size: int) -> str:
    if server:
        return f"{server.rsplit('/', 1)[0]}/bench_{size}"
    KEPT.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{KEPT}/{size}.sqlite3"


def rows(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-m", "bench.pages", "measure"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def run(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, *command], env=environment, check=True)


def table(measured: dict[int, dict[str, str]], vendor: str) -> str:
    sizes = list(measured)
    lines = [
        "# Measured",
        "",
        f"{dt.date.today():%-d %B %Y}, {vendor}, Python {platform.python_version()}, "  # noqa: DTZ011 - a label
        f"{os.cpu_count()} cores, shared with other work. Median of 40 requests through the whole "
        "of Django in one process, nothing cached; the growth compares medians of this one run.",
        "",
        "| page | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |",
        "|---|" + "---|" * len(sizes) + "---|",
    ]
    for page in PAGES:
        cells = [measured[size][page].split("\t") for size in sizes]
        shown = [f"{queries} queries, {float(ms):.1f} ms" for queries, ms in cells]
        growth = float(cells[-1][1]) / float(cells[0][1])
        lines.append(f"| {page} | " + " | ".join(shown) + f" | × {growth:.2f} |")
    return "\n".join(lines) + "\n"


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    main()
