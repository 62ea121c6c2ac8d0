"""Measure how long a search takes, by how common its words are.

    DATABASE_URL=postgres://…/bench_1000000 python -m bench.search

Use a database full of sample data. Every request runs the whole of Django in one
process, without a cache. It prints elapsed time and processor time. The latter includes the
PostgreSQL backend if it runs on this machine, and does not depend on other work there.
"""

import gc
import os
import statistics
import sys
import time
from pathlib import Path

REQUESTS = 30
SEARCHES = {
    "in half of all": "?q={common}",
    "the same, best answers first": "?q={common}&sort=relevance",
    "in a thousand": "?q={some}",
    "in a handful": "?q={rare}",
    "in none": "?q=xylophone",
    "a typing error": "?q={slip}",
    "two common words": "?q={common}+{other}",
    "three common words": "?q={common}+{other}+{third}",
    "a phrase": "?q=%22{phrase}%22",
    "a phrase of common words that is nowhere": "?q=%22the+of%22",
    "one without another": "?q={common}+-{other}",
    "with a theme": "?q={common}&theme={theme}",
    "with a speaker": "?q={common}&speaker={speaker}",
    "with a kind": "?q={common}&kind=speech",
    "with a year": "?q={common}&year=2019",
    "with theme, kind and year": "?q={common}&theme={theme}&kind=speech&year=2019",
    "somebody's name": "?q={name}",
    "older, in the middle": "?q={common}&older={older}",
    "no search: a theme and a speaker": "?theme={theme}&speaker={speaker}&older=",
    "no search: theme, kind and year": "?theme={theme}&kind=speech&year=2019&older=",
}


def main() -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}  # needs no collectstatic
    django.setup()
    names = _find_names()
    _measure_search("/?q=families")
    gc.collect()
    gc.freeze()  # as config/gunicorn.py does
    print("| words | results | p50 ms | p95 ms | processor, p95 ms |")
    print("|---|---|---|---|---|")
    for label, query in SEARCHES.items():
        print(f"| {label} | {_measure_search('/' + query.format(**names))} |", flush=True)


def _measure_search(url: str) -> str:
    import re

    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    match = re.search(r'role="status">\s*([^<,]*)', client.get(url).content.decode())
    elapsed, processor = [], []
    for _ in range(REQUESTS):
        started, cpu = time.perf_counter(), time.process_time() + _read_backend_seconds()
        assert client.get(url).status_code == 200, url
        elapsed.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() + _read_backend_seconds() - cpu))
    results = match[1].strip() if match else ""
    p50, p95 = statistics.median(elapsed), statistics.quantiles(elapsed, n=20)[-1]
    return f"{results} | {p50:.0f} | {p95:.0f} | {statistics.quantiles(processor, n=20)[-1]:.0f}"


def _read_backend_seconds() -> float:
    """Return the processor time of the PostgreSQL backend of this connection, to 10 ms."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _find_names() -> dict[str, str]:
    from organisations.models import Speaker
    from statements import clock
    from statements.models import Theme
    from statements.published.editions import public_editions

    middle = public_editions(at=clock.now()).filter(first_release_at__year=2018).first()
    assert middle, "Nothing was released in 2018: fill the database with sample data first."
    speaker = Speaker.objects.order_by("pk")[7]
    return {
        "common": "families",
        "other": "report",
        "third": "settlement",
        "phrase": "food waste",
        "some": "albel",
        "rare": "alrosbar",
        "slip": "famlies",
        "theme": Theme.objects.order_by("pk")[3].slug,
        "speaker": speaker.slug,
        "name": speaker.name.replace(" ", "+"),
        "older": middle.slug,
    }


if __name__ == "__main__":
    sys.exit(main())
