"""Measure how long the quotation check takes: python -m bench.quotations [requests of each kind].

It checks text of editions in the database, in other marks and case, with a changed word, and words
that nobody said. The page is rendered too. It prints p50, p95 and the verdicts.
"""

import gc
import os
import random
import statistics
import sys
import time
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
rng = random.Random(5)


def sample_paragraphs(count: int) -> list[str]:
    """Return paragraphs of editions from all over the archive."""
    from django.db.models import Max

    from statements import clock
    from statements.models import Edition
    from statements.published.editions import public_editions
    from statements.quotations.matching import SPOKEN_FIELD, list_pieces

    last = Edition.objects.aggregate(last=Max("pk"))["last"]
    paragraphs: list[str] = []
    while len(paragraphs) < count:
        start = rng.randint(1, last)
        edition = public_editions(at=clock.now()).filter(pk__gte=start).order_by("pk").first()
        if edition:
            pieces = list_pieces(edition.content_data)
            paragraphs.append(rng.choice([p.text for p in pieces if p.field == SPOKEN_FIELD]))
    return paragraphs


def sample_run(text: str, count: int) -> str:
    words = text.split()
    start = rng.randint(0, max(0, len(words) - count))
    return " ".join(words[start : start + count])


def change_word(text: str) -> str:
    words = text.split()
    words[rng.randrange(len(words))] = "marmalade"
    return " ".join(words)


QUOTATIONS = {
    "four words": lambda text: sample_run(text, 4),
    "eight words": lambda text: sample_run(text, 8),
    "thirty words, other marks and case": lambda text: (
        sample_run(text, 30).upper().replace("’", "'")
    ),
    "a paragraph": lambda text: text,
    "a paragraph with another word": change_word,
    "words left out": lambda text: (
        f"{sample_run(text[: len(text) // 2], 6)} … {sample_run(text[len(text) // 2 :], 6)}"
    ),
    "never said": lambda text: " ".join(rng.sample(text.split() + ["marmalade"] * 9, 12)),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings

    # Static files without a manifest, so that collectstatic is not needed.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    django.setup()
    from django.db import connection
    from django.test import RequestFactory

    from statements.models import Edition
    from statements.public.views.quotation_check import check

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    factory = RequestFactory()
    print(f"{connection.vendor}, {Edition.objects.count():,} editions.\n")
    print("| words | p50 ms | p95 ms | max ms | verdicts |\n|---|---|---|---|---|")
    check(factory.post("/check/", urlencode({"words": "to warm it up first"}), content_type=FORM))
    gc.collect()
    gc.freeze()  # as config/gunicorn.py does
    for label, change in QUOTATIONS.items():
        times, titles = [], []
        for text in sample_paragraphs(count):
            words = change(text)
            request = factory.post("/check/", urlencode({"words": words}), content_type=FORM)
            started = time.perf_counter()
            page = check(request).content.decode()
            times.append((time.perf_counter() - started) * 1000)
            titles.append(page.split("<title>")[1].split(" – ")[0])
        ranked = sorted(times)
        counts = ", ".join(f"{title}: {titles.count(title)}" for title in sorted(set(titles)))
        print(
            f"| {label} | {statistics.median(times):.0f} | {ranked[int(len(ranked) * 0.95)]:.0f} "
            f"| {ranked[-1]:.0f} | {counts} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
