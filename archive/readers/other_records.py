"""Tell the records of a dump that are statements from those that are people, labels or settings."""

from typing import Any

TYPE_KEYS = ("_type", "@type", "__typename", "contentType", "content_type", "model", "type")
OTHER_TYPES = frozenset(
    "author user person people profile contributor category categories tag tags term topic comment "
    "review menu menuitem navigation nav redirect setting settings sitesettings siteconfig option "
    "image asset file media video audio gallery imageasset fileasset logentry session contenttype "
    "permission group site organization website webpage breadcrumblist imageobject listitem "
    "revision redirects widget block template".split()
)
OTHER_APPS = frozenset("auth sessions contenttypes admin sites taggit sanity system axes".split())
"""Applications of Django, and of Sanity, whose records are never texts."""


def find_other_type(record: dict[str, Any]) -> str:
    """Return the type of a record that is no text, as its source names it; else ""."""
    for key in TYPE_KEYS:
        value = record.get(key)
        if not isinstance(value, str) or not value.strip():
            continue
        app, _, name = value.strip().casefold().rpartition(".")
        bare = name.replace("-", "").replace("_", "").replace(" ", "")
        if app in OTHER_APPS or bare in OTHER_TYPES:
            return value.strip()[:80]
    return ""


def describe_skipped_type(name: str) -> str:
    return f"It is of the type “{name}”, and no statement."
