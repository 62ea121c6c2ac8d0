"""One database: fill it, or measure pages on it. Run by `python -m bench`."""

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
    "list of a body": "/?organisation={organisation}",
    "list of a kind": "/?kind=response",
    "list of a year": "/?year=2019",
    "detail": "/statements/{slug}/",
    "detail, as text": "/statements/{slug}.txt",
    "editions": "/statements/{slug}/editions/",
    "theme": "/themes/{theme}/",
    "speaker": "/speakers/{speaker}/",
    "body": "/organisations/{organisation}/",
    "year of the archive": "/archive/2019/",
    "corrections": "/corrections/",
    "feed": "/feeds/statements.atom",
    "feed of a theme": "/themes/{theme}/feed.atom",
    "feed of a speaker": "/speakers/{speaker}/feed.atom",
    "feed of a body": "/organisations/{organisation}/feed.atom",
    "sitemap": "/sitemap.xml",
    "news sitemap": "/news-sitemap.xml",
}
REQUESTS = 40
MEMORY_ROW = "memory of the process, at most"


def main(action: str, *arguments: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["PAGE_CACHE_MB"] = "0"  # what a page costs, and not how fast it is handed out
    django.setup()
    if action == "fill":
        fill_database(int(arguments[0]))
    elif action == "names":
        sys.stdout.write(json.dumps(_find_names()))
    else:
        measure_pages()


def fill_database(size: int) -> None:
    from django.core.management import call_command

    from statements.models import Statement

    if not Statement.objects.exists():
        call_command("make_statements", size)


def measure_pages() -> None:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    names = _find_names()
    for page, address in PAGES.items():
        url = address.format(**names)
        queries, milliseconds = _time_page(client, url)
        sys.stdout.write(f"{page}\t{queries}\t{milliseconds:.3f}\n")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{MEMORY_ROW}\t{most:.0f}\n")


def _find_names() -> dict[str, str]:
    """A theme, a speaker, a statement in the middle of the record, and an older page’s cursor."""
    import re

    from django.test import Client

    from statements import clock
    from statements.models import Theme
    from statements.published.editions import NEWEST_FIRST, public_editions

    newest = public_editions(at=clock.now()).order_by(*NEWEST_FIRST)
    body = Client(SERVER_NAME="localhost").get("/").content.decode()
    older = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', body)
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
    asked: list[str] = []

    def listen(execute, sql, *arguments):
        asked.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(listen):
        client.get(url)
    took = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        client.get(url)
        took.append((time.perf_counter() - began) * 1000)
    return len(asked), statistics.median(took)


if __name__ == "__main__":
    main(*sys.argv[1:])
