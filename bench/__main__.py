"""Measure pages, search, quotation checks, newsdesk and serving at several sizes.

    python -m bench                    1,000 and 100,000 statements, on SQLite
    ROWS=1000,1000000 python -m bench  other sizes
    SECONDS=10 python -m bench         how long wrk requests each page (3)
    DATABASE_URL=postgres://… use databases bench_<rows> on this server
    PEER_ROWS=50000 python -m bench  how many statements are compared with Wagtail (bench/peer.py)

Each database is filled once in var/bench and used again. Prints tables and writes bench/results.md.
"""

import datetime as dt
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench import serving
from bench.pages import MEMORY_ROW, PAGES

HERE = Path(__file__).resolve().parent
DATABASE_FOLDER = HERE.parent / "var" / "bench"
MODULES_AT_MAX_SIZE = {
    "Search": "bench.search",
    "Check of a quotation": "bench.quotations",
    "Newsdesk": "bench.newsdesk",
}
SERVED_PAGES = {
    "detail": "/statements/{slug}/",
    "list": "/",
    "theme": "/themes/{theme}/",
    "feed": "/feeds/statements.atom",
    "search": "/?q=libraries",
}


def main() -> None:
    sizes = [int(size) for size in os.environ.get("ROWS", "1000,100000").split(",")]
    server = os.environ.get("DATABASE_URL", "")
    own_environment = dict(os.environ)
    measured = {}
    for size in sizes:
        environment = os.environ | {"DATABASE_URL": make_database_url(server, size)}
        log_progress(f"{size:,} statements: filling the database where it is empty")
        run_command(environment, "manage.py", "migrate", "--verbosity", "0")
        run_command(environment, "-m", "bench.pages", "fill", str(size))
        log_progress(f"{size:,} statements: measuring")
        measured[size] = dict(row.split("\t", 1) for row in measure_pages(environment))
    report = format_growth_table(measured, "PostgreSQL" if server else "SQLite")
    for title, module in MODULES_AT_MAX_SIZE.items():
        log_progress(f"{sizes[-1]:,} statements: {title[0].lower()}{title[1:]}")
        command = [sys.executable, "-W", "ignore", "-m", module]
        result = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        report += f"\n## {title} at {sizes[-1]:,} statements\n\n{result.stdout}"
    log_progress(
        f"{sizes[0]:,} statements: serving them, {serving.SECONDS} s for each page and way"
    )
    os.environ["DATABASE_URL"] = make_database_url(server, sizes[0])
    run_command(dict(os.environ), "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    names = json.loads(subprocess.check_output([sys.executable, "-m", "bench.pages", "names"]))
    pages = {page: address.format(**names) for page, address in SERVED_PAGES.items()}
    report += format_serving_table(dict(serving.measure_pages(pages)))
    log_progress("Comparing with Wagtail")
    comparison = subprocess.check_output(
        [sys.executable, "-m", "bench.peer"], text=True, env=own_environment
    )
    report += f"\n## Compared with Wagtail\n\n{comparison}"
    sys.stdout.write(report)
    (HERE / "results.md").write_text(report)


def make_database_url(server: str, size: int) -> str:
    if server:
        return f"{server.rsplit('/', 1)[0]}/bench_{size}"
    DATABASE_FOLDER.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{DATABASE_FOLDER}/{size}.sqlite3"


def measure_pages(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-m", "bench.pages", "measure"]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return result.stdout.splitlines()


def run_command(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, *command], env=environment, check=True)


def format_growth_table(measured: dict[int, dict[str, str]], vendor: str) -> str:
    sizes = list(measured)
    lines = [
        "# Measured",
        "",
        f"{dt.date.today():%-d %B %Y}, {vendor}, Python {platform.python_version()}, "  # noqa: DTZ011 - a label
        f"{os.cpu_count()} cores, shared with other work. Median of 40 requests through the whole "
        "of Django in one process, nothing cached; growth compares the medians of this run. Among "
        "1,000 statements a speaker has three or four, and the news sitemap has one or none. Among "
        "a million they fill the page, so there the growth is that of the content.",
        "",
        "| page | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |",
        "|---|" + "---|" * len(sizes) + "---|",
    ]
    for page in PAGES:
        cells = [measured[size][page].split("\t") for size in sizes]
        texts = [f"{queries} queries, {float(ms):.1f} ms" for queries, ms in cells]
        growth = float(cells[-1][1]) / float(cells[0][1])
        lines.append(f"| {page} | " + " | ".join(texts) + f" | × {growth:.2f} |")
    memory = " | ".join(f"{measured[size][MEMORY_ROW]} MB" for size in sizes)
    lines.append(f"| {MEMORY_ROW} | {memory} | |")
    return "\n".join(lines) + "\n"


def format_serving_table(rates: dict[str, dict[str, float]]) -> str:
    """Format ratios of one run: the site to a bare view, the site behind nginx to a file."""
    lines = [
        "",
        f"Requests a second by wrk with {serving.CONNECTIONS} connections, the best of "
        f"{serving.RUNS} runs; not compressed. “Bare” is a Django view without middleware that "
        "returns the same bytes on the same server; “file” is nginx sending them from disk.",
        "",
        "| page | bytes | with Brotli | bare | warm | cold | warm ÷ bare | cold ÷ bare | file "
        "| through nginx | nginx ÷ file |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for page, row in rates.items():
        lines.append(
            f"| {page} | {row['bytes']:,.0f} | {row['br']:,.0f} | {row['bare']:,.0f} "
            f"| {row['warm']:,.0f} | {row['cold']:,.0f} | {row['warm'] / row['bare']:.2f} "
            f"| {row['cold'] / row['bare']:.3f} | {row['disk']:,.0f} | {row['nginx']:,.0f} "
            f"| {row['nginx'] / row['disk']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def log_progress(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    main()
