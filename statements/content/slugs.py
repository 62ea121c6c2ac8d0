"""Make the last part of an address out of a name or a headline."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import slugify

MAX_SLUG_CHARS = 100
MAX_SLUG_BASE_CHARS = 90
MIN_ASCII_SHARE = 0.3
DEFAULT_SLUG = "statement"
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


def slug_base(text: str, *, default: str) -> str:
    """Return the text as an ASCII slug, before it is made unique."""
    return slugify(text)[:MAX_SLUG_BASE_CHARS].strip("-") or default


def propose_slugs(headline: str, organisation: str, day: dt.date) -> Iterator[str]:
    """Yield the slugs that a statement could have, the best first.

    Each is one that a person might have typed. A number after a taken slug would tell readers that
    something they cannot see has that slug.
    """
    base = _make_base(headline)
    month = f"{MONTHS[day.month - 1]}-{day.year}"
    if base == DEFAULT_SLUG and organisation:
        yield _append(organisation, month)
        yield _append(organisation, f"{day.day}-{month}")
    yield base
    if organisation:
        yield _append(base, organisation)
    yield _append(base, month)
    if organisation:
        yield _append(base, f"{organisation}-{month}")
    yield _append(base, f"{day.day}-{month}")
    if organisation:
        yield _append(base, f"{organisation}-{day.day}-{month}")


def _make_base(headline: str) -> str:
    """Return the headline as a slug; the default for one of which hardly a letter is ASCII."""
    base = slug_base(headline, default=DEFAULT_SLUG)
    letters = sum(map(str.isalpha, headline))
    return base if sum(map(str.isalpha, base)) >= MIN_ASCII_SHARE * letters else DEFAULT_SLUG


def _append(base: str, words: str) -> str:
    ending = f"-{words}"[: MAX_SLUG_CHARS // 2].rstrip("-")
    return base[: MAX_SLUG_CHARS - len(ending)].rstrip("-") + ending
