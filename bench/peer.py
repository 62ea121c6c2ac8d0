"""Compare the site with a small Wagtail site with the same statements (bench/peers).

    python -m bench.peer                  1,000 statements, in SQLite
    PEER_ROWS=50000 python -m bench.peer  the size that the budgets are about
    DATABASE_URL=postgres://…             use databases bench_<rows> and peer_<rows>

Wagtail is installed in var/bench/peers. wrk requests each page without a page cache, at several
hundred URLs in turn where there are so many, and with one. Prints a table, or one sentence where
Wagtail cannot be installed. Queries are counted with every cache empty, as for the first page after
a release.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import serving

ROWS = int(os.environ.get("PEER_ROWS", "1000"))
PEER_SITE = serving.HERE / "peers"
BENCH_FOLDER = serving.ROOT / "var" / "bench"
PEER_PYTHON = BENCH_FOLDER / "peers" / "venv" / "bin" / "python"
QUERIES_SCRIPT = PEER_SITE / "press" / "queries.py"
MAX_ADDRESSES = 300
WRK_SCRIPT = """
local addresses, at = {}, 0
for address in io.lines("%s") do addresses[#addresses + 1] = address end
function request()
  at = at %% #addresses + 1
  return wrk.format("GET", addresses[at])
end
"""


def main() -> None:
    try:
        install_wagtail()
        report = format_table(dict(measure_pages(fill_databases())))
    except (AssertionError, OSError, subprocess.CalledProcessError) as error:
        report = f"Nothing is compared, as Wagtail could not be set up here: {error}\n"
    sys.stdout.write(report)


# --- Two sites ------------------------------------------------------------------------------------


def install_wagtail() -> None:
    """Install Wagtail as pinned in bench/peers/requirements.txt, in its own environment."""
    requirements = (PEER_SITE / "requirements.txt").read_text()
    installed = BENCH_FOLDER / "peers" / "installed.txt"
    if installed.exists() and installed.read_text() == requirements:
        return
    log_progress("Installing Wagtail in var/bench/peers")
    subprocess.run([sys.executable, "-m", "venv", str(PEER_PYTHON.parents[1])], check=True)
    pip = [str(PEER_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wheels = [*pip, "-r", str(PEER_SITE / "requirements.txt")]
    subprocess.run(wheels, check=True, stdout=sys.stderr)
    installed.write_text(requirements)


def make_database_url(name: str) -> str:
    if server := os.environ.get("DATABASE_URL", ""):
        return f"{server.rsplit('/', 1)[0]}/{name}_{ROWS}"
    BENCH_FOLDER.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{BENCH_FOLDER}/{'' if name == 'bench' else f'{name}-'}{ROWS}.sqlite3"


def make_our_environment(**more: str) -> dict[str, str]:
    own = {"DATABASE_URL": make_database_url("bench"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return os.environ | own | more


def make_peer_environment(**more: str) -> dict[str, str]:
    own = {"DATABASE_URL": make_database_url("peer"), "DJANGO_SETTINGS_MODULE": "press.settings"}
    return os.environ | own | more


def fill_databases() -> list[dict]:
    """Fill both databases with the same statements and return them, oldest first."""
    log_progress(f"{ROWS:,} statements: filling both databases where they are empty")
    python = [sys.executable, "-W", "ignore"]
    with TemporaryDirectory() as folder:
        file = f"{folder}/statements.jsonl"
        for arguments in (
            ("manage.py", "migrate", "--verbosity", "0"),
            ("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
            ("-m", "bench.pages", "fill", str(ROWS)),
            ("-m", "bench.lines", file),
        ):
            subprocess.run([*python, *arguments], env=make_our_environment(), check=True)
        command = [str(PEER_PYTHON), "-m", "press.fill", file]
        subprocess.run(command, cwd=PEER_SITE, env=make_peer_environment(), check=True)
        return [json.loads(line) for line in Path(file).read_text().splitlines()]


# --- Measuring ------------------------------------------------------------------------------------


def list_pages(statements: list[dict]) -> dict[str, list[str]]:
    """Return the paths of each page; they are the same on both sites."""
    newest = [statement["slug"] for statement in statements[-MAX_ADDRESSES:]]
    themes = sorted({theme["slug"] for statement in statements for theme in statement["themes"]})
    return {
        "statement": [f"/statements/{slug}/" for slug in newest],
        "list": ["/statements/"],
        "theme": [f"/themes/{slug}/" for slug in themes],
        "feed": ["/feeds/statements.rss"],
    }


def measure_pages(statements: list[dict]) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield for each page the requests a second in each way, and the queries on both sites."""
    wagtail = {"python": str(PEER_PYTHON)}
    ways = {
        "ours": ("bench.unkept", {}, serving.ROOT, make_our_environment()),
        "theirs": ("press.wsgi", wagtail, PEER_SITE, make_peer_environment()),
        "ours, kept": ("config.wsgi", {}, serving.ROOT, make_our_environment()),
        "theirs, kept": ("press.wsgi", wagtail, PEER_SITE, make_peer_environment(PAGE_CACHE="1")),
    }
    ports = {way: serving.find_free_port() for way in ways}
    with contextlib.ExitStack() as servers, TemporaryDirectory() as folder:
        for way, (app, python, cwd, environment) in ways.items():
            server = serving.make_gunicorn_command(app, ports[way], **python)
            servers.enter_context(serving.run_server(server, ports[way], cwd=cwd, **environment))
        for page, addresses in list_pages(statements).items():
            log_progress(f"{page}: measuring both sites with and without a page cache")
            rates: dict[str, float] = {}
            for way, port in ports.items():  # a cached page is requested at one URL
                requested = addresses[-1:] if way.endswith("kept") else addresses
                script = write_wrk_script(Path(folder), requested)
                rates[way] = serving.measure_rate(f"http://127.0.0.1:{port}", script=script)
            yield page, rates | count_queries(addresses[-1])


def write_wrk_script(folder: Path, addresses: list[str]) -> Path:
    """Write a script for wrk that requests these in turn, again and again."""
    list_file, script = folder / "addresses.txt", folder / "in-turn.lua"
    list_file.write_text("\n".join(addresses) + "\n")
    script.write_text(WRK_SCRIPT % list_file)
    return script


def count_queries(address: str) -> dict[str, float]:
    variables = {"PYTHONPATH": str(serving.ROOT), "PAGE_CACHE_MB": "0"}
    sites = {
        "queries of ours": (sys.executable, serving.ROOT, make_our_environment(**variables)),
        "queries of theirs": (
            str(PEER_PYTHON),
            PEER_SITE,
            make_peer_environment(PYTHONPATH=str(PEER_SITE)),
        ),
    }
    counts: dict[str, float] = {}
    for name, (python, cwd, environment) in sites.items():
        command = [python, str(QUERIES_SCRIPT), address]
        counts[name] = int(subprocess.check_output(command, cwd=cwd, env=environment))
    return counts


def format_table(measured: dict[str, dict[str, float]]) -> str:
    lines = [
        f"{ROWS:,} statements on both sites. Requests a second, the best of {serving.RUNS} runs. "
        "Wagtail keeps pages by Django’s cache middleware, in each process. Ours asks PostgreSQL "
        "for its time four times a second, which may be one of the queries.",
        "",
        "| page | queries | Wagtail’s | cold | Wagtail’s | ratio | kept | Wagtail’s | ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for page, row in measured.items():
        cold, kept = row["ours"] / row["theirs"], row["ours, kept"] / row["theirs, kept"]
        lines.append(
            f"| {page} | {row['queries of ours']} | {row['queries of theirs']} "
            f"| {row['ours']:,.0f} | {row['theirs']:,.0f} | × {cold:.1f} "
            f"| {row['ours, kept']:,.0f} | {row['theirs, kept']:,.0f} | × {kept:.1f} |"
        )
    return "\n".join(lines) + "\n"


def log_progress(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    main()
