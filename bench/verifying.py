"""Measure how fast the whole record is verified, with replay, and how much memory it takes.

    python -m bench.verifying               100,000 statements, on SQLite
    python -m bench.verifying 20000         as many as you like
    DATABASE_URL=postgres://… python -m bench.verifying    a database bench_<rows> on this server

The database is that of `python -m bench`: filled once in var/bench and used again. Prints a table
and fails below the bar of the design.
"""

import json
import os
import resource
import subprocess
import sys
import time

from bench.__main__ import log_progress, make_database_url, run_command

MIN_EDITIONS_PER_SECOND = 2_000
DEFAULT_ROWS = 100_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS
    url = make_database_url(os.environ.get("DATABASE_URL", ""), rows)
    environment = os.environ | {"DATABASE_URL": url}
    log_progress(f"{rows:,} statements: filling the database where it is empty.")
    run_command(environment, "manage.py", "create_signing_key", "--if-missing")
    run_command(environment, "manage.py", "migrate", "--verbosity", "0")
    run_command(environment, "-m", "bench.pages", "fill", str(rows))
    log_progress("Verifying.")
    command = [sys.executable, "-W", "ignore", "-m", "bench.verifying", "measure"]
    result = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    measured = json.loads(result.stdout)
    rate = measured["editions"] / measured["processor"]
    print("| editions | events | problems | seconds | editions/s and core | bar | memory |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {measured['editions']:,} | {measured['events']:,} | {measured['problems']}"
        f" | {measured['seconds']:,.1f} | {rate:,.0f} | {MIN_EDITIONS_PER_SECOND:,}"
        f" | {measured['start_mb']} MB at the start, {measured['peak_mb']} MB at most |"
    )
    if rate < MIN_EDITIONS_PER_SECOND:
        sys.exit("That is below the bar.")


def measure_verification() -> None:
    """Verify the configured database; print what it took as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from statements.audit import verification
    from statements.models import Edition, Event

    counts = {"editions": Edition.objects.count(), "events": Event.objects.count()}
    start_mb = measure_peak_mb()
    started, spent = time.monotonic(), time.process_time()
    problems = sum(1 for _ in verification.verify())
    measured = {
        "problems": problems,
        "seconds": time.monotonic() - started,
        "processor": time.process_time() - spent,
        "start_mb": start_mb,
        "peak_mb": measure_peak_mb(),
    }
    print(json.dumps(counts | measured))


def measure_peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure_verification()
    else:
        main()
