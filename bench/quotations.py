"""How long the check of a quotation takes: python -m bench.quotations [asks of each sort].

Asks the view, page included, about words of editions that the database holds, set otherwise and
with another word in them, and about words that nobody said. Prints p50 and p95, and the answers.
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
    """Of editions from all over the archive."""
    from django.db.models import Max

    from statements import clock
    from statements.models import Edition
    from statements.published.editions import public_editions
    from statements.quotations.matching import list_pieces

    last = Edition.objects.aggregate(last=Max("pk"))["last"]
    found: list[str] = []
    while len(found) < count:
        some = public_editions(at=clock.now()).filter(pk__gte=rng.randint(1, last)).order_by("pk")
        edition = some.first()
        if edition:
            found.append(
                rng.choice([p.text for p in list_pieces(edition.content_data) if p.kind == "words"])
            )
    return found


def sample_run(text: str, words: int) -> str:
    row = text.split()
    start = rng.randint(0, max(0, len(row) - words))
    return " ".join(row[start : start + words])


def change_word(text: str) -> str:
    row = text.split()
    row[rng.randrange(len(row))] = "marmalade"
    return " ".join(row)


SORTS = {
    "four words": lambda text: sample_run(text, 4),
    "eight words": lambda text: sample_run(text, 8),
    "thirty words, set otherwise": lambda text: sample_run(text, 30).upper().replace("’", "'"),
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

    # As the server runs, but for the names of style sheets, which need no manifest here.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    django.setup()
    from django.db import connection
    from django.test import RequestFactory

    from statements.models import Edition
    from statements.public.views.quotation_check import check

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    ask = RequestFactory()
    print(f"{connection.vendor}, {Edition.objects.count():,} editions.\n")
    print("| words | p50 ms | p95 ms | most | answers |\n|---|---|---|---|---|")
    check(ask.post("/check/", urlencode({"words": "to warm it up first"}), content_type=FORM))
    gc.collect()
    gc.freeze()  # what is loaded, as config/gunicorn.py does
    for sort, make in SORTS.items():
        times, titles = [], []
        for text in sample_paragraphs(count):
            words = make(text)
            request = ask.post("/check/", urlencode({"words": words}), content_type=FORM)
            started = time.perf_counter()
            page = check(request).content.decode()
            times.append((time.perf_counter() - started) * 1000)
            titles.append(page.split("<title>")[1].split(" – ")[0])
        ranked = sorted(times)
        counts = ", ".join(f"{title}: {titles.count(title)}" for title in sorted(set(titles)))
        print(
            f"| {sort} | {statistics.median(times):.0f} | {ranked[int(len(ranked) * 0.95)]:.0f} "
            f"| {ranked[-1]:.0f} | {counts} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
