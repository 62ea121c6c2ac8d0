"""Fill one database, or measure pages on it. Run by `python -m bench`."""

import json
import os
import resource
import statistics
import sys
import time

PAGES = {
    "list": "/",
    "list, older": "{older}",
    "list of a theme": "/?theme={theme}",
    "list of a speaker": "/?speaker={speaker}",
    "list of an organisation": "/?organisation={organisation}",
    "list of a kind": "/?kind=response",
    "list of a year": "/?year=2019",
    "detail": "/statements/{slug}/",
    "detail, as text": "/statements/{slug}.txt",
    "editions": "/statements/{slug}/editions/",
    "theme": "/themes/{theme}/",
    "speaker": "/speakers/{speaker}/",
    "organisation": "/organisations/{organisation}/",
    "year of the archive": "/archive/2019/",
    "corrections": "/corrections/",
    "feed": "/feeds/statements.atom",
    "feed of a theme": "/themes/{theme}/feed.atom",
    "feed of a speaker": "/speakers/{speaker}/feed.atom",
    "feed of an organisation": "/organisations/{organisation}/feed.atom",
    "sitemap": "/sitemap.xml",
    "news sitemap": "/news-sitemap.xml",
}
REQUESTS = 40
MEMORY_ROW = "peak memory of the process"


def main(action: str, *arguments: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["PAGE_CACHE_MB"] = "0"  # measure rendering, not the page cache
    django.setup()
    if action == "fill":
        fill_if_empty(int(arguments[0]))
    elif action == "names":
        sys.stdout.write(json.dumps(_find_names()))
    else:
        measure_pages()


def fill_if_empty(size: int) -> None:
    from bench.fill import fill_database
    from statements.models import Statement

    if not Statement.objects.exists():
        fill_database(size)


def measure_pages() -> None:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    names = _find_names()
    for page, path in PAGES.items():
        url = path.format(**names)
        queries, milliseconds = _time_page(client, url)
        sys.stdout.write(f"{page}\t{queries}\t{milliseconds:.3f}\n")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{MEMORY_ROW}\t{peak_mb:.0f}\n")


def _find_names() -> dict[str, str]:
    """Return slugs of a theme, a speaker and a statement in the middle, and a cursor."""
    import re

    from django.test import Client

    from statements import clock
    from statements.models import Theme
    from statements.published.editions import NEWEST_FIRST, public_editions

    newest = public_editions(at=clock.now()).order_by(*NEWEST_FIRST)
    html = Client(SERVER_NAME="localhost").get("/").content.decode()
    older = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', html)
    assert older, "The list has no link to older statements."
    link = (older.group(1) or older.group(2)).replace("&amp;", "&")
    middle = newest[500]
    return {
        "older": link if link.startswith("/") else "/" + link,
        "theme": Theme.objects.order_by("pk")[0].slug,
        "speaker": middle.voices.get(speaker__isnull=False).speaker.slug,
        "organisation": middle.organisation.slug,
        "slug": middle.slug,
    }


def _time_page(client, url: str) -> tuple[int, float]:
    from django.db import connection

    assert client.get(url).status_code == 200, url
    queries: list[str] = []

    def record_query(execute, sql, *arguments):
        queries.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(record_query):
        client.get(url)
    durations = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        client.get(url)
        durations.append((time.perf_counter() - started) * 1000)
    return len(queries), statistics.median(durations)


if __name__ == "__main__":
    main(*sys.argv[1:])
