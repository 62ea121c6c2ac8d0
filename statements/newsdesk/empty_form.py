"""Tell whether somebody has written anything yet: an empty form leaves nothing behind."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

FILLED_FOR_YOU = re.compile(
    r"(_|csrf|seen_|autosave_|save_over$|choose-).*|kind|organisation|language|contact"
    r"|.+-(TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)"
    r"|.+-(ORDER|DELETE|place|id|statement|position|kind|block_id|awaits_speaker)"
)
"""Fields that the product fills, and choices that say nothing without words."""
TAG = re.compile(r"<[^>]*>")


def has_words(fields: Mapping[str, Iterable[Any]]) -> bool:
    """Return whether any field that a person fills holds something."""
    return any(
        TAG.sub("", str(value)).strip()
        for name, values in fields.items()
        if not FILLED_FOR_YOU.fullmatch(name)
        for value in values
    )


def is_empty(request: HttpRequest) -> bool:
    """Return whether what was sent holds neither words nor a file."""
    return not request.FILES and not has_words(dict(request.POST.lists()))
