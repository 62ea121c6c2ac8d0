"""Send requests over many connections as fast as possible: a separate process of bench/storm.py.

Prints the responses as JSON: the page, when it was requested and received, its status and the marks
in it.
"""

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from typing import NamedTuple

MARK = re.compile(rb"storm\d+x\d+")
SURFACES = {
    "home": "/",
    "theme": "/themes/weather/",
    "speaker": "/speakers/dave-hill/",
    "feed": "/feeds/statements.atom",
    "theme's feed": "/themes/weather/feed.rss",
    "news sitemap": "/news-sitemap.xml",
    "sitemap": "/sitemap.xml",
    "search": "/?q=welcome",
    "newest search": "/?q=storm&sort=newest",
}
OWN_SURFACES = {
    "page": "/statements/{}/",
    "text": "/statements/{}.txt",
    "editions": "/statements/{}/editions/",
}
MAX_WAIT_SECONDS = 30
"""After this time a response counts as missing."""


class ReaderAnswer(NamedTuple):
    """A response to one reader. `number` is the statement's, or -1; status 0: no response."""

    surface: str
    number: int
    asked_at: float
    received_at: float
    status: int
    marks: list[str]


def make_slug(number: int) -> str:
    return f"storm-{number}"


def parse_number(slug: str) -> int:
    return int(slug.removeprefix("storm-"))


async def run_readers(
    port: int, connections: int, seconds: float, max_number: int
) -> list[ReaderAnswer]:
    """Run readers until the time is up; statements have numbers below `max_number`."""
    answers: list[ReaderAnswer] = []
    until = time.time() + seconds
    await asyncio.gather(
        *(
            _run_reader(port, random.Random(seed), until, max_number, answers)
            for seed in range(connections)
        )
    )
    return answers


async def _run_reader(
    port: int, rng: random.Random, until: float, max_number: int, answers: list
) -> None:
    line = None
    while time.time() < until:
        surface, number, address = _choose_page(rng, max_number)
        asked_at = time.time()
        try:
            line = line or await asyncio.open_connection("127.0.0.1", port)
            status, body, stays_open = await asyncio.wait_for(
                _fetch(*line, address), MAX_WAIT_SECONDS
            )
        except (OSError, EOFError, TimeoutError):
            status, body, stays_open = 0, b"", False
        marks = sorted({mark.decode() for mark in MARK.findall(body)})
        answers.append(ReaderAnswer(surface, number, asked_at, time.time(), status, marks))
        if line and not stays_open:
            line[1].close()
            line = None
    if line:
        line[1].close()
        with contextlib.suppress(OSError):
            await line[1].wait_closed()


def _choose_page(rng: random.Random, max_number: int) -> tuple[str, int, str]:
    if rng.random() < 0.4:
        surface, number = rng.choice(list(OWN_SURFACES)), rng.randrange(max_number)
        return surface, number, OWN_SURFACES[surface].format(make_slug(number))
    surface = rng.choice(list(SURFACES))
    return surface, -1, SURFACES[surface]


async def _fetch(
    incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter, address: str
) -> tuple[int, bytes, bool]:
    outgoing.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await incoming.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"\r\ncontent-length: (\d+)", head)
    if length:
        body = await incoming.readexactly(int(length.group(1)))
    elif b"\r\ntransfer-encoding: chunked" in head:
        body = await _read_chunks(incoming)
    else:
        body = b""
    return status, body, b"\r\nconnection: close" not in head


async def _read_chunks(incoming: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await incoming.readuntil(b"\r\n")), 16):
        body += await incoming.readexactly(size)
        await incoming.readexactly(2)
    await incoming.readexactly(2)
    return body


if __name__ == "__main__":
    json.dump(asyncio.run(run_readers(*map(int, sys.argv[1:]))), sys.stdout)
