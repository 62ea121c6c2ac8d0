"""Fill a database with plausible statements of the past fifteen years, to measure with.

    python -m bench.fill 1000                 1,000 statements into the configured database
    python -m bench.fill 1000 --seed 2        the same seed gives the same words
    DATABASE_URL=… python -m bench.fill 1000  another database

They can never be deleted, so use a separate database. Run `manage.py migrate` on it first.
"""

import argparse
import os
import sys


def main(arguments: list[str]) -> None:
    options = parse_arguments(arguments)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    fill_database(options.count, seed=options.seed)
    print(f"{options.count:,} statements made.")


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fill")
    parser.add_argument("count", metavar="N", type=_parse_count, help="1 or more")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same words")
    return parser.parse_args(arguments)


def _parse_count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


def fill_database(count: int, *, seed: int = 1) -> None:
    """Add this many statements. Exits in a public installation, where they could not be removed."""
    from django.conf import settings

    from bench.sample_data.make import make_statements
    from statements import clock
    from statements.management.progress import Progress

    if settings.HTTPS:
        sys.exit(
            "This is a public installation: SITE_URL is https, and what is made here could "
            "never be deleted. Point DATABASE_URL and SITE_URL at one of its own."
        )
    progress = Progress(count, "statements")
    for statements_made in make_statements(count, seed=seed, at=clock.now()):
        progress(statements_made)


if __name__ == "__main__":
    main(sys.argv[1:])
