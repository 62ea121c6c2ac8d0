"""Release through real processes: nginx with its cache, two gunicorn workers, PostgreSQL, readers.

No byte is early and the first right answer comes within a second. Publishing now, a correction and a
withdrawal reach every surface within five seconds. No worker runs.
"""

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from statements import clock, workflow
from statements.models import Edition, Theme
from tests.cast import (
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.whole_site.server import ServedSite, serve_site

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
CLIENTS = 20
AHEAD = dt.timedelta(seconds=10)
SURFACES = {
    "page": "/statements/canary/",
    "text": "/statements/canary.txt",
    "home": "/",
    "theme": "/themes/water/",
    "feed": "/feeds/statements.atom",
    "news": "/news-sitemap.xml",
    "search": "/?q=welcome",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ServedSite]:
    with serve_site(tmp_path) as running:
        yield running


def release(ann, ed, headline: str, *, at: dt.datetime, **fields) -> Edition:
    statement = make_statement(ann, headline, **fields)
    statement.themes.add(Theme.objects.get_or_create(name="Water", slug="water")[0])
    edition = submit_statement(statement, by=ann, at=clock.now())
    # Approved at that very second: a future time has to be a whole minute, and caches turn over
    # every second.
    return approve_edition(edition, by=ed, at=at, release_at=at)


def test_a_scheduled_release_is_read_at_its_second_and_never_before(site, ann, ed):
    release(ann, ed, "Already here", at=clock.now())
    due = (clock.now() + AHEAD).replace(microsecond=0)
    release(ann, ed, "Canary sings", at=due, slug="canary")
    answers: list[tuple[str, float, float, int, bool]] = []
    over = threading.Event()

    def read(number: int) -> None:
        surfaces = list(SURFACES.items())
        surfaces = (
            surfaces[number % len(surfaces) :] + surfaces[: number % len(surfaces)]
        )  # each reader starts at another address
        with closing(site.connect()) as line:
            while not over.is_set():
                for name, address in surfaces:
                    asked = time.time()
                    line.request("GET", address)
                    answer = line.getresponse()
                    said = b"Canary sings" in answer.read()
                    answers.append((name, asked, time.time(), answer.status, said))
                    over.wait(0.2)

    crowd = [threading.Thread(target=read, args=[number]) for number in range(CLIENTS)]
    for one in crowd:
        one.start()
    over.wait(AHEAD.total_seconds() + 2.5)
    over.set()
    for one in crowd:
        one.join()

    at = due.timestamp()
    early = [name for name, _, came, _, said in answers if said and came < at]
    late = [name for name, asked, _, _, said in answers if not said and asked >= at + 1]
    first = defaultdict(lambda: float("inf"))
    for name, _, came, _, said in answers:
        if said:
            first[name] = min(first[name], came - at)
    print({name: f"{delay * 1000:.0f} ms" for name, delay in first.items()}, len(answers))  # noqa: T201
    assert (early, late) == ([], [])
    assert sorted(first) == sorted(SURFACES)
    assert max(first.values()) <= 1
    assert {status for _, _, _, status, _ in answers} <= {200, 404}
    assert min(sum(asked < at for n, asked, *_ in answers if n == name) for name in SURFACES) > 5


def wait_for_all(site: ServedSite, matches: Callable[[str, int, bytes], bool]) -> float:
    """Return the seconds until every surface matches, asking again and again."""
    began, missing = time.monotonic(), set(SURFACES)
    while missing:
        for name in sorted(missing):
            if matches(name, *site.get(SURFACES[name])):
                missing.discard(name)
        assert time.monotonic() - began < 20, f"not yet on {sorted(missing)}"
    return time.monotonic() - began


def test_what_is_decided_now_is_on_every_surface_within_five_seconds(site, ann, ed):
    release(ann, ed, "Already here", at=clock.now())
    for address in SURFACES.values():
        site.get(address)
    delays = {}

    edition = release(ann, ed, "Canary sings", at=clock.now(), slug="canary")
    delays["publish now"] = wait_for_all(site, lambda name, status, body: b"Canary sings" in body)

    statement = rewrite_passage(edition.statement, "We welcome better words.", by=ann)
    type(statement).objects.filter(pk=statement.pk).update(headline="Canary croaks")
    now = clock.now()
    change = {"amendment": "correction", "public_note": "It did not sing."}
    second = approve_edition(
        submit_statement(statement, by=ann, at=now, **change), by=ed, at=now, release_at=now
    )
    delays["correction"] = wait_for_all(site, lambda name, status, body: b"Canary croaks" in body)

    workflow.withdraw(
        refetch_edition(second),
        by=ed,
        at=clock.now(),
        kind="gone",
        notice="It was not ours to say.",
    )
    delays["withdrawal"] = wait_for_all(
        site,
        lambda name, status, body: (
            b"croaks" not in body and (name not in ("page", "text") or status == 410)
        ),
    )

    print({change: f"{delay:.2f} s" for change, delay in delays.items()})  # noqa: T201
    assert max(delays.values()) <= 5
